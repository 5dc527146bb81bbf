"""Entries of the ledger in words: what changed of a thing, one line a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.model import seconds
from subkit_cli.run_report import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from subkit.model import Project

__all__ = ["change_lines"]

_WIDEST = 160
_SILENT = frozenset({"id", "made_from", "review.actor", "review.time", "schema"})
"""What says nothing to a person, or stands in the line above."""

_FIRST = ("lines", "start", "end", "speaker", "placement", "provenance", "review.state")
"""What people look for first; the rest follows as it comes."""

_NAMES = {"lines": "text", "start": "in-time", "end": "out-time", "placement": "place"}
_NAMES |= {"provenance": "made by", "review.state": "state", "shots": "shot changes"}
_ORIGINS = {"asr": "speech recognition", "mt": "machine translation", "human": "a person"}
_ORIGINS |= {"import": "a file", "rule": "a rule"}

_ITEMS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "comments": lambda one: f"comment of {one.get('actor')}: {one.get('text')}",
    "review.approvals": lambda one: f"approval of {one.get('actor')} as {one.get('role')}",
    "signoffs": lambda one: (
        f"sign-off of {one.get('actor')} as {one.get('role')} for {one.get('track')}"
    ),
    "omissions": lambda one: f"voice without a cue, says {one.get('actor')}: {one.get('reason')}",
    "glossary": lambda one: f"term {one.get('source')}: {one.get('target')}",
}
"""Lists whose entries come and go one by one: each as a person would name it."""


def change_lines(view: Mapping[str, Any], project: Project) -> list[str]:
    """Return a line for each field that an entry changed.

    Args:
        view: The entry, as :func:`subkit.store.entry_view.view_entry` gives it.
        project: For timecodes.
    """
    lines = []
    for change in sorted(view["changes"], key=lambda one: _rank(one["field"])):
        field, before, after = change["field"], change["before"], change["after"]
        if field in _SILENT or (before is None and after is False):
            continue
        if field in _ITEMS:
            lines += _item_lines(field, before or [], after or [])
            continue
        old, new = _words(field, before, project), _words(field, after, project)
        if old == new:
            lines += [f"{_name(field)}: changed"] if old else []
        else:
            told = f"{old} → {new}" if old and new else new or f"was {old}"
            lines.append(f"{_name(field)}: {told}")
    return [line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…" for line in lines]


def _rank(field: str) -> int:
    return _FIRST.index(field) if field in _FIRST else len(_FIRST)


def _name(field: str) -> str:
    return _NAMES.get(field, field.removeprefix("review.").replace("_", " "))


def _item_lines(field: str, before: list[Any], after: list[Any]) -> list[str]:
    say = _ITEMS[field]
    came = [say(one) for one in after if one not in before]
    went = [say(one) for one in before if one not in after]
    settled = [text for text in came if text in went]  # a comment that was settled, for example
    return [
        *(f"{text} (changed)" for text in settled),
        *(text for text in came if text not in settled),
        *(f"no more: {text}" for text in went if text not in settled),
    ]


def _words(field: str, value: Any, project: Project) -> str:
    """A value as a person says it; empty where there is none."""
    if value is None or value in ([], {}, ""):
        return ""
    if field in ("start", "end"):
        return project.timecode(seconds(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, (list, dict)):
        return _of_list(field, value) if isinstance(value, list) else _of_object(field, value)
    return str(value).replace("\n", " ⏎ ")


def _of_list(field: str, value: list[Any]) -> str:
    if field == "marks":
        return ", ".join(map(_mark, value))
    return ", ".join(value) if field == "sources" else counted(len(value), _entry(field))


def _mark(mark: Mapping[str, Any]) -> str:
    """A mark with its place in the text: ``color #ff0000ff 12-21``."""
    parts = (mark["feature"], mark.get("value"), f"{mark['start']}-{mark['end']}")
    return " ".join(filter(None, parts))


def _of_object(field: str, value: Mapping[str, Any]) -> str:
    if "count" in value:
        return counted(value["count"], _entry(field))
    if "origin" in value:
        maker = value.get("actor") if value["origin"] == "human" else value.get("model")
        made = _ORIGINS.get(value["origin"], value["origin"])
        return f"{made} ({maker or value.get('tool')})"
    if field == "placement":
        return ", ".join(str(value.get(side)) for side in ("vertical", "horizontal"))
    return str(value.get("path") or value.get("name") or "")


def _entry(field: str) -> str:
    """What one entry of a list is called."""
    name = _name(field)
    return name.removesuffix("s") if name.endswith("s") else "item"

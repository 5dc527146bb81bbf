"""How printed scripts look: columns, marks of breaths and pauses, words of headings, as data."""

from __future__ import annotations

from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, PlanError
from subkit.language.data_tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LayoutColumn", "ScriptLayout", "find_layout", "layout_ids", "own_layout"]

DEFAULT = "default"
_PACKAGE = "subkit.exchange.dub_files"
_COLUMN_FIELDS = ("number", "loop", "time", "in", "out", "name", "source", "line")
_TIMES = ("timecode", "seconds")
_TABLES = ("marks", "titles")
_AROUND = ("note", "reason", "alternate")
_RANGES = {"size": (6, 36), "long_pause_seconds": (0, 60)}
_MAX_COLUMNS = 12
_MAX_TEXT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutColumn:
    """A column of a script: which field, under which title, as which share of the page."""

    field: str
    title: str
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptLayout:
    """How a printed script looks. See ``data/script_layouts.toml``.

    Attributes:
        columns: In order.
        time: How the field ``time`` is written: ``"timecode"``, or ``"seconds"`` without frames.
        size: Of the letters, in points.
        latin: Font of Latin letters.
        asian: Font of Chinese, Japanese and Korean letters.
        pause: Stands where the line pauses.
        long_pause: Stands where it pauses long.
        long_pause_seconds: From when on a pause is long.
        note: Around a note, ``{}`` for its text.
        reason: Around a reason to record.
        alternate: Around a second text.
        marks: What stands before a line, by its kind, its screen or its take.
        titles: Words of headings.
    """

    columns: tuple[LayoutColumn, ...]
    time: str
    size: float
    latin: str
    asian: str
    pause: str
    long_pause: str
    long_pause_seconds: float
    note: str
    reason: str
    alternate: str
    marks: Mapping[str, str]
    titles: Mapping[str, str]


def layout_ids() -> tuple[str, ...]:
    """Return the ids of the layouts that subkit knows."""
    return tuple(read_table("script_layouts", _PACKAGE))


def find_layout(name: str = "", *, language: str = "") -> ScriptLayout:
    """Return a layout by its id; without one that of a language, else the default one.

    Raises:
        PlanError: there is none of that id; names the nearest.
    """
    table = read_table("script_layouts", _PACKAGE)
    usual = language.partition("-")[0].lower()
    found = name.casefold() or (usual if usual in table else DEFAULT)
    if found not in table:
        near = get_close_matches(found, table, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise PlanError(
            f"There is no layout {name!r:.40}.",
            remedy=f"{hint}Known are: {', '.join(table)}; or name a TOML file.",
        )
    return _layout(_inherited({}, table[found]), f"layout {found}")


def own_layout(data: Mapping[str, Any], *, path: str) -> ScriptLayout:
    """Return a layout from a TOML file of the user's own, which names what differs.

    It has all of ``inherits`` (an id; none: the default one) but for what it gives itself.

    Args:
        data: What the file holds.
        path: The file, for errors.

    Raises:
        InputError: something that is not known, or a value that cannot be.
        PlanError: there is no layout to inherit.
    """
    own = {key: value for key, value in data.items() if key != "inherits"}
    parent = str(data.get("inherits", "")).casefold()
    find_layout(parent)
    known = read_table("script_layouts", _PACKAGE)[parent or DEFAULT]
    return _layout(_inherited(known, own), path)


def _inherited(parent: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a layout says, with what its parent and the default say where it is silent."""
    merged: dict[str, Any] = dict(read_table("script_layouts", _PACKAGE)[DEFAULT])
    for layer in (parent, own):
        for key, value in layer.items():
            both = isinstance(value, dict) and isinstance(merged.get(key), dict)
            merged[key] = {**merged[key], **value} if both else value
    return merged


def _layout(data: Mapping[str, Any], path: str) -> ScriptLayout:
    names = [field.name for field in fields(ScriptLayout)]
    usual = read_table("script_layouts", _PACKAGE)[DEFAULT]
    for key, value in data.items():
        if key not in names:
            raise _not_known(path, key, names)
        if key in _TABLES:
            table = value if isinstance(value, dict) else {}
            for inner, word in table.items():
                if inner not in usual[key]:
                    raise _not_known(path, f"{key}.{inner}", list(usual[key]))
                _require(isinstance(word, str) and len(word) <= _MAX_TEXT, path, inner, word)
            _require(isinstance(value, dict), path, key, value)
        elif key in _RANGES:
            low, high = _RANGES[key]
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            _require(number and low <= value <= high, path, key, value)
        elif key != "columns":
            _require(isinstance(value, str) and len(value) <= _MAX_TEXT, path, key, value)
    _require(data["time"] in _TIMES, path, "time", data["time"])
    for key in _AROUND:
        _require("{}" in data[key], path, key, data[key])
    values = {**data, "columns": _columns(data["columns"], path)}
    return ScriptLayout(**values)


def _columns(told: object, path: str) -> tuple[LayoutColumn, ...]:
    columns = told if isinstance(told, list) else []
    _require(0 < len(columns) <= _MAX_COLUMNS, path, "columns", told)
    found = []
    for one in columns:
        table = one if isinstance(one, dict) else {}
        field, title, width = (table.get(key) for key in ("field", "title", "width"))
        if field not in _COLUMN_FIELDS:
            raise _not_known(path, str(field), list(_COLUMN_FIELDS))
        _require(isinstance(title, str) and len(title) <= _MAX_TEXT, path, "title", title)
        number = isinstance(width, (int, float)) and not isinstance(width, bool)
        _require(number and 0 < float(str(width)) <= 1000, path, "width", width)
        found.append(LayoutColumn(field=field, title=str(title), width=float(str(width))))
    _require(any(one.field == "line" for one in found), path, "columns", "no column line")
    return tuple(found)


def _require(holds: object, path: str, key: str, value: object) -> None:
    if not holds:
        raise InputError(
            f"{path}: {key} cannot be {value!r:.60}.", remedy="See docs/dubbing.md for what it can."
        )


def _not_known(path: str, key: str, known: list[str]) -> InputError:
    near = get_close_matches(key.rpartition(".")[2], known, n=1)
    return InputError(
        f"{path}: {key!r:.60} is not part of a layout.",
        remedy=f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(known)}.",
    )

"""``subkit diff``: two versions of tracks, word by word."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.edit.comparison import CueChange, compare_tracks
from subkit.errors import InputError
from subkit.model import to_plain
from subkit.pipeline.project_files import read_version
from subkit.store import publish
from subkit_cli import console
from subkit_cli.exits import DONE

if TYPE_CHECKING:
    import argparse

    from subkit.model import Cue, Project

__all__ = ["add_arguments", "run"]

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;max-width:70rem}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #8884;padding:.4rem;"
    "text-align:start;vertical-align:top;white-space:pre-wrap}del{background:#e5484d33}"
    "ins{background:#30a46c33;text-decoration:none}:root{color-scheme:light dark}"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit diff``."""
    what = "project, PROJECT@N (as it was behind ledger entry N) or subtitle file"
    parser.add_argument("before", metavar="A", help=what)
    parser.add_argument("after", metavar="B", help=what)
    parser.add_argument("--track", metavar="LANG", help="only this track")
    parser.add_argument("--format", choices=("text", "html", "json"), default="text")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write the comparison to a file"
    )
    parser.add_argument("-y", "--overwrite", action="store_true", help="overwrite an existing file")


def run(arguments: argparse.Namespace) -> int:
    """Compare and print.

    Raises:
        InputError: there is nothing to compare.
    """
    before, after = read_version(arguments.before), read_version(arguments.after)
    changes = _changes(before, after, arguments.track)
    kind = "json" if arguments.json else arguments.format
    if kind == "json" and arguments.output is None:
        console.print_json(_plain(changes))
        return DONE
    text = _WRITERS[kind](changes, after, f"{arguments.before} → {arguments.after}")
    if arguments.output is None:
        console.print_line(text.rstrip("\n"))
    else:
        publish(arguments.output, text.encode(), overwrite=arguments.overwrite)
        console.print_line(str(arguments.output))
    return DONE


def _changes(before: Project, after: Project, only: str | None) -> dict[str, list[CueChange]]:
    """Changes of each track; two files of one track each are compared whatever their languages."""
    if only is not None:
        first, second = before.track(only), after.track(only)
        return {second.id: compare_tracks(first, second)}
    if len(before.tracks) == len(after.tracks) == 1:
        (first,), (second,) = before.tracks, after.tracks
        return {second.id: compare_tracks(first, second)}
    old, new = ({track.id: track for track in p.tracks} for p in (before, after))
    if not old.keys() & new.keys():
        raise InputError(
            f"They have no track in common: {', '.join(old) or 'none'} and {', '.join(new)}.",
            remedy="Name the language in the file's name: film.ko.srt.",
        )
    found = {}
    for name in dict.fromkeys((*old, *new)):
        known = old.get(name) or new[name]
        empty = replace(known, cues=())
        found[name] = compare_tracks(old.get(name, empty), new.get(name, empty))
    return found


def _plain(changes: dict[str, list[CueChange]]) -> dict[str, Any]:
    return {
        "tracks": {
            track: [
                {
                    "cue": change.cue.id,
                    "fields": list(change.fields),
                    "before": _cue(change.before),
                    "after": _cue(change.after),
                    "words": [[piece.before, piece.after] for piece in change.pieces],
                }
                for change in listed
            ]
            for track, listed in changes.items()
        },
        "changes": sum(map(len, changes.values())),
    }


def _cue(cue: Cue | None) -> dict[str, Any] | None:
    if cue is None:
        return None
    plain = to_plain(cue)
    return {name: plain[name] for name in ("start", "end", "lines", "speaker")}


def _as_json(changes: dict[str, list[CueChange]], project: Project, title: str) -> str:  # noqa: ARG001
    import json

    return json.dumps(_plain(changes), ensure_ascii=False, indent=2) + "\n"


def _as_text(changes: dict[str, list[CueChange]], project: Project, title: str) -> str:
    lines = [title]
    for track, listed in changes.items():
        lines.append(f"{track}: {len(listed)} of {_count(project, track)} cues differ")
        for change in listed:
            lines.append(
                f"  {change.cue.id} {_times(change.cue, project)} {', '.join(change.fields)}"
            )
            marked = " ".join(_marked(p.before, p.after) for p in change.pieces)
            lines += [f"    {marked}"] if marked else []
            if "times" in change.fields and change.before is not None:
                lines.append(f"    was {_times(change.before, project)}")
    return "\n".join(lines) + "\n"


def _marked(before: str, after: str) -> str:
    if before == after:
        return before
    return " ".join(
        x for x in (f"[-{before}-]" if before else "", f"{{+{after}+}}" if after else "") if x
    )


def _times(cue: Cue, project: Project) -> str:
    rate, start = project.media.frame_grid, project.media.programme_start
    return f"{rate.timecode(cue.span.start, start)}–{rate.timecode(cue.span.end, start)}"


def _count(project: Project, track: str) -> int:
    return next((len(known.cues) for known in project.tracks if known.id == track), 0)


def _as_html(changes: dict[str, list[CueChange]], project: Project, title: str) -> str:
    """One page that needs nothing else; every text in it is escaped."""
    rows = []
    for track, listed in changes.items():
        rows.append(f"<h2>{escape(track)}: {len(listed)} of {_count(project, track)}</h2>")
        rows.append("<table><tr><th>cue</th><th>time</th><th>what</th><th>text</th></tr>")
        for change in listed:
            words = " ".join(_html(p.before, p.after) for p in change.pieces)
            cells = (change.cue.id, _times(change.cue, project), ", ".join(change.fields))
            inner = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            rows.append(f'<tr>{inner}<td dir="auto">{words}</td></tr>')
        rows.append("</table>")
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    policy = (
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    )
    inner = f"<h1>{escape(title)}</h1>{''.join(rows)}"
    return f"<!doctype html><html><head>{policy}{head}</head><body>{inner}</body></html>\n"


def _html(before: str, after: str) -> str:
    if before == after:
        return escape(before)
    old = f"<del>{escape(before)}</del>" if before else ""
    new = f"<ins>{escape(after)}</ins>" if after else ""
    return f"{old}{new}"


_WRITERS = {"text": _as_text, "html": _as_html, "json": _as_json}

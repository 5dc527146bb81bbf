"""What a run made, as a person and as a program read it."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

from subkit.quality import account, reading_shares, summarize
from subkit.quality.report import plain_finding
from subkit_cli import console
from subkit_cli.loss_report import losses_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from subkit.model import Finding, Project
    from subkit.pipeline import Outcome
    from subkit.quality import ReadingShare

__all__ = [
    "counted",
    "finding_json",
    "finding_lines",
    "findings_json",
    "findings_parts",
    "from_here",
    "outcome_json",
    "print_cues",
    "print_outcome",
    "reading_json",
    "reading_words",
    "speed_words",
]

NARROW = 90
"""Columns below which texts need the room of a second column of times."""


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """Facts of a run for programs."""
    return {
        "media": outcome.project.media.path,
        "project": str(outcome.path),
        "recognizer": outcome.plan.recognizer.name,
        "note": outcome.plan.recognizer_note or None,
        "language": _language(outcome.project),
        "tracks": [
            {"id": t.id, "language": t.language, "cues": len(t.cues)}
            for t in outcome.project.tracks
        ],
        "files": [str(path) for path in outcome.files],
        "losses": losses_json(outcome.losses),
        "findings": {track: len(found) for track, found in outcome.findings.items()},
        "reading": reading_json(reading_shares(outcome.project, outcome.plan.options.style)),
        "demo": any(
            cue.provenance is not None and cue.provenance.demo
            for track in outcome.project.tracks
            for cue in track.cues
        ),
        "media_seconds": round(float(outcome.project.media.duration), 3),
        "seconds": round(outcome.seconds, 3),
        "kept_seconds": round(outcome.kept, 3),
        "speed": round(outcome.speed, 2),
    }


def _language(project: Project) -> str:
    transcript = project.transcript
    return transcript.language if transcript else project.tracks[0].language


def print_outcome(outcome: Outcome, *, quiet: bool) -> None:
    """Print the files alone when quiet, else models, cues, findings, files, speed, what is next."""
    plan = outcome.plan
    files = [outcome.path, *outcome.files]
    if quiet:
        for path in files:
            console.print_line(str(path))
        return
    models = f"recogniser {plan.recognizer.name}"
    if plan.translator is not None:
        models += f", translator {plan.translator.name}"
    duration = float(outcome.project.media.duration)
    console.print_line(f"{plan.media.name}: {duration:.1f} s, {models}")
    for line in _listening(outcome.project):
        console.print_line(f"  {line}")
    shares = reading_shares(outcome.project, plan.options.style)
    for track in outcome.project.tracks:
        cues = counted(len(track.cues), "cue")
        found = counted(len(outcome.findings[track.id]), "finding")
        console.print_line(f"  {track.id}: {cues}, {found}{reading_words(shares.get(track.id))}")
    for path in files:
        console.print_line(f"  {from_here(path)}")
    console.print_line(f"  {outcome.seconds:.1f} s{speed_words(outcome)}")
    console.print_line(f"  next: subkit review {from_here(outcome.path)}")


def from_here(path: Path) -> Path:
    """The path as one would type it in this folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def speed_words(outcome: Outcome) -> str:
    """How fast what was recognised now was, to follow the time it took."""
    duration = float(outcome.project.media.duration)
    if outcome.kept >= duration:
        return ", with the words of an earlier run"
    kept = f", {outcome.kept:.0f} s of the film kept from an earlier run" if outcome.kept else ""
    return f", {outcome.speed:.1f} × real time{kept}"


def _listening(project: Project) -> Iterator[str]:
    """How much of the film was not listened to and why, and where somebody should listen."""
    if project.transcript is None or not project.transcript.unheard:
        return
    found = account(project)
    skipped = found.skipped_seconds()
    if skipped:
        told = "; ".join(f"{float(seconds):.1f} s {reason}" for reason, seconds in skipped.items())
        yield f"not transcribed: {told}"
    still_open = sum(1 for stretch in found.stretches if stretch.state == "open")
    if still_open:
        yield f"{counted(still_open, 'place')} to listen to: subkit account"


def reading_words(share: ReadingShare | None) -> str:
    """How much of a translation can be read in its time, to follow its name; else nothing."""
    if share is None:
        return ""
    limit = float(share.max_cps)
    return f", {share.within} within {limit:g} CPS ({share.best_scored} with the best-scored texts)"


def reading_json(shares: Mapping[str, ReadingShare]) -> dict[str, Any]:
    """The same for programs, by track."""
    return {
        track: {
            "cues": share.cues,
            "within": share.within,
            "best_scored": share.best_scored,
            "max_cps": float(share.max_cps),
        }
        for track, share in shares.items()
    }


def print_cues(project: Project) -> None:
    """The tracks side by side with timecodes, first track first; one column of times if narrow."""
    first, *others = project.tracks
    narrow = console.width() < NARROW
    heads = ("in, out",) if narrow else ("in", "out")
    table = console.Table(*heads, *(track.language for track in project.tracks))
    rate = project.media.frame_grid
    texts = [{cue.id: cue.text for cue in track.cues} for track in others]
    start = project.media.programme_start
    for cue in first.cues:
        times = [rate.timecode(time, start) for time in (cue.span.start, cue.span.end)]
        cells = ["\n".join(times)] if narrow else times
        table.add(*cells, cue.text, *(text.get(cue.id, "") for text in texts))
    console.print_table(table)


def finding_lines(findings: dict[str, list[Finding]]) -> list[str]:
    """One line for each finding, and a summary."""
    lines = [
        f"{track} {f.cue} {f.severity.value}: {f.message}"
        for track, found in findings.items()
        for f in found
    ]
    total = sum(map(len, findings.values()))
    return [*lines, counted(total, "finding")]


def counted(number: int, what: str) -> str:
    """``1 cue``, ``2 cues``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def findings_json(findings: Mapping[str, Sequence[Finding]]) -> dict[str, Any]:
    """The findings of tracks and their summary; each finding names its track."""
    return {
        "findings": [finding_json(track, f) for track, found in findings.items() for f in found],
        "summary": summarize(f for found in findings.values() for f in found),
    }


def finding_json(track: str, finding: Finding) -> dict[str, Any]:
    """A finding with the id of its track."""
    return {"track": track, **plain_finding(finding)}


def findings_parts(
    findings: Mapping[str, Sequence[Finding]], more: Mapping[str, Any], *, ascii_only: bool = False
) -> Iterator[str]:
    """The text of :func:`findings_json` piece by piece: there may be a million of them.

    Args:
        findings: By track.
        more: What stands behind findings and summary.
        ascii_only: Escape all other characters.
    """
    mark = ""
    yield '{\n  "findings": ['
    for track, found in findings.items():
        for finding in found:
            plain = finding_json(track, finding)
            text = json.dumps(plain, ensure_ascii=ascii_only, indent=2)
            yield f"{mark}\n" + indent(text, "    ")
            mark = ","
    yield "\n  ]" if mark else "]"
    summary = summarize(f for found in findings.values() for f in found)
    rest = json.dumps({"summary": summary, **more}, ensure_ascii=ascii_only, indent=2)
    yield "," + rest.removeprefix("{")

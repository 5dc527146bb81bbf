"""How a dubbing report is told: tables for people, JSON for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from subkit_cli.console import Table
from subkit_cli.run_report import counted, finding_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.dubbing import LineFit, SourcedRule, WorkTally
    from subkit.model import Project
    from subkit.pipeline import DubbedWork

__all__ = ["report_json", "report_lines"]

_SURE = {"A": "read in the agreement", "B": "quoted", "C": "secondary source", "D": "proposed"}


def report_json(report: DubbedWork, project: Project) -> dict[str, Any]:
    """Return a report as one document."""
    grid, territory = report.grid, report.territory
    return {
        "track": report.track.id,
        "language": report.track.language,
        "territory": {
            "id": territory.id,
            "name": territory.name,
            "rules": [_rule(rule) for rule in territory.rules],
        },
        "summary": {**_tally(grid.total), "lips": _round(report.lips)},
        "characters": [
            {
                "id": row.character.id if row.character else None,
                "name": row.character.name if row.character else None,
                "actor": row.character.actor if row.character else None,
                "loops": dict(row.cells),
                **_tally(row.tally),
            }
            for row in grid.rows
        ],
        "loops": [
            {
                "id": row.id,
                "name": row.name,
                "start": str(row.start),
                "end": str(row.end),
                "timecode": project.timecode(row.start),
                "locked": row.locked,
                **_tally(row.tally),
            }
            for row in grid.loops
        ],
        "lines": [_line(fit) for fit in report.fits],
        "findings": [finding_json(report.track.id, one) for one in report.findings],
    }


def report_lines(report: DubbedWork, *, lines: bool = False) -> Iterator[str | Table]:
    """Yield what a person reads: the whole, the grid, loops, what is assumed, findings."""
    grid, total = report.grid, report.grid.total
    spoken = sum(total.bands.values())
    yield f"{report.track.id}: {counted(total.cues, 'line')}, {total.seconds:.1f} s of speech"
    if spoken:
        bands = ", ".join(
            f"{name} {count} ({count / spoken:.0%})" for name, count in total.bands.items()
        )
        yield f"duration: {bands}"
        yield (
            f"overlap {_share(total.overlap)}, phrase by phrase {_share(total.interval_overlap)};"
            f" phrases within 10 %: {total.compliant} of {total.phrases};"
            f" pauses kept: {total.pauses_kept} of {total.pauses}"
        )
    if report.lips is not None:
        yield f"lip closures that meet (advice only): {report.lips:.0%}"
    if any(fit.estimated for fit in report.fits):
        yield 'syllables are estimated: pip install "subkit[ja]" reads Japanese'
    if not all(fit.calibrated for fit in report.fits):
        yield "no speaker was heard for five seconds: durations are those of the language"
    yield _grid_table(report)
    if lines:
        yield _line_table(report)
    yield f"territory: {report.territory.name}; hours are estimated by these rules"
    for rule in report.territory.rules:
        yield f"  {rule.field} = {_value(rule)} ({_SURE[rule.sure]}: {rule.source})"
    for finding in report.findings:
        yield f"{finding.severity.value} {finding.rule}: {finding.message}"
    yield f"{counted(len(grid.loops), 'loop')}, {counted(len(report.findings), 'finding')}"


def _grid_table(report: DubbedWork) -> Table:
    headings = ("character", "lines", "counted", "words", "syllables", "takes", "seconds", "hours")
    table = Table(*headings, "green/amber/red", "loops")
    for row in report.grid.rows:
        name = row.character.name if row.character else "?"
        loops = " ".join(_cell(loop, count) for loop, count in row.cells.items() if loop)
        table.add(name, *_cells(row.tally), loops)
    table.add("all", *_cells(report.grid.total), str(len(report.grid.loops)))
    return table


def _line_table(report: DubbedWork) -> Table:
    table = Table("line", "band", "r", "S", "D", "syllables", "phrases", "pauses", "text")
    texts = {cue.id: cue.text for cue in report.track.cues}
    for fit in report.fits:
        table.add(
            fit.cue, fit.band.value, f"{fit.ratio:.2f}", f"{fit.source_seconds:.2f}",
            f"{fit.seconds:.2f}", str(fit.syllables),
            f"{fit.compliant_phrases}/{len(fit.phrases)}", f"{fit.pauses_kept}/{fit.pauses}",
            texts[fit.cue],
        )  # fmt: skip
    return table


def _cell(loop: str, count: int) -> str:
    return loop if count == 1 else f"{loop}×{count}"


def _cells(tally: WorkTally) -> tuple[str, ...]:
    return (
        str(tally.cues), str(tally.lines), "" if tally.words is None else str(tally.words),
        str(tally.syllables), str(tally.takes), f"{tally.seconds:.1f}", f"{tally.hours:.2f}",
        "/".join(map(str, tally.bands.values())),
    )  # fmt: skip


def _tally(tally: WorkTally) -> dict[str, Any]:
    plain = asdict(tally)
    return {
        name: _round(value) if isinstance(value, float) else value for name, value in plain.items()
    }


def _line(fit: LineFit) -> dict[str, Any]:
    return {
        "cue": fit.cue,
        "character": fit.character,
        "syllables": fit.syllables,
        "estimated": fit.estimated,
        "calibrated": fit.calibrated,
        "source_seconds": _round(fit.source_seconds),
        "seconds": _round(fit.seconds),
        "ratio": _round(fit.ratio),
        "band": fit.band.value,
        "excess": _round(fit.excess),
        "overlap": _round(fit.overlap),
        "interval_overlap": _round(fit.interval_overlap),
        "phrases": [
            {
                "start": _round(one.start),
                "seconds": _round(one.seconds),
                "predicted": _round(one.predicted),
                "complies": one.complies,
            }
            for one in fit.phrases
        ],
        "pauses": fit.pauses,
        "pauses_kept": fit.pauses_kept,
        "closures": _round(fit.closures),
    }


def _rule(rule: SourcedRule) -> dict[str, Any]:
    return {
        "rule": rule.field,
        "value": rule.value if isinstance(rule.value, (bool, int)) else float(rule.value),
        "sure": rule.sure,
        "source": rule.source,
    }


def _value(rule: SourcedRule) -> str:
    if isinstance(rule.value, bool):
        return "yes" if rule.value else "no"
    return f"{float(rule.value):g}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

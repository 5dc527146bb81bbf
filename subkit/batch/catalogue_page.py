"""A batch and its projects as one page that needs nothing else: no script, no outside resource."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from subkit.batch.catalogue_facts import riskiest
from subkit.quality.report.look import STYLE
from subkit.quality.report.page import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from subkit.batch.catalogue_facts import CatalogueTrack

__all__ = ["CatalogueReport", "page_of_catalogue"]

_MAX_ROWS = 5_000
"""Titles that the page lists; those with failures come first."""
_MAX_QUEUE = 200
_NUMBER = 'class="n"'


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueReport:
    """What a page shows.

    Attributes:
        name: Of the batch.
        rows: What the ledger knows of each title.
        stages: Seconds of each stage over all titles.
        tracks: The tracks of each title that is done, by its id.
        version: Of subkit, for the last line.
    """

    name: str
    rows: Sequence[Mapping[str, Any]]
    stages: Mapping[str, float]
    tracks: Mapping[str, Sequence[CatalogueTrack]]
    version: str = ""


def page_of_catalogue(report: CatalogueReport) -> str:
    """Return the page: throughput, failures with remedy, what people should see first, titles."""
    name = shown_text(report.name, 200)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Catalogue: {name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<header><h1>Catalogue: <bdi>{name}</bdi></h1>{_cards(report)}</header>\n"
        f"{_failures(report)}{_queue(report)}{_titles(report)}{_people(report)}{_stages(report)}"
        f"{_disclosures(report)}\n"
        f'<footer><p class="soft">{escape(f"subkit {report.version}".strip())}. Findings and '
        "approvals are those of the projects as they were when this page was made.</p></footer>\n"
        "</main>\n</body>\n</html>\n"
    )


def _cards(report: CatalogueReport) -> str:
    counts = Counter(row["state"] for row in report.rows)
    done = [row for row in report.rows if row["state"] == "done"]
    media = sum(float(row["facts"].get("duration", 0)) for row in done)
    work = sum(float(row["result"].get("seconds", 0)) for row in done)
    tracks = [track for some in report.tracks.values() for track in some]
    open_tracks = sum(bool(track.missing) for track in tracks)
    waiting = counts["waiting"] + counts["delayed"] + counts["running"]
    cards = (
        ("ok" if counts["done"] else "", counts["done"], "titles done"),
        ("error" if counts["quarantined"] else "ok", counts["quarantined"], "in quarantine"),
        *((("error", counts["lost"], "done, and lost since"),) if counts["lost"] else ()),
        ("", waiting, "not done yet"),
        ("", f"{media / 3600:.1f} h", "of media done"),
        ("", f"{work / len(done):.1f} s" if done else "–", "of work a title"),
        ("", f"{media / work:.1f} ×" if work else "–", "real time, a worker"),
        ("warning" if open_tracks else "ok", open_tracks, "tracks not approved"),
    )
    inner = "".join(
        f'<div class="card {kind}"><b>{value}</b><span>{label}</span></div>'
        for kind, value, label in cards
    )
    return f'<div class="cards">{inner}</div>'


def _failures(report: CatalogueReport) -> str:
    failed = [row for row in report.rows if row["state"] in {"lost", "quarantined", "delayed"}]
    if not failed:
        return ""
    kinds = Counter(row["failure"]["reason"] for row in failed)
    told = ", ".join(f"{count} {escape(reason)}" for reason, count in kinds.most_common())
    parts = [f"<section><h2>Failures</h2><p>{told}</p>"]
    for row in failed[:_MAX_ROWS]:
        failure = row["failure"]
        lines = "\n".join(failure.get("lines", []))
        log = f'<details><summary>log</summary><div class="cue">{shown_text(lines, 4000)}</div>'
        parts.append(
            f'<div class="place has-error"><b><bdi>{shown_text(row["id"], 200)}</bdi></b> '
            f'<span class="badge error">{shown_text(failure["reason"], 40)}</span> '
            f'<span class="soft">{row["state"]}, {row["attempts"]} attempts</span>'
            f"<p>{shown_text(failure['message'], 600)}</p>"
            f"<p><b>{shown_text(failure.get('remedy', ''), 300)}</b></p>"
            f"{log + '</details>' if lines else ''}</div>"
        )
    return "".join(parts) + "</section>\n"


def _queue(report: CatalogueReport) -> str:
    queue = riskiest((t for some in report.tracks.values() for t in some), _MAX_QUEUE)
    rows = (
        (
            _text(cue.title, 80), _text(cue.track, 40), _text(cue.cue, 40), escape(cue.time),
            f"<td>{shown_text(cue.text, 200)}</td>", f"<td {_NUMBER}>{cue.risk:.2f}</td>",
            _text(cue.reason, 200),
        )
        for cue in queue
    )  # fmt: skip
    head = ("title", "track", "cue", "time", "text", "risk", "reason")
    return _section("Look at these first", head, rows, "Nothing is left that nobody looked at.")


def _titles(report: CatalogueReport) -> str:
    order = ("lost", "quarantined", "delayed", "running", "waiting", "done")
    listed = sorted(report.rows, key=lambda row: order.index(row["state"]))
    rows = []
    for row in listed[:_MAX_ROWS]:
        result, media = row["result"], float(row["facts"].get("duration", 0))
        tracks = report.tracks.get(row["id"], ())
        told = (f'<span class="soft">{shown_text(n, 300)}</span>' for n in result.get("notes", ()))
        shown = "<br>".join((*(_track_words(track) for track in tracks), *told))
        rows.append(
            (
                _text(row["id"], 120), _text(row["state"], 20),
                f"<td {_NUMBER}>{media / 60:.1f}</td>",
                f"<td {_NUMBER}>{float(result.get('seconds', 0)):.1f}</td>", f"<td>{shown}</td>",
            )
        )  # fmt: skip
    more = len(report.rows) - _MAX_ROWS
    note = f"<p>{more} more titles are not shown here.</p>" if more > 0 else ""
    head = (
        "title",
        "state",
        "minutes",
        "work, s",
        "tracks: approved, findings, gate; what the run said",
    )
    return _section("Titles", head, rows, "There are none.") + note


def _track_words(track: CatalogueTrack) -> str:
    badges = ""
    if track.errors:
        badges += f' <span class="badge error">{track.errors} errors</span>'
    if track.warnings:
        badges += f' <span class="badge warning">{track.warnings} warnings</span>'
    gate = "passes" if not track.missing else shown_text(" ".join(track.missing), 200)
    return (
        f"<bdi>{shown_text(track.id, 40)}</bdi>: {track.approved} of {track.cues} approved"
        f'{badges} <span class="soft">{gate}</span>'
    )


def _people(report: CatalogueReport) -> str:
    counts: Counter[str] = Counter()
    for track in (track for some in report.tracks.values() for track in some):
        counts.update(dict(track.people))
    rows = ((_text(who, 80), f"<td {_NUMBER}>{n}</td>") for who, n in counts.most_common())
    return _section("Who approved", ("person", "cues"), rows, "Nobody has approved a cue yet.")


def _stages(report: CatalogueReport) -> str:
    total = sum(report.stages.values()) or 1.0
    rows = (
        (
            _text(name, 40),
            f"<td {_NUMBER}>{seconds:.1f}</td>",
            f"<td {_NUMBER}>{seconds / total:.0%}</td>",
        )
        for name, seconds in sorted(report.stages.items(), key=lambda item: -item[1])
    )
    return _section("Where the time went", ("stage", "seconds", "share"), rows, "No title is done.")


def _disclosures(report: CatalogueReport) -> str:
    told = Counter(t.disclosure for some in report.tracks.values() for t in some if t.disclosure)
    rows = ((f"<td {_NUMBER}>{n}</td>", _text(note, 600)) for note, n in told.most_common(50))
    return _section("How the tracks were made", ("tracks", "disclosure"), rows, "No track is done.")


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> str:
    listed = list(rows)
    cells = list(map(_cells, listed))
    if not cells:
        return f"<section><h2>{title}</h2><p class='soft'>{empty}</p></section>\n"
    right = [cell.startswith(f"<td {_NUMBER}") for cell in listed[0]]
    names = "".join(
        f"<th {_NUMBER}>{name}" if number else f"<th>{name}"
        for name, number in zip(head, right, strict=True)
    )
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return (
        f'<section><h2>{title}</h2><div class="scroll"><table><tr>{names}</tr>{body}</table></div>'
        "</section>\n"
    )


def _cells(row: Sequence[str]) -> str:
    return "".join(cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in row)


def _text(text: str, most: int) -> str:
    return f"<td><bdi>{shown_text(text, most)}</bdi></td>"

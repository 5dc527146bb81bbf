"""The report as one page that needs nothing else: no script, no outside resource."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from html import escape
from typing import TYPE_CHECKING

from subkit.language import resolve_language
from subkit.model import Severity
from subkit.quality.report.charts import density_chart, duration_chart, speed_chart
from subkit.quality.report.checked import clock, statement
from subkit.quality.report.explained import explanations
from subkit.quality.report.look import STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Cue, Finding, Track
    from subkit.quality.report.checked import Checked

__all__ = ["report_page", "shown_text"]

_PER_RULE = 250
"""Findings of one rule in one track that the page lists."""

_MOST_BYTES = 1_900_000
"""Size of all lists of findings together, so that a page stays below 3 MB."""

_MOST_TRACKS = 40
_TEXT = 300
_CONTEXT = 120
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def report_page(checked: Sequence[Checked], *, title: str, version: str = "") -> str:
    """The page: summary, charts, findings with their place and context, rules explained.

    Args:
        checked: The tracks, in the order in which they are shown.
        title: Of the programme.
        version: Of subkit, for the last line.
    """
    name = shown_text(title, _TEXT)
    room = _MOST_BYTES
    parts = []
    for number, one in enumerate(checked[:_MOST_TRACKS]):
        part, room = _track(one, number, room)
        parts.append(part)
    if len(checked) > _MOST_TRACKS:
        parts.append(f"<p>{len(checked) - _MOST_TRACKS} more tracks are not shown here.</p>")
    foot = escape(f"subkit {version}".strip())
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Quality check: {name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<header><h1>Quality check: <bdi>{name}</bdi></h1>{_overview(checked)}</header>\n"
        f"{''.join(parts)}{explanations(checked)}\n"
        f'<footer><p class="soft">{foot}. Findings are computed from the tracks as they were; '
        "they are not stored.</p></footer>\n</main>\n</body>\n</html>\n"
    )


def shown_text(text: str, most: int) -> str:
    """Return text as it may stand in a page: escaped, cut, without what cannot be shown."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return escape(_UNSHOWN.sub("\ufffd", cut))


def _overview(checked: Sequence[Checked]) -> str:
    if len(checked) < 2:
        return ""
    rows = "".join(
        f'<tr><td><a href="#track-{n}"><bdi>{shown_text(one.subject.track.id, 80)}</bdi></a></td>'
        f"<td>{escape(resolve_language(one.subject.track.language).name)}</td>"
        f'<td class="n">{len(one.subject.track.cues)}</td>'
        f'<td class="n">{one.count(Severity.ERROR)}</td>'
        f'<td class="n">{one.count(Severity.WARNING)}</td></tr>'
        for n, one in enumerate(checked[:_MOST_TRACKS])
    )
    head = '<th>track<th>language<th class="n">cues<th class="n">errors<th class="n">warnings'
    return f'<div class="scroll"><table><tr>{head}</tr>{rows}</table></div>'


def _track(one: Checked, number: int, room: int) -> tuple[str, int]:
    """The part of a track, and the room that is left for the next ones."""
    track = one.subject.track
    language = resolve_language(track.language).name
    listed, room = _places(one, number, room)
    charts = density_chart(one) + speed_chart(one) + duration_chart(one) if track.cues else ""
    heading = f"{shown_text(track.id, 80)} <span class='soft'>{escape(language)}</span>"
    return (
        f'<section id="track-{number}"><h2><bdi>{heading}</bdi></h2>'
        f"<p>{shown_text(statement(one), _TEXT)}</p>{_cards(one)}{charts}{_counts(one)}{listed}"
        "</section>\n"
    ), room


def _cards(one: Checked) -> str:
    cues = len(one.subject.track.cues)
    errors, warnings = one.count(Severity.ERROR), one.count(Severity.WARNING)
    touched = len({finding.cue for finding in one.findings if finding.cue})
    clean = f"{100 * (cues - touched) // cues} %" if cues else "–"
    cards = (
        ("", str(cues), "cues"),
        ("error" if errors else "ok", str(errors), "errors"),
        ("warning" if warnings else "ok", str(warnings), "warnings"),
        ("", clean, "of cues without findings"),
    )
    inner = "".join(
        f'<div class="card {kind}"><b>{value}</b><span>{label}</span></div>'
        for kind, value, label in cards
    )
    return f'<div class="cards">{inner}</div>'


def _counts(one: Checked) -> str:
    counts = Counter((finding.rule, finding.severity.value) for finding in one.findings)
    if not counts:
        return ""
    ordered = sorted(counts.items(), key=lambda item: (item[0][1], -item[1], item[0]))
    rows = "".join(
        f'<tr><td><a href="#rule-{shown_text(rule, 80)}">{shown_text(rule, 80)}</a></td>'
        f'<td><span class="badge {kind}">{kind}</span></td><td class="n">{count}</td></tr>'
        for (rule, kind), count in ordered
    )
    head = '<th>rule<th>severity<th class="n">findings'
    return f'<h3>By rule</h3><div class="scroll"><table><tr>{head}</tr>{rows}</table></div>'


def _places(one: Checked, number: int, room: int) -> tuple[str, int]:
    """The list of places with findings, as far as there is room."""
    if not one.findings:
        return "", room
    groups, left_out = _groups(one.findings)
    cues = {cue.id: place for place, cue in enumerate(one.subject.track.cues)}
    parts: list[str] = []
    for cue_id, found in groups:
        part = _place(one, cue_id, found, cues)
        if room < len(part.encode()):
            left_out += len(found)
            continue
        room -= len(part.encode())
        parts.append(part)
    note = (
        f'<p class="soft">{left_out} more findings are not listed here; the reports in JSON and '
        "CSV have them all.</p>"
        if left_out
        else ""
    )
    return (
        f'<div class="places"><h3>Findings</h3>{_filter(number)}{note}{"".join(parts)}</div>'
    ), room


def _groups(
    findings: Sequence[Finding],
) -> tuple[list[tuple[str, list[Finding]]], int]:
    """The findings that are listed by cue, in order of time, and how many are not."""
    seen: Counter[str] = Counter()
    groups: dict[str, list[Finding]] = defaultdict(list)
    left_out = 0
    for place, finding in enumerate(findings):
        seen[finding.rule] += 1
        if seen[finding.rule] > _PER_RULE:
            left_out += 1
        else:
            groups[finding.cue or f"\0{place}"].append(finding)
    return [("" if key[:1] == "\0" else key, found) for key, found in groups.items()], left_out


def _filter(number: int) -> str:
    choices = (("all", "all"), ("only-errors", "errors only"), ("only-warnings", "warnings only"))
    return (
        '<div class="filter" role="radiogroup" aria-label="Show">'
        + "".join(
            f'<label><input type="radio" class="{kind}" name="show-{number}"'
            f"{' checked' if kind == 'all' else ''}> {label}</label>"
            for kind, label in choices
        )
        + "</div>"
    )


def _place(one: Checked, cue_id: str, found: Sequence[Finding], cues: dict[str, int]) -> str:
    track, media = one.subject.track, one.subject.media
    at = cues.get(cue_id)
    span = track.cues[at].span if at is not None else found[0].span
    kinds = {finding.severity.value for finding in found}
    name = f"cue <bdi>{shown_text(cue_id, 60)}</bdi> · " if cue_id else ""
    times = f"{clock(span.start, media)} – {clock(span.end, media)}"
    inner = "".join(_finding(finding) for finding in found)
    return (
        f'<article class="place {" ".join(f"has-{kind}" for kind in sorted(kinds))}">'
        f'<div class="time">{name}{times}</div>{_context(track, at)}'
        f'<ul class="found">{inner}</ul></article>\n'
    )


def _context(track: Track, at: int | None) -> str:
    """The text of a cue between those of its neighbours."""
    if at is None:
        return ""
    around = ((at - 1, "before"), (at + 1, "after"))
    before, after = (
        _neighbour(track, track.cues[i], word) if 0 <= i < len(track.cues) else ""
        for i, word in around
    )
    return f"{before}{_words(track, track.cues[at])}{after}"


def _words(track: Track, cue: Cue) -> str:
    text = shown_text(cue.text, _TEXT) or '<span class="soft">(no text)</span>'
    return f'<div class="cue" dir="auto" lang="{_language(track)}">{text}</div>'


def _neighbour(track: Track, cue: Cue, word: str) -> str:
    text = shown_text(" ".join(cue.text.split()), _CONTEXT)
    return (
        f'<div class="context">{word}: <bdi dir="auto" lang="{_language(track)}">{text}</bdi></div>'
    )


def _language(track: Track) -> str:
    return shown_text(track.language, 40)


def _finding(finding: Finding) -> str:
    kind, rule = finding.severity.value, shown_text(finding.rule, 80)
    return (
        f'<li class="{kind}"><span class="badge {kind}">{kind}</span> '
        f'<a href="#rule-{rule}">{rule}</a> <bdi>{shown_text(finding.message, _TEXT)}</bdi></li>'
    )

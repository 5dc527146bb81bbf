"""Findings in a translated track, from its guards and its current source."""

from __future__ import annotations

from itertools import groupby
from math import log
from typing import TYPE_CHECKING

from subkit.language import join_words
from subkit.model import Finding, Origin, Quantity, ReviewState, Severity
from subkit.model.display import shorten
from subkit.signals import GUARDS, SIGNALS
from subkit.translation import (
    LOW_SCORE,
    doubts,
    find_tags,
    lost_marks,
    same_language,
    stale_cues,
    undress,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.model import Cue, Mark, Track
    from subkit.signals import Signal

__all__ = ["translation_findings"]

_MANY = 3
"""Lost marks that a finding names one by one."""

_ABOUT_MACHINES = {"low-score", "truncated"}


def translation_findings(track: Track, source: Track | None) -> list[Finding]:
    """What the guards of translation find in a track made from ``source``; nothing without one.

    Findings have the keys of :data:`subkit.signals.GUARDS`, besides ``translation-stale``,
    ``translation-looks`` and ``translation-tag-place``. Cues of one unit are looked at together
    and the finding stands at the first of them. What a machine said of its own work is no finding
    once a person has edited or approved the cue.
    """
    if source is None:
        return []
    known = {cue.id: cue for cue in source.cues}
    stale = [_finding(cue, SIGNALS["translation-stale"]) for cue in stale_cues(track, source)]
    pairs = [(cue, known[cue.id]) for cue in track.cues if cue.id in known]
    return [
        *stale,
        *(found for pair in pairs for found in _in_cue(*pair)),
        *(
            found
            for _, unit in groupby(pairs, key=lambda pair: pair[0].sources or pair[0].id)
            for found in _in_unit(list(unit), track.language, source.language)
        ),
    ]


def _in_cue(cue: Cue, source: Cue) -> Iterator[Finding]:
    if source.marks and cue.text and _is_raw(cue) and (lost := lost_marks(source, cue)):
        yield _finding(cue, SIGNALS["translation-looks"], more=_told(source, lost))
    tags = find_tags(source.text)
    if not cue.text or not (tags or find_tags(cue.text)):
        return
    if sorted(tags) != sorted(find_tags(cue.text)):
        yield _finding(cue, GUARDS["tags"])
    elif _is_raw(cue) and undress(source)[1].has_inner_tags:
        yield _finding(cue, SIGNALS["translation-tag-place"])


def _in_unit(pairs: Sequence[tuple[Cue, Cue]], target: str, language: str) -> Iterator[Finding]:
    cue, first = pairs[0]
    spoken = first.language or language
    before = _words([source for _, source in pairs], spoken)
    if same_language(spoken, target) or not any(map(str.isalpha, before)):
        return
    after = _words([made for made, _ in pairs], target)
    score = log(max(cue.confidence, 1e-12)) if _is_raw(cue) and cue.confidence is not None else 0.0
    low = cue.provenance.low_score if cue.provenance is not None else None
    for name in doubts(
        before,
        after,
        source_language=spoken,
        target=target,
        score=score,
        low_score=LOW_SCORE if low is None else low,
    ):
        if name not in _ABOUT_MACHINES:
            yield _finding(cue, GUARDS[name])
        elif _is_raw(cue):
            measured = Quantity.of(cue.confidence or 0, "probability", f"{cue.confidence:.2f}")
            yield _finding(cue, GUARDS[name], measured=measured)


def _told(source: Cue, lost: Sequence[Mark]) -> str:
    """Write which mark stood on which text: ``italic on 'never'``."""
    told = [
        f"{mark.feature.value} on {shorten(source.text[mark.start : mark.end])}"
        for mark in lost[:_MANY]
    ]
    more = f" and {len(lost) - _MANY} more" if len(lost) > _MANY else ""
    return f" ({', '.join(told)}{more})"


def _words(cues: Sequence[Cue], language: str) -> str:
    """Join the words of cues, without tags and labels."""
    return join_words((line for cue in cues for line in undress(cue)[0].lines), language)


def _is_raw(cue: Cue) -> bool:
    """Return whether a cue is a machine's and no person has decided on it."""
    by_machine = cue.provenance is not None and cue.provenance.origin is Origin.MT
    return by_machine and cue.review.state is ReviewState.UNREVIEWED


def _finding(
    cue: Cue, signal: Signal, *, measured: Quantity | None = None, more: str = ""
) -> Finding:
    return Finding(
        rule=signal.key,
        severity=Severity.WARNING,
        cue=cue.id,
        span=cue.span,
        measured=measured,
        message=f"Cue {cue.id}: {signal.sentence}{more}.",
    )

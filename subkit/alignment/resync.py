"""Find how the cues of a track have to move to meet a reference: sound, or another subtitle."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.alignment.cue_odds import GRID, odds_at, odds_of
from subkit.alignment.offset_search import OffsetSearch
from subkit.alignment.onset_matching import fine_offset
from subkit.alignment.placing import place_all
from subkit.alignment.ratios import RATIOS, Ratio
from subkit.alignment.section_search import section_path
from subkit.alignment.voting import hints_at, voting_cues, word_anchors
from subkit.model import Span, to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from subkit.alignment.cue_odds import CueOdds
    from subkit.model import Cue, Word

    Floats = NDArray[np.float64]

__all__ = ["Reference", "Resync", "Section", "find_resync"]

_TRIED = 4
"""Ratios that are looked at cue by cue: those that one offset fits best."""

_REACH = 1800.0
"""Seconds that the offset of a section may lie from the one that fits most cues."""

_OTHER_RATE = 2.0
"""Log odds against another frame rate, before anything was heard."""

_ENOUGH = 3.0
"""Log odds, beyond those of finding as much by chance, below which nothing is claimed."""

_MOST = 0.5
"""Share of the cues that must have been found for the rest to be believed."""

_SAME = 0.06
"""Seconds: what is less apart is one offset, measured twice."""

_ALIKE = Fraction(1, 300)
"""Ratios so close are told apart by in-times alone."""

_SURE_CUT = 17.0
"""Log odds that a section costs where paths at close ratios are held against each other."""

_FRAME = Fraction(1, 25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What cues are moved to: where somebody speaks, in a film or by another subtitle.

    Attributes:
        spans: Stretches of voice, or of cues, in order of their start.
        duration: Of the film, or up to the end of the last cue, seconds.
        subtitle: The spans are cues: they end where speech was thought to end.
        words: What was heard, in order; empty where nobody transcribed it.
    """

    spans: tuple[Span, ...]
    duration: Fraction
    subtitle: bool = False
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A run of cues that move alike.

    Attributes:
        begin: In-time of its first cue, before it moves, seconds; the section ends where the next
            one begins.
        offset: Seconds to add once times were multiplied by the ratio.
        cues: How many cues it has.
        evidence: Log odds that this is where they belong.
    """

    begin: Fraction
    offset: Fraction
    cues: int
    evidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Resync:
    """How the times of a track change, and how sure that is.

    Attributes:
        ratio: What all times are multiplied by.
        sections: In order of time; none where nothing at all was found.
        evidence: Log odds that this is no chance, of the whole.
        confidence: From 0 to 1: the share of cues that were found, less where evidence is thin.
        found: How many cues were found in the reference.
        asked: How many cues could be looked for: blank cues and sound labels cannot.
        missing: Ids of the cues that were not found between or beside those that were.
        anchors: How many cues were found by their words.
        reasons: Why it should not be believed; empty where it should.
    """

    ratio: Ratio = RATIOS[0]
    sections: tuple[Section, ...] = ()
    evidence: float = 0.0
    confidence: float = 0.0
    found: int = 0
    asked: int = 0
    missing: tuple[str, ...] = ()
    anchors: int = 0
    reasons: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """How many of the cues that could be looked for were found, from 0 to 1."""
        return self.found / self.asked if self.asked else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data; times are seconds as fractions."""
        rates = [" to ".join(pair) for pair in self.ratio.rates]
        return {**to_plain(self), "ratio": {"factor": to_plain(self.ratio.factor), "rates": rates}}

    def moved(self, span: Span) -> Span:
        """Return where a span of the track belongs in the film.

        What would lie before the film's first frame is put at it, for a frame at least.
        """
        if not self.sections:
            return span
        inside = [section for section in self.sections if section.begin <= span.start]
        offset = (inside[-1] if inside else self.sections[0]).offset
        start, end = (time * self.ratio.factor + offset for time in (span.start, span.end))
        if start >= 0:
            return Span(start, end)
        return Span(Fraction(0), max(end, min(span.duration, _FRAME)))


def find_resync(cues: Sequence[Cue], reference: Reference) -> Resync:
    """Find the frame-rate ratio, and the offset of each run of cues.

    Args:
        cues: Of one track, in any order.
        reference: What they should meet.

    Returns:
        What was found. Where ``reasons`` are given it should not be used unasked.
    """
    import numpy as np

    voters = voting_cues(cues)
    silent = _refused_before(cues, voters, reference)
    if silent:
        return Resync(asked=len(voters), reasons=silent)
    spans = np.array([[float(c.span.start), float(c.span.end)] for c in voters])
    heard = _Heard.of(reference)
    anchors = word_anchors(voters, reference.words)
    tried = [
        _tried(ratio, offset, spans, heard, anchors)
        for ratio, offset in _likely(spans, heard.evidence, anchors)
    ]
    best = max(tried, key=lambda one: one.odds)
    near = [one for one in tried if abs(one.ratio.factor / best.ratio.factor - 1) < _ALIKE]
    best = max(near, key=lambda one: one.exact)
    odds = best.odds - math.log(len(RATIOS))
    if not best.runs:  # the offset that fits best of all, for whoever wants it nevertheless
        best = replace(best, runs=[(0, len(voters), best.offset)], evidence=[0.0])
    missing = tuple(voters[index].id for index in best.missing)
    found = len(voters) - len(missing)
    return Resync(
        ratio=best.ratio,
        sections=_sections(best, voters),
        evidence=max(odds, 0.0),
        confidence=found / len(voters) * (1 - math.exp(-max(odds, 0.0) / 10)),
        found=found,
        asked=len(voters),
        missing=missing,
        anchors=len(anchors),
        reasons=_doubts(odds, found, len(voters)),
    )


def _refused_before(
    cues: Sequence[Cue], voters: Sequence[Cue], reference: Reference
) -> tuple[str, ...]:
    """Why nothing can be looked for at all."""
    if not cues:
        return ("The subtitle has no cues.",)
    if not voters:
        return ("None of the cues has words: nothing says when somebody speaks.",)
    if not reference.spans:
        what = "The other subtitle has no cues" if reference.subtitle else "Nobody speaks in it"
        return (f"{what}: there is nothing to move the cues to.",)
    return ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Heard:
    """The reference as numbers."""

    evidence: CueOdds
    onsets: Floats
    duration: float
    subtitle: bool

    @classmethod
    def of(cls, reference: Reference) -> _Heard:
        import numpy as np

        spans = np.array([[float(span.start), float(span.end)] for span in reference.spans])
        starts, ends = np.unique(spans[:, 0]), np.unique(spans[:, 1])
        duration = max(float(reference.duration), float(spans.max()))
        evidence = odds_of(starts, ends, _joined(spans), duration, with_ends=reference.subtitle)
        return cls(evidence=evidence, onsets=starts, duration=duration, subtitle=reference.subtitle)


def _joined(spans: Floats) -> Floats:
    """The spans without overlaps, shape ``(n, 2)``."""
    import numpy as np

    ends = np.maximum.accumulate(spans[:, 1])
    new = np.concatenate([[True], spans[1:, 0] > ends[:-1]])
    return np.stack([spans[new, 0], ends[np.concatenate([new[1:], [True]])]], axis=1)


def _likely(
    spans: Floats, evidence: CueOdds, anchors: Mapping[int, Sequence[float]]
) -> list[tuple[Ratio, float]]:
    """The ratios that one offset fits best, each with that offset."""
    search = OffsetSearch(evidence)
    tried = []
    for ratio in RATIOS:
        scaled = spans * float(ratio.factor)
        odds, offset = search.best(scaled, hints_at(anchors, scaled))
        tried.append((odds, ratio, offset))
    tried.sort(key=lambda one: -one[0])
    return [(ratio, offset) for _, ratio, offset in tried[:_TRIED]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tried:
    """What came of one ratio.

    Attributes:
        ratio: The ratio.
        offset: The one that fits most cues, seconds.
        odds: Log odds of the path, less what other frame rates cost.
        exact: Log odds that in-times are onsets, likewise: they tell close ratios apart.
        runs: First cue, behind the last, and exact offset of each section.
        evidence: Log odds of each section.
        missing: Indices of cues that were found nowhere.
    """

    ratio: Ratio
    offset: float
    odds: float
    exact: float
    runs: list[tuple[int, int, float]]
    evidence: list[float]
    missing: list[int]


def _tried(
    ratio: Ratio,
    offset: float,
    spans: Floats,
    heard: _Heard,
    anchors: Mapping[int, Sequence[float]],
) -> _Tried:
    """Find the sections at one ratio."""
    scaled = spans * float(ratio.factor)
    low = max(offset - _REACH, -float(scaled[:, 1].max()))
    high = min(offset + _REACH, heard.duration - float(scaled[:, 0].min()))
    reach = (min(low, offset), max(high, offset) + 1 / GRID)
    path, odds = section_path(scaled, heard.evidence, reach, hints_at(anchors, scaled))
    placed, missing = place_all(path, scaled, heard.evidence)
    exact, runs, evidence = 0.0, [], []
    for first, last, near in placed:
        mine = scaled[first:last]
        fine, score = fine_offset(mine[:, 0], heard.onsets, near, subtitle=heard.subtitle)
        runs.append((first, last, fine))
        evidence.append(float(odds_at(mine, heard.evidence, fine).sum()))
        exact += score - _SURE_CUT
    prior = _OTHER_RATE if ratio.rates else 0.0
    return _Tried(
        ratio=ratio,
        offset=offset,
        odds=odds - prior,
        exact=exact - prior,
        runs=runs,
        evidence=evidence,
        missing=missing,
    )


def _sections(best: _Tried, voters: Sequence[Cue]) -> tuple[Section, ...]:
    """The sections with exact offsets; what one offset fits is one."""
    sections: list[Section] = []
    for (first, last, exact), evidence in zip(best.runs, best.evidence, strict=True):
        section = Section(
            begin=voters[first].span.start,
            offset=Fraction(round(exact * 1000), 1000),
            cues=last - first,
            evidence=evidence,
        )
        if sections and abs(sections[-1].offset - section.offset) < _SAME:
            before = sections.pop()
            heavier = before if before.cues >= section.cues else section
            section = Section(
                begin=before.begin,
                offset=heavier.offset,
                cues=before.cues + section.cues,
                evidence=before.evidence + section.evidence,
            )
        sections.append(section)
    return tuple(sections)


def _doubts(odds: float, found: int, asked: int) -> tuple[str, ...]:
    """Why what was found should not be believed."""
    doubts = []
    if not found:
        doubts.append("No offset at any frame rate lets cues begin where somebody begins to speak.")
    elif odds < _ENOUGH:
        doubts.append("The best offset fits no better than chance would.")
    if found and found < _MOST * asked:
        doubts.append(f"Only {found} of {asked} cues were found.")
    return tuple(doubts)

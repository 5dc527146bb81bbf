"""How many cues of a translation can be read in time, with and without preferences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, log
from typing import TYPE_CHECKING

from subkit.model import Origin
from subkit.model.mark_moves import with_lines
from subkit.quality.checks import check
from subkit.quality.project_check import subject_of
from subkit.quality.rules import RULES
from subkit.translation import doubts, is_settled, undress

if TYPE_CHECKING:
    from fractions import Fraction

    from subkit.interfaces import Subject
    from subkit.model import Alternative, Cue, Project
    from subkit.styles import Styles

__all__ = ["ReadingShare", "reading_shares"]

_SPEED = tuple(rule for rule in RULES if rule.name == "reading-speed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingShare:
    """How many cues of a track can be read at their profile's speed.

    Attributes:
        cues: How many the track has.
        within: How many are no faster than ``max_cps``, as the rule ``reading-speed`` measures it.
        best_scored: How many would be if each cue had the text that the model holds most likely, of
            those kept in it that pass the guards. What people decided on, and what a translation
            memory gave, counts as it stands.
        max_cps: The profile's limit, characters a second.
    """

    cues: int
    within: int
    best_scored: int
    max_cps: Fraction


def reading_shares(project: Project, style: Styles) -> dict[str, ReadingShare]:
    """The reading speed of every translated track, by track id.

    Raises:
        PlanError: no such profile.
    """
    subjects = {
        track.id: subject_of(project, track, style)
        for track in project.tracks
        if track.source is not None
    }
    return {name: _share(subject) for name, subject in subjects.items()}


def _share(subject: Subject) -> ReadingShare:
    track, source = subject.track, subject.source
    sources = {cue.id: cue for cue in source.cues} if source is not None else {}
    spoken = source.language if source is not None else track.language
    likely = (_likeliest(cue, sources.get(cue.id), spoken, track.language) for cue in track.cues)
    before = replace(subject, track=replace(track, cues=tuple(likely)))
    total = len(track.cues)
    return ReadingShare(
        cues=total,
        within=total - len(check(subject, rules=_SPEED)),
        best_scored=total - len(check(before, rules=_SPEED)),
        max_cps=subject.profile.max_cps,
    )


def _likeliest(cue: Cue, source: Cue | None, spoken: str, target: str) -> Cue:
    """Return the cue with the best-scored text; one without a score, such as a refiner's, loses."""
    made = cue.provenance
    if source is None or made is None or made.origin is not Origin.MT or is_settled(cue):
        return cue
    said = undress(source)[0].text
    spoken = source.language or spoken
    own = -inf if cue.confidence is None else log(max(cue.confidence, 1e-300))

    def may_stand(other: Alternative) -> bool:
        by_machine = other.provenance is not None and other.provenance.origin is Origin.MT
        if not by_machine or other.score is None or not other.score > own:
            return False
        text = undress(with_lines(cue, other.text.split("\n")))[0].text
        return not doubts(said, text, source_language=spoken, target=target)

    best = max(filter(may_stand, cue.alternatives), key=lambda one: one.score or 0.0, default=None)
    return cue if best is None else with_lines(cue, best.text.split("\n"))

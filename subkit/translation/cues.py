"""The candidates of a unit -> its cues."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, isnan
from typing import TYPE_CHECKING

from subkit.model import Alternative, Cue, Origin, Provenance, Review
from subkit.translation.distribution import distribute
from subkit.translation.dressing import dress, undress
from subkit.translation.mark_transfer import translated_marks
from subkit.translation.preferences import MEMORY_TOOL, REFINER_TOOL
from subkit.translation.staleness import source_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.interfaces import Refiner
    from subkit.model import Profile
    from subkit.translation.candidates import Candidate
    from subkit.translation.units import Unit

__all__ = ["CueMaker"]


@dataclass(frozen=True, slots=True)
class CueMaker:
    """Makes translated cues.

    Attributes:
        target: BCP 47 language of the texts.
        profile: House style of the target.
        break_lines: Gives the lines of one cue's text in that style.
        provenance: Of texts that the translator wrote.
        refiner: What refined, where something did.
    """

    target: str
    profile: Profile
    break_lines: Callable[[str], tuple[str, ...]]
    provenance: Provenance
    refiner: Refiner | None = None

    def cues(self, unit: Unit, sources: Sequence[Cue], found: Sequence[Candidate]) -> list[Cue]:
        """A cue for each source cue of a unit; the first candidate is its text."""
        copies = [
            replace(
                cue,
                language=None,
                sources=tuple(other.id for other in sources),
                made_from=source_digest(sources),
                review=Review(),
                locked=False,
                comments=(),
            )
            for cue in sources
        ]
        if found[0].copied:
            return copies
        texts = [self._lines(unit, candidate.text, sources) for candidate in found]
        made = [self._provenance(candidate) for candidate in found]
        return [
            replace(
                cue,
                lines=texts[0][place],
                marks=translated_marks(cue, texts[0][place]),
                confidence=_confidence(found[0].score),
                alternatives=_alternatives([text[place] for text in texts], found, made),
                provenance=made[0],
            )
            for place, cue in enumerate(copies)
        ]

    def _lines(self, unit: Unit, text: str, sources: Sequence[Cue]) -> list[tuple[str, ...]]:
        """The lines of each cue under one candidate; a turn of dialogue is a line of its own."""
        dressed = [undress(cue) for cue in sources]
        if len(unit.turns) > 1 or unit.turns[0].mark:
            parts: Sequence[tuple[str, ...]] = (tuple(text.split("\n")),)
        else:
            parts = distribute(
                text,
                [cue for cue, _ in dressed],
                profile=self.profile,
                language=self.target,
                break_lines=self.break_lines,
            )
        return [
            dress(lines, dressing, self.target)
            for lines, (_, dressing) in zip(parts, dressed, strict=True)
        ]

    def _provenance(self, candidate: Candidate) -> Provenance:
        if candidate.refined and self.refiner is not None:
            return replace(
                self.provenance,
                tool=REFINER_TOOL,
                version="",
                model=self.refiner.name,
                model_digest=None,
            )
        if not candidate.recalled:
            return self.provenance
        return Provenance(origin=Origin.HUMAN, tool=MEMORY_TOOL, time=self.provenance.time)


def _alternatives(
    texts: list[tuple[str, ...]], found: Sequence[Candidate], made: list[Provenance]
) -> tuple[Alternative, ...]:
    """What the cue could say instead: its part of the other candidates, each text once."""
    others: dict[str, Alternative] = {}
    for lines, candidate, provenance in zip(texts[1:], found[1:], made[1:], strict=True):
        text = "\n".join(lines)
        if text and lines != texts[0]:
            alternative = Alternative(text=text, score=candidate.score, provenance=provenance)
            others.setdefault(text, alternative)
    return tuple(others.values())


def _confidence(score: float) -> float | None:
    return None if isnan(score) else min(1.0, exp(min(0.0, score)))

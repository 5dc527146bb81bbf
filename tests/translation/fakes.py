"""A translator by table, and cues to give it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from subkit.errors import PlanError
from subkit.interfaces import Hypothesis, ModelFacts
from subkit.model import Cue, Origin, Profile, Provenance, Purpose, Span, Track
from subkit.spotting import break_lines
from subkit.translation import Memory, Preference, TranslationOptions, translate_track

__all__ = ["HEARD", "MADE", "PROFILE", "Fake", "cue", "lines_in", "translated"]

PROFILE = Profile(id="test", language="es")
MADE = Provenance(origin=Origin.MT, tool="test")
HEARD = Provenance(origin=Origin.ASR, tool="test")


class Fake:
    """A translator by table; what it does not know it writes in capitals."""

    def __init__(self, table: Mapping[str, Sequence[tuple[str, float]]] | None = None) -> None:
        self.model = ModelFacts(name="fake", directory="", digest="")
        self.table = dict(table or {})
        self.calls: list[tuple[list[str], str, str, int]] = []

    def check(self, source: str, target: str) -> None:
        """Everything but xx."""
        if "xx" in (source, target):
            raise PlanError(f"fake knows no {source}-{target}")

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """By the table; remembers what was asked."""
        self.calls.append((list(texts), source, target, alternatives))
        return [
            [
                Hypothesis(text=text, score=score)
                for text, score in self.table.get(text, [(text.upper(), -0.1)])
            ]
            for text in texts
        ]


def cue(number: int, *lines: str, **more: object) -> Cue:
    """A cue of two seconds, three after the last."""
    span = Span(Fraction(3 * number), Fraction(3 * number + 2))
    made = Cue(id=f"c{number}", span=span, lines=lines, provenance=HEARD, confidence=0.5)
    return replace(made, **more)  # type: ignore[arg-type]


def lines_in(profile: Profile, language: str) -> Callable[[str], tuple[str, ...]]:
    """What breaks a cue's text into lines."""
    return lambda text: break_lines(text, profile=profile, language=language)


def translated(
    *cues: Cue,
    translator: Fake | None = None,
    target: str = "es",
    purpose: Purpose = Purpose.SUBTITLE,
    previous: Track | None = None,
    preferences: Sequence[Preference] = (),
    memory: Memory | None = None,
    provenance: Provenance = MADE,
) -> Track:
    """``cues`` as an English track, translated."""
    return translate_track(
        Track(id="en", language="en", purpose=purpose, cues=cues),
        target=target,
        translator=translator or Fake(),
        profile=PROFILE,
        break_lines=lines_in(PROFILE, target),
        provenance=provenance,
        options=TranslationOptions(alternatives=2),
        previous=previous,
        preferences=preferences,
        memory=memory,
    )

"""How near breaks are to those of a reference, and whether they keep the limits.

Sigma is that of Karakanta, Buet, Cettolo, Yvon (Evaluating Subtitle Segmentation for End-to-end
Generation Systems, LREC 2022): BLEU with the break marks as tokens, in percent of the most it could
be given the words. F1 is that of Alvarez et al. (2016). BLEU is that of Papineni et al. (2002) with
the tokens of mteval 13a; the tests hold it against sacrebleu's numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from typing import TYPE_CHECKING

from subkit.language import half_units, resolve_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.segmentation.references import Cues
    from subkit.model import Profile

__all__ = ["Bleu", "Boundaries", "bleu", "boundaries", "conformity", "sigma", "tokens"]

_EOL, _EOB = "µ", "§"
_PUNCTUATION = re.compile(r"([\{-\~\[-\` -\&\(-\+\:-\@\/])")
_AFTER_LETTER = re.compile(r"([^0-9])([\.,])")
_BEFORE_LETTER = re.compile(r"([\.,])([^0-9])")
_AFTER_DIGIT = re.compile(r"([0-9])(-)")


@dataclass(frozen=True)
class Bleu:
    """Precisions of 1- to 4-grams in percent, the brevity penalty, and their score."""

    precisions: tuple[float, ...]
    penalty: float

    @property
    def score(self) -> float:
        """The geometric mean of the precisions times the penalty."""
        if min(self.precisions) <= 0:
            return 0.0
        mean = sum(log(one) for one in self.precisions) / len(self.precisions)
        return self.penalty * exp(mean)


def tokens(text: str, language: str) -> list[str]:
    """Tokens of mteval 13a; in writing without spaces every character is one."""
    if not resolve_language(language).spaces:
        return [char for char in text if not char.isspace()]
    text = _PUNCTUATION.sub(r" \1 ", f" {text} ")
    text = _AFTER_LETTER.sub(r"\1 \2 ", text)
    text = _BEFORE_LETTER.sub(r" \1 \2", text)
    return _AFTER_DIGIT.sub(r"\1 \2 ", text).split()


def bleu(systems: Sequence[list[str]], references: Sequence[list[str]]) -> Bleu:
    """BLEU of all sentences together, one reference each."""
    matched, total = [0] * 4, [0] * 4
    for system, reference in zip(systems, references, strict=True):
        for size in range(1, 5):
            found = _grams(system, size)
            total[size - 1] += sum(found.values())
            matched[size - 1] += sum((found & _grams(reference, size)).values())
    length, wanted = total[0], sum(len(one) for one in references)
    precisions = tuple(
        100 * hit / count if count else 0.0 for hit, count in zip(matched, total, strict=True)
    )
    penalty = 1.0 if length >= wanted else exp(1 - wanted / length) if length else 0.0
    return Bleu(precisions, penalty)


def _grams(words: list[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def sigma(systems: Sequence[Cues], references: Sequence[Cues], language: str) -> float:
    """Sigma in percent; the words of system and reference may differ."""
    plain = bleu(
        [tokens(_marked(one, "", ""), language) for one in systems],
        [tokens(_marked(one, "", ""), language) for one in references],
    )
    broken = bleu(
        [tokens(_marked(one, _EOL, _EOB), language) for one in systems],
        [tokens(_marked(one, _EOL, _EOB), language) for one in references],
    )
    marks = sum(len(cue) for one in systems for cue in one)
    words = sum(len(_words(line, language)) for one in systems for cue in one for line in cue)
    most = _most(plain.precisions, marks / words)
    return 100 * broken.score / (broken.penalty * most) if broken.penalty * most else 0.0


def _most(precisions: Sequence[float], alpha: float) -> float:
    """The BLEU of perfect breaks: each mark is a right token between words as right as they are."""
    before = (100.0, *precisions)
    total = 0.0
    for size, (less, same) in enumerate(pairwise(before), start=1):
        share = ((1 - (size - 1) * alpha) * same + size * alpha * less) / (1 + alpha)
        if share <= 0:
            return 0.0
        total += log(share)
    return exp(total / len(precisions))


def _marked(cues: Cues, eol: str, eob: str) -> str:
    return " ".join(f" {eol} ".join(cue) + f" {eob}" for cue in cues)


def _words(line: str, language: str) -> list[str]:
    return line.split() if resolve_language(language).spaces else [*line.replace(" ", "")]


@dataclass(frozen=True)
class Boundaries:
    """Breaks found, by the system and by the reference."""

    hits: int
    system: int
    reference: int

    @property
    def precision(self) -> float:
        """Share of the system's breaks that the reference has."""
        return self.hits / self.system if self.system else 1.0

    @property
    def recall(self) -> float:
        """Share of the reference's breaks that the system has."""
        return self.hits / self.reference if self.reference else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def boundaries(
    systems: Sequence[Cues], references: Sequence[Cues], kind: str = "any", *, ends: bool = False
) -> Boundaries:
    """Breaks that two segmentations share.

    Args:
        systems: Breaks to judge.
        references: Breaks of the same words.
        kind: ``"eol"`` for line breaks, ``"eob"`` for cue breaks, ``"any"`` for both alike.
        ends: Count the ends of the sentences too, which everybody has, as EvalSubtitle does.

    Raises:
        ValueError: a sentence has other words than its reference.
    """
    hits = found = wanted = 0
    for system, reference in zip(systems, references, strict=True):
        ours, text = _places(system, kind)
        theirs, expected = _places(reference, kind)
        if text != expected:
            raise ValueError(f"{system!r} has other words than {reference!r}")
        hits += len(ours & theirs)
        found += len(ours)
        wanted += len(theirs)
    given = len(references) if ends and kind != "eol" else 0
    return Boundaries(hits + given, found + given, wanted + given)


def _places(cues: Cues, kind: str) -> tuple[set[int], str]:
    """Breaks as letters before them, since a peer may join words; and all the letters."""
    letters = ""
    places: set[int] = set()
    for cue in cues:
        for number, line in enumerate(cue, start=1):
            letters += "".join(line.split())
            if kind in ("any", "eob" if number == len(cue) else "eol"):
                places.add(len(letters))
    places.discard(len(letters))
    return places, letters


def conformity(systems: Sequence[Cues], profile: Profile) -> dict[str, float]:
    """Percent of lines within ``max_cpl`` and of cues within ``max_lines``."""
    cues = [cue for one in systems for cue in one]
    lines = [line for cue in cues for line in cue]
    fit = sum(half_units(line, profile.counting) <= 2 * profile.max_cpl for line in lines)
    few = sum(len(cue) <= profile.max_lines for cue in cues)
    return {"cpl": 100 * fit / len(lines), "lines": 100 * few / len(cues)}

"""Simple splitters that the search has to beat, and our own reading of a well-known one.

Each takes the words of one sentence and gives cues. None looks at more than it says.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.language import half_units, is_sentence_end, join_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.segmentation.references import Cues
    from subkit.model import Profile

__all__ = ["balanced", "greedy", "punctuated"]

_CLAUSE_MARKS = ",;:…،؛、，"


def greedy(words: Sequence[str], profile: Profile, language: str) -> Cues:
    """Fill each line, then each cue."""
    lines = [join_words(line, language) for line in _filled(words, profile, language)]
    count = profile.max_lines
    return tuple(tuple(lines[at : at + count]) for at in range(0, len(lines), count))


def balanced(words: Sequence[str], profile: Profile, language: str) -> Cues:
    """As few cues as hold the text, all about as long, each with lines about as long."""
    count = -(-_width(words, profile, language) // (2 * profile.max_cpl * profile.max_lines))
    while True:
        parts = _even(words, count, profile, language)
        cues = [_lines(part, profile, language) for part in parts]
        if count >= len(words) or all(len(cue) <= profile.max_lines for cue in cues):
            return tuple(cues)
        count += 1


def punctuated(words: Sequence[str], profile: Profile, language: str) -> Cues:
    """A splitter in the manner of Subtitle Edit's "Split long lines" and "Auto br".

    Our own, from what its help says: a text too long for a cue is cut in two after the sentence end
    nearest to its middle, else after the other mark nearest to it, else at the space nearest to it,
    and so on; a text too long for a line is broken after a sentence end or another mark if both
    lines hold, else where they are most even.
    """
    cue = _lines(words, profile, language)
    if len(words) < 2 or len(cue) <= profile.max_lines:
        cut = _marked_cut(words, profile, language, room=2 * profile.max_cpl)
        if len(cue) == 2 and cut:
            cue = (join_words(words[:cut], language), join_words(words[cut:], language))
        return (cue,)
    cut = _marked_cut(words, profile, language) or len(_even(words, 2, profile, language)[0])
    halves = words[:cut], words[cut:]
    return tuple(cue for half in halves for cue in punctuated(half, profile, language))


def _width(words: Sequence[str], profile: Profile, language: str) -> int:
    return half_units(join_words(words, language), profile.counting)


def _filled(words: Sequence[str], profile: Profile, language: str) -> list[list[str]]:
    lines: list[list[str]] = []
    for word in words:
        if lines and _width([*lines[-1], word], profile, language) <= 2 * profile.max_cpl:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _lines(words: Sequence[str], profile: Profile, language: str) -> tuple[str, ...]:
    """The fewest lines that hold the words, as even as they can be."""
    for count in range(1, len(words) + 1):
        parts = _even(words, count, profile, language)
        if all(_width(part, profile, language) <= 2 * profile.max_cpl for part in parts):
            return tuple(join_words(part, language) for part in parts)
    return tuple(words)


def _even(words: Sequence[str], count: int, profile: Profile, language: str) -> list[Sequence[str]]:
    """The words in ``count`` parts, cut where they come nearest to even shares of the width."""
    whole = _width(words, profile, language)
    cuts = [0]
    for part in range(1, count):
        places = range(cuts[-1] + 1, len(words) - (count - part) + 1)
        goal = whole * part / count
        cuts.append(min(places, key=lambda at: abs(_width(words[:at], profile, language) - goal)))
    return [words[start:end] for start, end in pairwise([*cuts, len(words)])]


def _marked_cut(
    words: Sequence[str], profile: Profile, language: str, room: int | None = None
) -> int | None:
    """The place after a mark nearest to the middle, sentence ends first; both sides in ``room``."""
    middle = _width(words, profile, language) / 2

    def distance(at: int) -> float:
        return abs(_width(words[:at], profile, language) - middle)

    def holds(at: int) -> bool:
        sides = (_width(part, profile, language) for part in (words[:at], words[at:]))
        return room is None or max(sides) <= room

    cuts = [at for at in range(1, len(words)) if holds(at)]
    ends = [at for at in cuts if is_sentence_end(words[at - 1], language)]
    clauses = [at for at in cuts if words[at - 1][-1] in _CLAUSE_MARKS]
    return min(ends or clauses, key=distance, default=None)

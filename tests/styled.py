"""Tracks with marks for the tests of readers and writers, and how letters look in them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from subkit.model import Cue, Feature, Mark, Media, Span, Track
from subkit.model.mark_moves import sorted_marks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["FORMATS", "MEDIA", "cue", "letters", "marked", "styled_tracks", "track"]

FORMATS = Path(__file__).parent / "data" / "formats"
"""Small files of each format, a folder a format."""

MEDIA = Media(path="/film.mkv", digest="", duration=Fraction(100))

_LETTERS = "ab 漢語\n<>&{}\\-/N1"


def cue(*lines: str, number: int = 1, **more: object) -> Cue:
    """Return a cue of a second that begins at second ``number``."""
    base = Cue(id=str(number), span=Span(Fraction(number), Fraction(number + 1)), lines=lines)
    return replace(base, **more)  # type: ignore[arg-type]


def marked(start: int, end: int, feature: Feature, value: str = "", how: str = "") -> Mark:
    """Return a mark."""
    return Mark(start=start, end=end, feature=feature, value=value, how=how)


def track(*cues: Cue, **more: object) -> Track:
    """Return a track of cues in English."""
    return replace(Track(id="en", language="en", cues=cues), **more)  # type: ignore[arg-type]


def letters(
    cue: Cue, ignored: Sequence[Feature] = ()
) -> list[tuple[str, frozenset[tuple[str, ...]]]]:
    """Return each letter of a cue with what its marks say of it, however marks are cut."""
    return [
        (
            letter,
            frozenset(
                (mark.feature.value, mark.value, mark.how)
                for mark in cue.marks
                if mark.start <= at < mark.end and mark.feature not in ignored
            ),
        )
        for at, letter in enumerate(cue.text)
        if letter != "\n"
    ]


@st.composite
def _marks(
    draw: st.DrawFn, length: int, looks: Mapping[Feature, Sequence[tuple[str, str]]]
) -> list[Mark]:
    found: dict[tuple[int, int, Feature], Mark] = {}
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, length - 1))
        end = draw(st.integers(start + 1, length))
        feature = draw(st.sampled_from(sorted(looks)))
        value, how = draw(st.sampled_from(list(looks[feature])))
        found[start, end, feature] = marked(start, end, feature, value, how)
    return list(found.values())


@st.composite
def styled_tracks(
    draw: st.DrawFn,
    looks: Mapping[Feature, Sequence[tuple[str, str]]],
    alphabet: str = _LETTERS,
) -> Track:
    """Return any track of up to four cues with marks.

    Args:
        draw: Of Hypothesis.
        looks: Features to take, each with the pairs of value and ``how`` that it may have.
        alphabet: Letters of its texts.
    """
    cues = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        text = draw(st.text(alphabet, min_size=1, max_size=12))
        lines = tuple(line.strip() for line in text.split("\n") if line.strip()) or ("a",)
        length = len("\n".join(lines))
        marks = sorted_marks(draw(_marks(length, looks)))
        cues.append(cue(*lines, number=2 * number, marks=marks))
    return track(*cues)

"""A small project whose text has looks."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from subkit.model import Cue, Feature, FrameRate, Mark, Media, Placement, Project, Span, Track


def styled() -> Project:
    """Two Japanese cues: readings, an italic word, and a place at the top."""
    first, second = (
        Cue(id=f"c{n}", span=Span(Fraction(n), Fraction(n) + Fraction(1, 2)), lines=("漢字 here",))
        for n in (1, 2)
    )
    ruby = Mark(start=0, end=2, feature=Feature.RUBY, value="かんじ")
    italic = Mark(start=3, end=7, feature=Feature.ITALIC)
    cues = (replace(first, marks=(ruby, italic)), replace(second, marks=(ruby,), speaker="s1"))
    top = replace(cues[1], placement=Placement(vertical="top"))
    media = Media(path="", digest="", duration=Fraction(9), frame_rate=FrameRate(Fraction(25)))
    track = Track(id="ja", language="ja", cues=(cues[0], top))
    return Project(title="film", media=media, tracks=(track,))

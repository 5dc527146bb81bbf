"""Lists of words that the user brings, and how long all rules take."""

from __future__ import annotations

from fractions import Fraction

import pytest

from subkit.interfaces import Rule, Subject
from subkit.model import (
    Cue,
    FrameRate,
    Media,
    Origin,
    Profile,
    Provenance,
    Span,
    Track,
    Transcript,
    Word,
)
from subkit.quality import check, word_rules
from tests.work import work


def measured(*lines: str, unwanted: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> list[str]:
    cue = Cue(id="1", span=Span(Fraction(0), Fraction(5)), lines=lines)
    track = Track(id="en", language="en", cues=(cue,))
    media = Media(path="", digest="", duration=Fraction(5))
    held = Subject(track=track, profile=Profile(id="t", language="en"), media=media)
    return [f.measured_text for f in check(held, rules=word_rules(unwanted=unwanted, known=known))]


def test_without_lists_there_are_no_rules() -> None:
    assert word_rules() == ()


def test_unwanted_words_are_found_whole_in_any_case() -> None:
    assert measured("Damn it.", "DAMN!", unwanted=("damn",)) == ["damn"]
    assert measured("Damnation.", unwanted=("damn",)) == []
    assert measured("Damnation.", unwanted=("damn*",)) == ["damnation"]
    assert measured("What the", "hell is it?", unwanted=("the hell",)) == ["the hell"]
    assert measured("It’s so.", unwanted=("it's",)) == ["it's"]
    assert measured("바보야!", unwanted=("바보",)) == ["바보"]
    assert measured("a.b axb", unwanted=("a.b",)) == ["a.b"]


def test_words_that_are_not_known_are_found() -> None:
    known = ("the", "map", "well", "known", "it's", "Emma")
    assert measured("The mapp, it's Emma's.", known=known) == ["mapp"]
    assert measured("the well-known map", known=known) == []
    assert measured("It’s 42 MAP ♪", known=known) == []


def test_word_rules_are_rules_that_explain_themselves() -> None:
    for rule in word_rules(unwanted=("x",), known=("y",)):
        assert isinstance(rule, Rule)
        assert rule.finds.endswith(".")


def film(count: int) -> Subject:
    """A film of ``count`` cues of two lines, each spoken, with a shot change every 90 frames."""
    rate = FrameRate(Fraction(24000, 1001))
    text = "Now and then {} people, would have gone|to the house at the end of street {}."
    cues = tuple(
        Cue(
            id=str(n),
            span=Span(rate.time(60 * n), rate.time(60 * n + 50)),
            lines=tuple(text.format(n, n + 1).split("|")),
        )
        for n in range(count)
    )
    words = tuple(
        Word(
            text="x",
            span=Span(cue.span.start + Fraction(k, 8), cue.span.start + Fraction(k + 1, 8)),
        )
        for cue in cues
        for k in range(8)
    )
    transcript = Transcript(
        language="en",
        words=words,
        voice=tuple(cue.span for cue in cues),
        provenance=Provenance(origin=Origin.ASR, tool="test"),
    )
    return Subject(
        track=Track(id="en", language="en", cues=cues),
        profile=Profile(id="t", language="en"),
        media=Media(path="", digest="", duration=rate.time(60 * count), frame_rate=rate),
        transcript=transcript,
        shots=tuple(rate.time(frame) for frame in range(45, 60 * count, 90)),
    )


@pytest.mark.slow
def test_the_work_of_a_check_grows_with_the_film_alone() -> None:
    short, long = film(250), film(1000)
    assert check(long)
    assert work(lambda: check(long)) < 5 * work(lambda: check(short))

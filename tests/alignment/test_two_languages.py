"""Cues that say the same in two languages find each other, and stand in one track."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.alignment import (
    CuePair,
    bilingual_track,
    on_screen_together,
    pair_cues,
    translation_of,
)
from subkit.model import (
    Approval,
    Cue,
    Feature,
    Mark,
    Purpose,
    Review,
    ReviewState,
    Span,
    Track,
)
from subkit.pipeline import subtitle_project

SUBTITLES = Path(__file__).parents[3] / "shared" / "cases" / "film" / "subs"


def cue(name: str, start: float, end: float, *lines: str) -> Cue:
    span = Span(Fraction(start).limit_denominator(1000), Fraction(end).limit_denominator(1000))
    return Cue(id=name, span=span, lines=lines)


def track(language: str, *cues: Cue, source: str | None = None) -> Track:
    return Track(id=language, language=language, cues=cues, source=source)


ENGLISH = track(
    "en",
    cue("c1", 1, 3, "Somebody is following us."),
    cue("c2", 4, 5, "Please help me."),
    cue("c3", 5.1, 7, "There are twelve men", "in the hotel."),
    cue("c4", 20, 23, "You must go to the harbour in an hour."),
    cue("c5", 30, 31, "Good night."),
)
GERMAN = track(
    "de",
    cue("1", 1.2, 3, "Jemand folgt uns."),
    cue("2", 4.1, 7, "Bitte hilf mir. Im Hotel sind zwölf Männer."),
    cue("3", 20, 21.4, "In einer Stunde"),
    cue("4", 21.5, 23, "musst du zum Hafen gehen."),
    cue("5", 40, 42, "Das steht nur hier."),
)


def pairs(source: Track, target: Track) -> list[tuple[str, str]]:
    return [
        (" ".join(one.source), " ".join(one.target)) for one in pair_cues(source.cues, target.cues)
    ]


def test_cues_are_paired_one_by_one_several_by_one_and_alone() -> None:
    assert pairs(ENGLISH, GERMAN) == [
        ("c1", "1"), ("c2 c3", "2"), ("c4", "3 4"), ("c5", ""), ("", "5"),
    ]  # fmt: skip


def test_a_stretch_that_only_one_track_has_does_not_move_the_rest() -> None:
    more = [cue(f"x{n}", 100 + 3 * n, 102 + 3 * n, "More of it.") for n in range(40)]
    late = [cue("z", 400, 402, "The end.")]
    first = track("en", *ENGLISH.cues, *more, *late)
    second = track("de", *GERMAN.cues, cue("9", 400, 402, "Ende."))
    assert pairs(first, second)[-1] == ("z", "9")
    assert pairs(second, first)[-1] == ("9", "z")


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 40)), max_size=12),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 40)), max_size=12),
)
def test_every_cue_is_in_one_pair(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    mine, theirs = (
        [cue(f"{name}{n}", a / 2, (a + b) / 2, "x" * b) for n, (a, b) in enumerate(some)]
        for name, some in (("a", first), ("b", second))
    )
    found = pair_cues(mine, theirs)
    assert sorted(i for one in found for i in one.source) == sorted(one.id for one in mine)
    assert sorted(i for one in found for i in one.target) == sorted(one.id for one in theirs)
    assert CuePair() not in found
    both = bilingual_track(track("en", *mine), track("de", *theirs))
    said = [text for one in both.cues for text in one.lines]
    assert sorted(said) == sorted(one.text for one in (*mine, *theirs))


@pytest.mark.skipif(not SUBTITLES.is_dir(), reason="the shared cases are not here")
@pytest.mark.parametrize("language", ["es", "ko"])
def test_tracks_that_people_made_of_the_same_cues(language: str) -> None:
    source, target = (
        subtitle_project(SUBTITLES / f"ableplayer_blocks4all_captions.{tag}.vtt")[0].tracks[0]
        for tag in ("en", language)
    )
    found = pair_cues(source.cues, target.cues)
    starts = {one.id: one.span.start for one in (*source.cues,)}
    begins = {one.id: one.span.start for one in target.cues}
    for one in found:
        assert one.source
        assert one.target
        assert abs(starts[one.source[0]] - begins[one.target[0]]) < 2


def test_a_given_translation_has_the_ids_of_what_it_translates() -> None:
    tied = translation_of(ENGLISH, GERMAN)
    assert [(one.id, one.sources, one.text) for one in tied.cues][1:] == [
        ("c2", ("c2", "c3"), "Bitte hilf mir. Im Hotel sind zwölf Männer."),
        ("c4", ("c4",), "In einer Stunde"),
        ("c4.2", ("c4",), "musst du zum Hafen gehen."),
        ("added.1", (), "Das steht nur hier."),
    ]
    assert tied.source == "en"
    assert on_screen_together(ENGLISH, tied) == pytest.approx(4 / 5)


def test_source_above_target_as_long_as_both() -> None:
    both = bilingual_track(ENGLISH, translation_of(ENGLISH, GERMAN))
    assert [(float(one.span.start), float(one.span.end), one.lines) for one in both.cues] == [
        (1, 3, ("Somebody is following us.", "Jemand folgt uns.")),
        (4, 7, ("Please help me.", "There are twelve men in the hotel.",
                "Bitte hilf mir. Im Hotel sind zwölf Männer.")),
        (20, 23, ("You must go to the harbour in an hour.", "In einer Stunde",
                  "musst du zum Hafen gehen.")),
        (30, 31, ("Good night.",)),
        (40, 42, ("Das steht nur hier.",)),
    ]  # fmt: skip
    assert both.purpose is Purpose.BILINGUAL
    assert (both.language, both.source) == ("de", "en")


def test_looks_stay_with_their_letters_and_the_upper_language_is_told() -> None:
    italic = Mark(start=0, end=8, feature=Feature.ITALIC)
    upper = track("en", replace(cue("c1", 1, 2, "Somebody"), marks=(italic,)))
    lower = track("de", replace(cue("c1", 1, 2, "Jemand"), marks=(replace(italic, end=6),)),
                  source="en")  # fmt: skip
    (one,) = bilingual_track(upper, lower).cues
    assert one.text == "Somebody\nJemand"
    assert {(m.feature, one.text[m.start : m.end], m.value) for m in one.marks} == {
        (Feature.LANGUAGE, "Somebody", "en"),
        (Feature.ITALIC, "Somebody\nJemand", ""),
    }


def test_a_cue_ends_where_the_next_begins_unless_people_speak_at_once() -> None:
    upper = track("en", cue("c1", 1, 3, "One."), cue("c2", 3, 5, "Two."))
    lower = track("de", cue("c1", 1, 4, "Eins."), cue("c2", 3.5, 5, "Zwei."), source="en")
    first, second = bilingual_track(upper, lower).cues
    assert (float(first.span.end), float(second.span.start)) == (3, 3)
    at_once = track("en", cue("c1", 1, 4, "One."), cue("c2", 3, 5, "Two."))
    assert float(bilingual_track(at_once, lower).cues[0].span.end) == 4


def test_what_is_said_in_the_lower_language_stands_once() -> None:
    upper = track("en", replace(cue("c1", 1, 2, "Guten Abend."), language="de"))
    lower = track("de", cue("c1", 1, 2, "Guten Abend."), source="en")
    assert bilingual_track(upper, lower).cues[0].lines == ("Guten Abend.",)


def test_it_is_approved_where_both_are() -> None:
    mark = Approval(actor="Kim", role="reviewer", time="t", digest="d")
    review = Review(state=ReviewState.APPROVED, approvals=(mark,))
    fine = replace(cue("c1", 1, 2, "A."), review=review)
    lower = track("de", replace(fine, lines=("B.",)), source="en")
    states = [
        bilingual_track(track("en", upper), lower).cues[0].review.state
        for upper in (fine, cue("c1", 1, 2, "A."))
    ]
    assert states == [ReviewState.APPROVED, ReviewState.EDITED]

"""Two versions of a track: which cues differ, in what, and word by word."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from subkit.edit.comparison import WordChange, compare_tracks, word_pieces
from subkit.model import Comment, Cue, Placement, Review, ReviewState, Span, Track
from tests.edit.test_edits import project

TRACK = project().track("en")


def numbered(*cues: tuple[float, float, str]) -> Track:
    """A track as a subtitle file gives it: its ids are numbers."""
    made = [
        Cue(id=str(n), span=Span(Fraction(start), Fraction(end)), lines=(text,))
        for n, (start, end, text) in enumerate(cues, start=1)
    ]
    return Track(id="file", language="en", cues=tuple(made))


def texts(before: Track, after: Track) -> list[tuple[str | None, str | None]]:
    return [
        (change.before.text if change.before else None, change.after.text if change.after else None)
        for change in compare_tracks(before, after)
    ]


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("text", {"lines": ("Other.",)}),
        ("times", {"span": Span(Fraction(1), Fraction(2))}),
        ("speaker", {"speaker": "Emma"}),
        ("placement", {"placement": Placement(vertical="top")}),
        ("locked", {"locked": True}),
        ("review", {"review": Review(state=ReviewState.EDITED)}),
        ("comments", {"comments": (Comment(text="?", actor="Kim", time="t"),)}),
    ],
)
def test_every_field_of_a_cue_is_told_by_its_name(field: str, change: dict[str, Any]) -> None:
    new = replace(TRACK.cues[1], **change)
    (found,) = compare_tracks(TRACK, replace(TRACK, cues=(TRACK.cues[0], new, TRACK.cues[2])))
    assert found.fields == (field,)
    assert (found.before, found.after, found.cue) == (TRACK.cues[1], new, new)


def test_what_is_the_same_is_not_told() -> None:
    assert compare_tracks(TRACK, TRACK) == []
    seen = replace(TRACK.cues[0], review=Review(seen=True), confidence=0.1)
    assert compare_tracks(TRACK, replace(TRACK, cues=(seen, *TRACK.cues[1:]))) == []


def test_cues_that_came_and_went_stand_in_order_of_time() -> None:
    new = Cue(id="c9", span=Span(Fraction(1), Fraction(2)), lines=("New.",))
    came, gone = compare_tracks(TRACK, replace(TRACK, cues=(new, *TRACK.cues[1:])))
    assert (came.fields, came.cue, came.before) == (("added",), new, None)
    assert came.pieces == (WordChange(before="", after="New."),)
    assert (gone.fields, gone.cue, gone.after) == (("removed",), TRACK.cues[0], None)
    assert gone.pieces == (WordChange(before="One two three.", after=""),)


def test_words_are_compared_where_words_are_spaced() -> None:
    pieces = list(word_pieces("One two\nthree.", "One too\nthree, four.", "en"))
    assert pieces == [
        WordChange(before="One", after="One"),
        WordChange(before="two", after="too"),
        WordChange(before="⏎", after="⏎"),
        WordChange(before="three.", after="three, four."),
    ]
    assert list(word_pieces("a b", "a\nb", "en"))[1] == WordChange(before="", after="⏎")


def test_characters_are_compared_where_they_are_not() -> None:
    assert list(word_pieces("今日は雨", "明日は雨", "ja")) == [
        WordChange(before="今", after="明"),
        WordChange(before="日は雨", after="日は雨"),
    ]


def test_a_long_text_is_compared_as_closely_as_a_short_one() -> None:
    """Not as difflib does by itself, which passes over what comes often in 200 items and more."""
    old = "雨雪" * 150
    pieces = list(word_pieces(old, old[:150] + "晴" + old[150:], "ja"))
    assert [piece for piece in pieces if piece.before != piece.after] == [
        WordChange(before="", after="晴")
    ]


def test_a_line_said_often_in_a_long_file_is_paired_by_its_text() -> None:
    said = ["Yes." if n % 40 == 0 else f"Line {n}." for n in range(250)]
    changed = [*said[:119], "New.", "Yes.", "Newer.", *said[122:]]
    before = numbered(*((n, n + 0.25, text) for n, text in enumerate(said)))
    late = [n + 0.5 if n == 120 else n for n in range(250)]
    after = numbered(
        *((start, start + 0.25, text) for start, text in zip(late, changed, strict=True))
    )
    assert texts(before, after) == [
        ("Line 119.", "New."), ("Yes.", "Yes."), ("Line 121.", "Newer.")
    ]  # fmt: skip


def test_cues_of_files_with_new_texts_are_paired_by_the_time_they_share() -> None:
    before = numbered((1, 3, "a"), (4, 6, "b"), (50, 51, "c"))
    assert texts(before, numbered((1, 3, "A"), (4, 6, "B"), (50, 51, "C"))) == [
        ("a", "A"), ("b", "B"), ("c", "C")
    ]  # fmt: skip
    assert texts(before, numbered((4, 6, "B"), (50, 51, "C"))) == [
        ("a", None), ("b", "B"), ("c", "C")
    ]  # fmt: skip
    most = numbered((0, 2, "little"), (2, 8, "more"))
    assert texts(numbered((1, 5, "x")), most) == [(None, "little"), ("x", "more")]


@pytest.mark.parametrize("start", [3, 40])
def test_cues_that_share_no_time_are_not_one_cue(start: int) -> None:
    before, after = numbered((1, 3, "a")), numbered((start, start + 2, "b"))
    assert texts(before, after) == [("a", None), (None, "b")]


def test_ids_of_a_project_are_kept_to_even_where_some_are_numbers() -> None:
    old = replace(TRACK, cues=(replace(TRACK.cues[0], id="1"), *TRACK.cues[1:]))
    new = replace(old, cues=(*old.cues[:2], replace(old.cues[2], id="c9")))
    assert [(change.fields, change.cue.id) for change in compare_tracks(old, new)] == [
        (("removed",), "c3"), (("added",), "c9")
    ]  # fmt: skip

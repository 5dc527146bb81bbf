from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.model import Cue, Feature, Mark, Span, from_plain, seconds, to_plain
from subkit.model.mark_moves import (
    added_mark,
    cleared_marks,
    cut_marks,
    joined_marks,
    moved_marks,
    shifted_marks,
    with_lines,
)


def italic(start: int, end: int) -> Mark:
    return Mark(start=start, end=end, feature=Feature.ITALIC)


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("Hallo Welt", "Hallo du schöne Welt", (6, 10), (16, 20)),
        ("Hallo Welt", "Hallo Wald", (6, 10), (6, 10)),
        ("one two three", "one\ntwo three", (4, 7), (4, 7)),
        ("one two three", "one 2 two three", (4, 7), (6, 9)),
        ("Hallo Welt", "Ganz anders", (0, 10), (0, 11)),
        ("Hallo Welt", "Hallo", (6, 10), None),
        ("Hallo Welt", "", (0, 10), None),
    ],
)
def test_marks_follow_their_letters(
    old: str, new: str, before: tuple[int, int], after: tuple[int, int] | None
) -> None:
    expected = () if after is None else (italic(*after),)
    assert moved_marks((italic(*before),), old, new) == expected


@given(st.text("ab \n", max_size=12), st.text("ab \n", max_size=12), st.data())
def test_moved_marks_lie_in_the_new_text(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    for mark in moved_marks((italic(start, end),), old, new):
        assert 0 <= mark.start <= mark.end <= len(new)


def test_cut_and_shifted_marks_are_those_of_their_part() -> None:
    marks = (italic(2, 8), Mark(start=5, end=5, feature=Feature.OPAQUE, value="x", how="ass"))
    assert cut_marks(marks, 0, 5) == (italic(2, 5),)
    assert cut_marks(marks, 5, 10) == (
        italic(0, 3),
        Mark(start=0, end=0, feature=Feature.OPAQUE, value="x", how="ass"),
    )
    assert shifted_marks((italic(0, 3),), 5) == (italic(5, 8),)


def test_a_cue_without_looks_is_plain_data_as_before_there_were_any() -> None:
    cue = Cue(id="1", span=Span(seconds(1), seconds(2)), lines=("text",))
    plain = to_plain(cue)
    assert not {"marks", "style", "forced", "fade", "mode"} & set(plain)
    assert set(plain["placement"]) == {"vertical", "horizontal"}
    assert from_plain(Cue, plain) == cue
    marked = Cue(id="1", span=Span(seconds(1), seconds(2)), lines=("text",), marks=(italic(0, 2),))
    assert to_plain(marked)["marks"] == [{"start": 0, "end": 2, "feature": "italic"}]
    assert from_plain(Cue, to_plain(marked)) == marked


def _marked(marks: tuple[Mark, ...]) -> set[int]:
    return {place for mark in marks for place in range(mark.start, mark.end)}


_STRETCHES = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 5)).map(lambda pair: italic(pair[0], sum(pair))),
    max_size=4,
).map(tuple)


@given(_STRETCHES, st.integers(0, 20), st.integers(1, 5))
def test_what_is_added_and_cleared_holds_of_these_letters_only(
    marks: tuple[Mark, ...], start: int, length: int
) -> None:
    stretch = set(range(start, start + length))
    assert _marked(cleared_marks(marks, Feature.ITALIC, start, start + length)) == (
        _marked(marks) - stretch
    )
    assert _marked(added_mark(marks, italic(start, start + length))) == _marked(marks) | stretch
    assert cleared_marks(marks, Feature.BOLD, start, start + length) == tuple(
        sorted(marks, key=lambda mark: (mark.start, -mark.end))
    )


@given(_STRETCHES, _STRETCHES)
def test_joined_marks_hold_of_the_letters_that_they_held_of(
    first: tuple[Mark, ...], second: tuple[Mark, ...]
) -> None:
    joined = _marked(joined_marks(first, 25, second))
    letters = _marked(first) | {place + 26 for place in _marked(second)}
    assert joined - {25} == letters


def test_a_cue_gets_its_lines_and_its_marks_at_once() -> None:
    span = Span(seconds("1"), seconds("2"))
    cue = Cue(id="c1", span=span, lines=("one two",), marks=(italic(4, 7),))
    new = with_lines(cue, ["one", "more two"])
    assert new.lines == ("one", "more two")
    assert new.marks == (italic(9, 12),)

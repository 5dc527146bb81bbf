from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.model import Cue, Feature, Mark, Span, from_plain, seconds, to_plain
from subkit.model.mark_moves import cut_marks, moved_marks, shifted_marks


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

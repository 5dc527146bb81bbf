"""What texts, names, places and notes may be, to the last character."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit.edit import (
    choose,
    clean_lines,
    comment,
    lock,
    omit,
    place,
    resolve,
    retext,
    retext_many,
    set_speaker,
)
from subkit.errors import InputError
from subkit.model import Alternative, Origin, Placement, Span
from tests.edit.test_edits import HAND, MADE, project


def test_a_cue_holds_so_many_lines_of_so_many_characters() -> None:
    assert len(clean_lines(["x"] * 20)) == 20
    with pytest.raises(InputError, match="at most 20 lines, not 21"):
        clean_lines(["x"] * 21)
    assert clean_lines(["x" * 1000]) == ("x" * 1000,)
    with pytest.raises(InputError, match="at most 1000 characters, not 1001"):
        clean_lines(["x" * 1001])


@pytest.mark.parametrize("code", [0, 0x1F, 0x0A, 0x09, 0x7F, 0x85, 0x2028, 0x2029, 0xD800, 0xDFFF])
def test_characters_that_no_cue_holds(code: int) -> None:
    with pytest.raises(InputError, match=f"U\\+{code:04X}"):
        clean_lines(["fine", f"a{chr(code)}b"])


@pytest.mark.parametrize("char", [" ", "\x80", "\ud7ff", "\ue000", "~"])
def test_their_neighbours_are_text(char: str) -> None:
    assert clean_lines([f"a{char}b"]) == (f"a{char}b",)


def test_empty_lines_go_from_the_edges_and_stay_inside() -> None:
    assert clean_lines(["", " ", " a ", "", "b", " ", ""]) == ("a", "", "b")
    assert clean_lines(["", " "]) == ()


def test_a_text_that_stays_is_no_edit() -> None:
    document = project()
    assert retext(document, "en", "c1", [" One two three. "], HAND) is document
    same = {"c1": ["One two three."], "c2": ["Four five", "six seven."]}
    assert retext_many(document, "en", same, HAND) is document
    assert set_speaker(document, "en", "c1", None, HAND) is document
    bottom = document.track("en").cue("c1").placement
    there = place(
        document, "en", "c1", HAND, vertical=bottom.vertical, horizontal=bottom.horizontal
    )
    assert there is document


def test_many_texts_are_put_as_one_is_and_the_others_stay() -> None:
    document = project()
    many = retext_many(document, "en", {"c1": ["A"], "c2": ["Four five", "six seven."]}, HAND)
    assert many == retext(document, "en", "c1", ["A"], HAND)
    with pytest.raises(InputError, match="c3"):
        retext_many(lock(document, "en", "c3"), "en", {"c1": ["A"], "c3": ["B"]}, HAND)


def test_old_texts_are_kept_once_each_the_newest_first() -> None:
    document = project()
    for text in ("A", "B", "A", "C"):
        document = retext(document, "en", "c1", [text], HAND)
    assert [old.text for old in document.track("en").cue("c1").alternatives] == [
        "A", "B", "One two three."
    ]  # fmt: skip
    empty = retext(retext(document, "en", "c1", [], HAND), "en", "c1", ["D"], HAND)
    assert [old.text for old in empty.track("en").cue("c1").alternatives][:2] == ["C", "A"]
    for number in range(40):
        document = retext(document, "en", "c1", [f"Text {number}"], HAND)
    kept = [old.text for old in document.track("en").cue("c1").alternatives]
    assert kept == [f"Text {number}" for number in range(38, 8, -1)]
    assert len(kept) == 30


def test_a_chosen_text_is_of_whom_it_came_from_and_else_of_who_chose_it() -> None:
    document = project()
    offered = (Alternative(text="Two\nlines.", provenance=MADE), Alternative(text="Unsigned."))
    cue = replace(document.track("en").cues[0], alternatives=offered)
    track = replace(document.track("en"), cues=(cue, *document.track("en").cues[1:]))
    document = document.with_track(track)
    chosen = choose(document, "en", "c1", "Two\nlines.", HAND).track("en").cue("c1")
    assert (chosen.lines, chosen.provenance) == (("Two", "lines."), MADE)
    unsigned = choose(document, "en", "c1", "Unsigned.", HAND).track("en").cue("c1")
    assert unsigned.provenance is not None
    assert (unsigned.provenance.origin, unsigned.provenance.actor) == (Origin.HUMAN, "Kim")


def test_names_of_speakers() -> None:
    named = set_speaker(project(), "en", "c1", "x" * 200, HAND)
    assert named.track("en").cue("c1").speaker == "x" * 200
    assert set_speaker(named, "en", "c1", None, HAND).track("en").cue("c1").speaker is None
    for wrong in ("", "x" * 201, "a\nb"):
        with pytest.raises(InputError, match="not the id of a speaker"):
            set_speaker(project(), "en", "c1", wrong, HAND)


def test_places_in_the_picture() -> None:
    cue = (
        place(project(), "en", "c1", HAND, vertical="top", horizontal="left").track("en").cue("c1")
    )
    assert cue.placement == Placement(vertical="top", horizontal="left")
    half = place(project(), "en", "c1", HAND, vertical="bottom", horizontal="right")
    assert half.track("en").cue("c1").placement == Placement(horizontal="right")


def test_notes_are_as_long_as_4000_characters() -> None:
    noted = comment(project(), "en", "c1", f" {'x' * 3998} ", HAND)
    assert noted.track("en").cue("c1").comments[0].text == "x" * 3998
    assert len(comment(project(), "en", "c1", "x" * 4000, HAND).track("en").cue("c1").comments) == 1
    for wrong, length in (("x" * 4001, 4001), ("", 0), ("  ", 0)):
        with pytest.raises(InputError, match=f"1 to 4000 characters, not {length}"):
            comment(project(), "en", "c1", wrong, HAND)


def test_comments_are_counted_from_0() -> None:
    noted = comment(project(), "en", "c1", "?", HAND)
    assert resolve(noted, "en", "c1", 0).track("en").cue("c1").comments[0].resolved
    for index in (-1, 1):
        with pytest.raises(InputError, match=f"no comment {index}"):
            resolve(noted, "en", "c1", index)


def test_omissions_stand_in_order_and_one_at_a_place() -> None:
    def part(start: int, end: int) -> Span:
        return Span(Fraction(start), Fraction(end))

    told = omit(omit(project(), part(10, 12), "song", HAND), part(1, 3), "laughter", HAND)
    assert [(known.reason, known.time) for known in told.omissions] == [
        ("laughter", HAND.time), ("song", HAND.time)
    ]  # fmt: skip
    beside = omit(told, part(3, 10), "crowd", HAND)
    assert [known.reason for known in beside.omissions] == ["laughter", "crowd", "song"]
    over = omit(beside, part(2, 4), "", HAND)
    assert [known.reason for known in over.omissions] == ["song"]
    with pytest.raises(InputError, match="is empty"):
        omit(told, part(2, 2), "song", HAND)


def test_a_lock_is_opened_again() -> None:
    shut = lock(project(), "en", "c1")
    assert [cue.locked for cue in shut.track("en").cues] == [True, False, False]
    assert lock(shut, "en", "c1", locked=False) == project()

"""Edits of when cues are shown and of how many there are, to the frame."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit.edit import approve, comment, delete, insert, lock, merge, retext, retime, split
from subkit.errors import InputError
from subkit.model import Comment, Media, Project, Span
from tests.edit.test_edits import HAND, RATE, ids, project


def span(start: int, end: int) -> Span:
    return Span(RATE.time(start), RATE.time(end))


def frames(document: Project, cue: str, track: str = "en") -> tuple[int, int]:
    found = document.track(track).cue(cue).span
    return RATE.frame(found.start), RATE.frame(found.end)


def test_times_that_stay_are_no_edit() -> None:
    document = project()
    assert retime(document, "en", "c1", span(100, 160), HAND) is document
    nearly = Span(RATE.time(100) + Fraction(1, 1000), RATE.time(160))
    assert retime(document, "en", "c1", nearly, HAND) is document


def test_a_translation_that_went_its_own_way_goes_on() -> None:
    document = project()
    apart = retime(document, "ko", "c1", span(101, 160), HAND)
    assert frames(retime(apart, "en", "c1", span(90, 150), HAND), "c1", "ko") == (101, 160)
    foreign = replace(document.track("ko").cues[0], sources=("c2",))
    track = replace(document.track("ko"), cues=(foreign, *document.track("ko").cues[1:]))
    other = retime(document.with_track(track), "en", "c1", span(90, 150), HAND)
    assert frames(other, "c1", "ko") == (100, 160), "it has the id, and is of another cue"


def test_a_cue_has_a_frame_at_least_and_begins_within_the_media() -> None:
    document = project()
    assert frames(retime(document, "en", "c1", span(5, 6), HAND), "c1") == (5, 6)
    with pytest.raises(InputError, match="at least one frame"):
        retime(document, "en", "c1", span(5, 5), HAND)
    end = document.media.duration
    with pytest.raises(InputError, match=r"ends at 60\.000 s"):
        retime(document, "en", "c1", Span(end, end + 1), HAND)
    last = retime(document, "en", "c1", Span(end - 1, end + 1), HAND)
    assert ids(last) == ["c2", "c3", "c1"]


@pytest.mark.parametrize(
    "media",
    [
        Media(path="", digest="", duration=Fraction(60), frame_rate=RATE),
        Media(path="film.mp4", digest="", duration=Fraction(0), frame_rate=RATE),
    ],
)
def test_without_media_of_a_known_length_a_cue_may_be_anywhere(media: Media) -> None:
    document = replace(project(), media=media)
    assert frames(retime(document, "en", "c1", span(9000, 9010), HAND), "c1") == (9000, 9010)


@pytest.mark.parametrize(
    ("at", "gap", "halves"),
    [
        (130, 0, ((100, 130), (130, 160))),
        (130, 2, ((100, 128), (130, 160))),
        (100, 0, ((100, 101), (101, 160))),
        (100, 2, ((100, 101), (103, 160))),
        (102, 2, ((100, 101), (103, 160))),
        (103, 2, ((100, 101), (103, 160))),
        (160, 0, ((100, 159), (159, 160))),
        (400, 3, ((100, 156), (159, 160))),
    ],
)
def test_a_split_leaves_a_frame_on_either_side(
    at: int, gap: int, halves: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    after = split(project(), "en", "c1", (0, 4), HAND, at=RATE.time(at), gap=gap)
    assert (frames(after, "c1"), frames(after, "c1.2")) == halves


@pytest.mark.parametrize(("length", "gap"), [(1, 0), (2, 1), (3, 2)])
def test_a_cue_of_too_few_frames_is_not_split(length: int, gap: int) -> None:
    short = retime(project(), "en", "c1", span(100, 100 + length), HAND)
    with pytest.raises(InputError, match="too short"):
        split(short, "en", "c1", (0, 4), HAND, gap=gap)
    longer = retime(project(), "en", "c1", span(100, 101 + length), HAND)
    halves = split(longer, "en", "c1", (0, 4), HAND, gap=gap)
    assert frames(halves, "c1") == (100, 101)
    assert frames(halves, "c1.2") == (100 + length, 101 + length)


def test_a_split_divides_the_time_as_the_text() -> None:
    even = retext(project(), "en", "c1", ["abcd", "efgh ijkl"], HAND)
    after = split(even, "en", "c1", (1, 4), HAND)
    assert frames(after, "c1") == (100, 140), "8 of 12 letters, 40 of 60 frames"
    assert after.track("en").cue("c1").lines == ("abcd", "efgh")
    assert after.track("en").cue("c1.2").lines == ("ijkl",)


def test_halves_begin_without_old_texts_and_notes_stay_with_the_first() -> None:
    noted = comment(retext(project(), "en", "c1", ["New text."], HAND), "en", "c1", "?", HAND)
    assert noted.track("en").cue("c1").alternatives
    after = split(noted, "en", "c1", (0, 3), HAND)
    first, second = after.track("en").cue("c1"), after.track("en").cue("c1.2")
    assert (first.alternatives, second.alternatives) == ((), ())
    assert (first.comments, second.comments) == (
        (Comment(text="?", actor="Kim", time=HAND.time),), ()
    )  # fmt: skip
    joined = merge(comment(after, "en", "c1.2", "!", HAND), "en", "c1", "c1.2", HAND)
    assert [said.text for said in joined.track("en").cue("c1").comments] == ["?", "!"]


@pytest.mark.parametrize("caret", [(-1, 0), (2, 0), (0, -1), (0, 10), (1, 11)])
def test_a_caret_outside_of_the_text_is_named(caret: tuple[int, int]) -> None:
    with pytest.raises(InputError, match=f"no place {caret[0]}, {caret[1]} "):
        split(project(), "en", "c2", caret, HAND)


def test_a_caret_at_the_end_of_a_line_divides_the_lines() -> None:
    after = split(project(), "en", "c2", (0, 9), HAND)
    assert after.track("en").cue("c2").lines == ("Four five",)
    assert after.track("en").cue("c2.2").lines == ("six seven.",)
    for caret in ((0, 0), (1, 10)):
        with pytest.raises(InputError, match="no text"):
            split(project(), "en", "c2", caret, HAND)


@pytest.mark.parametrize(("cue", "following"), [("c1", "c3"), ("c2", "c1"), ("c1", "c1")])
def test_only_cues_that_follow_each_other_are_merged(cue: str, following: str) -> None:
    with pytest.raises(InputError, match=f"'{following}' does not follow cue '{cue}'"):
        merge(project(), "en", cue, following, HAND)


def test_a_merged_cue_is_on_screen_as_long_as_both() -> None:
    late = merge(project(), "en", "c1", "c2", HAND)
    assert frames(late, "c1") == (100, 260)
    assert frames(late, "c1", "ko") == (100, 260)
    inside = retime(project(), "en", "c2", span(110, 120), HAND)
    assert frames(merge(inside, "en", "c1", "c2", HAND), "c1") == (100, 160)
    said = merge(project(), "en", "c1", "c2", HAND, lines=["Other."]).track("en").cue("c1")
    assert said.lines == ("Other.",)
    assert late.track("en").cue("c1").lines == ("One two three.", "Four five", "six seven.")


@pytest.mark.parametrize("missing", ["c1", "c2"])
def test_a_translation_without_one_of_the_two_keeps_the_other(missing: str) -> None:
    document = delete(project(), "ko", missing)
    after = merge(document, "en", "c1", "c2", HAND)
    (kept,) = {"c1", "c2"} - {missing}
    assert ids(after, "ko") == [kept, "c3"]
    assert after.track("ko").cue(kept).sources == ("c1",)
    assert after.track("ko").cue(kept).lines == document.track("ko").cue(kept).lines


def test_a_new_cue_is_named_after_the_one_before_it() -> None:
    def named(start: int) -> str:
        added = insert(project(), "en", span(start, start + 5), ["New."], HAND)
        return next(name for name in ids(added) if name not in ids(project()))

    assert [named(99), named(100), named(199), named(200), named(900)] == [
        "c0000.2", "c1.2", "c1.2", "c2.2", "c3.2"
    ]  # fmt: skip
    twice = insert(project(), "en", span(101, 103), ["New."], HAND)
    again = insert(twice, "en", span(104, 105), ["Newer."], HAND)
    assert ids(again) == ["c1", "c1.2", "c1.3", "c2", "c3"]
    elsewhere = insert(project(), "ko", span(101, 103), ["New."], HAND)
    assert ids(insert(elsewhere, "en", span(101, 103), ["New."], HAND))[1] == "c1.3"


def test_deleting_takes_open_translations_along_and_leaves_sealed_ones() -> None:
    assert ids(delete(project(), "en", "c2"), "ko") == ["c1", "c3"]
    for kept in (lock(project(), "ko", "c2"), approve(project(), "ko", "x", HAND, cues=["c2"])):
        after = delete(kept, "en", "c2")
        assert ids(after) == ["c1", "c3"]
        assert after.track("ko") == kept.track("ko")


def test_who_names_a_deleted_cue_as_one_source_of_two_names_the_other() -> None:
    document = project()
    wide = replace(document.track("ko").cues[0], sources=("c1", "c2"))
    track = replace(document.track("ko"), cues=(wide, document.track("ko").cues[2]))
    after = delete(document.with_track(track), "en", "c2")
    assert [cue.sources for cue in after.track("ko").cues] == [("c1",), ("c3",)]
    assert frames(after, "c1", "ko") == (100, 160)

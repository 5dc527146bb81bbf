"""Marks follow their text through every edit, and are edited themselves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit import edit
from subkit.edit import Change, Hand, content_digest, standing, take_back
from subkit.edit.comparison import compare_tracks
from subkit.edit.replacing import plan_replacements, replace_all
from subkit.errors import CueLockedError, InputError
from subkit.model import (
    Alternative,
    Area,
    Cue,
    Feature,
    FrameRate,
    Mark,
    Media,
    Placement,
    Project,
    Span,
    Track,
    to_plain,
)

HAND = Hand(actor="Kim", time="2026-12-01T00:00:00Z")
RATE = FrameRate(Fraction(25))


def italic(start: int, end: int) -> Mark:
    return Mark(start=start, end=end, feature=Feature.ITALIC)


def color(start: int, end: int, value: str = "#ff0000ff") -> Mark:
    return Mark(start=start, end=end, feature=Feature.COLOR, value=value)


def project(*cues: tuple[str, tuple[Mark, ...]]) -> Project:
    made = tuple(
        Cue(
            id=f"c{number}",
            span=Span(RATE.time(100 * number), RATE.time(100 * number + 60)),
            lines=tuple(text.split("\n")),
            marks=marks,
        )
        for number, (text, marks) in enumerate(cues, start=1)
    )
    media = Media(path="film.mp4", digest="", duration=Fraction(60), frame_rate=RATE)
    return Project(title="t", media=media, tracks=(Track(id="en", language="en", cues=made),))


def marked(project: Project, cue: str = "c1") -> list[tuple[str, str]]:
    """Each mark of a cue: its feature, and the text it stands on."""
    found = project.tracks[0].cue(cue)
    return [(mark.feature.value, found.text[mark.start : mark.end]) for mark in found.marks]


def test_another_text_keeps_the_marks_of_the_letters_that_stay() -> None:
    old = project(("See the Titanic sink.", (italic(8, 15),)))
    new = edit.retext(old, "en", "c1", ["We saw", "the Titanic go down."], HAND)
    assert marked(new) == [("italic", "Titanic")]
    many = edit.retext_many(old, "en", {"c1": ["Titanic!"]}, HAND)
    assert marked(many) == [("italic", "Titanic")]


def test_an_alternative_keeps_the_marks_of_the_letters_that_stay() -> None:
    old = project(("See the Titanic.", (italic(8, 15),)))
    cue = replace(old.tracks[0].cues[0], alternatives=(Alternative(text="Look, the Titanic!"),))
    old = old.with_track(replace(old.tracks[0], cues=(cue,)))
    assert marked(edit.choose(old, "en", "c1", "Look, the Titanic!", HAND)) == [
        ("italic", "Titanic")
    ]


def test_find_and_replace_moves_the_marks_behind_it() -> None:
    old = project(("Hugo saw the Titanic.", (italic(13, 20),)))
    plans = plan_replacements(
        old.tracks[0], lambda lines: [(line.replace("Hugo", "Maximilian"), 1) for line in lines]
    )
    assert marked(replace_all(old, "en", plans, HAND)) == [("italic", "Titanic")]


@pytest.mark.parametrize(
    ("caret", "first", "second"),
    [
        (
            (0, 8),
            [("color", "two"), ("italic", "two")],
            [("italic", "three four"), ("bold", "four")],
        ),
        (
            (1, 0),
            [("italic", "two three"), ("color", "two")],
            [("italic", "four"), ("bold", "four")],
        ),
    ],
)
def test_a_split_gives_each_half_its_marks(
    caret: tuple[int, int], first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    marks = (italic(4, 18), color(4, 7), Mark(start=14, end=18, feature=Feature.BOLD))
    old = project(("one two three\nfour five", marks))
    new = edit.split(old, "en", "c1", caret, HAND)
    assert marked(new) == first
    halves = [(f, text.replace("\n", " ")) for f, text in marked(new, "c1.2")]
    assert halves == second


def test_a_merge_keeps_both_sides_and_makes_one_of_what_goes_on() -> None:
    old = project(
        ("Come in,", (italic(0, 8), color(0, 4))),
        ("dear Emma.", (italic(0, 10), color(5, 9))),
    )
    new = edit.merge(old, "en", "c1", "c2", HAND)
    assert marked(new) == [
        ("italic", "Come in,\ndear Emma."),
        ("color", "Come"),
        ("color", "Emma"),
    ]
    broken = edit.merge(old, "en", "c1", "c2", HAND, lines=["Come in, dear", "Emma."])
    assert marked(broken) == [
        ("italic", "Come in, dear\nEmma."),
        ("color", "Come"),
        ("color", "Emma"),
    ]


def test_two_readings_side_by_side_stay_two() -> None:
    ruby = Mark(start=0, end=1, feature=Feature.RUBY, value="かん")
    new = edit.merge(project(("漢", (ruby,)), ("漢", (ruby,))), "en", "c1", "c2", HAND)
    assert marked(new) == [("ruby", "漢"), ("ruby", "漢")]


def test_marks_count_in_an_approval_and_old_approvals_stand() -> None:
    plain = project(("Emma?", ()))
    approved = edit.approve(plain, "en", "reviewer", HAND)
    cue = approved.tracks[0].cues[0]
    # The digest of a cue without marks, as it was computed before cues had any.
    assert content_digest(cue) == (
        "sha256:a67f50ac589675f7ccf381fa674a7531316d189cfb2491b7f7344567a2427d3c"
    )
    assert standing(cue)
    assert not standing(replace(cue, marks=(italic(0, 4),)))
    assert not standing(replace(cue, forced=True))
    assert not standing(replace(cue, placement=Placement(writing="vertical-rl")))
    new = edit.mark_text(approved, "en", "c1", italic(0, 4), HAND)
    assert not standing(new.tracks[0].cues[0])


def test_a_mark_is_set_grows_and_goes() -> None:
    old = project(("one two three", ()))
    new = edit.mark_text(old, "en", "c1", italic(0, 3), HAND)
    new = edit.mark_text(new, "en", "c1", italic(3, 7), HAND)
    assert new.tracks[0].cues[0].marks == (italic(0, 7),)
    assert edit.mark_text(new, "en", "c1", italic(0, 7), HAND) is new
    new = edit.unmark_text(new, "en", "c1", italic(2, 4), HAND)
    assert new.tracks[0].cues[0].marks == (italic(0, 2), italic(4, 7))
    assert edit.unmark_text(new, "en", "c1", color(0, 5), HAND) is new


def test_a_colour_takes_the_place_of_another() -> None:
    new = edit.mark_text(
        project(("one two three", (color(0, 13),))), "en", "c1", color(4, 7, "#00ff00ff"), HAND
    )
    assert [(m.start, m.end, m.value) for m in new.tracks[0].cues[0].marks] == [
        (0, 4, "#ff0000ff"),
        (4, 7, "#00ff00ff"),
        (7, 13, "#ff0000ff"),
    ]


@pytest.mark.parametrize(
    "mark",
    [
        italic(0, 99),
        italic(2, 2),
        color(0, 3, "red"),
        replace(italic(0, 3), value="x"),
        Mark(start=0, end=3, feature=Feature.RUBY),
        Mark(start=0, end=3, feature=Feature.VOICE, value="a\x00"),
    ],
)
def test_marks_that_no_text_can_have_are_refused(mark: Mark) -> None:
    with pytest.raises(InputError):
        edit.mark_text(project(("one", ())), "en", "c1", mark, HAND)


def test_a_mark_takes_a_value_or_none_and_a_cue_so_many_marks() -> None:
    document = project(("one", ()))
    with pytest.raises(InputError, match="A mark 'italic' takes no value"):
        edit.mark_text(document, "en", "c1", replace(italic(0, 3), value="x"), HAND)
    with pytest.raises(InputError, match="A mark 'ruby' takes a value"):
        edit.mark_text(document, "en", "c1", Mark(start=0, end=3, feature=Feature.RUBY), HAND)
    for length in (1000, 1001):
        named = Mark(start=0, end=3, feature=Feature.VOICE, value="x" * length)
        if length > 1000:
            with pytest.raises(InputError, match="is not what a mark 'voice' can say"):
                edit.mark_text(document, "en", "c1", named, HAND)
        else:
            assert edit.mark_text(document, "en", "c1", named, HAND) != document
    text = "x" * (2002)
    many = tuple(italic(2 * n, 2 * n + 1) for n in range(999))
    full = edit.mark_text(project((text, many)), "en", "c1", italic(2000, 2001), HAND)
    assert len(full.tracks[0].cues[0].marks) == 1000
    more = italic(1998, 1999)
    with pytest.raises(InputError, match="at most 1000 marks"):
        edit.mark_text(full, "en", "c1", more, HAND)


def test_looks_of_another_state_are_taken_and_the_same_ones_are_no_edit() -> None:
    document = project(("Go on.", ()))
    forced = edit.set_forced(document, "en", "c1", HAND, forced=True)
    cue = forced.track("en").cue("c1")
    assert cue.forced
    assert cue.review.actor == "Kim"
    assert edit.set_forced(forced, "en", "c1", HAND, forced=True) is forced
    other = replace(
        cue, lines=("Other.",), marks=(italic(0, 2),), placement=Placement(vertical="top")
    )
    looked = edit.restyle(forced, "en", other, HAND).track("en").cue("c1")
    assert (looked.lines, looked.marks) == (("Go on.",), (italic(0, 2),))
    assert looked.placement == Placement(vertical="top")
    assert edit.restyle(document, "en", document.track("en").cue("c1"), HAND) is document


def test_a_locked_cue_keeps_its_looks() -> None:
    locked = edit.lock(project(("one", (italic(0, 3),))), "en", "c1")
    with pytest.raises(CueLockedError):
        edit.unmark_text(locked, "en", "c1", italic(0, 3), HAND)
    with pytest.raises(CueLockedError):
        edit.set_forced(locked, "en", "c1", HAND, forced=True)


def test_a_mark_is_taken_back_also_where_there_was_none_before() -> None:
    old = project(("one", ()))
    new = edit.set_forced(
        edit.mark_text(old, "en", "c1", italic(0, 3), HAND), "en", "c1", HAND, forced=True
    )
    change = Change(
        track="en",
        cue="c1",
        before=to_plain(old.tracks[0].cues[0]),
        after=to_plain(new.tracks[0].cues[0]),
    )
    back = take_back(new, [change]).tracks[0].cues[0]
    assert (back.marks, back.forced) == ((), False)
    assert back.review.state == old.tracks[0].cues[0].review.state


def test_a_rough_place_takes_the_exact_one_away_and_leaves_the_writing() -> None:
    old = project(("one", ()))
    exact = Placement(
        area=Area(x=Fraction(0), y=Fraction(0), width=Fraction(1), height=Fraction(1)),
        writing="vertical-rl",
    )
    cue = replace(old.tracks[0].cues[0], placement=exact)
    old = old.with_track(replace(old.tracks[0], cues=(cue,)))
    assert edit.place(old, "en", "c1", HAND, vertical="bottom", horizontal="center") is old
    new = edit.place(old, "en", "c1", HAND, vertical="top", horizontal="center")
    assert new.tracks[0].cues[0].placement == Placement(vertical="top", writing="vertical-rl")


def test_a_comparison_names_the_looks() -> None:
    old = project(("one", ()))
    new = edit.mark_text(old, "en", "c1", italic(0, 3), HAND)
    (change,) = compare_tracks(old.tracks[0], new.tracks[0])
    assert "looks" in change.fields
    assert "text" not in change.fields

"""What each edit does to a document, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.edit import (
    Change,
    Hand,
    approve,
    choose,
    clean_lines,
    comment,
    content_digest,
    delete,
    insert,
    lock,
    mark_looked_at,
    merge,
    place,
    retext,
    retime,
    set_speaker,
    split,
    standing,
    take_back,
)
from subkit.errors import InputError, StaleError
from subkit.model import (
    Cue,
    FrameRate,
    Media,
    Origin,
    Project,
    Provenance,
    ReviewState,
    Span,
    Track,
    to_plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable

RATE = FrameRate(Fraction(24000, 1001))
HAND = Hand(actor="Kim", time="2026-01-01T00:00:00Z")
MADE = Provenance(origin=Origin.MT, tool="test", model="m")
TEXTS = (("One two three.",), ("Four five", "six seven."), ("👨‍👩‍👧 eight.",))


def project() -> Project:
    cues = tuple(
        Cue(
            id=f"c{n}",
            span=Span(RATE.time(100 * n), RATE.time(100 * n + 60)),
            lines=lines,
            provenance=MADE,
            confidence=0.5,
        )
        for n, lines in enumerate(TEXTS, start=1)
    )
    target = tuple(replace(cue, sources=(cue.id,)) for cue in cues)
    media = Media(path="film.mp4", digest="", duration=Fraction(60), frame_rate=RATE)
    tracks = (
        Track(id="en", language="en", cues=cues),
        Track(id="ko", language="ko", source="en", cues=target),
    )
    return Project(title="t", media=media, tracks=tracks)


def ids(project: Project, track: str = "en") -> list[str]:
    return [cue.id for cue in project.track(track).cues]


def test_a_new_text_is_a_persons_and_the_old_one_is_kept() -> None:
    old = project().track("en").cue("c1")
    cue = retext(project(), "en", "c1", [" New. ", ""], HAND).track("en").cue("c1")
    assert cue.lines == ("New.",)
    assert cue.provenance == Provenance(
        origin=Origin.HUMAN, tool="subkit", actor="Kim", time=HAND.time
    )
    assert (cue.alternatives[0].text, cue.alternatives[0].provenance) == (old.text, MADE)
    assert (cue.review.state, cue.review.actor, cue.review.seen) == (
        ReviewState.EDITED, "Kim", True
    )  # fmt: skip
    assert cue.confidence is None
    assert cue.span == old.span


def test_choosing_brings_the_text_with_its_origin_and_back() -> None:
    first = retext(project(), "en", "c1", ["New."], HAND)
    back = choose(first, "en", "c1", "One two three.", HAND).track("en").cue("c1")
    assert (back.lines, back.provenance) == (("One two three.",), MADE)
    assert [other.text for other in back.alternatives] == ["New."]
    with pytest.raises(InputError, match="no alternative"):
        choose(first, "en", "c1", "Never said.", HAND)


EDITS: dict[str, Callable[[Project], Project]] = {
    "retext": lambda p: retext(p, "en", "c2", ["x"], HAND),
    "retime": lambda p: retime(p, "en", "c2", Span(Fraction(9), Fraction(10)), HAND),
    "split": lambda p: split(p, "en", "c2", (1, 0), HAND),
    "merge": lambda p: merge(p, "en", "c2", "c3", HAND),
    "speaker": lambda p: set_speaker(p, "en", "c2", "s1", HAND),
    "place": lambda p: place(p, "en", "c2", HAND, vertical="top", horizontal="left"),
    "delete": lambda p: delete(p, "en", "c2"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_takes_the_approval_of_its_cue_alone_and_spares_a_locked_one(name: str) -> None:
    signed = approve(project(), "en", "reviewer", HAND)
    edited = EDITS[name](signed)
    for cue in edited.track("en").cues:
        touched = cue.id not in ids(signed) or cue.id == "c2"
        assert bool(standing(cue)) is (not touched and cue == signed.track("en").cue(cue.id))
    with pytest.raises(InputError, match="locked"):
        EDITS[name](lock(signed, "en", "c2"))


@pytest.mark.parametrize("name", [*EDITS, "insert"])
def test_undo_by_what_was_before_and_after(name: str) -> None:
    before = project()
    make = EDITS.get(name) or (
        lambda p: insert(p, "en", Span(Fraction(1), Fraction(2)), ["new"], HAND)
    )
    after = make(before)
    assert after != before
    changes = changes_of(before, after)
    back = take_back(after, changes)
    assert unseen(back) == unseen(before)
    noted = comment(after, "ko", "c1", "beside", HAND)
    assert take_back(noted, changes).track("ko").cue("c1").comments
    again = [Change(track=c.track, cue=c.cue, before=c.after, after=c.before) for c in changes]
    assert unseen(take_back(back, again)) == unseen(after)


def changes_of(before: Project, after: Project) -> list[Change]:
    found = []
    for old, new in zip(before.tracks, after.tracks, strict=True):
        first, second = ({cue.id: cue for cue in track.cues} for track in (old, new))
        for name in dict.fromkeys((*first, *second)):
            if first.get(name) != second.get(name):
                one, two = (to_plain(c) if c else None for c in (first.get(name), second.get(name)))
                found.append(Change(track=old.id, cue=name, before=one, after=two))
    return found


def unseen(project: Project) -> Project:
    for track in project.tracks:
        cues = tuple(replace(c, review=replace(c.review, seen=False)) for c in track.cues)
        project = project.with_track(replace(track, cues=cues))
    return project


def test_an_undo_refuses_what_was_changed_since() -> None:
    after = retext(project(), "en", "c1", ["A"], HAND)
    changes = changes_of(project(), after)
    with pytest.raises(StaleError, match="c1"):
        take_back(retext(after, "en", "c1", ["B"], HAND), changes)
    noted = comment(after, "en", "c1", "beside", HAND)
    back = take_back(noted, changes).track("en").cue("c1")
    assert (back.text, len(back.comments)) == ("One two three.", 1)


def test_times_go_to_frames_and_the_translation_follows() -> None:
    edited = retime(project(), "en", "c2", Span(Fraction(8), Fraction(21, 2)), HAND)
    span = edited.track("en").cue("c2").span
    assert (span.start, span.end) == (RATE.snap(Fraction(8)), RATE.snap(Fraction(21, 2)))
    assert edited.track("ko").cue("c2").span == span
    assert edited.track("ko").cue("c2").provenance == MADE
    for sealed in (lock(project(), "ko", "c2"), approve(project(), "ko", "reviewer", HAND)):
        kept = retime(sealed, "en", "c2", Span(Fraction(8), Fraction(9)), HAND)
        assert kept.track("ko") == sealed.track("ko")
    late = retime(project(), "en", "c1", Span(Fraction(9), Fraction(10)), HAND)
    assert ids(late) == ["c2", "c1", "c3"]
    for wrong in (Span(Fraction(5), Fraction(5)), Span(Fraction(70), Fraction(71))):
        with pytest.raises(InputError):
            retime(project(), "en", "c1", wrong, HAND)


@given(
    line=st.integers(0, 2), column=st.integers(0, 12), gap=st.integers(0, 4), cue=st.integers(1, 3)
)
def test_a_split_loses_no_character_and_no_frame_but_the_gap(
    line: int, column: int, gap: int, cue: int
) -> None:
    before = project()
    old = before.track("en").cue(f"c{cue}")
    try:
        after = split(before, "en", old.id, (line, column), HAND, gap=gap)
    except InputError:
        return
    first, second = after.track("en").cue(old.id), after.track("en").cue(f"{old.id}.2")
    assert "".join((first.text + second.text).split()) == "".join(old.text.split())
    assert (first.span.start, second.span.end) == (old.span.start, old.span.end)
    assert RATE.frame(second.span.start) - RATE.frame(first.span.end) == gap
    assert first.lines
    assert second.lines
    assert ids(after).index(second.id) == ids(after).index(first.id) + 1
    assert after.track("ko").cue(old.id).sources == (old.id, second.id)
    joined = merge(after, "en", first.id, second.id, HAND, lines=old.lines)
    assert content_digest(joined.track("en").cue(old.id)) == content_digest(old)


def test_a_caret_inside_a_character_stays_outside() -> None:
    with pytest.raises(InputError, match="no text"):
        split(project(), "en", "c3", (0, 2), HAND)
    after = split(project(), "en", "c2", (0, 5), HAND)
    again = split(after, "en", "c2.2", (0, 4), HAND)
    assert ids(again) == ["c1", "c2", "c2.2", "c2.3", "c3"]


def test_inserted_cues_stand_in_order_with_an_id_of_their_own() -> None:
    first = insert(project(), "en", Span(Fraction(7), Fraction(8)), ["New."], HAND, speaker="s1")
    assert ids(first) == ["c1", "c1.2", "c2", "c3"]
    cue = first.track("en").cue("c1.2")
    assert cue.provenance is not None
    assert (cue.provenance.origin, cue.speaker) == (Origin.HUMAN, "s1")
    assert ids(insert(project(), "en", Span(Fraction(0), Fraction(1)), ["x"], HAND))[0] == "c0000.2"


def test_looking_is_no_edit() -> None:
    signed = approve(project(), "en", "reviewer", HAND)
    seen = mark_looked_at(signed, "en", {"c1", "gone"}, {"c2"})
    assert [(c.review.seen, c.review.played) for c in seen.track("en").cues] == [
        (True, False), (True, True), (False, False)
    ]  # fmt: skip
    assert all(standing(cue) for cue in seen.track("en").cues)
    assert mark_looked_at(seen, "en", {"c1"}) is seen


@given(st.lists(st.text(max_size=30), max_size=6))
def test_lines_are_clean_or_refused(lines: list[str]) -> None:
    try:
        cleaned = clean_lines(lines)
    except InputError:
        return
    assert clean_lines(cleaned) == cleaned
    assert all(line == line.strip() and "\n" not in line for line in cleaned)
    assert not cleaned or (cleaned[0] and cleaned[-1])

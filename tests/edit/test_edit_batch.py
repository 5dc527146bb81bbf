"""Many edits as one pass: the same as one after the other, at the cost of each alone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from subkit.edit import (
    Change,
    EditBatch,
    Hand,
    approve,
    delete,
    insert,
    lock,
    retext,
    retime,
    take_back,
)
from subkit.edit.replacing import plan_replacements, replace_all
from subkit.errors import CueLockedError, NotFoundError
from subkit.exchange.edited_subtitles import take_subtitles
from subkit.model import Project, Span, to_plain
from tests.builders.stores import sample
from tests.work import work

if TYPE_CHECKING:
    from collections.abc import Callable

HAND = Hand(actor="Kim", time="2026-01-01T00:00:00Z")


def film(cues: int = 12) -> Project:
    """A track, and its translation whose cues name their sources."""
    project = sample(cues=cues)
    translated = project.track("ko")
    named = tuple(replace(cue, sources=(cue.id,)) for cue in translated.cues)
    return project.with_track(replace(translated, cues=named))


def later(project: Project, cue: str) -> Span:
    return project.track("en").cue(cue).span.shifted(Fraction(1, 4))


def test_a_batch_is_what_the_edits_make_one_after_the_other() -> None:
    project = lock(film(), "ko", "c0003")
    between = Span(Fraction(2), Fraction(3))
    edits: list[tuple[str, Callable[[Project], Project]]] = [
        ("c0001", lambda p: retext(p, "en", "c0001", ["One."], HAND)),
        ("c0002", lambda p: retime(p, "en", "c0002", later(project, "c0002"), HAND)),
        ("c0003", lambda p: retime(p, "en", "c0003", later(project, "c0003"), HAND)),
        ("c0004", lambda p: delete(p, "en", "c0004")),
        ("c0001", lambda p: retext(p, "en", "c0001", ["Once more."], HAND)),
    ]
    one_by_one, batch = project, EditBatch(project)
    for cue, edit in edits:
        one_by_one = edit(one_by_one)
        batch.apply(cue, edit)
    for text in ("New.", "And new."):
        one_by_one = insert(one_by_one, "en", between, [text], HAND)
        batch.insert("en", between, [text], HAND)
    assert batch.project() == one_by_one
    assert [cue.id for cue in one_by_one.track("en").cues if "." in cue.id] == [
        "c0001.2",
        "c0001.3",
    ]


def test_a_batch_knows_the_translations_of_a_deleted_cue_by_their_sources() -> None:
    project = film()
    track = project.track("ko")
    both = replace(track.cues[5], id="k1", sources=("c0004", "c0005"))
    project = project.with_track(replace(track, cues=(*track.cues[:4], both, *track.cues[6:])))
    batch = EditBatch(project)
    batch.apply("c0004", lambda p: delete(p, "en", "c0004"))
    assert batch.project() == delete(project, "en", "c0004")
    assert batch.project().track("ko").cue("k1").sources == ("c0005",)


def test_an_edit_that_is_refused_leaves_the_batch_as_it_was() -> None:
    project = lock(film(), "en", "c0002")
    batch = EditBatch(project)
    with pytest.raises(CueLockedError, match="c0002"):
        batch.apply("c0002", lambda p: retext(p, "en", "c0002", ["No."], HAND))
    with pytest.raises(NotFoundError):
        batch.apply("c9999", lambda p: retext(p, "en", "c9999", ["No."], HAND))
    assert batch.project() is project


def replacing(project: Project) -> Project:
    track = project.track("en")
    plans = plan_replacements(track, lambda lines: [(f"{line}!", 1) for line in lines])
    return replace_all(project, "en", plans, HAND)


def taking(project: Project) -> Project:
    """A file in which half of the texts and times are new, some cues are added and some gone."""
    track = project.track("en")
    theirs = tuple(
        replace(cue, lines=("Other.",), span=cue.span.shifted(Fraction(1, 4))) if n % 2 else cue
        for n, cue in enumerate(track.cues)
        if n % 10 != 6
    )
    fresh = tuple(
        replace(
            cue,
            id=f"x{cue.id}",
            span=Span(cue.span.end, cue.span.end + Fraction(1, 5)),
            lines=("N.",),
        )
        for cue in theirs[::10]
    )
    found = replace(track, cues=(*theirs, *fresh))
    done = take_subtitles(project, track, found, HAND, delete_absent=True)
    assert done.edited
    assert done.retimed
    assert done.added
    assert done.deleted
    assert not done.refused
    return done.project


def undoing(project: Project) -> Project:
    signed = approve(project, "en", "reviewer", HAND)
    changes = [
        Change(track="en", cue=old.id, before=to_plain(old), after=to_plain(new))
        for old, new in zip(project.track("en").cues, signed.track("en").cues, strict=True)
    ]
    undone = take_back(signed, changes)
    assert undone.tracks == project.tracks
    return undone


@pytest.mark.parametrize("edit", [replacing, taking, undoing])
def test_twice_the_cues_are_twice_the_work(edit: Callable[[Project], Project]) -> None:
    small, large = film(100), film(200)
    edit(film(10))  # tables are read once
    once, twice = work(lambda: edit(small)), work(lambda: edit(large))
    assert twice < 2.3 * once

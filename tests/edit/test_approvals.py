"""An approval is of what was there: no edit and no later approval carries an older one along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subkit.edit import Hand, approve, is_sealed, is_standing, lock, retext, standing, unapprove
from subkit.model import Project, ReviewState
from tests.edit.test_edits import EDITS, HAND, project

ADA = Hand(actor="Ada", time="2026-01-02T00:00:00Z")


def roles(project: Project, cue: str = "c2") -> list[str]:
    return [approval.role for approval in project.track("en").cue(cue).review.approvals]


@pytest.mark.parametrize("name", [name for name in EDITS if name != "delete"])
def test_an_edit_leaves_no_approval_behind(name: str) -> None:
    """Not even one that no longer stands: the old text may come back."""
    edited = EDITS[name](approve(project(), "en", "reviewer", HAND))
    cue = edited.track("en").cue("c2")
    assert cue.review.approvals == ()
    assert cue.review.state is ReviewState.EDITED
    assert (cue.review.actor, cue.review.time) == (HAND.actor, HAND.time)


def test_the_old_text_written_again_is_not_approved_again() -> None:
    signed = approve(project(), "en", "reviewer", HAND)
    old = signed.track("en").cue("c2").lines
    back = retext(retext(signed, "en", "c2", ["Other."], HAND), "en", "c2", old, ADA)
    assert back.track("en").cue("c2").lines == old
    assert standing(back.track("en").cue("c2")) == ()
    assert roles(back, "c1") == ["reviewer"]


def test_an_approval_takes_nobody_along_who_approved_other_words() -> None:
    """A change that went around the edits leaves approvals of older words in the cue."""
    signed = approve(project(), "en", "translator", HAND)
    track = signed.track("en")
    cues = tuple(replace(c, lines=("Forged.",)) if c.id == "c2" else c for c in track.cues)
    forged = signed.with_track(replace(track, cues=cues))
    again = approve(forged, "en", "reviewer", ADA)
    assert roles(again, "c1") == ["translator", "reviewer"]
    assert roles(again) == ["reviewer"]


def test_a_role_approves_once_and_the_last_one_counts() -> None:
    twice = approve(approve(project(), "en", "reviewer", HAND), "en", "reviewer", ADA)
    (approval,) = twice.track("en").cue("c2").review.approvals
    assert (approval.actor, approval.time) == ("Ada", ADA.time)
    review = twice.track("en").cue("c2").review
    assert (review.state, review.actor, review.time) == (ReviewState.APPROVED, "Ada", ADA.time)


def test_who_takes_an_approval_back_leaves_the_cue_as_people_left_it() -> None:
    edited = retext(project(), "en", "c1", ["Mine."], HAND)
    both = approve(approve(edited, "en", "reviewer", HAND), "en", "producer", ADA)
    one = unapprove(both, "en", role="producer")
    assert roles(one) == ["reviewer"]
    assert one.track("en").cue("c1").review.state is ReviewState.APPROVED
    assert [signed.role for signed in one.signoffs] == ["reviewer"]
    none = unapprove(one, "en", role="reviewer")
    states = {cue.id: cue.review.state for cue in none.track("en").cues}
    assert states["c1"] is ReviewState.EDITED, "a person's text is a person's still"
    assert states["c2"] is ReviewState.UNREVIEWED
    part = unapprove(both, "en", cues=["c3"])
    assert (roles(part, "c1"), roles(part, "c3")) == (["reviewer", "producer"], [])


def test_sign_offs_go_with_the_cues_they_cover_and_no_others() -> None:
    first = approve(project(), "en", "reviewer", HAND, cues=["c1", "c2"])
    other = approve(first, "ko", "reviewer", HAND)
    both = approve(other, "en", "producer", ADA, cues=["c2", "c3"])
    assert [(s.track, s.role, s.cues) for s in both.signoffs] == [
        ("en", "reviewer", ("c1", "c2")),
        ("ko", "reviewer", ()),
        ("en", "producer", ("c2", "c3")),
    ]
    assert all(is_standing(both, signed) for signed in both.signoffs)
    left = unapprove(both, "en", cues=["c1"])
    assert [(s.track, s.role) for s in left.signoffs] == [("ko", "reviewer"), ("en", "producer")]
    wider = approve(first, "en", "reviewer", ADA, cues=["c1", "c2", "c3"])
    assert [s.cues for s in wider.signoffs] == [("c1", "c2", "c3")], "it says all of the other"
    narrow = approve(wider, "en", "reviewer", ADA, cues=["c1", "c2"])
    assert [s.cues for s in narrow.signoffs] == [("c1", "c2", "c3"), ("c1", "c2")]
    gone = replace(both, tracks=both.tracks[1:])
    assert [is_standing(gone, signed) for signed in both.signoffs] == [False, True, False]


def test_sealed_is_locked_or_approved() -> None:
    cue = project().track("en").cue("c2")
    assert not is_sealed(cue)
    assert is_sealed(lock(project(), "en", "c2").track("en").cue("c2"))
    assert is_sealed(approve(project(), "en", "reviewer", HAND).track("en").cue("c2"))
    assert not is_sealed(retext(project(), "en", "c2", ["x"], HAND).track("en").cue("c2"))

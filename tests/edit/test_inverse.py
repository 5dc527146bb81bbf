"""What taking an edit back leaves alone, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit.edit import (
    Change,
    approve,
    changed_fields,
    comment,
    delete,
    insert,
    mark_looked_at,
    omit,
    retext,
    take_back,
    unapprove,
)
from subkit.errors import ConflictError
from subkit.model import Project, Span, to_plain
from tests.edit.test_edits import HAND, changes_of, project

SPAN = Span(Fraction(1), Fraction(2))


def head(before: Project, after: Project) -> list[Change]:
    """The change of what belongs to no cue, as a ledger keeps it."""

    def plain(document: Project) -> dict[str, object]:
        return {
            "signoffs": [to_plain(signed) for signed in document.signoffs],
            "omissions": [to_plain(omitted) for omitted in document.omissions],
        }

    return [Change(before=plain(before), after=plain(after))]


def test_fields_are_named_with_those_of_the_review() -> None:
    before = to_plain(project().track("en").cue("c1"))
    after = to_plain(retext(project(), "en", "c1", ["x"], HAND).track("en").cue("c1"))
    assert changed_fields(before, before) == []
    names = changed_fields(before, after)
    assert {"lines", "alternatives", "review.state", "review.seen"} <= set(names)
    assert not {"id", "span", "review"} & set(names)


def test_a_new_cue_goes_though_it_was_looked_at_and_stays_if_it_was_changed() -> None:
    added = insert(project(), "en", SPAN, ["New."], HAND)
    (change,) = changes_of(project(), added)
    looked = mark_looked_at(added, "en", {change.cue}, {change.cue})
    assert looked != added
    assert take_back(looked, [change]) == project()
    with pytest.raises(ConflictError) as told:
        take_back(retext(added, "en", change.cue, ["Newer."], HAND), [change])
    assert (told.value.track, told.value.cue) == ("en", change.cue)


def test_a_cue_that_was_deleted_comes_back_and_one_that_is_there_is_in_the_way() -> None:
    gone = delete(project(), "ko", "c2")
    (change,) = changes_of(project(), gone)
    assert take_back(gone, [change]) == project()
    with pytest.raises(ConflictError):
        take_back(project(), [change])


def test_what_is_gone_cannot_be_taken_back() -> None:
    edited = retext(project(), "ko", "c2", ["x"], HAND)
    changes = changes_of(project(), edited)
    with pytest.raises(ConflictError, match="cue 'c2' of track 'ko'"):
        take_back(delete(edited, "ko", "c2"), changes)
    with pytest.raises(ConflictError, match="cue 'c2' of track 'ko'"):
        take_back(replace(edited, tracks=edited.tracks[:1]), changes)


def test_what_others_did_to_other_fields_stays() -> None:
    edited = retext(project(), "en", "c1", ["x"], HAND)
    noted = mark_looked_at(comment(edited, "en", "c1", "?", HAND), "en", (), {"c1"})
    back = take_back(noted, changes_of(project(), edited)).track("en").cue("c1")
    assert (back.text, len(back.comments)) == ("One two three.", 1)
    assert back.review.played


def test_changes_are_taken_back_from_the_last_to_the_first() -> None:
    once = retext(project(), "en", "c1", ["x"], HAND)
    twice = retext(once, "en", "c1", ["y"], HAND)
    both = [*changes_of(project(), once), *changes_of(once, twice)]
    assert take_back(twice, both).track("en").cue("c1").text == "One two three."
    with pytest.raises(ConflictError):
        take_back(twice, changes_of(project(), once))


def test_sign_offs_and_omissions_come_and_go_each_by_itself() -> None:
    signed = approve(project(), "en", "reviewer", HAND)
    told = omit(signed, SPAN, "song", HAND)
    back = take_back(told, head(project(), signed))
    assert (back.signoffs, len(back.omissions)) == ((), 1)
    again = take_back(told, head(signed, told))
    assert (again.signoffs, again.omissions) == (signed.signoffs, ())
    other = approve(told, "ko", "producer", HAND)
    kept = take_back(other, head(project(), signed))
    assert [known.role for known in kept.signoffs] == ["producer"]


def test_a_sign_off_that_was_withdrawn_comes_back_once() -> None:
    signed = approve(project(), "en", "reviewer", HAND)
    open_again = unapprove(signed, "en")
    (change,) = head(signed, open_again)
    assert take_back(open_again, [change]).signoffs == signed.signoffs
    assert take_back(signed, [change]).signoffs == signed.signoffs, "it is there already"
    with pytest.raises(ConflictError, match="the sign-offs"):
        take_back(open_again, head(project(), signed))

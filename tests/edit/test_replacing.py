"""Find and replace: what is planned, what is refused and why, and what is made of a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from subkit.edit import approve, lock
from subkit.edit.replacing import Replacement, plan_replacements, replace_all
from subkit.model import Project, ReviewState
from tests.edit.test_edits import HAND, project

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def swap(old: str, new: str) -> Callable[[Sequence[str]], list[tuple[str, int]]]:
    return lambda lines: [(line.replace(old, new), line.count(old)) for line in lines]


def plans(document: Project, old: str, new: str) -> list[Replacement]:
    return plan_replacements(document.track("en"), swap(old, new))


def test_a_plan_names_the_cues_that_change_and_no_others() -> None:
    assert plans(project(), "e", "E") == [
        Replacement(cue="c1", before=("One two three.",), after=("OnE two thrEE.",), count=3),
        Replacement(
            cue="c2", before=("Four five", "six seven."), after=("Four fivE", "six sEvEn."), count=3
        ),
        Replacement(cue="c3", before=("👨‍👩‍👧 eight.",), after=("👨‍👩‍👧 Eight.",), count=1),
    ]
    assert [plan.cue for plan in plans(project(), "six", "6")] == ["c2"]
    assert plans(project(), "nine", "9") == []
    assert plans(project(), "six", "six") == [], "found, and nothing would be different"


def test_a_count_without_a_find_changes_nothing() -> None:
    assert plan_replacements(project().track("en"), lambda lines: [("x", 0) for _ in lines]) == []


def test_a_line_that_goes_leaves_the_other_and_no_text_is_refused() -> None:
    (plan,) = plans(project(), "Four five", "")
    assert (plan.after, plan.refused) == (("six seven.",), "")
    (plan,) = plans(project(), "One two three.", "")
    assert plan.refused == "it would be left without text"


def test_what_a_cue_cannot_hold_is_refused_with_the_reason() -> None:
    (plan,) = plans(project(), "six", "6\x07")
    assert plan.refused == "A line cannot hold the character U+0007."
    assert plan.after == ("Four five", "6\x07 seven."), "shown as it would have been"


def test_locked_and_approved_cues_are_left_and_say_by_whom() -> None:
    shut = lock(approve(project(), "en", "reviewer", HAND, cues=["c2"]), "en", "c1")
    told = {plan.cue: plan.refused for plan in plans(shut, "e", "E")}
    assert told == {"c1": "it is locked", "c2": "it was approved by Kim", "c3": ""}
    made = replace_all(shut, "en", plans(shut, "e", "E"), HAND)
    changed = [
        new.id
        for old, new in zip(shut.track("en").cues, made.track("en").cues, strict=True)
        if old != new
    ]
    assert changed == ["c3"]
    cue = made.track("en").cue("c3")
    assert (cue.lines, cue.review.state) == (("👨‍👩‍👧 Eight.",), ReviewState.EDITED)
    assert made.track("ko") == shut.track("ko")


@pytest.mark.parametrize("sealed", ["locked", "approved"])
def test_a_sealed_cue_is_refused_for_that_even_where_its_text_would_be_bad(sealed: str) -> None:
    shut = (
        lock(project(), "en", "c1")
        if sealed == "locked"
        else approve(project(), "en", "reviewer", HAND, cues=["c1"])
    )
    (plan,) = plans(shut, "One two three.", "")
    assert plan.refused == {"locked": "it is locked", "approved": "it was approved by Kim"}[sealed]


def test_nothing_planned_is_nothing_done() -> None:
    assert replace_all(project(), "en", [], HAND) == project()
    refused = [replace(plan, refused="no") for plan in plans(project(), "e", "E")]
    assert replace_all(project(), "en", refused, HAND) == project()

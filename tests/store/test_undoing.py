"""What one act changed is one transaction; an undo names the one it takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from subkit.edit import Hand, approve, comment, delete, lock, mark_looked_at, retext, split
from subkit.errors import ConflictError, NotFoundError, StaleError
from subkit.model import Project, Term
from subkit.store import ProjectFile
from subkit.store.ledger import Transaction
from subkit.store.undoing import UndoStacks, undo_last, undone_action
from tests.builders.stores import edited, sample

HAND = Hand(actor="Kim", time="2026-01-01T00:00:00Z")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectFile]:
    path = tmp_path / "film.subkit"
    # A clock that stands still: nothing is told from equal times.
    with ProjectFile.create(path, sample(), actor="subkit", now=lambda: HAND.time) as file:
        yield file


def text(store: ProjectFile, cue: str = "c0001", track: str = "en") -> str:
    return store.load().track(track).cue(cue).text


def unseen(project: Project) -> Project:
    """Without the marks of who looked at what: those stay."""
    for track in project.tracks:
        cues = tuple(replace(c, review=replace(c.review, seen=False)) for c in track.cues)
        project = project.with_track(replace(track, cues=cues))
    return project


def say(store: ProjectFile, words: str, *, actor: str = "Kim", cue: str = "c0001") -> int:
    hand = replace(HAND, actor=actor)
    edited = retext(store.load(), "en", cue, [words], hand)
    return store.commit(edited, actor=actor, action="edit")[0].transaction


def test_one_act_is_one_transaction_though_the_clock_stands_still(store: ProjectFile) -> None:
    first, second = say(store, "One."), say(store, "Two.")
    entries = store.commit(
        split(store.load(), "en", "c0002", (0, 4), HAND), actor="Kim", action="x"
    )
    assert first != second
    assert {entry.transaction for entry in entries} == {entries[0].sequence}
    assert len(entries) > 2
    assert store.entries_of(second) == [
        entry for entry in store.ledger() if entry.transaction == second
    ]
    assert [entry.sequence for entry in store.entries_of(entries[0].sequence)] == [
        entry.sequence for entry in entries
    ]


def test_undo_and_redo_name_what_they_take_back(store: ProjectFile) -> None:
    said = say(store, "One.")
    (undone,) = undo_last(store, "Kim")
    assert (undone.action, undone.undoes, text(store)) == ("undo", said, "Line 1,\nand one more.")
    (again,) = undo_last(store, "Kim", again=True)
    assert (again.action, again.undoes, text(store)) == ("redo", undone.transaction, "One.")
    (back,) = undo_last(store, "Kim")
    assert (back.undoes, text(store)) == (again.transaction, "Line 1,\nand one more.")
    with pytest.raises(NotFoundError, match="nothing to undo"):
        undo_last(store, "Kim")
    undo_last(store, "Kim", again=True)
    with pytest.raises(NotFoundError, match="nothing to redo"):
        undo_last(store, "Kim", again=True)
    assert store.verify() is None


def test_steps_go_back_one_by_one_and_a_new_edit_ends_the_way_forward(store: ProjectFile) -> None:
    for words in ("One.", "Two.", "Three."):
        say(store, words)
    assert [text(store) for _ in range(2) if undo_last(store, "Kim")] == ["Two.", "One."]
    undo_last(store, "Kim", again=True)
    assert text(store) == "Two."
    say(store, "Other.")
    with pytest.raises(NotFoundError):
        undo_last(store, "Kim", again=True)
    undo_last(store, "Kim")
    assert text(store) == "Two."


def test_each_undoes_their_own(store: ProjectFile) -> None:
    say(store, "Kim's.")
    say(store, "Ben's.", actor="Ben", cue="c0002")
    undo_last(store, "Kim")
    assert (text(store), text(store, "c0002")) == ("Line 1,\nand one more.", "Ben's.")
    with pytest.raises(NotFoundError):
        undo_last(store, "Kim")
    with pytest.raises(NotFoundError):
        undo_last(store, "subkit")


def test_what_somebody_changed_since_is_not_taken_back(store: ProjectFile) -> None:
    say(store, "Kim's.")
    say(store, "Ben's.", actor="Ben")
    with pytest.raises(ConflictError) as caught:
        undo_last(store, "Kim")
    assert (caught.value.track, caught.value.cue) == ("en", "c0001")
    assert text(store) == "Ben's."


def test_several_commits_of_one_act_are_undone_together(store: ProjectFile) -> None:
    before = unseen(store.load())
    first = say(store, "One.")
    edited = retext(store.load(), "en", "c0002", ["Two."], HAND)
    (entry,) = store.commit(edited, actor="Kim", action="fix", transaction=first)
    assert entry.transaction == first
    undo_last(store, "Kim")
    assert unseen(store.load()) == before


def test_a_transaction_that_is_over_is_not_gone_on_with(store: ProjectFile) -> None:
    first = say(store, "One.")
    say(store, "Two.", actor="Ben", cue="c0002")
    edited = retext(store.load(), "en", "c0003", ["Three."], HAND)
    with pytest.raises(StaleError, match="is over"):
        store.commit(edited, actor="Kim", action="fix", transaction=first)
    assert text(store, "c0003") == "Line 3,\nand one more."


def test_every_edit_comes_back(store: ProjectFile) -> None:
    edits: dict[str, Callable[[Project], Project]] = {
        "comment": lambda p: comment(p, "en", "c0001", "Really?", HAND),
        "delete": lambda p: delete(p, "en", "c0001"),
        "lock": lambda p: lock(p, "en", "c0001"),
        "approve": lambda p: approve(p, "en", "reviewer", HAND),
        "split": lambda p: split(p, "en", "c0001", (0, 4), HAND),
    }
    for name, edit in edits.items():
        before = store.load()
        store.commit(edit(before), actor="Kim", action=name)
        assert unseen(store.load()) != unseen(before)
        undo_last(store, "Kim")
        assert unseen(store.load()) == unseen(before), name


@pytest.mark.parametrize("action", ["seen", "glossary"])
def test_what_changes_no_cue_is_passed_over(store: ProjectFile, action: str) -> None:
    said = say(store, "One.")
    project: Project = {
        "seen": mark_looked_at(store.load(), "en", frozenset({"c0002"}), frozenset()),
        "glossary": replace(
            store.load(),
            glossary=(Term(source="Hugo", target="휴고", source_language="en", language="ko"),),
        ),
    }[action]
    store.commit(project, actor="Kim", action=action)
    (undone,) = undo_last(store, "Kim")
    assert undone.undoes == said


def test_whole_tracks_do_not_go_by_an_undo(store: ProjectFile) -> None:
    project = store.load()
    store.commit(replace(project, tracks=project.tracks[:1]), actor="Kim", action="edit")
    with pytest.raises(NotFoundError):
        undo_last(store, "Kim")


def test_stacks_of_transactions() -> None:
    def act(number: int, undoes: int | None = None) -> Transaction:
        return Transaction(number=number, actor="Kim", action="edit", undoes=undoes)

    def stacks(*acts: Transaction) -> tuple[list[int], list[int]]:
        made = UndoStacks.of(acts, "Kim")
        return [t.number for t in made.undo], [t.number for t in made.redo]

    assert stacks(act(1), act(2)) == ([1, 2], [])
    assert stacks(act(1), act(2), act(3, 2)) == ([1], [3])
    assert stacks(act(1), act(2), act(3, 2), act(4, 1)) == ([], [3, 4])
    assert stacks(act(1), act(2), act(3, 2), act(4, 3)) == ([1, 4], [])
    assert stacks(act(1), act(2), act(3, 2), act(4)) == ([1, 4], [])
    assert stacks(act(1), replace(act(2), actor="Ben")) == ([1], [])


def test_an_undo_is_told_by_the_action_that_it_takes_back(store: ProjectFile) -> None:
    for text, action in (("One.", "first"), ("Two.", "second"), ("Three.", "third")):
        store.commit(edited(store.load(), "c0001", text), actor="Kim", action=action)
    undo_last(store, "Kim")
    undo_last(store, "Kim", again=True)
    *_, undone, redone = store.transactions()
    assert undone_action(store, undone) == undone_action(store, redone) == "third"
    assert UndoStacks.of(store.transactions(), "Kim").next() == redone


def test_a_transaction_that_claims_to_undo_itself_is_told_by_its_own_action(
    store: ProjectFile,
) -> None:
    said = say(store, "One.")
    claimed = Transaction(number=said, actor="Kim", action="undo", undoes=said)
    assert undone_action(store, claimed) == "undo"

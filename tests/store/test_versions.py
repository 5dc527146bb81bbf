"""Earlier versions from the ledger, and a ledger in which no byte can be changed unseen."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.edit import Hand, approve, comment, delete, insert, lock, merge, retext, retime, split
from subkit.errors import InputError, StoreError, SubkitError
from subkit.model import Carried, Project, Span
from subkit.store import ProjectFile
from subkit.store.version_1 import FirstTransactions
from subkit.store.versions import load_version
from tests.builders.stores import sample

if TYPE_CHECKING:
    from collections.abc import Callable

HAND = Hand(actor="Kim", time="2026-01-01T00:00:00Z")
EDITS: dict[str, Callable[[Project, str, int], Project]] = {
    "retext": lambda p, cue, n: retext(p, "en", cue, [f"text {n}"], HAND),
    "retime": lambda p, cue, n: retime(
        p, "en", cue, p.track("en").cue(cue).span.shifted(Fraction(n % 7)), HAND
    ),
    "split": lambda p, cue, n: split(p, "en", cue, (0, 2), HAND),
    "merge": lambda p, cue, n: merge(p, "en", cue, _next(p, cue), HAND),
    "insert": lambda p, cue, n: insert(p, "en", Span(Fraction(n), Fraction(n + 1)), ["new"], HAND),
    "delete": lambda p, cue, n: delete(p, "en", cue),
    "comment": lambda p, cue, n: comment(p, "en", cue, f"note {n}", HAND),
    "lock": lambda p, cue, n: lock(p, "en", cue),
    "approve": lambda p, cue, n: approve(p, "en", "reviewer", HAND),
}


def _next(project: Project, cue: str) -> str:
    ids = [known.id for known in project.track("en").cues]
    return ids[(ids.index(cue) + 1) % len(ids)]


@settings(max_examples=12)
@given(data=st.data())
def test_every_version_can_be_read_again(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("v") / "film.subkit"
    with ProjectFile.create(path, sample(cues=8), actor="a") as store:
        versions = {len(list(store.ledger())): store.load()}
        for number in range(data.draw(st.integers(1, 8))):
            project = store.load()
            cue = data.draw(st.sampled_from([c.id for c in project.track("en").cues]))
            name = data.draw(st.sampled_from(sorted(EDITS)))
            try:
                project = EDITS[name](project, cue, number + 2)
            except InputError:
                continue
            store.commit(project, actor="Kim", action=name)
            versions[store.latest(limit=1)[0][0].sequence] = store.load()
        assert store.verify() is None
        for sequence, version in versions.items():
            assert load_version(store, sequence) == version
        with pytest.raises(StoreError, match="has no version"):
            load_version(store, max(versions) + 1)
        with pytest.raises(StoreError, match="has no version"):
            load_version(store, 0)


def test_a_transcript_that_was_replaced_is_not_made_up(tmp_path: Path) -> None:
    path = tmp_path / "film.subkit"
    with ProjectFile.create(path, sample(), actor="a") as store:
        before = store.latest(limit=1)[0][0].sequence
        new = sample(words=9).transcript
        from dataclasses import replace

        store.commit(replace(store.load(), transcript=new), actor="a", action="transcribe")
        old = load_version(store, before)
        assert old.transcript is None
        assert old.tracks == sample().tracks


def storied(path: Path) -> int:
    """A project with a few edits; gives the number of its entries."""
    with ProjectFile.create(path, sample(cues=5), actor="a") as store:
        for number, name in enumerate(("retext", "comment", "split", "delete", "approve")):
            project = store.load()
            cue = project.track("en").cues[number % 3].id
            store.commit(EDITS[name](project, cue, number), actor="Kim", action=name)
        return store.latest(limit=1)[0][0].sequence


@pytest.mark.slow
def test_one_changed_letter_anywhere_in_the_ledger_is_named(tmp_path: Path) -> None:
    """Every column of every entry, and every row of the document: 300 places by chance."""
    path = tmp_path / "film.subkit"
    storied(path)
    original = path.read_bytes()
    chance = random.Random(5)
    columns = ("time", "actor", "tool", "action", "target", "before", "after", "previous", "hash")
    for _ in range(150):
        path.write_bytes(original)
        with sqlite3.connect(path) as raw:
            raw.execute("DROP TRIGGER ledger_never_changes")
            trigger = (
                "CREATE TRIGGER ledger_never_changes BEFORE UPDATE ON ledger\n"
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
            if chance.random() < 0.7:
                column = chance.choice(columns)
                rows = raw.execute(f"SELECT sequence, {column} FROM ledger").fetchall()
                sequence, text = chance.choice([row for row in rows if row[1]])
                new = _flipped(text, chance)
                raw.execute(f"UPDATE ledger SET {column} = ? WHERE sequence = ?", (new, sequence))
            else:
                sequence = 0
                target, text = chance.choice(raw.execute("SELECT * FROM document").fetchall())
                new = _flipped(text, chance)
                raw.execute("UPDATE document SET data = ? WHERE target = ?", (new, target))
            raw.execute(trigger)
        raw.close()
        try:
            with ProjectFile.open(path, writable=False) as store:
                fault = store.verify()
        except SubkitError:
            continue
        assert fault is not None, (sequence, text, new)
        assert fault.message.endswith(".")
        if sequence:
            assert fault.sequence in {sequence, sequence + 1}, fault


def _flipped(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text))
    other = chr(ord(text[place]) ^ 1)
    return text[:place] + other + text[place + 1 :]


@pytest.mark.slow
def test_one_flipped_byte_of_the_file_is_seen_or_is_no_content(tmp_path: Path) -> None:
    """Bytes that hold nothing (free space, headers' counters) may change; content may not."""
    path = tmp_path / "film.subkit"
    storied(path)
    with ProjectFile.open(path, writable=False) as store:
        document = store.load()
        ledger = [entry.hash for entry in store.ledger()]
    original = path.read_bytes()
    chance = random.Random(6)
    caught = 0
    for place in sorted(chance.sample(range(len(original)), 250)):
        data = bytearray(original)
        data[place] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(data))
        try:
            with ProjectFile.open(path, writable=False) as store:
                fault = store.verify()
                if fault is None:
                    assert store.load() == document
                    assert [entry.hash for entry in store.ledger()] == ledger
                else:
                    caught += 1
        except SubkitError:
            caught += 1
    assert caught > 100


def test_the_first_version_is_what_was_created(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path / "film.subkit", sample(), actor="a") as store:
        store.commit(retext(store.load(), "en", "c0001", ["New."], HAND), actor="Kim", action="x")
        assert load_version(store, 1) == sample(), "whatever entry of its transaction is named"


@pytest.mark.parametrize(
    ("action", "undoes"),
    [("undo 3", 3), ("redo 4", 4), ("split 3", None), ("undo 1", 1), ("undo", None),
     ("undo x", None), ("undo 9", None), ("undo 0", None)],
)  # fmt: skip
def test_an_undo_of_version_1_names_an_entry_before_it(action: str, undoes: int | None) -> None:
    assert FirstTransactions().next(9, "t", "Kim", "subkit", action) == (9, undoes)


def test_what_a_track_carried_comes_with_a_version_while_it_is_still_there(tmp_path: Path) -> None:
    """Of carried blocks the ledger has a digest: other ones are no part of an older version."""
    project = sample()
    note = Carried(format="vtt", kind="note", text="NOTE by Ana")
    project = project.with_track(replace(project.track("en"), carried=(note,)))
    with ProjectFile.create(tmp_path / "film.subkit", project, actor="a") as store:
        first = store.latest(limit=1)[0][0].sequence
        store.commit(retext(project, "en", "c0001", ["New."], HAND), actor="Kim", action="edit")
        assert load_version(store, first) == project
        other = replace(store.load().track("en"), carried=(replace(note, text="NOTE by Ben"),))
        store.commit(store.load().with_track(other), actor="Kim", action="edit")
        assert load_version(store, first).track("en").carried == ()

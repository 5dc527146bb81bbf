"""What a large project costs is counted, not timed: rows written, and statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from subkit.edit import Hand, approve, retext
from subkit.store import ProjectFile
from subkit.store.tables import PAGE
from tests.builders.stores import sample

HAND = Hand(actor="Kim", time="2026-01-01T00:00:00Z")


@contextmanager
def counted(store: ProjectFile) -> Iterator[list[str]]:
    """The SQL statements of the block."""
    statements: list[str] = []
    store._connection.set_trace_callback(statements.append)
    yield statements
    store._connection.set_trace_callback(None)


def test_work_grows_with_what_changes_and_not_with_the_project(tmp_path: Path) -> None:
    edits = []
    for cues in (50, 400):
        with ProjectFile.create(tmp_path / f"{cues}.subkit", sample(cues=cues), actor="a") as store:
            project = store.load()
            before = store._connection.total_changes
            with counted(store) as statements:
                edited = retext(project, "en", "c0010", ["New."], HAND)
                store.commit(edited, actor="Kim", action="edit")
            edits.append((store._connection.total_changes - before, len(statements)))

            before = store._connection.total_changes
            with counted(store) as statements:
                signed = approve(edited, "en", "reviewer", HAND)
                store.commit(signed, actor="Kim", action="approve")
            rows = 2 * (cues + 1)  # of every cue, and of the project's head, its row and its entry
            assert store._connection.total_changes - before == rows
            assert len(statements) <= 3 * (cues + 1) + 6

            entries = store.latest(limit=1)[0][0].sequence
            with counted(store) as statements:
                assert store.verify() is None
            assert len(statements) <= 3 * (entries // PAGE + 3) + 4, "the ledger is read in pages"
    assert edits[0] == edits[1]
    assert edits[0][0] == 2, "one row, one entry"

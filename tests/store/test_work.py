"""What a large project costs is counted, not timed: rows written, and statements."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from subkit.edit import Hand, approve, retext
from subkit.store import ProjectFile
from subkit.store.tables import PAGE
from tests.builders.stores import sample
from tests.work import work

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
            pages = entries // PAGE + 2 * cues // PAGE + 6
            with counted(store) as statements:
                assert store.verify() is None
            assert len(statements) <= 3 * pages, "ledger and document are read in pages"
    assert edits[0] == edits[1]
    assert edits[0][0] == 2, "one row, one entry"


def test_creating_approving_and_verifying_cost_the_same_for_every_cue(tmp_path: Path) -> None:
    costs = []
    for cues in (150, 300):
        project, path = sample(cues=cues), tmp_path / f"{cues}.subkit"
        create = work(lambda: ProjectFile.create(path, project, actor="a").close())  # noqa: B023
        with ProjectFile.open(path) as store:
            load = work(store.load)
            signed = approve(store.load(), "en", "reviewer", HAND)
            commit = work(lambda: store.commit(signed, actor="Kim", action="approve"))  # noqa: B023
            verify = work(store.verify)
        costs.append((create, load, commit, verify))
    for once, twice in zip(*costs, strict=True):
        assert twice < 2.1 * once
    _, loaded, committed, verified = (cost / 300 for cost in costs[1])
    assert loaded < 2 * 150, "calls for each cue and its translation"
    assert committed < 210
    assert verified < 2 * 180 + 60


@pytest.mark.slow
def test_verifying_needs_no_more_memory_for_a_longer_project(tmp_path: Path) -> None:
    peaks = []
    for cues in (500, 1500):
        path = tmp_path / f"{cues}.subkit"
        ProjectFile.create(path, sample(cues=cues), actor="a").close()
        with ProjectFile.open(path, writable=False) as store:
            tracemalloc.start()
            assert store.verify() is None
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0], "a page of it at a time, and the names of its parts"

"""Where a project may lie, and what stands beside it while it is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from subkit.errors import LockedError, StoreError
from subkit.store import ProjectFile, load
from subkit.store.location import discard, fresh
from tests.builders.stores import edited, sample
from tests.rights import without_overrides


@pytest.mark.parametrize("length", [200, 235, 240, 247])
def test_a_project_with_a_long_name_is_made_opened_and_locked(tmp_path: Path, length: int) -> None:
    """A file's name has 255 bytes at most, and a journal's is the project's and 8 more."""
    path = tmp_path / f"{'x' * (length - 7)}.subkit"
    with ProjectFile.create(path, sample(), actor="ana") as store:
        store.commit(edited(store.load(), "c0001", "New."), actor="ana", action="edit")
        with pytest.raises(LockedError):
            ProjectFile.open(path)
    assert load(path) == edited(sample(), "c0001", "New.")
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_name_without_room_for_a_journal_is_refused_before_anything_is_made(
    tmp_path: Path,
) -> None:
    with pytest.raises(StoreError, match="too long"):
        ProjectFile.create(tmp_path / ("x" * 248), sample(), actor="ana")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_leftovers_of_another_project_of_the_name_are_refused(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"film.subkit{ending}").symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="left over"):
        fresh(tmp_path / "film.subkit")


def test_an_unfinished_project_goes_with_all_that_stands_beside_it(tmp_path: Path) -> None:
    draft = tmp_path / ".film.subkit.new"
    for ending in ("", "-journal", "-wal", "-shm"):
        draft.with_name(draft.name + ending).write_text("x")
    (tmp_path / "film.subkit").write_text("mine")
    discard(draft)
    discard(draft)
    assert [entry.name for entry in tmp_path.iterdir()] == ["film.subkit"]


def test_a_draft_that_a_killed_process_left_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".film.subkit.new").write_bytes(b"half of a project")
    ProjectFile.create(tmp_path / "film.subkit", sample(), actor="ana").close()
    assert load(tmp_path / "film.subkit") == sample()
    assert [entry.name for entry in tmp_path.iterdir()] == ["film.subkit"]


def test_a_draft_that_cannot_go_is_told(tmp_path: Path) -> None:
    draft = tmp_path / ".film.subkit.new"
    draft.write_text("x")
    tmp_path.chmod(0o500)
    try:
        with without_overrides(), pytest.raises(StoreError, match="cannot be removed"):
            discard(draft)
    finally:
        tmp_path.chmod(0o700)

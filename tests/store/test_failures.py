"""What SQLite says, as one sentence for a person."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from subkit.errors import DamagedError, LockedError, SchemaError, StoreError
from subkit.model import Cue
from subkit.store import ProjectFile, load
from subkit.store.database import connect, read_failure
from subkit.store.rows import encode, require_named, require_whole, split
from subkit.store.versions import load_version
from tests.builders.stores import sample

FILM = Path("film.subkit")


@pytest.mark.fast
@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        ("file is not a database", DamagedError, "is not a subkit project"),
        ("database disk image is malformed", DamagedError, "is damaged"),
        ("database or disk is full", StoreError, "cannot be written: the disk is full"),
        ("disk I/O error", StoreError, "cannot be written: the disk reports an error"),
        ("database is locked", LockedError, "is in use by another program"),
        ("attempt to write a readonly database", StoreError, "may not read it, or not write to"),
        ("unable to open database file", StoreError, "may not read it, or not write to it"),
        ("no such column: x", StoreError, "cannot be used: no such column: x"),
    ],
)
def test_each_failure_is_a_sentence(error: str, kind: type[StoreError], sentence: str) -> None:
    told = read_failure(FILM, sqlite3.OperationalError(error))
    assert type(told) is kind
    assert sentence in told.message


@pytest.mark.fast
def test_a_cue_has_the_id_of_its_row() -> None:
    cue: Cue = sample().track("en").cues[1]
    require_named("cue:en/c0001", cue)
    for wrong in ("cue:en/c0002", "cue:en/other/c0001", "cue:c0001", "cue:en/xc0001"):
        with pytest.raises(SchemaError):
            require_named(wrong, cue)


def test_a_version_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path / "film.subkit", sample(), actor="ana") as store:
        count = len(list(store.ledger()))
        assert load_version(store, count).title == sample().title
        for number in (0, count + 1):
            with pytest.raises(StoreError, match=f"has no version {number}") as caught:
                load_version(store, number)
            assert f"It has 1 to {count};" in caught.value.remedy


def test_a_project_is_opened_with_what_a_hostile_file_may_not_do(tmp_path: Path) -> None:
    path = tmp_path / "film.subkit"
    ProjectFile.create(path, sample(), actor="ana").close()
    with closing(connect(path, writable=True)) as connection:
        found = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("trusted_schema", "cell_size_check", "foreign_keys", "synchronous")
        }
        assert connection.execute("PRAGMA mmap_size").fetchone() in ((0,), None)
    assert found == {
        "trusted_schema": 0, "cell_size_check": 1, "foreign_keys": 1, "synchronous": 3,
    }  # fmt: skip


@pytest.mark.fast
def test_what_belongs_to_nothing_is_named_itself() -> None:
    parts = split(sample())
    require_whole(parts, set(parts))
    with pytest.raises(SchemaError, match="cue:en/zzz belongs to nothing"):
        require_whole(parts, {*parts, "cue:en/zzz"})


@pytest.mark.fast
def test_a_part_of_another_kind_than_its_target_is_not_written() -> None:
    project = sample()
    cue = project.track("en").cues[0]
    assert encode("cue:en/c0000", cue)
    with pytest.raises(SchemaError):
        encode("track:en", cue)


@pytest.mark.fast
@pytest.mark.parametrize("name", ["a\0b.subkit", ""])
def test_what_no_file_can_be_called_is_refused(tmp_path: Path, name: str) -> None:
    path = Path(f"{tmp_path}/{name}") if name else Path("/")
    with pytest.raises(StoreError, match="is not the name of a file"):
        ProjectFile.create(path, sample(), actor="ana")


def test_a_name_that_leaves_no_room_for_a_journal_is_read_but_not_written(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 248)
    ProjectFile.create(tmp_path / "film.subkit", sample(), actor="ana").close()
    (tmp_path / "film.subkit").rename(long)
    assert load(long) == sample()
    with pytest.raises(StoreError, match="too long"):
        ProjectFile.open(long)

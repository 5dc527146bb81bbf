"""What SQLite says, as one sentence for a person."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from subkit.errors import DamagedError, LockedError, SchemaError, StoreError
from subkit.model import Cue
from subkit.store import ProjectFile
from subkit.store.database import read_failure
from subkit.store.rows import require_named
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

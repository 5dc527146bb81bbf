"""A file that is broken, foreign, newer or hostile gives one clear sentence, never a wrong film."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from subkit.errors import SchemaError, StoreError, SubkitError
from subkit.store import LedgerEntry, ProjectFile, load
from tests.builders.stores import edited, sample


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "film.subkit"
    with ProjectFile.create(path, sample(), actor="ada") as store:
        store.commit(edited(store.load(), "c0001", "Hello."), actor="bo", action="edit")
        store.remember("key", b"value" * 100)
    return path


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path))


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def refused(path: Path, match: str, kind: type[SubkitError] = StoreError) -> None:
    for writable in (True, False):
        with pytest.raises(kind, match=match) as caught:
            ProjectFile.open(path, writable=writable)
        assert str(path) in caught.value.message
        assert caught.value.remedy
        assert "\n" not in caught.value.message
    assert not list(path.parent.glob(".*"))


def test_missing(tmp_path: Path) -> None:
    refused(tmp_path / "film.subkit", "There is no project")
    refused(tmp_path / "no" / "film.subkit", "There is no project")


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "film.subkit").mkdir()
    refused(tmp_path / "film.subkit", "is not a file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a POSIX thing")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "film.subkit")
    refused(tmp_path / "film.subkit", "is not a file")


@pytest.mark.parametrize("content", [b"", b"\0", b"1\n00:00:01,000 --> 00:00:02,000\nHi\n" * 99])
def test_not_a_project(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "film.subkit"
    path.write_bytes(content)
    refused(path, "is not a subkit project")
    assert path.read_bytes() == content


def test_random_bytes(tmp_path: Path) -> None:
    path = tmp_path / "film.subkit"
    for seed in range(20):
        path.write_bytes(random.Random(seed).randbytes(5000))
        refused(path, "is not a subkit project")


def test_another_database(tmp_path: Path) -> None:
    path = tmp_path / "film.subkit"
    execute(path, "CREATE TABLE bookmarks (url TEXT)")
    refused(path, "is not a subkit project")


def test_a_newer_one(path: Path) -> None:
    execute(path, "PRAGMA user_version = 4")
    refused(path, "version 4; this subkit reads up to 3", SchemaError)


@pytest.mark.parametrize(
    "statement",
    [
        "PRAGMA user_version = 0",
        "DROP TABLE cache",
        "DROP INDEX ledger_by_target",
        "DROP TRIGGER ledger_never_changes",
        "CREATE TABLE extra (x)",
        "CREATE VIEW extra AS SELECT * FROM document",
        "CREATE TRIGGER extra AFTER INSERT ON document BEGIN DELETE FROM document; END",
        "ALTER TABLE document ADD COLUMN extra TEXT",
        "ALTER TABLE document RENAME TO extra",
    ],
)
def test_other_tables_than_ours(path: Path, statement: str) -> None:
    execute(path, statement)
    refused(path, "its tables are not those of a project")


def test_a_view_cannot_stand_for_the_document(path: Path) -> None:
    bomb = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n)"
    execute(
        path,
        "DROP TABLE document",
        f"CREATE VIEW document AS {bomb} SELECT 'cue:en/' || i AS target, '{{}}' AS data FROM n",
    )
    refused(path, "its tables are not those of a project")


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_cut_short(path: Path, part: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    refused(path, "is damaged|is not a subkit project")


def test_cut_anywhere(path: Path) -> None:
    content = path.read_bytes()
    for length in range(0, len(content), 997):
        path.write_bytes(content[:length])
        with pytest.raises(StoreError, match=r"is damaged|is not a subkit project"):
            load(path)


def state(path: Path) -> tuple[object, list[LedgerEntry], bytes | None]:
    with ProjectFile.open(path, writable=False) as store:
        return store.load(), list(store.ledger()), store.cached("key")


@pytest.mark.slow
def test_a_changed_byte_is_found_or_harmless(path: Path) -> None:
    content = path.read_bytes()
    truth = state(path)
    chance = random.Random(4)
    found = 0
    used = [i for i, byte in enumerate(content) if byte]
    for place in [*range(100), *chance.sample(used, 300)]:
        broken = bytearray(content)
        broken[place] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        try:
            with ProjectFile.open(path, writable=False) as store:
                fault = store.verify()
        except (StoreError, SchemaError):
            found += 1
            continue
        if fault is not None:
            found += 1
            continue
        project, entries, cached = state(path)
        assert (project, entries) == truth[:2], f"byte {place} changed the film unnoticed"
        assert cached in (truth[2], None)
    assert found > 150


DELAYED_FOREVER = (
    '{"id":"c0001","lines":[],"start":"0","end":"1",'
    '"marks":[{"start":0,"end":1,"feature":"delay","value":"1e999999999"}]}'
)


@pytest.mark.parametrize(
    ("target", "text", "match"),
    [
        ("cue:en/c0001", "[" * 200_000, "not readable"),
        ("cue:en/c0001", '{"id": "c0001", "start": NaN}', "not readable|not right"),
        ("project", '{"schema": 0}', "damaged"),
        ("track:en", "[]", "must be an object"),
        ("other", "{}", "not part of a project"),
        ("cue:en/c0001", '{"id":"c0001","lines":[],"start":"2/1","end":"1/1"}', "start <= end"),
        ("cue:en/c0001", '{"id":"c0001","lines":[],"start":"0","end":"1e999999999"}', "right here"),
        ("cue:en/c0001", '{"id":"c0001","lines":[],"start":"0","end":"1/0"}', "right here"),
        ("cue:en/c0001", DELAYED_FOREVER, "is not a time"),
    ],
)
def test_a_hostile_row(path: Path, target: str, text: str, match: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT OR REPLACE INTO document VALUES (?, ?)", (target, text))
    with pytest.raises(StoreError, match=match) as caught:
        load(path)
    assert len(caught.value.message) < 600


def test_a_document_of_a_newer_subkit_is_refused_and_not_called_damaged(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "UPDATE document SET data = replace(data, '\"schema\":3', '\"schema\":4')"
        )
        connection.execute(
            "UPDATE document SET data = replace(data, '{', '{\"glow\":1,') WHERE target LIKE 'cue%'"
        )
    with pytest.raises(SchemaError) as caught:
        load(path)
    assert caught.value.message == (
        f"{path} was written by a newer subkit: its document is of version 4, and this subkit reads"
        " up to version 3."
    )
    assert caught.value.remedy == "Update subkit."


def test_a_symbolic_link_is_followed(path: Path) -> None:
    link = path.with_name("link.subkit")
    link.symlink_to(path)
    with ProjectFile.open(link) as store:
        assert store.path == link
        with pytest.raises(StoreError, match="this process already"):
            ProjectFile.open(path)
    link.unlink()
    link.symlink_to(link)
    with pytest.raises(StoreError):
        ProjectFile.open(link)


def _deny(monkeypatch: pytest.MonkeyPatch, denied: int) -> None:
    """Permissions as another user has them: the superuser of a container may do everything."""
    real: Callable[..., bool] = os.access

    def access(path: Path, mode: int) -> bool:
        return not mode & denied and real(path, mode)

    monkeypatch.setattr(os, "access", access)


def test_a_file_that_may_not_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _deny(monkeypatch, os.R_OK)
    refused(path, "may not be (read|written) by this user")


def test_a_file_that_may_not_be_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _deny(monkeypatch, os.W_OK)
    with pytest.raises(StoreError, match="may not be written"):
        ProjectFile.open(path)
    assert load(path).title == "film"

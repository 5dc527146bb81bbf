"""Whatever is changed behind the ledger's back is found, and named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from subkit.errors import StoreError
from subkit.model import canonical
from subkit.store import Fault, ProjectFile
from subkit.store.database import TABLES
from subkit.store.ledger import COLUMNS, LedgerEntry, seal
from subkit.store.rows import summarised
from tests.builders.stores import edited, sample

TEXTS = [name for name in COLUMNS if name not in {"sequence", "transaction", "undoes"}]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "film.subkit"
    with ProjectFile.create(path, sample(), actor="ada") as store:
        for i in range(4):
            project = edited(store.load(), f"c000{i}", f"Take {i}.")
            store.commit(project, actor="bo", action="edit")
    return path


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path))


def tamper(path: Path, *statements: str | tuple[str, tuple[object, ...]]) -> None:
    """Change the file with plain SQLite; the guards of the ledger step aside for it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'")
        guards = triggers.fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            sql, values = (statement, ()) if isinstance(statement, str) else statement
            connection.execute(sql, values)
        for _, sql in guards:
            connection.execute(sql)
        connection.execute("COMMIT")


def fault(path: Path) -> Fault:
    with ProjectFile.open(path, writable=False) as store:
        found = store.verify()
    assert found is not None
    return found


def entries(path: Path) -> list[LedgerEntry]:
    with ProjectFile.open(path, writable=False) as store:
        return list(store.ledger())


def test_an_untouched_file_is_whole(path: Path) -> None:
    tamper(path)
    with ProjectFile.open(path, writable=False) as store:
        assert store.verify() is None


def retold(path: Path, target: str, data: str) -> None:
    """Another row, and a ledger that says the same: every hash right, nothing out of place."""
    held = entries(path)
    last = max(entry.sequence for entry in held if entry.target == target)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER ledger_never_changes")
        before: dict[str, object] = {}
        previous = held[0].previous
        for entry in held:
            fields = {name: getattr(entry, name) for name in COLUMNS if name != "hash"}
            fields |= {"previous": previous, "before": before.get(entry.target)}
            if entry.sequence == last:
                fields["after"] = summarised(target, json.loads(data))
            new = seal(LedgerEntry, **fields)
            before[entry.target], previous = new.after, new.hash
            connection.execute(
                "UPDATE ledger SET before = ?, after = ?, previous = ?, hash = ?"
                " WHERE sequence = ?",
                (canonical(new.before), canonical(new.after), new.previous, new.hash, new.sequence),
            )
        connection.execute("UPDATE document SET data = ? WHERE target = ?", (data, target))
        (guard,) = [sql for sql in TABLES[2] if "ledger_never_changes" in sql]
        connection.execute(guard)


def test_rows_that_do_not_make_a_document_are_found_though_the_ledger_agrees(path: Path) -> None:
    """Each row is what its entry says, every hash is right, and a track names a cue that is not."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT data FROM document WHERE target = 'track:ko'"
        (data,) = connection.execute(query).fetchone()
    retold(path, "track:ko", data)
    with ProjectFile.open(path, writable=False) as store:
        assert store.verify() is None, "the ledger was retold without a fault"
    retold(path, "track:ko", data.replace('"c0002"', '"c0009"'))
    found = fault(path)
    assert (found.target, found.sequence) == ("cue:ko/c0009", None)
    assert "is missing from the project" in found.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"lines":["Take 2."]', '"lines":7'),
        ('"id":"c0002"', '"id":"c0001"'),
        ('"lines":["Take 2."]', '"lines":["Take 2."],"glow":1'),
    ],
)
def test_a_row_that_holds_no_part_is_found_though_the_ledger_agrees(
    path: Path, old: str, new: str
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT data FROM document WHERE target = 'cue:en/c0002'"
        (data,) = connection.execute(query).fetchone()
    assert old in data
    retold(path, "cue:en/c0002", data.replace(old, new))
    found = fault(path)
    assert found.target == "cue:en/c0002"
    assert "is not what ledger entry" in found.message
    with ProjectFile.open(path) as store, pytest.raises(StoreError, match="damaged"):
        store.load()


def test_the_hash_is_over_all_fields(path: Path) -> None:
    entry = entries(path)[-1]
    fields = {name: getattr(entry, name) for name in COLUMNS if name != "hash"}
    assert seal(LedgerEntry, **fields) == entry


@pytest.mark.parametrize("guard", ["UPDATE ledger SET actor = 'x'", "DELETE FROM ledger"])
def test_the_ledger_refuses_plain_changes(path: Path, guard: str) -> None:
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(guard)


@pytest.mark.parametrize("sequence", [1, 7, 13, 15, 16])
@pytest.mark.parametrize("column", TEXTS)
@pytest.mark.parametrize("change", ["||' '", "||x'ff'", "||'0'"])
def test_every_column_of_every_entry(path: Path, column: str, sequence: int, change: str) -> None:
    changed = f"UPDATE ledger SET {column} = CAST({column} {change} AS TEXT) WHERE sequence = ?"
    tamper(path, (changed, (sequence,)))
    found = fault(path)
    assert found.sequence == sequence
    assert f"entry {sequence} " in found.message


@pytest.mark.parametrize("sequence", [2, 14, 16])
@pytest.mark.parametrize(
    "change", ['"transaction" = 1 + "transaction"', "undoes = 1", "undoes = 'x'"]
)
def test_the_transaction_of_every_entry(path: Path, change: str, sequence: int) -> None:
    tamper(path, (f"UPDATE ledger SET {change} WHERE sequence = ?", (sequence,)))
    assert fault(path).sequence == sequence


@pytest.mark.parametrize(
    "value", [None, b"x", "", "null", "{", "[" * 100_000, "1e999", '{"a":NaN}']
)
@pytest.mark.parametrize("column", ["before", "after", "hash", "target"])
def test_a_column_of_another_kind(path: Path, column: str, value: object) -> None:
    if value is None:
        value = b""
    tamper(path, (f"UPDATE ledger SET {column} = ? WHERE sequence = 14", (value,)))
    found = fault(path)
    assert found.sequence == 14
    kept = "cue:en/c0001" if column != "target" else value if isinstance(value, str) else None
    assert found.target == kept
    if isinstance(value, bytes) or value is None:
        assert f"it is not readable: {column} is not of its type" in found.message
    with ProjectFile.open(path, writable=False) as store:
        assert store.load()  # the document itself is not concerned


def test_a_missing_entry(path: Path) -> None:
    tamper(path, "DELETE FROM ledger WHERE sequence = 14")
    found = fault(path)
    assert (found.sequence, found.message) == (15, "Ledger entry 15 is bad: entry 14 is missing.")


def test_a_missing_start(path: Path) -> None:
    tamper(path, "DELETE FROM ledger WHERE sequence = 1")
    assert fault(path).sequence == 2


def test_a_missing_end_shows_in_the_document(path: Path) -> None:
    last = entries(path)[-1]
    tamper(path, ("DELETE FROM ledger WHERE sequence = ?", (last.sequence,)))
    found = fault(path)
    assert found.target == last.target == "cue:en/c0003"
    assert "is not what ledger entry" in found.message


def test_an_empty_ledger(path: Path) -> None:
    tamper(path, "DELETE FROM ledger")
    assert fault(path).message == "The ledger is empty."


def test_two_entries_that_changed_places(path: Path) -> None:
    tamper(
        path,
        "UPDATE ledger SET sequence = 99 WHERE sequence = 14",
        "UPDATE ledger SET sequence = 14 WHERE sequence = 15",
        "UPDATE ledger SET sequence = 15 WHERE sequence = 99",
    )
    assert fault(path).sequence == 14


def test_an_entry_with_a_new_hash_breaks_the_next(path: Path) -> None:
    old = next(entry for entry in entries(path) if entry.sequence == 14)
    fields = {name: getattr(old, name) for name in COLUMNS if name != "hash"}
    forged = seal(LedgerEntry, **{**fields, "actor": "mallory"})
    update = "UPDATE ledger SET actor = ?, hash = ? WHERE sequence = 14"
    tamper(path, (update, (forged.actor, forged.hash)))
    found = fault(path)
    assert found.sequence == 15
    assert found.entry is not None
    assert "does not follow" in found.message


def test_an_entry_that_forgets_what_was_there(path: Path) -> None:
    last = entries(path)[-1]
    fields = {name: getattr(last, name) for name in COLUMNS if name != "hash"}
    forged = seal(LedgerEntry, **{**fields, "before": None})
    update = "UPDATE ledger SET before = 'null', hash = ? WHERE sequence = ?"
    tamper(path, (update, (forged.hash, last.sequence)))
    found = fault(path)
    assert found.sequence == last.sequence
    assert "starts from another" in found.message


TARGETS = ["project", "transcript", "track:en", "track:ko", "cue:en/c0002", "cue:ko/c0000"]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "change", ["replace(data, '\"en\"', '\"xx\"') || ' '", "'{}'", "x'00'", "data || x'fe'", "''"]
)
def test_a_changed_row_of_the_document(path: Path, target: str, change: str) -> None:
    tamper(path, (f"UPDATE document SET data = {change} WHERE target = ?", (target,)))
    found = fault(path)
    assert found.target == target
    assert target in found.message


@pytest.mark.parametrize(
    ("target", "old", "new"),
    [
        ("transcript", "word3", "ward3"),
        ("transcript", '"confidence":0.5', '"confidence":0.25'),
        ("cue:en/c0002", "Take 2.", "Take 3."),
        ("track:en", '"c0000","c0001"', '"c0001","c0000"'),
        ("project", "film.mkv", "wilm.mkv"),
    ],
)
def test_a_believable_change_is_found(path: Path, target: str, old: str, new: str) -> None:
    change = "UPDATE document SET data = replace(data, ?, ?) WHERE target = ?"
    before = edited(sample(), "c0000", "Take 0.")
    tamper(path, (change, (old, new, target)))
    with ProjectFile.open(path, writable=False) as store:
        assert store.load() != before  # readable, so only the ledger can tell
    assert fault(path).target == target


@pytest.mark.parametrize("target", TARGETS)
def test_a_missing_row_of_the_document(path: Path, target: str) -> None:
    tamper(path, ("DELETE FROM document WHERE target = ?", (target,)))
    found = fault(path)
    assert found.target == target
    assert found.sequence is not None
    if target != "transcript":
        with ProjectFile.open(path) as store, pytest.raises(StoreError, match="subkit verify"):
            store.load()


def test_a_row_that_nobody_wrote(path: Path) -> None:
    copy = "INSERT INTO document SELECT 'cue:en/c9', replace(data, 'c0001', 'c9') FROM document"
    tamper(path, f"{copy} WHERE target = 'cue:en/c0001'")
    assert fault(path).target == "cue:en/c9"
    with ProjectFile.open(path) as store:
        with pytest.raises(StoreError, match="belongs to nothing"):
            store.load()
        with pytest.raises(StoreError, match="damaged"):
            store.commit(sample(), actor="bo", action="edit")


def test_a_damaged_cache_entry_counts_as_missing(path: Path) -> None:
    with ProjectFile.open(path) as store:
        store.remember("a", b"result")
        store.remember("b", b"other")
    tamper(path, "UPDATE cache SET value = x'00' WHERE key = 'a'")
    swap = "UPDATE cache SET value = x'726573756c74', digest = (SELECT digest FROM cache WHERE key"
    tamper(path, f"{swap} = 'a') WHERE key = 'b'")
    with ProjectFile.open(path) as store:
        assert store.cached("a") is None
        assert store.cached("b") is None


def test_a_damaged_entry_stops_the_reading_of_the_ledger(path: Path) -> None:
    tamper(path, "UPDATE ledger SET after = '{' WHERE sequence = 14")
    with (
        ProjectFile.open(path, writable=False) as store,
        pytest.raises(StoreError, match="a ledger entry is bad"),
    ):
        list(store.ledger())


def test_a_name_with_half_a_character_is_nowhere(path: Path) -> None:
    with ProjectFile.open(path, writable=False) as store:
        assert store.latest(cue="c\ud800") == ([], False)
        assert list(store.ledger(track="\udfff")) == []

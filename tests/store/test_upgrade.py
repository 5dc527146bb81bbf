"""Projects of older versions, as they wrote them: upgraded whole, or not at all."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import stat
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from subkit.edit import Hand, mark_text, redub
from subkit.errors import SchemaError, StoreError
from subkit.model import SCHEMA, Feature, LineKind, Mark
from subkit.store import ProjectFile, load, load_version
from subkit.store.database import VERSION
from subkit.store.undoing import UndoStacks, undo_last
from subkit.store.upgrade import connect_current
from tests.builders.stores import as_version_1, edited, open_files, sample
from tests.rights import without_overrides
from tests.store.nursery import Nursery

if TYPE_CHECKING:
    from collections.abc import Iterator

OLD = sorted((Path(__file__).parents[1] / "data" / "projects").glob("v1-*.subkit"))
V2 = OLD[0].with_name("v2-2026-12-01.subkit")
HEADS = {
    "v1-2026-11-21": "sha256:8701d82a90a081e4db7a9d1f2485825dde4c3b028e5329bc23cf8f4139eba774",
    "v1-2026-11-30": "sha256:5b270ecb6d3dddf5671b219fe7f8e77b4852221ff3af551fc9cac0d714b29c65",
}
BACKUP = "film.subkit.v1.bak"


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(request.param, tmp_path / "film.subkit"))


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return Path(shutil.copyfile(OLD[-1], tmp_path / "film.subkit"))


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    if sys.platform == "win32":
        pytest.skip("signals and limits of POSIX")
    born = Nursery(tmp_path_factory.mktemp("nursery"))
    yield born
    born.close()


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_there_is_a_file_of_every_shape_so_far() -> None:
    assert {path.stem for path in OLD} == set(HEADS)


def test_opened_to_write_it_is_upgraded_and_kept(old: Path, request: pytest.FixtureRequest) -> None:
    before = old.read_bytes()
    document = load(old)
    with ProjectFile.open(old) as store:
        assert store.load() == document
        assert store.head() == HEADS[request.node.callspec.id], "heads that were noted still hold"
        assert store.verify() is None
        assert store.latest(limit=1)[0][0].sequence == 41
    assert names(old.parent) == {"film.subkit", BACKUP}
    assert (old.parent / BACKUP).read_bytes() == before
    assert version(old) == VERSION
    with ProjectFile.open(old) as store:
        store.commit(edited(store.load(), "c0001", "New."), actor="Ana", action="edit")
        assert store.verify() is None, "new entries follow from old ones"
    assert names(old.parent) == {"film.subkit", BACKUP}, "once is enough"


def test_the_first_change_makes_it_a_document_of_today(old: Path) -> None:
    with ProjectFile.open(old) as store:
        before, head = store.load(), store.head()
        assert _stored_schema(old) == 1, "opening it changes no row"
        cue = before.tracks[0].cues[0]
        italic = Mark(start=0, end=3, feature=Feature.ITALIC)
        hand = Hand(actor="Ana", time="2026-12-01T00:00:00Z")
        marked = mark_text(before, before.tracks[0].id, cue.id, italic, hand)
        entries = store.commit(marked, actor="Ana", action="mark", expected=head)
        assert [entry.target for entry in entries] == ["project", f"cue:en/{cue.id}"]
        (_, marking) = store.entries_of(entries[0].transaction)
        assert "marks" not in (marking.before or {})
        assert (marking.after or {})["marks"] == [{"start": 0, "end": 3, "feature": "italic"}]
        assert _stored_schema(old) == SCHEMA
        assert store.verify() is None
        assert load_version(store, entries[-1].sequence) == store.load() == marked
        assert load_version(store, 41).tracks[0].cues[0] == cue
        undo_last(store, "Ana")
        assert store.load().tracks[0].cues[0].marks == ()
        assert store.verify() is None
        undo_last(store, "Ana", again=True)
        assert store.load().tracks[0].cues[0].marks == (italic,)


def test_a_project_without_dubbing_is_kept_as_it_was_and_then_takes_lines(tmp_path: Path) -> None:
    film = Path(shutil.copyfile(V2, tmp_path / "film.subkit"))
    bytes_before = film.read_bytes()
    document = load(film)
    assert film.read_bytes() == bytes_before, "to read it, nothing is changed"
    assert names(tmp_path) == {"film.subkit"}
    assert document.tracks[0].cues[0].dub is None
    hand = Hand(actor="Ana", time="2026-12-01T10:00:00Z")
    with ProjectFile.open(film) as store:
        assert store.load() == document
        assert store.head() == (
            "sha256:f72dffecbb131f1bf117ea54466e336a6bd021727dd528d3eb3d2bf920428976"
        )
        cue = document.tracks[0].cues[0].id
        store.commit(
            redub(document, "en", cue, hand, kind=LineKind.CROWD), actor="Ana", action="redub"
        )
        assert store.verify() is None
        undo_last(store, "Ana")
        assert store.load().tracks[0].cues[0].dub is None
    assert (tmp_path / "film.subkit.v2.bak").read_bytes() == bytes_before
    assert version(film) == VERSION


def _stored_schema(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (text,) = connection.execute(
            "SELECT data FROM document WHERE target = 'project'"
        ).fetchone()
        return int(json.loads(text)["schema"])


def test_a_reader_changes_nothing(old: Path, request: pytest.FixtureRequest) -> None:
    before = old.read_bytes()
    with ProjectFile.open(old, writable=False) as store:
        assert store.verify() is None
        assert store.head() == HEADS[request.node.callspec.id]
        assert store.cached("stage/1") == b"kept"
        assert [entry.transaction for entry in store.ledger(after=20)][:5] == [21, 21, 21, 21, 25]
        with pytest.raises(StoreError, match="reading only"):
            store.remember("key", b"")
    assert old.read_bytes() == before
    assert names(old.parent) == {"film.subkit"}


def test_not_even_the_copy_that_a_reader_reads_can_be_changed(film: Path) -> None:
    with closing(connect_current(film, writable=False)) as connection:
        assert connection.execute("SELECT count(*) FROM ledger").fetchone() == (41,)
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM cache")


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_the_copy_may_be_read_by_those_who_may_read_the_project(film: Path) -> None:
    film.chmod(0o640)
    ProjectFile.open(film).close()
    assert stat.S_IMODE((film.parent / BACKUP).stat().st_mode) == 0o640


def test_transactions_and_undos_are_those_of_the_people_who_made_them(old: Path) -> None:
    with ProjectFile.open(old) as store:
        told = [(t.number, t.actor, t.action, t.undoes) for t in store.transactions()]
        assert told == [
            (1, "subkit", "create", None),
            (3, "subkit", "spot", None),
            (9, "subkit", "translate", None),
            (15, "Ana", "edit", None),
            (16, "Ben", "fix lines", None),
            (17, "Ana", "retext", None),
            (18, "Ana", "seen", None),
            (20, "Ben", "comment", None),
            (21, "Ana", "split", None),
            (25, "Ana", "undo 21", 21),
            (29, "Ana", "redo 25", 25),
            (33, "Ben", "approve", None),
            (38, "Ana", "account", None),
            (39, "Ana", "undo 38", 38),
            (40, "Ben", "retext", None),
            (41, "Ben", "undo 40", 40),
        ]
        ana = UndoStacks.of(store.transactions(), "Ana")
        assert [t.number for t in ana.undo] == [15, 17, 29]
        assert [t.number for t in ana.redo] == [39]
        ben = UndoStacks.of(store.transactions(), "Ben")
        assert [t.number for t in ben.undo] == [16, 20, 33]
        assert [t.number for t in ben.redo] == [41]


def test_what_was_done_before_the_upgrade_is_undone_after_it(old: Path) -> None:
    with ProjectFile.open(old) as store:
        assert load_version(store, 22) == load_version(store, 24), "a split is one act"
        assert load_version(store, 41).transcript is not None
        undo_last(store, "Ben", again=True)
        assert store.load().track("ko").cue("c0001").lines == ("누가 따라와.",)
        for _ in range(2):
            undo_last(store, "Ben")
        assert store.load().signoffs == ()
        undo_last(store, "Ana")
        assert [cue.id for cue in store.load().track("en").cues] == [
            f"c000{i}" for i in (1, 2, 3, 4)
        ]
        undo_last(store, "Ana")
        undo_last(store, "Ana")
        english = store.load().track("en")
        assert english.cue("c0001").lines == ("Somebody is following us.",)
        assert english.cue("c0004").lines == ("Go to the harbour now.",)
        assert store.verify() is None


@pytest.mark.parametrize("change", ['"transaction" = 22', "undoes = 20"])
def test_what_the_upgrade_found_is_held_to(film: Path, change: str) -> None:
    with ProjectFile.open(film):
        pass
    with closing(sqlite3.connect(film, isolation_level=None)) as raw:
        (guard,) = raw.execute(
            "SELECT sql FROM sqlite_master WHERE name LIKE '%changes'"
        ).fetchone()
        raw.execute("DROP TRIGGER ledger_never_changes")
        raw.execute(f"UPDATE ledger SET {change} WHERE sequence = 23")
        raw.execute(guard)
    with ProjectFile.open(film) as store:
        fault = store.verify()
    assert fault is not None
    assert (fault.sequence, "another transaction" in fault.message) == (23, True)


def test_no_copy_is_ever_replaced(film: Path) -> None:
    other = film.parent / BACKUP
    other.write_bytes(b"of another day")
    with ProjectFile.open(film):
        pass
    assert other.read_bytes() == b"of another day"
    assert names(film.parent) == {"film.subkit", BACKUP, "film.subkit.v1-2.bak"}
    assert (film.parent / "film.subkit.v1-2.bak").read_bytes() == OLD[-1].read_bytes()


def test_every_name_of_a_copy_that_is_taken_is_passed_over(film: Path) -> None:
    """Also one that looks like the copy: as large, and of the same time."""
    data, times = film.read_bytes(), film.stat()
    for name in (BACKUP, "film.subkit.v1-2.bak"):
        (film.parent / name).write_bytes(data[:-1] + b"?")
        os.utime(film.parent / name, ns=(times.st_atime_ns, times.st_mtime_ns))
    ProjectFile.open(film).close()
    assert (film.parent / "film.subkit.v1-3.bak").read_bytes() == data
    assert (film.parent / BACKUP).read_bytes() == data[:-1] + b"?"


def test_a_copy_that_a_killed_upgrade_made_is_enough(film: Path) -> None:
    shutil.copyfile(film, film.parent / BACKUP)
    with ProjectFile.open(film):
        pass
    assert names(film.parent) == {"film.subkit", BACKUP}


def test_the_copy_opens_by_itself(film: Path) -> None:
    with ProjectFile.open(film) as store:
        document = store.load()
    copy = film.with_name("before.subkit")
    (film.parent / BACKUP).rename(copy)
    assert load(copy) == document


def test_a_folder_that_may_not_be_written_to(film: Path) -> None:
    film.parent.chmod(0o555)
    try:
        with without_overrides():
            with pytest.raises(
                StoreError, match=r"cannot be opened for writing.*permission denied"
            ):
                ProjectFile.open(film)
            with ProjectFile.open(film, writable=False) as store:
                assert store.verify() is None, "to read it is enough"
    finally:
        film.parent.chmod(0o755)
    assert film.read_bytes() == OLD[-1].read_bytes()
    assert names(film.parent) == {"film.subkit"}


LIMITED = """
import resource, sys
from pathlib import Path
from subkit.errors import StoreError
from subkit.store import ProjectFile
path = Path(sys.argv[1])
size = int(path.stat().st_size * float(sys.argv[2]))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    ProjectFile.open(path)
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("room", "what"), [(0.5, "no copy of it can be kept"), (1.0, "cannot be written")]
)
def test_no_room(nursery: Nursery, film: Path, room: float, what: str) -> None:
    """The kernel refuses to let the copy, or the project, grow."""
    ended, printed = nursery.run(LIMITED, film, room)
    assert ended == 0, printed
    assert what in printed
    assert printed.count("\n") == 1
    assert film.read_bytes() == OLD[-1].read_bytes()
    assert names(film.parent) == {"film.subkit"}


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit on Windows")
@pytest.mark.parametrize("room", [0.5, 1.0])
def test_an_upgrade_that_fails_leaves_no_copy_and_no_open_file(film: Path, room: float) -> None:
    import resource

    before, limits = open_files(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(film.stat().st_size * room), limits[1]))
    try:
        with pytest.raises(StoreError, match=r"no copy of it can be kept|cannot be written"):
            ProjectFile.open(film)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert open_files() == before
    assert names(film.parent) == {"film.subkit"}


def test_the_copy_has_its_name_on_the_disk_before_the_upgrade(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder is written to the disk while the project is still of its old version."""
    real, seen = os.fsync, list[tuple[bool, int]]()

    def fsync(descriptor: int) -> None:
        folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        seen.append((folder and (film.parent / BACKUP).exists(), version(film)))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    ProjectFile.open(film).close()
    assert (True, 1) in seen


KILLED = """
import os, signal, sys
from pathlib import Path
from subkit.store import ProjectFile, database, upgrade

count = 0

def step(*_):
    global count
    count += 1
    if count == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

def deadly(function):
    def wrapped(*args, **options):
        step()
        return function(*args, **options)
    return wrapped

def connect(*args, **options):
    connection = plain(*args, **options)
    connection.execute("PRAGMA cache_size = 1")  # pages reach the file before the commit
    connection.set_trace_callback(step)
    return connection

for name in ("open", "write", "sendfile", "fsync", "link", "unlink", "close"):
    setattr(os, name, deadly(getattr(os, name)))
plain, upgrade.connect = upgrade.connect, connect
ProjectFile.open(Path(sys.argv[1])).close()
print(count)
"""


def test_killed_at_every_step(nursery: Nursery, film: Path) -> None:
    """Each call into the system and each SQL statement; of the many insertions some."""
    old, seen = load(film), []
    ended, printed = nursery.run(KILLED, film, 0)
    assert ended == 0
    steps = int(printed)
    assert steps > 60
    for step in (*range(1, 22), *range(22, steps - 9, 9), *range(steps - 9, steps + 1)):
        for leftover in film.parent.iterdir():
            leftover.unlink()
        shutil.copyfile(OLD[-1], film)
        ended, printed = nursery.run(KILLED, film, step)
        assert ended == -signal.SIGKILL, printed
        seen.append(version(film))
        backup = film.parent / BACKUP
        if seen[-1] == 2 or backup.exists():
            assert backup.read_bytes() == OLD[-1].read_bytes()
        with ProjectFile.open(film) as store:
            assert store.load() == old
            assert store.verify() is None
            assert store.head() == HEADS[OLD[-1].stem]
        rest = {name for name in names(film.parent) if not name.endswith(".part")}
        assert rest == {"film.subkit", BACKUP}
    assert seen == sorted(seen), "once it is done it stays done"
    assert {1, VERSION} == set(seen)


def test_killed_at_any_time(nursery: Nursery, tmp_path: Path) -> None:
    """In the middle of SQLite's own writing too: a larger project, and moments by chance."""
    path, original = tmp_path / "film.subkit", tmp_path / "original"
    ProjectFile.create(path, sample(cues=150), actor="ada").close()
    as_version_1(path)
    path.rename(original)
    code = """
import sys
from pathlib import Path
from subkit.store import ProjectFile
print("ready", flush=True)
ProjectFile.open(Path(sys.argv[1])).close()
"""
    chance = random.Random(3)
    for _ in range(5):
        shutil.copyfile(original, path)
        with nursery.start(code, path) as (process, out):
            assert out.readline() == "ready\n"
            for _ in range(chance.randrange(1_000_000)):
                pass  # some hundredths of a second: somewhere within the upgrade
            with suppress(ProcessLookupError):  # it may have come to its end
                os.kill(process, signal.SIGKILL)
            out.read()
        nursery.ended()
        with ProjectFile.open(path) as store:
            assert store.load() == sample(cues=150)
            assert store.verify() is None
        assert (tmp_path / BACKUP).read_bytes() == original.read_bytes()


def test_damaged_or_foreign_tables_are_not_upgraded(film: Path) -> None:
    with closing(sqlite3.connect(film)) as raw:
        raw.execute("CREATE VIEW more AS SELECT 1")
    before = film.read_bytes()
    with pytest.raises(StoreError, match="its tables are not those of a project"):
        ProjectFile.open(film)
    assert film.read_bytes() == before
    assert names(film.parent) == {"film.subkit"}


def test_a_ledger_that_was_broken_before_is_as_broken_after(film: Path) -> None:
    with closing(sqlite3.connect(film, isolation_level=None)) as raw:
        (guard,) = raw.execute(
            "SELECT sql FROM sqlite_master WHERE name LIKE '%changes'"
        ).fetchone()
        raw.execute("DROP TRIGGER ledger_never_changes")
        raw.execute("UPDATE ledger SET action = 'undo 99999999999999999999' WHERE sequence = 25")
        raw.execute("UPDATE ledger SET time = x'ff00' WHERE sequence = 30")
        raw.execute(guard)
    with ProjectFile.open(film) as store:
        fault = store.verify()
    assert fault is not None
    assert fault.sequence == 25


def test_a_version_of_tomorrow_is_refused_in_one_sentence(film: Path) -> None:
    with closing(sqlite3.connect(film)) as raw:
        raw.execute("PRAGMA user_version = 99")
    for writable in (True, False):
        with pytest.raises(SchemaError, match="version 99; this subkit reads up to 3") as caught:
            ProjectFile.open(film, writable=writable)
        assert caught.value.remedy == "Update subkit."
    assert names(film.parent) == {"film.subkit"}

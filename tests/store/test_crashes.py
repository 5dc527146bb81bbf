"""Killed or out of space at any point: the project is whole, with all that was acknowledged."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from subkit.errors import StoreError
from subkit.store import ProjectFile, load, publish
from tests.builders.stores import edited, sample
from tests.store.nursery import Nursery

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

STORM = """
import sys
from pathlib import Path
from subkit.store import ProjectFile
from tests.builders.stores import edited
with ProjectFile.open(Path(sys.argv[1])) as store:
    print("open", flush=True)
    for i in range(100_000):
        text = f"{i} " * 400
        store.remember(f"key{i % 20}", text.encode())
        (entry,) = store.commit(
            edited(store.load(), f"c{i % 40:04d}", sys.argv[2] + text), actor="a", action="edit"
        )
        print(entry.sequence, entry.hash, flush=True)
"""

PROLOGUE = """
import os, signal, sys
from pathlib import Path
from subkit.store import ProjectFile, publish
from tests.builders.stores import sample

count = 0

def deadly(function):
    def wrapped(*args, **options):
        global count
        count += 1
        if count == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **options)
    return wrapped

for name in ("open", "write", "fsync", "link", "unlink", "replace", "rename", "close", "ftruncate"):
    setattr(os, name, deadly(getattr(os, name)))
"""


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    born = Nursery(tmp_path_factory.mktemp("nursery"))
    yield born
    born.close()


def storm(nursery: Nursery, path: Path, chance: random.Random) -> list[tuple[int, str]]:
    """Commit in another process until it is killed; gives what it acknowledged."""
    with nursery.start(STORM, path, chance.random()) as (process, out):
        assert out.readline() == "open\n"
        acknowledged = [out.readline() for _ in range(chance.randrange(4))]
        for _ in range(chance.randrange(20_000)):
            pass  # a few hundred microseconds: somewhere within the next commit
        os.kill(process, signal.SIGKILL)
        acknowledged += out.readlines()
    assert nursery.ended() == -signal.SIGKILL
    lines = [line.split() for line in acknowledged if line.endswith("\n")]
    return [(int(sequence), hash_) for sequence, hash_ in lines]


def test_a_storm_of_commits_and_kills(nursery: Nursery, tmp_path: Path) -> None:
    path = tmp_path / "film.subkit"
    ProjectFile.create(path, sample(cues=40), actor="ada").close()
    chance = random.Random(11)
    known: dict[int, str] = {}
    for turn in range(32):
        known.update(storm(nursery, path, chance))
        with ProjectFile.open(path, writable=bool(turn % 2)) as store:
            assert store.verify() is None
            ledger = {entry.sequence: entry.hash for entry in store.ledger()}
            assert known.items() <= ledger.items(), "an acknowledged commit is gone"
            assert len(store.load().track("en").cues) == 40
    assert known
    with ProjectFile.open(path) as store:
        # A journal that a kill left without content is no one's; the next commit clears it away.
        store.commit(edited(store.load(), "c0001", "the end"), actor="ada", action="edit")
    assert names(tmp_path) == {"film.subkit"}


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def test_a_reader_takes_back_a_half_commit(nursery: Nursery, tmp_path: Path) -> None:
    """A journal with a dead writer is undone on the next opening, also for reading."""
    path = tmp_path / "film.subkit"
    ProjectFile.create(path, sample(cues=200), actor="ada").close()
    code = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE document SET data = 'spilled ' || data")
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert nursery.run(code, path)[0] == -signal.SIGKILL
    assert (tmp_path / "film.subkit-journal").stat().st_size
    assert b"spilled" in path.read_bytes()
    assert load(path) == sample(cues=200)
    with ProjectFile.open(path) as store:
        assert store.verify() is None
    assert names(tmp_path) == {"film.subkit"}


def test_killed_at_every_step_of_a_creation(nursery: Nursery, tmp_path: Path) -> None:
    code = PROLOGUE + 'ProjectFile.create(Path(sys.argv[1]), sample(), actor="a").close()'
    path = tmp_path / "film.subkit"
    outcomes = []
    for step in range(1, 60):
        ended, _ = nursery.run(code, path, step)
        there = path.exists()
        outcomes.append(there)
        if there:
            with ProjectFile.open(path) as store:
                assert store.load() == sample()
                assert store.verify() is None
            path.unlink()
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    else:
        pytest.fail("the creation never came to its end")
    assert outcomes[0] is False
    assert outcomes[-2:] == [True, True]
    leftovers = names(tmp_path)
    assert leftovers <= {".film.subkit.new", ".film.subkit.lock"}
    ProjectFile.create(path, sample(), actor="ada").close()
    assert names(tmp_path) == {"film.subkit"}


@pytest.mark.parametrize("old", [None, b"what was there"])
def test_killed_at_every_step_of_a_publication(
    nursery: Nursery, tmp_path: Path, old: bytes | None
) -> None:
    path = tmp_path / "film.srt"
    overwrite = old is not None
    code = f"{PROLOGUE}publish(Path(sys.argv[1]), b'new' * 99, overwrite={overwrite})"
    seen = set()
    for step in range(1, 40):
        path.unlink(missing_ok=True)
        if old is not None:
            path.write_bytes(old)
        ended, _ = nursery.run(code, path, step)
        content = path.read_bytes() if path.exists() else None
        assert content in (old, b"new" * 99)
        seen.add(content)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    else:
        pytest.fail("the publication never came to its end")
    assert seen == {old, b"new" * 99}


LIMITED = """
import resource, sys
from pathlib import Path
from subkit.errors import StoreError
from subkit.store import ProjectFile, publish
from tests.builders.stores import edited, sample
path = Path(sys.argv[1])
def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    if sys.argv[2] == "create":
        limit(20_000)
        ProjectFile.create(path, sample(cues=200), actor="a")
    elif sys.argv[2] == "publish":
        limit(20_000)
        publish(path.with_suffix(".srt"), b"x" * 30_000)
    else:
        with ProjectFile.open(path) as store:
            limit(path.stat().st_size + 8192)
            for i in range(100):
                new = edited(store.load(), "c0001", "x" * 5000 * i)
                store.commit(new, actor="a", action="edit")
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("what", ["create", "publish", "commit"])
def test_no_room_for_a_larger_file(nursery: Nursery, tmp_path: Path, what: str) -> None:
    """The kernel refuses to let a file grow: a real failure in the middle of writing."""
    path = tmp_path / "film.subkit"
    if what == "commit":
        ProjectFile.create(path, sample(), actor="ada").close()
    ended, printed = nursery.run(LIMITED, path, what)
    assert ended == 0
    assert "cannot be written" in printed
    if what == "commit":
        with ProjectFile.open(path) as store:
            assert store.verify() is None
            store.commit(edited(store.load(), "c0002", "Goes on."), actor="bo", action="edit")
    assert names(tmp_path) == ({"film.subkit"} if what == "commit" else set())


@pytest.fixture
def small_disk(tmp_path: Path) -> object:
    mount, umount = shutil.which("mount"), shutil.which("umount")
    folder = tmp_path / "disk"
    folder.mkdir()
    if mount is None or umount is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only a superuser may mount")
    command = [mount, "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run([umount, str(folder)], check=True)


def test_a_disk_that_is_really_full(small_disk: Path) -> None:
    path = small_disk / "film.subkit"
    with ProjectFile.create(path, sample(), actor="ada") as store:
        kept = store.load()
        with pytest.raises(StoreError, match="the disk is full"):  # noqa: PT012
            for i in range(100):
                new = edited(kept, "c0001", "x" * 5000 * i)
                store.commit(new, actor="bo", action="edit")
                kept = new
        assert store.load() == kept
        with pytest.raises(StoreError, match="the disk is full"):
            store.remember("key", b"x" * 300_000)
        with pytest.raises(StoreError, match="the disk is full"):
            publish(small_disk / "film.srt", b"x" * 300_000)
        assert store.verify() is None
    assert load(path) == kept
    with pytest.raises(StoreError, match="the disk is full"):
        ProjectFile.create(small_disk / "more.subkit", sample(cues=300), actor="ada")
    assert names(small_disk) == {"film.subkit"}

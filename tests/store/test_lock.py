"""One writer at a time, between processes and within one; a killed one leaves no lock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from subkit.errors import LockedError, StoreError
from subkit.store import ProjectFile, load
from subkit.store.lock import Lock
from tests.builders.stores import edited, open_files, sample
from tests.rights import without_overrides

HOLD = """
import sys
from pathlib import Path
from subkit.store import ProjectFile
from tests.rights import without_overrides
with ProjectFile.open(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "film.subkit"
    ProjectFile.create(path, sample(), actor="ada").close()
    return path


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the project open for writing."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_process_is_refused_at_once_and_told_by_whom(path: Path) -> None:
    with holder(path) as process:
        with pytest.raises(LockedError) as caught:
            ProjectFile.open(path)
        assert f"{path} is open for writing in process {process.pid}." == caught.value.message
        assert caught.value.pid == process.pid
        assert load(path) == sample()


def test_the_lock_goes_when_its_holder_closes(path: Path) -> None:
    with holder(path) as process:
        process.communicate()
        assert process.returncode == 0
    with ProjectFile.open(path) as store:
        store.commit(edited(sample(), "c0001", "Mine."), actor="bo", action="edit")
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX thing")
def test_the_lock_goes_when_its_holder_is_killed(path: Path) -> None:
    with holder(path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (path.parent / ".film.subkit.lock").exists()
        ProjectFile.open(path).close()
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_within_one_process_too(path: Path) -> None:
    with ProjectFile.open(path):
        with pytest.raises(LockedError, match="this process already"):
            ProjectFile.open(path)
        with ProjectFile.open(path, writable=False):
            pass
    ProjectFile.open(path).close()


def test_a_failed_opening_gives_the_lock_back(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(b"no project")
    with pytest.raises(StoreError, match="not a subkit project"):
        ProjectFile.open(path)
    path.write_bytes(content)
    ProjectFile.open(path).close()


def test_an_unreadable_holder_is_just_another_process(path: Path) -> None:
    with ProjectFile.open(path):
        (path.parent / ".film.subkit.lock").write_text("what?")
        with pytest.raises(LockedError, match="in another process"):
            ProjectFile.open(path)


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights on Windows")
def test_a_link_laid_in_the_place_of_the_lock_is_not_followed(path: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / ".film.subkit.lock").symlink_to(victim)
    with pytest.raises(StoreError, match="cannot be made"):
        ProjectFile.open(path)
    assert victim.read_text() == "precious"


def test_a_read_only_folder(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        with without_overrides(), pytest.raises(StoreError, match="cannot be made"):
            ProjectFile.open(path)
        assert load(path) == sample()
    finally:
        path.parent.chmod(0o700)


def test_many_openers_one_winner(path: Path) -> None:
    """Locks that are taken and given back at once never leave two holders."""
    inside, most, refused = 0, 0, 0
    count = threading.Lock()

    def work() -> None:
        nonlocal inside, most, refused
        for _ in range(30):
            try:
                store = ProjectFile.open(path)
            except LockedError:
                refused += 1
                continue
            with count:
                inside += 1
                most = max(most, inside)
            with count:
                inside -= 1
            store.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert load(path) == sample()


def test_threads_share_one_file(path: Path) -> None:
    with ProjectFile.open(path) as store:

        def work(number: int) -> None:
            for i in range(10):
                store.remember(f"{number}/{i}", bytes([number]))
                assert store.cached(f"{number}/{i}") == bytes([number])

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(store.cached(f"{n}/{i}") == bytes([n]) for n in range(4) for i in range(10))


@pytest.mark.parametrize(
    ("purpose", "told"),
    [
        ("reviewing", " (reviewing)"),
        ("", ""),
        ("\x1b[31mred", ""),
        ("x" * 300, f" ({'x' * 200})"),
        ("\uac00" * 300, f" ({chr(0xAC00) * 200})"),
    ],
)
def test_a_refusal_says_what_the_project_is_held_for(path: Path, purpose: str, told: str) -> None:
    parent = os.getppid()
    lock = Lock(path, purpose)
    try:
        held = path.parent / ".film.subkit.lock"
        written = held.read_text(encoding="utf-8").partition("\n")[2]
        held.write_text(f"{parent}\n{written}", encoding="utf-8")  # as if of another process
        with pytest.raises(LockedError) as caught:
            Lock(path)
    finally:
        lock.release()
    assert caught.value.message == f"{path} is open for writing in process {parent}{told}."


def test_refused_and_closed_projects_leave_no_file_open(path: Path) -> None:
    before = open_files()
    with ProjectFile.open(path):
        held = open_files()
        for _ in range(3):
            with pytest.raises(LockedError):
                ProjectFile.open(path)
        assert open_files() == held
    assert open_files() == before
    ProjectFile.open(path, writable=False).close()
    assert open_files() == before
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(StoreError, match="damaged") as caught:
        ProjectFile.open(path, writable=False)
    assert open_files() == before, f"closed also while somebody keeps {caught.value!r}"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let the name go")
def test_a_lock_whose_name_was_taken_away_meanwhile_is_taken_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    real, taken = fcntl.flock, list[int]()

    def flock(descriptor: int, how: int) -> None:
        """The first time, the last holder gives the lock back right before."""
        if not taken:
            (path.parent / ".film.subkit.lock").unlink()
        taken.append(descriptor)
        real(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    before = open_files()
    lock = Lock(path)
    try:
        assert len(taken) == 2
        assert open_files() == before + 1
        with pytest.raises(LockedError):
            Lock(path)
    finally:
        lock.release()


def test_a_folder_without_rights_is_told_with_its_reason(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        with without_overrides(), pytest.raises(StoreError, match=r"\(permission denied\)"):
            ProjectFile.open(path)
    finally:
        path.parent.chmod(0o700)

"""Files appear whole or not at all, and nothing that exists is replaced unasked."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from subkit.errors import StoreError
from subkit.store import publish, publish_all
from subkit.store.publication import place, staged
from tests.rights import without_overrides


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def fail(monkeypatch: pytest.MonkeyPatch, function: str, code: int, after: int = 0) -> None:
    """Let ``os.function`` fail from its call number ``after`` on."""
    real, calls = getattr(os, function), 0

    def broken(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > after:
            raise OSError(code, os.strerror(code))
        return real(*args, **options)

    monkeypatch.setattr(os, function, broken)


@pytest.mark.parametrize("data", [b"", b"1\n", bytes(range(256)) * 5000])
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_new_file(tmp_path: Path, data: bytes, *, overwrite: bool) -> None:
    publish(tmp_path / "film.ko.srt", data, overwrite=overwrite)
    assert (tmp_path / "film.ko.srt").read_bytes() == data
    assert names(tmp_path) == ["film.ko.srt"]


@pytest.mark.skipif(sys.platform == "win32", reason="no umask on Windows")
def test_others_may_read_as_the_umask_says(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        publish(tmp_path / "a", b"x")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_an_existing_file_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    with pytest.raises(StoreError, match="already exists"):
        publish(tmp_path / "a", b"theirs")
    assert (tmp_path / "a").read_text() == "mine"
    publish(tmp_path / "a", b"theirs", overwrite=True)
    assert (tmp_path / "a").read_text() == "theirs"
    assert names(tmp_path) == ["a"]


def test_a_dangling_link_counts_as_existing(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="already exists"):
        publish(tmp_path / "a", b"x")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("no_links", [False, True])
def test_a_file_that_appears_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, no_links: bool
) -> None:
    """The race between the check and the last step, played out."""
    real = os.fsync

    def sync_while_another_writes(descriptor: int) -> None:
        (tmp_path / "a").write_text("from the other")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", sync_while_another_writes)
    if no_links:
        fail(monkeypatch, "link", errno.EOPNOTSUPP)
    with pytest.raises(StoreError, match="already exists"):
        publish(tmp_path / "a", b"mine")
    assert (tmp_path / "a").read_text() == "from the other"
    assert names(tmp_path) == ["a"]


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "link", errno.EPERM)
    publish(tmp_path / "a", b"whole")
    assert (tmp_path / "a").read_bytes() == b"whole"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize(
    ("function", "code", "match"),
    [
        ("write", errno.ENOSPC, "the disk is full"),
        ("fsync", errno.ENOSPC, "the disk is full"),
        ("write", errno.EFBIG, "larger than this system allows"),
        ("open", errno.EACCES, "the folder is not writable"),
        ("open", errno.EROFS, "the folder is not writable"),
        ("fsync", errno.EIO, r"cannot be written: input/output error\."),
        ("link", errno.EIO, "cannot be written"),
    ],
)
def test_failures_are_told_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, code: int, match: str
) -> None:
    fail(monkeypatch, function, code)
    with pytest.raises(StoreError, match=match) as caught:
        publish(tmp_path / "film.srt", b"x")
    assert "film.srt" in caught.value.message
    assert caught.value.remedy
    assert names(tmp_path) == []


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:7]))
    publish(tmp_path / "a", bytes(range(100)))
    assert (tmp_path / "a").read_bytes() == bytes(range(100))


@pytest.mark.parametrize("overwrite", [False, True])
def test_targets_that_cannot_be(tmp_path: Path, *, overwrite: bool) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    for target, match in [
        (tmp_path / "folder", "it is a folder"),
        (tmp_path / "missing" / "a", "there is no folder"),
        (tmp_path / "file" / "a", "there is no folder"),
        (tmp_path / "a\0b", "not the name of a file"),
        (tmp_path / ("a" * 300), "is too long"),
    ]:
        with pytest.raises(StoreError, match=match):
            publish(target, b"x", overwrite=overwrite)
    assert names(tmp_path) == ["file", "folder"]


def test_the_longest_name_of_a_file_can_be_written(tmp_path: Path) -> None:
    publish(tmp_path / ("a" * 255), b"x")
    assert (tmp_path / ("a" * 255)).read_bytes() == b"x"


def test_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(StoreError, match="already exists"):
        publish_all({tmp_path / "a": b"1", tmp_path / "b": b"2"}, overwrite=False)
    assert names(tmp_path) == ["b"]
    publish_all({tmp_path / "a": b"1", tmp_path / "b": b"2"}, overwrite=True)
    assert (tmp_path / "a").read_bytes() + (tmp_path / "b").read_bytes() == b"12"
    assert names(tmp_path) == ["a", "b"]


def test_a_full_disk_is_met_before_the_first_file_appears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, "write", errno.ENOSPC, after=2)
    with pytest.raises(StoreError, match="the disk is full"):
        publish_all({tmp_path / name: b"x" for name in "abc"})
    assert names(tmp_path) == []


def test_what_was_written_before_a_late_failure_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, "link", errno.EIO, after=1)
    with pytest.raises(StoreError, match="Already written: a"):
        publish_all({tmp_path / name: b"x" for name in "abc"})
    assert names(tmp_path) == ["a"]


def test_one_file_under_two_names(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    same = tmp_path / "folder" / ".." / "a"
    with pytest.raises(StoreError, match="are the same file"):
        publish_all({tmp_path / "a": b"1", same: b"2"})
    assert names(tmp_path) == ["folder"]


def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with without_overrides(), pytest.raises(StoreError, match="folder is not writable"):
            publish(tmp_path / "a", b"x")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="no umask on Windows")
def test_nobody_may_run_what_is_written(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        publish(tmp_path / "a", b"x")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666


def test_an_impossible_folder_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no folder"):
        publish(tmp_path / ("d" * 300) / "a", b"x")


def test_a_draft_of_another_program_replaces_nothing_unasked(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    with pytest.raises(StoreError, match="already exists"), staged(tmp_path / "a"):
        pytest.fail("told at once, before any work")
    with staged(tmp_path / "a", overwrite=True) as draft:
        draft.write_text("theirs")
    assert (tmp_path / "a").read_text() == "theirs"
    assert names(tmp_path) == ["a"]


def test_a_draft_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, "fsync", errno.ENOSPC)
    with pytest.raises(StoreError, match="the disk is full"), staged(tmp_path / "a") as draft:
        draft.write_text("whole")
    assert names(tmp_path) == []


def test_a_finished_file_takes_no_name_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "draft").write_text("mine")
    (tmp_path / "a").write_text("theirs")
    with pytest.raises(StoreError, match="already exists"):
        place(tmp_path / "draft", tmp_path / "a")
    assert (tmp_path / "a").read_text() == "theirs"
    place(tmp_path / "draft", tmp_path / "a", overwrite=True)
    assert (tmp_path / "a").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be synced on Windows")
def test_a_folder_that_cannot_be_synced_is_no_failure_but_a_broken_disk_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fail(patch, "fsync", errno.EINVAL, after=1)
        publish(tmp_path / "a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"
    fail(monkeypatch, "fsync", errno.EIO, after=1)
    with pytest.raises(StoreError, match="cannot be written"):
        publish(tmp_path / "b", b"x")

"""Folders for results: looked at before the work, made for it, gone again if it fails."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from subkit.errors import StoreError
from subkit.store import made_folder, require_writable
from tests.rights import without_overrides


def test_a_folder_is_made_with_those_above_it_and_kept_with_what_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    with made_folder(folder):
        (folder / "film.srt").write_text("1\n")
    assert (folder / "film.srt").read_text() == "1\n"
    with made_folder(folder):
        (folder / "more.srt").write_text("2\n")
    assert len(list(folder.iterdir())) == 2


def test_work_that_fails_leaves_no_empty_folder_but_every_file(tmp_path: Path) -> None:
    with pytest.raises(KeyError), made_folder(tmp_path / "a" / "b"):
        raise KeyError
    assert list(tmp_path.iterdir()) == []
    with suppress(KeyError), made_folder(tmp_path / "a" / "b"):
        (tmp_path / "a" / "mine").write_text("x")
        raise KeyError
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["mine"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(KeyError), made_folder(tmp_path / "empty"):
        raise KeyError
    assert (tmp_path / "empty").is_dir(), "it was there before"


def test_what_is_no_folder_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "film").write_text("x")
    for folder in (tmp_path / "film", tmp_path / "film" / "a" / "b"):
        with pytest.raises(StoreError, match=f"'{tmp_path}/film' is not a folder"):
            require_writable(folder)
        with pytest.raises(StoreError, match="is not a folder"), made_folder(folder):
            pytest.fail("told before the work")
    require_writable(tmp_path / "to" / "be" / "made")
    assert not (tmp_path / "to").exists()


def test_a_folder_that_may_not_be_written_to_is_named(tmp_path: Path) -> None:
    for mode in (0o500, 0o600):  # nothing can be made in it without both rights
        tmp_path.chmod(mode)
        try:
            with without_overrides(), pytest.raises(StoreError, match="cannot be written to"):
                require_writable(tmp_path)
        finally:
            tmp_path.chmod(0o700)


def test_a_name_that_cannot_be_is_told_with_its_reason(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match=r"cannot be made: File name too long\."),
        made_folder(tmp_path / ("x" * 300)),
    ):
        pytest.fail("told before the work")

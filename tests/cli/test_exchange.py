"""Sheets out and back by the command line."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

from subkit.store import ProjectFile, load
from tests.builders.sheets import project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

    Subkit = Callable[..., Answer]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.subkit"
    ProjectFile.create(path, project(), actor="subkit").close()
    return path


def _edit(path: Path, row: int, text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    page = book.worksheets[0]
    column = next(cell.column for cell in page[1] if cell.value == "edited")
    page.cell(row=row, column=column).value = text
    book.save(path)


def test_a_sheet_goes_out_and_comes_back(subkit: Subkit, film: Path, tmp_path: Path) -> None:
    answer = subkit("export", film, "-f", "xlsx,docx,csv,srt", "--json")
    assert answer.code == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert {"film.ko.xlsx", "film.ko.docx", "film.ko.csv", "film.en.xlsx", "film.ko.srt"} <= names
    assert subkit("export", film, "-f", "xlsx").code == 0  # the same bytes: nothing in the way
    back = tmp_path / "film.ko.xlsx"
    _edit(back, 6, "그다음은?")
    before = film.read_bytes()
    dry = subkit("import", film, back, "--by", "Kim", "--dry-run", "--json")
    assert (dry.code, dry.json()["edited"]) == (0, ["ko/c0004"])
    assert film.read_bytes() == before
    done = subkit("import", film, back, "--by", "Kim", "--json")
    assert done.code == 0
    assert done.json() == {
        "dry_run": False,
        "edited": ["ko/c0004"],
        "retimed": [],
        "added": [],
        "deleted": [],
        "commented": [],
        "approved": [],
        "refused": [],
        "absent": [],
        "repairs": [],
    }
    assert load(film).track("ko").cue("c0004").text == "그다음은?"


def test_some_refused_is_partly_done(subkit: Subkit, film: Path, tmp_path: Path) -> None:
    assert subkit("export", film, "-f", "xlsx", "--track", "ko").code == 0
    back = tmp_path / "film.ko.xlsx"
    _edit(back, 6, "그다음은?")
    _edit(back, 3, "뭐?")
    assert subkit("import", film, back, "--by", "Kim").code == 0
    _edit(back, 6, "또 고침")
    answer = subkit("import", film, back, "--by", "Lee")
    assert answer.code == 7
    assert "0 edited" in answer.out
    assert "changed meanwhile" in answer.err
    assert "또 고침" in answer.err


def test_bad_files_are_one_sentence_and_change_nothing(
    subkit: Subkit, film: Path, tmp_path: Path
) -> None:
    before = film.read_bytes()
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK nonsense")
    cases = {("missing.xlsx", 3), ("bad.xlsx", 3), ("film.odt", 2)}
    (tmp_path / "film.odt").write_bytes(b"x")
    for name, code in cases:
        answer = subkit("import", film, tmp_path / name, "--by", "Kim", "--json")
        assert answer.code == code, name
        assert name in answer.json()["error"]["message"] or code == 2
        assert answer.json()["error"]["remedy"]
    assert subkit("import", film, bad).code == 2
    assert film.read_bytes() == before


def test_an_unknown_format_names_sheets_too(subkit: Subkit, film: Path) -> None:
    answer = subkit("export", film, "-f", "xls", "--json")
    assert answer.code == 2
    assert "xlsx" in answer.json()["error"]["remedy"]


def test_a_memory_is_given_with_tm(subkit: Subkit, film: Path, tmp_path: Path) -> None:
    assert subkit("export", film, "-f", "tmx,xlf", "--json").code == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert "film.ko.tmx" in names
    assert "film.en.tmx" not in names  # nothing to pair
    answer = subkit("export", film, "-f", "xlf", "--track", "en", "--json")
    assert (answer.code, "translated" in answer.json()["error"]["message"]) == (2, True)
    common = ("translate", film, "--to", "ko", "--translator", "demo", "--json")
    bad = subkit(*common, "--tm", f"{tmp_path / 'film.ko.tmx'},{tmp_path / 'none.tmx'}")
    assert bad.code == 3
    assert "none.tmx" in bad.json()["error"]["message"]
    assert subkit(*common, "--tm", tmp_path / "film.ko.tmx").code == 0


def test_disclosures_are_printed_and_left_out_only_by_name(
    subkit: Subkit, film: Path, tmp_path: Path
) -> None:
    answer = subkit("disclose", film, "--track", "ko", "--json")
    assert answer.code == 0
    (known,) = answer.json()["disclosures"]
    assert known["track"] == "ko"
    assert "translated by machine" in subkit("disclose", film).out
    assert subkit("export", film, "-f", "srt", "--no-disclosure").code == 2
    assert subkit("export", film, "-f", "srt", "--no-disclosure", "--by", "Kim").code == 0
    assert not list(tmp_path.glob("*.json"))
    with ProjectFile.open(film, writable=False) as store:
        assert [e.action for e in store.ledger()][-1] == "export without disclosure"
    assert subkit("export", film, "-f", "srt").code == 0
    assert len(list(tmp_path.glob("*.disclosure.json"))) == 2

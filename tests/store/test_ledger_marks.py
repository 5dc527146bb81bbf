"""A ledger against what was noted of it elsewhere: gone on, cut, or written anew."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from subkit.store import LedgerMark, ProjectFile, mark_of
from subkit.store.ledger_marks import departure, parse_mark
from tests.builders.stores import edited, sample


def change(path: Path, text: str) -> LedgerMark:
    with ProjectFile.open(path) as store:
        store.commit(edited(store.load(), "c0001", text), actor="ana", action="edit")
        return mark_of(store)


def departs(path: Path, mark: LedgerMark) -> str:
    with ProjectFile.open(path, writable=False) as store:
        assert store.verify() is None
        return departure(store, mark)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.subkit"
    ProjectFile.create(path, sample(), actor="ana").close()
    change(path, "one")
    return path


def test_a_ledger_that_goes_on(film: Path) -> None:
    mark = change(film, "two")
    assert departs(film, mark) == ""
    change(film, "three")
    assert departs(film, mark) == ""
    assert departs(film, LedgerMark(head=mark.head)) == ""


def test_a_ledger_that_was_cut(film: Path) -> None:
    shutil.copy(film, film.with_name("cut.subkit"))
    mark = change(film, "two")
    told = departs(film.with_name("cut.subkit"), mark)
    left = (mark.entries or 0) - 1
    noted = f"{mark.entries} entries were noted, {left} are left."
    assert told == f"The ledger was cut from its end: {noted}"
    assert "rewritten, or cut" in departs(film.with_name("cut.subkit"), replace(mark, entries=None))


def test_a_ledger_that_was_rewritten_from_some_entry_on(film: Path) -> None:
    shutil.copy(film, film.with_name("other.subkit"))
    mark = change(film, "two")
    change(film.with_name("other.subkit"), "2")
    change(film.with_name("other.subkit"), "3")
    told = departs(film.with_name("other.subkit"), mark)
    assert told == f"The ledger was rewritten: entry {mark.entries} is not the one that was noted."


def test_a_ledger_that_was_rewritten_from_end_to_end(film: Path) -> None:
    mark = change(film, "two")
    forged = film.with_name("forged.subkit")
    with ProjectFile.open(film, writable=False) as store:
        document = store.load()
    ProjectFile.create(
        forged, document, actor="Director", now=lambda: "2001-01-01T00:00:00Z"
    ).close()
    told = departs(forged, mark)
    assert told.startswith("The ledger was rewritten from its first entry on")
    assert "cut" not in told


def test_what_was_printed_is_a_mark() -> None:
    head = "sha256:" + "a" * 64
    assert parse_mark(f"x.subkit is whole: 12 entries, head {head}\n") == LedgerMark(
        entries=12, head=head
    )
    assert parse_mark(f" {head} ") == LedgerMark(head=head)
    assert parse_mark("1\n00:00:01,000 --> 00:00:02,000\nHello.\n") is None


def test_a_mark_is_of_the_first_and_the_last_entry(film: Path) -> None:
    change(film, "two")
    with ProjectFile.open(film, writable=False) as store:
        first, *_, last = store.ledger()
        mark = mark_of(store)
    assert mark == LedgerMark(entries=last.sequence, first=first.hash, head=last.hash)
    assert departs(film, mark) == ""
    assert departs(film, replace(mark, head="sha256:" + "0" * 64)).startswith("The ledger was")

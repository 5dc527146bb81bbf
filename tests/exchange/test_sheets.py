"""What every sheet keeps: nothing changes by going out and coming back, and nobody is computed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from subkit.errors import FormatError, PlanError
from subkit.exchange import SHEETS, Basis, clean, read_sheet, text_digest, write_sheet
from tests.builders.sheets import commented, project, sheet

TABLES = ["xlsx", "docx", "csv"]
TEXT = st.text(st.characters() | st.sampled_from("=+-@'_x0041_<>&\n\t;,\""), max_size=40)


@pytest.mark.parametrize("extension", SHEETS)
def test_an_untouched_file_changes_nothing(extension: str) -> None:
    reply = read_sheet(write_sheet(sheet(), extension), f"film.{extension}", extension)
    assert [(row.track, row.cue) for row in reply.rows] == [("ko", f"c{i:04d}") for i in range(5)]
    assert [row.basis for row in reply.rows] == [row.basis for row in sheet().rows]
    assert not any(row.text or row.problem or row.retimed or row.remarks for row in reply.rows)
    assert reply.repairs == ()


@pytest.mark.parametrize("extension", SHEETS)
def test_the_same_sheet_gives_the_same_bytes(extension: str) -> None:
    assert write_sheet(sheet(), extension) == write_sheet(sheet(), extension)


@pytest.mark.parametrize("extension", SHEETS)
@settings(max_examples=40)
@given(source=TEXT, text=TEXT)
def test_any_text_goes_out_and_comes_back(extension: str, source: str, text: str) -> None:
    assume(extension != "tmx" or (clean(source) and clean(text)))  # TMX holds pairs only
    made = sheet(project(((source, text),)))
    (row,) = read_sheet(write_sheet(made, extension), "x", extension).rows
    assert row.basis == made.rows[0].basis
    assert row.text is None
    assert not row.problem
    assert not row.retimed


@pytest.mark.parametrize("extension", SHEETS)
@settings(max_examples=60)
@given(data=st.binary(max_size=300), damaged=st.booleans())
def test_any_bytes_are_read_or_refused(extension: str, data: bytes, damaged: bool) -> None:
    if damaged:
        data = write_sheet(sheet(), extension)[: -len(data) - 1] + data
    try:
        reply = read_sheet(data, "x", extension)
    except FormatError as error:
        assert {"line", "column"} <= set(error.facts)  # noqa: PT017 - either is right
    else:
        assert all(row.place for row in reply.rows)


@pytest.mark.parametrize("extension", SHEETS)
def test_a_file_too_large_is_refused(extension: str) -> None:
    with pytest.raises(FormatError, match="bytes"):
        read_sheet(b" " * (64 * 2**20 + 1), "x", extension)


def test_an_unknown_format_is_named_with_the_known() -> None:
    with pytest.raises(PlanError, match="xlsx"):
        write_sheet(sheet(), "odt")


def test_clean_makes_equal_what_programs_make_different() -> None:
    assert clean("  \ud558\r\n\n\x0b그래 \t\x00") == "하\n그래".replace("하", "\ud558")
    assert text_digest("한\n글") == text_digest("한\r\n\n 글 ")
    assert text_digest("한") != text_digest("한 글")
    assert text_digest("a\u00a0b") != text_digest("a b")  # a space a translator chose


@given(st.text("0123456789abcdef-", max_size=52))
def test_a_basis_is_read_as_written_or_not_at_all(text: str) -> None:
    basis = Basis.parse(text)
    assert basis == Basis() or str(basis) == text


def test_a_sheet_tells_what_a_reviewer_must_know() -> None:
    first = sheet(commented(project())).rows[0]
    assert first.start == "10:00:00:00"
    assert first.end == "10:00:01:16"
    assert first.source == "I was only twelve,\nbrother."
    assert first.notes == ("cultural: brother → 형 (elder, said by a man)",)
    assert first.comments[0].who == "Lee"
    assert first.room is not None
    assert 0 < first.room <= 32


def test_text_longer_than_a_cell_is_refused() -> None:
    made = sheet()
    long = replace(made, rows=(replace(made.rows[0], text="x" * 40_000),))
    for extension in TABLES:
        with pytest.raises(FormatError, match="c0000"):
            write_sheet(long, extension)

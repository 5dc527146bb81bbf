"""Memories and XLIFF files as the tools of others write them."""

from __future__ import annotations

import pytest

from subkit.errors import FormatError
from subkit.exchange.tmx import read_units
from subkit.exchange.xliff import read
from subkit.files.xml import harmless_doctype, parse
from tests.wild import WILD


@pytest.mark.parametrize("name", ["mem", "single", "bare", "system"])
def test_every_harmless_document_type_of_a_memory_is_read(name: str) -> None:
    (unit,) = read_units((WILD / "T01" / f"{name}.tmx").read_bytes(), f"{name}.tmx")
    assert unit.texts == {"en": "Where is Emma?", "es": "¿Por dónde anda Emma?"}


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE tbx>",
        "<!doctype TBX SYSTEM 'TBXcoreStructV02.dtd'>",
        '<!DOCTYPE martif PUBLIC "ISO 12200:1999A//DTD MARTIF core//EN" "TBXcdv04.dtd">',
        '<!DOCTYPE tbx PUBLIC "-//X//EN" [ ]>',
    ],
)
def test_a_document_type_that_declares_nothing_is_harmless(doctype: str) -> None:
    data = f"{doctype}<tbx/>".encode()
    assert parse(data, "g.tbx", doctype=harmless_doctype("tbx", "martif")).tag == "tbx"


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE tbx [<!ENTITY a 'b'>]>",
        '<!DOCTYPE tbx SYSTEM "a.dtd" [<!ENTITY % x SYSTEM "y"> %x;]>',
        "<!DOCTYPE html>",
    ],
)
def test_a_document_type_that_declares_something_is_refused(doctype: str) -> None:
    with pytest.raises(FormatError, match="document type"):
        parse(f"{doctype}<tbx/>".encode(), "g.tbx", doctype=harmless_doctype("tbx", "martif"))


def test_a_unit_that_nobody_translated_yet_edits_nothing() -> None:
    reply = read((WILD / "X01" / "talk.es.xlf").read_bytes(), "talk.es.xlf")
    row = next(row for row in reply.rows if row.cue == "4")
    assert (row.text, row.problem) == (None, "")

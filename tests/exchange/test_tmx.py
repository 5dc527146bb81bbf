"""TMX: ours and other programs'."""

from __future__ import annotations

import io

import pytest
from lxml import etree

from subkit.errors import FormatError
from subkit.exchange import read_sheet, write_sheet
from subkit.exchange.tmx import read_units
from subkit.model import Review, ReviewState
from tests.builders.sheets import project, sheet, with_cue

DTD = """
<!ELEMENT tmx (header, body)> <!ATTLIST tmx version CDATA #FIXED "1.4">
<!ELEMENT header (note|prop)*>
<!ATTLIST header creationtool CDATA #REQUIRED creationtoolversion CDATA #REQUIRED
  segtype (block|paragraph|sentence|phrase) #REQUIRED o-tmf CDATA #REQUIRED
  adminlang CDATA #REQUIRED srclang CDATA #REQUIRED datatype CDATA #REQUIRED>
<!ELEMENT note (#PCDATA)> <!ELEMENT prop (#PCDATA)> <!ATTLIST prop type CDATA #REQUIRED>
<!ELEMENT body (tu*)> <!ELEMENT tu ((note|prop)*, tuv+)> <!ATTLIST tu tuid CDATA #IMPLIED
  srclang CDATA #IMPLIED>
<!ELEMENT tuv ((note|prop)*, seg)>
<!ATTLIST tuv xml:lang CDATA #REQUIRED changeid CDATA #IMPLIED changedate CDATA #IMPLIED>
<!ELEMENT seg (#PCDATA|ph)*>
<!ELEMENT ph (#PCDATA)> <!ATTLIST ph x CDATA #IMPLIED type CDATA #IMPLIED>
"""
"""The part of TMX 1.4's grammar that subkit writes."""

FOREIGN = """<?xml version="1.0" encoding="utf-16"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x"
 adminlang="en" srclang="EN-US" datatype="rtf"/><body>
<tu><tuv xml:lang="EN-US"><seg>Good <bpt i="1">{\\b </bpt>morning<ept i="1">}</ept>.</seg></tuv>
<tuv xml:lang="ko_KR" changeid="Park"><seg><hi>좋은</hi> 아침.</seg></tuv></tu>
<tu tuid="2"><tuv lang="EN"><seg>No.</seg></tuv></tu></body></tmx>"""


def test_what_is_written_keeps_the_grammar() -> None:
    approved = Review(state=ReviewState.APPROVED, actor="Kim", time="2026-01-01T10:11:12+00:00")
    document = with_cue(project(), "c0001", review=approved)
    root = etree.fromstring(write_sheet(sheet(document), "tmx"))

    etree.DTD(io.StringIO(DTD)).assertValid(root)
    variant = root.findall(".//tu")[1].findall("tuv")[1]
    assert (variant.get("changeid"), variant.get("changedate")) == ("Kim", "20260101T101112Z")


def test_units_have_texts_codes_and_properties() -> None:
    units = list(read_units(write_sheet(sheet(), "tmx"), "a.tmx"))
    assert [unit.id for unit in units] == [f"ko/c{i:04d}" for i in range(5)]
    assert units[2].texts == {"en": "R&B <i>{curly}</i> 1 < 2", "ko": "+82 <i>알앤비</i>"}
    assert units[1].texts["ko"] == "- 뭐라고?\n- 아무것도 아냐."
    assert units[0].properties["x-subkit-state"] == "unreviewed"


def test_a_unit_is_of_the_language_that_was_spoken() -> None:
    spanish = with_cue(project(), "c0001", "en", language="es")
    root = etree.fromstring(
        write_sheet(sheet(with_cue(spanish, "c0003", "en", language="ko")), "tmx")
    )
    etree.DTD(io.StringIO(DTD)).assertValid(root)
    units = {unit.get("tuid"): unit for unit in root.iter("tu")}
    assert list(units) == ["ko/c0000", "ko/c0001", "ko/c0002", "ko/c0004"]
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [variant.get(lang) for variant in units["ko/c0001"].iter("tuv")] == ["es", "ko"]
    assert [units[name].get("srclang") for name in ("ko/c0000", "ko/c0001")] == [None, "es"]


def test_a_changed_unit_comes_back() -> None:
    data = write_sheet(sheet(), "tmx").decode().replace("그리고?", "그다음은?").encode()
    rows = read_sheet(data, "a.tmx", "tmx").rows
    assert [row.text for row in rows] == [None, None, None, None, "그다음은?"]
    assert rows[4].basis == sheet().rows[4].basis


def test_the_memory_of_another_program_is_read_without_its_codes() -> None:
    one, two = read_units(FOREIGN.encode("utf-16"), "a.tmx")
    assert one.texts == {"en-us": "Good morning.", "ko-kr": "좋은 아침."}
    assert one.actor == "Park"
    assert two.texts == {"en": "No."}
    with pytest.raises(FormatError, match="which cue"):
        read_sheet(FOREIGN.encode("utf-16"), "a.tmx", "tmx")


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE tmx [<!ENTITY e "x">]>',
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd" [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE html>",
    ],
)
def test_a_document_type_with_anything_in_it_is_refused(declaration: str) -> None:
    with pytest.raises(FormatError, match="document type"):
        list(read_units(f"{declaration}<tmx><body/></tmx>".encode(), "a.tmx"))


def test_what_is_no_tmx_is_refused() -> None:
    with pytest.raises(FormatError, match="not TMX"):
        list(read_units(b"<xml/>", "a.tmx"))

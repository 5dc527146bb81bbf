"""XLIFF 2: what is written is valid, and what translation tools make of it is understood."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from subkit.errors import FormatError
from subkit.exchange import read_sheet, write_sheet
from subkit.exchange.xliff import NAMESPACE
from subkit.model import Review, ReviewState
from tests.builders.sheets import commented, project, sheet, with_cue

if TYPE_CHECKING:
    from subkit.exchange import Returned

X = f"{{{NAMESPACE}}}"
SLR = "{urn:oasis:names:tc:xliff:sizerestriction:2.0}"
SCHEMA = Path(__file__).parents[1] / "data" / "xliff2" / "xliff_core_2.0.xsd"


def _tree() -> Any:
    document = with_cue(commented(project()), "c0001", review=Review(state=ReviewState.APPROVED))
    document = with_cue(document, "c0002", review=Review(state=ReviewState.EDITED))
    return etree.fromstring(write_sheet(sheet(with_cue(document, "c0003", lines=())), "xlf"))


def _read(tree: Any) -> dict[str, Returned]:
    return {row.cue: row for row in read_sheet(etree.tostring(tree), "a.xlf", "xlf").rows}


def _unit(tree: Any, cue: str) -> Any:
    (unit,) = tree.findall(f".//{X}unit[@name='{cue}']")
    return unit


def test_a_unit_tells_state_room_and_notes() -> None:
    tree = _tree()
    assert (tree.get("version"), tree.get("srcLang"), tree.get("trgLang")) == ("2.0", "en", "ko")
    states = [segment.get("state") for segment in tree.iter(f"{X}segment")]
    assert states == ["translated", "final", "reviewed", "initial", "translated"]
    # 16 characters on two lines, and 17 CPS over 1.668 s: 28, doubled for Latin counts one half
    assert _unit(tree, "c0000").get(f"{SLR}sizeRestriction") == "56"
    notes = {note.get("category"): note.text for note in _unit(tree, "c0000").iter(f"{X}note")}
    assert notes["glossary"] == "cultural: brother → 형 (elder, said by a man)"
    assert notes["comment"] == "Lee: Too formal?"
    assert _unit(tree, "c0003").find(f".//{X}target") is None


def test_the_order_of_elements_is_the_standards() -> None:
    order = ["notes", "originalData", "segment"]
    for unit in _tree().iter(f"{X}unit"):
        names = [etree.QName(child).localname for child in unit]
        assert names == sorted(names, key=order.index)
        ids = [code.get("id") for code in unit.iter(f"{X}ph")]
        assert all(re.fullmatch(r"[\w.-]+", name) for name in ids)
        used = {code.get("dataRef") for code in unit.iter(f"{X}ph")} - {None}
        assert used == {data.get("id") for data in unit.iter(f"{X}data")}
    children = [etree.QName(child) for child in _tree().find(f"{X}file")]
    assert [name.localname for name in children[:2]] == ["profiles", "notes"]


def test_the_schema_of_the_standard_accepts_what_is_written() -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    tree = _tree()
    schema.assertValid(tree)
    unit = _unit(tree, "c0000")
    unit.append(unit.find(f"{X}notes"))  # behind the segment, where no notes may stand
    with pytest.raises(etree.DocumentInvalid, match="notes"):
        schema.assertValid(tree)


def test_inline_codes_and_line_breaks_are_kept() -> None:
    tree = _tree()
    source, target = (_unit(tree, "c0002").find(f".//{X}{side}") for side in ("source", "target"))
    assert [code.get("id") for code in source] == ["c1", "c2"]
    assert [code.get("id") for code in target] == ["c1", "c2"]
    target[0].tail = "R&B "
    assert _read(tree)["c0002"].text == "+82 <i>R&B </i>"


def test_what_tools_make_of_codes_is_understood() -> None:
    tree = _tree()
    target = _unit(tree, "c0004").find(f".//{X}target")
    data = etree.fromstring(
        f'<originalData xmlns="{NAMESPACE}"><data id="a">&lt;b&gt;</data>'
        '<data id="z">&lt;/b&gt;</data></originalData>'
    )
    _unit(tree, "c0004").insert(0, data)
    new = etree.fromstring(
        f'<target xmlns="{NAMESPACE}">하<mrk id="m1">나</mrk> <pc id="1" dataRefStart="a" '
        'dataRefEnd="z">둘</pc><cp hex="0001"/><ph id="2" subType="xlf:lb"/>'
        '<sc id="3" dataRef="a"/>셋<ec startRef="3" dataRef="z"/></target>'
    )
    target.getparent().replace(target, new)
    assert _read(tree)["c0004"].text == "하나 <b>둘</b>\n<b>셋</b>"


def test_segments_that_a_tool_split_are_joined() -> None:
    tree = _tree()
    unit = _unit(tree, "c0004")
    segment = unit.find(f"{X}segment")
    for child in list(segment):
        segment.remove(child)
    etree.SubElement(segment, f"{X}source").text = "And"
    etree.SubElement(segment, f"{X}target").text = "그다음"
    gap = etree.SubElement(unit, f"{X}ignorable")
    etree.SubElement(gap, f"{X}source").text = " "
    etree.SubElement(gap, f"{X}target").text = " "
    last = etree.SubElement(unit, f"{X}segment")
    etree.SubElement(last, f"{X}source").text = "then?"
    assert "no target" in _read(tree)["c0004"].problem
    etree.SubElement(last, f"{X}target").text = "은?"
    assert (_read(tree)["c0004"].text, _read(tree)["c0004"].problem) == ("그다음 은?", "")


def test_a_first_translation_a_final_state_and_a_note_come_back() -> None:
    tree = _tree()
    segment = _unit(tree, "c0003").find(f"{X}segment")
    segment.set("state", "final")
    etree.SubElement(segment, f"{X}target").text = "따옴표"
    notes = _unit(tree, "c0000").find(f"{X}notes")
    etree.SubElement(notes, f"{X}note").text = "Is he older?"
    rows = _read(tree)
    assert rows["c0003"].text == "따옴표"
    assert rows["c0003"].finished
    assert not rows["c0000"].finished
    assert [remark.text for remark in rows["c0000"].remarks] == ["Is he older?"]


def test_a_file_that_lost_our_attributes_is_told() -> None:
    text = re.sub(rb' subkit:\w+="[^"]*"', b"", etree.tostring(_tree()))
    row = read_sheet(text, "a.xlf", "xlf").rows[0]
    assert "lost" in row.problem
    assert row.language == "ko"
    assert row.basis.source == sheet().rows[0].basis.source


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"/>', "1.2"),
        (b"<html/>", "not XLIFF 2"),
        (b"<xliff", "well-formed"),
        (b"<!DOCTYPE xliff SYSTEM 'x.dtd'><xliff/>", "document type"),
        (b"<?xml version='1.0' encoding='utf-7'?><xliff/>", "UTF-8"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"", "well-formed"),
    ],
)
def test_what_is_no_xliff_2_is_refused(text: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read_sheet(text, "a.xlf", "xlf")


def test_entities_are_never_expanded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    for one, two in zip(b"abcdefgh", b"bcdefghi", strict=True):
        bomb += b'<!ENTITY %c "%s">' % (two, b"&%c;" % one * 10)
    with pytest.raises(FormatError, match="document type"):
        read_sheet(bomb + b"]><x>&i;</x>", "a.xlf", "xlf")


def test_a_track_without_a_source_holds_no_pairs() -> None:
    for extension in ("xlf", "tmx"):
        with pytest.raises(FormatError, match="no source"):
            write_sheet(sheet(track="en"), extension)

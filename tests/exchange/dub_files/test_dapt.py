"""DAPT: the W3C's examples, its schema, and every line there and back."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from subkit.errors import FormatError, InputError, PlanError
from subkit.exchange.dub_files import DubReply, DubScript, read_dub_file, write_dub_file
from subkit.interfaces.file_contents import ReadRequest
from subkit.model import AnchorKind, DubLine, LineKind, OnScreen, TakeStatus
from tests.exchange.dub_files.dub_builders import RATE, line, original, script, scripts, word

SHARED = Path(__file__).parents[4] / "shared" / "cases"
EXAMPLES = sorted((SHARED / "dapt").glob("*.xml"))
SCHEMA = SHARED / "xsd" / "dapt" / "dapt.xsd"

HEAD = (
    '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" '
    'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tta="http://www.w3.org/ns/ttml#audio" '
    'xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:foo="urn:foo" '
    'xmlns:daptm="http://www.w3.org/ns/ttml/profile/dapt#metadata" '
    'ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/dapt1.0/content" xml:lang="en" '
    'daptm:langSrc="en" daptm:scriptRepresents="audio" daptm:scriptType="originalTranscript"'
)


def document(body: str, more: str = "", head: str = "") -> bytes:
    return f"{HEAD} {more}><head>{head}</head><body>{body}</body></tt>".encode()


def read(data: bytes) -> DubReply:
    return read_dub_file(data, ReadRequest(name="film.dapt.xml"), "dapt")


def written(what: DubScript, variant: str = "") -> bytes:
    return write_dub_file(what, "dapt", variant).data


def whole(example: Path) -> bytes:
    """An example as a document: most are pieces, with dots for what is left out."""
    text = example.read_text(encoding="utf-8").replace("...", "").strip()
    if 'xmlns="http://www.w3.org/ns/ttml"' in text:
        return text.encode()
    text = re.sub(r"<\?xml[^>]*\?>", "", text)
    if text.startswith("<tt"):
        inside = re.sub(r"^<tt[^>]*>|</tt>$", "", text)
        return f"{HEAD}>{inside}</tt>".encode()
    if text.startswith("<body"):
        return f"{HEAD}>{text}</tt>".encode()
    if text.startswith("<metadata"):
        return document("", head=text)
    if text.startswith("<div"):
        return document(text)
    inside = text if text.startswith("<p") else f"<p>{text}</p>"
    return document(f'<div xml:id="d1" begin="1s" end="2s">{inside}</div>')


@pytest.mark.skipif(not EXAMPLES, reason="the examples of the W3C are not here")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_of_the_w3c_is_read_and_comes_back(example: Path) -> None:
    first = read(whole(example))
    again = read(written(first.script))
    assert spoken(again.script) == spoken(first.script)
    if "audio" in example.stem:
        assert any("Sound" in repair for repair in first.repairs)


def spoken(what: DubScript) -> list[tuple[str, str, str, DubLine]]:
    return [(cue.id, f"{cue.span}", cue.text, cue.dub or DubLine()) for cue in what.track.cues]


@pytest.mark.skipif(not EXAMPLES, reason="the examples of the W3C are not here")
def test_what_the_examples_say() -> None:
    name = "intro-original-language-with-dub-language-and-adaptation.xml"
    found = read((SHARED / "dapt" / name).read_bytes()).script
    (cue,) = found.track.cues
    assert cue.text == "And thanks to that, we're gonna get rich."
    assert cue.dub is not None
    assert [(a.offset, a.time) for a in cue.dub.anchors] == [(0, 10), (20, Fraction(23, 2))]
    assert (cue.dub.character, cue.dub.on_screen) == ("character_1", OnScreen.ON_OFF)
    assert found.source is not None
    assert found.source.cues[0].text == "Et c'est grâce à ça qu'on va devenir riches."
    assert (found.track.language, found.source_language) == ("en", "fr")
    assert [one.name for one in found.characters] == ["ASSANE"]


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema of the W3C is not here")
@pytest.mark.parametrize("variant", ["", "translatedTranscript", "preRecording", "asRecorded"])
def test_what_is_written_is_valid_by_the_schema(variant: str) -> None:
    xmlschema = pytest.importorskip("xmlschema")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the schema of EBU metadata is not beside it
        schema = xmlschema.XMLSchema(str(SCHEMA))
    recorded = TakeStatus.RECORDED
    cues = (
        line("d1", 24, 60, "안녕 <휴고> & \n반가워", anchors=(word(0, 1.2),), take=recorded),
        line("2", 80, 99, "  two  spaces ", kind=LineKind.BREATH, note="in", take=recorded),
        line("d3", 100, 120, "الو", character=None, on_screen=OnScreen.OFF_ON, take=recorded),
    )
    source = original(*(replace(cue, lines=("Hello",)) for cue in cues)) if variant else None
    made = script(*cues, source=source, start=Fraction(3600), note="made <by> a machine")
    schema.validate(etree.fromstring(written(made, variant)))


@settings(max_examples=150, deadline=None)
@given(scripts())
def test_every_line_comes_back(made: DubScript) -> None:
    reply = read(written(made))
    assert not reply.repairs
    assert reply.script.track.cues == made.track.cues
    assert reply.script.characters == tuple(
        replace(one, origin="script") for one in made.characters
    )
    assert reply.script.track.loops == made.track.loops
    assert reply.script.rate == RATE


@pytest.mark.parametrize(
    ("body", "more", "told"),
    [
        ('<div xml:id="a" begin="1s" end="2s" ttm:agent="zoe"><p>x</p></div>', "", "zoe"),
        ('<div xml:id="a" begin="24f" end="25f"/>', 'ttp:frameRate="24"', ""),
        ('<div xml:id="a" begin="00:00:01:30" end="3s"/>', 'ttp:frameRate="24"', "24 on"),
        ('<div xml:id="a" begin="3s" end="2s"/>', "", "before its in-time"),
        ('<div xml:id="a" begin="soon" end="2s"/>', "", "is no time"),
        ('<div xml:id="a" begin="1s"><p>x</p></div>', "", "without an end"),
        ('<div begin="1s" end="2s"><p>x</p></div>', "", "without an id"),
        ('<div xml:id="a" begin="1s" end="2s" daptm:onScreen="AWAY"/>', "", "AWAY"),
    ],
)
def test_what_is_odd_is_read_and_told(body: str, more: str, told: str) -> None:
    reply = read(document(body, more))
    assert told in " ".join(reply.repairs)
    assert bool(reply.repairs) == bool(told)


def test_another_version_is_read_and_told() -> None:
    data = document('<div xml:id="a" begin="1s" end="2s"><p>x</p></div>')
    reply = read(data.replace(b"dapt1.0", b"dapt9.1"))
    assert reply.script.track.cues[0].text == "x"
    assert "Another version of DAPT" in reply.repairs[0]


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"<srt/>", "is no DAPT"),
        (b'<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"/>', "TTML and no DAPT"),
        (b'<!DOCTYPE tt [<!ENTITY a "b">]><tt/>', "document type"),
        (b"not XML", "not well-formed"),
    ],
)
def test_what_is_none_is_refused(data: bytes, match: str) -> None:
    with pytest.raises(FormatError, match=match):
        read(data)


def test_divisions_nested_by_the_thousand_are_no_end_of_stack() -> None:
    deep = 200
    body = "<div>" * deep + '<div xml:id="a"/>' + "</div>" * deep
    assert "nested very deeply" in read(document(body)).repairs[0]


def test_types_of_scripts_are_held_to_what_they_are() -> None:
    only = script(line("d1", 24, 60, "안녕"))
    adapted = script(line("d1", 24, 60, "안녕"), source=original(line("d1", 24, 60, "Hello")))
    assert b'scriptType="originalTranscript"' in written(only)
    assert b'scriptType="preRecording"' in written(adapted)
    with pytest.raises(PlanError, match="it is no translatedTranscript"):
        written(only, "translatedTranscript")
    with pytest.raises(PlanError, match="it is no originalTranscript"):
        written(adapted, "originalTranscript")
    with pytest.raises(PlanError, match="no script of type"):
        written(adapted, "final")
    with pytest.raises(InputError, match="Lines d1 are not recorded"):
        written(adapted, "asRecorded")


def test_the_original_stands_before_its_adaptation_in_its_own_language() -> None:
    lines = (line("d1", 24, 60, "No toques el teléfono."), line("d2", 70, 90, "Hello"))
    source = original(replace(lines[0], language="es"), lines[1])
    made = script(
        line("d1", 24, 60, "전화기를 만지지 마."), line("d2", 70, 90, "안녕"), source=source
    )
    reply = read(written(made)).script
    assert reply.source is not None
    assert [cue.text for cue in reply.source.cues] == ["No toques el teléfono.", "Hello"]
    assert [cue.text for cue in reply.track.cues] == ["전화기를 만지지 마.", "안녕"]
    assert b'xml:lang="es"' in written(made)


def test_a_word_is_a_span_from_its_first_letter() -> None:
    made = script(line("d1", 0, 240, "one two", anchors=(word(0, 0.5, 0.9), word(4, 1.25))))
    spans = etree.fromstring(written(made)).findall(".//{http://www.w3.org/ns/ttml}span")
    assert [(span.text, dict(span.attrib)) for span in spans] == [
        ("one ", {"begin": "0.500s", "end": "0.900s"}),
        ("two", {"begin": "1.250s"}),
    ]


def test_others_may_drop_what_only_subkit_writes_and_it_counts_as_unsaid() -> None:
    pause = replace(word(3, 1.0, 1.4), kind=AnchorKind.PAUSE)
    data = written(script(line("d1", 0, 240, "one two", anchors=(pause,), alternate="uno")))
    root = etree.fromstring(data)
    for metadata in root.findall(".//{http://www.w3.org/ns/ttml}metadata"):
        metadata.getparent().remove(metadata)
    etree.cleanup_namespaces(root)
    reply = read(etree.tostring(root))
    assert not {"pauses", "alternate", "loops"} & reply.carries
    assert {"pauses", "alternate", "loops"} <= read(data).carries

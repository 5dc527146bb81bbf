"""Glossary and register files: read whole, or every fault named with its line."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subkit.errors import FormatError, InputError, PlanError, SubkitError
from subkit.model import Address, Term, TermKind
from subkit.terminology import (
    inspect_glossary,
    read_glossary,
    read_register,
    write_glossary,
    write_register,
)

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "source,target,source_language,language,kind,others,forbidden,note,case_sensitive\n"
FULL = (
    Term(
        source="Hugo",
        target="휴고",
        source_language="en",
        language="ko",
        kind=TermKind.NAME,
        others=("휴고 씨",),
        forbidden=("위고", "휴즈"),
        note='The "lead", a sailor; calm',
        case_sensitive=True,
    ),
    Term(source="DNA", target="DNA", source_language="en", language="ko", kind=TermKind.KEEP),
    Term(source="형", target="", source_language="ko", language="en", kind=TermKind.CULTURAL),
    Term(source="=cmd()", target="+1", source_language="en", language="es"),
)

form = (
    st.text(
        st.characters(
            blacklist_categories=("Cs", "Cc"), blacklist_characters="|;'\ufffe\uffff\ufeff"
        ),
        min_size=1,
        max_size=20,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(lambda t: t and t == t.strip())
)
terms = st.lists(
    st.builds(
        Term,
        source=form,
        target=form,
        source_language=st.just("en"),
        language=st.sampled_from(["ko", "es-419"]),
        kind=st.sampled_from([TermKind.TERM, TermKind.NAME]),
        others=st.lists(form, max_size=2, unique=True).map(tuple),
        forbidden=st.lists(form, max_size=2, unique=True).map(tuple),
        note=form,
        case_sensitive=st.booleans(),
    ),
    max_size=6,
)


def write(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("extension", ["csv", "tbx"])
def test_what_is_written_is_read_again(tmp_path: Path, extension: str) -> None:
    path = write(tmp_path, f"g.{extension}", write_glossary(FULL, extension))
    assert inspect_glossary(path).faults == ()
    assert read_glossary(path) == FULL


@given(items=terms)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_terms_come_back(tmp_path: Path, items: list[Term]) -> None:
    for extension in ("csv", "tbx"):
        path = write(tmp_path, f"g.{extension}", write_glossary(items, extension))
        assert inspect_glossary(path).terms == tuple(items)


def test_a_spreadsheet_computes_nothing() -> None:
    written = write_glossary(FULL, "csv").decode("utf-8-sig")
    assert "'=cmd()" in written
    assert "\n=cmd" not in written


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_delimiter_and_encoding_are_found_out(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    rows = [["Source", "Target", "From", "To"], ["harbor", "항구", "en", "Korean"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    path = write(tmp_path, "g.csv", text.encode(encoding))
    (term,) = read_glossary(path)
    assert (term.source, term.target, term.language) == ("harbor", "항구", "ko")


def test_western_windows_is_read_and_said(tmp_path: Path) -> None:
    data = (HEAD + "coffee,café,en,fr,,,,,\n").encode("cp1252")
    file = inspect_glossary(write(tmp_path, "g.csv", data))
    assert file.terms[0].target == "café"
    assert "Windows-1252" in file.repairs[0]


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    rows = [
        "harbor,항구,en,ko,,,,,",
        "Harbor,부두,en,ko,,,,,",
        "boat,,en,ko,,,,,",
        ",배,en,ko,,,,,",
        '"two\nlines",둘,en,ko,,,,,',
        "sea,바다,en,xx-nothing,,,,,",
        "sky,하늘,en,en,,,,,",
        "rain,비,en,ko,weather,,,,",
        "snow,눈,en,ko,,,눈,,",
        "ice,얼음,en,ko,,,,,perhaps",
        "DNA,디엔에이,en,ko,keep,,,,",
        "x,y,en,ko,,,,,",
        "y,x,en,ko,,,,,",
        "harbor,항구,en,ko,,,,,",
    ]
    path = write(tmp_path, "g.csv", HEAD + "\n".join(rows))
    file = inspect_glossary(path)
    found = {(fault.place, fault.kind, fault.severity.value) for fault in file.faults}
    assert found == {
        ("line 3", "clash", "error"),
        ("line 4", "empty", "error"),
        ("line 5", "empty", "error"),
        ("line 8", "language", "error"),
        ("line 9", "language", "error"),
        ("line 10", "kind", "error"),
        ("line 11", "forbidden", "error"),
        ("line 12", "case", "error"),
        ("line 13", "keep", "error"),
        ("line 14", "cycle", "error"),
        ("line 16", "double", "warning"),
    }
    with pytest.raises(FormatError) as caught:
        read_glossary(path)
    assert "10 errors" in caught.value.message
    assert "line 3: 'Harbor' is '부두' here and '항구' in line 2" in caught.value.message
    assert caught.value.line == 3


def test_a_longer_circle_is_found_and_a_chain_is_a_warning(tmp_path: Path) -> None:
    ring = "a,b,en,es,,,,,\nb,c,en,es,,,,,\nc,a,en,es,,,,,\n"
    (fault,) = inspect_glossary(write(tmp_path, "ring.csv", HEAD + ring)).faults
    assert (fault.kind, fault.message) == ("cycle", "entries lead in a circle: a → b → c → a")
    chain = "a,b,en,es,,,,,\nb,c,en,es,,,,,\n"
    (fault,) = inspect_glossary(write(tmp_path, "chain.csv", HEAD + chain)).faults
    assert (fault.kind, fault.severity.value) == ("chain", "warning")
    back = "a,b,en,es,,,,,\nb,a,es,en,,,,,\n"
    assert inspect_glossary(write(tmp_path, "back.csv", HEAD + back)).faults == ()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("g.csv", b"", "is empty"),
        ("g.csv", b"source,target\na,b\n", "source_language"),
        ("g.csv", HEAD.encode() + b'a,"b,en,ko\n', "line 2"),
        ("g.csv", b"\0\1\2" * 9, "not a text file"),
        ("g.tbx", b"<tbx", "not well-formed"),
        ("g.tbx", b"<html/>", "not TBX"),
        ("g.tbx", b"", "not well-formed"),
    ],
)
def test_what_is_no_glossary_is_refused(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        read_glossary(write(tmp_path, name, data))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv"):
        read_glossary(tmp_path / "none.csv")
    with pytest.raises(InputError):
        read_glossary(tmp_path / "g\0.csv")
    with pytest.raises(PlanError, match="docx"):
        read_glossary(write(tmp_path, "g.docx", "x"))


def test_an_unknown_column_is_said_with_the_nearest(tmp_path: Path) -> None:
    data = "source,target,source_language,language,forbiden\na,b,en,ko,c\n"
    (repair,) = inspect_glossary(write(tmp_path, "g.csv", data)).repairs
    assert "'forbiden'" in repair
    assert "'forbidden'" in repair


V2 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><text><body>
<termEntry id="1"><descrip type="definition">A place for ships</descrip>
<langSet xml:lang="en"><tig><term>harbor</term></tig><tig><term>harbour</term></tig></langSet>
<langSet xml:lang="ko"><ntig><termGrp><term>항구</term>
<termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termGrp></ntig>
<tig><term>포구</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig>
<tig><term>하버</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig>
</langSet><langSet xml:lang="es"><tig><term>puerto</term></tig></langSet></termEntry>
</body></text></martif>"""

V3_DCT = """<?xml version="1.0" encoding="UTF-8"?>
<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
 xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
<text><body><conceptEntry id="c1"><min:subjectField>name</min:subjectField>
<langSec xml:lang="en"><termSec><term>Hugo</term></termSec></langSec>
<langSec xml:lang="ko"><termSec><term>위고</term>
<min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus></termSec>
<termSec><term>휴고</term>
<min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec></langSec>
</conceptEntry></body></text></tbx>"""


def test_tbx_version_2_is_read(tmp_path: Path) -> None:
    found = read_glossary(write(tmp_path, "g.tbx", V2))
    assert [(t.source, t.language, t.target) for t in found] == [
        ("harbor", "ko", "항구"),
        ("harbour", "ko", "항구"),
        ("harbor", "es", "puerto"),
        ("harbour", "es", "puerto"),
    ]
    assert found[0].others == ("포구",)
    assert found[0].forbidden == ("하버",)
    assert found[0].note == "A place for ships"


def test_tbx_version_3_with_category_elements_is_read(tmp_path: Path) -> None:
    (term,) = read_glossary(write(tmp_path, "g.tbx", V3_DCT))
    assert (term.target, term.forbidden, term.kind) == ("휴고", ("위고",), TermKind.NAME)


def test_a_proper_noun_of_another_program_is_a_name(tmp_path: Path) -> None:
    noun = '<termNote type="partOfSpeech">properNoun</termNote></tig>'
    found = read_glossary(write(tmp_path, "g.tbx", V2.replace("</tig>", noun, 1)))
    assert {term.kind for term in found} == {TermKind.NAME}
    common = noun.replace("properNoun", "noun")
    found = read_glossary(write(tmp_path, "h.tbx", V2.replace("</tig>", common, 1)))
    assert {term.kind for term in found} == {TermKind.TERM}


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE tbx [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><tbx>&b;</tbx>',
        '<!DOCTYPE tbx [<!ENTITY a SYSTEM "file:///etc/hostname">]><tbx>&a;</tbx>',
        '<!DOCTYPE tbx [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]><tbx/>',
        "<tbx>" + "<a>" * 5000 + "</a>" * 5000 + "</tbx>",
    ],
)
def test_hostile_xml_is_refused(tmp_path: Path, bomb: str) -> None:
    with pytest.raises(FormatError):
        read_glossary(write(tmp_path, "g.tbx", bomb))


def test_a_concept_of_many_sources_and_languages_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subkit.terminology.glossary_tbx.MAX_ENTRIES", 1000)
    terms = "".join(f"<termSec><term>w{n}</term></termSec>" for n in range(100))
    others = "".join(
        f'<langSec xml:lang="en-x-a{n}"><termSec><term>t</term></termSec></langSec>'
        for n in range(100)
    )
    concept = f'<conceptEntry><langSec xml:lang="en">{terms}</langSec>{others}</conceptEntry>'
    text = f'<tbx xml:lang="en"><text><body>{concept}</body></text></tbx>'
    with pytest.raises(FormatError, match="more than 1000 terms"):
        read_glossary(write(tmp_path, "many.tbx", text.encode()))


@given(st.binary(max_size=300), st.sampled_from(["csv", "tbx", "toml"]))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes, extension: str) -> None:
    path = write(tmp_path, f"g.{extension}", data)
    readers: list[Callable[[Path], object]] = [read_register]
    if extension != "toml":
        readers.append(read_glossary)
    for read in readers:
        with suppress(SubkitError):
            read(path)


REGISTER = """language = "ko"

[[address]]
speaker = "민수"
addressee = "지영"
level = "존댓말"

[[address]]
speaker = "민수"
addressee = "지영"
level = "해체"
term = "누나"
start = "c0042"
reason = "they become friends"
"""


def test_a_register_in_toml_and_the_same_in_csv(tmp_path: Path) -> None:
    found = read_register(write(tmp_path, "r.toml", REGISTER))
    assert [entry.level for entry in found] == ["polite", "hae"]
    assert found[1] == Address(
        language="ko",
        speaker="민수",
        addressee="지영",
        level="hae",
        term="누나",
        start="c0042",
        reason="they become friends",
    )
    assert read_register(write(tmp_path, "r.csv", write_register(found))) == found


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("r.toml", REGISTER.replace("해체", "해해체"), "entry 2: '해해체' is not a speech level"),
        ("r.toml", REGISTER.replace('"지영"\nlevel = "존', '3\nlevel = "존'), "entry 1: addressee"),
        ("r.toml", "[[address]]\nspeaker = 'a'\n", "there is no language, level"),
        ("r.toml", "x = 1\n", r"unknown keys \['x'\]"),
        ("r.toml", "address = 3\n", "no table"),
        ("r.toml", "[[", "is not TOML"),
        ("r.csv", "language,speaker,level\nko,a,해체\nko,a,해요체\nfr,b,on\n", "2 errors: line 3"),
        ("r.csv", "speaker,level\na,tu\n", "no column language"),
        ("r.csv", "language,speaker,level\nfi,a,te\n", "no speech levels of 'fi'"),
    ],
)
def test_every_fault_of_a_register_is_named(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(FormatError, match=said):
        read_register(write(tmp_path, name, text))


def test_an_encoding_is_taken_where_the_file_is_not_utf_8(tmp_path: Path) -> None:
    text = "source,target,source_language,language\nHugo,휴고,en,ko\n"
    for encoding in ("utf-8", "cp949", "utf-16"):
        path = tmp_path / f"{encoding}.csv"
        path.write_text(text, encoding=encoding)
        named = "cp949" if encoding == "utf-8" else encoding
        (term,) = inspect_glossary(path, named).terms
        assert (term.source, term.target) == ("Hugo", "휴고"), "what is UTF-8 stays so"
    with pytest.raises(PlanError, match="encoding"):
        inspect_glossary(tmp_path / "utf-8.csv", "klingon")

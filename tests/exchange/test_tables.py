"""XLSX, DOCX and CSV as people hand them back."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
from lxml import etree

from subkit.errors import FormatError
from subkit.exchange import Returned, read_sheet, write_sheet
from subkit.exchange.archive import repack
from subkit.files.csv_tables import guarded, unguarded
from tests.builders.sheets import project, sheet

if TYPE_CHECKING:
    from collections.abc import Callable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _xlsx(change: Callable[[Any], None]) -> tuple[Returned, ...]:
    """The rows after somebody worked on the sheet with openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(write_sheet(sheet(), "xlsx")))
    change(book["ko"])
    stream = io.BytesIO()
    book.save(stream)
    return read_sheet(stream.getvalue(), "film.xlsx", "xlsx").rows


def _column(page: Any, name: str) -> int:
    return int(next(cell.column for cell in page[1] if cell.value == name))


def _set(page: Any, row: int, column: str, value: object) -> None:
    page.cell(row=row, column=_column(page, column)).value = value


def test_every_cell_of_a_spreadsheet_is_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_sheet(sheet(), "xlsx")))
    page = book["ko"]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    formula = page.cell(row=3, column=_column(page, "source"))
    assert formula.value == "=SUM(A1:A9)"
    assert formula.quotePrefix
    assert page.freeze_panes == "B2"
    assert page.column_dimensions["L"].hidden
    assert page.cell(row=2, column=_column(page, "edited")).protection.locked is False
    assert page.cell(row=2, column=1).protection.locked is True
    assert "Made by machine." in [cell.value for cell in book["About"]["A"]]
    with zipfile.ZipFile(io.BytesIO(write_sheet(sheet(), "xlsx"))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_rows_of_a_spreadsheet_show_all_lines_and_may_grow() -> None:
    data = write_sheet(
        sheet(project((("One.", "하나."), ("Word " * 25, "말"), ("a\nb\nc", "")))), "xlsx"
    )
    page = openpyxl.load_workbook(io.BytesIO(data))["ko"]
    heights = [page.row_dimensions[row].height for row in (2, 3, 4)]
    assert heights == [15, 45, 45]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"customHeight" not in archive.read("xl/worksheets/sheet1.xml")


def test_edits_comments_and_order_of_a_spreadsheet() -> None:
    def change(page: Any) -> None:
        _set(page, 2, "edited", "난 열두 살이었어,\n형.")
        _set(page, 3, "comment", "Who says this?")
        _set(page, 4, "target", "+82 <i>R&B</i>")
        page.move_range("A6:L6", rows=10)
        page.delete_rows(5)

    rows = {row.cue: row for row in _xlsx(change)}
    assert set(rows) == {"c0000", "c0001", "c0002", "c0004"}
    assert rows["c0000"].text == "난 열두 살이었어,\n형."
    assert rows["c0001"].text is None
    assert rows["c0001"].remarks[0].text == "Who says this?"
    assert rows["c0002"].text == "+82 <i>R&B</i>"
    assert rows["c0004"].text is None


def test_what_is_no_text_in_a_spreadsheet_is_said() -> None:
    def change(page: Any) -> None:
        _set(page, 2, "edited", "=1+1")
        _set(page, 3, "edited", time(10, 30))
        _set(page, 4, "edited", 42)
        _set(page, 5, "edited", "TRUE")
        _set(page, 6, "in", "10:00:09:00")

    one, two, three, four, five = _xlsx(change)
    assert "formula" in one.problem
    assert "date" in two.problem
    assert (three.text, three.problem) == ("42", "")
    assert four.text == "TRUE"
    assert five.retimed


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (0.5, "0%", "50%"),
        (0.125, "0.0%", "12.5%"),
        (3, "0.00", "3.00"),
        (1234567, "#,##0", "1,234,567"),
        (42, "General", "42"),
        (1.5, "@", "1.5"),
        (True, "General", "TRUE"),
    ],
)
def test_numbers_and_truth_values_come_as_the_sheet_shows_them(
    value: object, form: str, shown: str
) -> None:
    def change(page: Any) -> None:
        _set(page, 4, "edited", value)
        page.cell(row=4, column=_column(page, "edited")).number_format = form

    row = _xlsx(change)[2]
    assert (row.text, row.problem) == (shown, "")


def test_both_texts_changed_is_no_answer_and_neither_is_none() -> None:
    def change(page: Any) -> None:
        _set(page, 2, "edited", "하나")
        _set(page, 2, "target", "둘")
        _set(page, 3, "target", None)
        _set(page, 4, "id", None)
        _set(page, 5, "basis", None)
        _set(page, 5, "target", "셋")
        _set(page, 6, "basis", "rubbish")
        _set(page, 6, "edited", "넷")

    one, two, three, four, five = _xlsx(change)
    assert "both" in one.problem
    assert "emptied" in two.problem
    assert three.cue == ""
    assert three.text
    assert "basis" in four.problem
    assert (five.text, five.problem) == ("넷", "")
    assert five.basis == sheet().rows[4].basis.__class__(
        source=sheet().rows[4].basis.source, text=sheet().rows[4].basis.text
    )


def test_an_escape_in_a_spreadsheet_is_read() -> None:
    (row, *_) = _xlsx(lambda page: _set(page, 2, "edited", "one_x000D_\n_x005F_x0041_"))
    assert row.text == "one\n_x0041_"


def _docx(change: Callable[[Any], None], extra: dict[str, bytes] | None = None) -> Any:
    """What is read after the document's XML was changed as Word changes it."""
    with zipfile.ZipFile(io.BytesIO(write_sheet(sheet(), "docx"))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(members["word/document.xml"])
    change(root)
    members["word/document.xml"] = etree.tostring(root)
    return read_sheet(repack({**members, **(extra or {})}), "film.docx", "docx")


def _row(root: Any, number: int) -> Any:
    return root.findall(f".//{W}tbl/{W}tr")[number]


def _cell(root: Any, number: int, column: int) -> Any:
    return _row(root, number).findall(f"{W}tc")[column]


def _tracked(cell: Any, deleted: str, inserted: str) -> None:
    """The cell's text replaced as Track Changes does it."""
    paragraph = cell.find(f"{W}p")
    for run in paragraph.findall(f"{W}r"):
        paragraph.remove(run)
    paragraph.append(
        etree.fromstring(
            f'<w:del xmlns:w="{W[1:-1]}" w:id="1" w:author="Kim" w:date="2026-01-01T00:00:00Z">'
            f"<w:r><w:delText>{deleted}</w:delText></w:r></w:del>"
        )
    )
    paragraph.append(
        etree.fromstring(
            f'<w:ins xmlns:w="{W[1:-1]}" w:id="2" w:author="Kim" w:date="2026-01-01T00:00:00Z">'
            f"<w:r><w:t>{inserted}</w:t></w:r></w:ins>"
        )
    )


def test_a_document_opens_in_python_docx_with_one_row_a_cue() -> None:
    document = docx.Document(io.BytesIO(write_sheet(sheet(), "docx")))
    (table,) = document.tables
    assert len(table.rows) == 6
    assert table.cell(1, 5).text == "난 겨우 열두 살이었어,\n형."
    assert table.cell(2, 4).text == "=SUM(A1:A9)"
    assert "Made by machine." in [paragraph.text for paragraph in document.paragraphs]


def test_tracked_changes_are_read_before_and_after() -> None:
    def change(root: Any) -> None:
        _tracked(_cell(root, 5, 5), "그리고?", "그다음은?")
        hidden = _cell(root, 5, 0).findall(f".//{W}r")[1]
        hidden.getparent().remove(hidden)  # the basis is lost: what stood before tells it

    row = _docx(change).rows[4]
    assert (row.text, row.problem) == ("그다음은?", "")
    assert row.basis.text == sheet().rows[4].basis.text


def test_a_row_deleted_with_track_changes_is_left_out() -> None:
    def change(root: Any) -> None:
        properties = _row(root, 2).find(f"{W}trPr")
        etree.SubElement(properties, f"{W}del").set(f"{W}id", "3")

    assert [row.cue for row in _docx(change).rows] == ["c0000", "c0002", "c0003", "c0004"]


def test_a_paragraph_put_in_with_track_changes_is_a_line() -> None:
    def change(root: Any) -> None:
        cell = _cell(root, 5, 6)
        mark = etree.SubElement(cell.find(f"{W}p"), f"{W}pPr")
        etree.SubElement(etree.SubElement(mark, f"{W}rPr"), f"{W}ins")
        cell.find(f"{W}p").append(
            etree.fromstring(f'<w:r xmlns:w="{W[1:-1]}"><w:t>하나</w:t></w:r>')
        )
        more = etree.SubElement(cell, f"{W}p")
        more.append(etree.fromstring(f'<w:r xmlns:w="{W[1:-1]}"><w:t>둘</w:t></w:r>'))

    assert _docx(change).rows[4].text == "하나\n둘"


def test_words_comments_belong_to_their_rows() -> None:
    def change(root: Any) -> None:
        for number, key in ((1, "7"), (3, "9")):
            mark = etree.SubElement(_cell(root, number, 5).find(f"{W}p"), f"{W}commentRangeStart")
            mark.set(f"{W}id", key)

    relation = (
        b'<Relationship Id="rIdC" Target="comments7.xml" Type="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships/comments"/>'
        b'<Relationship Id="rIdE" Target="commentsExtended.xml" Type="http://schemas.microsoft.com/'
        b'office/2011/relationships/commentsExtended"/></Relationships>'
    )
    with zipfile.ZipFile(io.BytesIO(write_sheet(sheet(), "docx"))) as archive:
        relations = archive.read("word/_rels/document.xml.rels")
    relations = relations.replace(b"</Relationships>", relation)
    comments = (
        f'<w:comments xmlns:w="{W[1:-1]}"'
        ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
        '<w:comment w:id="7" w:author="Park"><w:p><w:r><w:t>Who is </w:t></w:r>'
        "<w:r><w:t>this?</w:t></w:r></w:p></w:comment>"
        '<w:comment w:id="8" w:author="Park"><w:p><w:r><w:t>Lost.</w:t></w:r></w:p></w:comment>'
        '<w:comment w:id="9" w:author="Choi"><w:p><w:r><w:t>One.</w:t></w:r></w:p>'
        '<w:p w14:paraId="0A0B0C0D"><w:r><w:t>Two.</w:t></w:r></w:p></w:comment></w:comments>'
    )
    states = (
        '<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
        '<w15:commentEx w15:paraId="0A0B0C0D" w15:done="1"/>'
        '<w15:commentEx w15:paraId="00000001" w15:done="0"/></w15:commentsEx>'
    )
    parts = {
        "word/comments7.xml": comments.encode(),
        "word/commentsExtended.xml": states.encode(),
        "word/_rels/document.xml.rels": relations,
    }
    reply = _docx(change, parts)
    assert [(r.text, r.who) for r in reply.rows[0].remarks] == [("Who is this?", "Park")]
    assert [(r.text, r.who) for r in reply.rows[2].remarks] == [("One.\nTwo.", "Choi")]
    assert [r.resolved for row in (0, 2) for r in reply.rows[row].remarks] == [False, True]
    assert "Lost." in reply.repairs[0]


def test_a_strict_document_under_another_name_is_read() -> None:
    with zipfile.ZipFile(io.BytesIO(write_sheet(sheet(), "docx"))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = members.pop("word/document.xml").replace(W[1:-1].encode(), strict)
    members["word/document2.xml"] = body
    members["_rels/.rels"] = members["_rels/.rels"].replace(b"document.xml", b"document2.xml")
    assert len(read_sheet(repack(members), "film.docx", "docx").rows) == 5


def test_a_comment_made_by_python_docx_is_read() -> None:
    document = docx.Document(io.BytesIO(write_sheet(sheet(), "docx")))
    runs = document.tables[0].cell(2, 5).paragraphs[0].runs
    document.add_comment(runs=runs, text="Is that a formula?", author="Han", initials="H")
    stream = io.BytesIO()
    document.save(stream)
    rows = read_sheet(stream.getvalue(), "film.docx", "docx").rows
    assert [(r.text, r.who) for r in rows[1].remarks] == [("Is that a formula?", "Han")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16"])
def test_csv_as_spreadsheets_save_it(delimiter: str, encoding: str) -> None:
    text = write_sheet(sheet(), "csv").decode("utf-8-sig")
    records = list(csv.reader(io.StringIO(text)))
    records[2][records[0].index("edited")] = "고친 줄"
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(records)
    rows = read_sheet(stream.getvalue().encode(encoding), "film.csv", "csv").rows
    assert [row.text for row in rows] == [None, "고친 줄", None, None, None]


@pytest.mark.parametrize("encoding", ["cp949", "cp1252", "ascii", "shift_jis"])
def test_csv_that_lost_its_letters_is_refused(encoding: str) -> None:
    data = write_sheet(sheet(), "csv").decode("utf-8-sig").encode(encoding, errors="replace")
    with pytest.raises(FormatError, match=r"lost letters|is not text"):
        read_sheet(data, "film.csv", "csv")


def test_csv_begins_with_a_mark_and_computes_nothing() -> None:
    data = write_sheet(sheet(), "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    for record in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
        assert not any(value[:1] in tuple("=+-@\t\r") for value in record if value)
    assert unguarded(guarded("- Yes.")) == "- Yes."
    assert unguarded(guarded("'- Yes.")) == "'- Yes."
    assert unguarded("'tis") == "'tis"


@pytest.mark.parametrize("extension", ["xlsx", "docx"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(extension: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b" " * (32 * 2**20))
        archive.writestr("word/document.xml", b" " * (32 * 2**20))
    assert len(stream.getvalue()) < 100_000
    with pytest.raises(FormatError, match="unpacks to far more"):
        read_sheet(stream.getvalue(), "x", extension)


@pytest.mark.parametrize(
    ("extension", "member"),
    [("xlsx", "xl/sharedStrings.xml"), ("docx", "word/document.xml"), ("docx", "word/styles.xml")],
)
def test_a_document_type_is_refused(extension: str, member: str) -> None:
    with zipfile.ZipFile(io.BytesIO(write_sheet(sheet(), extension))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for evil in (
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
        "<!DOCTYPE x []><x/>".encode("utf-16"),
        b"<!-- hidden -->\n<!DOCTYPE x><x/>",
    ):
        with pytest.raises(FormatError, match="document type"):
            read_sheet(repack({**members, member: evil}), "x", extension)
    bomb = "<?xml version='1.0' encoding='{0}'?><!DOCTYPE x [<!ENTITY e 'ee'>]><x>&e;</x>"
    for encoding in ("utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "cp037"):
        evil = bomb.format(encoding).encode(encoding)
        with pytest.raises(FormatError, match=r"not XML|document type"):
            read_sheet(repack({**members, member: evil}), "x", extension)
    with pytest.raises(FormatError, match="not XML"):
        read_sheet(repack({**members, member: bomb.format("utf-16").encode()}), "x", extension)


def test_an_entity_in_utf_16_is_refused() -> None:
    case = Path(__file__).parents[3] / "shared/cases/hostile/utf16_entity.xlsx"
    if not case.is_file():
        pytest.skip("the shared cases are not here")
    with pytest.raises(FormatError, match="zero bytes"):
        read_sheet(case.read_bytes(), case.name, "xlsx")


def _repacked(extension: str, change: Callable[[str, bytes], bytes], packing: int) -> bytes:
    """A sheet whose parts are changed one by one, packed again in some way."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_sheet(sheet(), extension))) as archive,
        zipfile.ZipFile(stream, "w", packing) as made,
    ):
        for name in archive.namelist():
            made.writestr(name, change(name, archive.read(name)))
    return stream.getvalue()


@pytest.mark.parametrize("extension", ["xlsx", "docx"])
@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_of_no_office_file_is_refused(extension: str, packing: int) -> None:
    data = bytearray(_repacked(extension, lambda _, content: content, packing))
    for place in (None, 80, 200):
        if place is not None:
            data[place] ^= 0xFF
        with pytest.raises(FormatError, match="packed in a way"):
            read_sheet(bytes(data), "x", extension)


def test_a_part_that_is_no_xml_by_its_name_is_never_read() -> None:
    """Else a document type could hide in a sheet of another name."""
    with zipfile.ZipFile(io.BytesIO(write_sheet(sheet(), "xlsx"))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    page = members.pop("xl/worksheets/sheet1.xml")
    members["xl/worksheets/sheet1.foo"] = b"<!DOCTYPE x [<!ENTITY e 'x'>]>" + page
    for name, content in members.items():
        members[name] = content.replace(b"sheet1.xml", b"sheet1.foo")
    with pytest.raises(FormatError, match=r"not XLSX|no sheet"):
        read_sheet(repack(members), "x", "xlsx")


@pytest.mark.parametrize(
    ("value", "rows"),
    [("1" + "0" * 400, 0), ("1" * 5000, 0), ("nan", 0), ("1e999", 5), ("-0", 5), ("_xD800_", 0)],
)
@pytest.mark.parametrize("kind", ["", ' t="str"', ' t="b"', ' t="d"', ' t="s"', ' t="e"'])
def test_any_number_in_a_cell_is_read_or_refused(value: str, rows: int, kind: str) -> None:
    cell = f'<c r="G2"{kind}><v>{value}</v></c>'.encode()

    def change(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        assert b'<c r="G2"' in content
        return re.sub(rb'<c r="G2"[^>]*?(/>|>.*?</c>)', cell, content, count=1)

    try:
        reply = read_sheet(_repacked("xlsx", change, zipfile.ZIP_DEFLATED), "x", "xlsx")
    except FormatError:
        assert not rows or kind
    else:
        assert len(reply.rows) == 5
        assert all(row.text is None or row.text.isprintable() for row in reply.rows)


@pytest.mark.parametrize("extension", ["xlsx", "docx", "tmx", "xlf"])
def test_more_elements_than_any_sheet_has_are_refused(
    extension: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = write_sheet(sheet(), extension)
    assert read_sheet(data, "x", extension).rows
    monkeypatch.setattr("subkit.files.xml._MAX_MARKS", 50)
    with pytest.raises(FormatError, match="more elements than any sheet"):
        read_sheet(data, "x", extension)


def test_a_sheet_that_claims_a_million_rows_is_bounded() -> None:
    def change(page: Any) -> None:
        page.cell(row=1_000_000, column=16_000).value = "far away"

    assert len(_xlsx(change)) == 5


@pytest.mark.parametrize("extension", ["xlsx", "docx", "csv"])
def test_a_file_without_our_columns_is_refused_with_a_remedy(extension: str) -> None:
    data = write_sheet(sheet(), extension)
    if extension == "csv":
        data = b"a,b\n1,2\n"
    elif extension == "xlsx":
        stream = io.BytesIO()
        openpyxl.Workbook().save(stream)
        data = stream.getvalue()
    else:
        stream = io.BytesIO()
        docx.Document().save(stream)
        data = stream.getvalue()
    with pytest.raises(FormatError, match="columns id and edited"):
        read_sheet(data, "x", extension)

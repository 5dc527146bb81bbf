"""Glossaries as TBX: TermBase eXchange, version 2 (``martif``) and version 3 (``tbx``, DCA or DCT).

Elements are told by their local names, data categories by their ``type`` (DCA) or by their own
names (DCT), so the dialects TBX-Core, TBX-Min and TBX-Basic all read. Written is TBX-Basic version
3 in DCA style (ISO 30042:2019): a term's status says preferred, admitted or deprecated; the
subject field carries the kind, the customer subset ``case-sensitive``. Of others' files a proper
noun is a name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError
from subkit.files.csv_tables import MAX_CELL
from subkit.files.xml import LANG, harmless_doctype, local_name, parse
from subkit.language import resolve_language
from subkit.model import Term, TermKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.terminology.faults import GlossaryFault

__all__ = ["read_tbx", "write_tbx"]

MAX_ENTRIES = 200_000
_NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_ENTRIES = {"termEntry", "conceptEntry"}
_SECTIONS = {"langSet", "langSec"}
_STATUS = {"administrativeStatus", "normativeAuthorization"}
_DOCTYPE = harmless_doctype("martif", "tbx")
"""TBX names its own document type, which is cut out unread; one with declarations is refused."""
_DEPRECATED = ("deprecated", "superseded", "notRecommended", "obsolete")
_ADMITTED = ("admitted",)


def read_tbx(
    data: bytes, name: str
) -> tuple[list[Term], list[str], list[GlossaryFault], list[str]]:
    """The entries of a term base: from its language (``xml:lang`` of the root) to each other one.

    Where an entry lacks that language, its first language is the source.

    Raises:
        FormatError: not well-formed XML, not TBX, or it declares entities of its own.
    """
    root = parse(data, name, doctype=_DOCTYPE)
    entries = [element for element in root.iter("{*}*") if local_name(element) in _ENTRIES]
    if local_name(root) not in {"martif", "tbx"}:
        raise FormatError(
            f"{name!r} is not TBX: its root is <{local_name(root)}>.",
            remedy="TBX begins with <tbx> or <martif>.",
            line=root.sourceline,
            column=1,
        )
    if len(entries) > MAX_ENTRIES:
        raise FormatError(f"{name!r} has more than {MAX_ENTRIES} entries.", line=1, column=1)
    main = root.get(LANG, "")
    terms: list[Term] = []
    places: list[str] = []
    for entry in entries:
        for term in _terms(entry, main):  # each source with each language: a product
            terms.append(term)
            places.append(f"line {entry.sourceline}")
            if len(terms) > MAX_ENTRIES:
                raise FormatError(f"{name!r} has more than {MAX_ENTRIES} terms.", line=1, column=1)
    return terms, places, [], []


def write_tbx(terms: Sequence[Term]) -> bytes:
    """A term base: one concept an entry of the glossary.

    The file's language is that of the sources, ``mul`` where there are several: then the first
    language of each concept is its source.
    """
    from lxml import etree

    mains = {term.source_language for term in terms}
    main = mains.pop() if len(mains) == 1 else "mul"
    root = etree.Element(
        "tbx", {"type": "TBX-Basic", "style": "dca", LANG: main}, nsmap={None: _NAMESPACE}
    )
    header = etree.SubElement(etree.SubElement(root, "tbxHeader"), "fileDesc")
    etree.SubElement(etree.SubElement(header, "sourceDesc"), "p").text = "A glossary of subkit."
    body = etree.SubElement(etree.SubElement(root, "text"), "body")
    for number, term in enumerate(terms, start=1):
        concept = etree.SubElement(body, "conceptEntry", id=f"c{number}")
        _typed(concept, "descrip", "subjectField", term.kind.value)
        if term.case_sensitive:
            _typed(concept, "admin", "customerSubset", "case-sensitive")
        if term.note:
            etree.SubElement(concept, "note").text = _clean(term.note)
        source = etree.SubElement(concept, "langSec", {LANG: term.source_language or "und"})
        _section(source, term.source, "preferredTerm-admn-sts")
        target = etree.SubElement(concept, "langSec", {LANG: term.language or "und"})
        if term.target:
            _section(target, term.target, "preferredTerm-admn-sts")
        for form in term.others:
            _section(target, form, "admittedTerm-admn-sts")
        for form in term.forbidden:
            _section(target, form, "deprecatedTerm-admn-sts")
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _terms(entry: Any, main: str) -> Iterator[Term]:
    sections = [element for element in entry if local_name(element) in _SECTIONS]
    by_language: dict[str, list[Any]] = {}
    for section in sections:
        language = section.get(LANG, "").replace("_", "-")
        by_language.setdefault(language, []).extend(_forms(section))
    if not by_language:
        return
    source_language = _main_of(list(by_language), main)
    common = _concept(entry)
    sources = [text for text, status in by_language[source_language] if status != "forbidden"]
    for language, forms in by_language.items():
        if language == source_language and len(by_language) > 1:
            continue
        for source in sources or [""]:
            term = replace(common, source=source, source_language=source_language)
            yield _in_language(term, language, forms)


def _concept(entry: Any) -> Term:
    """What an entry says of its concept in all languages."""
    kind = _category(entry, "subjectField")
    known = {kind.value for kind in TermKind}
    is_name = _category(entry, "partOfSpeech") == "properNoun"
    notes = [_text(child) for child in entry.iter("{*}note", "{*}definition")]
    notes += [
        _text(child) for child in entry.iter("{*}descrip") if child.get("type") == "definition"
    ]
    return Term(
        source="",
        target="",
        source_language="",
        language="",
        kind=TermKind(kind) if kind in known else TermKind.NAME if is_name else TermKind.TERM,
        note=" ".join(filter(None, notes))[:MAX_CELL],
        case_sensitive=_category(entry, "customerSubset") == "case-sensitive",
    )


def _in_language(term: Term, language: str, forms: list[tuple[str, str]]) -> Term:
    good = [text for text, status in forms if status == "preferred"]
    fine = [text for text, status in forms if status in ("", "admitted")]
    ordered = [*good, *fine]
    return replace(
        term,
        target=ordered[0] if ordered and language != term.source_language else "",
        language=language,
        others=tuple(dict.fromkeys(ordered[1:])),
        forbidden=tuple(text for text, status in forms if status == "forbidden"),
    )


def _main_of(languages: list[str], main: str) -> str:
    if main in languages:
        return main
    base = resolve_language(main).base
    near = [tag for tag in languages if resolve_language(tag).base == base != "und"]
    return near[0] if near else languages[0]


def _forms(section: Any) -> Iterator[tuple[str, str]]:
    """Each term of a language with its status: preferred, admitted, forbidden, or none given."""
    for group in section.iter("{*}tig", "{*}ntig", "{*}termSec"):
        term = next(group.iter("{*}term"), None)
        if term is not None and (text := _text(term)):
            yield text, _status(group)
    loose = [child for child in section if local_name(child) == "term"]
    for term in loose:
        if text := _text(term):
            yield text, ""


def _status(group: Any) -> str:
    for element in group.iter("{*}*"):
        if local_name(element) in _STATUS or element.get("type") in _STATUS:
            value = _text(element)
            if value.startswith(_DEPRECATED):
                return "forbidden"
            return "admitted" if value.startswith(_ADMITTED) else "preferred"
    return ""


def _category(entry: Any, name: str) -> str:
    for child in entry.iter("{*}*"):
        if child.get("type") == name or local_name(child) == name:
            return _text(child)
    return ""


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())[:MAX_CELL]


def _typed(parent: Any, tag: str, kind: str, text: str) -> None:
    from lxml import etree

    etree.SubElement(parent, tag, type=kind).text = text


def _section(parent: Any, form: str, status: str) -> None:
    from lxml import etree

    section = etree.SubElement(parent, "termSec")
    etree.SubElement(section, "term").text = _clean(form)
    etree.SubElement(section, "termNote", type="administrativeStatus").text = status


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(
        char
        for char in text
        if char in "\t\n" or (ord(char) >= 0x20 and not 0xD800 <= ord(char) <= 0xDFFF)
        if char not in "\ufffe\uffff"
    )

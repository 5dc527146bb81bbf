"""XML from strangers: no document type, no entity, no network, UTF-8 or UTF-16 only."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

__all__ = ["LANG", "SPACE", "harmless_doctype", "local_name", "parse", "qualified", "require_plain"]

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_DECLARED = re.compile(r"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})[\"']")
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_MAX_MARKS = 8_000_000
"""Signs < and = in a file: each may become an element or attribute of 50 to 300 bytes. A DOCX sheet
has 160 a row."""

_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"}
"""Those in which markup is written as in ASCII; UTF-16 is known by its byte order mark alone."""


def harmless_doctype(*roots: str) -> re.Pattern[str]:
    """Return what a document type declaration that declares nothing looks like.

    Its root is one of ``roots``, in any case; it may name a public or system identifier, in either
    kind of quotes, which is never opened, and its internal subset, if it has one, is empty.
    """
    literal = r"(?:\"[^\"<>\[\]]{0,300}\"|'[^'<>\[\]]{0,300}')"
    named = rf"SYSTEM\s+{literal}|PUBLIC\s+{literal}(?:\s+{literal})?"
    return re.compile(
        rf"<!DOCTYPE\s+(?:{'|'.join(roots)})(?:\s+(?:{named}))?\s*(?:\[\s*\]\s*)?>", re.IGNORECASE
    )


def parse(data: bytes, name: str, *, doctype: re.Pattern[str] | None = None) -> Element:
    """The root element; comments and processing instructions are left out.

    Args:
        data: The file's bytes.
        name: Its name, for errors.
        doctype: A document type declaration that is harmless and is cut out before parsing.

    Raises:
        FormatError: not XML, another encoding, or a document type declaration.
    """
    from lxml import etree

    text = require_plain(data, name, doctype=doctype)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        reason = (error.msg or "").split(", line ")[0]
        raise FormatError(
            f"{name!r} is not well-formed XML: {reason}, line {line}, column {column}.",
            remedy="Export it again from the program that wrote it.",
            line=line,
            column=column,
        ) from error


def require_plain(data: bytes, name: str, *, doctype: re.Pattern[str] | None = None) -> str:
    """The text of an XML file without its declaration, known to have no document type.

    Raises:
        FormatError: another encoding, a document type declaration, or more elements than any sheet.
    """
    text = _decode(data, name).removeprefix("\ufeff")
    if text.count("<") + text.count("=") > _MAX_MARKS:
        raise FormatError(
            f"{name!r} has more elements than any sheet.",
            remedy="Check that it is the right file.",
            line=1,
            column=1,
        )
    text = _DECLARATION.sub("", text, count=1) if _DECLARATION.match(text) else text
    prolog = _PROLOG.match(text)
    at = prolog.end() if prolog else 0
    if text.startswith("<!", at):
        match = doctype.match(text, at) if doctype is not None else None
        if match is None:
            line = text.count("\n", 0, at) + 1
            raise FormatError(
                f"{name!r} has a document type declaration (line {line}), which could pull in "
                "other files.",
                remedy="Export it again without one.",
                line=line,
                column=1,
            )
        text = text[: match.start()] + text[match.end() :]
    return text


def _decode(data: bytes, name: str) -> str:
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if marked else "utf-8"
    head = data[:400].decode("ascii", errors="replace").lstrip("\ufffd")
    if not marked and (match := _DECLARED.match(head)):
        encoding = match[1].lower()
    try:
        if not marked and encoding not in _ENCODINGS:
            raise LookupError(encoding)
        text = data.decode(encoding)
        if "\0" in text:  # UTF-16 without its mark: a parser may know it all the same
            raise LookupError("it holds zero bytes")
    except (LookupError, UnicodeDecodeError) as error:
        raise FormatError(
            f"{name!r} is not XML in UTF-8 or UTF-16 ({error}).",
            remedy="Save it as UTF-8.",
            line=1,
            column=1,
        ) from error
    return text


def qualified(namespace: str, name: str) -> str:
    """A name in a namespace, as lxml writes it."""
    return f"{{{namespace}}}{name}"


def local_name(element: Any) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]

"""Markers and texts of Premiere and Final Cut Pro 7, read: xmeml (``.xml``) and XMP (``.xmp``).

xmeml holds a sequence: its markers, and generators whose parameter ``str`` is their text (titles).
XMP holds the markers that Premiere keeps with a file, in ticks of a rate such as ``f254016000000``.
A marker is a cue with its name and comment; one without a length has none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError, TimecodeError
from subkit.files.plain_text import MAX_BYTES, Repairs, split_lines
from subkit.files.xml import harmless_doctype, local_name, parse
from subkit.formats.cue_text import plain_content, put_in_order
from subkit.interfaces.file_contents import FileContent, ReadRequest
from subkit.model import Cue, FrameRate, Span, Track

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["XmemlReader", "XmpReader"]

_DOCTYPE = harmless_doctype("xmeml")
_RATE = re.compile(r"f(\d{1,18})(?:s(\d{1,18}))?")
_WHOLE = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?")


def _root(data: bytes, name: str) -> Any:
    if len(data) > MAX_BYTES:
        raise _fault(name, f"{len(data)} bytes, more than {MAX_BYTES}")
    return parse(data, name, doctype=_DOCTYPE)


def _fault(name: str, what: str) -> FormatError:
    return FormatError(
        f"{name!r}, line 1, column 1: {what}.",
        remedy="Export it again from the editing system, with its markers.",
        line=1,
        column=1,
    )


def _child(element: Any, name: str) -> str:
    """The text of a child element; empty where there is none."""
    return next(((c.text or "").strip() for c in element if local_name(c) == name), "")


def _content(
    found: list[tuple[Fraction, Fraction, str]], asked: ReadRequest, repairs: Repairs
) -> FileContent:
    if not found:
        raise _fault(asked.name, "no marker and no text in it")
    cues = [
        Cue(
            id=str(number),
            span=Span(max(start, Fraction(0)), max(start + length, start, Fraction(0))),
            lines=tuple(split_lines(text.split("\n"))),
        )
        for number, (start, length, text) in enumerate(found, start=1)
    ]
    track = Track(
        id=asked.language, language=asked.language, cues=tuple(put_in_order(cues, repairs))
    )
    return plain_content(track, repairs, asked)


class XmemlReader:
    """Reads the XML of Final Cut Pro 7 and Premiere; see the module for what it takes."""

    extension = "xml"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired; cue ids are the places in the file.

        Raises:
            FormatError: not xmeml, or no marker and no text in it.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """The track and what was repaired, as :meth:`read`."""
        root = _root(data, asked.name)
        sequence = next((e for e in root.iter() if local_name(e) == "sequence"), None)
        if local_name(root) != "xmeml" or sequence is None:
            raise _fault(asked.name, "no sequence of Final Cut Pro 7 in it")
        rate = asked.rate or _xmeml_rate(sequence)
        if rate is None:
            raise _fault(asked.name, "its sequence has no frame rate")
        found = [
            (rate.time(start), rate.time(max(end - start, 0)), text)
            for start, end, text in (*_xmeml_markers(sequence), *_xmeml_texts(sequence))
        ]
        content = _content(found, replace(asked, start=None), Repairs())
        return replace(content, rate=rate, title=_child(sequence, "name"))


def _xmeml_rate(sequence: Any) -> FrameRate | None:
    for element in sequence:
        if local_name(element) == "rate":
            base = _frames(_child(element, "timebase"))
            if base <= 0:
                return None
            ntsc = _child(element, "ntsc").upper() == "TRUE"
            try:
                return FrameRate(Fraction(base * 1000, 1001) if ntsc else Fraction(base))
            except TimecodeError:
                return None
    return None


def _frames(text: str) -> int:
    return int(text.partition(".")[0]) if _WHOLE.fullmatch(text) else -1


def _xmeml_markers(sequence: Any) -> Iterator[tuple[int, int, str]]:
    for element in sequence:
        if local_name(element) == "marker":
            told = [part for key in ("name", "comment") if (part := _child(element, key))]
            first, last = _frames(_child(element, "in")), _frames(_child(element, "out"))
            yield max(first, 0), max(last, first, 0), "\n".join(told)


def _xmeml_texts(sequence: Any) -> Iterator[tuple[int, int, str]]:
    for item in sequence.iter():
        if local_name(item) != "generatoritem":
            continue
        start, end = _frames(_child(item, "start")), _frames(_child(item, "end"))
        for parameter in (e for e in item.iter() if local_name(e) == "parameter"):
            if _child(parameter, "parameterid") == "str" and start >= 0:
                yield start, end, _child(parameter, "value").replace("\r", "\n")


class XmpReader:
    """Reads the markers in an XMP file; see the module for what it takes."""

    extension = "xmp"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired; cue ids are the places in the file.

        Raises:
            FormatError: not XMP, or no marker in it.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """The track and what was repaired, as :meth:`read`."""
        root = _root(data, asked.name)
        found: list[tuple[Fraction, Fraction, str]] = []
        for holder in root.iter():
            if "markers" not in {local_name(child) for child in holder}:
                continue
            ticks = _ticks(_value(holder, "frameRate"))
            lists = (child for child in holder if local_name(child) == "markers")
            for item in (e for markers in lists for e in markers.iter() if local_name(e) == "li"):
                start, length = (_count(_value(item, key)) for key in ("startTime", "duration"))
                told = [part for key in ("name", "comment") if (part := _value(item, key))]
                found.append((start / ticks, length / ticks, "\n".join(told)))
        return _content(found, asked, Repairs())


def _value(element: Any, name: str) -> str:
    """A property of a resource: a child element, or an attribute of it or of its description."""
    for part in (element, *(c for c in element if local_name(c) == "Description")):
        if found := _child(part, name):
            return found
        for key, value in part.attrib.items():
            if str(key).rpartition("}")[2] == name:
                return str(value).strip()
    return ""


def _ticks(text: str) -> Fraction:
    """Ticks a second: ``f254016000000``, or ``f30000s1001`` for a fraction."""
    match = _RATE.fullmatch(text)
    if match is None or not int(match[1]):
        return Fraction(254016000000)
    return Fraction(int(match[1]), int(match[2] or 1) or 1)


def _count(text: str) -> Fraction:
    return Fraction(max(_frames(text), 0))

"""Which format a file is of, by its first bytes: names lie, contents do not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.files.encodings import text_of
from subkit.files.plain_text import Repairs
from subkit.formats.text_times import is_timing

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["format_of", "is_text_format"]

_LOOKED_AT = 100
"""Lines at the beginning of a file of which one must be a timing line."""

_CODES = re.compile(r"\s*\d\d:\d\d:\d\d[:;.,]\d\d[ \t]+(?:[0-9A-Fa-f]{4}\b[ \t]*){1,400}[\r\n]")
"""A time code and pairs of bytes, where the first line of SCC is missing."""

_ANCILLARY = re.compile(
    r"\s*\d\d:\d\d:\d\d[:;]\d\d[.,0-9]{0,8}[ \t]+(?:T|6101)[0-9A-Z]{8,}", re.IGNORECASE
)
"""A time code and ancillary data, where the head of MacCaption is missing."""

_SBV = re.compile(r"\s*\d+:\d\d:\d\d\.\d{3},\d+:\d\d:\d\d\.\d{3}\s*[\r\n]")

_PROLOG = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^<>\[]{0,300}>)*", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([\w.-]{1,40})[\s>]")
_XML = {
    "tt": "imsc",
    "subtitlereel": "dcinema",
    "dcsubtitle": "interop",
    "fcpxml": "fcpxml",
    "xmeml": "fcp7",
    "xmpmeta": "xmp",
}
"""First element of an XML file, in lower case -> its format."""

_SPRUCE = re.compile(
    r"^\s{0,9}\d\d:\d\d:\d\d[:;.]\d\d[ \t]{0,9},[ \t]{0,9}\d\d:\d\d:\d\d[:;.]\d\d[ \t]{0,9},",
    re.MULTILINE,
)
"""Two time codes and a text with commas between, as in the STL of DVD Studio Pro."""


def format_of(head: bytes) -> str | None:
    """The name of the format that a file begins like; ``None`` where nothing tells it.

    Args:
        head: The first bytes of the file, up to 64 KiB.
    """
    for name, looks in _BY_BYTES:
        if looks(head):
            return name
    text = text_of(head, Repairs()).lstrip("\ufeff")
    if (root := _root(text)) in _XML:
        return _XML[root]
    return next((name for name, looks in _BY_TEXT if looks(text)), None)


def is_text_format(name: str) -> bool:
    """Return whether files of a format are text throughout."""
    return all(name != binary for binary, _ in _BY_BYTES)


def _is_vtt(text: str) -> bool:
    return re.match(r"WEBVTT(?:\s|$)", text) is not None


def _is_ass(text: str) -> bool:
    return re.match(r"(?:\s|[;!][^\n]*\n){0,200}\[Script Info\]", text, re.IGNORECASE) is not None


def _is_sami(text: str) -> bool:
    return re.match(r"\s*(?:<!--.{0,4000}?-->\s*){0,5}<sami\b", text, re.I | re.S) is not None


def _is_srt(text: str) -> bool:
    return any(is_timing(line) and "-->" in line for line in text.splitlines()[:_LOOKED_AT])


def _is_mcc(text: str) -> bool:
    return text.startswith("File Format=MacCaption") or _ANCILLARY.match(text) is not None


def _root(text: str) -> str:
    """The name of the first element of an XML file; empty where it is none."""
    prolog = _PROLOG.match(text)
    root = _ROOT.match(text, prolog.end() if prolog else 0)
    return root[1].lower() if root else ""


def _is_stl(head: bytes) -> bool:
    """Whether a file has the head of EBU STL; Spruce's text of that extension has not."""
    return re.match(rb"[ -~\0]{3}STL\d\d\.\d\d", head, re.DOTALL) is not None


def _is_spruce(text: str) -> bool:
    """Whether a file is the text that DVD Studio Pro calls STL; its reader refuses it by name."""
    return _SPRUCE.search(text) is not None


def _is_scc(text: str) -> bool:
    return text[:13].lower() == "scenarist_scc" or _CODES.match(text) is not None


def _begins(pattern: str) -> Callable[[str], bool]:
    """Whether most of the first lines that are not empty match a pattern, one of two at least."""
    compiled = re.compile(pattern)

    def looks(text: str) -> bool:
        lines = [line for line in text.split("\n")[:_LOOKED_AT] if line.strip()]
        matching = sum(compiled.match(line) is not None for line in lines)
        return matching > 0 and 2 * matching >= len(lines)

    return looks


def _is_sbv(text: str) -> bool:
    return _SBV.match(text) is not None


def _is_edl_of_markers(text: str) -> bool:
    return re.search(r"^\s*(?:\*\s*LOC:|\|C:[^|\n]*\|M:)", text, re.MULTILINE) is not None


def _is_word_json(text: str) -> bool:
    return text.lstrip()[:1] == "{" and '"segments"' in text


_BY_BYTES: tuple[tuple[str, Callable[[bytes], bool]], ...] = (("stl", _is_stl),)
"""Formats that are no text, in the order they are asked."""

_BY_TEXT: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("vtt", _is_vtt),
    ("scc", _is_scc),
    ("stl", _is_spruce),
    ("ass", _is_ass),
    ("mcc", _is_mcc),
    ("smi", _is_sami),
    ("srt", _is_srt),
    ("microdvd", _begins(r"\s*\{\s*\d+\s*\}\s*\{\s*\d*\s*\}")),
    ("mpl2", _begins(r"\s*\[\s*\d+\s*\]\s*\[\s*\d*\s*\]")),
    ("lrc", _begins(r"\s*\[(?:\d+:\d\d(?:[.:]\d+)?\]|(?:ti|ar|al|au|by|la|re|ve|offset|length):)")),
    ("whisper-log", _begins(r"\s*\[[\d:.]+\s*-+>\s*[\d:.]+\]")),
    ("json", _is_word_json),
    ("sbv", _is_sbv),
    ("edl", _is_edl_of_markers),
    ("tmplayer", _begins(r"\s*\d\d?:\d\d:\d\d[:=]")),
)
"""Formats that are text, in the order they are asked: the surest first."""

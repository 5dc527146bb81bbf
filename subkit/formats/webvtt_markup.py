"""The text of a WebVTT cue: escapes, voices, languages and other tags."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from subkit.formats.cue_text import cue_lines

if TYPE_CHECKING:
    from subkit.model import Cue

__all__ = ["Payload", "cue_payload", "escape", "parse_payload"]

_TOKEN = re.compile(
    r"<(/?)([a-zA-Z]{0,20}|\d[\d:.]{0,20})((?:\.[^<>\s]{0,100})?)((?:\s[^<>]{0,500})?)>"
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")


def escape(text: str) -> str:
    """Text with ``&``, ``<`` and ``>`` written out, so that neither a tag nor an arrow is in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    """Text with character references read; numbers are bounded, so none is too large to read."""
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text)


def cue_payload(cue: Cue) -> list[str]:
    """The lines of a cue as WebVTT writes them, its speaker and own language as tags."""
    lines = [escape(line) for line in cue_lines(cue)]
    before = after = ""
    if cue.speaker and (voice := " ".join(cue.speaker.split())):
        before = f"<v {escape(voice)}>"
    if cue.language:
        before, after = f"{before}<lang {escape(cue.language)}>", "</lang>"
    if not before or not lines:
        return lines
    lines[0] = before + lines[0]
    lines[-1] += after
    return lines


@dataclass(slots=True)
class Payload:
    """What a cue's text says.

    Attributes:
        text: Plain text, lines apart by a newline.
        voices: Names in ``<v>`` tags, in order.
        languages: Tags in ``<lang>`` tags, in order.
        dropped: Names of other tags that were in it.
        ruby: Whether ruby text was put in brackets.
        whole: Whether the first voice and language tag hold from the first character on.
    """

    text: str = ""
    voices: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    ruby: bool = False
    whole: bool = True


def parse_payload(source: str) -> Payload:
    """Return the plain text of a cue and the information in its tags."""
    payload = Payload()
    parts: list[str] = []
    at = 0
    begun = in_ruby_text = False
    for match in _TOKEN.finditer(source):
        parts.append(_plain(source[at : match.start()]))
        at = match.end()
        begun = begun or bool(parts[-1].strip())
        bracket, in_ruby_text = _tag(payload, match, in_ruby_text, begun)
        begun = begun or bool(bracket)
        parts.append(bracket)
    parts.append(_plain(source[at:]))
    payload.text = "".join(parts) + (")" if in_ruby_text else "")
    return payload


def _tag(payload: Payload, match: re.Match[str], in_ruby: bool, begun: bool) -> tuple[str, bool]:
    """Take in one tag; what stands for it in the text, and whether ruby text is open now."""
    closing, name, annotation = bool(match[1]), match[2].lower(), _plain(match[4]).strip()
    if name == "rt" and not closing:
        payload.ruby = True
        return "(", True
    if name in ("rt", "ruby") and closing:
        return (")" if in_ruby else ""), False
    if closing or name == "ruby":
        return "", in_ruby
    if name == "v":
        payload.voices.append(annotation)
        payload.whole = payload.whole and not begun
    elif name == "lang":
        payload.languages.append(annotation)
        payload.whole = payload.whole and not begun
    else:
        payload.dropped.add("timestamp" if name[:1].isdigit() else name or "nameless")
    return "", in_ruby

"""The text of a SAMI paragraph: HTML as players of the nineties knew it, to marks and back.

White space is one space, ``<br>`` a line break. ``<font>`` and ``style`` attributes are looks as
far as a mark can say them; other tags and attributes stay at their place as opaque marks.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from subkit.formats.colors import hex_color, without_alpha
from subkit.formats.mark_runs import MarkBuilder, nested, tidied
from subkit.formats.webvtt_css import declared_looks, look_rule
from subkit.model import Cue, Feature, Mark
from subkit.model.mark_moves import sorted_marks

__all__ = ["TOKEN", "ParagraphReader", "attributes_of", "paragraph", "plain_text"]

TOKEN = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)|<(?P<close>/?)(?P<tag>[A-Za-z]{1,20})(?P<rest>[^<>]{0,2000})>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([A-Za-z-]{1,30})\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]{1,400})")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});?")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_TAGS = {
    "i": Feature.ITALIC,
    "em": Feature.ITALIC,
    "b": Feature.BOLD,
    "strong": Feature.BOLD,
    "u": Feature.UNDERLINE,
    "s": Feature.STRIKE,
    "strike": Feature.STRIKE,
}
_TAG_OF = {
    Feature.ITALIC: "i",
    Feature.BOLD: "b",
    Feature.UNDERLINE: "u",
    Feature.STRIKE: "s",
}
_ALIGN = {"left", "center", "right"}


def attributes_of(text: str) -> dict[str, str]:
    """Return the attributes of a tag, their names in small letters."""
    return {
        name.lower(): plain_text(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(text)
    }


def plain_text(text: str) -> str:
    """Return text with character references read; numbers are bounded."""
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


@dataclass(slots=True)
class ParagraphReader:
    """Takes the tags and text of a paragraph.

    Attributes:
        align: What an element around the text says of its alignment; empty where none does.
    """

    align: str = ""
    builder: MarkBuilder = field(default_factory=MarkBuilder)
    _open: list[tuple[str, int]] = field(default_factory=list)
    _closed: list[tuple[str, int]] = field(default_factory=list)
    _serial: int = 0
    _space: bool = False
    _line: bool = True
    _base: int | None = None
    _reading: list[str] | None = None
    _skipped: bool = False

    def text(self, source: str) -> None:
        """Take in text, its white space as one space."""
        if self._skipped:
            return
        if self._reading is not None:
            self._reading.append(plain_text(source))
            return
        words = _SPACE.split(source)
        for number, word in enumerate(words):
            if number:
                self._space = True
            if word:
                self._flush()
                self.builder.write(plain_text(word))
                self._line = False

    def _flush(self) -> None:
        """Write a space that came before, in the elements that it stood in."""
        if self._space and not self._line:
            self.builder.write(" ")
        self._space = False
        self._end_closed()

    def _end_closed(self) -> None:
        for key in self._closed:
            self.builder.end(key)
        self._closed.clear()

    def tag(self, match: re.Match[str]) -> None:
        """Take in a tag inside the paragraph."""
        name, closing = match["tag"].lower(), bool(match["close"])
        if name == "br":
            self._end_closed()
            self.builder.write("\n")
            self._space, self._line = False, True
        elif name in ("ruby", "rt", "rp", "rb"):
            self._ruby(name, closing=closing)
        elif closing:
            self._close(name)
        elif name in _TAGS or name in ("font", "span"):
            self._flush()
            self.open(name, match["rest"])
        else:
            self.builder.point(match[0], "smi")

    def open(self, name: str, rest: str) -> None:
        """Open an element: what its attributes say holds until it is closed."""
        self._serial += 1
        key = (name, self._serial)
        if len(self._open) < 64:
            self._open.append(key)
        if name in _TAGS:
            self.builder.begin(_TAGS[name], tag=key)
            return
        strange = []
        for attribute, value in attributes_of(rest).items():
            if not self._attribute(name, attribute, value, key):
                strange.append(f'{attribute}="{html.escape(value)}"')
        if strange:
            told = f"<{name} {' '.join(strange)}>"
            self.builder.begin(Feature.OPAQUE, told, "smi", tag=key)

    def _attribute(self, name: str, attribute: str, value: str, key: tuple[str, int]) -> bool:
        """Take in an attribute; whether it was understood."""
        if attribute == "style":
            return self._style(value, key)
        if name == "font" and attribute == "color" and (color := hex_color(value)):
            self.builder.begin(Feature.COLOR, color, tag=key)
        elif name == "font" and attribute == "face" and value.strip():
            self.builder.begin(Feature.FONT, " ".join(value.split()), tag=key)
        elif attribute == "class" and name == "span" and value.split():
            self.builder.begin(Feature.CSS_CLASS, " ".join(value.split()), tag=key)
        else:
            return False
        return True

    def _style(self, css: str, key: tuple[str, int]) -> bool:
        whole = True
        for declaration in css.split(";"):
            looks = declared_looks(declaration)
            for feature, value, how in looks:
                self.builder.begin(feature, value, how, tag=key)
            told, _, value = declaration.partition(":")
            if told.strip().lower() == "text-align" and value.strip().lower() in _ALIGN:
                self.align = value.strip().lower()
            elif declaration.strip() and not looks:
                whole = False
        return whole

    def _close(self, name: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == name:
                key = self._open.pop(at)
                if self._space and not self._line:
                    self._closed.append(key)
                else:
                    self.builder.end(key)
                return
        if name not in _TAGS and name not in ("font", "span", "p", "sync"):
            self.builder.point(f"</{name}>", "smi")

    def _ruby(self, name: str, *, closing: bool) -> None:
        self._skipped = name == "rp" and not closing
        if name == "rt" and not closing and self._base is not None:
            self._reading = []
        elif self._reading is not None and name in ("rt", "ruby"):
            self._finish_reading()
        if name == "ruby":
            if not closing:
                self._flush()
            self._base = None if closing else self.builder.length

    def _finish_reading(self) -> None:
        reading = " ".join("".join(self._reading or ()).split())
        self._reading = None
        base, length = self._base or 0, self.builder.length
        if reading and base < length:
            mark = Mark(start=base, end=length, feature=Feature.RUBY, value=reading)
            self.builder.marks.append(mark)
        elif reading:
            self.text(reading)
        self._base = length

    def finish(self) -> tuple[tuple[str, ...], tuple[Mark, ...]]:
        """The lines of the paragraph and their marks."""
        if self._reading is not None:
            self._finish_reading()
        self._end_closed()
        return tidied(*self.builder.finish())


def paragraph(cue: Cue) -> str:
    """Return the text of a cue as SAMI writes it."""
    lines, marks = tidied(cue.text, cue.marks)
    rubies = [mark for mark in marks if mark.feature is Feature.RUBY]
    rubies = [r for n, r in enumerate(rubies) if not n or rubies[n - 1].end <= r.start]
    plain = [mark for mark in marks if mark.feature is not Feature.RUBY]
    return nested("\n".join(lines), sorted_marks([*plain, *rubies]), _tags, _letters)


def _letters(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\u00a0", "&nbsp;").replace("\n", "<br>")


def _tags(mark: Mark) -> tuple[str, str] | None:
    if name := _TAG_OF.get(mark.feature):
        return f"<{name}>", f"</{name}>"
    if mark.feature is Feature.RUBY:
        return "<ruby>", f"<rt>{html.escape(' '.join(mark.value.split()))}</rt></ruby>"
    if mark.feature is Feature.OPAQUE:
        known = re.match(r"<(font|span) ", mark.value) if mark.start < mark.end else None
        closing = f"</{known[1]}>" if known else ""
        return (mark.value, closing) if mark.how == "smi" else None
    name, attribute, value = _attribute_of(mark)
    if not value:
        return None
    return f'<{name} {attribute}="{html.escape(value)}">', f"</{name}>"


def _attribute_of(mark: Mark) -> tuple[str, str, str]:
    """The element and the attribute that say a mark, and its value; empty where none does."""
    value = " ".join(mark.value.split())
    if mark.feature is Feature.COLOR:
        return "font", "color", without_alpha(value)
    if mark.feature is Feature.FONT:
        return "font", "face", value
    if mark.feature in (Feature.SIZE, Feature.BACKGROUND):
        return "span", "style", look_rule(mark).replace(": ", ":")
    return "span", "class", value if mark.feature is Feature.CSS_CLASS and not mark.how else ""

r"""Tags of SubRip: ``<i>``, ``<font>``, ``{\an8}``, ``{b}``, ``{y:i}``, to marks and back.

Colours, fonts and sizes of one stretch are one ``<font>`` tag, its attributes in quotes; tags are
balanced in each cue. An override that is not understood stays at its place as an opaque mark, and
so does a ``<font>`` attribute. Sizes are written in points only.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from subkit.files.plain_text import split_lines
from subkit.formats.ass_overrides import OverrideReader, place_of_overrides
from subkit.formats.colors import from_bgr, hex_color, without_alpha
from subkit.formats.cue_text import NO_BREAK_SPACE
from subkit.formats.mark_runs import MarkBuilder, nested, tidied
from subkit.formats.placement import from_numpad, from_settings, numpad
from subkit.formats.text_times import is_timing
from subkit.model import Feature, Mark, Placement

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.files.plain_text import Repairs
    from subkit.model import Cue

__all__ = ["is_marked_up", "markup", "place_tags", "read_markup"]

_JOINER = "\u2060"
_TAKEN_FOR_TAG = re.compile(r"<(?=/?[A-Za-z])|\{(?=\\|[CcFfoPSsYy]:|/?[bBiIuUsS]\})|\\(?=[Nnh])")
_SHIELD = re.compile(rf"(?<=[<{{\\]){_JOINER}|(?<=--){_JOINER}(?=>)")
_TOKEN = re.compile(
    r"(?P<drawing>\{(?=\\)[^{}]{0,500}\\p[1-9]\d{0,3}[^{}]{0,500}\}[^{}]*"
    r"(?:\{\\p0\}|(?=\{)|\Z))"
    r"|<(?P<close>/?)(?P<tag>[ibusIBUS]|(?i:font))(?P<attributes>(?:[ \t][^<>]{0,500})?)/?>"
    r"|(?P<override>\{\\[^{}]{0,2000}\})"
    r"|\{(?P<off>/?)(?P<brace>[biusBIUS])\}"
    r"|\{(?P<code>[CcFfoPSsYy]):(?P<value>[^{}]{0,100})\}"
    r"|(?P<newline>\\(?<!:\\)[Nn])|(?P<space>\\h)"
)
"""Each begins with a sign of its own, so that plain text is passed over quickly."""
_ATTRIBUTE = re.compile(r"([A-Za-z-]{1,30})[ \t]*=[ \t]*(\"[^\"]*\"|'[^']*'|[^\s\"']{1,200})")
_SPECIAL = re.compile(rf"[<{{\\{_JOINER}]")
_TAGS = {
    "i": Feature.ITALIC,
    "b": Feature.BOLD,
    "u": Feature.UNDERLINE,
    "s": Feature.STRIKE,
}
_TAG_OF = {feature: name for name, feature in _TAGS.items()}
_FONT = (Feature.COLOR, Feature.FONT, Feature.SIZE)
_ATTRIBUTE_OF = {Feature.COLOR: "color", Feature.FONT: "face", Feature.SIZE: "size"}
_BOTTOM = Placement()
_NUMPAD = re.compile(r"\\an[1-9]")
_POINTS = re.compile(r"\d{1,6}(?:\.\d{1,6})?")
_PLACED = re.compile(r"(?P<rest>[^{]*?) ?(?P<tags>\{.*\})?")


def is_marked_up(text: str) -> bool:
    """Whether there is anything in a text that may be a tag or shields one."""
    return _SPECIAL.search(text) is not None


def _shielded(line: str) -> str:
    """A finished line that is not taken for a timing line."""
    return _JOINER + line if is_timing(line.lstrip(_JOINER)) else line


def _unshielded(lines: list[str]) -> str:
    """The lines that :func:`_shielded` was given, as one text."""
    text = "\n".join(lines)
    if _JOINER not in text:
        return text
    return "\n".join(
        line[1:] if line.startswith(_JOINER) and is_timing(line.lstrip(_JOINER)) else line
        for line in lines
    )


def _letters(text: str) -> str:
    text = _TAKEN_FOR_TAG.sub(lambda match: match[0] + _JOINER, text)
    return text.replace("-->", f"--{_JOINER}>")


def place_tags(placement: Placement) -> tuple[str, str]:
    r"""What stands on the timing line and before the text for a place: ``("", r"{\an8}")``."""
    if placement.as_read.startswith("srt "):
        match = _PLACED.fullmatch(placement.as_read[4:])
        if match is not None:
            rest, tags = match["rest"], match["tags"] or ""
            if _rough(placement) == _rough(_place(rest, tags)):
                return rest, tags
    number = numpad(placement)
    return "", "" if number == 2 else f"{{\\an{number}}}"


def _rough(placement: Placement) -> tuple[str, str]:
    return placement.vertical, placement.horizontal


def _place(rest: str, tags: str) -> Placement:
    """The rough place of what stands on the timing line and in overrides; the latter win."""
    return place_of_overrides(tags) or (
        from_settings(rest)[0] if ":" in rest and not rest[:1].isupper() else Placement()
    )


def markup(cue: Cue) -> list[str]:
    """The lines of a cue with its tags, but for its place."""
    if not cue.marks:
        return [_shielded(_letters(line or NO_BREAK_SPACE)) for line in split_lines(cue.lines)]
    lines, marks = tidied(cue.text, cue.marks)
    text = nested("\n".join(lines), marks, _tags_of(marks), _letters)
    return [_shielded(line or NO_BREAK_SPACE) for line in text.split("\n")]


def _tags_of(marks: tuple[Mark, ...]) -> Callable[[Mark], tuple[str, str] | None]:
    """How marks are written; those of one ``<font>`` tag by the first of them."""
    fonts: dict[tuple[int, int], list[Mark]] = {}
    for mark in marks:
        if mark.feature in _FONT and _attribute(mark):
            same = fonts.setdefault((mark.start, mark.end), [])
            if all(known.feature is not mark.feature for known in same):
                same.append(mark)

    def tags(mark: Mark) -> tuple[str, str] | None:
        if name := _TAG_OF.get(mark.feature):
            return f"<{name}>", f"</{name}>"
        if mark.feature is Feature.OPAQUE and mark.how == "srt":
            return mark.value, "</font>" if mark.value.startswith("<") else ""
        same = fonts.get((mark.start, mark.end), [])
        if not same or same[0] is not mark:
            return None
        return f"<font{''.join(_attribute(m) for m in same)}>", "</font>"

    return tags


def _attribute(mark: Mark) -> str:
    """An attribute with a space before it; empty for a value that has none here."""
    value = mark.value
    if mark.feature is Feature.COLOR:
        value = without_alpha(value)
    elif mark.feature is Feature.SIZE and mark.how != "points":
        return ""
    return f' {_ATTRIBUTE_OF[mark.feature]}="{html.escape(" ".join(value.split()))}"'


@dataclass(slots=True)
class _Reader:
    builder: MarkBuilder
    overrides: OverrideReader
    open_tags: list[tuple[str, int]] = field(default_factory=list)
    line_tags: int = 0
    serial: int = 0
    repairs: list[str] = field(default_factory=list)

    def text(self, text: str) -> None:
        """Write text; what a MicroDVD code says of one line ends with it."""
        if not text:
            return
        if _JOINER in text:
            text = _SHIELD.sub("", text)
        while self.line_tags and "\n" in text:
            line, _, text = text.partition("\n")
            self.builder.write(line)
            for _ in range(self.line_tags):
                self.builder.end("line")
            self.line_tags = 0
            self.builder.write("\n")
        self.builder.write(text)

    def tag(self, match: re.Match[str]) -> None:
        _, close, tag, attributes, *_ = match.groups()
        name = tag.lower()
        if close:
            self.close(name)
            return
        self.serial += 1
        key = (name, self.serial)
        if len(self.open_tags) < 64:
            self.open_tags.append(key)
        if name == "font":
            self.font(attributes, key)
            return
        if attributes.strip():
            self.repairs.append("Attributes of a tag were left out")
        self.builder.begin(_TAGS[name], tag=key)

    def close(self, name: str) -> None:
        """Close the innermost tag of a name."""
        for at in range(len(self.open_tags) - 1, -1, -1):
            if self.open_tags[at][0] == name:
                self.builder.end(self.open_tags.pop(at))
                return
        self.repairs.append("A closing tag without an opening one was left out")

    def font(self, attributes: str, key: tuple[str, int]) -> None:
        """Open what a ``<font>`` tag says; what is not understood stays as it is."""
        strange = []
        for name, quoted in _ATTRIBUTE.findall(attributes):
            value = html.unescape(quoted.strip("\"'"))
            lower = name.lower()
            color = hex_color(value) if lower == "color" else None
            if color is not None:
                self.builder.begin(Feature.COLOR, color, tag=key)
            elif lower == "face" and value.strip():
                self.builder.begin(Feature.FONT, " ".join(value.split()), tag=key)
            elif lower == "size" and _POINTS.fullmatch(value):
                self.builder.begin(Feature.SIZE, value, "points", tag=key)
            else:
                strange.append(f'{name}="{html.escape(value)}"')
        if strange or not _ATTRIBUTE.search(attributes):
            told = " ".join(["<font", *strange]) + ">"
            self.builder.begin(Feature.OPAQUE, told, self.overrides.format, tag=key)

    def brace(self, match: re.Match[str]) -> None:
        name = match["brace"].lower()
        if match["off"]:
            self.builder.end(f"{{{name}")
        else:
            self.builder.begin(_TAGS[name], tag=f"{{{name}")

    def code(self, match: re.Match[str]) -> None:
        """Open what a code of MicroDVD says of a line, or with a capital of the cue."""
        kind, value = match["code"], match["value"].strip()
        scope = "cue" if kind.isupper() else "line"
        found: list[tuple[Feature, str, str]] = []
        if kind in "Yy":
            flags = [part.strip().lower() for part in value.split(",")]
            found = [(_TAGS[flag], "", "") for flag in flags if flag in _TAGS]
        elif kind in "Cc" and (color := from_bgr(value.lstrip("$"))):
            found = [(Feature.COLOR, color[:7] + "ff", "")]
        elif kind in "Ff" and value:
            found = [(Feature.FONT, value, "")]
        elif kind in "Ss" and _POINTS.fullmatch(value):
            found = [(Feature.SIZE, value, "points")]
        if not found:
            self.builder.point(match[0], self.overrides.format)
        for feature, told, how in found:
            self.builder.begin(feature, told, how, tag=scope)
        self.line_tags += bool(found) and scope == "line"


def read_markup(
    lines: list[str], rest: str, place: str, repairs: Repairs, *, own: str = "srt"
) -> tuple[tuple[str, ...], tuple[Mark, ...], Placement]:
    """Return plain lines, their marks, and the place.

    Args:
        lines: Of the cue, as the file has them.
        rest: Coordinates or settings behind its times.
        place: Names the cue in a repair.
        repairs: Hears of what had to be mended.
        own: Name of the format, for opaque marks.
    """
    source = _unshielded(lines)
    if source.startswith("<i>") and source.endswith("</i>") and not rest:
        inside = source[3:-4]
        if inside.isprintable() and not is_marked_up(inside):  # most styled cues by far
            return (inside,), (Mark(start=0, end=len(inside), feature=Feature.ITALIC),), _BOTTOM
    builder = MarkBuilder()
    reader = _Reader(builder, OverrideReader(builder, own, timed=False))
    at = 0
    for match in _TOKEN.finditer(source):
        reader.text(source[at : match.start()])
        at = match.end()
        _token(reader, match)
    reader.text(source[at:])
    for name, _ in reader.open_tags[:1]:
        reader.repairs.append(f"A <{name}> tag that nothing closed was closed")
    for told in dict.fromkeys(reader.repairs):
        repairs.add(told, place)
    text, marks = builder.finish()
    tidy, marks = tidied(text, marks)
    return tidy, marks, _placement(rest, reader.overrides.place)


def _token(reader: _Reader, match: re.Match[str]) -> None:
    kind = match.lastgroup
    if kind == "attributes":
        reader.tag(match)
    elif kind == "override":
        reader.overrides.read(match[0])
    elif kind == "brace":
        reader.brace(match)
    elif kind == "value":
        reader.code(match)
    elif kind == "newline":
        reader.text("\n")
    elif kind == "space":
        reader.text(NO_BREAK_SPACE)
    else:
        reader.builder.point(match[0], reader.overrides.format)
        reader.repairs.append("A drawing was kept as markup, not as text")


def _placement(rest: str, tags: list[str]) -> Placement:
    if not rest and not tags:
        return _BOTTOM
    braces = f"{{{''.join(tags)}}}" if tags else ""
    found = _place(rest, braces)
    if not rest and len(tags) == 1 and _NUMPAD.fullmatch(tags[0]):
        return from_numpad(int(tags[0][3]))
    simple = not rest and all(tag.startswith("\\a") for tag in tags)
    as_read = "" if simple else f"srt {rest} {braces}".replace("  ", " ").rstrip()
    return replace(found, as_read=as_read, area=None)

"""The text of a WebVTT cue: escapes, and tags to marks and back.

A voice or language that holds for the whole text is the cue's own; others are marks. Ruby text is
the value of a mark over its base. A timestamp delays what stands behind it. Colour classes that
every player knows are colours, unless the file gives them another look. Tags that the standard does
not know stay at their place as opaque marks.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.formats.cue_text import NO_BREAK_SPACE
from subkit.formats.mark_runs import MarkBuilder, nested, tidied
from subkit.formats.text_times import stamp
from subkit.formats.webvtt_css import CLASS_LOOKS, look_rule
from subkit.model import Feature, Mark
from subkit.model.mark_moves import sorted_marks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from subkit.files.plain_text import Repairs
    from subkit.model import Cue, Span

__all__ = ["CueClasses", "Payload", "cue_payload", "escape", "lost_marks", "parse_payload"]

_TOKEN = re.compile(
    r"<(/?)([a-zA-Z]{0,20}|\d[\d:.]{0,20})((?:\.[^<>\s]{0,100})?)((?:\s[^<>]{0,500})?)>"
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")
_TIME = re.compile(r"(?:(\d{2,6}):)?([0-5]\d):([0-5]\d)\.(\d{3})")
_PLAIN_TAGS = {"i": Feature.ITALIC, "b": Feature.BOLD, "u": Feature.UNDERLINE}
_TAG_OF = {feature: name for name, feature in _PLAIN_TAGS.items()}
_NAMED = {"v": Feature.VOICE, "lang": Feature.LANGUAGE}
_NAME_OF = {feature: name for name, feature in _NAMED.items()}
_BY_CLASS = {
    Feature.COLOR,
    Feature.BACKGROUND,
    Feature.FONT,
    Feature.SIZE,
    Feature.STRIKE,
    Feature.COMBINE,
}
_CLASS_OF = {look: name for name, look in CLASS_LOOKS.items()}


def escape(text: str) -> str:
    """Text with ``&``, ``<`` and ``>`` written out, so that neither a tag nor an arrow is in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    """Text with character references read; numbers are bounded, so none is too large to read."""
    if "&" not in text:
        return text
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text)


@dataclass(slots=True)
class CueClasses:
    """Classes of a file.

    Attributes:
        own: Looks of the classes that were made for marks; they become marks again.
        styled: Classes that the file's STYLE blocks give a look.
        rules: Declarations of marks that are written, with the class made for each.
    """

    own: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    styled: frozenset[str] = frozenset()
    rules: dict[str, str] = field(default_factory=dict)

    def name(self, mark: Mark) -> str:
        """Return the class that says a mark; empty where none can."""
        known = _CLASS_OF.get((mark.feature, mark.value))
        if known and known not in self.styled:
            return known
        rule = look_rule(mark)
        if not rule:
            return ""
        if rule not in self.rules:
            number = len(self.rules) + 1
            while f"look-{number}" in self.styled:
                number += 1
            self.rules[rule] = f"look-{number}"
        return self.rules[rule]


@dataclass(frozen=True, slots=True)
class Payload:
    """What a cue's text says."""

    lines: tuple[str, ...]
    marks: tuple[Mark, ...] = ()
    speaker: str | None = None
    language: str | None = None


@dataclass(slots=True)
class _Parser:
    span: Span
    classes: CueClasses
    builder: MarkBuilder = field(default_factory=MarkBuilder)
    open_tags: list[tuple[str, int]] = field(default_factory=list)
    closed_voices: bool = True
    """Whether every voice is closed; else it ends where the next one begins."""
    voices: list[str] = field(default_factory=list)
    serial: int = 0
    base: int | None = None
    reading: list[str] | None = None
    repairs: set[str] = field(default_factory=set)

    def text(self, text: str) -> None:
        """Take in text: of the cue, or of a reading."""
        (self.builder.write if self.reading is None else self.reading.append)(_plain(text))

    def tag(self, match: re.Match[str]) -> None:
        name, annotation = match[2].lower(), " ".join(_plain(match[4]).split())
        if name[:1].isdigit():
            self.timestamp(match[0])
        elif name in ("ruby", "rt"):
            self.ruby(name, closing=bool(match[1]))
        elif self.reading is not None:
            self.repairs.add("Tags inside a ruby reading were left out")
        elif match[1]:
            self.close(name, match[0])
        elif name in _PLAIN_TAGS or name in _NAMED or name == "c":
            self.open(name, match[3][1:].split("."), annotation)
        else:
            self.builder.point(match[0], "vtt")

    def open(self, name: str, classes: list[str], annotation: str) -> None:
        if name == "v":
            self.voices.append(annotation)
            if not self.closed_voices:
                self.end("v")
        self.serial += 1
        key = (name, self.serial)
        self.open_tags.append(key)
        if len(self.open_tags) > 64:
            del self.open_tags[0]
        looks, names = self._classes([cls for cls in classes if cls])
        if name in _PLAIN_TAGS:
            self.builder.begin(_PLAIN_TAGS[name], tag=key)
        elif name in _NAMED:
            self.builder.begin(_NAMED[name], annotation, tag=key)
        for look in looks:
            self.builder.begin(look.feature, look.value, look.how, tag=key)
        if names or (name == "c" and not looks):
            how = "" if name == "c" else name
            self.builder.begin(Feature.CSS_CLASS, " ".join(names), how, tag=key)

    def _classes(self, classes: list[str]) -> tuple[list[Mark], list[str]]:
        """The looks that classes stand for, and those that stay classes."""
        looks: list[Mark] = []
        names = []
        for name in classes:
            if name in self.classes.own:
                looks += self.classes.own[name]
            elif name in CLASS_LOOKS and name not in self.classes.styled:
                feature, value = CLASS_LOOKS[name]
                looks.append(Mark(start=0, end=0, feature=feature, value=value))
            else:
                names.append(name)
        return looks, names

    def end(self, name: str) -> bool:
        """Close the innermost tag of a name; whether one was open."""
        places = [i for i, key in enumerate(self.open_tags) if key[0] == name]
        if not places:
            return False
        self.builder.end(self.open_tags.pop(places[-1]))
        return True

    def close(self, name: str, source: str) -> None:
        if self.end(name):
            return
        if name in _PLAIN_TAGS or name in _NAMED or name == "c":
            self.repairs.add("A closing tag without an opening one was left out")
        else:
            self.builder.point(source, "vtt")

    def ruby(self, name: str, *, closing: bool) -> None:
        if name == "rt" and not closing and self.base is not None and self.reading is None:
            self.reading = []
        elif self.reading is not None and closing:
            self._read(self.base or 0, "".join(self.reading).strip())
            self.reading, self.base = None, self.builder.length
        if name == "ruby":
            self.base = None if closing else self.builder.length

    def _read(self, base: int, reading: str) -> None:
        length = self.builder.length
        if reading and base < length:
            mark = Mark(start=base, end=length, feature=Feature.RUBY, value=reading)
            self.builder.marks.append(mark)
        elif reading:
            self.builder.write(reading)
            self.repairs.add("A ruby reading without a base became text")

    def timestamp(self, source: str) -> None:
        match = _TIME.fullmatch(source[1:-1])
        if match is not None:
            hours, minutes, secs, thousandths = (int(part or 0) for part in match.groups())
            time = Fraction(((hours * 60 + minutes) * 60 + secs) * 1000 + thousandths, 1000)
            if self.span.start < time < self.span.end:
                self.builder.end(Feature.DELAY)
                delay = str(time - self.span.start)
                self.builder.begin(Feature.DELAY, delay, tag=Feature.DELAY)
                return
        self.builder.point(source, "vtt")

    def finish(self) -> tuple[str, tuple[Mark, ...]]:
        if self.reading is not None:
            self._read(self.base or 0, "".join(self.reading).strip())
        return self.builder.finish()


def parse_payload(
    source: str, span: Span, classes: CueClasses, place: str, repairs: Repairs
) -> Payload:
    """Return the text of a cue and what its tags say.

    Args:
        source: Lines of the file, apart by a newline.
        span: Times of the cue, as the file has them.
        classes: Of the file.
        place: Names the cue in a repair.
        repairs: Hears of what had to be mended.
    """
    if "<" not in source:
        return Payload(tidied(_plain(source), ())[0])
    closed = source.count("</v>") >= source.count("<v")
    parser = _Parser(span, classes, closed_voices=closed)
    at = 0
    for match in _TOKEN.finditer(source):
        parser.text(source[at : match.start()])
        at = match.end()
        parser.tag(match)
    parser.text(source[at:])
    for told in sorted(parser.repairs):
        repairs.add(told, place)
    text, marks = parser.finish()
    if parser.voices and text.startswith(" "):  # as in "<v Bob> Hello"
        by = len(text) - len(text.lstrip(" "))
        text, marks = text[by:], tuple(_moved(mark, by) for mark in marks)
    lines, marks = tidied(text, marks)
    if not lines:
        return Payload((), marks, (parser.voices or [""])[0] or None)
    return _own(lines, marks)


def _moved(mark: Mark, by: int) -> Mark:
    return replace(mark, start=max(mark.start - by, 0), end=max(mark.end - by, 0))


def _own(lines: tuple[str, ...], marks: tuple[Mark, ...]) -> Payload:
    """Make a voice and a language that hold for the whole text those of the cue."""
    text = "\n".join(lines)
    taken: dict[Feature, str | None] = {Feature.VOICE: None, Feature.LANGUAGE: None}
    left = list(marks)
    for feature in taken:
        named = [mark for mark in marks if mark.feature is feature]
        if len(named) == 1 and named[0].value:
            around = text[: named[0].start] + text[named[0].end :]
            if not around.strip():
                taken[feature] = named[0].value
                left.remove(named[0])
    return Payload(lines, tuple(left), taken[Feature.VOICE], taken[Feature.LANGUAGE])


def cue_payload(cue: Cue, classes: CueClasses) -> list[str]:
    """The lines of a cue as WebVTT writes them, its speaker and own language as tags."""
    lines, marks = tidied(cue.text, cue.marks)
    text = "\n".join(lines)
    tags = _Tags(cue, classes, _placed(cue, marks))
    before = after = ""
    voiced = any(mark.feature is Feature.VOICE for mark in marks)
    if cue.speaker and not voiced and (voice := " ".join(cue.speaker.split())):
        before = f"<v{tags.classes_on('v', 0, len(text))} {escape(voice)}>"
    if cue.language:
        before, after = f"{before}<lang {escape(cue.language)}>", "</lang>"
    found = (nested(text, tags.marks, tags, escape) if marks else escape(text)).split("\n")
    found = [line or NO_BREAK_SPACE for line in found] if found != [""] else []
    if before and lines:
        found[0] = before + found[0]
        found[-1] += after
    return found


def _placed(cue: Cue, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Marks that nest with ruby: cut where it begins and ends; a delay stands where it begins."""
    rubies: list[Mark] = []
    found: list[Mark] = []
    for mark in marks:
        if mark.feature is Feature.RUBY and (not rubies or rubies[-1].end <= mark.start):
            rubies.append(mark)
    starts = [ruby.start for ruby in rubies]
    for mark in marks:
        if mark.feature is Feature.DELAY:
            if 0 < Fraction(mark.value) < cue.span.duration:
                found.append(replace(mark, end=mark.start))
        elif mark.feature is not Feature.RUBY:
            found += _cut(mark, rubies, starts)
    return sorted_marks((*found, *rubies))


def _cut(mark: Mark, rubies: list[Mark], starts: list[int]) -> list[Mark]:
    """A mark in pieces none of which begins or ends inside a ruby that it goes beyond."""
    places = {mark.start, mark.end}
    for at in {max(bisect_right(starts, place) - 1, 0) for place in (mark.start, mark.end - 1)}:
        ruby = rubies[at] if at < len(rubies) else mark
        inside = ruby.start <= mark.start and mark.end <= ruby.end
        around = mark.start <= ruby.start and ruby.end <= mark.end
        if not inside and not around:
            places |= {place for place in (ruby.start, ruby.end) if mark.start < place < mark.end}
    if mark.start == mark.end:
        return [mark]
    return [replace(mark, start=start, end=end) for start, end in pairwise(sorted(places))]


class _Tags:
    """How the marks of a cue are written; the classes of one stretch stand in one tag."""

    def __init__(self, cue: Cue, classes: CueClasses, marks: tuple[Mark, ...]) -> None:
        self.marks = marks
        self._begin = cue.span.start
        self._classes = classes
        self._on_tag: dict[tuple[str, int, int], str] = {}
        self._groups: dict[tuple[int, int], list[Mark]] = {}
        for mark in marks:
            if mark.feature is Feature.CSS_CLASS and mark.how:
                key = (mark.how, mark.start, mark.end)
                names = "".join(f".{name}" for name in mark.value.split())
                self._on_tag[key] = self._on_tag.get(key, "") + names
            elif mark.feature in _BY_CLASS or mark.feature is Feature.CSS_CLASS:
                self._groups.setdefault((mark.start, mark.end), []).append(mark)

    def classes_on(self, name: str, start: int, end: int) -> str:
        """The classes that stand on a tag over a stretch, a dot before each."""
        return self._on_tag.get((name, start, end), "")

    def __call__(self, mark: Mark) -> tuple[str, str] | None:
        """What a mark opens and closes with."""
        if name := _TAG_OF.get(mark.feature):
            return f"<{name}{self.classes_on(name, mark.start, mark.end)}>", f"</{name}>"
        if name := _NAME_OF.get(mark.feature):
            told = escape(" ".join(mark.value.split()))
            own = self.classes_on(name, mark.start, mark.end)
            return f"<{name}{own} {told}>".replace(" >", ">"), f"</{name}>"
        if mark.feature is Feature.RUBY:
            return "<ruby>", f"<rt>{escape(' '.join(mark.value.split()))}</rt></ruby>"
        if mark.feature is Feature.DELAY:
            return f"<{stamp(self._begin + Fraction(mark.value), '.')}>", ""
        if mark.feature is Feature.OPAQUE:
            return (mark.value, "") if mark.how == "vtt" else None
        return self._class_tag(mark)

    def _class_tag(self, mark: Mark) -> tuple[str, str] | None:
        """One tag for the looks of a stretch and its first classes; more classes in their own."""
        group = self._groups.get((mark.start, mark.end), [])
        named = [known for known in group if known.feature is Feature.CSS_CLASS]
        if mark in named[1:]:
            looks, named = [], [mark]
        elif group and mark is group[0]:
            looks = [known for known in group if known.feature in _BY_CLASS]
        else:
            return None
        names = [name for known in looks if (name := self._classes.name(known))]
        names += [name for known in named[:1] for name in known.value.split()]
        if not names and not named:
            return None
        return f"<c{''.join(f'.{name}' for name in names)}>", "</c>"


def lost_marks(cue: Cue, classes: CueClasses) -> list[Mark]:
    """The marks of a cue whose values have no class."""
    return [mark for mark in cue.marks if mark.feature in _BY_CLASS and not classes.name(mark)]

r"""Override tags of ASS inside braces (``{\i1\c&H0000FF&}``), also as SRT files have them.

What a tag says of the text behind it becomes a mark, what it says of the cue (``\an8``, ``\pos``,
``\fad``) a place or a fade, and everything else an opaque mark at its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.formats.colors import from_bgr
from subkit.formats.placement import from_numpad
from subkit.model import Fade, Feature, Placement

if TYPE_CHECKING:
    from subkit.formats.mark_runs import MarkBuilder

__all__ = ["OverrideReader", "place_of_overrides"]

_TOKEN = re.compile(r"\\[^\\(]*(?:\([^)]*\)?)?[^\\]*")
_KNOWN = re.compile(
    r"\\(?:(?P<flag>[bius])(?P<on>\d{0,4})"
    r"|(?P<paint>1?c|3c)(?P<color>(?:&?H?[0-9A-Fa-f]{1,8}&?)?)"
    r"|fn(?P<font>[^\\(){}]*)"
    r"|fs(?P<size>(?:\d{1,6}(?:\.\d{1,6})?)?)"
    r"|an?(?P<place>\d{1,2})"
    r"|pos\((?P<pos>[^()]*)\)"
    r"|r(?P<style>[^\\(){}]*)"
    r"|(?P<karaoke>kf|ko|[kK])(?P<length>\d{1,7})"
    r"|fad\((?P<up>\d{1,7}),(?P<down>\d{1,7})\))\s*"
)
_FLAGS = {
    "b": Feature.BOLD,
    "i": Feature.ITALIC,
    "u": Feature.UNDERLINE,
    "s": Feature.STRIKE,
}
_PLACE = re.compile(r"\\a(?:n([1-9])(?!\d)|(1[01]|[1-9])(?!\d))")
_OLD_TO_NUMPAD = {1: 1, 2: 2, 3: 3, 5: 7, 6: 8, 7: 9, 9: 4, 10: 5, 11: 6}


def place_of_overrides(text: str) -> Placement | None:
    r"""Return the rough place that the first ``\an`` or ``\a`` asks for; ``None`` without one.

    Renderers take the first.
    """
    match = _PLACE.search(text)
    if match is None:
        return None
    return from_numpad(int(match[1]) if match[1] else _OLD_TO_NUMPAD.get(int(match[2]), 2))


@dataclass(slots=True)
class OverrideReader:
    r"""Takes the override blocks of a cue into a builder of marks.

    Attributes:
        builder: Gets the marks.
        format: Name of the format, for opaque marks.
        timed: Whether ``\k`` and ``\fad`` are understood; else they are opaque.
        place: Tags of the place, as they were, in order.
        fade: What ``\fad`` said.
    """

    builder: MarkBuilder
    format: str
    timed: bool = True
    place: list[str] = field(default_factory=list)
    fade: Fade | None = None
    _sung: Fraction = Fraction(0)
    _syllable: tuple[int, str, Fraction] | None = None

    def read(self, block: str) -> None:
        """Take in a block, its braces around it."""
        inside = block[1:-1]
        strange: list[str] = []
        at = inside.find("\\")
        if at:  # a comment before the first tag, or nothing but a comment
            strange.append(inside if at < 0 else inside[:at])
        if at >= 0:
            for token in _TOKEN.findall(inside[at:]):
                self._take(token, strange)
        self._flush(strange)

    def finish(self) -> None:
        """Note a last syllable without text."""
        self._close_syllable()

    def _flush(self, strange: list[str]) -> None:
        if strange:
            self.builder.point("{" + "".join(strange) + "}", self.format)
            strange.clear()

    def _take(self, token: str, strange: list[str]) -> None:
        match = _KNOWN.fullmatch(token)
        if match is None or not self._known(match, token):
            strange.append(token)

    def _known(self, match: re.Match[str], token: str) -> bool:
        """Take in a tag; whether it was understood."""
        kind = match.lastgroup
        if kind in ("place", "pos"):
            self.place.append(token.strip())
            return True
        if kind == "down" and (self.builder.length or self.builder.marks):
            return False  # renderers fade what stands behind the tag
        if kind in ("length", "down"):
            return self.timed and self._time(match)
        return self._look(match, kind)

    def _look(self, match: re.Match[str], kind: str | None) -> bool:
        if kind == "on":
            return self._switch(_FLAGS[match["flag"]], match["on"])
        if kind == "color":
            feature = Feature.OUTLINE if match["paint"] == "3c" else Feature.COLOR
            color = from_bgr(match["color"]) if match["color"] else ""
            return color is not None and self._set(feature, color and color[:7] + "ff")
        if kind == "font":
            return self._set(Feature.FONT, match["font"].strip())
        if kind == "size":
            return self._set(Feature.SIZE, match["size"], "points")
        return self._reset(match["style"].strip())

    def _time(self, match: re.Match[str]) -> bool:
        if match["karaoke"]:
            self._sing(match["karaoke"], int(match["length"]))
        else:
            up, down = Fraction(int(match["up"]), 1000), Fraction(int(match["down"]), 1000)
            self.fade = Fade(up=up, down=down)
        return True

    def _switch(self, feature: Feature, on: str) -> bool:
        if on in ("", "0"):
            return self.builder.end(feature)
        self.builder.end(feature)
        self.builder.begin(feature, "" if on == "1" else on, tag=feature)
        return True

    def _set(self, feature: Feature, value: str, how: str = "") -> bool:
        closed = self.builder.end(feature)
        if not value:
            return closed
        self.builder.begin(feature, value, how, tag=feature)
        return True

    def _reset(self, style: str) -> bool:
        syllable = self._syllable
        self.builder.end_all()
        if syllable is not None:  # a reset does not end a syllable
            _, tag, start = syllable
            self.builder.begin(Feature.DELAY, str(start), tag, tag=Feature.DELAY)
        if style:
            self.builder.begin(Feature.CSS_CLASS, style, tag=Feature.CSS_CLASS)
        return bool(style)

    def _sing(self, kind: str, length: int) -> None:
        self._close_syllable()
        self.builder.end(Feature.DELAY)
        how = f"{kind} {length}"
        self.builder.begin(Feature.DELAY, str(self._sung), how, tag=Feature.DELAY)
        self._syllable = (self.builder.length, how, self._sung)
        self._sung += Fraction(length, 100)

    def _close_syllable(self) -> None:
        """Keep a syllable without text, which is a pause, as an opaque mark."""
        if self._syllable is not None and self._syllable[0] == self.builder.length:
            self.builder.point("{\\" + self._syllable[1].replace(" ", "") + "}", self.format)
        self._syllable = None

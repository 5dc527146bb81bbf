r"""Lines to be dubbed as a rhythmo band: an ASS script whose words run through the picture.

Every word is as long as it takes to say and reaches the reading line when it begins. ``\move`` with
the times of its event runs at one speed, so a word stands where its time says in every frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.dubbing import timed_words
from subkit.formats.ttml.ttml_paragraphs import clean
from subkit.model import AnchorKind, DubLine, LineKind, OnScreen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from subkit.exchange.dub_files.dub_scripts import DubScript
    from subkit.model import Character, Cue

__all__ = ["BandLook", "band_script", "band_words"]

_ROWS = 3
_USUAL = "#ffffff"
_SHOWN_SIGNS = {AnchorKind.MPB: "m 0 0 l 10 14 l -10 14", AnchorKind.FVR: "m 0 0 l 7 14 l -7 14"}
_LAYERS = {"strip": 0, "bar": 1, "word": 2, "name": 2, "sign": 2, "reading": 3}
"""Styles, and what lies above what."""

_SHAPE = "&H00FFFFFF,&H00000000,&H00000000,0,0,1,0,0,7,0,0,0"
_HEAD = """[Script Info]
; {note}
Title: {title}
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, Italic, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV
Style: word,{font},{size},&H00FFFFFF,&H00000000,&H00000000,0,0,1,1,0,4,0,0,0
Style: name,{font},{small},&H00FFFFFF,&H00000000,&H00000000,1,0,1,1,0,1,0,0,0
{shapes}

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""  # noqa: E501 - a line of the format


@dataclass(frozen=True, slots=True, kw_only=True)
class BandLook:
    """How a band looks.

    Attributes:
        width: Of the picture, in pixels.
        height: Of the picture.
        seconds: How long a word takes from edge to edge.
        line: Where the reading line stands, as a share of the width.
        font: Family of the font.
    """

    width: int = 1280
    height: int = 720
    seconds: Fraction = Fraction(8)
    line: Fraction = Fraction(1, 5)
    font: str = "Arial"

    @property
    def size(self) -> int:
        """Size of the words."""
        return max(12, self.height // 16)

    @property
    def speed(self) -> Fraction:
        """Pixels a second."""
        return self.width / self.seconds

    @property
    def at(self) -> Fraction:
        """Pixels from the left to the reading line."""
        return self.width * self.line

    @property
    def top(self) -> int:
        """Upper edge of the band."""
        return self.height - _ROWS * self.row - self.size // 3

    @property
    def row(self) -> int:
        """Height of a row: a name, a word and its signs."""
        return self.size * 9 // 5


def band_words(script: DubScript) -> tuple[str, ...]:
    """Return the words that a band shows, each once."""
    return tuple(
        dict.fromkeys(word for cue in script.track.cues for word, *_ in _words(script, cue))
    )


def band_script(
    script: DubScript, widths: Mapping[str, float], seconds: Fraction, look: BandLook
) -> str:
    """Return the script of a band.

    Args:
        script: The lines.
        widths: Width of each word of :func:`band_words`, in sizes of its font.
        seconds: Length of the film.
        look: How it looks.
    """
    note = "; ".join(clean(script.note).split("\n")) or "made with subkit"
    small = max(9, look.size * 2 // 5)
    shapes = "\n".join(
        f"Style: {name},{look.font},{look.size},{_SHAPE}"
        for name in ("strip", "bar", "sign", "reading")
    )
    head = _HEAD.format(
        note=note, title=_plain(script.title), width=look.width, height=look.height,
        font=look.font, size=look.size, small=small, shapes=shapes,
    )  # fmt: skip
    band = _Band(look, seconds)
    events = [*band.still(), *band.loops(script)]
    people = {one.id: one for one in script.characters}
    free = [Fraction(0)] * _ROWS
    for cue in sorted(script.track.cues, key=lambda cue: cue.span.start):
        row = next((n for n, time in enumerate(free) if time <= cue.span.start), _ROWS - 1)
        free[row] = cue.span.end
        events += band.line(script, cue, people, widths, row)
    return head + "\n".join(events) + "\n"


def _words(script: DubScript, cue: Cue) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Yield each word of a line with its times; a sound without words as its note."""
    anchors = timed_words(cue, cue.language or script.track.language)
    edges = [*(one.offset for one in anchors[1:]), len(cue.text)]
    for anchor, end in zip(anchors, edges, strict=True):
        word = _plain(cue.text[anchor.offset : end])
        until = anchor.end if anchor.end is not None else cue.span.end
        if word:
            yield word, anchor.time, max(until, anchor.time + Fraction(1, 25))


class _Band:
    """Places things that run, by the time at which they reach the reading line."""

    def __init__(self, look: BandLook, seconds: Fraction) -> None:
        self._look, self._seconds = look, seconds

    def still(self) -> Iterator[str]:
        """Yield the strip and the reading line, which stand."""
        look = self._look
        at, wide = round(look.at), max(2, look.width // 640)
        for style, left, right, colour, clear in (
            ("strip", 0, look.width, "#101010", "60"),
            ("reading", at, at + wide, "#ff3030", "00"),
        ):
            box = f"{left} {look.top} l {right} {look.top} {right} {look.height}"
            shape = f"{_colour(colour)}\\1a&H{clear}&\\p1}}m {box} {left} {look.height}"
            yield _event((Fraction(0), self._seconds), style, f"{{\\an7\\pos(0,0){shape}")

    def loops(self, script: DubScript) -> Iterator[str]:
        """Yield a bar with its number where each loop begins."""
        look = self._look
        high = look.height - look.top
        for loop in script.track.loops:
            start = loop.span.start
            bar = f"{_colour('#ffffff')}\\p1}}m 0 0 l 4 0 4 {high} 0 {high}"
            yield self._moving((start, start), look.top, "bar", f"\\an7{bar}")
            number = f"\\an1{_colour('#ffffff')}}}{_plain(loop.name)}"
            yield self._moving((start, start), look.top - 2, "name", number, right=8)

    def line(
        self,
        script: DubScript,
        cue: Cue,
        people: Mapping[str, Character],
        widths: Mapping[str, float],
        row: int,
    ) -> Iterator[str]:
        """Yield the name, the words and the signs of a line."""
        look, dub = self._look, cue.dub or DubLine()
        who = people.get(dub.character or "")
        colour = _colour(who.colour if who is not None and who.colour else _USUAL)
        middle = look.top + row * look.row + look.size * 11 // 10
        off = dub.on_screen is not OnScreen.ON
        looks = colour + ("\\i1" if off else "")
        words = list(_words(script, cue))
        label = _label(dub, who)
        if words and label:
            above = middle - look.size * 11 // 20
            time = words[0][1]
            yield self._moving((time, time), above, "name", f"\\an1{looks}}}{label}")
        for word, begin, end in words:
            natural = widths.get(word, 0.0) * look.size
            room = float((end - begin) * look.speed) - 2
            scale = min(max(100 * room / natural, 15.0), 900.0) if natural > 0 else 100.0
            said = f"\\an4{looks}\\fscx{scale:.1f}}}{word}"
            yield self._moving((begin, end), middle, "word", said)
        below = middle + look.size * 11 // 20
        for anchor in dub.anchors:
            if shape := _SHOWN_SIGNS.get(anchor.kind):
                drawn = f"\\an8{colour}\\p1}}{shape}"
                yield self._moving((anchor.time, anchor.time), below, "sign", drawn)

    def _moving(
        self, times: tuple[Fraction, Fraction], y: int, style: str, text: str, *, right: int = 0
    ) -> str:
        """Return an event that reaches the reading line from the first of its times to the last.

        Args:
            times: When its left and its right edge are there.
            y: Pixels from the top.
            style: Its name says its layer, too.
            text: Overrides, their closing brace, and what is drawn.
            right: Pixels that it stands further right.
        """
        look = self._look
        begin = max(_hundredth(times[0] - (look.width - look.at) / look.speed), Fraction(0))
        end = max(_hundredth(times[1] + look.at / look.speed), begin + Fraction(1, 100))
        places = (look.at + (times[0] - moment) * look.speed + right for moment in (begin, end))
        first, last = (f"{float(place):.2f}" for place in places)
        return _event((begin, end), style, f"{{\\move({first},{y},{last},{y}){text}")


def _event(times: tuple[Fraction, Fraction], style: str, text: str) -> str:
    begin, end = map(_time, times)
    return f"Dialogue: {_LAYERS[style]},{begin},{end},{style},,0,0,0,,{text}"


def _label(dub: DubLine, who: Character | None) -> str:
    """Return what stands above a line: who speaks, and whether the mouth is seen."""
    name = _plain(who.name) if who is not None else "?"
    marks = {OnScreen.OFF: " (off)", OnScreen.ON_OFF: " (on-off)", OnScreen.OFF_ON: " (off-on)"}
    kind = f" [{dub.kind.value}]" if dub.kind is not LineKind.DIALOGUE else ""
    return name + marks.get(dub.on_screen, "") + kind


def _colour(told: str) -> str:
    red, green, blue = told[1:3], told[3:5], told[5:7]
    return f"\\1c&H{blue}{green}{red}&".upper().replace("\\1C", "\\1c")


def _plain(text: str) -> str:
    """A text on one line without the signs of overrides."""
    return " ".join(clean(text).translate(str.maketrans("{}\\", "()/")).split())


def _hundredth(time: Fraction) -> Fraction:
    return Fraction(round(time * 100), 100)


def _time(time: Fraction) -> str:
    hundredths = round(time * 100)
    seconds, rest = divmod(hundredths, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:02d}"

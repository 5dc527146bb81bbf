"""Cues as codes of a caption service: windows that are filled hidden and shown in their frame."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from subkit.files.plain_text import split_lines
from subkit.formats.captions608.line21 import Look
from subkit.formats.captions708.service_cues import shape_of
from subkit.formats.captions708.service_letters import sent_letter
from subkit.formats.mark_runs import runs
from subkit.model import Feature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from fractions import Fraction

    from subkit.formats.captions708.service_windows import WindowShape
    from subkit.formats.loss_tally import LossTally
    from subkit.model import Cue

__all__ = ["ServiceSchedule", "digital_packet"]

_PLAIN = Look()
_LONGEST_BLOCK = 31
_MOST_ROWS = 15


class ServiceSchedule:
    """Places the codes of cues in frames.

    Attributes:
        blocks: Frame -> the codes of service 1 that are sent in it.
    """

    def __init__(
        self, frame: Callable[[Fraction], int], lost: LossTally, *, room: int, korean: bool
    ) -> None:
        """Place codes.

        Args:
            frame: The frame of a time.
            lost: Hears of what the service cannot hold.
            room: Bytes of a frame for digital captions.
            korean: Letters outside Latin go as EUC-KR.
        """
        self.blocks: dict[int, bytes] = {}
        self._frame = frame
        self._lost = lost
        self._room = min(room - 2, _LONGEST_BLOCK)
        self._korean = korean
        self._hides: tuple[int, bytes] | None = None
        self._free = 0

    def send(self, cues: Iterable[Cue]) -> None:
        """Place cues in order of in-time, in two windows by turns."""
        for number, cue in enumerate(cues):
            lines = [line for line in split_lines(cue.lines) if line]
            tokens = list(self._loaded(cue, number % 2, lines))
            start = max(self._frame(cue.span.start), 0)
            shown = self._load(list(self._chunks(tokens)), start)
            if shown > start:
                self._lost.tell(
                    "times", "cue that cannot load in time", "cues that cannot load in time", cue.id
                )
            self._hide_last(shown)
            window = bytes((1 << number % 2,))
            self.blocks[shown] = self.blocks.get(shown, b"") + b"\x89" + window
            end = max(self._frame(cue.span.end), shown + 1)
            self._hides = end, b"\x8a" + window
            self._free = shown + 1
        self._hide_last(None)

    def _hide_last(self, start: int | None) -> None:
        if self._hides is None:
            return
        at, codes = self._hides
        at = at if start is None else min(at, start)
        while at in self.blocks and at != start and len(self.blocks[at]) + 2 > self._room:
            at -= 1
        self.blocks[at] = codes + self.blocks.get(at, b"")
        self._hides = None

    def _load(self, chunks: list[bytes], start: int) -> int:
        """Send chunks before a frame; the frame in which the window can be shown."""
        erases = self._hides[0] if self._hides else None
        earliest = max(self._free, start - 4 * len(chunks))
        free = (f for f in range(start - 1, earliest - 1, -1) if f not in self.blocks)
        frames = [frame for frame in free if frame != erases]
        if len(frames) < len(chunks):
            first = max(self._free, 0)
            frames = [f for f in range(first, first + 2 * len(chunks) + 2) if f != erases]
            frames = frames[: len(chunks)][::-1]
            start = max(start, frames[0] + 1)
        for frame, chunk in zip(frames, reversed(chunks), strict=False):
            self.blocks[frame] = chunk
        return start

    def _chunks(self, tokens: list[bytes]) -> Iterator[bytes]:
        """Codes in pieces that fit a frame; no code is cut."""
        now = b""
        for token in tokens:
            if len(now) + len(token) > self._room:
                yield now
                now = b""
            now += token
        if now:
            yield now

    def _loaded(self, cue: Cue, window: int, lines: list[str]) -> Iterator[bytes]:
        """The codes that make a hidden window and write a cue in it."""
        shape = shape_of(cue.placement, lines)
        yield bytes((0x8C, 1 << window))
        yield _defined(window, shape)
        yield bytes((0x97, 0xC0, 0, 0x0C | shape.justify, 0))
        pen = _PLAIN
        row = 0
        yield b"\x92\0\0"
        for run in runs(cue.text, cue.marks):
            look = self._look(run.value, run.has, cue.id)
            for is_break, group in groupby(run.text, key=lambda letter: letter == "\n"):
                letters = list(group)
                if is_break:
                    row += len(letters)
                    yield bytes((0x92, min(row, _MOST_ROWS - 1), 0))
                    continue
                if (look.italic, look.underline) != (pen.italic, pen.underline):
                    yield bytes((0x90, 0x05, look.italic << 7 | look.underline << 6))
                if (look.color, look.background) != (pen.color, pen.background):
                    yield bytes((0x91, _level(look.color, 0x3F), _level(look.background, 0), 0))
                pen = look
                yield from self._letters(letters, cue.id)

    def _letters(self, letters: Iterable[str], cue: str) -> Iterator[bytes]:
        for letter in letters:
            codes = sent_letter(letter, korean=self._korean)
            if codes:
                yield codes
            elif letter.isprintable():
                self._lost.add_letter(letter, cue)

    def _look(
        self, value: Callable[[Feature], str | None], has: Callable[[Feature], bool], cue: str
    ) -> Look:
        colors = []
        for feature in (Feature.COLOR, Feature.BACKGROUND):
            color = value(feature) or ""
            usual = "#ffffffff" if feature is Feature.COLOR else "#000000ff"
            color = "" if color == usual else color
            if color and any(pair not in ("00", "55", "aa", "ff") for pair in _pairs(color)[:3]):
                self._lost.add_once(feature.value, cue)
            colors.append(color)
        return Look(colors[0], has(Feature.ITALIC), has(Feature.UNDERLINE), colors[1])


def _defined(window: int, shape: WindowShape) -> bytes:
    return bytes(
        (
            0x98 + window,
            0x18,
            shape.relative << 7 | shape.down,
            shape.across,
            shape.point << 4 | (min(shape.rows, _MOST_ROWS) - 1),
            shape.columns - 1,
            0x09,
        )
    )


def _pairs(color: str) -> list[str]:
    return [color[i : i + 2] for i in (1, 3, 5, 7)]


def _level(color: str, usual: int) -> int:
    """A colour in two bits each of opacity, red, green and blue."""
    if not color:
        return usual
    levels = [round(int(pair, 16) / 85) for pair in _pairs(color)]
    opacity = 0 if levels[3] == 3 else 3 if levels[3] == 0 else 2
    return opacity << 6 | levels[0] << 4 | levels[1] << 2 | levels[2]


def digital_packet(codes: bytes, sequence: int) -> bytes:
    """Return a packet of CEA-708 with one block of service 1, of an even number of bytes."""
    block = bytes((1 << 5 | len(codes),)) + codes
    size = (len(block) + 2) // 2
    return (bytes((sequence << 6 | size,)) + block).ljust(2 * size, b"\0")

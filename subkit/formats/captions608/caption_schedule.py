"""When each pair is sent, so that captions come and go in their frames.

One pair goes out in a slot, and a line 21 field has one slot a frame (at 50 or 60 frames a second,
one in two). A pop-on caption is loaded just before it is shown, earlier where other codes stand in
the way; codes are sent twice, or once where the time is short. What still comes too late is shown
as soon as it is loaded and told.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from subkit.formats.captions608.caption_rows import Pair, Sent, drawn_rows, sent_lines
from subkit.formats.captions608.line21 import control_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from subkit.formats.loss_tally import LossTally
    from subkit.model import Cue

__all__ = ["CaptionSchedule"]

RCL, RDC = control_code("RCL"), control_code("RDC")
EDM, ENM = control_code("EDM"), control_code("ENM")
EOC, CR = control_code("EOC"), control_code("CR")
_DEPTHS = {f"roll-up {depth}": control_code(f"RU{depth}") for depth in (2, 3, 4)}
_APART = 4
"""Free slots before a later part, so that a reader knows it came later."""


@dataclass(frozen=True, slots=True)
class _Last:
    """The cue before: the frame of its out-time, its mode and id."""

    out: int
    mode: str
    cue: str


class CaptionSchedule:
    """Places the pairs of cues in frames.

    Attributes:
        pairs: Frame -> the pair that is sent in it.
    """

    def __init__(self, frame: Callable[[Fraction], int], lost: LossTally, *, step: int = 1) -> None:
        self.pairs: dict[int, Pair] = {}
        self._frame = frame
        self._lost = lost
        self._step = step
        self._free = -(10**9)
        self._last: _Last | None = None

    def send(self, cues: Iterable[Cue]) -> None:
        """Place cues in order of in-time."""
        for cue in cues:
            lines = sent_lines(cue, self._lost)
            if not lines:
                self._lost.tell("letters", "cue without a letter", "cues without a letter", cue.id)
                continue
            start = max(self._frame(cue.span.start), 0)
            end = max(self._frame(cue.span.end), start)
            parts = drawn_rows(cue, lines, self._lost)
            if cue.mode in _DEPTHS and len(lines) > 1:
                self._lost.add("mode", cue.id)
            if cue.mode in _DEPTHS and len(lines) == 1:
                shown = self._roll(cue, parts, start, end)
            elif cue.mode == "paint-on":
                shown = self._paint(cue, parts, start, end)
            else:
                shown = self._pop(cue, parts, start, end)
            if shown > start:
                self._late(cue)
            self._last = _Last(max(end, shown + self._step), cue.mode, cue.id)
        self._erase_last(None)

    def _late(self, cue: Cue) -> None:
        self._lost.tell(
            "times", "cue that cannot load in time", "cues that cannot load in time", cue.id
        )

    def _pop(self, cue: Cue, parts: list[tuple[str, Sent]], start: int, end: int) -> int:
        """Load a pop-on caption before its in-time and show it; the frame it is shown in."""
        if any(delay for delay, _ in parts):
            self._lost.add("delay", cue.id)
        step = self._step
        erased = self._erase_last(start)
        text = (ENM, RCL, *(pair for _, sent in parts for pair in sent))
        top = start
        if erased is None or start - erased >= 4 * step:
            top -= 2 * step
        for doubled, limit in ((True, top), (True, start), (False, start)):
            found = self._backwards(_units(text, doubled=doubled), limit)
            if found is not None:
                self._place(found)
                if limit < start:
                    self._place([(limit, (EDM, EDM))])
                break
        else:
            start = max(self._forwards(text, self._free, start), start)
        twice = end >= start + 2 * step
        self._place([(start, (EOC, EOC) if twice else (EOC,))])
        self._free = start + (2 if twice else 1) * step
        return start

    def _paint(self, cue: Cue, parts: list[tuple[str, Sent]], start: int, end: int) -> int:
        erased = self._erase_last(start)
        at = max(start, self._free)
        shown = at
        for delay, group in groupby(sorted(parts, key=_delay), key=_delay):
            head = (RDC, EDM) if not delay and erased == start else (RDC,)
            text = (*head, *(pair for _, sent in group for pair in sent))
            if delay:
                wanted = self._frame(cue.span.start + delay)
                if wanted <= self._free + _APART * self._step:
                    self._lost.add("delay", cue.id)
                at = max(wanted, self._free)
            self._free = self._forwards(text, at, end)
        return shown

    def _roll(self, cue: Cue, parts: list[tuple[str, Sent]], start: int, end: int) -> int:
        self._erase_last(start)
        at = max(start, self._free)
        if any(delay for delay, _ in parts):
            self._lost.add("delay", cue.id)
        text = (_DEPTHS[cue.mode], CR, *(pair for _, sent in parts for pair in sent))
        self._free = self._forwards(text, at, end)
        return at

    def _erase_last(self, start: int | None) -> int | None:
        """Erase the cue before at its out-time.

        Returns:
            The frame in which it is gone, ``start`` where the next one takes its place; ``None``
            where there was none.
        """
        last = self._last
        if last is None:
            return None
        out = max(last.out, self._free)
        if start is not None and last.out > start:
            self._lost.add("overlap", last.cue)
        elif out > last.out:
            self._lost.add_once("times", last.cue)
        if start is not None and out >= start:
            return start
        twice = start is None or start - out >= 2 * self._step
        self._place([(out, (EDM, EDM) if twice else (EDM,))])
        return out

    def _backwards(self, units: list[Sent], top: int) -> list[tuple[int, Sent]] | None:
        """Frames for units that end before ``top``; ``None`` where there are too few."""
        found = []
        for unit in reversed(units):
            at = top - len(unit) * self._step
            while self._taken(at, unit):
                at -= 1
            if at < max(self._free, 0):
                return None
            found.append((at, unit))
            top = at
        return found

    def _forwards(self, pairs: Sent, at: int, end: int) -> int:
        """Send pairs from a frame on, codes once where twice takes too long.

        Returns:
            The first frame after them.
        """
        at = max(at, 0)
        units = _units(pairs, doubled=True)
        if at + sum(len(unit) for unit in units) * self._step > end:
            units = _units(pairs, doubled=False)
        for unit in units:
            while self._taken(at, unit):
                at += 1
            self._place([(at, unit)])
            at += len(unit) * self._step
        return at

    def _taken(self, at: int, unit: Sent) -> bool:
        frames = range(at - self._step + 1, at + len(unit) * self._step)
        return any(frame in self.pairs for frame in frames)

    def _place(self, units: Iterable[tuple[int, Sent]]) -> None:
        for at, unit in units:
            for number, pair in enumerate(unit):
                self.pairs[at + number * self._step] = pair


def _delay(part: tuple[str, Sent]) -> Fraction:
    return Fraction(part[0] or 0)


def _units(pairs: Sent, *, doubled: bool) -> list[Sent]:
    """Pairs that must follow each other at once; control codes sent twice, or once.

    Two equal ones behind each other would be taken for one sent twice, so they are always doubled.
    """
    return list(_cut(pairs, doubled=doubled))


def _cut(pairs: Sent, *, doubled: bool) -> Iterator[Sent]:
    for pair, group in groupby(pairs):
        count = len(list(group))
        if 0x10 <= pair[0] < 0x20:
            yield from [(pair, pair) if doubled or count > 1 else (pair,)] * count
        else:
            yield from [(pair,)] * count

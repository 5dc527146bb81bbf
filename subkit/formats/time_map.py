"""``X-TIMESTAMP-MAP`` of WebVTT in HLS (RFC 8216, 3.5): what zero of a segment means."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.files.repairs import Repairs
    from subkit.model import Cue

__all__ = ["TimeMap"]

_TICKS = 90_000
_WRAP = 2**33
_MPEGTS = re.compile(r"MPEGTS:(\d{1,20})")
_LOCAL = re.compile(r"LOCAL:(?:(\d{1,6}):)?(\d{1,6}):(\d{1,6})[.,](\d{3})")


class TimeMap:
    """The clock of a file: the first map is its zero, later ones move what follows them."""

    def __init__(self, repairs: Repairs) -> None:
        self._repairs = repairs
        self._first: Fraction | None = None
        self._offset = Fraction(0)
        self._segments = 0

    def hear(self, header: Iterable[str], number: int) -> None:
        """Take in the lines under ``WEBVTT``, the first of a number; what is no map is told."""
        for place, line in enumerate(header, start=number):
            if line.startswith("X-TIMESTAMP-MAP") and (stamp := _MPEGTS.search(line)):
                self._map(int(stamp[1]), _local(line), line)
            else:
                self._repairs.add("Header lines are not kept", f"line {place}")

    def _map(self, ticks: int, local: Fraction, line: str) -> None:
        zero = Fraction(ticks % _WRAP, _TICKS) - local
        self._segments += 1
        if self._first is None:
            self._first = zero
            self._repairs.add(
                "Times count from the first time map; if the cues stand off the film, shift them",
                line[:80],
            )
        # Stamps have 33 bits: the shorter way round is meant.
        round_trip = Fraction(_WRAP, _TICKS)
        offset = (zero - self._first) % round_trip
        self._offset = offset if offset <= round_trip / 2 else offset - round_trip
        if self._offset:
            self._repairs.add("Cues were moved by their time map", line[:80])

    def moved(self, cue: Cue) -> Cue:
        """The cue on the clock of the file."""
        if not self._offset:
            return cue
        start = max(cue.span.start + self._offset, Fraction(0))
        return replace(cue, span=Span(start, max(cue.span.end + self._offset, start)))

    def without_repeated(self, cues: list[Cue]) -> list[Cue]:
        """The cues, once each: a segment repeats the cue that goes over from the one before."""
        if self._segments < 2:
            return cues
        seen = set()
        found = []
        for cue in cues:
            key = (cue.span, cue.lines)
            if key in seen:
                self._repairs.add("A cue that two segments hold was taken once", cue.id[:40])
                continue
            seen.add(key)
            found.append(cue)
        return found


def _local(line: str) -> Fraction:
    match = _LOCAL.search(line)
    if match is None:
        return Fraction(0)
    hours, minutes, seconds, thousandths = (int(part or 0) for part in match.groups())
    return Fraction(((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths, 1000)

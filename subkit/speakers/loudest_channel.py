"""Who speaks when, by the channel on which it is loudest: backends ``channel`` and ``ixml``.

An interview with a microphone on each side of a stereo file, or the tracks of a sound recordist's
polyphonic file, hold one person each. A finished mix does not: where the channels of voice are all
as loud, nothing is told.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from subkit.model import Span, SpeakerTurn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from subkit.interfaces import Recording, Samples

    Levels = NDArray[np.float64]

__all__ = ["ChannelBackend", "TrackBackend"]

_STEP = 1600
"""Samples of a level: 0.1 s at 16 kHz."""

_LOUDER = 6.0
"""Decibels by which a channel is louder where its person alone speaks."""

_TOGETHER = 3.0
"""Decibels within which two channels are as loud."""

_QUIET = -35.0
"""Decibels below what is loud on a channel, under which nobody speaks on it."""

_DOMINANT = 0.5
"""Share of the voice that one channel alone must carry: less is a mix."""

_MAX_CHANNELS = 16
_FLOOR = 1e-5
_NAMES = {"FL": "left", "FR": "right", "FC": "center", "BL": "back left", "BR": "back right",
          "SL": "side left", "SR": "side right"}  # fmt: skip


class ChannelBackend:
    """Names who speaks after the channel: left, right, center."""

    method = "channel"

    def turns(self, recording: Recording, *, count: int | None = None) -> list[SpeakerTurn]:
        """Who speaks when; none where no channel has a person of its own."""
        known = recording.channels
        if len(known) == 2 and not set(known) & _NAMES.keys():
            known = ("FL", "FR")  # a file that does not say which is which
        names = {
            number: _NAMES.get(name, f"channel {number + 1}")
            for number, name in enumerate(known[:_MAX_CHANNELS])
            if name not in {"LFE", "LFE2"}
        }
        return _turns(recording, names, self.method, count)


class TrackBackend:
    """Names who speaks after the tracks of a production recording (iXML).

    Args:
        tracks: Channel number from 0, and the name of its track; mixes left out.
    """

    method = "ixml"

    def __init__(self, tracks: Mapping[int, str]) -> None:
        self._tracks = tracks

    def turns(self, recording: Recording, *, count: int | None = None) -> list[SpeakerTurn]:
        """Who speaks when; none where fewer than two tracks have names of their own."""
        tracks = {n: name for n, name in self._tracks.items() if n < len(recording.channels)}
        return _turns(recording, dict(list(tracks.items())[:_MAX_CHANNELS]), self.method, count)


def _turns(
    recording: Recording, names: Mapping[int, str], method: str, count: int | None
) -> list[SpeakerTurn]:
    import numpy as np

    if len(names) < 2 or not recording.voice:
        return []
    numbers = list(names)
    parts = zip(*(_levels(recording.channel(n)) for n in numbers), strict=False)
    levels = np.concatenate([np.stack(part, axis=1) for part in parts])
    levels = _over_floor(levels)
    spoken = _spoken(recording.voice, len(levels))
    order = np.sort(levels, axis=1)
    spoken &= order[:, -1] > _QUIET
    alone = spoken & (order[:, -1] - order[:, -2] >= _LOUDER)
    if alone.sum() < _DOMINANT * spoken.sum():
        return []
    active = (order[:, -1:] - levels < _TOGETHER) & spoken[:, None]
    if count is not None and count < len(numbers):
        seconds = active.sum(axis=0)
        active[:, np.argsort(-seconds, kind="stable")[count:]] = False
    found: list[SpeakerTurn] = []
    for column, number in enumerate(numbers):
        margins = levels[:, column] - np.delete(levels, column, axis=1).max(axis=1)
        for first, last in _runs(_closed(active[:, column])):
            margin = float(np.median(margins[first:last]))
            confidence = round(1 / (1 + 10 ** (-margin / _LOUDER)), 2)
            for start, end in _within(recording.voice, first, last):
                found.append(
                    SpeakerTurn(
                        span=Span(start, end),
                        speaker=names[number],
                        method=method,
                        confidence=confidence,
                    )
                )
    return sorted(found, key=lambda turn: (turn.span.start, turn.span.end))


def _levels(blocks: Iterator[Samples]) -> Iterator[Levels]:
    """Decibels of each tenth of a second, block by block."""
    import numpy as np

    rest = np.zeros(0, dtype=np.float32)
    for block in blocks:
        sound = np.concatenate([rest, block]) if len(rest) else block
        whole = len(sound) // _STEP * _STEP
        rest = sound[whole:]
        power = np.mean(sound[:whole].reshape(-1, _STEP).astype(np.float64) ** 2, axis=1)
        yield 10 * np.log10(power + _FLOOR**2)


def _over_floor(levels: Levels) -> Levels:
    """Levels with each channel's gain taken out: all are as loud when they are loud."""
    import numpy as np

    loud = np.percentile(levels, 99, axis=0)  # who speaks for a hundredth of it is heard
    heard = loud > 20 * np.log10(_FLOOR) + 20
    return np.where(heard, levels - np.where(heard, loud, 0), -200.0)


def _spoken(voice: Sequence[Span], steps: int) -> NDArray[np.bool_]:
    import numpy as np

    spoken = np.zeros(steps, dtype=bool)
    for span in voice:
        spoken[round(float(span.start) * 10) : round(float(span.end) * 10)] = True
    return spoken


def _closed(active: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without gaps and bursts of two tenths."""
    import numpy as np

    found = active.copy()
    at = 0
    for value, run in groupby(active.tolist()):
        length = len(list(run))
        if not value and length <= 2 and at > 0 and at + length < len(active):
            found[at : at + length] = True
        at += length
    at = 0
    for value, run in groupby(found.tolist()):
        length = len(list(run))
        if value and length < 2:
            found[at : at + length] = False
        at += length
    return np.asarray(found)


def _runs(active: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    at = 0
    for value, run in groupby(active.tolist()):
        length = len(list(run))
        if value:
            yield at, at + length
        at += length


def _within(voice: Sequence[Span], first: int, last: int) -> Iterator[tuple[Fraction, Fraction]]:
    """The parts of a run in which there is a voice."""
    start, end = Fraction(first, 10), Fraction(last, 10)
    for span in voice:
        if span.end > start and span.start < end:
            yield max(start, span.start), min(end, span.end)

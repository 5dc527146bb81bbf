"""The lines in a window: where it can be parted, and windows of their own for some of them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.decode.blocks import SAMPLE_RATE
from subkit.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.interfaces import SpeechWindow

__all__ = ["cut_window", "find_lines"]

_PAUSE = 0.4
"""Seconds between two lines."""

_LEAST = 1.0
"""Seconds of a line: a shorter one does not tell its language and stays with the one before."""


def find_lines(voice: Sequence[tuple[float, float]], length: float) -> list[tuple[float, float]]:
    """Return the lines of a window, which share all of it: each cut is in the middle of a pause.

    Args:
        voice: Stretches of voice in seconds of its samples, in order; empty where nobody listened.
        length: Of the window, seconds.
    """
    cuts = [0.0]
    for (_, end), (start, _) in itertools.pairwise(voice):
        middle = (start + end) / 2
        if start - end >= _PAUSE and middle - cuts[-1] >= _LEAST and length - middle >= _LEAST:
            cuts.append(middle)
    return list(zip(cuts, [*cuts[1:], length], strict=True))


def cut_window(window: SpeechWindow, begin: float, end: float) -> SpeechWindow:
    """Return a window of some of the samples.

    Args:
        window: All of them.
        begin: First second, from the start of the samples.
        end: Second after.
    """
    first, last = round(begin * SAMPLE_RATE), min(round(end * SAMPLE_RATE), window.samples.size)
    parts = []
    at = 0
    for part in window.parts or (window.span,):
        length = round(part.duration * SAMPLE_RATE)
        low, high = max(first, at), min(last, at + length)
        if low < high:
            start = part.start + Fraction(low - at, SAMPLE_RATE)
            parts.append(Span(start, start + Fraction(high - low, SAMPLE_RATE)))
        at += length
    span = Span(parts[0].start, parts[-1].end)
    return replace(
        window,
        # Only what a title begins with opens it.
        index=window.index if first == 0 else max(1, window.index),
        span=span,
        samples=window.samples[first:last],
        parts=tuple(parts) if len(parts) > 1 else (),
        voice=tuple(voice for voice in window.voice if voice.overlaps(span)),
    )

"""Convert between times in a window and times in the media, when pauses were shortened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.interfaces import SpeechWindow
    from subkit.model import Span

__all__ = ["in_media", "in_samples"]


def in_media(
    times: Sequence[tuple[float, float]], window: SpeechWindow
) -> list[tuple[float, float]]:
    """Return times in the samples as times in the media, both from the window's start, in seconds.

    A word belongs to the part that most of it lies in, and is held to that.
    """
    if not window.parts:
        return list(times)
    places = _places(window)
    found = []
    for start, end in times:
        # Of equal shares, as of a word without length, the nearest part.
        begin, stop, origin = max(places, key=lambda p: min(end, p[1]) - max(start, p[0]))
        shift = origin - begin
        found.append((min(stop, max(begin, start)) + shift, min(stop, max(begin, end)) + shift))
    return found


def in_samples(spans: Sequence[Span], window: SpeechWindow) -> tuple[tuple[float, float], ...]:
    """Convert spans of the media to times in the samples, in seconds; cut off what is outside."""
    origin = window.span.start
    length = float(window.span.duration)
    places = _places(window) if window.parts else [(0.0, length, 0.0)]
    found = []
    for span in spans:
        start, end = float(span.start - origin), float(span.end - origin)
        for begin, stop, place in places:
            first, last = max(start, place), min(end, place + stop - begin)
            if last > first:
                found.append((first - place + begin, last - place + begin))
    return tuple(found)


def _places(window: SpeechWindow) -> list[tuple[float, float, float]]:
    """Where each part begins and ends in the samples, and where it begins in the media."""
    places = []
    at = 0.0
    for part in window.parts:
        length = float(part.duration)
        places.append((at, at + length, float(part.start - window.span.start)))
        at += length
    return places

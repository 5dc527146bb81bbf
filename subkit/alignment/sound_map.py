"""How a new film was cut from an old one, by the sound of both."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.alignment.cut_map import CutMap, SharedPassage, joined
from subkit.alignment.landmark_search import OffsetStretch, find_stretches
from subkit.alignment.landmarks import HOP
from subkit.alignment.sound_edges import exact_offset, likeness, split_place
from subkit.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from subkit.alignment.landmarks import Landmarks

    Floats = NDArray[np.float32]

__all__ = ["map_sound"]

SLACK = Fraction(1, 12)
"""Seconds by which an end may be wrong: benchmarks/alignment.py measures it."""

_ENOUGH = 0.2
"""Share of the new film that must be in the old one: below, it is another programme."""

_EDGE = 400
"""Places around a change of offset in which its exact place is looked for."""

_FILLED = 6000
"""Places without landmarks between two stretches of one offset that may still be the same film."""

_LONG, _ALIKE = 600, 0.55
"""Places from which landmarks alone are believed; how alike a shorter stretch must sound."""

_GRID = Fraction(3, 10)
"""How far, in frames, an offset may be from a whole frame and still be taken for it."""


def map_sound(old: Landmarks, new: Landmarks, frame: Fraction | None = None) -> CutMap:
    """Return where the stretches of an old film are in a new one.

    Args:
        old: The old film.
        new: The new one, heard at the old one's speed.
        frame: Seconds of a frame of the old film: cuts move sound by whole frames. ``None`` where
            nobody knows, or where the speeds differ.

    Returns:
        The map. Where ``reasons`` are given it should not be used.
    """
    found = [one for one in find_stretches(old, new) if _is_believed(old, new, one)]
    exact = [_exact(old, new, one, frame) for one in found]
    passages = _passages(old, new, found, exact)
    cuts = CutMap(passages=passages, duration=new.duration, slack=SLACK)
    if cuts.share >= _ENOUGH:
        return cuts
    return replace(cuts, reasons=(f"{cuts.share:.0%} of its sound is in the old cut.",))


def _is_believed(old: Landmarks, new: Landmarks, stretch: OffsetStretch) -> bool:
    """Whether a stretch is long, or sounds alike: a few landmarks of music meet anywhere."""
    if stretch.last - stretch.first >= _LONG:
        return True
    offset = round(exact_offset(old, new, stretch.offset, stretch.first, stretch.last))
    return float(likeness(old, new, offset, stretch.first, stretch.last).mean()) >= _ALIKE


def _exact(
    old: Landmarks, new: Landmarks, stretch: OffsetStretch, frame: Fraction | None
) -> Fraction:
    """Seconds between the films in a stretch, in the old one's time."""
    places = exact_offset(old, new, stretch.offset, stretch.first, stretch.last)
    offset = Fraction(places).limit_denominator(1000) * HOP
    if frame is None:
        return offset
    whole = round(offset / frame)
    return whole * frame if abs(offset - whole * frame) <= _GRID * frame else offset


def _passages(
    old: Landmarks, new: Landmarks, found: Sequence[OffsetStretch], exact: Sequence[Fraction]
) -> tuple[SharedPassage, ...]:
    """The stretches from one end to the other, and what lies between two that go on."""
    wholes: list[SharedPassage] = []
    parts: list[SharedPassage] = []
    for edges, offset in zip(_edges(old, new, found), exact, strict=True):
        first, sure_first, sure_last, last = edges
        whole = _passage(old, new, (first, last), offset)
        if whole is None:
            continue
        wholes.append(whole)
        for span, proven in (
            ((first, sure_first), False),
            ((sure_first, sure_last), True),
            ((sure_last, last), False),
        ):
            part = _passage(old, new, span, offset, proven=proven)
            parts += [] if part is None else [part]
    for one, other in pairwise(wholes):
        if _goes_on(one, other):
            between = (Span(one.old.end, other.old.start), Span(one.new.end, other.new.start))
            parts.append(SharedPassage(old=between[0], new=between[1], proven=False))
    return joined(parts, SLACK / 4)


def _goes_on(one: SharedPassage, other: SharedPassage) -> bool:
    """Whether two passages may be one whose middle sounds otherwise: the music was changed."""
    gap = other.new.start - one.new.end
    same = abs((other.old.start - one.old.end) * one.ratio - gap) <= SLACK / 4
    return same and 0 < gap <= _FILLED * HOP * one.ratio and other.old.start > one.old.end


def _passage(
    old: Landmarks,
    new: Landmarks,
    places: tuple[int, int],
    offset: Fraction,
    *,
    proven: bool = True,
) -> SharedPassage | None:
    factor = new.speed.factor
    begin = max(places[0] * HOP - offset, Fraction(0))
    end = min(places[1] * HOP - offset, old.duration)
    if begin >= end:
        return None
    return SharedPassage(
        old=Span(begin, end),
        new=Span((begin + offset) * factor, (end + offset) * factor),
        proven=proven,
    )


def _edges(
    old: Landmarks, new: Landmarks, found: Sequence[OffsetStretch]
) -> list[tuple[int, int, int, int]]:
    """First place, first and last that are sure, and the one behind the last, of each stretch."""
    if not found:
        return []
    size = len(new.bands)
    firsts = [_grown(old, new, found[0], 0)]
    lasts: list[tuple[int, int]] = []
    for one, other in pairwise(found):
        low = max(one.last - _EDGE, (one.first + one.last) // 2)
        high = min(other.first + _EDGE, (other.first + other.last) // 2)
        before = likeness(old, new, one.offset, low, high)
        after = likeness(old, new, other.offset, low, high)
        sure_end, end, begin, sure_begin = (low + n for n in split_place(before, after))
        lasts.append((sure_end, end))
        firsts.append((begin, sure_begin))
    at_end = _grown(old, new, found[-1], size)
    lasts.append((at_end[1], at_end[0]))
    return [
        (first, min(sure, sure_last), max(sure, sure_last), last)
        for (first, sure), (sure_last, last) in zip(firsts, lasts, strict=True)
    ]


def _grown(old: Landmarks, new: Landmarks, stretch: OffsetStretch, limit: int) -> tuple[int, int]:
    """The outermost place of the first or last stretch, and the outermost that is sure.

    Args:
        old: The old film.
        new: The new one.
        stretch: The first stretch, or the last one.
        limit: The beginning of the new film, or its end.
    """
    import numpy as np

    at_end = limit > stretch.first
    low, high = (stretch.last - _EDGE, limit) if at_end else (limit, stretch.first + _EDGE)
    low, high = max(low, stretch.first if at_end else 0), min(high, stretch.last + 100 * _EDGE)
    if not at_end:
        high = min(high, stretch.last)
    alike = likeness(old, new, stretch.offset, low, high)
    nothing = np.zeros_like(alike)
    if at_end:
        sure, end, _, _ = split_place(alike, nothing)
        return low + end, low + sure
    _, _, begin, sure = split_place(nothing, alike)
    return low + begin, low + sure

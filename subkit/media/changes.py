"""Pictures -> shot changes: what a cut looks like, and what only looks like one.

The measure is that of ffmpeg's ``scdet`` filter: the mean absolute difference of the luma of two
pictures, in percent, and its jump against the difference before; a pan differs all the time and
jumps never. It is taken on thumbnails that are kept for a moment, so that what scdet cannot tell
is told: a flash (the picture is soon what it was), a cut in the dark (little differs, but nothing
differed before and after), and a fade through one colour.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from subkit.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.float32]

__all__ = ["ShotChange", "ShotOptions", "find_changes"]

_SAME = 0.4
"""Two pictures that differ by less than this share of a jump are the picture before it."""

_ALIKE = 0.9
"""Correlation above which a fade leads back to the picture that it led away from."""

_STEEP = 1.4
"""How many times a difference must exceed those around it: one that does not begins a pan."""

_ABRUPT = 0.5
"""Share of the threshold that a difference above it must jump: motion before a cut lessens that."""

_WEAK = 0.25
"""Share of the threshold that is enough where the picture is otherwise still."""

_STILL = 5.0
"""How many times such a weak difference must exceed those around it."""

_AROUND = 3
_BLANK = 2.5
"""Standard deviation, of 255, below which a picture is one colour."""

_MOST_KEPT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotOptions:
    """What counts as a shot change.

    Attributes:
        threshold: Jump in percent of the full range, as scdet takes it (its documentation names
            8 to 14); less is enough where the picture is otherwise still.
        apart: Seconds that two shot changes lie apart at least; a flash lasts no longer.

    Raises:
        PlanError: a number is out of range.
    """

    threshold: float = 10.0
    apart: Fraction = Fraction(1, 4)

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 100:
            raise PlanError(
                f"The threshold of shot changes must be above 0 and at most 100, "
                f"not {self.threshold:g}.",
                remedy="ffmpeg's scdet names 8 to 14.",
                option="threshold",
            )
        if not 0 < self.apart <= 10:
            raise PlanError(
                f"Shot changes lie up to 10 s apart, not {float(self.apart):g} s.", option="apart"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotChange:
    """A shot change.

    Attributes:
        time: First frame of the new shot, seconds.
        score: Its jump in percent; of a fade, how much the new shot differs from the one colour.
        kind: A cut, or a fade through one colour.
    """

    time: Fraction
    score: float
    kind: Literal["cut", "fade"] = "cut"


@dataclass(slots=True)
class _Seen:
    """A picture, how it differs from the one before, and the jump of that."""

    time: Fraction
    picture: Picture
    differs: float
    jump: float
    blank: bool


def find_changes(
    pictures: Iterable[tuple[Fraction, Picture]], options: ShotOptions
) -> Iterator[ShotChange]:
    """The shot changes in a stream of pictures, in order, as soon as they are certain.

    Holds the pictures of three times ``options.apart`` and a few more, never over 256.

    Args:
        pictures: Time in seconds, rising, and luma thumbnail, 0 to 255, all of one shape.
        options: What counts.
    """
    return _apart(_judged(_measured(pictures), options), options.apart)


def _difference(one: Picture, other: Picture) -> float:
    """Mean absolute difference in percent of the full range."""
    return float(abs(one - other).mean()) * 100 / 255


def _alike(one: Picture, other: Picture) -> bool:
    """Whether two pictures show the same, brighter or darker: their correlation."""
    left, right = one - one.mean(), other - other.mean()
    norm = float((left**2).sum() * (right**2).sum()) ** 0.5
    return bool(norm > 0 and float((left * right).sum()) / norm > _ALIKE)


def _measured(pictures: Iterable[tuple[Fraction, Picture]]) -> Iterator[_Seen]:
    last: _Seen | None = None
    for time, picture in pictures:
        differs = 0.0 if last is None else _difference(last.picture, picture)
        jump = 0.0 if last is None else min(differs, abs(differs - last.differs))
        last = _Seen(time, picture, differs, jump, bool(picture.std() < _BLANK))
        yield last


def _judged(stream: Iterator[_Seen], options: ShotOptions) -> Iterator[ShotChange]:
    """Each picture judged when all that matters behind it is known."""
    kept: deque[_Seen] = deque(maxlen=_MOST_KEPT)
    judged = 0  # of those kept
    for seen in stream:
        judged -= len(kept) == kept.maxlen
        kept.append(seen)
        while seen.time - kept[max(0, judged)].time > options.apart:
            judged = max(0, judged)
            yield from _judge(kept, judged, options)
            judged += 1
        while judged > _AROUND and kept[judged].time - kept[0].time > 2 * options.apart:
            kept.popleft()
            judged -= 1
    for place in range(max(0, judged), len(kept)):
        yield from _judge(kept, place, options)


def _judge(kept: deque[_Seen], place: int, options: ShotOptions) -> Iterator[ShotChange]:
    if not place:
        return
    here, before = kept[place], kept[place - 1]
    if _jumps(kept, place, options.threshold):
        if not _flashes(kept, place, options.apart):
            yield ShotChange(time=here.time, score=here.jump)
    elif before.blank and not here.blank and here.differs < options.threshold:
        score = _difference(before.picture, kept[-1].picture)
        same = any(
            _alike(kept[i].picture, kept[-1].picture) for i in range(place) if not kept[i].blank
        )
        if score >= _ABRUPT * options.threshold and not same:
            yield ShotChange(time=here.time, score=score, kind="fade")


def _jumps(kept: deque[_Seen], place: int, threshold: float) -> bool:
    here = kept[place]
    if here.jump < threshold * _WEAK:
        return False
    around = range(max(0, place - _AROUND), min(len(kept), place + _AROUND + 1))
    differences = sorted(kept[i].differs for i in around if i != place)
    # The second largest, since a flash may stand beside a cut; animation moves every third frame.
    usual = differences[-2] if len(differences) > 1 else 0.0
    clear = here.differs >= threshold and here.jump >= _ABRUPT * threshold
    return here.differs >= usual * (_STEEP if clear else _STILL)


def _flashes(kept: deque[_Seen], place: int, apart: Fraction) -> bool:
    """Whether the picture is soon what it was, or is again what it was a moment ago."""
    here, before = kept[place], kept[place - 1]
    same = _SAME * here.differs
    for i in range(place + 1, len(kept)):
        if kept[i].time - here.time > apart:
            break
        if _difference(before.picture, kept[i].picture) < same:
            return True
    for i in range(place - 2, -1, -1):
        if here.time - kept[i].time > apart:
            break
        if _difference(kept[i].picture, here.picture) < same:
            return True
    return False


def _apart(changes: Iterator[ShotChange], apart: Fraction) -> Iterator[ShotChange]:
    """Of changes too near to each other the strongest, of equals the first."""
    last: ShotChange | None = None
    for change in changes:
        if last is not None and change.time - last.time < apart:
            last = max(last, change, key=lambda one: (one.kind == "cut", one.score))
            continue
        if last is not None:
            yield last
        last = change
    if last is not None:
        yield last

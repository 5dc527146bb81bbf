"""Captions that a line 21 decoder showed, as cues with marks and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.formats.captions608.caption_layout import place_of
from subkit.formats.look_runs import value_runs
from subkit.model import Cue, Feature, Mark, Span
from subkit.model.mark_moves import sorted_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from fractions import Fraction

    from subkit.formats.captions608.caption_machine import Caption, Letter

__all__ = ["cues_of"]


def cues_of(captions: Iterable[Caption], time: Callable[[int], Fraction]) -> list[Cue]:
    """Return a cue for each caption; ids count from 1.

    Args:
        captions: In order of time.
        time: Seconds at which a tick begins.
    """
    return [_cue(str(number), caption, time) for number, caption in enumerate(captions, start=1)]


def _cue(name: str, caption: Caption, time: Callable[[int], Fraction]) -> Cue:
    lines: list[str] = []
    letters: list[Letter | None] = []
    spots: list[tuple[int, int]] = []
    for row, cells in sorted(caption.screen.items()):
        used = [column for column, letter in cells.items() if letter.text != " "]
        if not used:
            continue
        low, high = min(used), max(used)
        found = [cells.get(column) for column in range(low, high + 1)]
        if lines:
            letters.append(None)
        lines.append("".join(letter.text if letter else " " for letter in found))
        letters += [letter if letter and letter.text != " " else None for letter in found]
        spots.append((row, low))
    span = Span(time(caption.start), time(caption.end))
    return Cue(
        id=name,
        span=span,
        lines=tuple(lines),
        placement=place_of(tuple(spots), [len(line) for line in lines]),
        marks=sorted_marks(_marks(letters, caption, time)),
        mode=caption.mode,
    )


def _marks(
    letters: Sequence[Letter | None], caption: Caption, time: Callable[[int], Fraction]
) -> Iterator[Mark]:
    for feature in (Feature.ITALIC, Feature.UNDERLINE, Feature.COLOR, Feature.BACKGROUND):
        name = feature.value
        values = [letter and getattr(letter.look, name) for letter in letters]
        for start, end, value in value_runs(values):
            if value:
                text = value if isinstance(value, str) else ""
                yield Mark(start=start, end=end, feature=feature, value=text)
    if caption.mode == "paint-on":
        bursts = [None if letter is None else letter.burst for letter in letters]
        for start, end, burst in value_runs(bursts):
            if isinstance(burst, int) and burst > max(caption.burst, caption.start):
                delay = time(burst) - time(caption.start)
                yield Mark(start=start, end=end, feature=Feature.DELAY, value=str(delay))

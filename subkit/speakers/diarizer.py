"""Who speaks when, by voice: the backend ``diarization``.

Windows in which one voice goes on are grouped into speakers. Then every tenth of a second goes to
one of them by a path of least cost, in which a change of speaker costs something, and the speakers
are learnt anew from what went to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from subkit.model import Span, SpeakerTurn
from subkit.speakers.clustering import PLAINLY, center_of, group_voices, join_groups
from subkit.speakers.voice_encoder import VoiceEncoder
from subkit.speakers.voice_windows import LONG_STEP, VoicedStretch, hear_stretches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from subkit.interfaces import Recording
    from subkit.speakers.clustering import Labels, Vectors

__all__ = ["DiarizationOptions", "Diarizer", "diarize"]

_MIDDLE = 0.6
"""Seconds around the middle of a window of 1.6 s that must be one speaker's to learn from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiarizationOptions:
    """How voices are told apart; defaults are fitted by ``benchmarks/speakers.py``.

    Attributes:
        pure: Share of the windows, those that change least, that speakers are found in.
        plainly: Mean cosine at which two groups of windows are plainly one voice.
        alike: Likeness of two groups over their likeness to themselves that makes them one, while
            groups are small, ...
        alike_again: ... and when they are learnt anew.
        least_seconds: Voices that are heard for less, and for less than ``least_share`` of all
            speech, are nobody of their own.
        least_share: See there.
        long_weight: Weight of windows of 1.6 s beside those of 0.8 s.
        change: Cost of a change of speaker, in cosines times tenths of a second.
        passes: How often speakers are learnt anew.
        overlap: How much less like the second voice may be, for two people to speak at once; 0
            looks for none.
    """

    pure: float = 0.6
    plainly: float = PLAINLY
    alike: float = 0.9
    alike_again: float = 0.87
    least_seconds: float = 3.0
    least_share: float = 0.08
    long_weight: float = 0.2
    change: float = 0.06
    passes: int = 3
    overlap: float = 0.02


_DEFAULTS = DiarizationOptions()


class Diarizer:
    """Tells voices apart with Resemblyzer's encoder.

    Args:
        weights: ``pretrained.pt`` of Resemblyzer 0.1.4.
        options: Thresholds.
        tell: Is told up to which second it has heard.

    Raises:
        EngineError: the weights are not those.
    """

    method = "diarization"

    def __init__(
        self,
        weights: Path,
        options: DiarizationOptions = _DEFAULTS,
        tell: Callable[[float], None] | None = None,
    ) -> None:
        self._encoder = VoiceEncoder(weights)
        self._options = options
        self._tell = tell
        self.voices: dict[str, Vectors] = {}

    def turns(self, recording: Recording, *, count: int | None = None) -> list[SpeakerTurn]:
        """Who speaks when; ``voices`` holds the voice of each speaker afterwards."""
        if not recording.voice:
            return []
        stretches = list(
            hear_stretches(recording.sound(), recording.voice, self._encoder, self._tell)
        )
        found, self.voices = diarize(stretches, count=count, options=self._options)
        return found


def diarize(
    stretches: Sequence[VoicedStretch],
    *,
    count: int | None = None,
    options: DiarizationOptions = _DEFAULTS,
) -> tuple[list[SpeakerTurn], dict[str, Vectors]]:
    """Return turns, and the voice of each speaker (shape ``(256,)``)."""
    if not stretches:
        return [], {}
    centers = _first_centers(stretches, count, options)
    paths: list[NDArray[np.int64]] = []
    for round_ in range(options.passes):
        paths = [_path(_likeness(one, centers, options), options.change) for one in stretches]
        if round_ + 1 < options.passes:
            centers = _learnt(stretches, paths, centers, count, options)
    order = list(dict.fromkeys(int(who) for path in paths for who in path))
    names = {who: f"speaker-{number}" for number, who in enumerate(order, 1)}
    turns = [
        turn
        for stretch, path in zip(stretches, paths, strict=True)
        for turn in _turns(stretch, path, centers, names, options)
    ]
    turns.sort(key=lambda turn: (turn.span.start, turn.span.end))
    return turns, {name: centers[who] for who, name in names.items()}


def _first_centers(
    stretches: Sequence[VoicedStretch], count: int | None, options: DiarizationOptions
) -> Vectors:
    import numpy as np

    steady = np.concatenate([_steadiness(one.long_voices) for one in stretches])
    vectors = np.concatenate([one.long_voices for one in stretches]).astype(np.float32)
    times = np.concatenate([one.long_times for one in stretches])
    kept = steady >= np.quantile(steady, 1 - options.pure)
    vectors, times = vectors[kept], times[kept]
    labels = group_voices(vectors, alike=options.plainly)
    seconds = np.bincount(labels) * LONG_STEP
    enough = seconds >= _least(seconds, options.least_seconds * options.pure, options)
    if count is not None and enough.sum() < count:
        enough[np.argsort(-seconds, kind="stable")[:count]] = True
    vectors, times, labels = _only(enough, vectors, times, labels)
    labels = join_groups(vectors, times, labels, alike=options.alike, count=count)
    return center_of(vectors, labels)


def _least(seconds: NDArray[np.floating[Any]], usual: float, options: DiarizationOptions) -> float:
    """How long somebody must speak; in a short recording less, and never longer than anybody."""
    return min(usual, options.least_share * float(seconds.sum()), float(seconds.max()))


def _steadiness(voices: NDArray[np.float16]) -> NDArray[np.float32]:
    """How alike the sound before and after the middle of each window is."""
    import numpy as np

    if len(voices) < 3:
        return np.full(len(voices), 0.7, dtype=np.float32)
    vectors = voices.astype(np.float32)
    places = np.arange(len(vectors))
    before = vectors[np.maximum(places - 2, 0)]
    after = vectors[np.minimum(places + 2, len(vectors) - 1)]
    steady: NDArray[np.float32] = np.einsum("nd,nd->n", before, after)
    return steady


def _only(
    kept: NDArray[np.bool_], vectors: Vectors, times: NDArray[np.float64], labels: Labels
) -> tuple[Vectors, NDArray[np.float64], Labels]:
    """What belongs to the kept groups, which are numbered anew without gaps."""
    import numpy as np

    chosen = kept[labels]
    numbers: Labels = np.cumsum(kept) - 1
    return vectors[chosen], times[chosen], numbers[labels[chosen]]


def _likeness(
    stretch: VoicedStretch, centers: Vectors, options: DiarizationOptions
) -> NDArray[np.float32]:
    """How alike each tenth of a second is to each speaker, shape ``(tenths, speakers)``."""
    import numpy as np

    near = np.abs(stretch.short_times[:, None] - stretch.long_times[None]).argmin(axis=1)
    long = stretch.long_voices.astype(np.float32) @ centers.T
    short = stretch.short_voices.astype(np.float32) @ centers.T
    weight = options.long_weight
    likeness: NDArray[np.float32] = weight * long[near] + (1 - weight) * short
    return likeness


def _path(likeness: NDArray[np.float32], change: float) -> NDArray[np.int64]:
    """The speakers along a stretch that are most alike, less the cost of each change (Viterbi)."""
    import numpy as np

    steps, speakers = likeness.shape
    gained = likeness[0].astype(float)
    came_from = np.zeros((steps, speakers), dtype=np.int64)
    own = np.arange(speakers)
    for step in range(1, steps):
        best = int(gained.argmax())
        changed = gained[best] - change
        stays = gained >= changed
        came_from[step] = np.where(stays, own, best)
        gained = np.where(stays, gained, changed) + likeness[step]
    path = np.empty(steps, dtype=np.int64)
    path[-1] = int(gained.argmax())
    for step in range(steps - 1, 0, -1):
        path[step - 1] = came_from[step, path[step]]
    return path


def _learnt(
    stretches: Sequence[VoicedStretch],
    paths: Sequence[NDArray[np.int64]],
    centers: Vectors,
    count: int | None,
    options: DiarizationOptions,
) -> Vectors:
    """Speakers from the windows that lie well inside of their turns; those alike become one."""
    import numpy as np

    kept: list[tuple[VoicedStretch, int, int]] = []
    for stretch, path in zip(stretches, paths, strict=True):
        for place, time in enumerate(stretch.long_times):
            first, last = np.searchsorted(stretch.short_times, (time - _MIDDLE, time + _MIDDLE))
            around = path[first:last]
            if len(around) and bool((around == around[0]).all()):
                kept.append((stretch, place, int(around[0])))
    if not kept:
        return centers
    vectors = np.stack([one.long_voices[place] for one, place, _ in kept]).astype(np.float32)
    times = np.array([one.long_times[place] for one, place, _ in kept])
    labels = np.array([who for _, _, who in kept])
    if count is not None:
        learnt: Vectors = centers.copy()
        present = np.unique(labels)
        learnt[present] = center_of(vectors, np.searchsorted(present, labels))
        return learnt
    seconds = np.bincount(labels, minlength=len(centers)) * LONG_STEP
    enough = (seconds >= _least(seconds, options.least_seconds, options)) & (seconds > 0)
    vectors, times, labels = _only(enough, vectors, times, labels)
    labels = join_groups(vectors, times, labels, alike=options.alike_again, count=None)
    return center_of(vectors, labels)


def _turns(
    stretch: VoicedStretch,
    path: NDArray[np.int64],
    centers: Vectors,
    names: dict[int, str],
    options: DiarizationOptions,
) -> Iterator[SpeakerTurn]:
    """The turns along a stretch; where a second voice is as clear, one of that too."""
    likeness = _likeness(stretch, centers, options)
    times = stretch.short_times
    edges = [stretch.start, *((times[1:] + times[:-1]) / 2), stretch.end]
    place = 0
    for who, run in groupby(int(one) for one in path):
        length = len(list(run))
        some = likeness[place : place + length]
        yield _turn(edges[place], edges[place + length], names[who], _confidence(some, who))
        if options.overlap and len(centers) > 1:
            for first, last, other in _second_voices(some, who, options.overlap):
                sure = _confidence(some[first:last], other)
                yield _turn(edges[place + first], edges[place + last], names[other], sure)
        place += length


def _second_voices(
    likeness: NDArray[np.float32], who: int, margin: float
) -> Iterator[tuple[int, int, int]]:
    """Where in a turn a second voice is as clear: first, last tenth, and who.

    At the edges of a turn windows hear both sides of it: nothing is told there.
    """
    others = likeness.copy()
    others[:, who] = -2
    second = others.argmax(axis=1)
    near = likeness[:, who] - others.max(axis=1) < margin
    near[:_EDGE] = near[len(near) - _EDGE :] = False
    place = 0
    for (close, other), run in groupby(zip(near.tolist(), second.tolist(), strict=True)):
        length = len(list(run))
        if close and length >= _LEAST:
            yield place, place + length, int(other)
        place += length


_EDGE, _LEAST = 3, 4
"""Tenths of a second at the edges of a turn, and of the shortest overlap that is told."""


def _confidence(likeness: NDArray[np.float32], who: int) -> float:
    """How much more alike than the next one, as a probability; 0.9 where there is but one."""
    import numpy as np

    means = likeness.mean(axis=0)
    if len(means) < 2:
        return 0.9
    margin = float(means[who] - np.delete(means, who).max())
    return round(float(1 / (1 + np.exp(-_SHARPNESS * margin))), 2)


_SHARPNESS = 12.0
"""Steps from a margin of cosines to a probability (benchmarks/speakers.py measures it)."""


def _turn(start: float, end: float, who: str, confidence: float) -> SpeakerTurn:
    span = Span(Fraction(round(start * 1000), 1000), Fraction(round(end * 1000), 1000))
    return SpeakerTurn(span=span, speaker=who, method="diarization", confidence=confidence)

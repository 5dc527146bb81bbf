"""Exact and fast: how much silence the encoder is made to hear after each window.

Whisper was trained on 30 s. ``exact`` pads every window to that, as faster-whisper does. ``fast``
gives the encoder the window's own length, which costs less but is not what the model was trained
for: some models loop or repeat then (whisper.cpp issue 1951). So what a window gives in fast mode
is checked, a doubtful one is decoded again padded, and ``auto`` takes fast mode only for a model
whose card says that it was measured and found no worse.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.decode.options import RecognitionOptions
    from subkit.decode.windows import WindowOptions
    from subkit.interfaces import ModelFacts

__all__ = [
    "EXACT",
    "FAST",
    "FULL",
    "batch_of",
    "choose_mode",
    "context_frames",
    "explain_mode",
    "fit_windows",
    "in_calls",
    "windows_together",
]

T = TypeVar("T")

EXACT = "exact"
FAST = "fast"

FULL = 3000
"""Frames of features in 30 s: all that the encoder takes."""

_BUCKET = 100
"""Fast mode's lengths are multiples of 1 s, so that windows of like length share a batch."""

_BATCHES_AHEAD = 8
"""Batches whose windows fast mode should get together, to find enough of like length."""

_FAST_SECONDS = 10.0
"""Longest window in fast mode: attention grows with the square, and 15 s cost 13 % more."""

_MOST_TIMES = 2
"""A batch of short windows holds up to twice as many: their memory is no more than that of a
batch of long ones, and each step of the decoder reads the weights once for all of them."""


def choose_mode(model: ModelFacts, options: RecognitionOptions) -> str:
    """``"exact"`` or ``"fast"``: as asked, or what the model's card allows for ``"auto"``."""
    if options.mode != "auto":
        return options.mode
    return FAST if model.fast_ok else EXACT


def explain_mode(model: ModelFacts, options: RecognitionOptions) -> str:
    """One sentence on the mode that is used, and why."""
    if options.mode != "auto":
        return f"Model {model.name} decodes in {options.mode} mode, as asked."
    if model.fast_ok:
        return f"Model {model.name} decodes in fast mode: its card says that it was measured."
    return (
        f"Model {model.name} decodes in exact mode: its card does not say that fast mode was"
        " measured with it (--mode fast takes it all the same)."
    )


def context_frames(frames: int, mode: str) -> int:
    """Frames that features of ``frames`` are padded to; it depends on nothing but the window."""
    if mode == EXACT:
        return FULL
    return min(FULL, -(-max(1, frames) // _BUCKET) * _BUCKET)


def fit_windows(
    asked: WindowOptions, model: ModelFacts, options: RecognitionOptions
) -> WindowOptions:
    """The options of windows as the model and the mode want them: never longer than asked.

    Where it was not said which pause ends a window, it is the model's own; else 2 s in fast mode,
    and in exact mode as long as may be: each window costs as much as one that is full.
    """
    longest = min(asked.max_seconds, model.window_seconds)
    if choose_mode(model, options) == FAST:
        longest = min(longest, _FAST_SECONDS)
    elif asked.min_silence_seconds is None:
        asked = replace(asked, min_silence_seconds=asked.max_seconds / 2)
    silence = min(asked.pause_seconds, model.pause_seconds or asked.pause_seconds)
    return replace(asked, max_seconds=longest, min_silence_seconds=min(silence, longest / 2))


def batch_of(context: int, size: int) -> int:
    """Windows of ``context`` frames in a batch where one of full windows has ``size``."""
    return size * min(_MOST_TIMES, FULL // context) if size > 1 else 1


def windows_together(model: ModelFacts, options: RecognitionOptions) -> int:
    """Windows that a call should bring so that batches are full."""
    ahead = _BATCHES_AHEAD if choose_mode(model, options) == FAST else 1
    return options.batch_size * options.replicas * len(options.device_index) * ahead


def in_calls(
    windows: Iterable[T], model: ModelFacts, options: RecognitionOptions
) -> Iterator[list[T]]:
    """Windows parted into calls of a recogniser: one batch first, then twice as many each time.

    While one call is decoded the next is made ready. So the first is small: nothing is decoded
    before it is there.

    Args:
        windows: The windows, or whatever stands for them.
        model: The model.
        options: How to recognise.
    """
    together = windows_together(model, options)
    rest = iter(windows)
    count = min(together, options.batch_size * options.replicas * len(options.device_index))
    while call := list(itertools.islice(rest, count)):
        yield call
        count = min(2 * count, together)

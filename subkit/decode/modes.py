"""Fast and exact: how many beams a window is decoded with.

Beam search drops whole sentences more often than a single beam does, and gets more words right
where it does not (docs/decoding.md). So every window is decoded with one beam first, and its text
stays where the full beam gives clearly less of it. ``fast`` takes the full beam only for windows
whose single beam looks doubtful; ``exact`` takes it for all.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from subkit.decode.facts import available_cores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.decode.options import RecognitionOptions
    from subkit.decode.windows import WindowOptions
    from subkit.interfaces import ModelFacts

__all__ = [
    "EXACT",
    "FAST",
    "FULL",
    "choose_mode",
    "explain_mode",
    "fit_windows",
    "in_calls",
    "spread",
    "windows_together",
]

T = TypeVar("T")

EXACT = "exact"
FAST = "fast"

FULL = 3000
"""Frames of features in 30 s: all that the encoder takes."""

_MOST_REPLICAS = 8
"""Each needs memory for a batch of its own."""

_BATCHES_TOGETHER = 4
"""Batches in a call: among so many windows there are enough doubtful ones to fill batches."""


def choose_mode(model: ModelFacts, options: RecognitionOptions) -> str:
    """Return ``"exact"`` or ``"fast"``: as asked, else what the model's card allows."""
    if options.mode != "auto":
        return options.mode
    return FAST if model.decoding.languages else EXACT


def explain_mode(model: ModelFacts, options: RecognitionOptions) -> str:
    """Return one sentence on the mode that is used, and why."""
    if options.mode != "auto":
        return f"Model {model.name} decodes in {options.mode} mode, as asked."
    if model.decoding.languages:
        return f"Model {model.name} decodes in fast mode: its thresholds were measured."
    return (
        f"Model {model.name} decodes in exact mode: the thresholds of fast mode were not measured"
        " with it (use --mode fast to take those of similar models)."
    )


def fit_windows(asked: WindowOptions, model: ModelFacts) -> WindowOptions:
    """Return the options of windows as the model wants them, never longer than asked.

    Where no pause was asked for that ends a window, it is the model's own, else as long as may be:
    each window costs as much as one that is full.
    """
    longest = min(asked.max_seconds, model.window_seconds)
    if asked.min_silence_seconds is None:
        asked = replace(asked, min_silence_seconds=asked.max_seconds / 2)
    silence = min(asked.pause_seconds, model.pause_seconds or asked.pause_seconds)
    return replace(
        asked,
        max_seconds=longest,
        min_silence_seconds=min(silence, longest / 2),
        second_opinion=asked.second_opinion and model.decoding.second_opinion,
    )


def windows_together(options: RecognitionOptions) -> int:
    """Return how many windows a call should bring so that batches are full."""
    return _first_call(options) * _BATCHES_TOGETHER


def in_calls(windows: Iterable[T], options: RecognitionOptions) -> Iterator[list[T]]:
    """Part windows into calls of a recogniser: one batch first, then twice as many each time.

    While one call is decoded the next is made ready. So the first is small: nothing is decoded
    before it is there.

    Args:
        windows: The windows, or whatever stands for them.
        options: How to recognise.
    """
    together = windows_together(options)
    rest = iter(windows)
    count = _first_call(options)
    while call := list(itertools.islice(rest, count)):
        yield call
        count = min(2 * count, together)


def spread(options: RecognitionOptions, *, cuda: bool = False) -> RecognitionOptions:
    """Return the options with a number of replicas: as asked, else what the machine is best at.

    A second thread in a replica makes each window cost more time of the processor; a second replica
    does not.

    Args:
        options: How to recognise.
        cuda: Whether it runs on CUDA.
    """
    if options.replicas:
        return options
    if cuda:
        return replace(options, replicas=1)
    cores = options.threads or available_cores()
    return replace(options, replicas=min(cores, _MOST_REPLICAS), threads=1)


def _first_call(options: RecognitionOptions) -> int:
    """Return the windows that keep every replica busy with one batch."""
    return options.batch_size * spread(options).replicas * len(options.device_index)

"""Exact and fast: how much silence the encoder is made to hear after each window.

Whisper was trained on 30 s. ``exact`` pads every window to that, as faster-whisper does. ``fast``
gives the encoder the window's own length, which costs less but is not what the model was trained
for: some models loop or repeat then (whisper.cpp issue 1951). So what a window gives in fast mode
is checked, a doubtful one is decoded again padded, and ``auto`` takes fast mode only for a model
whose card says that it was measured and found no worse.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subkit.decode.options import RecognitionOptions
    from subkit.decode.windows import WindowOptions
    from subkit.interfaces import ModelFacts

__all__ = [
    "EXACT",
    "FAST",
    "FULL",
    "choose_mode",
    "context_frames",
    "fit_windows",
    "windows_together",
]

EXACT = "exact"
FAST = "fast"

FULL = 3000
"""Frames of features in 30 s: all that the encoder takes."""

_BUCKET = 300
"""Fast mode's lengths are multiples of 3 s, so that windows of like length share a batch."""

_BATCHES_AHEAD = 4
"""Batches whose windows fast mode should get together, to find enough of like length."""

_FAST_SECONDS = 15.0
"""Longest window in fast mode: above, nothing is saved (attention grows with the square)."""


def choose_mode(model: ModelFacts, options: RecognitionOptions) -> str:
    """``"exact"`` or ``"fast"``: as asked, or what the model's card allows for ``"auto"``."""
    if options.mode != "auto":
        return options.mode
    return FAST if model.fast_ok else EXACT


def context_frames(frames: int, mode: str) -> int:
    """Frames that features of ``frames`` are padded to; it depends on nothing but the window."""
    if mode == EXACT:
        return FULL
    return min(FULL, -(-max(1, frames) // _BUCKET) * _BUCKET)


def fit_windows(
    asked: WindowOptions, model: ModelFacts, options: RecognitionOptions
) -> WindowOptions:
    """The options of windows as the model and the mode want them: never longer than asked."""
    longest = min(asked.max_seconds, model.window_seconds)
    if choose_mode(model, options) == FAST:
        longest = min(longest, _FAST_SECONDS)
    silence = min(asked.min_silence_seconds, model.pause_seconds or asked.min_silence_seconds)
    return replace(asked, max_seconds=longest, min_silence_seconds=min(silence, longest / 2))


def windows_together(model: ModelFacts, options: RecognitionOptions) -> int:
    """Windows that a call should bring so that batches are full."""
    ahead = _BATCHES_AHEAD if choose_mode(model, options) == FAST else 1
    return options.batch_size * options.replicas * len(options.device_index) * ahead

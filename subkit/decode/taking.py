"""A window on its way through the decoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.decode.blocks import SAMPLE_RATE
from subkit.decode.modes import EXACT, FULL, context_frames
from subkit.decode.onset import activity
from subkit.decode.window_language import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.decode.beam_search import Decoded
    from subkit.decode.words import TimedWord
    from subkit.interfaces import Samples, SpeechWindow

__all__ = ["Take", "TakeFacts"]

_FRAME = 0.01
_HOP = 160
_LEAST_SAMPLES = 400
"""One analysis frame (25 ms): less cannot be decoded."""

_SILENT_PEAK = 1e-4
"""-80 dB: below there is nothing to hear."""

_LEAST_STEP = 50
"""Frames that each pass moves on at least, so that it ends."""

_LEAST_REST = 30
"""Frames of a rest that is worth another pass."""


@dataclass(frozen=True, slots=True)
class TakeFacts:
    """What the decoder said over all passes of a window."""

    score: float
    no_speech: float
    ratio: float
    temperature: float


class Take:
    """A window, how far it is decoded, and what was found; times in seconds from its start."""

    def __init__(
        self, window: SpeechWindow, extract: Callable[[Samples], Samples], mode: str = EXACT
    ) -> None:
        import numpy as np

        samples = np.ascontiguousarray(window.samples, dtype=np.float32)
        if not np.isfinite(samples).all():
            samples = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
        self.window = window
        self.seconds = samples.size / SAMPLE_RATE
        self.verdict: Verdict | None = None
        self.words: list[TimedWord] = []
        self.activity = activity(samples)
        self._passes: list[tuple[Decoded, bool]] = []
        self._at = 0
        self._mode = mode
        audible = samples.size >= _LEAST_SAMPLES and np.abs(samples).max() >= _SILENT_PEAK
        self._extract = extract
        self._samples = samples
        self._features: Samples | None = None
        self._length = samples.size // _HOP if audible else 0

    @property
    def language(self) -> str:
        """Whisper's code of the language it is decoded in; known after it was settled."""
        assert self.verdict is not None
        return self.verdict.language

    @property
    def done(self) -> bool:
        """Whether nothing is left to decode."""
        return self._at >= self._length

    @property
    def opens(self) -> bool:
        """Whether this pass is the beginning of the title."""
        return self.window.index == 0 and self._at == 0

    @property
    def frames(self) -> int:
        """Frames of this pass, without padding."""
        return min(FULL, self._length - self._at)

    @property
    def context(self) -> int:
        """Frames that this pass is padded to: 3000, or in fast mode what its length needs."""
        return context_frames(self.frames, self._mode)

    @property
    def decoded(self) -> tuple[Decoded, ...]:
        """What the passes gave so far, where it was not taken for silence."""
        return tuple(decoded for decoded, accepted in self._passes if accepted)

    def features(self) -> Samples:
        """Features of this pass, padded with 0 as faster-whisper does: ``(n_mels, context)``."""
        import numpy as np

        if self._features is None:
            self._features = self._extract(self._samples)
        features = self._features[:, self._at : self._at + self.frames]
        padded: Samples = np.pad(features, ((0, 0), (0, self.context - self.frames)))
        return padded

    def widen(self) -> None:
        """Decode this pass again, and those that follow, with the full context."""
        self._mode = EXACT

    def said(self, text_end: int) -> list[int]:
        """Text tokens of the passes so far; none after a doubtful one (temperature over 0.5)."""
        said: list[int] = []
        for decoded, accepted in self._passes:
            if decoded.temperature > 0.5:
                said = []
            elif accepted:
                said += [token for token in decoded.tokens if token < text_end]
        return said

    def add(self, words: Sequence[TimedWord]) -> None:
        """Words of this pass, seconds from the start of the pass."""
        from dataclasses import replace

        offset = self._at * _FRAME
        self.words += [
            replace(word, start=word.start + offset, end=word.end + offset) for word in words
        ]

    def note(self, decoded: Decoded, *, accepted: bool) -> None:
        """Keep what the decoder said of this pass."""
        self._passes.append((decoded, accepted))

    def move_on(self, resume: float | None) -> None:
        """Go to the next pass, ``resume`` seconds after the start of this one, or past it."""
        frames = self.frames
        if resume is not None and resume > 0:
            step = min(frames, max(_LEAST_STEP, round(resume / _FRAME)))
        else:
            step = frames
        self._at += step
        rest = self._length - self._at
        silent = not self.activity.any(self._at * _FRAME, self._length * _FRAME)
        if rest < _LEAST_REST or silent:
            self._at = self._length
            self._features = None

    def facts(self) -> TakeFacts:
        """Over the accepted passes, or over all where none was."""
        passes = [one for one, accepted in self._passes if accepted]
        passes = passes or [one for one, _ in self._passes]
        if not passes:
            return TakeFacts(score=0.0, no_speech=1.0, ratio=0.0, temperature=0.0)
        weights = [len(one.tokens) + 1 for one in passes]
        total = sum(one.score * weight for one, weight in zip(passes, weights, strict=True))
        return TakeFacts(
            score=total / sum(weights),
            no_speech=min(one.no_speech for one in passes),
            ratio=max(one.ratio for one in passes),
            temperature=max(one.temperature for one in passes),
        )

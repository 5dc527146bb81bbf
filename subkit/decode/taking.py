"""A window on its way through the decoder."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.decode.blocks import SAMPLE_RATE
from subkit.decode.features import SILENCE, pad_features, silence_level
from subkit.decode.modes import FULL
from subkit.decode.onset import activity
from subkit.decode.places import in_samples
from subkit.decode.window_lines import cut_window, find_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.decode.beam_search import Decoded
    from subkit.decode.features import LogMel
    from subkit.decode.window_language import Verdict
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

_LEAST_HALF = 300
"""Frames of half a window: of a shorter one there is too little to understand."""


@dataclass(frozen=True, slots=True)
class TakeFacts:
    """What the decoder reported over all passes of a window."""

    score: float
    no_speech: float
    ratio: float
    temperature: float


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Frames to decode; ``divided`` if they are half of what failed, ``hole`` if words lack."""

    begin: int
    end: int
    divided: bool = False
    hole: bool = False


class Take:
    """A window, how far it is decoded, and what was found; times in seconds from its start.

    A window is one stretch of frames, gone over in one pass or, where the decoder says times and
    stops early, in several. A stretch that fails is divided in two; stretches in which words are
    missing are added when the window has been gone over.
    """

    def __init__(self, window: SpeechWindow, extract: LogMel, padding: str = SILENCE) -> None:
        import numpy as np

        samples = np.ascontiguousarray(window.samples, dtype=np.float32)
        if not np.isfinite(samples).all():
            samples = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
        self.window = window
        self.seconds = samples.size / SAMPLE_RATE
        self.verdict: Verdict | None = None
        self.words: list[TimedWord] = []
        self.rejected: Sequence[TimedWord] = ()
        self.activity = activity(samples)
        self.voice = in_samples(window.voice, window)
        self._passes: list[tuple[Decoded, bool]] = []
        audible = samples.size >= _LEAST_SAMPLES and np.abs(samples).max() >= _SILENT_PEAK
        self._extract = extract
        self._padding = padding
        self._samples = samples
        self._features: Samples | None = None
        self._length = samples.size // _HOP if audible else 0
        self._stretches = deque([_Stretch(0, self._length)] if self._length else [])
        self._at = 0
        self._examined = False
        self._lines: list[Take] = []
        self._leaves: tuple[Take, ...] = ()

    @property
    def language(self) -> str:
        """Whisper's code of the language it is decoded in; known after it was settled."""
        assert self.verdict is not None
        return self.verdict.language

    @property
    def done(self) -> bool:
        """Whether nothing is left to decode."""
        return not self._stretches

    @property
    def opens(self) -> bool:
        """Whether this pass is the beginning of the title."""
        return self.window.index == 0 and self._at == 0

    @property
    def frames(self) -> int:
        """Frames of this pass, without padding."""
        return min(FULL, self._stretches[0].end - self._at)

    @property
    def fills_hole(self) -> bool:
        """Whether this pass looks for words that are missing."""
        return self._stretches[0].hole

    @property
    def decoded(self) -> tuple[Decoded, ...]:
        """What the passes gave so far, where it was not taken for silence."""
        return tuple(decoded for decoded, accepted in self._passes if accepted)

    @property
    def lines(self) -> list[Take]:
        """A take for each line of the window; the take itself where there is but one."""
        spans = find_lines(self.voice, self.seconds)
        if len(spans) == 1:
            return [self]
        if not self._lines:
            self._lines = [self._of(*span) for span in spans]
        return self._lines

    @property
    def leaves(self) -> tuple[Take, ...]:
        """What is decoded: the take, or one for each run of lines in one language."""
        assert self.verdict is not None
        if not self._leaves and self.verdict.lines:
            begin = 0.0
            spoken = zip(self.verdict.lines, self.lines, strict=True)
            for language, run in itertools.groupby(spoken, lambda line: line[0]):
                mine = [line for _, line in run]
                end = begin + sum(line.seconds for line in mine)
                # What was heard of a single line is held: it need not be encoded again.
                leaf = mine[0] if len(mine) == 1 else self._of(begin, end)
                leaf.verdict = replace(self.verdict, language=language, lines=())
                self._leaves += (leaf,)
                begin = end
            self._lines = []
        return self._leaves or (self,)

    def _of(self, begin: float, end: float) -> Take:
        return Take(cut_window(self.window, begin, end), self._extract, self._padding)

    def features(self) -> Samples:
        """Return the features of this pass, padded to 30 s: shape ``(n_mels, 3000)``."""
        silent = self._padding == SILENCE
        if self._features is None:
            extract = self._extract.with_silence if silent else self._extract
            self._features = extract(self._samples)
        end = self._at + self.frames
        # The frames in which the sound fades belong to the last pass.
        heard = self._features[:, self._at : None if end == self._length else end]
        return pad_features(heard, FULL, silence_level(self._features) if silent else 0.0)

    @property
    def is_divisible(self) -> bool:
        """Whether this pass has a silence to be divided at; a half is not divided again."""
        stretch = self._stretches[0]
        return not (stretch.divided or stretch.hole) and self._middle() is not None

    def divide(self) -> None:
        """Decode what is left of this stretch in two halves, parted at its longest silence."""
        stretch, cut = self._stretches[0], self._middle()
        assert cut is not None
        self._stretches[0] = replace(stretch, begin=self._at, end=cut, divided=True)
        self._stretches.insert(1, replace(stretch, begin=cut, divided=True))

    def _middle(self) -> int | None:
        first, last = self._at + _LEAST_HALF, self._stretches[0].end - _LEAST_HALF
        return self.activity.longest_silence(first, last)

    def examine(self, find: Callable[[Take], list[tuple[float, float]]]) -> int:
        """Add the stretches in which words are missing; once, when all has been gone over.

        Args:
            find: Gives them in seconds from the start of the window.

        Returns:
            How many there are.
        """
        if self._examined or self._stretches:
            return 0
        self._examined = True
        holes = [
            _Stretch(max(0, round(a / _FRAME)), min(self._length, round(b / _FRAME)), hole=True)
            for a, b in find(self)
        ]
        self._stretches += [hole for hole in holes if hole.end - hole.begin >= _LEAST_REST]
        if self._stretches:
            self._at = self._stretches[0].begin
        return len(self._stretches)

    def said(self, text_end: int) -> list[int]:
        """Return the text tokens of the passes so far; none after a temperature over 0.5."""
        said: list[int] = []
        for decoded, accepted in self._passes:
            if decoded.temperature > 0.5:
                said = []
            elif accepted:
                said += [token for token in decoded.tokens if token < text_end]
        return said

    def add(self, words: Sequence[TimedWord]) -> None:
        """Add words of this pass, seconds from its start.

        Those that fill a hole take the place of the word that was stretched over it.
        """
        offset = self._at * _FRAME
        found = [replace(word, start=word.start + offset, end=word.end + offset) for word in words]
        if not self.fills_hole:
            self.words += found
        elif found:
            begin, end = self._at * _FRAME, (self._at + self.frames) * _FRAME
            kept = [w for w in self.words if not begin <= (w.start + w.end) / 2 <= end]
            self.words = sorted([*kept, *found], key=lambda word: word.start)

    def note(self, decoded: Decoded, *, accepted: bool) -> None:
        """Record what the decoder reported for this pass."""
        self._passes.append((decoded, accepted))

    def move_on(self, resume: float | None) -> None:
        """Go to the next pass, ``resume`` seconds after the start of this one, or past it."""
        stretch, frames = self._stretches[0], self.frames
        if resume is not None and resume > 0:
            step = min(frames, max(_LEAST_STEP, round(resume / _FRAME)))
        else:
            step = frames
        self._at += step
        silent = not self.activity.any(self._at * _FRAME, stretch.end * _FRAME)
        if stretch.end - self._at < _LEAST_REST or silent:
            self._stretches.popleft()
            if self._stretches:
                self._at = self._stretches[0].begin

    def release(self) -> None:
        """Forget the features: nothing more will be decoded."""
        self._features = None

    def facts(self) -> TakeFacts:
        """Return the numbers over the accepted passes, or over all where none was."""
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

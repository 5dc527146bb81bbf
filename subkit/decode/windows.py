"""Audio -> windows of speech, as it streams.

Probabilities of speech come from a voice detector, :mod:`subkit.decode.planning` decides where
windows begin and end, and this module cuts the audio there.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.decode.blocks import CHUNK, SAMPLE_RATE, AudioBuffer, regroup
from subkit.decode.levels import level_quiet
from subkit.decode.planning import PlanLimits, WindowPlanner
from subkit.decode.skipped import SkippedParts
from subkit.decode.voiced import VoicedSpans
from subkit.errors import PlanError
from subkit.interfaces import SpeechWindow
from subkit.model import Span, Unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from subkit.decode.planning import Part
    from subkit.interfaces import Samples, VoiceDetector

__all__ = ["WindowOptions", "speech_windows"]

_PAUSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOptions:
    """How audio is cut into windows.

    Attributes:
        max_seconds: No window is longer.
        threshold: Speech begins where its probability reaches this.
        neg_threshold: A pause begins where the probability falls below this; ``None`` is
            ``threshold - 0.15``, never under 0.01 (as in Silero's own code).
        min_silence_seconds: A pause of at least this is dropped and ends the window; of shorter
            ones no more stays inside it than the margins of both sides. ``None`` is for
            :func:`~subkit.decode.fit_windows` to say, and 2 s without it.
        min_speech_seconds: Shorter bursts are taken for noise and dropped.
        pad_seconds: Margin kept before and after speech.
        vad: ``False`` decodes everything: windows are cut at the quietest place near the limit.
        second_opinion: Whether what voice detection leaves out is recognised too; of that only
            words that are sure count.
        second_opinion_threshold: Probability of speech that such a stretch must reach somewhere;
            0 hears all that is not silence, for one more window in 30 s of what is left out.

    Raises:
        PlanError: a number is out of range.
    """

    max_seconds: float = 30.0
    threshold: float = 0.25
    neg_threshold: float | None = None
    min_silence_seconds: float | None = None
    min_speech_seconds: float = 0.1
    pad_seconds: float = 0.4
    vad: bool = True
    second_opinion: bool = True
    second_opinion_threshold: float = 0.15

    def __post_init__(self) -> None:
        for name, low, high in (
            ("max_seconds", 1.0, 30.0),
            ("threshold", 0.01, 1.0),
            ("neg_threshold", 0.0, self.threshold),
            ("min_silence_seconds", 0.1, self.max_seconds / 2),
            ("min_speech_seconds", 0.0, self.max_seconds),
            ("pad_seconds", 0.0, self.max_seconds / 4),
            ("second_opinion_threshold", 0.0, 1.0),
        ):
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise PlanError(
                    f"Window option {name} must be from {low:g} to {high:g}, not {value:g}.",
                    option=name,
                    value=value,
                )

    @property
    def pause_seconds(self) -> float:
        """The pause that ends a window."""
        if self.min_silence_seconds is not None:
            return self.min_silence_seconds
        return min(_PAUSE_SECONDS, self.max_seconds / 2)

    def limits(self) -> PlanLimits:
        """The same in chunks and samples."""
        low = self.neg_threshold
        return PlanLimits(
            longest=int(self.max_seconds * SAMPLE_RATE),
            threshold=self.threshold,
            neg_threshold=max(self.threshold - 0.15, 0.01) if low is None else low,
            silence=int(self.pause_seconds * SAMPLE_RATE),
            burst=int(self.min_speech_seconds * SAMPLE_RATE),
            pad=int(self.pad_seconds * SAMPLE_RATE),
        )


def speech_windows(
    blocks: Iterable[Samples],
    detector: VoiceDetector | None,
    options: WindowOptions,
    *,
    voiced: Callable[[Span], object] | None = None,
    unheard: Callable[[Unheard], object] | None = None,
) -> Iterator[SpeechWindow]:
    """Yield the windows of speech in a stream of audio, in order, never overlapping.

    Between them come windows of what voice detection skipped, marked so and gathered from several
    stretches. Quiet sound is made louder first. Memory is bounded by the longest window, the
    longest pause kept and two minutes of what is skipped, whatever the stream's length. The windows
    do not depend on how the stream is cut into blocks.

    Args:
        blocks: 16 kHz mono float32 from the start of the media, any block lengths.
        detector: Tells speech from the rest; not used with ``options.vad`` off.
        options: How to cut.
        voiced: Called with each stretch in which a voice was detected, in order, as soon as it has
            ended; never with ``options.vad`` off.
        unheard: Called with each stretch that no window holds, in order; likewise.

    Raises:
        PlanError: voice detection is on but there is no detector.
        EngineError: the detector failed.
    """
    if options.vad and detector is None:
        raise PlanError(
            "Voice detection is on but no detector was given.", remedy="Give one, or vad=False."
        )
    counted = _Counted(level_quiet(blocks))
    heard = (
        detector.probabilities(counted)
        if options.vad and detector is not None
        else _all_speech(counted)
    )
    cutter = _Cutter(options, voiced, unheard)
    for audio, probability in heard:
        yield from cutter.push(audio, probability, counted)
    yield from cutter.finish(counted)


class _Cutter:
    """Cuts windows out of the stream where the planner says, and out of what it leaves over."""

    def __init__(
        self,
        options: WindowOptions,
        voiced: Callable[[Span], object] | None,
        unheard: Callable[[Unheard], object] | None,
    ) -> None:
        limits = options.limits()
        self._buffer = AudioBuffer()
        self._planner = WindowPlanner(limits)
        self._spans = VoicedSpans(limits)
        least = options.second_opinion_threshold if options.second_opinion else 2.0
        self._skipped = SkippedParts(limits.longest, least, unheard)
        self._listens = options.vad
        self._voiced = voiced if options.vad else None
        self._voice: list[Span] = []
        self._chunks: deque[tuple[float, float]] = deque()
        self._first = 0
        self._covered = 0
        self._index = 0

    def push(
        self, audio: Samples, probability: Samples, counted: _Counted
    ) -> Iterator[SpeechWindow]:
        self._buffer.append(audio)
        for chunk in zip(probability.tolist(), _levels(audio), strict=True):
            self._chunks.append(chunk)
            self._hear(self._spans.push(chunk[0]))
            for parts in self._planner.push(*chunk):
                yield from self._cut(parts, counted.samples)
        yield from self._skip_to(self._planner.needed_from, counted.samples)
        needed = self._skipped.needed_from
        limit = self._planner.needed_from
        self._buffer.forget(limit if needed is None else min(needed, limit))

    def finish(self, counted: _Counted) -> Iterator[SpeechWindow]:
        total = counted.samples
        self._hear(self._spans.finish(total))
        for parts in self._planner.finish(total):
            yield from self._cut(parts, total)
        yield from self._skip_to(total, total)
        for parts in self._skipped.finish():
            yield self._window(parts, total, skipped=True)

    def _hear(self, span: Span | None) -> None:
        if span is not None:
            self._voice.append(span)
            if self._voiced is not None:
                self._voiced(span)

    def _cut(self, parts: tuple[Part, ...], total: int) -> Iterator[SpeechWindow]:
        for start, end in parts:
            yield from self._skip_to(start, total)
            self._covered = end
        yield self._window(parts, total)

    def _skip_to(self, end: int, total: int) -> Iterator[SpeechWindow]:
        """Pass on what no window holds up to a sample."""
        while self._covered < end:
            number = self._covered // CHUNK
            for _ in range(min(number - self._first, len(self._chunks))):
                self._chunks.popleft()
                self._first += 1
            stop = min(end, (number + 1) * CHUNK)
            if self._listens and self._first == number and self._chunks:
                probability, level = self._chunks[0]
                for parts in self._skipped.push(self._covered, stop, probability, level):
                    yield self._window(parts, total, skipped=True)
            self._covered = stop

    def _window(
        self, parts: tuple[Part, ...], total: int, *, skipped: bool = False
    ) -> SpeechWindow:
        window = _window(self._index, self._buffer, parts, total)
        self._index += 1
        if skipped:
            return replace(window, skipped=True)
        open_span = self._spans.open_until(parts[-1][1])
        spans = [*self._voice, *([open_span] if open_span is not None else [])]
        mine = tuple(span for span in spans if span.overlaps(window.span))
        self._voice = [span for span in self._voice if span.end > window.span.end]
        return replace(window, voice=mine)


class _Counted:
    """Passes blocks on and counts their samples: the detector's own blocks are padded."""

    def __init__(self, blocks: Iterable[Samples]) -> None:
        self._blocks = blocks
        self.samples = 0

    def __iter__(self) -> Iterator[Samples]:
        for block in self._blocks:
            self.samples += block.size
            yield block


def _all_speech(blocks: Iterable[Samples]) -> Iterator[tuple[Samples, Samples]]:
    """What a detector would give that takes everything for speech."""
    import numpy as np

    for block in regroup(blocks, CHUNK * 64):
        audio = np.pad(block, (0, -block.size % CHUNK))
        yield audio, np.ones(audio.size // CHUNK, np.float32)


def _levels(audio: Samples) -> list[float]:
    """Mean square of each chunk."""
    import numpy as np

    chunks = audio.reshape(-1, CHUNK).astype(np.float64)
    levels: list[float] = np.mean(chunks * chunks, axis=1).tolist()
    return levels


def _window(index: int, buffer: AudioBuffer, parts: tuple[Part, ...], total: int) -> SpeechWindow:
    import numpy as np

    # The last chunk of a stream of ``total`` samples is padded.
    samples = np.concatenate([buffer.read(start, min(end, total)) for start, end in parts])
    data = np.ascontiguousarray(samples, "<f4")
    spans = tuple(
        Span(Fraction(start, SAMPLE_RATE), Fraction(min(end, total), SAMPLE_RATE))
        for start, end in parts
    )
    return SpeechWindow(
        index=index,
        span=Span(spans[0].start, spans[-1].end),
        samples=samples,
        digest="sha256:" + hashlib.sha256(data.view(np.uint8).data).hexdigest(),
        parts=spans if len(spans) > 1 else (),
    )

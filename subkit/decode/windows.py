"""Audio -> windows of speech, as it streams.

Probabilities of speech come from a voice detector, :mod:`subkit.decode.planning` decides where
windows begin and end, and this module cuts the audio there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.decode.blocks import CHUNK, SAMPLE_RATE, AudioBuffer, regroup
from subkit.decode.planning import PlanLimits, WindowPlanner
from subkit.decode.voiced import VoicedSpans
from subkit.errors import PlanError
from subkit.interfaces import SpeechWindow
from subkit.model import Span

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

    Raises:
        PlanError: a number is out of range.
    """

    max_seconds: float = 30.0
    threshold: float = 0.5
    neg_threshold: float | None = None
    min_silence_seconds: float | None = None
    min_speech_seconds: float = 0.1
    pad_seconds: float = 0.4
    vad: bool = True

    def __post_init__(self) -> None:
        for name, low, high in (
            ("max_seconds", 1.0, 30.0),
            ("threshold", 0.01, 1.0),
            ("neg_threshold", 0.0, self.threshold),
            ("min_silence_seconds", 0.1, self.max_seconds / 2),
            ("min_speech_seconds", 0.0, self.max_seconds),
            ("pad_seconds", 0.0, self.max_seconds / 4),
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
) -> Iterator[SpeechWindow]:
    """The windows of speech in a stream of audio, in order, never overlapping.

    Memory is bounded by the longest window and the longest pause kept, whatever the stream's
    length. The windows do not depend on how the stream is cut into blocks.

    Args:
        blocks: 16 kHz mono float32 from the start of the media, any block lengths.
        detector: Tells speech from the rest; not used with ``options.vad`` off.
        options: How to cut.
        voiced: Called with each stretch in which a voice was detected, in order, as soon as it has
            ended; never with ``options.vad`` off.

    Raises:
        PlanError: voice detection is on but there is no detector.
        EngineError: the detector failed.
    """
    if options.vad and detector is None:
        raise PlanError(
            "Voice detection is on but no detector was given.", remedy="Give one, or vad=False."
        )
    counted = _Counted(blocks)
    heard = (
        detector.probabilities(counted)
        if options.vad and detector is not None
        else _all_speech(counted)
    )
    buffer = AudioBuffer()
    planner = WindowPlanner(options.limits())
    spans = VoicedSpans(options.limits())

    def tell(span: Span | None) -> None:
        if span is not None and voiced is not None and options.vad:
            voiced(span)

    index = 0
    for audio, probability in heard:
        buffer.append(audio)
        for one, level in zip(probability.tolist(), _levels(audio), strict=True):
            tell(spans.push(one))
            for parts in planner.push(one, level):
                yield _window(index, buffer, parts, counted.samples)
                index += 1
        buffer.forget(planner.needed_from)
    tell(spans.finish(counted.samples))
    for parts in planner.finish(counted.samples):
        yield _window(index, buffer, parts, counted.samples)
        index += 1


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

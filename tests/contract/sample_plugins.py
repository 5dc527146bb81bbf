"""One small plug-in of each kind, as another package would bring it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from subkit.errors import TimecodeError
from subkit.interfaces import Hypothesis, ModelFacts, WindowResult
from subkit.model import (
    Cue,
    Finding,
    Quantity,
    Severity,
    Span,
    SpeakerTurn,
    Track,
    Window,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from subkit.interfaces import Recording, Samples, SpeechWindow, SpokenText, Subject
    from subkit.model import Media


class LoudRecognizer:
    """Hears one word a window, and says so in the window's language alone."""

    version = "1"

    def __init__(self, *_: object) -> None:
        self.asked = 0
        self.closed = 0

    @property
    def model(self) -> ModelFacts:
        return ModelFacts(name="loud")

    def recognize(
        self,
        windows: Sequence[SpeechWindow],
        *,
        prior: str | None = None,
        finished: Callable[[int, WindowResult], None] | None = None,
    ) -> list[WindowResult]:
        self.asked += len(windows)
        return [
            WindowResult(
                window=Window(
                    span=window.span,
                    language="en",
                    language_confidence=1.0,
                    score=-0.1,
                    no_speech=0.0,
                    compression_ratio=1.0,
                ),
                words=(Word(text="Loud.", span=window.span, confidence=0.9),),
            )
            for window in windows
        ]

    def close(self) -> None:
        self.closed += 1


class ShoutingTranslator:
    """Says everything again, louder, in whatever language."""

    version = "1"

    def __init__(self, *_: object) -> None:
        self.asked = 0

    @property
    def model(self) -> ModelFacts:
        return ModelFacts(name="shout")

    def check(self, source: str, target: str) -> None:
        pass

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        self.asked += len(texts)
        return [[Hypothesis(text=text.upper(), score=-0.1)] for text in texts]


class TakingTurns:
    """Gives every other stretch of voice to Ann, and those between to Bob."""

    version = "1"
    method = "taking-turns"

    def turns(self, recording: Recording, *, count: int | None = None) -> list[SpeakerTurn]:
        names = ["Ann", "Bob"][: count or 2]
        return [
            SpeakerTurn(
                span=span, speaker=names[n % len(names)], method=self.method, confidence=0.5
            )
            for n, span in enumerate(recording.voice)
        ]


class EvenAligner:
    """Gives each word of a text an equal share of its window."""

    version = "1"

    def __init__(self, *_: object) -> None:
        self.asked = 0

    @property
    def model(self) -> ModelFacts:
        return ModelFacts(name="even")

    def align(self, asked: Sequence[SpokenText]) -> list[tuple[Word, ...]]:
        self.asked += len(asked)
        return [self._shared(one) for one in asked]

    def _shared(self, one: SpokenText) -> tuple[Word, ...]:
        start, step = one.window.span.start, one.window.span.duration / max(1, len(one.words))
        return tuple(
            Word(
                text=text,
                span=Span(start + n * step, start + (n + 1) * step),
                confidence=0.9,
                language=one.language,
            )
            for n, text in enumerate(one.words)
        )

    def close(self) -> None:
        pass


class LoudnessVoice:
    """Takes what is loud for speech."""

    version = "1"

    def probabilities(self, blocks: Iterable[Samples]) -> Iterator[tuple[Samples, Samples]]:
        rest = np.zeros(0, np.float32)
        for block in blocks:
            rest = np.concatenate([rest, block])
            whole = len(rest) // 512 * 512
            if whole:
                yield rest[:whole], self._loud(rest[:whole])
                rest = rest[whole:]
        if len(rest):
            padded = np.concatenate([rest, np.zeros(512 - len(rest), np.float32)])
            yield padded, self._loud(padded)

    @staticmethod
    def _loud(audio: Samples) -> Samples:
        power = np.sqrt(np.mean(audio.reshape(-1, 512) ** 2, axis=1))
        loud: Samples = np.clip(power * 50, 0, 1).astype(np.float32)
        return loud


class PoliteRefiner:
    """Adds a please to every line."""

    version = "1"
    name = "polite"
    lines = 0

    def __init__(self, *_: object) -> None:
        pass

    def refine(
        self,
        source: str,
        draft: str,
        language: str,
        target: str,
        *,
        before: Sequence[str] = (),
        wishes: Sequence[str] = (),
    ) -> str | None:
        return None if not draft.strip() else draft


class NoExclamation:
    """Finds exclamation marks."""

    version = "1"
    name = "no-exclamation"

    def check(self, subject: Subject) -> Iterator[Finding]:
        for cue in subject.track.cues:
            if count := cue.text.count("!"):
                yield Finding(
                    rule=self.name,
                    severity=Severity.WARNING,
                    cue=cue.id,
                    span=cue.span,
                    measured=Quantity.of(count, "marks"),
                    limit=Quantity.of(0, "marks"),
                    message=f"Cue {cue.id} shouts.",
                )


class PlainReader:
    """Reads a file of ``start end text`` lines, seconds first."""

    extension = "plain"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        cues = []
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            start, end, text = (*line.split(" ", 2), "", "", "")[:3]
            try:
                span = Span(start, end)  # type: ignore[arg-type]
            except TimecodeError:
                continue
            cues.append(Cue(id=f"c{number}", span=span, lines=(text,)))
        return Track(id=language, language=language, cues=tuple(cues)), []


class PlainWriter:
    """Writes the same."""

    extension = "plain"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        rows = (f"{cue.span.start} {cue.span.end} {' '.join(cue.lines)}" for cue in track.cues)
        return "".join(f"{row}\n" for row in rows).encode()

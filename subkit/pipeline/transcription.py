"""Stage: audio of a media file -> transcript."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.decode import ahead, fit_windows, speech_windows, windows_together
from subkit.errors import MediaError
from subkit.interfaces import SpeechWindow, WindowResult
from subkit.media import audio_blocks
from subkit.model import Media, Transcript, Word
from subkit.pipeline.cache import recall, remember, shaping, stage_key, through_cache
from subkit.pipeline.provenance import recognition_provenance
from subkit.plugins import load_plugin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import ModelFacts, Progress, Recognizer
    from subkit.model import Span
    from subkit.pipeline.options import RunOptions
    from subkit.store import ProjectFile

__all__ = ["transcribe"]

VERSION = 2
WINDOW_VERSION = 1
STAGE = "transcribe"
UNSURE = "language-unsure"
"""A window's warning: neighbours decided its language, so it decides nothing itself."""


def transcribe(
    store: ProjectFile, media: Media, options: RunOptions, model: ModelFacts, progress: Progress
) -> Transcript:
    """What is said in ``media``, as words with times.

    Raises:
        MediaError: the audio cannot be read, or holds no speech.
        EngineError: the recogniser failed.
    """
    shape = (model.digest, shaping(options.recognition), shaping(options.window))
    key = stage_key(STAGE, VERSION, media.digest, shaping(options.audio), *shape)
    return through_cache(
        store,
        key,
        Transcript,
        lambda: _Transcription(store, media, options, model, progress).transcript(key),
    )


class _Transcription:
    """One pass over the audio; the recogniser is loaded only when a window is not yet known."""

    def __init__(
        self,
        store: ProjectFile,
        media: Media,
        options: RunOptions,
        model: ModelFacts,
        progress: Progress,
    ) -> None:
        self._store = store
        self._media = media
        self._options = options
        self._model = model
        self._progress = progress
        self._recognizer: Recognizer | None = None
        self._voice: list[Span] = []

    def transcript(self, key: str) -> Transcript:
        self._progress.begin(STAGE, float(self._media.duration), "s")
        results: list[WindowResult] = []
        prior: str | None = None
        for batch in ahead(self._batches(), depth=1):
            found = self._recognize(batch, prior)
            sure = (r.window for r in reversed(found) if UNSURE not in r.window.warnings)
            prior = next((window.language for window in sure), prior)
            results += found
            self._progress.advance(STAGE, float(batch[-1].span.end))
        self._progress.end(STAGE)
        words = tuple(word for result in results for word in result.words)
        if not words:
            raise MediaError(
                f"No speech was found in {self._media.path!r}.",
                remedy="If there is some, name its stream with --audio-stream, or its language.",
            )
        return Transcript(
            language=_main_language(words),
            words=words,
            windows=tuple(result.window for result in results),
            voice=tuple(self._voice),
            provenance=recognition_provenance(self._model, key),
        )

    def _batches(self) -> Iterator[list[SpeechWindow]]:
        options = self._options
        window = fit_windows(options.window, self._model, options.recognition)
        together = windows_together(self._model, options.recognition)
        detector = load_plugin("voice", "silero")()
        blocks = audio_blocks(self._media, options.audio, warn=self._progress.warn)
        batch: list[SpeechWindow] = []
        for found in speech_windows(blocks, detector, window, voiced=self._voice.append):
            batch.append(found)
            if len(batch) >= together:
                yield batch
                batch = []
        if batch:
            yield batch

    def _recognize(self, windows: list[SpeechWindow], prior: str | None) -> list[WindowResult]:
        keys = [self._window_key(window) for window in windows]
        known = [recall(self._store, key, WindowResult) for key in keys]
        missing = [i for i, result in enumerate(known) if result is None]
        if missing:
            if self._recognizer is None:
                make = load_plugin("recognizers", self._options.recognizer_plugin)
                self._recognizer = make(self._model, self._options.recognition)
            assert self._recognizer is not None
            fresh = self._recognizer.recognize([windows[i] for i in missing], prior=prior)
            for i, result in zip(missing, fresh, strict=True):
                remember(self._store, keys[i], result)
                known[i] = result
        return [result for result in known if result is not None]

    def _window_key(self, window: SpeechWindow) -> str:
        shape = shaping(self._options.recognition)
        parts = (self._model.digest, shape, window.digest, window.span)
        return stage_key("window", WINDOW_VERSION, *parts)


def _main_language(words: tuple[Word, ...]) -> str:
    """The language spoken longest."""
    spoken: Counter[str] = Counter()
    for word in words:
        spoken[word.language or "und"] += _milliseconds(word.span)
    return max(spoken, key=lambda language: (spoken[language], language))


def _milliseconds(span: Span) -> int:
    return round(span.duration * Fraction(1000))

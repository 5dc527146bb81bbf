"""Stage: audio of a media file -> transcript."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.compliance.provenance import recognition_provenance
from subkit.decode import (
    ahead,
    choose_mode,
    explain_mode,
    fit_windows,
    in_calls,
    speech_windows,
)
from subkit.errors import NoSpeechError
from subkit.interfaces import SpeechWindow, WindowResult, details
from subkit.language import join_words
from subkit.media import audio_blocks, explain_stream
from subkit.model import Media, SoundFault, Span, Transcript, Unheard, Word
from subkit.pipeline.loaded_engines import LoadedRecognizer
from subkit.pipeline.plugin_choice import voice_name
from subkit.pipeline.stage import Stage
from subkit.pipeline.stage_cache import recall, remember, shaping, stage_key
from subkit.plugins import load_plugin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.interfaces import ModelFacts, Progress
    from subkit.model import Project
    from subkit.pipeline.run_options import RunOptions
    from subkit.pipeline.stage import Environment
    from subkit.store import ProjectFile

__all__ = ["TRANSCRIBE", "transcribe"]

VERSION = 3
WINDOW_VERSION = 3
STAGE = "transcribe"
TRANSLATED_WARNING = (
    "The recogniser writes English itself, in words that nobody said: their times are rough, so "
    "check in-times and out-times by ear."
)
SECOND_OPINION = "second-opinion"
"""A window's warning: voice detection had left it out."""

_UNTRUSTED = frozenset({"language-unsure", SECOND_OPINION})
"""Warnings of a window whose language others decided, so that it decides nothing itself."""


def transcribe(
    store: ProjectFile,
    media: Media,
    options: RunOptions,
    model: ModelFacts,
    progress: Progress,
    *,
    loaded: LoadedRecognizer,
) -> Transcript:
    """Recognise the speech in ``media`` as words with times.

    Args:
        store: Keeps each window as soon as it is decoded.
        media: As it was found.
        options: Of the run.
        model: Of the recogniser.
        progress: Hears how it goes.
        loaded: Gives the recogniser when the first window is not known yet.

    Raises:
        MediaError: the audio cannot be read, or holds no speech.
        EngineError: the recogniser failed.
    """
    # The mode that is used, not how it came about, is what shapes results.
    mode = choose_mode(model, options.recognition)
    if not model.plugin:
        details(progress).note(explain_mode(model, options.recognition))
    if heard := explain_stream(media, options.audio):
        progress.warn(heard)
    if options.recognition.task == "translate":
        progress.warn(TRANSLATED_WARNING)
    options = replace(options, recognition=replace(options.recognition, mode=mode))
    shape = (
        model.digest,
        model.decoding,
        shaping(options.recognition),
        shaping(options.window),
        *voice_name(options),
    )
    key = stage_key(STAGE, VERSION, media.digest, shaping(options.audio), *shape)
    known = recall(store, key, Transcript)
    if known is not None:
        progress.begin(STAGE, float(media.duration), "s")
        details(progress).keep(STAGE, float(media.duration))
        progress.end(STAGE)
        return known
    work = _Transcription(store, media, options, model, progress, loaded=loaded)
    made = work.transcript(key)
    remember(store, key, made)
    return made


class _Reached:
    """How far the film is transcribed, window by window.

    Windows hold the voice, and the film is longer: each stands for its share of the stretch from
    the end of the call before to the end of its own.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._details = details(progress)
        self._end = self._done = 0.0

    def call(self, windows: Sequence[SpeechWindow]) -> None:
        """Take the windows of the next call."""
        begin, self._end = self._end, max(self._end, *(float(w.span.end) for w in windows))
        voice = sum(float(window.span.duration) for window in windows)
        self._share = (self._end - begin) / voice if voice else 0.0

    def finish(self, window: SpeechWindow, result: WindowResult, *, kept: bool = False) -> None:
        """Tell that a window is done, and what is said in it."""
        amount = float(window.span.duration) * self._share
        self._done += amount
        if kept:
            self._details.keep(STAGE, amount)
        elif result.words:
            text = join_words([word.text for word in result.words], result.window.language)
            self._details.tell(STAGE, result.words[0].span, text)
        self._progress.advance(STAGE, min(self._done, self._end))


class _Transcription:
    """One pass over the audio; the recogniser is asked for only when a window is not yet known."""

    def __init__(
        self,
        store: ProjectFile,
        media: Media,
        options: RunOptions,
        model: ModelFacts,
        progress: Progress,
        *,
        loaded: LoadedRecognizer,
    ) -> None:
        self._store = store
        self._media = media
        self._options = options
        self._model = model
        self._progress = progress
        self._loaded = loaded
        self._voice: list[Span] = []
        self._unheard: list[Unheard] = []
        self._faults: list[SoundFault] = []

    def transcript(self, key: str) -> Transcript:
        self._progress.begin(STAGE, float(self._media.duration), "s")
        self._reached = _Reached(self._progress)
        results: list[WindowResult] = []
        prior: str | None = None
        for batch in ahead(self._batches(), depth=1):
            found = self._recognize(batch, prior)
            sure = (
                r.window for r in reversed(found) if not _UNTRUSTED.intersection(r.window.warnings)
            )
            prior = next((window.language for window in sure), prior)
            results += found
            for window, result in zip(batch, found, strict=True):
                self._unheard += _heard_in_vain(window, result)
        self._progress.end(STAGE)
        words = _in_order(results)
        if not words:
            raise NoSpeechError(
                f"No speech was found in {self._media.path!r}.",
                remedy="If there is some, name its stream with --audio-stream, or its language.",
            )
        return Transcript(
            language=_main_language(results),
            words=words,
            windows=tuple(result.window for result in results if _is_kept(result)),
            voice=tuple(self._voice),
            unheard=_sorted(self._unheard),
            faults=tuple(self._faults),
            provenance=recognition_provenance(
                self._model,
                key,
                self._options.recognition.mode,
                self._options.recognition.task,
            ),
        )

    def _batches(self) -> Iterator[list[SpeechWindow]]:
        options = self._options
        window = fit_windows(options.window, self._model)
        voice = options.voice_plugin
        detector = load_plugin("voice", voice)() if isinstance(voice, str) else voice
        blocks = audio_blocks(
            self._media, options.audio, warn=self._progress.warn, faulty=self._faults.append
        )
        windows = speech_windows(
            blocks,
            detector,
            window,
            voiced=self._voice.append,
            unheard=self._unheard.append,
        )
        return in_calls(windows, options.recognition)

    def _recognize(self, windows: list[SpeechWindow], prior: str | None) -> list[WindowResult]:
        keys = [self._window_key(window) for window in windows]
        known = [recall(self._store, key, WindowResult) for key in keys]
        missing = [i for i, result in enumerate(known) if result is None]
        self._reached.call(windows)
        for window, found in zip(windows, known, strict=True):
            if found is not None:
                self._reached.finish(window, found, kept=True)

        def keep(number: int, result: WindowResult) -> None:
            # At once: a run that is stopped loses the batch in flight and no more.
            i = missing[number]
            if known[i] is None:
                remember(self._store, keys[i], result)
                self._reached.finish(windows[i], result)
            known[i] = result

        if missing:
            recognizer = self._loaded.get(self._options, self._model)
            asked = [windows[i] for i in missing]
            for number, result in enumerate(
                recognizer.recognize(asked, prior=prior, finished=keep)
            ):
                keep(number, result)
        return [result for result in known if result is not None]

    def _window_key(self, window: SpeechWindow) -> str:
        shape = (self._model.decoding, shaping(self._options.recognition))
        parts = (self._model.digest, shape, window.digest, window.span, window.parts)
        return stage_key("window", WINDOW_VERSION, *parts)


def _in_order(results: Sequence[WindowResult]) -> tuple[Word, ...]:
    """Return all words in order of time: second opinions come after what they lie between."""
    words = [word for result in results for word in result.words]
    return tuple(sorted(words, key=lambda word: (word.span.start, word.span.end)))


def _is_kept(result: WindowResult) -> bool:
    """Return whether a window is evidence: one of speech, or a second opinion that gave words."""
    return bool(result.words) or SECOND_OPINION not in result.window.warnings


def _heard_in_vain(window: SpeechWindow, result: WindowResult) -> Iterator[Unheard]:
    """Give the parts of a second opinion that no words come from."""
    for part in (window.parts or (window.span,)) if window.skipped else ():
        if part not in result.window.parts:
            yield Unheard(span=part, reason="not-speech")
        elif not result.words:
            yield Unheard(span=part, reason="unsure")


def _sorted(unheard: list[Unheard]) -> tuple[Unheard, ...]:
    return tuple(sorted(unheard, key=lambda one: one.span.start))


def _main_language(results: Sequence[WindowResult]) -> str:
    """The language spoken longest; a word that says none has that of its window."""
    spoken: Counter[str] = Counter()
    for result in results:
        for word in result.words:
            language = word.language or result.window.language or "und"
            spoken[language] += _milliseconds(word.span)
    return max(spoken, key=lambda language: (spoken[language], language))


def _milliseconds(span: Span) -> int:
    return round(span.duration * Fraction(1000))


def _transcribe(project: Project, env: Environment) -> Project:
    assert env.recognizer is not None
    with ExitStack() as stack:
        loaded = env.recognizers or stack.enter_context(LoadedRecognizer())
        transcript = transcribe(
            env.store, project.media, env.options, env.recognizer, env.progress, loaded=loaded
        )
    if project.transcript is not None and _unlabelled(project.transcript) == transcript:
        return project  # who speaks was told since, and people may have named them
    return replace(project, transcript=transcript)


def _unlabelled(transcript: Transcript) -> Transcript:
    """The transcript without what was told of its speakers."""
    if not transcript.turns:
        return transcript
    words = tuple(replace(word, speaker=None) for word in transcript.words)
    return replace(transcript, words=words, turns=(), speakers=())


TRANSCRIBE = Stage(
    name=STAGE, version=VERSION, needs=("media",), makes=("transcript",), run=_transcribe
)

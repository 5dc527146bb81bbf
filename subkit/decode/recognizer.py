"""Whisper models through faster-whisper and CTranslate2: windows of speech -> words.

faster-whisper's own ``transcribe`` is not used: it seeks again from the last word's end, which
costs words, and its batched pipeline has no guards and no timestamps past the first part of a
window.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.decode.counts import Counts
from subkit.decode.features import LogMel
from subkit.decode.forced_words import align_texts
from subkit.decode.guards import (
    LOW_CONFIDENCE,
    doubts,
    is_compressed,
    is_distrusted,
    without_loops,
)
from subkit.decode.holes import may_be_speech
from subkit.decode.loading import check_plan, load_whisper, model_fault, runs_on_cuda
from subkit.decode.modes import choose_mode, spread
from subkit.decode.options import RecognitionOptions
from subkit.decode.schedule import Schedule, Title
from subkit.decode.switching import mark_switches
from subkit.decode.taking import Take
from subkit.decode.window_language import Verdict, from_whisper, to_whisper
from subkit.decode.words import finish_words
from subkit.interfaces import WindowResult
from subkit.model import Alternative, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.decode.words import TimedWord
    from subkit.interfaces import ModelFacts, SpeechWindow, SpokenText
    from subkit.model import Span, Word

__all__ = ["RecognitionOptions", "TitleWindows", "WhisperRecognizer", "of_one_title"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TitleWindows:
    """Windows of one title.

    Attributes:
        windows: In the order of the programme.
        prior: BCP 47 language of the last sure window before these.
        verdicts: Their languages where they were settled before, one for each window; else empty.
        title: Its name, for errors and logs.
    """

    windows: Sequence[SpeechWindow]
    prior: str | None = None
    verdicts: Sequence[Verdict] = ()
    title: str = ""


def of_one_title(
    finished: Callable[[int, WindowResult], None] | None,
) -> Callable[[int, int, WindowResult], None] | None:
    """What is called with the number of a title too, made of what is not."""
    if finished is None:
        return None
    tell = finished
    return lambda _, number, result: tell(number, result)


class WhisperRecognizer:
    """A loaded Whisper model.

    Args:
        model: What is known of it; it is loaded from ``model.directory``, never from the network.
        options: How to recognise.

    Raises:
        ModelNotFound: the directory is missing, incomplete, or of another engine.
        EngineError: the model is broken.
        DeviceError: the device or compute type is not there.
        PlanError: the model does not know the language, or cannot translate.
    """

    def __init__(self, model: ModelFacts, options: RecognitionOptions) -> None:
        options = spread(options, cuda=runs_on_cuda(options.device))
        self._facts = model
        self._options = options
        self._whisper = load_whisper(model, options)
        check_plan(self._whisper, model, options)
        self._extract = LogMel(self._whisper.feature_extractor)
        self._mode = choose_mode(model, options)
        auto = options.padding == "auto"
        self._padding = model.decoding.padding if auto else options.padding
        _log.info("model %s decodes in %s mode", model.name, self._mode)
        self._schedule = Schedule(
            self._whisper,
            options,
            mode=self._mode,
            known=[to_whisper(tag) for tag in model.languages],
            decoding=model.decoding,
        )

    @property
    def model(self) -> ModelFacts:
        """The model in use."""
        return self._facts

    @property
    def mode(self) -> str:
        """``"exact"`` or ``"fast"``: what was chosen."""
        return self._mode

    @property
    def counts(self) -> Counts:
        """What the work so far came to."""
        return self._schedule.counts

    def recognize(
        self,
        windows: Sequence[SpeechWindow],
        *,
        prior: str | None = None,
        finished: Callable[[int, WindowResult], None] | None = None,
    ) -> list[WindowResult]:
        """The words of each window, in the order given.

        Apart from the language of doubtful windows, which neighbours decide, a window's result does
        not depend on the others.

        Args:
            windows: In the order of the programme.
            prior: BCP 47 language of the last sure window before these, if there is one.
            finished: Called with the number and the result of each window as soon as it is done, in
                no order.

        Raises:
            EngineError: the engine failed; only what ``finished`` was told may be used.
        """
        return self.recognize_titles(
            [TitleWindows(windows=windows, prior=prior)], finished=of_one_title(finished)
        )[0]

    def recognize_titles(
        self,
        titles: Sequence[TitleWindows],
        *,
        settled: Callable[[list[list[Verdict]]], None] | None = None,
        finished: Callable[[int, int, WindowResult], None] | None = None,
    ) -> list[list[WindowResult]]:
        """The words of each window of several titles, decoded in common batches.

        Args:
            titles: What to decode; languages of doubtful windows are decided inside each title.
            settled: Called with the language of each window of each title when all are known.
            finished: Called with the number of the title, that of the window in it, and the result,
                as soon as a window is done; in no order.

        Raises:
            EngineError: the engine failed; names the time.
        """
        prepared = [self._prepare(title) for title in titles]
        places = {
            take: (number, i)
            for number, title in enumerate(prepared)
            for i, take in enumerate(title.takes)
        }
        results: dict[Take, WindowResult] = {}

        def tell_settled() -> None:
            if settled is not None:
                settled([[t.verdict for t in one.takes if t.verdict] for one in prepared])

        def tell_finished(take: Take) -> None:
            results[take] = self._result(take)
            if finished is not None:
                finished(*places[take], results[take])

        self._schedule.run(prepared, settled=tell_settled, finished=tell_finished)
        return [[results[take] for take in title.takes] for title in prepared]

    def align(self, asked: Sequence[SpokenText]) -> list[tuple[Word, ...]]:
        """The words of each text with their times; see :class:`subkit.interfaces.Aligner`.

        Raises:
            EngineError: the engine failed.
        """
        size, found = self._options.batch_size, []
        try:
            for at in range(0, len(asked), size):
                found += align_texts(
                    asked[at : at + size],
                    model=self._whisper,
                    extract=self._extract,
                    padding=self._padding,
                    tokenizer=lambda tag: self._schedule.tokenizer(to_whisper(tag)),
                    decoding=self._facts.decoding,
                    threads=self._options.threads,
                )
        except (RuntimeError, ValueError) as error:
            raise model_fault(error, "Words cannot be aligned") from error
        return found

    def close(self) -> None:
        """Give the model's memory back; it cannot be used afterwards."""
        self._whisper.model.unload_model()

    def _prepare(self, title: TitleWindows) -> Title:
        takes = [Take(window, self._extract, self._padding) for window in title.windows]
        if title.verdicts:
            for take, verdict in zip(takes, title.verdicts, strict=True):
                take.verdict = verdict
        prior = None if title.prior is None else to_whisper(title.prior)
        return Title(name=title.title, takes=takes, prior=prior)

    def _result(self, take: Take) -> WindowResult:
        found = [self._heard(leaf) for leaf in take.leaves]
        return found[0] if len(found) == 1 else _joined(found, take)

    def _heard(self, take: Take) -> WindowResult:
        verdict = take.verdict
        assert verdict is not None
        spoken = from_whisper(verdict.language)
        written = "en" if self._options.task == "translate" else spoken
        facts = take.facts()
        warnings = doubts(
            words=[word.text for word in take.words if word.text.strip()],
            seconds=take.seconds,
            score=facts.score,
            ratio=facts.ratio,
            no_speech=facts.no_speech,
            unsure_language=verdict.unsure,
            low_score=self._facts.low_score,
            options=self._options,
        )
        kept = self._said_once(take, facts.ratio)
        words = self._finished(kept, take, written)
        if verdict.heard:  # not where the caller told the language
            words = mark_switches(words, written, verdict.heard)
        if any(word.language != written for word in words):
            warnings = (*warnings, "code-switch")
        if is_distrusted(warnings, facts.score, self._options):
            words = tuple(_distrusted(word) for word in words)
        if warnings:
            _log.debug("window %d: %s", take.window.index, ", ".join(warnings))
        parts = take.window.parts
        if take.window.skipped:
            warnings = ("second-opinion", *warnings)
            parts = _parts_with(words or self._unsure_words(take, written, facts.score), take)
        passes = take.decoded
        others = passes[0].others if len(passes) == 1 and words else ()
        if len(kept) < len(take.words):
            # What was dropped is kept to be looked at: somebody may have said it after all.
            all_said = "".join(word.text for word in take.words).strip()
            others = ((all_said, facts.score), *others)
        window = Window(
            span=take.window.span,
            parts=parts,
            language=spoken,
            language_confidence=min(1.0, max(0.0, verdict.probability)),
            score=facts.score,
            no_speech=facts.no_speech,
            compression_ratio=facts.ratio,
            temperature=facts.temperature,
            warnings=warnings,
            alternatives=tuple(Alternative(text=text, score=score) for text, score in others),
        )
        return WindowResult(window=window, words=words)

    def _unsure_words(self, take: Take, written: str, score: float) -> tuple[Word, ...]:
        """The words of a second opinion that are no invention, but not sure enough to count."""
        if not may_be_speech(score, take.rejected):
            return ()
        return self._finished(take.rejected, take, written)

    def _finished(self, words: Sequence[TimedWord], take: Take, written: str) -> tuple[Word, ...]:
        """Words of the document, with times in the media."""
        return finish_words(
            words,
            take.window,
            take.activity,
            written,
            voice=take.voice,
            shift=self._facts.decoding.shift_ms / 1000,
            by_letters=self._facts.decoding.letters_ms,
        )

    def _said_once(self, take: Take, ratio: float) -> list[TimedWord]:
        """Return the words, each loop once where no temperature gave a text without it."""
        if not is_compressed(ratio, self._options):
            return take.words
        return [take.words[i] for i in without_loops([word.text for word in take.words])]


def _joined(found: Sequence[WindowResult], take: Take) -> WindowResult:
    """Join the results of a window whose lines are in several languages."""
    verdict = take.verdict
    assert verdict is not None
    windows = [one.window for one in found]
    longest = max(windows, key=lambda one: one.span.duration)
    warnings = dict.fromkeys([*(name for one in windows for name in one.warnings), "code-switch"])
    window = replace(
        longest,
        span=take.window.span,
        parts=take.window.parts,
        language=from_whisper(verdict.language),
        language_confidence=min(1.0, max(0.0, verdict.probability)),
        score=min(one.score for one in windows),
        no_speech=min(one.no_speech for one in windows),
        compression_ratio=max(one.compression_ratio for one in windows),
        temperature=max(one.temperature for one in windows),
        warnings=tuple(warnings),
        alternatives=(),
    )
    return WindowResult(window=window, words=tuple(w for one in found for w in one.words))


def _parts_with(words: Sequence[Word], take: Take) -> tuple[Span, ...]:
    """The parts of a window in which there are words."""
    parts = take.window.parts or (take.window.span,)
    return tuple(part for part in parts if any(word.span.overlaps(part) for word in words))


def _distrusted(word: Word) -> Word:
    return replace(word, confidence=min(word.confidence or 0.0, LOW_CONFIDENCE))

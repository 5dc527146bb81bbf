"""Whisper models through faster-whisper and CTranslate2: windows of speech -> words.

faster-whisper's own ``transcribe`` is not used: it seeks again from the last word's end, which
costs words, and its batched pipeline has no guards and no timestamps past the first part of a
window.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.decode.features import LogMel
from subkit.decode.guards import doubts
from subkit.decode.language import Verdict, from_whisper, to_whisper
from subkit.decode.loading import check_plan, load_whisper
from subkit.decode.modes import choose_mode
from subkit.decode.options import RecognitionOptions
from subkit.decode.schedule import Counts, Schedule, Title
from subkit.decode.taking import Take
from subkit.decode.words import finish_words
from subkit.interfaces import Hypothesis, WindowResult
from subkit.model import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.interfaces import ModelFacts, SpeechWindow

__all__ = ["RecognitionOptions", "TitleWindows", "WhisperRecognizer"]

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
        self._facts = model
        self._options = options
        self._whisper = load_whisper(model, options)
        check_plan(self._whisper, model, options)
        self._extract = LogMel(self._whisper.feature_extractor)
        self._mode = choose_mode(model, options)
        _log.info("model %s decodes in %s mode", model.name, self._mode)
        self._schedule = Schedule(
            self._whisper,
            options,
            known=[to_whisper(tag) for tag in model.languages],
            low_score=model.low_score,
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
        self, windows: Sequence[SpeechWindow], *, prior: str | None = None
    ) -> list[WindowResult]:
        """The words of each window, in the order given.

        Apart from the language of doubtful windows, which neighbours decide, a window's result does
        not depend on the others.

        Args:
            windows: In the order of the programme.
            prior: BCP 47 language of the last sure window before these, if there is one.

        Raises:
            EngineError: the engine failed; no result of this call may be used.
        """
        return self.recognize_titles([TitleWindows(windows=windows, prior=prior)])[0]

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

    def _prepare(self, title: TitleWindows) -> Title:
        takes = [Take(window, self._extract, self._mode) for window in title.windows]
        if title.verdicts:
            for take, verdict in zip(takes, title.verdicts, strict=True):
                take.verdict = verdict
        prior = None if title.prior is None else to_whisper(title.prior)
        return Title(name=title.title, takes=takes, prior=prior)

    def _result(self, take: Take) -> WindowResult:
        verdict = take.verdict
        assert verdict is not None
        spoken = from_whisper(verdict.language)
        written = "en" if self._options.task == "translate" else spoken
        words = finish_words(take.words, take.window.span, take.activity, written)
        facts = take.facts()
        warnings = doubts(
            words=[word.text for word in words],
            seconds=take.seconds,
            score=facts.score,
            ratio=facts.ratio,
            unsure_language=verdict.unsure,
            low_score=self._facts.low_score,
            options=self._options,
        )
        if warnings:
            _log.debug("window %d: %s", take.window.index, ", ".join(warnings))
        window = Window(
            span=take.window.span,
            language=spoken,
            language_confidence=min(1.0, max(0.0, verdict.probability)),
            score=facts.score,
            no_speech=facts.no_speech,
            compression_ratio=facts.ratio,
            temperature=facts.temperature,
            warnings=warnings,
        )
        passes = take.decoded
        others = passes[0].others if len(passes) == 1 and words else ()
        alternatives = tuple(Hypothesis(text=text, score=score) for text, score in others)
        return WindowResult(window=window, words=words, alternatives=alternatives)

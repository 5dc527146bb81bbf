"""Models that stay loaded from one title to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.decode import RecognitionOptions, find_calibration
from subkit.engines import default_models_folder
from subkit.plugins import load_plugin

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from subkit.engines import TranslatorOptions
    from subkit.interfaces import Hypothesis, ModelFacts, Recognizer, Translator
    from subkit.pipeline.options import RunOptions

__all__ = ["LoadedRecognizer", "LoadedTranslator", "calibration_folder"]

_MOST_ANSWERS = 50_000
"""Answers that a translator keeps in memory for titles to come, some 50 MB."""


class LoadedRecognizer:
    """The recogniser of some runs: loaded when it is first needed, closed at the end.

    One at a time is kept: another model or other options close the one before. Use it as a context
    manager, so that its process ends and its memory is given back whatever happens.
    """

    def __init__(self) -> None:
        self._wanted: tuple[str, ModelFacts, RecognitionOptions] | None = None
        self._recognizer: Recognizer | None = None

    def __enter__(self) -> LoadedRecognizer:  # noqa: PYI034 - typing.Self came with Python 3.11
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def get(self, options: RunOptions, model: ModelFacts) -> Recognizer:
        """The recogniser that these options ask for.

        Raises:
            PluginError: there is no such plug-in.
            EngineError: it cannot be loaded.
            PlanError: the model cannot do what is asked.
        """
        wanted = (options.recognizer_plugin, model, _as_calibrated(options, model))
        if self._recognizer is None or wanted != self._wanted:
            self.close()
            make = load_plugin("recognizers", options.recognizer_plugin)
            self._recognizer = make(*wanted[1:])
            self._wanted = wanted
        assert self._recognizer is not None
        return self._recognizer

    def close(self) -> None:
        """Close the recogniser, if there is one; the next title loads it again."""
        recognizer, self._recognizer = self._recognizer, None
        if recognizer is not None:
            recognizer.close()


class LoadedTranslator:
    """The translator of some runs, loaded when it is first needed, and what it has answered.

    A sentence that one title had is not translated again for the next one.
    """

    def __init__(self) -> None:
        self._wanted: tuple[str, ModelFacts, TranslatorOptions] | None = None
        self._translator: Translator | None = None
        self._answers: dict[str, tuple[Hypothesis, ...]] = {}

    def get(self, options: RunOptions, model: ModelFacts) -> Translator:
        """The translator that these options ask for; another one replaces it.

        Raises:
            PluginError: there is no such plug-in.
            EngineError: the model does not load.
        """
        wanted = (options.translator_plugin, model, options.engine)
        if self._translator is None or wanted != self._wanted:
            self._translator = None  # its memory goes before the next one takes some
            make = load_plugin("translators", options.translator_plugin)
            self._translator = make(*wanted[1:])
            self._wanted = wanted
        assert self._translator is not None
        return self._translator

    def recall(self, key: str) -> tuple[Hypothesis, ...] | None:
        """What was answered to the question that ``key`` stands for, in whichever title."""
        return self._answers.get(key)

    def remember(self, key: str, answer: tuple[Hypothesis, ...]) -> None:
        """Keep an answer for other titles; the oldest makes room."""
        if len(self._answers) >= _MOST_ANSWERS:
            del self._answers[next(iter(self._answers))]
        self._answers[key] = answer


def calibration_folder(options: RunOptions) -> Path:
    """Where the answers of ``subkit models calibrate`` lie: beside the models."""
    return (options.models_folder or default_models_folder({})) / "calibration"


def _as_calibrated(options: RunOptions, model: ModelFacts) -> RecognitionOptions:
    """With the threads, replicas and batch that a calibration found, where none were given."""
    asked, usual = options.recognition, RecognitionOptions()
    same = replace(
        asked, threads=usual.threads, replicas=usual.replicas, batch_size=usual.batch_size
    )
    if asked != same:
        return asked
    found = find_calibration(model, asked, calibration_folder(options))
    return asked if found is None else found.applied(asked)

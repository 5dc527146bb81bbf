"""Models that stay loaded from one title to the next."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from subkit.decode import RecognitionOptions, find_calibration
from subkit.engines import default_models_folder
from subkit.plugins import load_plugin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from subkit.engines import TranslatorOptions
    from subkit.interfaces import Hypothesis, ModelFacts, Recognizer, Translator
    from subkit.pipeline.run_options import RunOptions
    from subkit.translation.memory import TranslationMemory

__all__ = ["Answer", "LoadedRecognizer", "LoadedTranslator", "calibration_folder"]

Answer = tuple["Hypothesis", ...]
"""What a translator answers to one text: its hypotheses, the best first."""


_MOST_ANSWERS = 50_000
"""Answers that a translator keeps in memory for titles to come, some 50 MB."""


class LoadedRecognizer:
    """The recogniser of some runs: loaded when it is first needed, closed at the end.

    One at a time is kept: another model or other options close the one before. Use it as a context
    manager, so that its process ends and its memory is given back whatever happens.
    """

    def __init__(self) -> None:
        self._wanted: tuple[str | Recognizer, ModelFacts, RecognitionOptions] | None = None
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
        plugin = options.recognizer_plugin
        wanted = (plugin, model, _as_calibrated(options, model))
        if self._recognizer is None or wanted != self._wanted:
            self.close()
            if isinstance(plugin, str):
                self._recognizer = load_plugin("recognizers", plugin)(*wanted[1:])
            else:
                self._recognizer = plugin
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
        self._wanted: tuple[str | Translator, ModelFacts, TranslatorOptions] | None = None
        self._translator: Translator | None = None
        self._answers: dict[str, Answer] = {}
        self._memories: dict[tuple[object, str], TranslationMemory] = {}

    def get(self, options: RunOptions, model: ModelFacts) -> Translator:
        """The translator that these options ask for; another one replaces it.

        Raises:
            PluginError: there is no such plug-in.
            EngineError: the model does not load.
        """
        plugin = options.translator_plugin
        wanted = (plugin, model, options.engine)
        if self._translator is None or wanted != self._wanted:
            self._translator = None  # its memory goes before the next one takes some
            if isinstance(plugin, str):
                self._translator = load_plugin("translators", plugin)(*wanted[1:])
            else:
                self._translator = plugin
            self._wanted = wanted
        assert self._translator is not None
        return self._translator

    def memory(self, paths: Sequence[Path], target: str) -> TranslationMemory | None:
        """The translation memory in these files, read once while they stay as they are.

        Raises:
            InputError: a file cannot be read.
            StoreError: a project file cannot be read.
            PlanError: a file of another kind.
        """
        if not paths:
            return None
        state = tuple((path, _changed(path)) for path in paths)
        if (state, target) not in self._memories:
            from subkit.exchange.memory_files import load_memory

            found = load_memory(paths, target)
            if any(known != state for known, _ in self._memories):
                self._memories.clear()  # other files now: no need to hold both
            self._memories[state, target] = found
        return self._memories[state, target]

    def recall(self, key: str) -> Answer | None:
        """What was answered to the question that ``key`` stands for, in whichever title."""
        return self._answers.get(key)

    def remember(self, answers: Mapping[str, Answer]) -> None:
        """Keep answers for other titles; the oldest make room."""
        self._answers.update(answers)
        for key in list(islice(self._answers, max(0, len(self._answers) - _MOST_ANSWERS))):
            del self._answers[key]


def _changed(path: Path) -> tuple[int, int] | None:
    """When a file was changed, and its size; ``None`` if it cannot be looked at."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size


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

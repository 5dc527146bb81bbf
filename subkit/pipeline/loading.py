"""A recogniser that stays loaded from one title to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.decode import RecognitionOptions, find_calibration
from subkit.engines import default_models_folder
from subkit.plugins import load_plugin

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from subkit.interfaces import ModelFacts, Recognizer
    from subkit.pipeline.options import RunOptions

__all__ = ["LoadedRecognizer", "calibration_folder"]


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

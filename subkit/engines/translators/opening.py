"""Open the translator in a directory, whichever family it is of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.engines.devices import Device, choose_device
from subkit.engines.layout import inspect_model
from subkit.engines.translators.m2m100 import M2m100
from subkit.engines.translators.madlad import Madlad
from subkit.engines.translators.marian import Marian
from subkit.engines.translators.nllb import Nllb
from subkit.engines.translators.pivot import PivotTranslator
from subkit.engines.translators.sentence_translator import SentenceTranslator
from subkit.engines.translators.translator_options import TranslatorOptions
from subkit.engines.translators.vocabulary import Vocabulary, check_size, read_vocabulary
from subkit.errors import DeviceError, EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from subkit.engines.translators.family import Family
    from subkit.interfaces import ModelFacts

__all__ = ["detect_family", "open_single", "open_translator"]

_WORKERS = 4
_FAMILIES: tuple[type[Family], ...] = (Marian, M2m100, Madlad, Nllb)


def open_translator(
    facts: ModelFacts, options: TranslatorOptions | None = None
) -> SentenceTranslator | PivotTranslator:
    """Load a translator, or two in a row.

    Args:
        facts: The model, as :func:`subkit.engines.find_model` gives it.
        options: How to translate.

    Raises:
        ModelNotFound: A file of the model is missing.
        EngineError: The model is damaged, of an unknown family, or does not fit into memory.
        DeviceError: The device or compute type is not here.
        PlanError: Nothing tells which languages the model is for.
    """
    if facts.parts:
        first, second = (open_single(part, options) for part in facts.parts)
        return PivotTranslator(facts, first, second)
    return open_single(facts, options)


def open_single(facts: ModelFacts, options: TranslatorOptions | None = None) -> SentenceTranslator:
    """Load one model; see :func:`open_translator`."""
    options = options or TranslatorOptions()
    directory = Path(facts.directory)
    layout = inspect_model(directory, "translator")
    card = dict(layout.card)
    if len(facts.languages) == 2:
        card.setdefault("pair", list(facts.languages))
    vocabulary = read_vocabulary(directory)
    check_size(directory, vocabulary, layout.weights)
    family = detect_family(directory, vocabulary, card)(directory, vocabulary, card)
    device = choose_device(options.device, options.compute_type)
    engine = _load(directory, device, options)
    return SentenceTranslator(
        facts=facts, family=family, engine=engine, options=options, device=device
    )


def detect_family(directory: Path, vocabulary: Vocabulary, card: Mapping[str, Any]) -> type[Family]:
    """The family of a model: what its card says, else what its files tell.

    Raises:
        EngineError: Neither does.
    """
    stated = card.get("family")
    names = ", ".join(family.name for family in _FAMILIES)
    for family in _FAMILIES:
        if stated == family.name or (stated is None and family.claims(directory, vocabulary)):
            return family
    what = f'is of the family "{stated}"' if stated is not None else "is of no family known here"
    message = f'The translator in "{directory}" {what}.'
    remedy = f'Known are: {names}. A subkit.json beside it may name one: {{"family": "nllb"}}.'
    raise EngineError(message, remedy=remedy)


def _share(threads: int) -> tuple[int, int]:
    """Batches computed side by side, and threads for each; more batches would need more memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    total = threads or cores or 1
    workers = min(total, _WORKERS)
    return workers, total // workers


def _load(directory: Path, device: Device, options: TranslatorOptions) -> Any:
    import ctranslate2

    workers, threads = _share(options.threads) if device.name == "cpu" else (1, 0)
    try:
        return ctranslate2.Translator(
            str(directory),
            device=device.name,
            device_index=device.index,
            compute_type=device.compute_type,
            inter_threads=workers,
            intra_threads=threads,
        )
    except (RuntimeError, ValueError) as error:
        if "out of memory" in str(error):
            message = f'The translator in "{directory}" does not fit into the memory of {device}.'
            raise DeviceError(message, remedy="Use --device cpu or a smaller model.") from error
        message = f'The translator in "{directory}" cannot be loaded: {error}.'
        raise EngineError(message, remedy="Fetch or convert the model again.") from error

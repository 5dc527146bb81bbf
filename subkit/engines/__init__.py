"""Models and the engines that run them: catalogue, hub, devices, translators, scripted fakes.

Public names are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subkit.engines.catalogue import (
        DEFAULT_TRANSLATOR,
        KnownModel,
        default_recognizer,
        find_known,
        get_known,
        known_models,
    )
    from subkit.engines.conversion import QUANTIZATIONS, convert_model
    from subkit.engines.cuda import CudaFacts, CudaLibrary, cuda_facts, load_cuda_libraries
    from subkit.engines.devices import Device, choose_device, compute_types, count_cuda_devices
    from subkit.engines.digests import model_digest
    from subkit.engines.fetch import fetch_model
    from subkit.engines.models import (
        DEMO,
        default_models_folder,
        demo_directory,
        find_model,
        list_fetched,
        verify_model,
    )
    from subkit.engines.refining import ChatRefiner, RefineOptions
    from subkit.engines.scripted import ScriptedRecognizer, ScriptedTranslator
    from subkit.engines.translators import SentenceTranslator, TranslatorOptions, open_translator

__all__ = [
    "DEFAULT_TRANSLATOR",
    "DEMO",
    "QUANTIZATIONS",
    "ChatRefiner",
    "CudaFacts",
    "CudaLibrary",
    "Device",
    "KnownModel",
    "RefineOptions",
    "ScriptedRecognizer",
    "ScriptedTranslator",
    "SentenceTranslator",
    "TranslatorOptions",
    "choose_device",
    "compute_types",
    "convert_model",
    "count_cuda_devices",
    "cuda_facts",
    "default_models_folder",
    "default_recognizer",
    "demo_directory",
    "fetch_model",
    "find_known",
    "find_model",
    "get_known",
    "known_models",
    "list_fetched",
    "load_cuda_libraries",
    "model_digest",
    "open_translator",
    "verify_model",
]

_HOMES = {
    "CudaFacts": "subkit.engines.cuda",
    "CudaLibrary": "subkit.engines.cuda",
    "DEFAULT_TRANSLATOR": "subkit.engines.catalogue",
    "DEMO": "subkit.engines.models",
    "Device": "subkit.engines.devices",
    "KnownModel": "subkit.engines.catalogue",
    "ScriptedRecognizer": "subkit.engines.scripted",
    "ScriptedTranslator": "subkit.engines.scripted",
    "SentenceTranslator": "subkit.engines.translators.sentences",
    "TranslatorOptions": "subkit.engines.translators.options",
    "QUANTIZATIONS": "subkit.engines.conversion",
    "convert_model": "subkit.engines.conversion",
    "ChatRefiner": "subkit.engines.refining",
    "RefineOptions": "subkit.engines.refining",
    "choose_device": "subkit.engines.devices",
    "compute_types": "subkit.engines.devices",
    "count_cuda_devices": "subkit.engines.devices",
    "cuda_facts": "subkit.engines.cuda",
    "default_models_folder": "subkit.engines.models",
    "default_recognizer": "subkit.engines.catalogue",
    "demo_directory": "subkit.engines.models",
    "fetch_model": "subkit.engines.fetch",
    "find_known": "subkit.engines.catalogue",
    "find_model": "subkit.engines.models",
    "get_known": "subkit.engines.catalogue",
    "known_models": "subkit.engines.catalogue",
    "list_fetched": "subkit.engines.models",
    "load_cuda_libraries": "subkit.engines.cuda",
    "model_digest": "subkit.engines.digests",
    "open_translator": "subkit.engines.translators.opening",
    "verify_model": "subkit.engines.models",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)

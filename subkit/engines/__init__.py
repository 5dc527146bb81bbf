"""Models and the engines that run them: catalogue, hub, devices, translators, scripted fakes."""

from subkit.engines.catalogue import (
    DEFAULT_TRANSLATOR,
    KnownModel,
    default_recognizer,
    find_known,
    get_known,
    known_models,
)
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
from subkit.engines.scripted import ScriptedRecognizer, ScriptedTranslator
from subkit.engines.translators import SentenceTranslator, TranslatorOptions, open_translator

__all__ = [
    "DEFAULT_TRANSLATOR",
    "DEMO",
    "CudaFacts",
    "CudaLibrary",
    "Device",
    "KnownModel",
    "ScriptedRecognizer",
    "ScriptedTranslator",
    "SentenceTranslator",
    "TranslatorOptions",
    "choose_device",
    "compute_types",
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

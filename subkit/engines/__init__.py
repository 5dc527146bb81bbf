"""Models and the engines that run them: catalogue, hub, devices, translators, scripted fakes."""

from subkit.engines.catalogue import (
    DEFAULT_TRANSLATOR,
    KnownModel,
    default_recognizer,
    find_known,
    get_known,
    known_models,
)
from subkit.engines.chat_refiner import RefineOptions
from subkit.engines.choosing import ChosenRecognizer, choose_recognizer, find_substitute
from subkit.engines.conversion import QUANTIZATIONS, convert_model
from subkit.engines.cuda import cuda_facts
from subkit.engines.devices import Device, choose_device
from subkit.engines.digests import model_digest
from subkit.engines.fetch import fetch_model
from subkit.engines.models import (
    default_models_folder,
    demo_directory,
    find_model,
    list_fetched,
    verify_model,
)
from subkit.engines.packages import package_status
from subkit.engines.presence import PresentModel, Source, find_present
from subkit.engines.scripted import ScriptedRecognizer, ScriptedTranslator
from subkit.engines.translators import SentenceTranslator, TranslatorOptions, open_translator
from subkit.engines.voice_weights import (
    VOICE_ENCODER,
    fetch_voice_weights,
    find_voice_weights,
    require_voice_weights,
)

__all__ = [
    "DEFAULT_TRANSLATOR",
    "QUANTIZATIONS",
    "VOICE_ENCODER",
    "ChosenRecognizer",
    "Device",
    "KnownModel",
    "PresentModel",
    "RefineOptions",
    "ScriptedRecognizer",
    "ScriptedTranslator",
    "SentenceTranslator",
    "Source",
    "TranslatorOptions",
    "choose_device",
    "choose_recognizer",
    "convert_model",
    "cuda_facts",
    "default_models_folder",
    "default_recognizer",
    "demo_directory",
    "fetch_model",
    "fetch_voice_weights",
    "find_known",
    "find_model",
    "find_present",
    "find_substitute",
    "find_voice_weights",
    "get_known",
    "known_models",
    "list_fetched",
    "model_digest",
    "open_translator",
    "package_status",
    "require_voice_weights",
    "verify_model",
]

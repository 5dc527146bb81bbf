"""A Whisper model in CTranslate2's format, loaded from a directory: never from the network."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.decode.window_language import to_whisper
from subkit.errors import DeviceError, EngineError, ModelNotFound, PlanError

if TYPE_CHECKING:
    from subkit.decode.options import RecognitionOptions
    from subkit.interfaces import ModelFacts

__all__ = ["check_plan", "is_out_of_memory", "load_whisper", "model_fault", "runs_on_cuda"]

_LARGE_V3_BANDS = 128
_CUT_DECODER = 4
"""large-v3 has 32 decoder layers, its turbo and distilled forms 4 and 2; no other has 128 bands."""

_FILES = ("config.json", "model.bin", "tokenizer.json")
_FETCH = "Fetch it again with: subkit models fetch NAME, or name another directory."
_CONVERT = (
    "Convert it with ct2-transformers-converter --copy_files tokenizer.json"
    " preprocessor_config.json, or fetch one with: subkit models fetch NAME."
)


def load_whisper(facts: ModelFacts, options: RecognitionOptions) -> Any:
    """The ``faster_whisper.WhisperModel`` in ``facts.directory``.

    Raises:
        ModelNotFound: no directory, files missing, or the model of another engine.
        EngineError: its files are broken.
        DeviceError: the device or compute type is not there.
    """
    folder = Path(facts.directory)
    _check_files(folder)
    device, indices = _split_device(options)
    _check_device(device, options.compute_type)
    from faster_whisper import WhisperModel
    from faster_whisper.feature_extractor import FeatureExtractor

    _check_tokenizer(folder)
    _check_heads(folder / "config.json")
    compute_type = options.compute_type
    if compute_type == "default":
        compute_type = _usual_type(device)
    try:
        model = WhisperModel(
            str(folder),
            device=device,
            compute_type=compute_type,
            cpu_threads=options.threads,
            device_index=indices,
            num_workers=options.replicas,
            local_files_only=True,
        )
    except (RuntimeError, ValueError, KeyError, TypeError, OSError, MemoryError) as error:
        raise model_fault(error, f"Model {str(folder)!r} cannot be loaded") from error
    if model.feature_extractor.mel_filters.shape[0] != model.model.n_mels:
        # No preprocessor file, or one of another model: the weights know better.
        model.feature_extractor = FeatureExtractor(feature_size=model.model.n_mels)
    return model


def runs_on_cuda(device: str) -> bool:
    """Return whether a device (``"auto"``, ``"cpu"``, ``"cuda"``, ``"cuda:1"``) means CUDA here."""
    import ctranslate2

    if device == "auto":
        return bool(ctranslate2.get_cuda_device_count())
    return device.startswith("cuda")


def _usual_type(device: str) -> str:
    """Return the fastest compute type whose errors were measured to be no more than float32's.

    ``"auto"``, CTranslate2's own choice, where the device has not that one.
    """
    import ctranslate2

    place, wanted = ("cuda", "float16") if runs_on_cuda(device) else ("cpu", "int8")
    return wanted if wanted in ctranslate2.get_supported_compute_types(place) else "auto"


def check_plan(model: Any, facts: ModelFacts, options: RecognitionOptions) -> None:
    """Return if the model can do what is asked.

    Raises:
        PlanError: it does not know the language or the task.
    """
    wanted = None if options.language in {None, "auto"} else to_whisper(options.language or "")
    known = tuple(facts.languages)
    if not model.model.is_multilingual:
        known = ("en",)
    elif not known:
        known = tuple(model.supported_languages)
    if wanted is not None and not _knows(model, wanted, known):
        kind = "is English-only" if known == ("en",) else "does not know this language"
        raise PlanError(
            f"Model {facts.name!r} {kind}: {options.language!r} cannot be recognised with it.",
            remedy=f"It knows: {', '.join(known)}.",
            model=facts.name,
            language=options.language or "",
        )
    reason = _no_translation(model, facts)
    if options.task == "translate" and reason:
        raise PlanError(
            f"Model {facts.name!r} cannot translate: {reason}.",
            remedy="Use task transcribe with a translator, or a model such as large-v3 or medium.",
            model=facts.name,
        )


def model_fault(error: BaseException, what: str) -> EngineError:
    """The error of ours that says what CTranslate2's means."""
    text = str(error).strip() or type(error).__name__
    lower = text.lower()
    message = f"{what}: {text.rstrip('.')}."
    if "libcublas" in lower or "libcudnn" in lower or "cudart" in lower:
        return DeviceError(
            message, remedy="Install nvidia-cublas-cu12 and nvidia-cudnn-cu12, or use device cpu."
        )
    if is_out_of_memory(error):
        return DeviceError(message, remedy="Use a smaller batch size, compute type or model.")
    if "cuda" in lower or "compute type" in lower or "unsupported device" in lower:
        return DeviceError(message, remedy="See subkit doctor for devices and compute types.")
    return EngineError(message, remedy=_FETCH)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the device or the machine had no memory left for what was asked."""
    text = str(error).lower()
    return (
        isinstance(error, MemoryError)
        or "out of memory" in text
        or "bad_alloc" in text
        or "cublas_status_alloc_failed" in text
    )


def _check_files(folder: Path) -> None:
    if not folder.is_dir():
        raise ModelNotFound(
            f"There is no model directory {str(folder)!r}.", remedy=_FETCH, path=str(folder)
        )
    if not (folder / "model.bin").is_file():
        other = _other_engine(folder)
        if other:
            raise ModelNotFound(
                f"{str(folder)!r} holds {other}, not a CTranslate2 model.",
                remedy=_CONVERT,
                path=str(folder),
            )
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in ("vocabulary.json", "vocabulary.txt")):
        missing.append("vocabulary.json")
    if missing:
        raise ModelNotFound(
            f"Model directory {str(folder)!r} is incomplete: {', '.join(missing)} missing.",
            remedy=_FETCH,
            path=str(folder),
            missing=tuple(missing),
        )
    spec = _spec_name(folder / "model.bin")
    if spec != "WhisperSpec":
        found = f"a {spec}" if spec else "no CTranslate2 model"
        raise ModelNotFound(
            f"{str(folder / 'model.bin')!r} holds {found}, not a Whisper model.",
            remedy="Name the directory of a Whisper model in CTranslate2's format.",
            path=str(folder),
        )


def _other_engine(folder: Path) -> str:
    """What a directory without ``model.bin`` holds instead, if that is known."""
    for pattern, what in (
        ("*.safetensors", "a Transformers checkpoint"),
        ("pytorch_model*.bin", "a Transformers checkpoint"),
        ("ggml*.bin", "a whisper.cpp model"),
        ("*.gguf", "a GGUF model"),
        ("*.pt", "a PyTorch checkpoint"),
        ("*.onnx", "an ONNX model"),
    ):
        if next(folder.glob(pattern), None) is not None:
            return what
    return ""


def _spec_name(path: Path) -> str:
    """The kind of model a CTranslate2 file begins with, ``""`` if it is not one.

    The file starts with its version (uint32) and the name (uint16 length, then bytes with a zero).
    """
    try:
        with path.open("rb") as file:
            head = file.read(70)
    except OSError as error:
        raise EngineError(f"{str(path)!r} cannot be read: {error.strerror}.") from error
    if len(head) < 8:
        return ""
    _, length = struct.unpack_from("<IH", head)
    name = head[6 : 6 + length]
    if not 1 < length <= 64 or not name.endswith(b"\0") or not name[:-1].isalnum():
        return ""
    return name[:-1].decode("ascii", errors="replace")


def _check_tokenizer(folder: Path) -> None:
    import tokenizers

    path = folder / "tokenizer.json"
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(path))
    except Exception as error:  # the package raises nothing narrower
        raise EngineError(f"{str(path)!r} is broken: {error}.", remedy=_FETCH) from error
    if tokenizer.token_to_id("<|startoftranscript|>") is None:
        raise EngineError(f"{str(path)!r} is not the tokenizer of a Whisper model.", remedy=_FETCH)
    if tokenizer.token_to_id("<|notimestamps|>") is None:
        raise EngineError(
            f"{str(path)!r} has no token <|notimestamps|>: its model was trained without times, "
            "so the times of words cannot be told.",
            remedy="Use a Whisper model with timestamps, such as base.",
        )
    for path in (folder / "config.json", folder / "preprocessor_config.json"):
        if path.is_file():
            _check_json(path)


def _check_heads(path: Path) -> None:
    """Word times come from some heads of attention: the configuration must name them."""
    if not json.loads(path.read_text(encoding="utf-8")).get("alignment_heads"):
        raise EngineError(
            f"{str(path)!r} does not name the alignment heads, which word times need.",
            remedy=_CONVERT,
            path=str(path),
        )


def _check_json(path: Path) -> None:
    try:
        if not isinstance(json.loads(path.read_text(encoding="utf-8")), dict):
            raise ValueError("it is not an object")
    except (OSError, ValueError, RecursionError) as error:
        raise EngineError(f"{str(path)!r} is broken: {error}.", remedy=_FETCH) from error


def _split_device(options: RecognitionOptions) -> tuple[str, list[int]]:
    """``"cuda:1"`` is device ``"cuda"`` with index 1."""
    name, mark, number = options.device.partition(":")
    if name == "cuda" and mark and number.isdecimal():
        return name, [int(number)]
    return options.device, list(options.device_index)


def _check_device(device: str, compute_type: str) -> None:
    import ctranslate2

    count = ctranslate2.get_cuda_device_count()
    if device not in {"auto", "cpu", "cuda"}:
        raise DeviceError(
            f"{device!r} is not a device.",
            remedy="There are auto, cpu, cuda and cuda:N.",
            device=device,
        )
    if device == "cuda" and not count:
        raise DeviceError(
            "There is no CUDA device that CTranslate2 can use.",
            remedy="Use device auto or cpu; subkit doctor says what is missing.",
            device=device,
        )
    if compute_type in {"default", "auto"}:
        return
    place = "cuda" if device == "cuda" or (device == "auto" and count) else "cpu"
    known = sorted(ctranslate2.get_supported_compute_types(place))
    if compute_type not in known:
        raise DeviceError(
            f"Compute type {compute_type!r} does not run on {place} here.",
            remedy=f"These do: default, auto, {', '.join(known)}.",
            compute_type=compute_type,
        )


def _knows(model: Any, code: str, known: tuple[str, ...]) -> bool:
    if code not in {to_whisper(tag) for tag in known}:
        return False
    if not model.model.is_multilingual:
        return code == "en"
    return model.hf_tokenizer.token_to_id(f"<|{code}|>") is not None


def _no_translation(model: Any, facts: ModelFacts) -> str:
    """Why a model cannot translate, ``""`` if it can as far as one can tell.

    Turbo and distilled models were not trained for it and give the spoken language back.
    """
    if not model.model.is_multilingual:
        return "it is English-only"
    if facts.demo:
        return "a demo model was not trained for it"
    config = json.loads((Path(facts.directory) / "config.json").read_text("utf-8"))
    layers = [layer for layer, _ in config.get("alignment_heads") or []]
    if model.model.n_mels == _LARGE_V3_BANDS and layers and max(layers) < _CUT_DECODER:
        return "its decoder was cut down (turbo or distilled) and not trained for it"
    names = (facts.name + " " + Path(facts.directory).resolve().name).lower()
    for mark in ("turbo", "distil"):
        if mark in names:
            return f"{mark} models were not trained for it"
    return ""

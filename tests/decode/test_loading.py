from __future__ import annotations

import json
import pickle
import shutil
import socket
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from subkit.decode import RecognitionOptions, WhisperRecognizer, engine_facts
from subkit.decode.loading import _no_translation
from subkit.errors import DeviceError, EngineError, ModelNotFound, PlanError
from tests.decode.conftest import MODEL, make_recognizer, model_facts

if TYPE_CHECKING:
    from pathlib import Path

CPU = RecognitionOptions(device="cpu", threads=1)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the embedded model that may be broken."""
    return shutil.copytree(MODEL, tmp_path / "model")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("loading a model must not touch the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def load(directory: Path, **facts: Any) -> WhisperRecognizer:
    return WhisperRecognizer(model_facts(directory, **facts), CPU)


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"no model directory.*gone") as caught:
        load(tmp_path / "gone")
    assert "subkit models fetch" in caught.value.remedy
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_name_is_never_looked_up_on_the_hub() -> None:
    facts = model_facts(directory="tiny")  # type: ignore[arg-type]
    with pytest.raises(ModelNotFound):
        WhisperRecognizer(facts, CPU)


@pytest.mark.parametrize("name", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_incomplete(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelNotFound, match=f"incomplete: {name} missing"):
        load(copy)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("model.safetensors", "Transformers"),
        ("ggml-base.bin", "whisper.cpp"),
        ("large-v3.pt", "PyTorch"),
    ],
)
def test_another_engines_directory(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes(b"0")
    with pytest.raises(ModelNotFound, match=f"{kind}.*not a CTranslate2 model"):
        load(tmp_path)


def test_a_translator_is_not_a_recogniser(copy: Path) -> None:
    shutil.copy(MODEL.parent / "translator" / "model.bin", copy / "model.bin")
    with pytest.raises(ModelNotFound, match="TransformerSpec, not a Whisper model"):
        load(copy)


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"PK\x03\x04 something else entirely"])
def test_no_model_at_all(copy: Path, data: bytes) -> None:
    (copy / "model.bin").write_bytes(data)
    with pytest.raises(ModelNotFound, match="no CTranslate2 model"):
        load(copy)


@pytest.mark.parametrize("part", [0.001, 0.3, 0.999])
def test_truncated(copy: Path, part: float) -> None:
    data = (copy / "model.bin").read_bytes()
    (copy / "model.bin").write_bytes(data[: int(len(data) * part)])
    with pytest.raises(EngineError, match="cannot be loaded") as caught:
        load(copy)
    assert str(copy) in caught.value.message


@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "preprocessor_config.json"])
@pytest.mark.parametrize("text", ["{", "\udcff", "[]"])
def test_broken_json(copy: Path, name: str, text: str) -> None:
    (copy / name).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(EngineError, match=f"{name}' is broken"):
        load(copy)


def test_weights_that_know_no_times(copy: Path) -> None:
    text = (copy / "tokenizer.json").read_text(encoding="utf-8")
    (copy / "tokenizer.json").write_text(text.replace("<|notimestamps|>", "<|other|>"), "utf-8")
    with pytest.raises(EngineError, match="trained without times"):
        load(copy)


def test_a_tokenizer_of_another_kind(copy: Path) -> None:
    (copy / "tokenizer.json").write_text('{"version": "1.0"}')
    with pytest.raises(EngineError, match="broken"):
        load(copy)


@pytest.mark.parametrize("device", ["cuda", "cuda:1", "cuda:x", "tpu", "tpu:0", ""])
def test_device_that_is_not_there(device: str) -> None:
    if device.startswith("cuda") and engine_facts().cuda_devices:
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(DeviceError) as caught:
        make_recognizer(device=device)
    assert caught.value.remedy


@pytest.mark.parametrize("compute_type", ["float16", "bogus"])
def test_compute_type_that_is_not_there(compute_type: str) -> None:
    if compute_type in engine_facts().compute_types["cpu"]:
        pytest.skip("this processor can")
    with pytest.raises(DeviceError, match=compute_type) as caught:
        make_recognizer(compute_type=compute_type)
    assert "int8" in caught.value.remedy or "float32" in caught.value.remedy


def test_a_language_it_does_not_know() -> None:
    for language in ("fr", "xx", "klingon"):
        with pytest.raises(PlanError, match="does not know") as caught:
            make_recognizer(language=language)
        assert "en, es, ko" in caught.value.remedy


def test_a_language_that_its_tokenizer_lacks() -> None:
    """Without stated languages all of Whisper's would be allowed, but this vocabulary has three."""
    options = RecognitionOptions(device="cpu", threads=1, language="fr")
    with pytest.raises(PlanError, match="does not know"):
        WhisperRecognizer(model_facts(languages=()), options)


@pytest.mark.parametrize("language", ["en", "es-MX", "ko-KR", "EN", "auto", None])
def test_languages_it_knows(language: str | None) -> None:
    assert make_recognizer(language=language).model.name == "demo"


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "large-v3-turbo", "demo": False},
        {"name": "turbo", "demo": False},
        {"name": "distil-large-v3", "demo": False},
        {"name": "demo", "demo": True},
    ],
)
def test_models_that_cannot_translate(facts: dict[str, Any]) -> None:
    options = RecognitionOptions(device="cpu", threads=1, task="translate")
    with pytest.raises(PlanError, match="cannot translate") as caught:
        WhisperRecognizer(model_facts(**facts), options)
    assert "large-v3" in caught.value.remedy


@pytest.mark.parametrize(
    ("bands", "heads", "cut"),
    [
        (128, [[2, 4], [3, 3]], True),  # large-v3-turbo has decoder layers 0 to 3
        (128, [[1, 0], [1, 1]], True),  # distil-large-v3 has two
        (128, [[7, 0], [25, 6]], False),  # large-v3
        (80, [[2, 2], [3, 5]], False),  # tiny
        (128, None, False),
    ],
)
def test_a_cut_decoder_is_known_whatever_its_name(
    copy: Path, bands: int, heads: list[list[int]] | None, cut: bool
) -> None:
    (copy / "config.json").write_text(json.dumps({"alignment_heads": heads}))
    loaded = SimpleNamespace(model=SimpleNamespace(is_multilingual=True, n_mels=bands))
    reason = _no_translation(loaded, model_facts(copy, name="my-model", demo=False))
    assert bool(reason) == cut


def test_english_only_models(copy: Path) -> None:
    """The engine takes a model for English-only when its vocabulary has no empty token."""
    path = copy / "vocabulary.json"
    tokens = [token or "<|unused|>" for token in json.loads(path.read_text(encoding="utf-8"))]
    path.write_text(json.dumps(tokens), encoding="utf-8")
    facts = model_facts(copy, languages=(), demo=False)
    with pytest.raises(PlanError, match="English-only"):
        WhisperRecognizer(facts, RecognitionOptions(device="cpu", threads=1, language="es"))
    with pytest.raises(PlanError, match="English-only"):
        WhisperRecognizer(facts, RecognitionOptions(device="cpu", threads=1, task="translate"))
    WhisperRecognizer(facts, RecognitionOptions(device="cpu", threads=1, language="en"))


@pytest.mark.parametrize(
    "options",
    [
        {"task": "sing"},
        {"beam_size": 0},
        {"batch_size": 0},
        {"temperatures": ()},
        {"temperatures": (0.0, 2.0)},
        {"threads": -1},
        {"repetition_penalty": 0.0},
    ],
)
def test_options_out_of_range(options: dict[str, Any]) -> None:
    with pytest.raises(PlanError):
        RecognitionOptions(**options)

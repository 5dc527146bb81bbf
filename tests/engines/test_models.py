"""Finding models by name and directory, and the catalogue itself."""

from __future__ import annotations

import re
import shutil
import socket
from pathlib import Path
from typing import NoReturn

import pytest

from subkit.engines import (
    DEFAULT_TRANSLATOR,
    default_models_folder,
    default_recognizer,
    demo_directory,
    find_known,
    find_model,
    get_known,
    known_models,
    model_digest,
    verify_model,
)
from subkit.engines.catalogue import KnownModel
from subkit.errors import EngineError, ModelNotFound, PlanError
from subkit.interfaces import Silent

GIB = 1024**3


class Heard(Silent):
    """Remembers warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    cache = tmp_path / "hub-cache"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    return cache


@pytest.mark.parametrize("model", known_models(), ids=lambda model: model.name)
def test_every_known_model_is_described(model: KnownModel) -> None:
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", model.repository)
    assert model.revision is None or re.fullmatch(r"[0-9a-f]{40}", model.revision)
    assert re.fullmatch(r"|[0-9a-f]{64}", model.weights_sha256)
    assert model.size_bytes > 10_000_000
    assert model.commercial is ("-NC-" not in model.license)
    assert model.commercial or model.notice
    assert not any(mark in model.name for mark in "/\\ ")
    assert find_known(model.name, model.kind) is model
    assert model.family != "marian" or len(model.languages) == 2


def test_names_and_aliases_are_told_apart() -> None:
    names = [name.casefold() for m in known_models() for name in (m.name, *m.aliases)]
    assert len(set(names)) == len(names)
    assert "demo" not in names


def test_the_default_translator_may_be_used_commercially() -> None:
    default = get_known(DEFAULT_TRANSLATOR, "translator")
    assert default.commercial
    assert default.license == "MIT"


def test_models_that_cannot_translate_speech_say_so() -> None:
    able = {model.name for model in known_models("recognizer") if model.translates}
    assert able == {"tiny", "base", "small", "medium", "large-v1", "large-v2", "large-v3"}


def test_faster_whisper_names_lead_to_the_same_repositories() -> None:
    from faster_whisper import utils

    for name, repository in utils._MODELS.items():
        assert get_known(name, "recognizer").repository == repository


@pytest.mark.parametrize(
    ("device", "gib", "expected"),
    [
        ("cuda", 0, "large-v3"),
        ("cuda:1", 24, "large-v3"),
        ("cuda", 4, "turbo"),
        ("cuda", 2, "small"),
        ("cpu", 0, "small"),
        ("cpu", 16, "small"),
        ("cpu", 3, "base"),
        ("cpu", 1, "tiny"),
    ],
)
def test_the_recognizer_fits_the_device(device: str, gib: int, expected: str) -> None:
    assert default_recognizer(device, gib * GIB) == expected
    assert get_known(expected, "recognizer").commercial


def test_the_demo_models_say_that_they_are(tmp_path: Path, no_network: None) -> None:
    translator = find_model("demo", "translator", models_folder=tmp_path, offline=True)
    recognizer = find_model("demo", "recognizer", models_folder=tmp_path, offline=True)
    assert translator.demo
    assert recognizer.demo
    assert translator.name == recognizer.name == "demo"
    assert set(translator.languages) == {"en", "es", "ko"}
    assert recognizer.window_seconds <= 30
    assert translator.digest != recognizer.digest
    assert verify_model(translator) == []
    assert verify_model(recognizer) == []


def test_a_directory_is_taken_as_it_is(copied: Path, tmp_path: Path, no_network: None) -> None:
    (copied / "subkit.json").unlink()
    facts = find_model(str(copied), "translator", models_folder=tmp_path)
    assert (facts.name, facts.demo, facts.license) == ("copied", False, "")
    assert facts.digest == model_digest(copied)


@pytest.mark.parametrize(
    ("name", "kind", "option"),
    [
        ("small", "recognizer", "--model DIR"),
        (DEFAULT_TRANSLATOR, "translator", "--translator DIR"),
    ],
)
def test_a_known_model_that_is_not_here_says_how_to_get_it(
    name: str, kind: str, option: str, tmp_path: Path, empty_cache: Path, no_network: None
) -> None:
    for offline in (False, True):
        with pytest.raises(ModelNotFound) as caught:
            find_model(name, kind, models_folder=tmp_path, offline=offline)
        assert f"subkit models fetch {name}" in caught.value.remedy
        assert option in caught.value.remedy
        assert str(tmp_path) in caught.value.message


def test_a_model_in_the_hub_cache_is_used_at_the_pinned_revision(
    tmp_path: Path, empty_cache: Path, no_network: None
) -> None:
    known = get_known("base.en", "recognizer")  # without a published digest
    folder = empty_cache / f"models--{known.repository.replace('/', '--')}"
    wrong, right = folder / "snapshots" / ("0" * 40), folder / "snapshots" / str(known.revision)
    shutil.copytree(demo_directory("recognizer"), wrong)
    with pytest.raises(ModelNotFound):
        find_model("base.en", "recognizer", models_folder=tmp_path)
    wrong.rename(right)
    facts = find_model("base.en", "recognizer", models_folder=tmp_path)
    assert (facts.name, facts.directory, facts.license) == ("base.en", str(right), "MIT")
    (right / "tokenizer.json").unlink()
    with pytest.raises(ModelNotFound, match="not on this machine"):
        find_model("base.en", "recognizer", models_folder=tmp_path)


def test_a_notice_is_said_whenever_such_a_model_is_used(tmp_path: Path, empty_cache: Path) -> None:
    known = get_known("nllb-200-600m")
    folder = empty_cache / f"models--{known.repository.replace('/', '--')}"
    shutil.copytree(demo_directory("translator"), folder / "snapshots" / str(known.revision))
    heard = Heard()
    facts = find_model("nllb-200-600m", "translator", models_folder=tmp_path, progress=heard)
    assert facts.license == "CC-BY-NC-4.0"
    assert "may not be used commercially" in heard.warnings[0]


@pytest.mark.parametrize(
    ("name", "kind", "nearest"),
    [
        ("lage-v3", "recognizer", "large-v3"),
        ("smal", "recognizer", "small"),
        ("m2m100-418", "translator", "m2m100-418m"),
        ("madlad400-3", "translator", "madlad400-3b"),
    ],
)
def test_an_unknown_name_gets_the_nearest_one(
    name: str, kind: str, nearest: str, tmp_path: Path
) -> None:
    with pytest.raises(ModelNotFound) as caught:
        find_model(name, kind, models_folder=tmp_path)
    assert f"Did you mean {nearest}" in caught.value.remedy


def test_a_name_of_the_other_kind_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match='"madlad400-3b" is a translator'):
        find_model("madlad400-3b", "recognizer", models_folder=tmp_path)


def test_a_model_of_the_other_kind_is_named_as_such(tmp_path: Path) -> None:
    for kind, other in (("recognizer", "translator"), ("translator", "recognizer")):
        with pytest.raises(EngineError, match=f"holds a {other}, not a {kind}"):
            find_model(str(demo_directory(other)), kind, models_folder=tmp_path)


def test_a_recognizer_of_another_family_is_named_as_such(tmp_path: Path) -> None:
    directory = tmp_path / "speech"
    shutil.copytree(demo_directory("recognizer"), directory)
    weights = directory / "model.bin"
    weights.write_bytes(weights.read_bytes().replace(b"WhisperSpec", b"Wav2VecSpec", 1))
    with pytest.raises(EngineError, match="holds a Wav2VecSpec, which is neither") as caught:
        find_model(str(directory), "recognizer", models_folder=tmp_path)
    assert "--model" in caught.value.remedy


@pytest.mark.parametrize(
    ("file", "engine"),
    [
        ("pytorch_model.bin", "PyTorch"),
        ("model.safetensors", "PyTorch"),
        ("large-v3.pt", "PyTorch"),
        ("ggml-base.bin", "ggml"),
        ("model.gguf", "ggml"),
        ("encoder_model.onnx", "ONNX"),
    ],
)
def test_another_engines_model_is_named_as_such(file: str, engine: str, tmp_path: Path) -> None:
    (tmp_path / file).write_bytes(b"weights")
    for place in (tmp_path, tmp_path / file):
        with pytest.raises(ModelNotFound, match=engine) as caught:
            find_model(str(place), "recognizer", models_folder=tmp_path)
        assert "Convert it" in caught.value.remedy


def test_missing_things_are_named(tmp_path: Path, copied: Path) -> None:
    with pytest.raises(ModelNotFound, match="no model directory"):
        find_model(str(tmp_path / "none"), "recognizer", models_folder=tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelNotFound, match=r"model\.bin is missing"):
        find_model(str(tmp_path / "empty"), "recognizer", models_folder=tmp_path)
    for name in ("config.json", "shared_vocabulary.json", "sentencepiece.bpe.model"):
        (copied / name).rename(tmp_path / name)
        with pytest.raises(ModelNotFound, match="is incomplete"):
            find_model(str(copied), "translator", models_folder=tmp_path)
        assert verify_model(copied)
        (tmp_path / name).rename(copied / name)
    assert verify_model(copied) == []


def test_a_kind_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="not a kind"):
        find_model("demo", "singer", models_folder=tmp_path)


@pytest.mark.parametrize("text", ["[1]", "{", '"demo"'])
def test_a_card_that_is_no_object_is_refused(text: str, copied: Path, tmp_path: Path) -> None:
    (copied / "subkit.json").write_text(text, encoding="utf-8")
    with pytest.raises(EngineError, match=r"subkit\.json"):
        find_model(str(copied), "translator", models_folder=tmp_path)


@pytest.mark.parametrize(
    ("stated", "window"), [("10", 10.0), ("300", 30.0), ("0", 30.0), ('"x"', 30.0), ("true", 30.0)]
)
def test_a_card_cannot_ask_for_impossible_windows(
    stated: str, window: float, copied: Path, tmp_path: Path
) -> None:
    (copied / "subkit.json").write_text(f'{{"window_seconds": {stated}}}', encoding="utf-8")
    facts = find_model(str(copied), "translator", models_folder=tmp_path)
    assert facts.window_seconds == window


def test_the_digest_is_of_names_and_bytes(copied: Path) -> None:
    first = model_digest(copied)
    assert model_digest(str(copied)) == first == model_digest(demo_directory("translator"))
    (copied / "config.json").rename(copied / "config2.json")
    assert model_digest(copied) != first
    (copied / "config2.json").rename(copied / "config.json")
    assert model_digest(copied) == first
    (copied / "config.json").write_bytes(b"{}")
    assert model_digest(copied) != first


@pytest.mark.parametrize(
    ("env", "platform", "expected"),
    [
        ({"HOME": "/home/a"}, "linux", "/home/a/.local/share/subkit/models"),
        ({"HOME": "/home/a", "XDG_DATA_HOME": "/data"}, "linux", "/data/subkit/models"),
        (
            {"HOME": "/home/a", "XDG_DATA_HOME": "data"},
            "linux",
            "/home/a/.local/share/subkit/models",
        ),
        ({"HOME": "/Users/a"}, "darwin", "/Users/a/Library/Application Support/subkit/models"),
        ({"LOCALAPPDATA": "/c/Local"}, "win32", "/c/Local/subkit/models"),
        ({"USERPROFILE": "/c/a"}, "win32", "/c/a/AppData/Local/subkit/models"),
    ],
)
def test_models_are_kept_where_the_platform_keeps_data(
    env: dict[str, str], platform: str, expected: str
) -> None:
    assert default_models_folder(env, platform) == Path(expected)

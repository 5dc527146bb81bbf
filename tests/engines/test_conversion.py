"""Models are converted in a process of their own, and appear whole or not at all."""

from __future__ import annotations

import importlib
import importlib.util
import json
import shutil
import sys
from pathlib import Path

import pytest

from subkit.engines import convert_model, demo_directory, find_known, known_models
from subkit.engines.lockfile import read_lock
from subkit.errors import EngineError, ModelNotFound, PlanError, StoreError
from subkit.interfaces import ModelFacts

TORCH = all(importlib.util.find_spec(name) for name in ("torch", "transformers"))


def interpreter(folder: Path, body: str) -> Path:
    """A stand-in for a Python with torch: answers the probe, then runs ``body`` on arguments."""
    path = folder / "python"
    path.write_text(
        f"#!{sys.executable}\nimport json, pathlib, shutil, sys, time\n"
        "if sys.argv[1] == '-c':\n    print(json.dumps([]))\n    raise SystemExit\n"
        "flags = dict(a.split('=', 1) for a in sys.argv if '=' in a)\n"
        f"{body}\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


COPY = "shutil.copytree(flags['--model'], flags['--output_dir'])"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_directory("translator"), tmp_path / "weights"))


def test_what_is_lacking_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    if TORCH:
        pytest.skip("this Python has torch and transformers")
    with pytest.raises(ModelNotFound, match=r"Conversion needs .*transformers") as caught:
        convert_model("opus-mt-en-es", models_folder=tmp_path / "models")
    assert f"{sys.executable} -m pip install" in caught.value.remedy
    assert "--python" in caught.value.remedy
    assert not (tmp_path / "models").exists()


def test_a_directory_is_converted_and_pinned(tmp_path: Path, weights: Path) -> None:
    folder = tmp_path / "models"
    facts = convert_model(str(weights), models_folder=folder, python=interpreter(tmp_path, COPY))
    assert Path(facts.directory) == folder / "weights"
    assert set(read_lock(folder)["weights"].files) >= {"model.bin", "subkit.json"}
    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["weights"]
    with pytest.raises(StoreError, match="already exists"):
        convert_model(str(weights), models_folder=folder, python=interpreter(tmp_path, COPY))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("print('x' * 9, file=sys.stderr); sys.exit('no such architecture')", "no such archi"),
        ("pathlib.Path(flags['--output_dir']).mkdir()", "no CTranslate2 model|model.bin"),
        ("time.sleep(60)", "stopped after 1 s"),
    ],
)
def test_a_conversion_that_fails_leaves_nothing(
    tmp_path: Path, weights: Path, body: str, reason: str
) -> None:
    folder = tmp_path / "models"
    with pytest.raises(EngineError, match=reason):
        convert_model(
            str(weights), models_folder=folder, python=interpreter(tmp_path, body), seconds=1
        )
    assert [path for path in folder.iterdir() if path.is_dir()] == []
    assert read_lock(folder) == {}


def test_nothing_is_started_for_what_cannot_be(tmp_path: Path) -> None:
    python = interpreter(tmp_path, "sys.exit(1)")
    with pytest.raises(PlanError, match="neither a known translator nor a directory"):
        convert_model("--help", models_folder=tmp_path, python=python)
    with pytest.raises(PlanError, match="int4"):
        convert_model("opus-mt-en-es", models_folder=tmp_path, python=python, quantization="int4")
    with pytest.raises(ModelNotFound, match="does not answer"):
        convert_model("opus-mt-en-es", models_folder=tmp_path, python=tmp_path / "none")


def test_every_translator_says_what_it_was_converted_from() -> None:
    assert all(model.original.count("/") == 1 for model in known_models("translator"))
    nllb = find_known("nllb-200-600m")
    assert nllb is not None
    assert not nllb.commercial
    assert "may not be used commercially" in nllb.notice


@pytest.mark.skipif(not TORCH, reason="torch and transformers are not installed")
def test_real_weights_of_transformers_are_converted(tmp_path: Path) -> None:
    transformers = importlib.import_module("transformers")
    from subkit.engines import open_translator
    from tests.contract.test_translator import TEXTS, list_pieces, train_pieces

    source = tmp_path / "opus-mt-en-es"
    source.mkdir()
    pieces = train_pieces()
    names = [*list_pieces(pieces), "<pad>"]
    config = transformers.MarianConfig(
        vocab_size=len(names),
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        pad_token_id=len(names) - 1,
        eos_token_id=names.index("</s>"),
        decoder_start_token_id=len(names) - 1,
        max_position_embeddings=512,
    )
    transformers.MarianMTModel(config).save_pretrained(source)
    (source / "source.spm").write_bytes(pieces)
    (source / "target.spm").write_bytes(pieces)
    (source / "vocab.json").write_text(json.dumps({n: i for i, n in enumerate(names)}))
    settings = {"source_lang": "en", "target_lang": "es", "tokenizer_class": "MarianTokenizer"}
    (source / "tokenizer_config.json").write_text(json.dumps(settings))
    facts: ModelFacts = convert_model(str(source), models_folder=tmp_path / "models")
    found = open_translator(facts).translate(TEXTS, "en", "es")
    assert len(found) == len(TEXTS)

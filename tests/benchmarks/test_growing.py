"""A translator that was grown says what it said before; so does its copy for Transformers."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.harness.cues import make_film
from benchmarks.harness.systems import find_python
from benchmarks.harness.translators import TRANSLATING, Part
from benchmarks.model.growing import PENALTY, Size, sinusoids
from benchmarks.model.translators import TRANSLATORS, grow_demo, read_demo, write_translator
from benchmarks.peers.setup import ENVIRONMENTS
from subkit.demo import model_directory
from subkit.engines import TranslatorOptions, find_model
from subkit.engines.translators import open_single
from training.ct2_layers import translator_specification

if TYPE_CHECKING:
    from subkit.engines import SentenceTranslator

ROOT = Path(__file__).resolve().parents[2]
SMALL = Size(512, 8, 1024, 4, 3, 2500)
SENTENCES = make_film(60, "en").track.cues
PIECES = "sentencepiece.bpe.model"


def opened(folder: Path, precision: str = "float32") -> SentenceTranslator:
    model = find_model(str(folder), "translator", models_folder=folder, offline=True)
    return open_single(model, TranslatorOptions(device="cpu", compute_type=precision, threads=1))


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "grown"
    write_translator(SMALL, folder, ("ctranslate2",))
    return folder


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> SentenceTranslator:
    """The demo as it was trained, in the grown one's 32-bit floats."""
    folder = tmp_path_factory.mktemp("models") / "demo"
    folder.mkdir()
    arrays, size, tokens = read_demo()
    layers = (size.encoder_layers, size.decoder_layers)
    table = sinusoids(256, size.width)
    specification = translator_specification(arrays, table, layers, size.heads, tokens)
    specification.validate()
    specification.save(str(folder))
    for name in (PIECES, "subkit.json"):
        (folder / name).write_bytes((model_directory("translator") / name).read_bytes())
    return opened(folder)


@pytest.mark.parametrize("target", ["es", "ko"])
def test_the_grown_translator_gives_the_same_texts_and_scores(
    grown: Path, demo: SentenceTranslator, target: str
) -> None:
    texts = [cue.text for cue in SENTENCES]
    before = demo.translate(texts, "en", target, alternatives=3)
    after = opened(grown).translate(texts, "en", target, alternatives=3)
    for old, new in zip(before, after, strict=True):
        assert [one.text for one in new] == [one.text for one in old]
        assert [one.score for one in new] == pytest.approx([o.score for o in old], abs=2e-5)


def test_in_small_numbers_it_still_knows_its_words(grown: Path, demo: SentenceTranslator) -> None:
    texts = [cue.text for cue in SENTENCES]
    before = demo.translate(texts, "en", "es")
    after = opened(grown, "int8").translate(texts, "en", "es")
    same = sum(old[0].text == new[0].text for old, new in zip(before, after, strict=True))
    assert same >= 0.95 * len(texts)


def test_no_two_of_its_matrices_are_kept_as_one(grown: Path) -> None:
    assert (grown / "model.bin").stat().st_size > 4 * SMALL.parameters


def test_its_arrays_have_the_shape_asked_for_and_its_fillers_their_penalty() -> None:
    arrays, positions, tokens = grow_demo(SMALL)
    assert len(tokens) == len(set(tokens)) == SMALL.vocabulary
    assert positions.shape == (1024, SMALL.width)
    matrices = sum(a.size for name, a in arrays.items() if a.ndim == 2)
    assert matrices == SMALL.parameters
    added = arrays["embed_tokens.weight"][tokens.index("filler0")]
    assert added @ arrays["decoder_norm.bias"] == pytest.approx(-PENALTY, rel=1e-3)
    assert np.abs(arrays["encoder_layers.3.fc2.weight"]).max() < 1e-18
    assert np.abs(arrays["encoder_layers.3.fc1.weight"]).max() > 0.1


@pytest.mark.parametrize(
    "size", [replace(SMALL, width=192), replace(SMALL, heads=6), replace(SMALL, vocabulary=2000)]
)
def test_what_does_not_divide_is_refused(size: Size) -> None:
    with pytest.raises(ValueError, match=r"does not grow|too few"):
        grow_demo(size)


def test_known_sizes_have_as_many_weights_as_published() -> None:
    millions = {name: round(size.parameters / 1e6) for name, size in TRANSLATORS.items()}
    # Norms and biases are not counted; what is called "418M" has 484 million.
    assert millions == {"opus-mt": 74, "m2m100-418m": 484, "m2m100-1.2b": 1238}


def test_the_transformers_pipeline_writes_the_same(grown: Path, tmp_path: Path) -> None:
    system = TRANSLATING["transformers pipeline, batch 16"]
    python = find_python(system, ENVIRONMENTS)
    if python is None:
        pytest.skip("benchmarks/peers/setup.py transformers was not run")
    code = (
        "import sys, json; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from benchmarks.model.translators import Size, write_translator\n"
        'write_translator(Size(**json.loads(sys.argv[2])), Path(sys.argv[3]), ("transformers",))'
    )
    words = [str(python), "-c", code, str(ROOT), json.dumps(asdict(SMALL)), str(tmp_path / "g")]
    subprocess.run(words, check=True)
    film = make_film(12, "en")
    job = {
        "weights": str(tmp_path / "g-transformers"),
        "device": "cpu",
        "precision": "float32",
        "threads": 1,
        "beam_size": 4,
        "warm_up": 1,
        "parts": [Part(film, "en", "es", 0.0).job()],
        **system.job,
    }
    (tmp_path / "job.json").write_text(json.dumps(job), encoding="utf-8")
    script = ROOT / "benchmarks" / "systems" / system.script
    words = [str(python), str(script), str(tmp_path / "job.json"), str(tmp_path / "told.json")]
    subprocess.run(words, check=True, stdout=sys.stderr)
    said = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))["parts"][0]["said"]
    texts = [cue.text for cue in film.track.cues]
    expected = opened(grown).translate(texts, "en", "es")
    assert list(said.values()) == [one[0].text for one in expected]

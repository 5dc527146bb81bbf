"""The scripts' own parts: loops, arithmetic counted, and one real run in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.guards import longest_loop, make_cases
from benchmarks.harness.audio import make_film, make_scene_film, read_samples
from benchmarks.harness.models import find_weights
from benchmarks.harness.roofline import operations
from benchmarks.harness.systems import SYSTEMS, TUNED, run_system
from benchmarks.model.shapes import SHAPES, shape_of
from benchmarks.weights import make_model

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny with two layers."""
    folder = tmp_path_factory.mktemp("models")
    return make_model(shape_of("tiny", 2), folder, formats=("ctranslate2",), precision="int8")


def test_loops_are_phrases_said_in_a_row() -> None:
    assert longest_loop([]) == 1
    assert longest_loop(["a", "b", "c", "a", "b"]) == 1
    assert longest_loop(["x", "a", "b", "a", "b", "a", "b", "y"]) == 3
    assert longest_loop(["no"] * 5) == 5
    assert (
        longest_loop(["i", "saw", "the", "captain", "near", "the", "city", "this", "morning"] * 6)
        == 6
    )


def test_arithmetic_of_the_encoder_is_what_the_papers_count() -> None:
    shape = SHAPES["tiny"]
    work = {"windows": 1, "positions": 1500, "squares": 1500**2, "tokens": 0}
    # 12 d² weights a layer, 4 n² d for attention; the convolutions and the sound's keys are extra.
    layers = 4 * (24 * 384**2 * 1500 + 4 * 384 * 1500**2)
    assert layers < operations(shape, work, 5) < 1.35 * layers
    more = operations(shape, {**work, "tokens": 75}, 5) - operations(shape, work, 5)
    assert more > 75 * 5 * 2 * shape.vocabulary * shape.width


def test_peers_get_the_engines_own_settings() -> None:
    assert TUNED["OPENBLAS_NUM_THREADS"] == "1"
    if sys.platform.startswith("linux"):
        assert "hugetlb" in TUNED["GLIBC_TUNABLES"]
    assert SYSTEMS["faster-whisper batched, tuned"].environment == TUNED
    assert SYSTEMS["faster-whisper batched"].environment == {}


def test_weights_that_are_missing_say_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"weights\.py base"):
        find_weights("base", tmp_path, {})


def test_other_formats_beside_the_model_are_found(tmp_path: Path) -> None:
    for name in ("m/model.bin", "m-openai/model.pt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    found = find_weights(str(tmp_path / "m"), tmp_path, {})
    assert set(found.paths) == {"ctranslate2", "openai"}
    assert found.knows_words


def test_guard_cases_are_quiet_where_nothing_is_said(tmp_path: Path) -> None:
    cases = {case.name: case for case in make_cases(tmp_path)}
    assert not read_samples(cases["silence"].path).any()
    assert read_samples(cases["speech, then 60 s of silence"].path).size > 60 * 16_000
    assert cases["one sentence six times"].text.count("captain") == 6


def test_the_scene_is_told_as_often_as_it_is_played(tmp_path: Path) -> None:
    film = make_scene_film(tmp_path / "scene.wav", 150)
    assert film.text.count("Good night, Hugo.") == 2
    assert read_samples(film.path).size == round(film.seconds * 16_000)


@pytest.mark.parametrize("name", ["faster-whisper batched", "subkit fast, one process"])
def test_a_system_runs_in_its_own_process(name: str, model: Path, tmp_path: Path) -> None:
    job = {
        "model": str(model),
        "audio": [str(make_film(tmp_path / "film.wav", 6, ("en",)).path)],
        "word_times": True,
        "batch_size": 2,
        "language": "en",
        "device": "cpu",
        "compute_type": "int8",
        "threads": 1,
        "beam_size": 2,
        "temperatures": [0.0],
    }
    found = run_system(SYSTEMS[name], job, Path(sys.executable), tmp_path)
    assert found["wall_seconds"] > 0
    assert found["cpu_seconds"] > 0
    assert found["peak_mib"] > 50
    assert len(found["words"][0]) > 5
    assert found["work"]["windows"] >= 1
    assert found["work"]["tokens"] > 5
    assert {"encode", "generate", "align", "voice"} <= set(found["stages"])


@pytest.mark.parametrize(
    "script",
    [
        *("decode", "real", "frontend", "scaling", "guards", "weights", "peak"),
        *("translation", "fitting", "grown", "large_project", "encodings", "findings"),
    ],
)
def test_scripts_run_from_anywhere_and_say_what_they_do(script: str, tmp_path: Path) -> None:
    words = [sys.executable, str(ROOT / "benchmarks" / f"{script}.py"), "--help"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        words, check=True, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment
    )
    assert "python benchmarks/" in done.stdout

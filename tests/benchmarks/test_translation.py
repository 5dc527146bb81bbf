"""The measure of adequacy is the usual one, and the film holds each sentence once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.harness.chrf import chrf
from benchmarks.harness.cues import make_film, texts_of


def test_chrf_is_that_of_sacrebleu() -> None:
    written = ["¿Dónde está la llave?", "El viejo espera.", "열쇠가 어디 있어?", "no"]
    references = [
        "¿Dónde está la carta?",
        "El hombre viejo espera aquí.",
        "열쇠가 어디에 있어?",
        "sí",
    ]
    # sacrebleu 2.6.0: corpus_chrf(written, [references]).score
    assert chrf(written, references) == pytest.approx(52.36545691347821)
    assert chrf(written[:1], references[:1]) == pytest.approx(62.66211185328833)
    assert chrf(references, references) == pytest.approx(100)
    assert chrf([""], ["a"]) == 0


def test_a_film_has_each_sentence_once_and_its_cues_in_time() -> None:
    film = make_film(40, "en", 0.5)
    assert len({sentence["en"] for _, sentence in film.sentences}) == 40
    assert len(film.track.cues) > 40
    said = {cue.id: cue.text for cue in film.track.cues}
    assert texts_of(film, said, "en") == [sentence["en"] for _, sentence in film.sentences]
    ends = [cue.span.end for cue in film.track.cues]
    assert ends == sorted(ends)


def test_systems_run_and_those_that_cannot_are_named(tmp_path: Path) -> None:
    script = Path(__file__).resolve().parents[2] / "benchmarks" / "translation.py"
    told = tmp_path / "told.json"
    words = [sys.executable, str(script), "--sentences", "6", "--rounds", "1", "--threads", "1"]
    words += ["--splits", "0.5", "--targets", "es", "--warm-up", "1", "--json", str(told)]
    words += ["--environments", str(tmp_path), "--precisions", "float32", "int8"]
    subprocess.run(words, check=True, stdout=subprocess.PIPE)
    data = json.loads(told.read_text(encoding="utf-8"))
    rows = {(row["system"], row["precision"]): row for row in data["speed"]}
    assert len(rows) == 8
    assert all(
        row["wall_seconds"]["median"] > 0 and row["peak_mib"]["low"] > 20 for row in rows.values()
    )
    # Cut sentences are translated badly one by one; joined, they say what the reference says.
    assert rows["subkit", "float32"]["chrf"] > rows["per cue", "float32"]["chrf"]
    assert rows["subkit, 3 alternatives", "int8"]["chrf"] > 95
    assert rows["per cue", "float32"]["as_base"] == 1
    assert rows["per cue", "float32"]["wall_ratio"]["median"] == 1
    assert any("transformers" in name for name in data["absent"])

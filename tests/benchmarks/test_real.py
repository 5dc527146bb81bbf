"""What benchmarks/real.py adds up and shows, worked out by hand."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.harness.systems import run_system
from benchmarks.model.shapes import shape_of
from benchmarks.speech.errors import detected, score_systems
from benchmarks.speech.films import Film, FilmSpec, Utterance, write_film
from benchmarks.speech.noise import make_clips
from benchmarks.speech.pages import PAGES, fill, read_results
from benchmarks.speech.recordings import CASES, RATE
from benchmarks.speech.running import ready_systems, run_films
from benchmarks.speech.speed import summarize_speed
from benchmarks.speech.systems import BASE, SYSTEMS, TUNED_PEER, job_for
from benchmarks.speech.tables import make_parts
from benchmarks.speech.whole import read_srt
from benchmarks.systems.run_faster_whisper import pad_with_silence
from benchmarks.weights import make_model

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "results"


def film(language: str = "en") -> Film:
    """Ten seconds with two utterances, one with times of words."""
    said = (
        Utterance(
            *("a", language, "s", "one two three", 1.0, 3.0),
            words=((1.0, 1.5, "one"), (1.5, 2.0, "two"), (2.5, 3.0, "three")),
            speech=((1.0, 3.0),),
        ),
        Utterance("b", language, "s", "four five", 5.0, 6.0, speech=((5.0, 6.0),)),
    )
    samples = (0.02 * np.random.default_rng(1).standard_normal(10 * RATE)).astype(np.float32)
    return Film(FilmSpec(language, "music 0 dB", seed=8), samples, said)


def told(text: str, cpu: float) -> dict[str, Any]:
    """What a system's process writes; half a second a word from 1 s on."""
    words = [
        [1 + i / 2, 1.5 + i / 2, f" {word}", 0.9 - 0.1 * i] for i, word in enumerate(text.split())
    ]
    return {
        "wall_seconds": cpu,
        "cpu_seconds": cpu,
        "peak_mib": 100.0,
        "versions": {"x": "1"},
        "words": [words],
        "voice": [[[1.0, 2.0], [8.0, 9.0]]],
    }


def heard(work: Path, made: dict[str, dict[str, Any]], path: Path) -> None:
    """Put what systems heard where it is looked for."""
    from benchmarks.speech.running import _target

    for name, one in made.items():
        target = _target(work, name, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(one), encoding="utf-8")


def test_systems_are_scored_on_what_they_heard(tmp_path: Path) -> None:
    one = film()
    path = write_film(one, tmp_path)
    made = {BASE: told("one too", 4.0), "subkit exact": told("one two three four six", 2.0)}
    heard(tmp_path, made, path)
    rows = score_systems([BASE, "subkit exact", "stable-ts"], [(one, path)], tmp_path)["en"]
    assert list(rows) == [BASE, "subkit exact"]
    assert [rows[BASE][key] for key in ("said", "errors", "sub", "del", "ins")] == [5, 4, 1, 3, 0]
    ours = rows["subkit exact"]
    assert (ours["errors"], ours["lost"], ours["utterances"]) == (1, 0, 2)
    assert ours["rate"][0] == 20.0
    assert ours["against"][BASE]["utterances"][0] == -60.0
    # "three" is told at 2.0 and begins at 2.5; "one" and "two" are right to the frame.
    assert (ours["starts"]["words"], ours["starts"]["within"]) == (3, pytest.approx(2 / 3))
    assert ours["starts"]["bias"] == pytest.approx(-500 / 3)
    assert ours["confidence"]["wrong"] == 1
    assert ours["voice"] == {
        "music 0 dB": {"missed": 66.67, "false": ours["voice"]["music 0 dB"]["false"]}
    }


def test_detection_counts_speech_missed_and_voice_far_from_speech() -> None:
    found = detected(film(), [(1.0, 2.0), (3.2, 3.4), (8.0, 9.0)])
    # Two of three seconds are missed; of the 5 s that are away from speech one is called a voice,
    # and what is within half a second of speech is not held against it.
    assert found["missed"] == pytest.approx(66.67, abs=0.01)
    assert found["false"] == pytest.approx(100 / 5, abs=0.2)
    assert detected(film(), []) == {"missed": 100.0, "false": 0.0}


def test_a_run_that_is_there_is_not_run_again(tmp_path: Path) -> None:
    one = film()
    path = write_film(one, tmp_path)
    heard(tmp_path, {BASE: told("one", 1.0)}, path)
    from benchmarks.speech.running import Setting

    weights = {"ctranslate2": str(tmp_path / "nowhere")}
    setting = Setting(weights, tmp_path, tmp_path, tell=lambda _: None)
    assert run_films([SYSTEMS[BASE]], [(path, "en")], setting) == {}
    # Another sound under the same name is another film.
    path.write_bytes(path.read_bytes() + b"\0\0")
    assert "nowhere" in run_films([SYSTEMS[BASE]], [(path, "en")], setting)[f"{BASE}: {path.stem}"]


def test_systems_that_cannot_run_here_say_why(tmp_path: Path) -> None:
    ready, absent = ready_systems(
        [BASE, "stable-ts", "whisper.cpp"], {"ctranslate2": "x"}, tmp_path
    )
    assert [one.name for one in ready] == [BASE]
    assert "environment" in absent["stable-ts"]
    assert "ggml" in absent["whisper.cpp"]
    with pytest.raises(ValueError, match="no such system: wisper"):
        ready_systems(["wisper"], {}, tmp_path)


def test_each_system_is_asked_the_same_but_what_makes_it_another() -> None:
    weights = {"ctranslate2": "m"}
    batched = job_for(SYSTEMS[BASE], weights, "de", 1)
    assert (batched["language"], batched["batch_size"], batched["compute_type"]) == (
        "de",
        8,
        "int8",
    )
    assert SYSTEMS[BASE].environment == {}
    assert "GLIBC_TUNABLES" in SYSTEMS[TUNED_PEER].environment or sys.platform != "linux"
    sequential = job_for(SYSTEMS["faster-whisper sequential"], weights, "mixed", 2)
    assert (sequential["batch_size"], sequential["language"]) == (0, None)
    assert sequential["options"] == {"condition_on_previous_text": True, "multilingual": True}
    assert job_for(SYSTEMS["subkit fast"], weights, "mixed", 0)["mode"] == "fast"


def test_speed_is_compared_inside_a_round() -> None:
    def run(wall: float, cpu: float, peak: float) -> dict[str, float]:
        return {"wall": wall, "cpu": cpu, "peak": peak, "load": 1.0, "busy": 1.0}

    made = {
        BASE: [run(10, 12, 900), run(20, 24, 1000), run(10, 12, 950)],
        "subkit exact": [run(5, 8, 600), run(10, 12, 700), run(4, 6, 650)],
    }
    rows = summarize_speed(made, 60.0)
    assert rows[BASE]["times_real_time"]["median"] == 6.0
    ours = rows["subkit exact"]
    assert ours["against"][BASE]["cpu"] == {"median": 2.0, "low": 1.5, "high": 2.0}
    assert ours["against"][BASE]["wall"]["high"] == 2.5
    assert ours["cpu_seconds_per_minute"]["median"] == 8.0
    assert ours["peak_mib"]["median"] == 650


def test_padding_with_silence_is_what_silent_samples_give() -> None:
    from faster_whisper.feature_extractor import FeatureExtractor

    extract = FeatureExtractor()
    sound = np.random.default_rng(2).standard_normal(5 * RATE).astype(np.float32) / 20
    truth = extract(np.concatenate([sound, np.zeros(25 * RATE, np.float32)]))[..., :3000]
    padded = pad_with_silence(extract(sound)[..., :-1])
    assert padded.shape == truth.shape
    # Frames at the edge see both.
    assert np.abs(padded[:, 505:] - truth[:, 505:]).max() < 0.01
    assert pad_with_silence(np.zeros((80, 3100))).shape == (80, 3000)


def test_subtitles_are_read_as_words() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n<i>Who is\nthere?</i>\n\n"
    text += "2\n00:00:03,000 --> 00:00:04,000\n- Me.\n"
    assert [word.text for word in read_srt(text)] == ["Who", "is", "there?", "-", "Me."]
    assert read_srt("") == []


@pytest.mark.skipif(not (CASES / "speech").is_dir(), reason="the recordings are not here")
def test_there_are_enough_clips_without_speech() -> None:
    clips = make_clips(CASES)
    assert len(clips) >= 25
    assert all(4 * RATE < clip.size <= 12 * RATE for clip in clips.values())
    assert not clips["silence"].any()
    assert all(np.abs(clip).max() > 1e-4 for name, clip in clips.items() if name != "silence")


def row(errors: int, **more: Any) -> dict[str, Any]:
    return {
        "said": 200,
        "errors": errors,
        "sub": 1,
        "del": 2,
        "ins": 3,
        "lost": 4,
        "utterances": 50,
        "rate": [errors / 2, 1.0, 9.0],
        "seconds": 120.0,
        "conditions": {"clean": {"said": 200, "errors": errors, "lost": 4}},
        "voice": {},
        **more,
    }


def test_tables_show_the_numbers_of_the_files() -> None:
    against = {BASE: {"utterances": [-5.0, -8.0, -2.0], "recordings": [-5.0, -9.0, -1.0]}}
    languages = {"en": {BASE: row(20), "subkit exact": row(10, against=against)}}
    result = {
        "date": "D",
        "machine": "M",
        "cores": 2,
        "python": "3",
        "versions": {"av": "17"},
        "model": {"name": "base", "sha256 of model.bin": "abc"},
        "absent": {"x": "why"},
        "films": [{"name": "f", "seconds": 120.0}],
        "languages": languages,
    }
    parts = make_parts({"errors": result})
    cells = ["**subkit exact**", "10", "1, 2, 3", "4 of 50", "5.0 [1.0, 9.0]"]
    cells += ["-5.0 [-8.0, -2.0]", "-5.0 [-9.0, -1.0]"]
    assert f"| {' | '.join(cells)} |" in parts["errors"]
    assert "| **subkit exact** | 5.0 (4) |" in parts["conditions"]
    assert "`abc`" in parts["about"]
    assert "x (why)" in parts["about"]
    assert "speed" not in parts


def test_a_part_is_put_between_its_marks_and_nothing_else_is_touched() -> None:
    page = (
        "a\n<!-- real: errors -->\nold\n<!-- /real -->\nb\n<!-- real: speed -->\n<!-- /real -->\n"
    )
    filled = fill(page, {"errors": "new"})
    assert "a\n<!-- real: errors -->\nnew\n<!-- /real -->\nb\n" in filled
    assert "Not measured yet." in filled
    assert fill(filled, {"errors": "new"}) == filled


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.parent.name))
def test_the_numbers_of_a_page_are_those_of_the_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "<!-- real: " in text
    assert fill(text, make_parts(read_results(RESULTS))) == text


def test_the_pipeline_is_run_as_a_user_has_it(tmp_path: Path) -> None:
    weights = {"ctranslate2": str(_tiny(tmp_path))}
    path = write_film(film(), tmp_path)
    job = {**job_for(SYSTEMS["subkit exact"], weights, "en", 1), "audio": [str(path)]}
    found = run_system(SYSTEMS["subkit exact"], job, Path(sys.executable), tmp_path)
    # Noise: whatever random weights make of it, it is a list for each file, and no failure.
    assert len(found["words"]) == len(found["voice"]) == 1
    assert all(len(word) == 4 for word in found["words"][0])
    assert found["cpu_seconds"] > 0
    assert {"ctranslate2", "faster-whisper"} <= set(found["versions"])


def _tiny(folder: Path) -> Path:
    return make_model(shape_of("tiny", 2), folder, formats=("ctranslate2",), precision="int8")

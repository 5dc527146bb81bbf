"""The benchmarks' own arithmetic: medians, error rates, tables, rounds, stages."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.harness.audio import make_film, read_samples
from benchmarks.harness.numbers import ratios, spread
from benchmarks.harness.report import Measured, speed_table, stage_table, summarize
from benchmarks.harness.rounds import order_of, run_rounds
from benchmarks.harness.systems import SYSTEMS, System, find_python
from benchmarks.harness.tables import table
from benchmarks.harness.text import count_errors, error_rate, plain_words
from benchmarks.systems.worker import Stages


def plain_distance(a: list[str], b: list[str]) -> int:
    """Levenshtein's distance by its definition."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row, before = [i], row
        for j, y in enumerate(b, start=1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
    return row[-1]


words = st.lists(st.sampled_from("abc"), max_size=12)


@given(words, words)
def test_errors_are_the_fewest_edits(a: list[str], b: list[str]) -> None:
    assert count_errors(a, b) == plain_distance(a, b)


def test_error_rate_ignores_case_and_punctuation_in_every_script() -> None:
    assert error_rate("¿Dónde está, Ema?", "dónde ESTÁ ema") == 0
    assert error_rate("금요일에 우리.", "금요일에 너희") == 0.5
    assert error_rate("one two three four", "one three four five") == 0.5
    assert error_rate("", "") == 0
    assert error_rate("", "word") == 1
    assert plain_words("It's 5 o'clock - 'now'!") == ["it's", "5", "o'clock", "now"]


def test_spread_and_ratios_go_round_by_round() -> None:
    found = spread([3.0, 1.0, 2.0])
    assert (found.median, found.low, found.high) == (2.0, 1.0, 3.0)
    # The machine slows to half in the second round: the ratio does not see it.
    assert ratios([2.0, 4.0], [1.0, 2.0]).text(1, sign="×") == "2.0×"
    assert spread([1.0, 2.0]).text(1) == "1.5 (1.0-2.0)"


def test_tables_are_markdown() -> None:
    assert table(["a", "b"], [[1, "x|y"]]) == "| a | b |\n| --- | --- |\n| 1 | x\\|y |"
    with pytest.raises(ValueError, match="3 cells"):
        table(["a", "b"], [[1, 2, 3]])


def test_every_system_runs_first_once_and_once_a_round() -> None:
    orders = [order_of(4, number) for number in range(4)]
    assert {order[0] for order in orders} == {0, 1, 2, 3}
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)


def result(wall: float, text: str) -> dict[str, Any]:
    return {
        "wall_seconds": wall,
        "cpu_seconds": wall,
        "load_seconds": 0.1,
        "peak_mib": 100.0,
        "stages": {"generate": wall / 2, "encode": wall / 4},
        "versions": {},
        "words": [[[0.0, 1.0, text]]],
    }


def test_a_summary_has_speed_ratio_stages_and_errors() -> None:
    rounds = {
        "faster-whisper batched": [result(2.0, "one two"), result(4.0, "one two")],
        "subkit fast": [result(1.0, "one too"), result(2.0, "one too")],
    }
    rows = summarize(rounds, Measured(60.0, "faster-whisper batched", "one two"))
    ours = rows[1]
    assert ours["ratio"].median == 2.0
    assert ours["times_real_time"].median == 45.0
    assert ours["word_error_rate"] == ours["divergence"] == 0.5
    assert ours["stages_ms_per_minute"] == {"generate": 750.0, "encode": 375.0, "rest": 375.0}
    assert "| subkit fast | 45.0 (30.0-60.0) | 2.00× |" in speed_table(rows, "x")
    assert "| subkit fast |" in stage_table(rows)


def test_texts_of_models_that_know_no_words_are_not_compared() -> None:
    rounds = {"faster-whisper batched": [result(2.0, "one")], "subkit fast": [result(1.0, "two")]}
    about = Measured(60.0, "faster-whisper batched", comparable=False)
    assert not any("divergence" in row for row in summarize(rounds, about))


def test_a_stage_inside_another_counts_for_itself_alone() -> None:
    stages = Stages()
    with stages.stage("outer"):
        time.sleep(0.01)
        with stages.stage("inner"):
            time.sleep(0.05)
    assert stages.seconds["inner"] >= 0.05
    assert 0.01 <= stages.seconds["outer"] < stages.seconds["inner"]


def test_a_system_that_fails_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    broken = System("broken", "no_such_script.py")
    told: list[str] = []
    contenders = [(broken, dict[str, Any](), Path(sys.executable))]
    results, failed = run_rounds(contenders, 2, tmp_path, tell=told.append)
    assert results == {}
    assert "no_such_script.py" in failed["broken"]
    assert len(told) == 1


def test_a_peer_without_environment_is_absent(tmp_path: Path) -> None:
    assert find_python(SYSTEMS["whisperx"], tmp_path) is None
    assert find_python(SYSTEMS["faster-whisper"], tmp_path) == Path(sys.executable)


def test_a_film_has_its_length_and_its_text(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.wav", 5, ("en", "es"))
    assert 5 <= film.seconds < 12
    assert film.text.startswith("I saw the captain near the city this morning. Ema y el jefe")
    assert read_samples(film.path).size == round(film.seconds * 16_000)

"""Which decoding counts, what has failed, and what a prompt is made of."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.decode import RecognitionOptions
from subkit.decode import beam_search as search_module
from subkit.decode.beam_search import Decoded, Job, build_prompt, choose, has_failed, is_loop, retry
from tests.decode.conftest import make_recognizer, model_facts
from tests.decode.random_model import write_model

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = RecognitionOptions()


def said(text: str, score: float = -0.3, ratio: float = 1.0, no_speech: float = 0.0) -> Decoded:
    return Decoded(
        tokens=tuple(range(len(text.split()))),
        score=score,
        no_speech=no_speech,
        ratio=ratio,
        temperature=0.0,
        text=text,
    )


@pytest.mark.parametrize(
    ("single", "full", "kept"),
    [
        ("a" * 100, "b" * 90, "full"),
        ("a" * 100, "b" * 89, "single"),
        ("a" * 100, "", "single"),
        ("", "", "full"),
        ("", "b", "full"),
        ("a" * 10, "b" * 400, "full"),
    ],
)
def test_the_full_beam_counts_unless_it_leaves_text_out(single: str, full: str, kept: str) -> None:
    one, five = said(single, score=-0.1), said(full, score=-0.9)
    assert choose(one, five, OPTIONS) is (five if kept == "full" else one)


def test_a_loop_is_never_taken_for_more_text() -> None:
    loop, plain = said("a" * 400, ratio=9.0), said("b" * 40)
    assert choose(loop, plain, OPTIONS) is plain
    assert choose(plain, loop, OPTIONS) is plain
    unguarded = RecognitionOptions(compression_ratio_threshold=None)
    assert choose(loop, plain, unguarded) is loop


@given(
    score=st.floats(-3, 0),
    ratio=st.floats(0.1, 5),
    no_speech=st.floats(0, 1),
)
def test_failed_is_a_loop_or_a_low_score_but_not_silence(
    score: float, ratio: float, no_speech: float
) -> None:
    decoded = said("a", score, ratio, no_speech)
    silent = no_speech > 0.6 and score < -1.0
    assert has_failed(decoded, OPTIONS) == (not silent and (ratio > 2.4 or score < -1.0))
    assert is_loop(decoded, OPTIONS) == (ratio > 2.4)
    free = RecognitionOptions(compression_ratio_threshold=None, log_prob_threshold=None)
    assert not has_failed(decoded, free)


def retried(
    monkeypatch: pytest.MonkeyPatch, *found: Decoded, options: RecognitionOptions = OPTIONS
) -> tuple[Decoded, list[float]]:
    temperatures: list[float] = []
    rest = iter(found[1:])

    def generate(*_: Any, temperature: float, beams: int) -> list[Decoded]:
        temperatures.append(temperature)
        assert beams == 1
        return [next(rest)]

    monkeypatch.setattr(search_module, "_generate", generate)
    return retry(None, None, SimpleNamespace(), found[0], options), temperatures  # type: ignore[arg-type]


def test_temperatures_rise_until_one_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, low, good = said("a", ratio=9.0), said("b", score=-1.4), said("c")
    kept, tried = retried(monkeypatch, loop, loop, low, good)
    assert kept is good
    assert tried == [0.2, 0.4, 0.6]


def test_of_nothing_but_failures_the_surest_without_a_loop_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sure_loop, bad, worse = said("a", -0.1, 9.0), said("b", -1.4), said("c", -2.0)
    kept, tried = retried(monkeypatch, sure_loop, worse, bad, worse, sure_loop, worse)
    assert kept is bad
    assert len(tried) == 5
    kept, _ = retried(monkeypatch, sure_loop, *[said("d", -0.5, 9.0)] * 5)
    assert kept is sure_loop


@pytest.fixture
def tokenizer() -> Any:
    return SimpleNamespace(
        sot_prev=1, sot_sequence=[2, 3, 4], no_timestamps=5, encode=lambda text: [9] * len(text)
    )


@pytest.mark.parametrize(
    ("says_times", "given", "end"),
    [(True, (), [2, 3, 4]), (False, (), [2, 3, 4, 5]), (True, (7, 8), [2, 3, 4, 5, 7, 8])],
)
def test_a_prompt_asks_for_times_or_not(
    tokenizer: Any, says_times: bool, given: tuple[int, ...], end: list[int]
) -> None:
    prompt = build_prompt(tokenizer, OPTIONS, [], 448, given, says_times=says_times)
    assert prompt == end


def test_what_came_before_gets_less_than_half(tokenizer: Any) -> None:
    options = RecognitionOptions(hotwords="x" * 500, initial_prompt="y" * 500)
    prompt = build_prompt(tokenizer, options, [6] * 300, 448)
    assert prompt[0] == 1
    assert prompt[-4:] == [2, 3, 4, 5]
    assert len(prompt) <= 448 // 2 + 4
    assert 6 in prompt


@pytest.mark.parametrize(("language", "pace"), [("en", 8), ("ko", 15)])
@pytest.mark.parametrize("seconds", [2.0, 7.3, 12.0])
@pytest.mark.parametrize("before", [0, 60])
def test_a_window_may_say_so_many_tokens_a_second_and_no_more(
    tmp_path: Path, language: str, pace: int, seconds: float, before: int
) -> None:
    """Asked of the engine itself, with a model that never ends: CTranslate2 halves what it gets."""
    facts = model_facts(write_model(tmp_path / "m"), languages=(), demo=False)
    recognizer = make_recognizer(facts, suppress_tokens=(), beam_size=1)
    whisper = recognizer._whisper
    tokenizer = recognizer._schedule.tokenizer(language)
    prompt = build_prompt(tokenizer, OPTIONS, [9] * before, whisper.max_length)
    encoded = whisper.encode(np.zeros((80, 3000), np.float32))
    options = replace(OPTIONS, suppress_tokens=(tokenizer.eot,))
    (found,) = search_module.search(
        whisper, encoded, [Job(tokenizer, prompt, (), seconds)], options, 1
    )
    most = min(int(seconds * pace) + 16, 448 // 2, 448 - len(prompt))
    assert most <= len(found.tokens) <= most + 1

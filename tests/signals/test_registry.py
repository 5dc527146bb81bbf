"""One defect has one name: the tables that told of it before are rows of one."""

from __future__ import annotations

from importlib import import_module

import pytest

from subkit.language.punctuation import tokens
from subkit.quality.rules import RULES
from subkit.signals import GUARDS, RECOGNITION, SIGNALS, STYLE, find_loop, signal_of
from subkit.signals.loops import IN_CUE, IN_WINDOW
from subkit.translation import REASONS


@pytest.mark.parametrize("key", SIGNALS)
def test_every_detector_is_there(key: str) -> None:
    name = f"subkit.{SIGNALS[key].detector}"
    try:
        import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        assert callable(getattr(import_module(module), attribute))


@pytest.mark.parametrize("key", SIGNALS)
def test_every_sign_has_a_sentence_and_a_weight_below_one(key: str) -> None:
    signal = SIGNALS[key]
    assert signal.key == key
    assert signal.sentence
    assert not signal.sentence.endswith(".")
    assert 0 <= signal.weight < 1


def test_signs_with_a_rule_have_its_severity() -> None:
    rules = {rule.name: rule.severity for rule in RULES}
    told = {key: s.severity for key, s in SIGNALS.items() if key in rules}
    assert told == {key: rules[key] for key in told}
    assert {"loop", "untranslated", "empty", "speech-without-cue"} <= set(told)


def test_guards_and_doubts_are_rows() -> None:
    assert {GUARDS[name].sentence for name in REASONS} == set(REASONS.values())
    assert {"low-score", "loop", "no-speech", "maybe-no-speech", "code-switch"} <= set(RECOGNITION)
    assert all(
        signal is SIGNALS[signal.key] for signal in (*GUARDS.values(), *RECOGNITION.values())
    )


def test_a_rule_without_a_row_counts_as_style() -> None:
    assert signal_of("gap").group == STYLE
    assert signal_of("gap").key == "gap"


@pytest.mark.parametrize("rounds", [IN_CUE, IN_WINDOW])
def test_people_say_no_five_times(rounds: dict[int, int]) -> None:
    assert find_loop(tokens("No, no, no, no, no!"), rounds) is None
    assert find_loop(tokens("No, no, no, no, no, no!"), rounds) == (["no"], 6)


def test_a_phrase_said_three_times_is_a_loop_in_a_cue_and_a_chorus_in_a_window() -> None:
    words = tokens("I will find you. " * 3)
    assert find_loop(words) == (["i", "will", "find", "you"], 3)
    assert find_loop(words, IN_WINDOW) is None
    assert find_loop(["", "", "", "", "", "", ""]) is None

"""One defect has one name: the tables that told of it before are rows of one."""

from __future__ import annotations

from importlib import import_module

import pytest

from subkit.language.punctuation import tokens
from subkit.quality.rules import RULES
from subkit.signals import GUARDS, RECOGNITION, SIGNALS, STYLE, find_loop, signal_of
from subkit.signals.loops import IN_CUE, IN_WINDOW, most_rounds
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


WEIGHTS = {
    0.95: "empty",
    0.9: "recognition-loop words-without-cue loop repeated-text translation-repeated missing-cue",
    0.85: "speech-without-cue far-from-words wrong-script mixed-script moved-cue",
    0.8: "recognition-no-speech recognition-maybe-no-speech cue-without-speech translation-stale",
    0.75: "odd-name changed-number glossary-missing glossary-forbidden",
    0.7: "not-as-heard untranslated name-differs",
    0.55: "length-differs",
    0.5: "recognition-second-opinion open-comment",
    0.4: "recognition-low-score recognition-too-fast doubtful-source register register-flip",
    0.35: "decodes-disagree",
    0.3: "recognition-language-unsure unsure-words reading-speed",
    0.25: "translation-tags translation-truncated translation-low-score translation-tag-place "
    "translation-looks line-duration line-pauses no-character",
    0.0: "recognition-code-switch",
}
"""Checked on seeded errors (``tests/risk``): to change one is to measure again."""


def test_weights_are_those_that_were_measured() -> None:
    told = {key: weight for weight, keys in WEIGHTS.items() for key in keys.split()}
    assert {key: signal.weight for key, signal in SIGNALS.items()} == told
    assert signal_of("gap").weight == 0.25


def test_signs_of_one_cause_count_once() -> None:
    groups: dict[str, set[str]] = {}
    for key, signal in SIGNALS.items():
        groups.setdefault(signal.group, set()).add(key)
    shared = {group: keys for group, keys in groups.items() if len(keys) > 1}
    assert shared == {
        "low-score": {"recognition-low-score", "recognition-too-fast"},
        "loop": {"recognition-loop", "loop", "repeated-text", "translation-repeated"},
        "cue-without-speech": {
            "recognition-no-speech",
            "recognition-maybe-no-speech",
            "cue-without-speech",
        },
        "wrong-script": {"wrong-script", "mixed-script"},
        "style": {
            "translation-tags",
            "translation-truncated",
            "translation-low-score",
            "translation-tag-place",
            "translation-looks",
        },
        "glossary": {"glossary-missing", "glossary-forbidden"},
        "isochrony": {"line-duration", "line-pauses"},
        "register": {"register", "register-flip"},
    }


@pytest.mark.parametrize(
    ("words", "times"),
    [(1, 6), (2, 4), (3, 4), (4, 3), (5, 3), (6, 3)],
)
def test_how_often_is_a_loop(words: int, times: int) -> None:
    phrase = ["one", "two", "three", "four", "five", "six"][:words]
    assert find_loop(phrase * (times - 1) + ["other"]) is None
    assert find_loop(["before", *phrase * times, "after"]) == (phrase, times)
    times = max(times, 4)
    assert find_loop(phrase * (times - 1) + ["other"], IN_WINDOW) is None
    assert find_loop(["before", *phrase * times, "after"], IN_WINDOW) == (phrase, times)


def test_a_phrase_of_seven_words_is_no_loop_and_empty_words_end_one() -> None:
    assert find_loop([*"abcdefg"] * 4) is None
    assert find_loop(["go", "go", "go", "", "go", "go", "go"]) is None
    assert find_loop([]) is None


@pytest.mark.parametrize(
    ("units", "sizes", "rounds"),
    [
        ("", range(1, 4), 1),
        ("abc", range(1, 3), 1),
        ("ababab", range(1, 4), 3),
        ("ababab", range(1, 2), 1),
        ("xaaaay", range(1, 3), 4),
        ("abcabcabd", range(2, 5), 2),
        ("aaaa", range(0), 1),
    ],
)
def test_the_most_rounds_of_a_phrase(units: str, sizes: range, rounds: int) -> None:
    assert most_rounds(units, sizes) == rounds

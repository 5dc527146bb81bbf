"""Scripts are spoilt as told, and words are right only where they are said."""

from __future__ import annotations

import random

from benchmarks.speech.films import Utterance
from benchmarks.text_alignment import _is_right, _spoilt


def _utterance(number: int) -> Utterance:
    words = tuple((number * 5 + n, number * 5 + n + 0.5, f"w{number * 4 + n}") for n in range(4))
    text = " ".join(word for *_, word in words)
    return Utterance(
        recording=str(number),
        language="en",
        speaker="a",
        text=text,
        start=words[0][0],
        end=words[-1][1],
        words=words,
    )


UTTERANCES = tuple(_utterance(n) for n in range(30))


def test_a_script_that_is_not_spoilt_is_the_text() -> None:
    lines = _spoilt(UTTERANCES, 0.0, random.Random(1))
    assert [line.words for line in lines] == [one.text.split() for one in UTTERANCES]
    assert all(word is not None for line in lines for word in line.truth)


def test_a_third_each_is_wrong_missing_and_elsewhere() -> None:
    lines = _spoilt(UTTERANCES, 0.5, random.Random(1))
    words = [word for line in lines for word in line.words]
    truth = [word for line in lines for word in line.truth]
    assert len(words) == 100  # of 120: five lines are missing
    assert 20 <= truth.count(None) <= 24
    for word, true in zip(words, truth, strict=True):
        if true is not None:
            assert word == f"w{int(true[0] // 5) * 4 + int(true[0] % 5)}"
    starts = [true[0] for true in truth if true is not None]
    assert starts != sorted(starts)


def test_a_word_is_right_near_its_time_or_inside_of_its_recording() -> None:
    assert _is_right((1.15, 1.6), (1.0, 1.5, True))
    assert not _is_right((1.25, 1.5), (1.0, 1.5, True))
    assert _is_right((2.0, 2.4), (1.0, 5.0, False))
    assert not _is_right((0.5, 2.4), (1.0, 5.0, False))

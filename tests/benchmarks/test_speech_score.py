"""Alignment, errors, intervals, word times and confidence, worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.harness.text import count_errors
from benchmarks.speech.align import align
from benchmarks.speech.films import Utterance
from benchmarks.speech.score import (
    Heard,
    UtteranceErrors,
    bootstrap,
    rate_interval,
    score_film,
)
from benchmarks.speech.times import score_confidence, score_edges, word_edges

words = st.lists(st.sampled_from("abc"), max_size=10)


def kinds(said: str, heard: str, *, compounds: bool = True) -> str:
    steps = align(said.split(), heard.split(), compounds=compounds)
    return " ".join(step.kind for step in steps)


def say(text: str, start: float = 0.0, name: str = "x") -> Utterance:
    return Utterance(name, "en", "s", text, start, start + 1)


def hear(text: str) -> list[Heard]:
    return [Heard(i, i + 0.5, word) for i, word in enumerate(text.split())]


@given(words, words)
def test_an_alignment_has_the_fewest_errors_and_covers_both_texts(
    said: list[str], heard: list[str]
) -> None:
    steps = align(said, heard, compounds=False)
    assert sum(step.kind != "match" for step in steps) == count_errors(said, heard)
    assert [at for step in steps for at in range(*step.said)] == list(range(len(said)))
    assert [at for step in steps for at in range(*step.heard)] == list(range(len(heard)))


def test_steps_by_hand() -> None:
    assert kinds("a b c d", "a x c") == "match sub match del"
    assert kinds("a b", "a z b") == "match ins match"
    assert kinds("", "a") == "ins"
    assert kinds("a", "") == "del"
    # Of two ways with two errors the one that keeps a match.
    assert kinds("a b", "b c") == "del match ins"


def test_words_joined_or_parted_are_no_error() -> None:
    assert kinds("the wood cutters go", "the woodcutters go") == "match match match"
    assert kinds("the woodcutters go", "the wood cutters go") == "match match match"
    assert kinds("the wood cutters", "the woodcutters", compounds=False) == "match del sub"


def test_errors_belong_to_the_utterance_in_which_they_are() -> None:
    film = [say("one two three", 0, "a"), say("four five six", 2, "b"), say("seven eight", 4, "c")]
    found = score_film(film, hear("one too three and seven seven eight"), "en")
    # Of "four five six" one is gone; "and" and a second "seven" stand for the others.
    counts = [(one.sub, one.deleted, one.inserted, one.lost) for one in found.utterances]
    assert counts == [(1, 0, 0, False), (2, 1, 0, False), (0, 0, 0, False)]
    assert found.counts() == {
        "said": 8,
        "errors": 4,
        "sub": 3,
        "del": 1,
        "ins": 0,
        "lost": 0,
        "utterances": 3,
    }
    assert found.right == (True, False, True, False, False, True, True)
    more = score_film(film, hear("one two three four five six oh no seven eight"), "en")
    # What is said between two utterances belongs to the one before.
    assert [one.inserted for one in more.utterances] == [0, 2, 0]


def test_an_utterance_without_its_words_is_lost() -> None:
    film = [say("one two three four five"), say("six seven"), say("eight nine ten", name="y")]
    found = score_film(film, hear("one"), "en")
    # Four of five are gone; two words alone are too few to be called a sentence.
    assert [one.lost for one in found.utterances] == [True, False, True]
    assert found.errors == 9


def test_an_empty_hearing_and_a_film_without_speech() -> None:
    assert score_film([say("one two")], [], "en").counts()["del"] == 2
    silent = score_film([], hear("ghost words"), "en")
    assert silent.right == (False, False)
    assert silent.said == 0


def errors(*counts: int, names: str = "") -> list[UtteranceErrors]:
    return [
        UtteranceErrors(names[i] if names else str(i), 10, count) for i, count in enumerate(counts)
    ]


def test_a_difference_that_is_the_same_everywhere_is_certain() -> None:
    found = bootstrap(errors(2, 2, 2), errors(1, 1, 1))
    assert found.text() == "-10.0 [-10.0, -10.0]"


def test_a_difference_of_one_utterance_is_not() -> None:
    found = bootstrap(errors(*([1] * 20)), errors(*([1] * 19), 9))
    assert found.points == pytest.approx(4.0)
    # It is not drawn in (19/20)^20 = 36 % of the draws: nothing is certain.
    assert found.low == 0.0
    assert found.high == pytest.approx(12.0)


def test_drawing_recordings_sees_that_occurrences_go_together() -> None:
    base = errors(*([1] * 12), names="aaaabbbbcccc")
    other = errors(5, 5, 5, 5, *([1] * 8), names="aaaabbbbcccc")
    alone, together = bootstrap(base, other), bootstrap(base, other, clusters=True)
    assert alone.points == together.points == pytest.approx(40 / 3)
    assert together.low == 0.0
    assert together.high == 40.0
    assert alone.low > together.low


def test_an_interval_of_a_rate_and_of_systems_that_heard_other_films() -> None:
    assert rate_interval(errors(1, 1)).text() == "+10.0 [+10.0, +10.0]"
    with pytest.raises(ValueError, match="same utterances"):
        bootstrap(errors(1, 1), errors(1))
    with pytest.raises(ValueError, match="same utterances"):
        bootstrap([], [])


def test_word_times_of_the_words_that_were_heard_right() -> None:
    timed = Utterance(
        *("x", "en", "s", "Don't ask me now", 0.0, 2.0),
        words=((0.0, 0.2, "don't"), (0.5, 0.8, "ask"), (0.9, 1.0, "me"), (1.2, 1.5, "now")),
    )
    heard = [
        Heard(0.05, 0.2, " Don't"),
        Heard(0.44, 0.80, " ask"),
        Heard(0.9, 1.0, " you"),
        Heard(1.04, 1.64, " now."),
    ]
    edges = word_edges([timed], heard, score_film([timed], heard, "en"))
    # "don't" is two words when compared, "me" was not heard: two are left.
    assert [start for start, _ in edges] == pytest.approx([-0.06, -0.16])
    assert [end for _, end in edges] == pytest.approx([0.0, 0.14])
    starts = score_edges([start for start, _ in edges])
    assert [starts.mean, starts.bias, starts.within] == pytest.approx([110, -110, 0.5])
    assert starts.p90 == pytest.approx(150)
    assert score_edges([0.1, -0.1]).within == 1.0
    with pytest.raises(ValueError, match="no word"):
        score_edges([])


def test_confidence_by_hand() -> None:
    found = score_confidence([0.9, 0.9, 0.4, 0.2, 0.7], [True, True, False, True, None])
    # Bins: 0.9 twice, all right: 0.1 off; 0.4 wrong: 0.4 off; 0.2 right: 0.8 off.
    assert found.ece == pytest.approx(0.5 * 0.1 + 0.25 * 0.4 + 0.25 * 0.8)
    # The wrong word is below two of the three right ones.
    assert found.auc == pytest.approx(2 / 3)
    assert (found.words, found.wrong, found.doubted) == (4, 1, 0.5)
    assert (found.doubted_wrong, found.found) == (0.5, 1.0)
    assert score_confidence([0.5, 0.5], [True, False]).auc == 0.5
    assert score_confidence([1.0], [True]).found == 0.0
    with pytest.raises(ValueError, match="no word"):
        score_confidence([1.0], [None])

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.decode import RecognitionOptions
from subkit.decode.guards import compression_ratio, doubts, has_loop, is_silence, without_loops

OPTIONS = RecognitionOptions()
SAID = "he said that we would all be home by nine "


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("no no no no, that is not it", False),
        ("no no no no no no", True),
        ("thank you. thank you. thank you. thank you.", True),
        ("thank you. Thank you. Thank you.", False),
        ("I went home. You went home. They went home.", False),
        ("", False),
        ("See you at nine. " * 4, True),
        ("well, one two three four " + "and so it goes on " * 4, True),
    ],
)
def test_loops(text: str, loops: bool) -> None:
    assert has_loop(text.split()) is loops


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("no no no no, that is not it", "no no no no, that is not it"),
        ("No! no no no no no no no, that is it", "No! that is it"),
        ("well. " + "thank you. " * 9, "well. thank you."),
        ("See you at nine. " * 20 + "Yes.", "See you at nine. Yes."),
        (SAID * 3, SAID),
        (SAID * 2, SAID * 2),
        ("a a a a a a b a a a a a a b a a a a a a b a a a a a a b", "a b"),
        ("", ""),
    ],
)
def test_loops_are_said_once(text: str, left: str) -> None:
    words = text.split()
    assert [words[i] for i in without_loops(words)] == left.split()


@given(st.lists(st.sampled_from(["a", "b", "c", "…"]), max_size=40))
def test_what_is_left_has_no_loop_and_no_word_is_invented(words: list[str]) -> None:
    kept = without_loops(words)
    assert kept == sorted(set(kept))
    assert not has_loop([words[i] for i in kept])
    assert {words[i] for i in kept} == set(words)
    if not has_loop(words) and len(words) < 21:
        assert kept == list(range(len(words)))


def test_compression() -> None:
    assert compression_ratio("This is an ordinary sentence that says something.") < 1.5
    assert compression_ratio("again and " * 40) > 2.4
    assert compression_ratio("") == 0


def found(
    words: str, score: float = -0.2, ratio: float = 1.0, **changes: object
) -> tuple[str, ...]:
    facts: dict[str, object] = {
        "seconds": 5.0,
        "no_speech": 0.1,
        "unsure_language": False,
        "low_score": None,
        "options": OPTIONS,
    }
    return doubts(words=words.split(), score=score, ratio=ratio, **(facts | changes))  # type: ignore[arg-type]


def test_doubts() -> None:
    assert found("all is well") == ()
    assert found("") == ("no-speech",)
    assert found("all is well", score=-0.8) == ("low-score",)
    assert found("all is well", ratio=3.0) == ("loop",)
    assert found("a b " * 9, score=-2.0, unsure_language=True) == (
        "low-score",
        "loop",
        "language-unsure",
    )
    assert found("all is well", score=-0.4) == ()
    assert found("all is well", score=-0.4, low_score=-0.28) == ("low-score",)
    assert found("all is well", no_speech=0.7) == ("maybe-no-speech",)
    assert found("", no_speech=0.7) == ("no-speech",)
    assert found("nobody can say this in no time", seconds=0.2) == ("too-fast",)


def test_thresholds_can_be_off() -> None:
    off = RecognitionOptions(compression_ratio_threshold=None, log_prob_threshold=None)
    assert found("all is well", ratio=9.0, options=off) == ()


def test_silence_needs_both_numbers() -> None:
    assert is_silence(0.9, -1.5, OPTIONS)
    assert not is_silence(0.9, -0.3, OPTIONS)
    assert not is_silence(0.3, -1.5, OPTIONS)
    assert not is_silence(0.9, -1.5, RecognitionOptions(no_speech_threshold=None))

"""What was skipped and has no words at a glance is not heard in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from subkit.decode import glances
from subkit.decode.beam_search import Decoded
from tests.decode.conftest import make_recognizer, make_window

if TYPE_CHECKING:
    from subkit.decode import WhisperRecognizer
    from subkit.interfaces import Samples


def noise(seconds: float) -> Samples:
    return np.random.default_rng(1).standard_normal(int(16_000 * seconds)).astype(np.float32) * 0.1


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Frames of the encoder's output of each glance, all of which leave a score of -1.3."""
    return glancing_at(-1.3, monkeypatch)


def glancing_at(score: float, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    seen: list[int] = []

    def search(_: Any, encoded: Any, jobs: list[Any], *__: Any) -> list[Decoded]:
        seen.append(encoded.shape[1])
        decoded = Decoded(
            tokens=(1,), score=score, no_speech=0.0, ratio=1.0, temperature=0.0, text="you"
        )
        return [decoded] * len(jobs)

    monkeypatch.setattr(glances, "search", search)
    return seen


@pytest.fixture
def recognizer() -> WhisperRecognizer:
    return make_recognizer(language="en", temperatures=(0.0,))


@pytest.mark.parametrize("language", ["en", None])
def test_a_short_sound_without_words_is_encoded_for_its_own_length(
    seen: list[int], language: str | None
) -> None:
    recognizer = make_recognizer(language=language, temperatures=(0.0,))
    (result,) = recognizer.recognize([make_window(noise(2), skipped=True)])
    assert seen == [500]  # 10 s at least; in full it would be 1500
    assert (recognizer.counts.wordless, recognizer.counts.encoded) == (1, 0)
    assert result.words == ()
    assert result.window.parts == ()
    assert result.window.score == -1.3
    assert "second-opinion" in result.window.warnings


def test_where_there_may_be_words_it_is_heard_in_full(
    recognizer: WhisperRecognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    glancing_at(-1.1, monkeypatch)
    recognizer.recognize([make_window(noise(2), skipped=True)])
    assert (recognizer.counts.wordless, recognizer.counts.encoded) == (0, 1)


def test_speech_and_long_sounds_are_heard_in_full_at_once(
    recognizer: WhisperRecognizer, seen: list[int]
) -> None:
    recognizer.recognize(
        [make_window(noise(2)), make_window(noise(20.5), index=1, skipped=True)],
    )
    assert seen == []
    assert (recognizer.counts.wordless, recognizer.counts.encoded) == (0, 2)


def test_a_text_that_was_given_for_the_beginning_is_decoded_on(seen: list[int]) -> None:
    recognizer = make_recognizer(language="en", temperatures=(0.0,), prefix="The city")
    recognizer.recognize([make_window(noise(2), skipped=True)])
    assert seen == []

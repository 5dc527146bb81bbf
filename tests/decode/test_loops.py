"""An engine that loops, whatever the temperature: its text must not survive looking sure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from subkit.decode.guards import LOW_CONFIDENCE, has_loop
from tests.decode.conftest import make_recognizer, make_window

if TYPE_CHECKING:
    from subkit.decode import WhisperRecognizer
    from tests.decode.conftest import Clip


class Looping:
    """The real model, but for what it says."""

    def __init__(self, real: Any, tokens: list[int], no_speech: float) -> None:
        self._real = real
        self._tokens = tokens
        self._no_speech = no_speech
        self.temperatures: list[float] = []

    def generate(self, _: Any, prompts: list[Any], **how: Any) -> list[Any]:
        self.temperatures.append(how.get("sampling_temperature", 0.0))
        count = how.get("num_hypotheses", 1)
        one = SimpleNamespace(
            sequences_ids=[self._tokens] * count,
            scores=[-0.01] * count,
            no_speech_prob=self._no_speech,
        )
        return [one] * len(prompts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def saying(text: str, *, no_speech: float = 0.0, mode: str = "exact") -> WhisperRecognizer:
    recognizer = make_recognizer(language="en", temperatures=(0.0, 0.4, 1.0), mode=mode)
    tokenizer = recognizer._schedule.tokenizer("en")
    begin = tokenizer.timestamp_begin
    tokens = [begin, *tokenizer.encode(text), begin + 200]
    whisper = recognizer._whisper
    whisper.model = Looping(whisper.model, tokens, no_speech)
    return recognizer


@pytest.mark.parametrize("mode", ["exact", "fast"])
def test_a_loop_at_every_temperature_is_said_once_and_not_trusted(
    clips: dict[str, Clip], mode: str
) -> None:
    recognizer = saying(" We go home." + " The city is dark." * 25, mode=mode)
    (result,) = recognizer.recognize([make_window(clips["en"].samples)])
    assert recognizer._whisper.model.temperatures[-2:] == [0.4, 1.0]
    texts = [word.text for word in result.words]
    assert texts == ["We", "go", "home.", "The", "city", "is", "dark."]
    assert "loop" in result.window.warnings
    assert not has_loop(texts)
    (dropped,) = result.window.alternatives
    assert dropped.text.count("The city is dark.") == 25
    assert all((word.confidence or 0.0) <= LOW_CONFIDENCE for word in result.words)


def test_a_long_sentence_over_and_over_is_said_once(clips: dict[str, Clip]) -> None:
    said = " The captain said that all of the men would be home by the morning."
    (result,) = saying(said * 6).recognize([make_window(clips["en"].samples)])
    assert " ".join(word.text for word in result.words) == said.strip()
    assert "loop" in result.window.warnings


def test_what_may_be_no_speech_is_not_trusted() -> None:
    """Steady noise, as music may sound to the model, and a text that it is sure of."""
    noise = np.random.default_rng(1).standard_normal(80_000) * 0.1
    recognizer = saying(" Thank you for watching.", no_speech=0.9)
    (result,) = recognizer.recognize([make_window(noise)])
    assert [word.text for word in result.words] == ["Thank", "you", "for", "watching."]
    assert "maybe-no-speech" in result.window.warnings
    assert all((word.confidence or 0.0) <= LOW_CONFIDENCE for word in result.words)


def test_what_is_said_once_is_left_alone(clips: dict[str, Clip]) -> None:
    (result,) = saying(" No, no, no, no, no! The city is dark.").recognize(
        [make_window(clips["en"].samples)]
    )
    assert len(result.words) == 9
    assert "loop" not in result.window.warnings


def test_a_loop_where_no_voice_was_found_is_no_word_at_all() -> None:
    """Music makes real weights count for ever, and they are sure of it."""
    noise = np.random.default_rng(1).standard_normal(80_000) * 0.1
    recognizer = saying(" 1.0" + " 2.0" * 60)
    (result,) = recognizer.recognize([make_window(noise, skipped=True)])
    assert result.words == ()
    assert result.window.parts == ()
    assert recognizer._whisper.model.temperatures == [0.0, 0.0]  # at a glance, then in full
    (spoken,) = recognizer.recognize([make_window(noise)])
    assert spoken.words  # of a window of speech it is kept, to be looked at
    assert "loop" in spoken.window.warnings

"""The scripted engines."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from subkit.engines import ScriptedRecognizer, ScriptedTranslator
from subkit.errors import EngineError, PlanError
from subkit.interfaces import Hypothesis, Recognizer, SpeechWindow
from subkit.model import Span, Word


def window(index: int) -> SpeechWindow:
    span = Span(Fraction(index), Fraction(index + 1))
    return SpeechWindow(
        index=index, span=span, samples=np.zeros(16000, np.float32), digest=str(index)
    )


def test_the_translator_follows_its_script_and_counts() -> None:
    translator = ScriptedTranslator({"Go.": ["Ve.", "Vete."]})
    assert translator.translate(["Go.", "Stop."], "en", "es", alternatives=2) == [
        [Hypothesis(text="Ve.", score=-0.1), Hypothesis(text="Vete.", score=-0.2)],
        [Hypothesis(text="[es] Stop.", score=-0.1)],
    ]
    assert translator.translate(["Go."], "en", "es") == [[Hypothesis(text="Ve.", score=-0.1)]]
    assert (translator.calls, translator.texts) == (2, ["Go.", "Stop.", "Go."])


def test_the_translator_fails_where_the_script_says_so() -> None:
    translator = ScriptedTranslator(fail_on="Boom.")
    with pytest.raises(EngineError):
        translator.translate(["Boom."], "en", "es")
    with pytest.raises(PlanError):
        translator.check("en", "fr")


def test_the_recognizer_follows_its_script_and_counts() -> None:
    word = Word(text="Go.", span=Span(Fraction(1), Fraction(3, 2)), confidence=0.9)
    recognizer = ScriptedRecognizer({1: [word]}, language="es")
    assert isinstance(recognizer, Recognizer)
    silent, spoken = recognizer.recognize([window(0), window(1)])
    assert silent.words == ()
    assert silent.window.no_speech == 1.0
    assert spoken.words == (word,)
    assert spoken.window.language == "es"
    assert spoken.window.span == Span(Fraction(1), Fraction(2))
    assert (recognizer.calls, recognizer.windows) == (1, [0, 1])


def test_the_recognizer_fails_where_the_script_says_so() -> None:
    with pytest.raises(EngineError):
        ScriptedRecognizer({}, fail_on=1).recognize([window(0), window(1)])

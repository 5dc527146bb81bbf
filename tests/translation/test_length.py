"""Preferences for length choose among whole texts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit.errors import PlanError
from subkit.model import Span, Track
from subkit.translation import (
    ReadingSpeed,
    SpokenDuration,
    TranslationOptions,
    Unit,
    build_units,
)
from tests.translation.fakes import PROFILE, Fake, cue, translated


def unit(*texts: str, seconds: int = 2) -> Unit:
    cues = tuple(
        cue(n, text, span=Span(Fraction(n * seconds), Fraction((n + 1) * seconds)))
        for n, text in enumerate(texts)
    )
    (built,) = build_units(Track(id="en", language="en", cues=cues))
    return built


def test_reading_speed_is_free_within_the_profile_and_bounded() -> None:
    reading = ReadingSpeed(PROFILE)  # 17 characters a second
    one = unit("Go home.")
    assert reading(one, "Go home.", "a" * 34) == 0
    assert reading(one, "Go home.", "a" * 38) == pytest.approx(0.111, abs=0.001)
    assert reading(one, "Go home.", "a" * 400) == 0.35
    assert reading(one, "Go home.", "") == 0


def test_a_sentence_has_its_share_of_the_time() -> None:
    reading = ReadingSpeed(PROFILE)
    both = unit("I left the key", "in the car. Where?")
    assert both.seconds == 4
    assert reading(both, "I left the key in the car.", "a" * 54) == 0
    assert reading(both, "Where?", "a" * 20) > 0


def test_speech_is_penalised_both_ways() -> None:
    spoken = SpokenDuration("es", lambda _unit: 1.0)
    one = unit("Go home.")
    free, more, less = "la" * 8, "la" * 12, "la" * 5  # at 7.82 syllables a second
    assert spoken(one, "Go home.", free) == 0
    assert spoken(one, "Go home.", more) == pytest.approx(0.333, abs=0.01)
    assert spoken(one, "Go home.", less) > 0.3
    assert SpokenDuration("es")(one, "Go home.", free * 2) == 0, "the cue's own two seconds"
    fast = SpokenDuration("es", lambda _unit: 1.0, lambda _unit: 1.5)
    assert fast(one, "Go home.", more) == 0
    assert fast(one, "Go home.", free) > 0.2


def test_the_shorter_alternative_is_chosen_and_the_longer_kept() -> None:
    table = {
        "Be quiet now.": [("Hagan el favor de guardar silencio ahora.", -0.2), ("Callad.", -0.4)]
    }
    source = cue(1, "Be quiet now.", span=Span(Fraction(0), Fraction(3, 2)))
    (made,) = translated(source, translator=Fake(table), preferences=(ReadingSpeed(PROFILE),)).cues
    assert made.text == "Callad."
    assert [a.text.replace("\n", " ") for a in made.alternatives] == [table["Be quiet now."][0][0]]
    (made,) = translated(
        replace(source, span=Span(Fraction(0), Fraction(4))),
        translator=Fake(table),
        preferences=(ReadingSpeed(PROFILE),),
    ).cues
    assert made.text.replace("\n", " ") == table["Be quiet now."][0][0]


def test_an_unlikely_text_is_not_worth_its_shortness() -> None:
    table = {"Be quiet now.": [("Hagan el favor de guardar silencio.", -0.2), ("No.", -0.9)]}
    source = cue(1, "Be quiet now.", span=Span(Fraction(0), Fraction(1)))
    (made,) = translated(source, translator=Fake(table), preferences=(ReadingSpeed(PROFILE),)).cues
    assert made.text.startswith("Hagan")


def test_there_are_three_fits() -> None:
    with pytest.raises(PlanError, match="fit cannot be 'cut'"):
        TranslationOptions(fit="cut")

"""How to decode with a model: its own card, else what was measured with these weights."""

from __future__ import annotations

from typing import Any

import pytest

from subkit.engines import get_known
from subkit.engines.cards import read_decoding
from subkit.interfaces import Decoding, LanguageDecoding

BASE = get_known("base", "recognizer").weights_sha256


def test_base_is_measured() -> None:
    found = read_decoding({}, BASE)
    assert found.padding == "silence"
    assert found.second_opinion
    assert found.shift_ms == 70
    assert found.of("ko").timestamps
    assert not found.of("en").timestamps
    assert found.of("de").doubt != found.of("en").doubt
    assert found.of("fi") == found.of("")
    # What was not measured is doubted as the most doubtful language is.
    assert found.of("fi").doubt == max(one.doubt for one in found.languages)
    assert all(-1 < one.doubt < 0 for one in found.languages)


def test_weights_that_nobody_measured_have_the_usual_values() -> None:
    assert read_decoding({}, "0" * 64) == Decoding()
    assert read_decoding({}, "") == Decoding()
    assert Decoding().of("en") == LanguageDecoding()


def test_a_models_own_card_comes_first_and_whole() -> None:
    own = {"decoding": {"padding": "zeros", "languages": {"ja": {"doubt": -0.5}}}}
    found = read_decoding(own, BASE)
    assert (found.padding, found.shift_ms) == ("zeros", 0)
    assert found.of("ja") == LanguageDecoding(language="ja", doubt=-0.5)
    assert found.of("ko") == LanguageDecoding()
    assert read_decoding({"decoding": {}}, BASE) == Decoding()
    # What is no table is no card.
    assert read_decoding({"decoding": "fast"}, BASE).shift_ms == 70


def test_an_unknown_language_falls_to_the_one_for_all_others() -> None:
    languages = {"other": {"doubt": -0.4, "timestamps": True}, "en": {"doubt": -0.1}}
    found = read_decoding({"decoding": {"languages": languages}}, "")
    assert found.of("sw") == LanguageDecoding(language="", doubt=-0.4, timestamps=True)
    assert found.of("en") == LanguageDecoding(language="en", doubt=-0.1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"padding": "noise"},
        {"padding": 1},
        {"shift_ms": "60"},
        {"shift_ms": 60.5},
        {"shift_ms": True},
        {"shift_ms": 501},
        {"shift_ms": -501},
        {"second_opinion": None},
        {"second_opinion": 1},
        {"languages": []},
        {"languages": "en"},
        {"languages": {"en": "fast"}},
        {"more": 1},
    ],
    ids=str,
)
def test_values_that_are_none_are_ignored(wrong: dict[str, Any]) -> None:
    assert read_decoding({"decoding": wrong}, BASE) == Decoding()


@pytest.mark.parametrize("entry", [{"doubt": "low"}, {"doubt": None}, {"timestamps": "yes"}, {}])
def test_values_of_a_language_that_are_none_are_the_usual_ones(entry: dict[str, Any]) -> None:
    found = read_decoding({"decoding": {"languages": {"en": entry}}}, "")
    assert found.of("en") == LanguageDecoding(language="en")

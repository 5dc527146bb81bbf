from __future__ import annotations

import pytest

from subkit.interfaces import UNFINISHED
from subkit.translation import REASONS, doubts


@pytest.mark.parametrize(
    ("source", "translation", "pair", "signs"),
    [
        ("Twelve men.", "Doce hombres.", "en-es", ()),
        ("Twelve men.", " ... ", "en-es", ("empty",)),
        ("Where is the key?", "where is the key", "en-es", ("copied",)),
        ("Anna!", "Anna!", "en-es", ()),
        ("庭に男の人がいる", "庭に男の人がいる", "ja-zh", ("copied", "wrong-script")),
        ("Where is it?", "Donde está", "en-ko", ("wrong-script",)),
        ("Where is the key?", "¿Dónde está la 열쇠를?", "en-es", ("wrong-script",)),
        ("Call NASA now.", "지금 NASA에 전화해.", "en-ko", ()),
        ("the garden", "花园", "en-zh-Hans", ()),
        ("the garden", "庭園", "en-ja", ()),
        ("Go.", "ve ve ve ve ve", "en-es", ("repeated",)),
        ("Go.", "en la casa en la casa en la casa en la casa", "en-es", ("repeated",)),
        ("Go.", "가자가자가자가자가자", "en-ko", ("repeated",)),
        ("No, no, no, no!", "¡No, no, no, no!", "en-es", ()),
        ("At 10:30.", "A las 10:30.", "en-es", ()),
        ("1,000 men", "1.000 hombres", "en-es", ()),
        ("12 men", "20 hombres", "en-es", ("numbers",)),
        ("12 men", "doce hombres", "en-es", ()),
        ("٣ men", "3 hombres", "en-es", ()),
        ("9" * 9000, "9" * 9000, "en-es", ()),
        ("", "", "en-es", ()),
    ],
)
def test_signs(source: str, translation: str, pair: str, signs: tuple[str, ...]) -> None:
    language, _, target = pair.partition("-")
    assert doubts(source, translation, source_language=language, target=target) == signs


def test_every_sign_has_its_sentence() -> None:
    assert set(REASONS) == {
        "empty",
        "copied",
        "wrong-script",
        "repeated",
        "numbers",
        "tags",
        "truncated",
        "low-score",
    }


@pytest.mark.parametrize(
    ("score", "signs"),
    [
        (0.0, ()),
        (-0.9, ()),
        (-1.5, ("low-score",)),
        (UNFINISHED, ("truncated",)),
        (-99.0, ("truncated",)),
    ],
)
def test_scores_are_signs(score: float, signs: tuple[str, ...]) -> None:
    found = doubts("Go.", "Ve.", source_language="en", target="es", score=score)
    assert found == signs


def test_tags_must_be_those_of_the_source() -> None:
    source, good = "<i>No</i> {\\an8}way", "{\\an8}De <i>ninguna</i> manera"
    assert doubts(source, good, source_language="en", target="es") == ()
    assert doubts(source, "<i>Que no", source_language="en", target="es") == ("tags",)
    assert doubts("I <3 you", "Te quiero <3", source_language="en", target="es") == ()

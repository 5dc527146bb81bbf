"""Odd cues through the real demo translator: each is accounted for, none stops the others."""

from __future__ import annotations

import pytest

from subkit.engines import find_model, open_translator
from subkit.errors import PlanError
from subkit.interfaces import Translator
from subkit.model import Cue, Track
from subkit.translation import translate_track
from tests.translation.fakes import MADE, PROFILE, cue, lines_in


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Translator:
    folder = tmp_path_factory.mktemp("models")
    return open_translator(find_model("demo", "translator", models_folder=folder, offline=True))


def spanish(demo: Translator, *cues: Cue, language: str = "en", target: str = "es") -> Track:
    return translate_track(
        Track(id=language, language=language, cues=cues),
        target=target,
        translator=demo,
        profile=PROFILE,
        break_lines=lines_in(PROFILE, target),
        provenance=MADE,
    )


def test_a_cue_of_ten_thousand_characters(demo: Translator) -> None:
    long, short = spanish(
        demo, cue(1, "Where is the key? " * 555), cue(2, "Where is the key?")
    ).cues
    assert long.text.replace("\n", " ").count("¿Dónde está la llave?") == 555
    assert short.text.replace("\n", " ") == "¿Dónde está la llave?"
    (unbroken,) = spanish(demo, cue(1, "x" * 3000)).cues
    assert unbroken.text


@pytest.mark.parametrize(
    "text",
    [
        "😀😀",
        "Where is the key? 😀",
        "Where\x00 is\x07 the\x1b[31m key?",
        "\ud800 Where is the key?",
        "\u202eWhere is the key?\u202c",
        "</s> kor_Hang <unk>",
        "ﷺ" * 40,
        "e\u0301" * 500,
    ],
)
def test_odd_characters_stop_nothing(demo: Translator, text: str) -> None:
    odd, plain = spanish(demo, cue(1, text), cue(2, "Where is the key?")).cues
    assert [odd.id, plain.id] == ["c1", "c2"]
    assert odd.lines
    # What the model makes of forty ligatures differs from processor to processor, and both cues
    # are one unit.
    assert "llave" in plain.text or (text.startswith("ﷺ") and plain.lines)
    assert "\x00" not in odd.text or odd.text == text


def test_directions_and_tags_are_refused_before_work(demo: Translator) -> None:
    with pytest.raises(PlanError, match="does not know de"):
        spanish(demo, cue(1, "Go."), target="de")
    with pytest.raises(PlanError, match="does not know xx"):
        spanish(demo, cue(1, "Go."), language="xx")
    assert spanish(demo).cues == ()

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import exp
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.engines import find_model, open_translator
from subkit.errors import EngineError, PlanError
from subkit.interfaces import Hypothesis, ModelFacts
from subkit.model import (
    Cue,
    Origin,
    Profile,
    Provenance,
    Purpose,
    Review,
    ReviewState,
    Span,
    Track,
)
from subkit.spotting import break_lines
from subkit.translation import TranslationOptions, translate_track

PROFILE = Profile(id="test", language="es")
MADE = Provenance(origin=Origin.MT, tool="test")
HEARD = Provenance(origin=Origin.ASR, tool="test")


class Fake:
    """A translator by table; what it does not know it writes in capitals."""

    def __init__(self, table: Mapping[str, Sequence[tuple[str, float]]] | None = None) -> None:
        self.model = ModelFacts(name="fake", directory="", digest="")
        self.table = dict(table or {})
        self.calls: list[tuple[list[str], str, str, int]] = []

    def check(self, source: str, target: str) -> None:
        if "xx" in (source, target):
            raise PlanError(f"fake knows no {source}-{target}")

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        self.calls.append((list(texts), source, target, alternatives))
        return [
            [
                Hypothesis(text=text, score=score)
                for text, score in self.table.get(text, [(text.upper(), -0.1)])
            ]
            for text in texts
        ]


def cue(number: int, *lines: str, **more: object) -> Cue:
    span = Span(Fraction(3 * number), Fraction(3 * number + 2))
    made = Cue(id=f"c{number}", span=span, lines=lines, provenance=HEARD, confidence=0.5)
    return replace(made, **more)  # type: ignore[arg-type]


def lines_in(profile: Profile, language: str) -> Callable[[str], tuple[str, ...]]:
    return lambda text: break_lines(text, profile=profile, language=language)


def translated(
    *cues: Cue,
    translator: Fake | None = None,
    target: str = "es",
    purpose: Purpose = Purpose.SUBTITLE,
    previous: Track | None = None,
) -> Track:
    return translate_track(
        Track(id="en", language="en", purpose=purpose, cues=cues),
        target=target,
        translator=translator or Fake(),
        profile=PROFILE,
        break_lines=lines_in(PROFILE, target),
        provenance=MADE,
        options=TranslationOptions(alternatives=2),
        previous=previous,
    )


def test_same_cues_in_another_language() -> None:
    source = (cue(1, "The old man", speaker="S1"), cue(2, "is waiting."))
    track = translated(
        *source, translator=Fake({"The old man is waiting.": [("El viejo espera.", -0.2)]})
    )
    assert (track.id, track.language, track.source, track.profile) == ("es", "es", "en", "test")
    assert [c.lines for c in track.cues] == [("El viejo",), ("espera.",)]
    for before, after in zip(source, track.cues, strict=True):
        assert (after.id, after.span, after.speaker) == (before.id, before.span, before.speaker)
        assert after.sources == (before.id,)
        assert after.provenance == MADE
        assert after.confidence == pytest.approx(exp(-0.2))


def test_purpose_is_kept() -> None:
    track = translated(cue(1, "Exit."), purpose=Purpose.FORCED)
    assert (track.id, track.purpose) == ("es.forced", Purpose.FORCED)


def test_equal_sentences_are_translated_once_in_one_call_a_language() -> None:
    fake = Fake()
    translated(
        cue(1, "Go. Go."),
        cue(2, "♪ Go. ♪"),
        cue(3, "Vamos.", language="fr"),
        cue(4, "Stop!", "Go."),
        translator=fake,
    )
    assert fake.calls == [(["Go.", "Stop!"], "en", "es", 2), (["Vamos."], "fr", "es", 2)]


def test_a_line_in_the_target_language_is_copied() -> None:
    fake = Fake()
    source = cue(1, "¿Dónde está", "la llave?", language="es-MX", locked=True)
    track = translated(source, translator=fake)
    assert fake.calls == []
    assert track.cues == (replace(source, language=None, sources=("c1",), locked=False),)


def test_text_without_letters_is_copied() -> None:
    fake = Fake()
    track = translated(cue(1, "1984"), cue(2, "♪"), cue(3), cue(4, "?!"), translator=fake)
    assert fake.calls == []
    assert [c.lines for c in track.cues] == [("1984",), ("♪",), (), ("?!",)]


def test_music_marks_and_dialogue_dashes_stay() -> None:
    track = translated(cue(1, "♪ Go home ♪"), cue(2, "- Who is it? Say it.", "- Me."))
    assert track.cues[0].lines == ("♪ GO HOME ♪",)
    assert track.cues[1].lines == ("- WHO IS IT? SAY IT.", "- ME.")


def test_alternatives_stay_in_the_cues() -> None:
    table = {"Where is the key?": [("uno dos tres cuatro", -0.1), ("una dos tres otros", -0.7)]}
    track = translated(cue(1, "Where is"), cue(2, "the key?"), translator=Fake(table))
    assert [c.lines for c in track.cues] == [("uno dos",), ("tres cuatro",)]
    assert [[(a.text, a.score) for a in c.alternatives] for c in track.cues] == [
        [("una dos", -0.7)],
        [("tres otros", -0.7)],
    ]


def test_a_hypothesis_that_fails_a_guard_goes_behind() -> None:
    table = {"There are 12 men.": [("Hay 20 hombres.", -0.1), ("Hay 12 hombres.", -0.9)]}
    (only,) = translated(cue(1, "There are 12 men."), translator=Fake(table)).cues
    assert only.text == "Hay 12 hombres."
    assert only.confidence == pytest.approx(exp(-0.9))
    assert [a.text for a in only.alternatives] == ["Hay 20 hombres."]


def test_confidence_is_a_probability_whatever_the_score() -> None:
    table = {"a.": [("x", 0.4)], "b.": [("y", float("-inf"))], "c.": [("z", float("nan"))]}
    track = translated(cue(1, "a."), cue(2, "b."), cue(3, "c."), translator=Fake(table))
    assert [c.confidence for c in track.cues] == [1.0, 0.0, None]


def test_settled_cues_come_back_byte_identical() -> None:
    before = translated(cue(1, "The old man"), cue(2, "is waiting."), cue(3, "Why?"))
    locked = replace(before.cues[0], lines=("Mi texto",), locked=True)
    edited = replace(
        before.cues[2], lines=("¿Cómo?",), review=Review(state=ReviewState.EDITED, actor="Ana")
    )
    fake = Fake()
    after = translated(
        cue(1, "The old man"),
        cue(2, "is waiting."),
        cue(3, "Why?"),
        translator=fake,
        previous=replace(before, cues=(locked, before.cues[1], edited)),
    )
    assert after.cues == (locked, before.cues[1], edited)
    assert fake.calls[0][0] == ["The old man is waiting."]


def test_a_direction_the_model_lacks_stops_before_any_work() -> None:
    fake = Fake()
    with pytest.raises(PlanError, match="xx"):
        translated(cue(1, "Go."), cue(2, "Hm.", language="xx"), translator=fake)
    assert fake.calls == []


def test_an_engine_that_answers_too_little_is_an_error() -> None:
    with pytest.raises(EngineError, match="0 of 1"):
        translated(cue(1, "Go."), translator=Fake({"Go.": []}))


def test_an_empty_track_is_an_empty_track() -> None:
    assert translated().cues == ()


SHAPES = st.lists(
    st.tuples(
        st.lists(
            st.sampled_from(["the", "old", "man.", "what?", "- no", "♪", "Mr.", "12", "is—"]),
            max_size=6,
        ),
        st.sampled_from([None, "S1", "S2"]),
        st.sampled_from([None, "fr", "es"]),
        st.fractions(0, 4, max_denominator=4),
        st.fractions(0, 4, max_denominator=24),
    ),
    max_size=10,
)


@settings(deadline=None)
@given(SHAPES, st.sampled_from(["es", "ko", "ja"]))
def test_any_track_keeps_its_cues_and_every_word_once_in_order(
    shapes: list[tuple[list[str], str | None, str | None, Fraction, Fraction]], target: str
) -> None:
    cues, at = [], Fraction(0)
    for number, (words, speaker, language, pause, length) in enumerate(shapes):
        at += pause
        lines = tuple(filter(None, (" ".join(words[:3]), " ".join(words[3:]))))
        span = Span(at, at + length)
        cues.append(cue(number, *lines, span=span, speaker=speaker, language=language))
        at += length
    track = translated(*cues, target=target)
    assert [(c.id, c.span, c.speaker) for c in track.cues] == [
        (c.id, c.span, c.speaker) for c in cues
    ]
    assert all(c.sources == (c.id,) and c.language is None for c in track.cues)
    said = "".join("".join(c.text.upper().split()) for c in cues)
    assert "".join("".join(c.text.upper().split()) for c in track.cues) == said


def test_the_demo_translator_gives_a_real_track(tmp_path: Path) -> None:
    facts = find_model("demo", "translator", models_folder=tmp_path, offline=True)
    source = Track(
        id="en",
        language="en",
        cues=(
            cue(1, "There are twelve men"),
            cue(2, "in the garden."),
            cue(3, "열쇠가 어디에 있어?", language="ko"),
            cue(4, "- Where is the key?", "- Don't touch the gun."),
        ),
    )
    track = translate_track(
        source,
        target="es",
        translator=open_translator(facts),
        profile=PROFILE,
        break_lines=lines_in(PROFILE, "es"),
        provenance=MADE,
    )
    texts = [c.text.casefold() for c in track.cues]
    assert "doce hombres" in f"{texts[0]} {texts[1]}"
    assert "jardín" in texts[1]
    assert "llave" in texts[2]
    assert [line.startswith("- ") for line in track.cues[3].lines] == [True, True]
    assert all(c.confidence and c.confidence > 0.5 for c in track.cues)
    assert any(c.alternatives for c in track.cues)

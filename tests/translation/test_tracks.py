"""A translated track has the cues of its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.engines import find_model, open_translator
from subkit.errors import EngineError, PlanError
from subkit.interfaces import Hypothesis
from subkit.model import (
    Comment,
    Cue,
    Fade,
    Feature,
    Mark,
    Origin,
    Placement,
    Purpose,
    Review,
    ReviewState,
    Span,
    Track,
)
from subkit.translation import (
    MEMORY_TOOL,
    Unit,
    source_digest,
    stale_cues,
    translate_track,
)
from tests.translation.fakes import MADE, PROFILE, Fake, cue, lines_in, translated


def test_same_cues_in_another_language() -> None:
    source = (cue(1, "The old man", speaker="S1"), cue(2, "is waiting."))
    track = translated(
        *source, translator=Fake({"The old man is waiting.": [("El viejo espera.", -0.2)]})
    )
    assert (track.id, track.language, track.source, track.profile) == ("es", "es", "en", "test")
    assert [c.lines for c in track.cues] == [("El viejo",), ("espera.",)]
    for before, after in zip(source, track.cues, strict=True):
        assert (after.id, after.span, after.speaker) == (before.id, before.span, before.speaker)
        assert after.sources == ("c1", "c2")
        assert after.made_from == source_digest(source)
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
    copy = replace(source, language=None, sources=("c1",), locked=False)
    assert track.cues == (replace(copy, made_from=source_digest([source])),)


def test_text_without_letters_is_copied() -> None:
    fake = Fake()
    lines = ("1984",), ("♪",), (), ("?!",), ("- ANNA: -",)
    track = translated(*(cue(n, *line) for n, line in enumerate(lines)), translator=fake)
    assert fake.calls == []
    assert tuple(c.lines for c in track.cues) == lines


def test_music_marks_and_dialogue_dashes_stay() -> None:
    track = translated(cue(1, "♪ Go home ♪"), cue(2, "- Who is it? Say it.", "- Me."))
    assert track.cues[0].lines == ("♪ GO HOME ♪",)
    assert track.cues[1].lines == ("- WHO IS IT? SAY IT.", "- ME.")


def test_emoji_stay_and_are_never_translated() -> None:
    (both,) = translated(cue(1, "🔑 Go home ❤️")).cues
    assert both.lines == ("🔑 GO HOME ❤️",)
    (alone,) = translated(cue(1, "😀")).cues
    assert alone.lines == ("😀",)


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
    assert fake.calls == []


SCENE = (cue(1, "The old man"), cue(2, "is waiting."), cue(3, "Why?"), cue(4, "He left."))


def test_only_units_whose_source_changed_are_translated_again() -> None:
    before = translated(*SCENE)
    fake = Fake()
    changed = replace(SCENE[1], lines=("is sleeping.",))
    later = replace(MADE, time="2030-01-01T00:00:00+00:00")
    after = translated(
        SCENE[0], changed, *SCENE[2:], translator=fake, previous=before, provenance=later
    )
    assert fake.calls == [(["The old man is sleeping."], "en", "es", 2)]
    assert after.cues[2:] == before.cues[2:]
    assert after.cues[1].text == "IS SLEEPING."
    fake = Fake()
    assert translated(*SCENE, translator=fake, previous=before, provenance=later) == before
    assert fake.calls == []


def test_another_model_or_other_times_are_done_anew() -> None:
    before = translated(*SCENE)
    fake = Fake()
    translated(*SCENE, translator=fake, previous=before, provenance=replace(MADE, model="other"))
    assert len(fake.calls[0][0]) == 3
    moved = replace(SCENE[3], span=Span(Fraction(20), Fraction(21)))
    after = translated(*SCENE[:3], moved, translator=(fake := Fake()), previous=before)
    assert fake.calls[0][0] == ["He left."]
    assert after.cues[3].span == moved.span


def stale(track: Track, source: Track) -> tuple[str, ...]:
    """Ids of the stale cues."""
    return tuple(cue.id for cue in stale_cues(track, source))


def test_a_cue_is_stale_when_the_text_of_its_unit_is_another() -> None:
    track = translated(*SCENE)
    source = Track(id="en", language="en", cues=SCENE)
    assert stale(track, source) == ()
    changed = replace(SCENE[1], lines=("is sleeping.",))
    now = replace(source, cues=(SCENE[0], changed, *SCENE[2:]))
    assert stale(track, now) == ("c1", "c2")
    rebroken = replace(SCENE[1], lines=("is", "waiting."))
    assert stale(track, replace(source, cues=(SCENE[0], rebroken, *SCENE[2:]))) == ()
    assert stale(track, replace(source, cues=SCENE[:3])) == ("c4",)
    by_hand = replace(track, cues=tuple(replace(c, made_from=None) for c in track.cues))
    assert stale(by_hand, now) == ()


def test_a_settled_cue_of_a_changed_unit_stays_and_is_stale() -> None:
    before = translated(*SCENE)
    approved = replace(before.cues[0], review=Review(state=ReviewState.APPROVED, actor="Ana"))
    changed = (SCENE[0], replace(SCENE[1], lines=("is sleeping.",)), *SCENE[2:])
    after = translated(*changed, previous=replace(before, cues=(approved, *before.cues[1:])))
    assert after.cues[0] == approved
    assert stale(after, Track(id="en", language="en", cues=changed)) == ("c1",)


def test_comments_belong_to_the_track_they_were_written_in() -> None:
    remark = Comment(text="too stiff?", actor="Ana", time="2026-01-01T00:00:00+00:00")
    source = replace(SCENE[0], comments=(replace(remark, text="who is he?"),))
    before = translated(source)
    assert before.cues[0].comments == ()
    commented = replace(before.cues[0], comments=(remark,))
    changed = replace(source, lines=("The young man",))
    (after,) = translated(changed, previous=replace(before, cues=(commented,))).cues
    assert (after.text, after.comments) == ("THE YOUNG MAN", (remark,))


def test_a_preference_ranks_and_scores_stay() -> None:
    table = {"Twelve men.": [("Doce hombres.", -0.1), ("Doce tipos.", -0.4)]}
    asked: list[tuple[tuple[str, ...], str]] = []

    def slang(unit: Unit, source: str, text: str) -> float:
        asked.append((unit.cues, source))
        return 0.0 if "tipos" in text else 1.0

    (chosen,) = translated(cue(1, "Twelve men."), translator=Fake(table)).cues
    assert chosen.text == "Doce hombres."
    (chosen,) = translated(cue(1, "Twelve men."), translator=Fake(table), preferences=(slang,)).cues
    assert chosen.text == "Doce tipos."
    assert chosen.confidence == pytest.approx(exp(-0.4))
    assert [(a.text, a.score) for a in chosen.alternatives] == [("Doce hombres.", -0.1)]
    assert asked == [(("c1",), "Twelve men.")] * 2


def test_a_unit_of_several_sentences_has_their_score_by_their_length() -> None:
    table = {
        "Go.": [("Ve.", -2.0), ("Anda.", -2.2)],
        "The old man is waiting.": [("El viejo espera.", -0.2), ("Espera el viejo.", -0.4)],
    }
    two = cue(1, "Go. The old man is waiting.")
    (made,) = translated(two, translator=Fake(table)).cues
    short, long = len("Go."), len("The old man is waiting.")
    mean = (-2.0 * short - 0.2 * long) / (short + long)
    assert made.confidence == pytest.approx(exp(mean))
    ranked = translated(
        two,
        translator=Fake(table),
        preferences=(lambda _unit, _source, text: 0.3 * (text == "Ve."),),
    ).cues[0]
    assert ranked.text.replace("\n", " ").startswith("Anda."), "a penalty is weighed likewise"


def test_a_preference_never_lifts_what_fails_a_guard() -> None:
    table = {"There are 12 men.": [("Hay 20 tipos.", -0.1), ("Hay 12 hombres.", -0.9)]}
    (chosen,) = translated(
        cue(1, "There are 12 men."),
        translator=Fake(table),
        preferences=(lambda _unit, _source, text: 0.0 if "tipos" in text else 5.0,),
    ).cues
    assert chosen.text == "Hay 12 hombres."


def test_of_doubtful_texts_the_one_that_fails_fewest_guards_is_taken() -> None:
    table = {"Look at this house.": [("Mira el дом.", -1.1), ("Mira la casa.", -1.4)]}
    for preferences in ((), (lambda _unit, _source, text: float("casa" in text),)):
        (chosen,) = translated(
            cue(1, "Look at this house."), translator=Fake(table), preferences=preferences
        ).cues
        assert chosen.text == "Mira la casa."


def test_one_sentence_may_have_other_words_in_another_unit() -> None:
    table = {"Go.": [("Ve.", -0.1), ("Vaya.", -0.2)]}
    track = translated(
        cue(1, "Go.", speaker="S1"),
        cue(2, "Go.", speaker="S2"),
        translator=(fake := Fake(table)),
        preferences=(lambda unit, _, text: float(unit.speaker == "S2" and text == "Ve."),),
    )
    assert [c.text for c in track.cues] == ["Ve.", "Vaya."]
    assert fake.calls == [(["Go."], "en", "es", 2)]


def test_what_the_memory_knows_is_not_translated() -> None:
    known = {"The old man is waiting.": "El viejo espera.", "Why?": "¿Por qué?"}
    fake = Fake()
    track = translated(*SCENE, translator=fake, memory=lambda text, _language: known.get(text))
    assert fake.calls == [(["He left."], "en", "es", 2)]
    assert " ".join(c.text for c in track.cues) == "El viejo espera. ¿Por qué? HE LEFT."
    tools = [(c.provenance.origin, c.provenance.tool) for c in track.cues if c.provenance]
    assert tools == [(Origin.HUMAN, MEMORY_TOOL)] * 3 + [(Origin.MT, "test")]
    assert track.cues[0].confidence == 1.0
    fake = Fake()
    again = translated(*SCENE, translator=fake, previous=track)
    assert fake.calls[0][0] == ["The old man is waiting.", "Why?"], "the memory is gone"
    assert again.cues[3] == track.cues[3]


def test_the_memory_is_asked_for_whole_units_first() -> None:
    known = {"- Go. Run!\n- No.": "- ¡Corre!\n- No quiero."}
    dialogue = cue(1, "- Go. Run!", "- No.")
    track = translated(
        dialogue, translator=(fake := Fake()), memory=lambda text, _language: known.get(text)
    )
    assert fake.calls == []
    assert track.cues[0].lines == ("- ¡Corre!", "- No quiero.")


def test_a_memory_that_fails_a_guard_is_only_an_alternative() -> None:
    (made,) = translated(
        cue(1, "There are 12 men."),
        translator=Fake({"There are 12 men.": [("Hay 12 hombres.", -0.3)]}),
        memory=lambda _text, _language: "Hay 20 hombres.",
    ).cues
    assert made.text == "Hay 12 hombres."
    ((text, tool),) = [(a.text, a.provenance and a.provenance.tool) for a in made.alternatives]
    assert (text, tool) == ("Hay 20 hombres.", MEMORY_TOOL)


class SecondTry(Fake):
    """Answers from another table when asked again."""

    def __init__(self, first: dict[str, list[tuple[str, float]]], second: object) -> None:
        super().__init__(first)
        self.second = Fake(second)  # type: ignore[arg-type]

    def retry(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """By the second table."""
        return self.second.translate(texts, source, target, alternatives=alternatives)


def test_where_all_texts_are_doubtful_there_is_another_try() -> None:
    first = {"12 men.": [("20 hombres.", -0.1)], "Go.": [("Ve.", -0.1)], "Run.": [("ve", -20.0)]}
    fake = SecondTry(first, {"12 men.": [("12 hombres.", -0.6)], "Run.": [("corre", -1.4)]})
    track = translated(cue(1, "12 men."), cue(2, "Go."), cue(3, "Run."), translator=fake)
    assert fake.second.calls == [(["12 men.", "Run."], "en", "es", 2)]
    assert [c.text for c in track.cues] == ["12 hombres.", "Ve.", "corre"]
    assert [a.text for c in track.cues for a in c.alternatives] == ["20 hombres."]


def test_a_cut_text_stays_only_where_there_is_no_other() -> None:
    table = {"Run.": [("corre corre", -20.0), ("corre", -1.9)], "Go.": [("ve ve", -20.0)]}
    track = translated(cue(1, "Run."), cue(2, "Go."), translator=Fake(table))
    assert [c.text for c in track.cues] == ["corre", "ve ve"]
    assert track.cues[1].confidence == pytest.approx(0.0, abs=1e-8)


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


def _words(cues: Sequence[Cue]) -> str:
    """Notes go by their share of the words, not by their neighbours."""
    return "".join("".join(c.text.upper().replace("♪", "").split()) for c in cues)


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
    assert all(c.id in c.sources and c.language is None for c in track.cues)
    assert stale(track, Track(id="en", language="en", cues=tuple(cues))) == ()
    assert _words(track.cues) == _words(cues)


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


def test_looks_go_over_where_they_are_of_the_whole_cue() -> None:
    italic = Mark(start=0, end=11, feature=Feature.ITALIC)
    now = Mark(start=7, end=10, feature=Feature.BOLD)
    first = replace(
        cue(1, "The old man"),
        marks=(italic,),
        style="Signs",
        forced=True,
        fade=Fade(up=Fraction(1, 2)),
        placement=Placement(vertical="top"),
    )
    second = replace(cue(2, "is here now."), marks=(replace(now, start=8, end=11),))
    track = translated(
        first, second, translator=Fake({"The old man is here now.": [("El viejo espera ya.", -1)]})
    )
    one, two = track.cues
    assert [(m.feature, one.text[m.start : m.end]) for m in one.marks] == [
        (Feature.ITALIC, one.text)
    ]
    assert (one.style, one.forced, one.fade) == ("Signs", True, Fade(up=Fraction(1, 2)))
    assert one.placement == Placement(vertical="top")
    assert two.marks == ()

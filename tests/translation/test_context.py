"""What was said before: which sentences go with one, and how its own translation is told again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.engines import TranslatorOptions, find_model, open_translator
from subkit.errors import PlanError
from subkit.interfaces import Hypothesis
from subkit.model import Cue, Placement, Review, ReviewState, Span, Track
from subkit.pipeline import RunOptions, translator_model
from subkit.pipeline import plan as planning
from subkit.translation import TranslationOptions, Unit, build_units, translate_track
from subkit.translation.context import add_context, in_context
from subkit.translation.sentence_cores import Sentence
from tests.translation.fakes import MADE, PROFILE, Fake, cue, lines_in


def track(*cues: Cue) -> Track:
    return Track(id="en", language="en", cues=cues)


def units(*cues: Cue, most: int = 2) -> tuple[Unit, ...]:
    source = track(*cues)
    return add_context(build_units(source), source, most)


def before(*cues: Cue, most: int = 2) -> list[tuple[str, ...]]:
    return [unit.before for unit in units(*cues, most=most)]


def put(
    *cues: Cue,
    translator: Fake,
    context: int = 1,
    previous: Track | None = None,
    only: frozenset[str] | None = None,
) -> Track:
    return translate_track(
        track(*cues),
        target="es",
        translator=translator,
        profile=PROFILE,
        break_lines=lines_in(PROFILE, "es"),
        provenance=MADE,
        options=TranslationOptions(alternatives=2, context=context),
        previous=previous,
        only=only,
    )


def test_the_nearest_sentences_of_the_scene_go_before() -> None:
    cues = (cue(1, "Who is she?"), cue(2, "My sister. She"), cue(3, "came back."), cue(4, "When?"))
    assert before(*cues) == [(), ("Who is she?",), ("My sister.", "She came back.")]
    assert before(*cues, most=1)[-1] == ("She came back.",)
    assert before(*cues, most=0) == [(), (), ()]
    assert units(*cues)[-1].before_cues == ("c2", "c3")


def test_context_ends_at_a_pause_a_language_a_place_and_what_broke_off() -> None:
    late = cue(2, "Go.", span=Span(Fraction(13), Fraction(14)))  # eight seconds after the first
    assert before(cue(1, "Stop."), late) == [(), ()]
    assert before(cue(1, "Stop."), cue(2, "¿Qué?", language="es"), cue(3, "Go.")) == [(), (), ()]
    sign = cue(2, "Hotel.", placement=Placement(vertical="top"))
    assert before(cue(1, "Stop."), sign, cue(3, "Go.")) == [(), (), ()]
    assert before(cue(1, "I wanted to -"), cue(2, "No."), cue(3, "Go.")) == [(), (), ("No.",)]
    assert before(cue(1, "Stop."), cue(2, "♪"), cue(3, "Go.")) == [(), ("Stop.",), ("Stop.",)]


def test_a_question_of_another_is_context() -> None:
    cues = (cue(1, "Where is she?", speaker="a"), cue(2, "At home.", speaker="b"))
    assert before(*cues) == [(), ("Where is she?",)]
    (unit,) = units(cue(1, "- Where is she?", "- At home."))
    assert list(in_context(unit, 2)) == [
        Sentence("Where is she?"),
        Sentence("At home.", ("Where is she?",)),
    ]


def test_the_output_is_cut_back_to_the_sentence() -> None:
    said = [("¿Quién es? Mi hermana.", -0.1), ("¿Quién? Mi hermana.", -0.2), ("¿Y? Sor.", -0.3)]
    translator = Fake({"Who is she? My sister.": said})
    made = put(cue(1, "Who is she?"), cue(2, "My sister."), translator=translator)
    assert [each.text for each in made.cues] == ["WHO IS SHE?", "Mi hermana."]
    assert [(a.text, a.score) for a in made.cues[1].alternatives] == [("Sor.", -0.3)]
    assert [call[0] for call in translator.calls] == [["Who is she?", "Who is she? My sister."]]


@pytest.mark.parametrize("said", ["Mi hermana", "¿Quién? ¿Es? Mi hermana.", "...", "¿Qué? 99."])
def test_where_the_count_or_a_guard_fails_the_sentence_goes_alone(said: str) -> None:
    table = {"Who is she? My 12 sisters.": [(said, -0.1)], "My 12 sisters.": [("Son 12.", -0.3)]}
    translator = Fake(table)
    made = put(cue(1, "Who is she?"), cue(2, "My 12 sisters."), translator=translator)
    assert made.cues[1].text == "Son 12."
    assert [call[0] for call in translator.calls][1:] == [["My 12 sisters."]]


def test_the_memory_is_asked_for_the_sentence_itself() -> None:
    translator = Fake()
    made = translate_track(
        track(cue(1, "Who is she?"), cue(2, "My sister.")),
        target="es",
        translator=translator,
        profile=PROFILE,
        break_lines=lines_in(PROFILE, "es"),
        provenance=MADE,
        options=TranslationOptions(context=1),
        memory=lambda text, _: {"My sister.": "Es mi hermana."}.get(text),
    )
    assert made.cues[1].text == "Es mi hermana."
    assert [call[0] for call in translator.calls] == [["Who is she?"]]


def test_what_a_changed_sentence_was_context_of_is_made_again() -> None:
    cues = [cue(n, text) for n, text in enumerate(("One.", "Two.", "Three.", "Four."))]
    made = put(*cues, translator=Fake())
    settled = replace(made.cues[1], review=Review(state=ReviewState.EDITED, actor="Ana"))
    made = replace(made, cues=(made.cues[0], settled, *made.cues[2:]))
    again = Fake()
    cues[1] = replace(cues[1], lines=("Other.",))
    after = put(*cues, translator=again, previous=made)
    assert [call[0] for call in again.calls] == [["Other. Three."]]
    assert after.cues[1] == settled
    assert after.cues == made.cues
    nothing = Fake()
    cues[1] = replace(cues[1], lines=("Two.",))
    assert put(*cues, translator=nothing, previous=made) == made
    assert nothing.calls == []


def test_one_cue_alone_is_made_in_its_context() -> None:
    cues = [cue(n, text) for n, text in enumerate(("One.", "Two.", "Three."))]
    translator = Fake()
    made = put(*cues, translator=translator, only=frozenset({"c1"}))
    assert [each.id for each in made.cues] == ["c1"]
    assert [call[0] for call in translator.calls] == [["One. Two."]]


@given(
    texts=st.lists(
        st.sampled_from(
            ["Go.", "Who is she?", "I wanted to -", "Dr. No...", "the man", "♪", "12."]
        ),
        min_size=1,
        max_size=8,
    ),
    most=st.integers(0, 3),
)
def test_every_cue_keeps_its_own_words_in_any_context(texts: list[str], most: int) -> None:
    """The fake writes capitals, so what is cut back must be the sentence's own."""
    cues = [cue(n, text) for n, text in enumerate(texts)]
    plain = put(*cues, translator=Fake(), context=0)
    translator = Fake()
    assert put(*cues, translator=translator, context=most).cues == plain.cues
    for asked, *_ in translator.calls:
        for text in asked:
            assert len(build_units(track(cue(0, text)))[0].turns[0].sentences) <= most + 1


class _Listening:
    """The demo translator; keeps what it was asked."""

    def __init__(self) -> None:
        facts = find_model("demo", "translator", models_folder=Path(), offline=True)
        self._real = open_translator(facts, TranslatorOptions(device="cpu", threads=1))
        self.model = facts
        self.check = self._real.check
        self.texts: list[str] = []

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        self.texts += texts
        return self._real.translate(texts, source, target, alternatives=alternatives)


def test_the_demo_reads_two_sentences_before_and_writes_one() -> None:
    translator = _Listening()
    assert translator.model.sentences == 3
    said = ("Where is the teacher?", "Please help me, Hugo.", "There are twelve men in the hotel.")
    cues = tuple(cue(n, text) for n, text in enumerate(said))
    made = translate_track(
        track(*cues),
        target="es",
        translator=translator,
        profile=PROFILE,
        break_lines=lines_in(PROFILE, "es"),
        provenance=MADE,
        options=TranslationOptions(context=2),
    )
    assert [" ".join(each.lines) for each in made.cues] == [
        "¿Dónde está el profesor?",
        "Por favor, ayúdame, Hugo.",
        "Hay doce hombres en el hotel.",
    ]
    assert " ".join(said) in translator.texts


def test_more_context_than_a_model_reads_is_refused_before_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = RunOptions(translator="demo", models_folder=tmp_path, offline=True)
    three = replace(options, translation=TranslationOptions(context=3))
    with pytest.raises(PlanError, match="up to 2 sentences before each, not 3") as caught:
        translator_model(three)
    assert "--context 2" in caught.value.remedy
    assert translator_model(replace(options, translation=TranslationOptions(context=2)))
    monkeypatch.setattr(planning, "find_model", lambda *_, **__: Fake().model)
    with pytest.raises(PlanError, match="trained on single sentences"):
        translator_model(replace(options, translation=TranslationOptions(context=1)))
    with pytest.raises(PlanError, match="context must be 0 or more"):
        TranslationOptions(context=-1)

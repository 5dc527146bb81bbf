from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.errors import PlanError
from subkit.model import Cue, Placement, Span, Track
from subkit.translation import TranslationOptions, Unit, build_units


def cue(number: int, *lines: str, start: Fraction | None = None, **more: object) -> Cue:
    begin = Fraction(3 * number) if start is None else start
    made = Cue(id=f"c{number}", span=Span(begin, begin + 2), lines=lines)
    return replace(made, **more)  # type: ignore[arg-type]


def units(*cues: Cue, language: str = "en", **limits: Any) -> list[tuple[str, str]]:
    track = Track(id=language, language=language, cues=cues)
    built = build_units(track, TranslationOptions(**limits))
    return [("+".join(unit.cues), unit.text) for unit in built]


def test_a_sentence_is_joined_across_cues() -> None:
    assert units(cue(1, "The old man"), cue(2, "is waiting in", "the garden."), cue(3, "Why?")) == [
        ("c1+c2", "The old man is waiting in the garden."),
        ("c3", "Why?"),
    ]


def test_a_cue_with_the_end_and_the_beginning_of_sentences_ties_both() -> None:
    track = Track(
        id="en",
        language="en",
        cues=(cue(1, "I left the key"), cue(2, "in the car. Where"), cue(3, "are you?")),
    )
    (unit,) = build_units(track)
    assert unit.cues == ("c1", "c2", "c3")
    assert unit.turns[0].sentences == ("I left the key in the car.", "Where are you?")


def test_abbreviations_and_small_letters_after_an_ellipsis_go_on() -> None:
    assert len(units(cue(1, "Ask Mr."), cue(2, "Brown about it."))) == 1
    assert len(units(cue(1, "I thought..."), cue(2, "...that you were gone."))) == 1
    assert len(units(cue(1, "I thought..."), cue(2, "Never mind."))) == 2


A, B = "The old man", "is waiting."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (cue(1, A, speaker="S1"), cue(2, B, speaker="S2")),
        (cue(1, A), cue(2, B, language="es")),
        (cue(1, A), cue(2, B, start=Fraction(701, 100))),
        (cue(1, A), cue(2, B, start=Fraction(4))),
        (cue(1, A), cue(2, B, placement=Placement(vertical="top"))),
        (cue(1, "I was going to —"), cue(2, B)),
        (cue(1, A), cue(2, "- Who?", "- Me.")),
        (cue(1, A), cue(2)),
        (cue(1, "Wait. 😀"), cue(2, B)),
        (cue(1, A), cue(2, "😀")),
        (cue(1, "♪"), cue(2, B)),
    ],
)
def test_never_joined(first: Cue, second: Cue) -> None:
    assert [names for names, _ in units(first, second)] == ["c1", "c2"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (cue(1, A, speaker="S1"), cue(2, B, speaker="S1")),
        (cue(1, A, speaker="S1"), cue(2, B)),
        (cue(1, A), cue(2, B, start=Fraction(7))),
        (cue(1, A), cue(2, "-5 degrees.")),
    ],
)
def test_joined(first: Cue, second: Cue) -> None:
    assert [names for names, _ in units(first, second)] == ["c1+c2"]


def test_dialogue_is_turns() -> None:
    lines = ("- Where were you? I waited.", "-At home", "the whole day.")
    (unit,) = build_units(Track(id="en", language="en", cues=(cue(1, *lines),)))
    assert [(turn.mark, turn.sentences) for turn in unit.turns] == [
        ("- ", ("Where were you?", "I waited.")),
        ("-", ("At home the whole day.",)),
    ]


def test_without_ends_the_longest_pause_ends_the_unit() -> None:
    starts = ["0", "5/2", "5", "8", "21/2", "13"]
    cues = [cue(i, "and so on", start=Fraction(start)) for i, start in enumerate(starts)]
    found = units(*cues, max_cues_per_unit=4)
    assert [names for names, _ in found] == ["c0+c1+c2", "c3+c4+c5"]


def test_writing_without_spaces_is_joined_without() -> None:
    assert units(cue(1, "庭に"), cue(2, "男の人がいる。"), language="ja") == [
        ("c1+c2", "庭に男の人がいる。")
    ]


def test_options_are_checked() -> None:
    with pytest.raises(PlanError, match="alternatives"):
        TranslationOptions(alternatives=0)


WORDS = st.sampled_from(["we", "go.", "Mr.", "-", "what?", "no...", "—", "♪", "12", "", "- Yes"])
CUES = st.lists(
    st.tuples(
        st.lists(st.lists(WORDS, max_size=4).map(" ".join), max_size=3).map(tuple),
        st.sampled_from([None, "S1", "S2"]),
        st.sampled_from([None, "es", "ko"]),
        st.fractions(0, 4, max_denominator=4),
    ),
    max_size=14,
)


@given(CUES, st.integers(1, 4), st.integers(1, 60))
def test_every_cue_is_in_one_unit_and_every_word_in_one_sentence(
    drawn: list[tuple[tuple[str, ...], str | None, str | None, Fraction]], most: int, size: int
) -> None:
    cues, at = [], Fraction(0)
    for number, (lines, speaker, language, pause) in enumerate(drawn):
        at += pause
        cues.append(cue(number, *lines, start=at, speaker=speaker, language=language))
        at += 2
    track = Track(id="en", language="en", cues=tuple(cues))
    options = TranslationOptions(max_cues_per_unit=most, max_characters_per_unit=size)
    built = build_units(track, options)
    assert [cue_id for unit in built for cue_id in unit.cues] == [c.id for c in cues]
    assert "".join("".join(unit.text.split()) for unit in built) == "".join(
        "".join(c.text.replace("♪", "").split()) for c in cues
    )
    by_id = {c.id: c for c in cues}
    for unit in built:
        _check_unit(unit, [by_id[cue_id] for cue_id in unit.cues], most)


def _check_unit(unit: Unit, cues: list[Cue], most: int) -> None:
    assert len(cues) <= most
    assert {c.language or "en" for c in cues} == {unit.language}
    pairs = list(pairwise(cues))
    assert all(b.span.start - a.span.end <= 2 for a, b in pairs)
    assert not any(a.speaker and b.speaker and a.speaker != b.speaker for a, b in pairs)


def test_a_song_and_a_sound_are_joined_with_nothing_else() -> None:
    song, sound, said = cue(1, "♪ I will never forget you ♪"), cue(2, "[door slams]"), cue(3, B)
    assert [ids for ids, _ in units(song, sound, said)] == ["c1", "c2", "c3"]
    assert [ids for ids, _ in units(song, cue(2, A), said)] == ["c1", "c2+c3"]
    assert [ids for ids, _ in units(cue(1, A), cue(2, "♪ is waiting"))] == ["c1", "c2"]
    assert len(units(cue(1, A), cue(2, "(sighs)"), said)) == 3


@pytest.mark.parametrize(
    "lines",
    [("♪ The old man ♪", "♪ is waiting ♪"), ("♪ The old", "man is", "waiting ♪"), ("♪ A", "♪ b")],
)
def test_a_song_goes_on_over_cues_as_its_notes_say(lines: tuple[str, ...]) -> None:
    assert len(units(*(cue(number, line) for number, line in enumerate(lines)))) == 1

"""Speech levels: told from the sentence, held against the register, flips found."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.errors import PlanError
from subkit.interfaces import Subject
from subkit.model import Address, Cue, Media, Profile, Span, Track
from subkit.quality import check
from subkit.terminology import (
    Fit,
    People,
    classify,
    expected_address,
    fit,
    idle_entries,
    level_named,
    levels_of,
    read_levels,
    register_languages,
    register_preference,
    scenes,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.register import HALVES, main, measure, read_lines

FLOORS = {"ko": 0.95, "ja": 0.92, "fr": 0.92, "es": 0.9, "de": 0.94}


class Unit:
    cues = ("c1",)
    language = "en"


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", register_languages())
def test_levels_are_told_right(language: str, half: str) -> None:
    score = measure(language, half)
    assert score.right >= FLOORS[language], score.pairs
    assert score.wrong <= 0.06


def test_there_are_enough_lines_and_no_line_twice() -> None:
    for language in register_languages():
        lines = [sentence for half in HALVES for _, sentence in read_lines(language, half)]
        assert len(lines) >= (300 if language == "ko" else 100)
        assert len(set(lines)) == len(lines)
        labels = {gold for half in HALVES for gold, _ in read_lines(language, half)}
        assert labels == {*levels_of(language), "unknown"}


def test_the_script_prints_both_halves(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["de", "--matrix"]) == 0
    printed = capsys.readouterr().out
    assert "| de | heldout | 54 |" in printed
    assert "| **Sie** |" in printed


@pytest.mark.parametrize(
    ("sentence", "level"),
    [
        ('그분이 "가자"라고 하셨습니다.', "hasipsio"),
        ("<i>저는 갑니다.</i>", "hasipsio"),
        ("(문 두드리는 소리)", ""),
        ("- 어디 가?", "hae"),
        ("그 남자.", ""),
        ("", ""),
        ("123", ""),
        ("OK.", ""),
    ],
)
def test_what_surrounds_a_korean_sentence_does_not_matter(sentence: str, level: str) -> None:
    readings = read_levels(sentence, "ko-KR")
    assert [reading.level for reading in readings if reading.level] == ([level] if level else [])


@given(st.text(max_size=120), st.sampled_from([*register_languages(), "fi"]))
def test_any_text_is_read(text: str, language: str) -> None:
    assert classify(text, language) in {"", *levels_of(language)}
    for reading in read_levels(text, language):
        assert reading.level in {"", *levels_of(language)}


def test_levels_by_any_of_their_names() -> None:
    assert level_named("ko", "해요체") == "haeyo"
    assert level_named("ko-KR", "반말") == "plain"
    assert level_named("de", "sie") == "Sie"
    assert level_named("es", "Tú") == "tu"
    assert fit("ko", "haeyo", "hasipsio") is Fit.NEAR
    assert fit("ko", "polite", "hasipsio") is Fit.SAME
    assert fit("ko", "haeyo", "hae") is Fit.OTHER
    assert fit("es", "tu", "vos") is Fit.OTHER
    with pytest.raises(PlanError, match="haeyo"):
        level_named("ko", "해욧체")
    with pytest.raises(PlanError, match="'fi'"):
        level_named("fi", "te")


def make_track(*lines: tuple[str, str, float], language: str = "ko") -> Track:
    cues = tuple(
        Cue(
            id=f"c{number}",
            span=Span(Fraction(start), Fraction(start) + 1),
            lines=tuple(text.split("\n")),
            speaker=speaker or None,
        )
        for number, (speaker, text, start) in enumerate(lines, start=1)
    )
    return Track(id=language, language=language, cues=cues)


def found(track: Track, *register: Address, rule: str = "") -> list[tuple[str, str]]:
    subject = Subject(
        track=track,
        profile=Profile(id="x", language=track.language),
        media=Media(path="", digest="", duration=Fraction(100)),
        register=register,
    )
    names = {rule} if rule else {"register", "register-flip"}
    return [(f.rule, f.cue) for f in check(subject) if f.rule in names]


def entry(speaker: str, addressee: str, level: str, **more: str) -> Address:
    return Address(language="ko", speaker=speaker, addressee=addressee, level=level, **more)


TALK = make_track(
    ("s1", "어디 가세요?", 0),
    ("s2", "학교 가.", 2),
    ("s1", "같이 가요.", 4),
    ("s1", "나도 갈래.", 6),
    ("s2", "그래요.", 8),
)


def test_a_flip_inside_a_scene_is_found() -> None:
    assert found(TALK) == [("register-flip", "c4"), ("register-flip", "c5")]


def test_a_change_that_the_register_explains_is_none() -> None:
    meant = (
        entry("s1", "s2", "polite"),
        entry("s1", "s2", "plain", start="c4", reason="they make friends"),
    )
    assert found(TALK, *meant) == [("register-flip", "c5")]


def test_levels_of_one_family_may_follow_each_other() -> None:
    track = make_track(("s1", "갑니다.", 0), ("s1", "같이 가요.", 2), ("s1", "어서 오십시오.", 4))
    assert found(track) == []


def test_another_scene_may_have_another_register() -> None:
    track = make_track(("s1", "같이 가요.", 0), ("s1", "나도 갈래.", 20))
    assert found(track) == []
    near = make_track(("s1", "같이 가요.", 0), ("s1", "나도 갈래.", 5))
    assert found(near) == [("register-flip", "c2")]
    assert [len(s) for s in scenes(near.cues)] == [2]
    assert [len(s) for s in scenes(near.cues, [Fraction(3)])] == [1, 1]


def test_to_two_people_one_speaks_differently() -> None:
    track = make_track(
        ("s1", "같이 가요.", 0), ("s2", "네.", 2), ("s1", "나도 갈래.", 20), ("s3", "응.", 22)
    )
    people = People.of(track, {})
    assert people.addressees["c1"] == "s2"
    assert people.addressees["c3"] == "s3"
    assert found(track) == []


def test_without_speakers_or_with_two_in_a_cue_nothing_is_said() -> None:
    assert found(make_track(("", "같이 가요.", 0), ("", "나도 갈래.", 2))) == []
    assert found(make_track(("s1", "같이 가요.", 0), ("s1", "- 갈래?\n- 응, 갈게.", 2))) == []


def test_a_cue_that_does_not_fit_the_register_is_found() -> None:
    track = make_track(("s1", "같이 가자.", 0), ("s1", "가요.", 20), ("s1", "음…", 40))
    assert found(track, entry("s1", "*", "haeyo"), rule="register") == [("register", "c1")]
    for name in ("plain", "반말"):
        assert found(track, entry("*", "*", name), rule="register") == [("register", "c2")]


def test_the_most_special_entry_holds_and_of_equals_the_latest() -> None:
    people = People.of(TALK, {"s1": "민수", "s2": "지영"})
    register = (
        entry("*", "*", "haera"),
        entry("민수", "*", "hao"),
        entry("민수", "지영", "haeyo"),
        entry("민수", "s2", "hae", start="c4"),
        entry("*", "*", "hage", start="gone"),
    )
    expected = expected_address(register, TALK, "ko", people)
    assert [expected[cue.id].level for cue in TALK.cues] == [
        "haeyo",
        "haera",
        "haeyo",
        "hae",
        "haera",
    ]
    assert expected_address(register, TALK, "es", people) == {}


def test_entries_that_can_hold_nowhere_are_told_with_the_reason() -> None:
    people = People.of(TALK, {"s1": "민수"})
    register = (
        entry("민수", "anyone else", "haeyo"),
        entry("*", "*", "hae", start="c9"),
        entry("Tom", "*", "hae"),
        entry("*", "Tom", "hae", start="c9"),
        entry("*", "s2", "hae", start="c2"),
    )
    assert idle_entries(register, TALK, "ko", people) == {
        "there is no cue 'c9'": [register[1]],
        "nobody is called 'Tom'": [register[2], register[3]],
    }
    assert idle_entries(register, TALK, "es", people) == {}


def test_an_unknown_addressee_is_guessed_where_all_entries_agree() -> None:
    alone = make_track(("s1", "같이 가요.", 0))
    people = People.of(alone, {})
    same = (entry("s1", "a", "hae"), entry("s1", "b", "hae"))
    other = (entry("s1", "a", "hae"), entry("s1", "b", "haeyo"))
    assert expected_address(same, alone, "ko", people)["c1"].level == "hae"
    assert expected_address(other, alone, "ko", people) == {}


def test_a_form_of_address_of_another_time_is_found() -> None:
    track = make_track(("s1", "선배, 같이 가요.", 0), ("s2", "네.", 2), ("s1", "선배, 안녕.", 4))
    register = (
        entry("s1", "s2", "polite", term="선배"),
        entry("s1", "s2", "plain", term="누나", start="c3"),
    )
    (finding,) = found(track, *register)
    assert finding == ("register", "c3")


def test_the_register_ranks_hypotheses() -> None:
    penalty = register_preference({"c1": entry("*", "*", "haeyo")}, "ko")
    assert penalty(Unit(), "Where?", "어디 가요?") == 0
    assert 0 < penalty(Unit(), "Where?", "어디 가십니까?") < penalty(Unit(), "Where?", "어디 가?")
    assert penalty(Unit(), "Where?", "어디…") == 0
    assert register_preference({}, "ko")(Unit(), "Where?", "어디 가?") == 0


def test_speakers_are_known_by_name() -> None:
    people = People.of(TALK, {"s1": "Ann"})
    assert people.is_called("s1", "ann")
    assert not people.is_called("", "*")


def test_a_level_is_no_reason_to_say_something_else() -> None:
    """Texts and scores of the demo model for one sentence: the second one means another thing."""
    penalty = register_preference({"c1": entry("*", "*", "polite")}, "ko")
    source = "You must go to the harbor in an hour."
    meant = -0.04 - penalty(Unit(), source, "너는 한 시간 후에 항구에 가야 해.")
    dodged = -0.79 - penalty(Unit(), source, "너는 한 시간 후에 항구로 가져가.")
    assert meant > dodged

"""Who the voices are: characters from speakers, their names from a screenplay, none guessed."""

from __future__ import annotations

from dataclasses import replace

from subkit.dubbing import (
    UNKNOWN,
    ScriptLine,
    build_utterances,
    cast_speakers,
    script_lines,
    script_names,
)
from subkit.model import Character, Speaker, SpeakerTurn
from tests.dubbing.lines import heard, said, span

SCRIPT = (
    ScriptLine(character="ANNA", text="Somebody is following us to the harbour."),
    ScriptLine(character="BEN", text="Then we have to run before they see the boat."),
    ScriptLine(character="ANNA", text="I can not run any more, go without me."),
)
WORDS = [
    *said("Somebody is following us to a harbour.", 0, who="s1"),
    *said("Then we half to run before they see the boat.", 4, who="s2"),
    *said("I cannot run any more, go without me.", 9, who="s1"),
]
LINES = build_utterances(WORDS, "en")


def test_a_screenplay_names_speakers_by_what_they_say_though_words_were_misheard() -> None:
    assert {who: name for who, (name, _) in script_names(LINES, SCRIPT).items()} == {
        "s1": "ANNA",
        "s2": "BEN",
    }
    assert [found and found[0] for found in script_lines(LINES, SCRIPT)] == ["ANNA", "BEN", "ANNA"]


def test_a_screenplay_of_another_film_names_nobody() -> None:
    other = (ScriptLine(character="EVE", text="The weather was lovely in the mountains today."),)
    assert script_names(LINES, other) == {}
    characters, cast = cast_speakers(heard(WORDS), LINES, script=other)
    assert {one.name for one in characters} == {"s1", "s2"}
    assert set(cast) == {"s1", "s2"}


def test_a_speaker_whose_lines_stand_under_two_names_has_none() -> None:
    split = (SCRIPT[0], SCRIPT[1], replace(SCRIPT[2], character="EVE"))
    assert "s1" not in script_names(LINES, split)


def test_found_names_say_how_sure_they_are_and_given_ones_do_not() -> None:
    names = replace(heard(WORDS), speakers=(Speaker(id="s2", name="Benjamin"),))
    characters, cast = cast_speakers(names, LINES, script=SCRIPT[:1])
    by_name = {one.name: one for one in characters}
    assert by_name["ANNA"].origin == "script"
    assert by_name["ANNA"].confidence is not None
    assert by_name["Benjamin"].origin == "speaker"
    assert by_name["Benjamin"].confidence is None
    assert cast["s2"] == by_name["Benjamin"].id


def test_how_sure_a_voice_is_comes_from_its_turns_by_their_length() -> None:
    turns = tuple(
        SpeakerTurn(span=span(a, b), speaker="s1", method="diarization", confidence=sure)
        for a, b, sure in ((0, 3, 0.9), (3, 4, 0.5))
    )
    (one, *_), _ = cast_speakers(replace(heard(WORDS), turns=turns), LINES)
    assert one.confidence == 0.8


def test_lines_that_nobody_is_known_to_speak_have_one_character_unknown() -> None:
    lines = build_utterances(said("Come in.", 0), "en")
    characters, cast = cast_speakers(heard(said("Come in.", 0)), lines)
    assert [one.id for one in characters] == [UNKNOWN]
    assert cast == {None: UNKNOWN}


def test_characters_that_people_made_keep_their_names_and_voices() -> None:
    mine = Character(id="anna", name="Anna Kim", prefix="AK", colour="#000000", speakers=("s1",))
    characters, cast = cast_speakers(heard(WORDS), LINES, existing=(mine,), script=SCRIPT)
    assert mine in characters
    assert cast["s1"] == "anna"


def test_every_character_has_a_prefix_of_its_own_and_a_colour() -> None:
    words = [
        *said("One.", 0, who="Marta"),
        *said("Two.", 4, who="Marco"),
        *said("Three.", 8, who="Mara"),
        *said("Four.", 12, who="민준"),
    ]  # fmt: skip
    characters, _ = cast_speakers(heard(words), build_utterances(words, "en"))
    assert len({one.prefix for one in characters}) == len({one.id for one in characters}) == 4
    assert all(one.colour.startswith("#") for one in characters)


def test_two_voices_of_one_name_are_one_character() -> None:
    names = replace(
        heard(WORDS), speakers=(Speaker(id="s1", name="Anna"), Speaker(id="s2", name="Anna"))
    )
    characters, cast = cast_speakers(names, LINES)
    assert [one.name for one in characters] == ["Anna"]
    assert cast["s1"] == cast["s2"]
    assert set(characters[0].speakers) == {"s1", "s2"}

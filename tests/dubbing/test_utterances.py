"""Words of a transcript become what one person says in one go."""

from __future__ import annotations

from fractions import Fraction

from subkit.dubbing import Utterance, build_utterances, kind_of_text, sounds_without_words
from subkit.model import AnchorKind, LineKind, Word
from tests.dubbing.lines import heard, said, seconds, span


def texts(words: list[Word]) -> list[str]:
    return [one.text for one in build_utterances(words, "en")]


def pauses(one: Utterance) -> list[tuple[int, Fraction, Fraction]]:
    return [(a.offset, a.time, a.seconds) for a in one.anchors if a.kind is AnchorKind.PAUSE]


def test_a_pause_of_300_ms_stays_in_the_line_at_its_place_in_the_text() -> None:
    words = [*said("Wait for", 1), *said("me there", 1.9)]
    (one,) = build_utterances(words, "en")
    assert one.text == "Wait for me there"
    assert pauses(one) == [(9, Fraction(3, 2), Fraction(2, 5))]
    assert [one.text[a.offset :].split()[0] for a in one.anchors if a.kind is AnchorKind.WORD] == [
        "Wait", "for", "me", "there",
    ]  # fmt: skip


def test_a_gap_under_300_ms_is_no_pause() -> None:
    (one,) = build_utterances([*said("Wait for", 1), *said("me", 1.79)], "en")
    assert pauses(one) == []


def test_two_seconds_of_silence_end_a_line_in_the_middle_of_a_sentence() -> None:
    assert texts([*said("Wait for", 1), *said("me", 3.5)]) == ["Wait for", "me"]
    assert texts([*said("Wait for", 1), *said("me", 3.49)]) == ["Wait for me"]


def test_a_sentence_ends_its_line_where_a_pause_of_700_ms_follows() -> None:
    assert texts([*said("Wait here.", 1), *said("I come.", 2.2)]) == ["Wait here.", "I come."]
    assert texts([*said("Wait here.", 1), *said("I come.", 2.1)]) == ["Wait here. I come."]


def test_a_sentence_ends_its_line_where_somebody_answers_in_between() -> None:
    words = [
        *said("Who is it?", 1, who="a"),
        *said("Me.", 1.8, who="b"),
        *said("Come in.", 2.1, who="a"),
    ]
    assert texts(words) == ["Who is it?", "Me.", "Come in."]


def test_people_who_speak_at_once_have_a_line_each() -> None:
    words = [*said("I said no way", 1, who="a"), *said("You said yes", 1.1, who="b")]
    found = build_utterances(words, "en")
    assert [(one.speaker, one.text) for one in found] == [
        ("a", "I said no way"),
        ("b", "You said yes"),
    ]


def test_a_long_speech_ends_with_its_sentence_after_seven_seconds() -> None:
    words = [*said(" ".join(["word"] * 28) + " end.", 0), *said("Then more.", 7.3)]
    assert [len(text.split()) for text in texts(words)] == [29, 2]


def test_words_that_run_into_each_other_stay_in_order() -> None:
    words = [
        Word(text="one", span=span(1, 1.6), confidence=0.9),
        Word(text="two", span=span(1.5, 2), confidence=0.9),
    ]
    (one,) = build_utterances(words, "en")
    times = [(a.time, a.end) for a in one.anchors]
    assert times == [(seconds(1), seconds(1.6)), (seconds(1.6), seconds(2))]


def test_voice_without_words_is_a_suggested_sound_of_whoever_is_near() -> None:
    words = [*said("Wait for me", 3, who="a")]
    voice = (span(2.2, 2.7), span(3, 3.75), span(4.3, 5.5), span(20, 30))
    transcript = heard(words, voice)
    found = sounds_without_words(transcript, build_utterances(words, "en"))
    assert [(one.kind, one.speaker) for one in found] == [
        (LineKind.BREATH, "a"),  # half a second, right before a line
        (LineKind.REACTION, "a"),
    ]
    assert all(one.confidence < 0.5 for one in found)


def test_brackets_and_notes_tell_what_a_line_is() -> None:
    kinds = {
        "[sighs]": LineKind.BREATH,
        "(한숨)": LineKind.BREATH,
        "(laughs)": LineKind.REACTION,
        "♪ La la la ♪": LineKind.SONG,
        "(quietly) Come in.": LineKind.DIALOGUE,
        "Come in.": LineKind.DIALOGUE,
    }
    assert {text: kind_of_text(text) for text in kinds} == kinds

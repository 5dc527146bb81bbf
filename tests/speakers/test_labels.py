"""Words and cues take the speaker of the most trusted method; names of people stay."""

from __future__ import annotations

from fractions import Fraction

from subkit.model import Origin, Provenance, Span, Speaker, SpeakerTurn, Transcript, Word
from subkit.speakers import MANUAL, keep_names, label_of, label_spans, speaker_names, with_turns

MADE = Provenance(origin=Origin.ASR, tool="x")


def span(start: float, end: float) -> Span:
    return Span(Fraction(start).limit_denominator(1000), Fraction(end).limit_denominator(1000))


def turn(start: float, end: float, who: str, method: str = "diarization") -> SpeakerTurn:
    return SpeakerTurn(span=span(start, end), speaker=who, method=method, confidence=0.8)


def heard(seconds: int = 6) -> Transcript:
    words = tuple(Word(text=str(n), span=span(n, n + 0.8)) for n in range(seconds))
    return Transcript(language="en", words=words, provenance=MADE)


def said_by(transcript: Transcript) -> list[str | None]:
    return [word.speaker for word in transcript.words]


def test_words_take_the_speaker_who_has_most_of_them() -> None:
    found = with_turns(heard(4), [turn(0, 1.5, "a"), turn(1.5, 2.9, "b")])
    assert said_by(found) == ["a", "a", "b", None]
    assert speaker_names(found) == {"a": "a", "b": "b"}


def test_numbered_speakers_have_readable_names() -> None:
    assert speaker_names(with_turns(heard(1), [turn(0, 1, "speaker-1")])) == {
        "speaker-1": "Speaker 1"
    }


def test_the_most_trusted_method_counts_whatever_came_first() -> None:
    for order in (("script", "diarization"), ("diarization", "script")):
        found = heard(3)
        for method in order:
            found = with_turns(found, [turn(0, 2, method, method)])
        found = with_turns(found, [turn(0, 3, "left", "channel")])
        assert said_by(found) == ["script", "script", "left"]


def test_turns_of_a_method_replace_those_it_gave_before() -> None:
    first = with_turns(heard(2), [turn(0, 2, "a"), turn(0, 1, "x", "script")])
    again = with_turns(first, [turn(0, 2, "b")])
    assert said_by(again) == ["x", "b"]
    assert {one.id for one in again.speakers} == {"x", "b"}


def test_a_new_run_keeps_the_names_of_the_same_voices() -> None:
    first = with_turns(heard(), [turn(0, 3, "speaker-1"), turn(3, 6, "speaker-2")])
    turns = [turn(0, 1, "speaker-1"), turn(1, 3, "speaker-2"), turn(3, 6, "speaker-3")]
    ids = [one.speaker for one in keep_names(first, turns)]
    assert ids[1:] == ["speaker-1", "speaker-2"]
    assert ids[0] not in ids[1:]
    assert keep_names(heard(), turns) == turns


def test_the_label_of_a_cue_says_method_confidence_and_who_else() -> None:
    found = with_turns(heard(), [turn(0, 2, "a"), turn(0.5, 2, "b"), turn(4, 5, "a")])
    label = label_of(found, span(0, 2))
    assert label is not None
    assert (label.speaker, label.method, label.also) == ("a", "diarization", ("b",))
    assert label.confidence == 0.8
    half = label_of(found, span(4.5, 5.5))
    assert half is not None
    assert half.confidence == 0.4
    assert label_of(found, span(2.5, 3.5)) is None


def test_a_speaker_that_no_method_told_is_a_persons() -> None:
    found = with_turns(heard(), [turn(0, 2, "a")])
    label = label_of(found, span(0, 2), speaker="Anna")
    assert label is not None
    assert (label.speaker, label.method, label.confidence) == ("Anna", MANUAL, 1.0)


def test_two_speakers_that_are_one_count_together() -> None:
    found = with_turns(heard(), [turn(0, 1, "a"), turn(1, 2, "b"), turn(2, 3.5, "c")])
    speakers = (
        Speaker(id="a", name="Anna"),
        Speaker(id="b", name="b", same="a"),
        Speaker(id="c", name="c"),
    )
    merged = Transcript(
        language="en", words=found.words, turns=found.turns, speakers=speakers, provenance=MADE
    )
    (label,) = label_spans(merged, [span(0, 3.5)])
    assert label is not None
    assert (label.speaker, label.also) == ("a", ("c",))
    assert [word.speaker for word in merged.attributed_words()][:3] == ["a", "a", "c"]

"""Text, TSV and JSON as users of openai-whisper know them."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

from subkit.formats import writer_for
from subkit.formats.whisper_json import WhisperJsonWriter
from subkit.model import Cue, Media, Span, Track, Word

MEDIA = Media(path="film.mkv", digest="", duration=Fraction(60))


def span(start: str, end: str) -> Span:
    return Span(Fraction(start), Fraction(end))


TRACK = Track(
    id="en",
    language="en",
    cues=(
        Cue(id="c1", span=span("1.04", "2.5"), lines=("Where are", "you going?"), speaker="Emma"),
        Cue(id="c2", span=span("3", "4"), lines=("- To the\tsea…", "- Me too.")),
    ),
)
WORDS = tuple(
    Word(text=text, span=span(start, end), confidence=0.9)
    for text, start, end in (
        ("Where", "1", "1.2"),
        ("are", "1.2", "1.4"),
        ("you", "1.4", "1.6"),
        ("going?", "1.6", "2"),
        ("To", "2.9", "3.1"),
        ("the", "3.1", "3.2"),
        ("sea...", "3.2", "3.5"),
        ("Me", "3.5", "3.7"),
        ("too.", "3.7", "4.2"),
    )
)


def test_text_is_a_line_a_cue() -> None:
    data = writer_for("txt").write(TRACK, MEDIA, note="left out")
    assert data.decode() == "Where are you going?\n- To the sea… - Me too.\n"


def test_lines_of_a_language_without_spaces_are_joined_without() -> None:
    cue = Cue(id="1", span=span("1", "2"), lines=("我们走吧", "快一点"))
    track = Track(id="zh", language="zh", cues=(cue,))
    assert writer_for("txt").write(track, MEDIA).decode() == "我们走吧快一点\n"
    assert json.loads(writer_for("json").write(track, MEDIA))["text"] == "我们走吧快一点"


def test_tsv_is_milliseconds_and_text() -> None:
    assert writer_for("tsv").write(TRACK, MEDIA).decode() == (
        "start\tend\ttext\n1040\t2500\tWhere are you going?\n3000\t4000\t- To the sea… - Me too.\n"
    )


def test_json_has_segments_with_the_words_that_were_heard() -> None:
    found = json.loads(WhisperJsonWriter().write_words(TRACK, MEDIA, WORDS, note="by machines"))
    assert found["language"] == "en"
    assert found["note"] == "by machines"
    assert found["text"] == " Where are you going? - To the sea… - Me too."
    first, second = found["segments"]
    assert {k: v for k, v in first.items() if k != "words"} == {
        "id": 0,
        "start": 1.04,
        "end": 2.5,
        "text": " Where are you going?",
        "cue": "c1",
        "speaker": "Emma",
    }
    assert first["words"][0] == {"word": " Where", "start": 1.0, "end": 1.2, "probability": 0.9}
    assert [word["word"] for word in second["words"]] == [" To", " the", " sea...", " Me", " too."]


def test_words_are_left_out_where_the_cue_says_something_else_now() -> None:
    edited = replace(TRACK.cues[0], lines=("Where did you go?",))
    track = replace(TRACK, cues=(edited, TRACK.cues[1]))
    first, second = json.loads(WhisperJsonWriter().write_words(track, MEDIA, WORDS))["segments"]
    assert "words" not in first
    assert len(second["words"]) == 5


def test_words_said_twice_belong_to_one_cue_each() -> None:
    cues = [Cue(id=str(n), span=span(str(n), str(n + 1)), lines=("No.",)) for n in range(1, 4)]
    words = [Word(text="No.", span=span(f"{n}.1", f"{n}.5")) for n in range(1, 4)]
    track = Track(id="en", language="en", cues=tuple(cues))
    segments = json.loads(WhisperJsonWriter().write_words(track, MEDIA, words))["segments"]
    assert [segment["words"][0]["start"] for segment in segments] == [1.1, 2.1, 3.1]

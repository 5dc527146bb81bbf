"""The document as plain data: nothing is lost, faults are named with their place."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from subkit.errors import SchemaError
from subkit.model import (
    Alternative,
    AudioStream,
    Cue,
    FrameRate,
    Media,
    Origin,
    Project,
    Provenance,
    SignOff,
    Span,
    Track,
    Transcript,
    Window,
    Word,
    digest,
    from_plain,
    to_plain,
)

SPAN = Span(Fraction(3003, 1000), Fraction(4))
MADE = Provenance(origin=Origin.ASR, tool="faster-whisper", model="demo", demo=True)
PROJECT = Project(
    title="film",
    media=Media(
        path="/films/film.mkv",
        digest="sha256:0",
        duration=Fraction(90),
        frame_rate=FrameRate(Fraction(24000, 1001)),
        audio=(AudioStream(index=0, codec="aac", channels=6, layout="5.1", sample_rate=48000),),
    ),
    shots=(Fraction(1, 3),),
    transcript=Transcript(
        language="en",
        words=(Word(text="Run!", span=SPAN, confidence=0.9),),
        windows=(
            Window(
                span=SPAN,
                language="en",
                language_confidence=1.0,
                score=-0.2,
                no_speech=0.0,
                compression_ratio=1.0,
                warnings=("low-score",),
            ),
        ),
        provenance=MADE,
    ),
    tracks=(
        Track(
            id="ko",
            language="ko",
            cues=(
                Cue(
                    id="c0001",
                    span=SPAN,
                    lines=("뛰어,", "마르코!"),
                    alternatives=(Alternative(text="달려!", score=-0.5),),
                    provenance=MADE,
                ),
            ),
        ),
    ),
    signoffs=(SignOff(actor="Kim", role="reviewer", time="2026", track="ko", digest="sha256:1"),),
)


def test_a_document_survives_json() -> None:
    data = json.loads(json.dumps(to_plain(PROJECT)))
    assert from_plain(Project, data) == PROJECT


def test_the_shape_that_other_programs_read() -> None:
    data = to_plain(PROJECT)
    word, cue = data["transcript"]["words"][0], data["tracks"][0]["cues"][0]
    assert word == {
        "text": "Run!",
        "start": "3003/1000",
        "end": "4/1",
        "confidence": 0.9,
        "speaker": None,
        "language": None,
    }
    assert {"id", "start", "end", "lines", "speaker", "sources", "confidence"} <= set(cue)
    assert {"alternatives", "provenance", "review", "locked"} <= set(cue)


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("title",), 3, "title"),
        (("media", "duration"), 1.5, "media.duration"),
        (("media", "surprise"), 1, "media"),
        (("tracks", 0, "cues", 0, "lines"), "text", "tracks[0].cues[0].lines"),
        (("tracks", 0, "cues", 0, "start"), "9/1", "tracks[0].cues[0]"),
        (("tracks", 0, "cues", 0, "provenance", "origin"), "robot", "origin"),
        (("tracks", 0, "purpose"), "karaoke", "tracks[0].purpose"),
    ],
)
def test_a_wrong_field_is_named_with_its_place(
    path: tuple[str | int, ...], value: object, place: str
) -> None:
    data: Any = to_plain(PROJECT)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(SchemaError) as caught:
        from_plain(Project, data)
    assert place in str(caught.value)


def test_a_missing_field_is_named() -> None:
    data = to_plain(PROJECT)
    del data["media"]["digest"]
    with pytest.raises(SchemaError, match="digest"):
        from_plain(Project, data)


def test_equal_content_has_one_digest_and_other_content_another() -> None:
    again = from_plain(Project, to_plain(PROJECT))
    assert digest(again) == digest(PROJECT)
    assert digest(again.tracks[0]) != digest(again.media)


def test_a_track_is_found_by_id_or_language() -> None:
    assert PROJECT.track("ko").cue("c0001").text == "뛰어,\n마르코!"
    with pytest.raises(Exception, match="Tracks in it: ko"):
        PROJECT.track("fr")

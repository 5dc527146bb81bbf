"""Who speaks goes onto cues, and never over what people decided."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from subkit.model import (
    Cue,
    Media,
    Origin,
    Project,
    Provenance,
    Review,
    ReviewState,
    Span,
    SpeakerTurn,
    Track,
    Transcript,
    Word,
)
from subkit.pipeline.stages.speaker_labelling import label_cues
from subkit.speakers import with_turns
from subkit.spotting import spot
from subkit.styles import load_profile

MADE = Provenance(origin=Origin.ASR, tool="x")


def turn(start: float, end: float, who: str) -> SpeakerTurn:
    span = Span(Fraction(start), Fraction(end))
    return SpeakerTurn(span=span, speaker=who, method="diarization", confidence=0.9)


def project(**changes: Any) -> Project:
    words = tuple(Word(text="x", span=Span(Fraction(n), Fraction(n + 1))) for n in range(8))
    transcript = with_turns(
        Transcript(language="en", words=words, provenance=MADE),
        [turn(0, 4, "speaker-1"), turn(4, 6, "speaker-2"), turn(4.5, 6, "speaker-1")],
    )
    cue = Cue(id="c1", span=Span(Fraction(0), Fraction(2)), lines=("Hello.",))
    cues = (
        replace(cue, **changes),
        replace(cue, id="c2", span=Span(Fraction(2), Fraction(4)), lines=("- One.", "- Two.")),
        replace(cue, id="c3", span=Span(Fraction(4), Fraction(6))),
        replace(cue, id="c4", span=Span(Fraction(6), Fraction(8)), speaker="speaker-1"),
    )
    media = Media(path="", digest="", duration=Fraction(9))
    track = Track(id="en", language="en", cues=cues)
    return Project(title="t", media=media, transcript=transcript, tracks=(track,))


def speakers(document: Project) -> list[str | None]:
    return [cue.speaker for cue in label_cues(document).track("en").cues]


def test_a_cue_of_one_speaker_has_them_and_one_of_several_nobody() -> None:
    # c2 has dashes, in c3 two speak at once, and in c4 nobody was told apart.
    assert speakers(project()) == ["speaker-1", None, None, None]


def test_what_people_decided_stays() -> None:
    assert speakers(project(speaker="Anna"))[0] == "Anna"
    assert speakers(project(locked=True))[0] is None
    edited = Review(state=ReviewState.EDITED)
    assert speakers(project(speaker="speaker-2", review=edited))[0] == "speaker-2"


def test_a_change_of_speaker_begins_a_cue() -> None:
    transcript = project().transcript
    assert transcript is not None
    words = [replace(word, text=f"word{n}") for n, word in enumerate(transcript.words[:6])]
    found = spot(
        words,
        profile=load_profile("subkit", "en"),
        rate=project().media.frame_grid,
        language="en",
        end=Fraction(9),
    )
    assert {cue.speaker for cue in found} == {"speaker-1", "speaker-2"}
    assert any(cue.span.start == 4 for cue in found)

"""Speakers are renamed and merged by people, and an undo takes either back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit.edit import Change, Hand, merge_speakers, rename_speaker, take_back
from subkit.errors import ConflictError, CueLockedError, InputError, NotFoundError
from subkit.model import (
    Cue,
    Media,
    Origin,
    Project,
    Provenance,
    Span,
    Speaker,
    SpeakerTurn,
    Track,
    Transcript,
    to_plain,
)

HAND = Hand(actor="Ann", time="2026-01-31T12:00:00Z")


def project(*, locked: bool = False) -> Project:
    speakers = tuple(Speaker(id=f"speaker-{n}", name=f"Speaker {n}") for n in (1, 2, 3))
    cues = tuple(
        Cue(
            id=f"c{n}",
            span=Span(Fraction(n), Fraction(n + 1)),
            lines=("x",),
            speaker=f"speaker-{n}",
            locked=locked,
        )
        for n in (1, 2, 3)
    )
    made = Provenance(origin=Origin.ASR, tool="x")
    return Project(
        title="t",
        media=Media(path="", digest="", duration=Fraction(9)),
        transcript=Transcript(language="en", speakers=speakers, provenance=made),
        tracks=(Track(id="en", language="en", cues=cues),),
    )


def named(document: Project) -> list[tuple[str, str, str]]:
    assert document.transcript is not None
    return [(one.id, one.name, one.same) for one in document.transcript.speakers]


def undone(before: Project, after: Project) -> Project:
    change = Change(before=to_plain(before.transcript), after=to_plain(after.transcript))
    cues = [
        Change(track="en", cue=old.id, before=to_plain(old), after=to_plain(new))
        for old, new in zip(before.track("en").cues, after.track("en").cues, strict=True)
        if old != new
    ]
    return take_back(after, [change, *cues])


def test_a_new_name_leaves_the_cues_alone() -> None:
    before = project(locked=True)
    after = rename_speaker(before, "Speaker 2", "Anna")
    assert named(after)[1] == ("speaker-2", "Anna", "")
    assert after.tracks == before.tracks
    assert undone(before, after) == before


def test_merged_speakers_are_one_in_the_table_and_on_the_cues() -> None:
    before = project()
    after = merge_speakers(before, "speaker-1", ["Speaker 3"], HAND)
    assert named(after)[2] == ("speaker-3", "Speaker 3", "speaker-1")
    cues = after.track("en").cues
    assert [cue.speaker for cue in cues] == ["speaker-1", "speaker-2", "speaker-1"]
    assert cues[2].review.actor == "Ann"
    again = merge_speakers(after, "speaker-2", ["speaker-1"], HAND)
    assert {same for _, _, same in named(again)} == {"", "speaker-2"}
    back = undone(before, after)
    assert [cue.speaker for cue in back.track("en").cues] == [f"speaker-{n}" for n in (1, 2, 3)]
    assert named(back) == named(before)


def test_what_cannot_be_is_told() -> None:
    document = project()
    with pytest.raises(InputError, match="already"):
        rename_speaker(document, "speaker-1", "Speaker 2")
    assert named(rename_speaker(document, "speaker-1", "x" * 200))[0][1] == "x" * 200
    for name in ("", "   ", "x" * 201, "a\nb"):
        with pytest.raises(InputError, match="is not a name"):
            rename_speaker(document, "speaker-1", name)
    with pytest.raises(NotFoundError, match="no speaker 'Zoe'"):
        rename_speaker(document, "Zoe", "Anna")
    with pytest.raises(InputError, match="two different"):
        merge_speakers(document, "speaker-1", ["Speaker 1"], HAND)
    with pytest.raises(CueLockedError, match="'c2'"):
        merge_speakers(project(locked=True), "speaker-1", ["speaker-2"], HAND)
    with pytest.raises(InputError, match="no transcript"):
        rename_speaker(replace(document, transcript=None), "speaker-1", "Anna")


def test_an_undo_does_not_take_back_what_somebody_renamed_since() -> None:
    before = project()
    after = rename_speaker(before, "speaker-1", "Anna")
    change = Change(before=to_plain(before.transcript), after=to_plain(after.transcript))
    with pytest.raises(ConflictError):
        take_back(rename_speaker(after, "Anna", "Bea"), [change])
    other = rename_speaker(after, "speaker-2", "Cleo")
    assert named(take_back(other, [change]))[:2] == [
        ("speaker-1", "Speaker 1", ""),
        ("speaker-2", "Cleo", ""),
    ]


def only_on_a_cue() -> Project:
    """A project in which a cue is spoken by somebody of whom no table knows."""
    document = project()
    track = document.track("en")
    cues = (*track.cues[:2], replace(track.cues[2], speaker="Zoe"))
    return document.with_track(replace(track, cues=cues))


def test_a_speaker_of_a_cue_alone_comes_into_the_table_and_goes_with_an_undo() -> None:
    before = only_on_a_cue()
    after = rename_speaker(before, "Zoe", "Zoe Kim")
    assert named(after)[3:] == [("Zoe", "Zoe Kim", "")]
    assert undone(before, after) == before
    assert after.transcript is not None
    span = Span(Fraction(3), Fraction(4))
    turn = SpeakerTurn(span=span, speaker="Zoe", method="diarization", confidence=0.9)
    heard = replace(after, transcript=replace(after.transcript, turns=(turn,)))
    change = Change(before=to_plain(before.transcript), after=to_plain(after.transcript))
    assert named(take_back(heard, [change])) == named(after), "who was heard meanwhile stays"

"""``subkit speakers``: lists, names, merges, and says before the work what is missing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from subkit.model import Span, SpeakerTurn
from subkit.speakers import with_turns
from subkit.store import ProjectFile, load
from tests.builders.stores import sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A project in which two speakers were told apart, and the cues have them."""
    project = sample()
    assert project.transcript is not None
    turns = [
        SpeakerTurn(
            span=Span(Fraction(start), Fraction(start + 3)),
            speaker=who,
            method="diarization",
            confidence=0.75,
        )
        for start, who in ((0, "speaker-1"), (3, "speaker-2"))
    ]
    project = replace(project, transcript=with_turns(project.transcript, turns))
    for track in project.tracks:
        cues = (
            replace(cue, speaker=f"speaker-{1 + number // 2}")
            for number, cue in enumerate(track.cues)
        )
        project = project.with_track(replace(track, cues=tuple(cues)))
    path = tmp_path / "film.subkit"
    with ProjectFile.create(path, project, actor="subkit"):
        return path


def test_speakers_are_listed_with_method_and_confidence(
    subkit: Callable[..., Any], told: Path
) -> None:
    answer = subkit("speakers", told, "--json").json()
    first, second = answer["speakers"]
    assert (first["id"], first["name"], first["words"], first["cues"]) == (
        "speaker-1", "Speaker 1", 3, 2
    )  # fmt: skip
    assert (second["methods"], second["confidence"]) == (["diarization"], 0.75)
    assert [turn["start"] for turn in answer["turns"]] == ["0", "3"]


def test_names_and_merges_are_entries_that_undo_takes_back(
    subkit: Callable[..., Any], told: Path
) -> None:
    before = load(told)
    answer = subkit("speakers", told, "--rename", "speaker-1=Anna", "--by", "Ann")
    assert answer.code == 0
    assert "Anna" in answer.out
    written = told.with_suffix(".vtt")
    assert subkit("export", told, "--track", "en", "-f", "vtt").code == 0
    text = next(told.parent.glob("*en*.vtt"), written).read_text(encoding="utf-8")
    assert "<v Anna>" in text
    assert subkit("speakers", told, "--merge", "Anna,speaker-2", "--by", "Ann").code == 0
    now = load(told)
    assert {cue.speaker for track in now.tracks for cue in track.cues} == {"speaker-1"}
    assert subkit("undo", told, "--by", "Ann").code == 0
    assert subkit("undo", told, "--by", "Ann").code == 0
    now = load(told)
    assert now.transcript == before.transcript
    for track in before.tracks:
        assert [cue.speaker for cue in now.track(track.id).cues] == [
            cue.speaker for cue in track.cues
        ]
    assert subkit("verify", told).code == 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--rename", "Anna"), 2, "--rename WHO=NAME"),
        (("--merge", "Anna"), 2, "--merge WHO,WHO"),
        (("--rename", "Zoe=Anna"), 3, "There is no speaker 'Zoe'"),
        (("--rename", "speaker-1=Speaker 2"), 3, "merge them"),
        (("--speakers", "diarisation"), 4, "Did you mean 'diarization'"),
        (("--speakers", "diarization"), 4, "subkit models fetch voice-encoder"),
        (("--speaker-count", "2"), 4, "subkit models fetch voice-encoder"),
        (("--speakers", "auto", "--speaker-count", "500"), 2, "not a number of speakers"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(
    subkit: Callable[..., Any], told: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    before = load(told)
    answer = subkit("speakers", told, *words)
    assert (answer.code, says in answer.err) == (code, True), answer.err
    assert load(told) == before


def test_a_run_without_the_voice_encoder_ends_before_the_work(
    subkit: Callable[..., Any], tmp_path: Path, speech: Path
) -> None:
    answer = subkit("run", speech, "--model", "demo", "--speakers", "auto", "-o", tmp_path / "out")
    assert answer.code == 4
    assert "voice encoder" in answer.err
    assert not (tmp_path / "out").exists()


def test_a_project_without_a_transcript_is_told_what_to_do(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "film.subkit"
    with ProjectFile.create(path, replace(sample(), transcript=None), actor="subkit"):
        pass
    for words in ((), ("--rename", "a=b")):
        answer = subkit("speakers", path, *words)
        assert answer.code == 3
        assert "subkit transcribe" in answer.err

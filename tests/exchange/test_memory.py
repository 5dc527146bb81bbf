"""What was approved before is used again where it is the same, and offered where it is alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from subkit.engines.scripted import ScriptedTranslator
from subkit.errors import FormatError, InputError, PlanError
from subkit.exchange import write_sheet
from subkit.exchange.memory_files import load_memory
from subkit.model import Origin, Project, Review, ReviewState, Track
from subkit.pipeline import RunOptions
from subkit.pipeline.track_translation import TranslationJob, translate
from subkit.store import ProjectFile
from subkit.translation import MEMORY_TOOL
from subkit.translation.memory import Pair, TranslationMemory
from tests.builders.sheets import project, sheet, with_cue

if TYPE_CHECKING:
    from pathlib import Path

LINES = (
    ("Where is the old house?", "그 옛집은 어디 있어?"),
    ("I never went back", "나는 다시는"),
    ("to the garden.", "정원에 돌아가지 않았어."),
    ("<i>Good night.</i>", "<i>잘 자.</i>"),
    ("- Yes.\n- No.", "- 응.\n- 아니."),
)


def _approved(document: Project, *cues: str) -> Project:
    review = Review(state=ReviewState.APPROVED, actor="Kim", time="2026-01-01T10:11:12+00:00")
    for cue in cues:
        document = with_cue(document, cue, review=review)
    return document


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A project in which people approved all but one cue."""
    document = _approved(project(LINES), "c0000", "c0001", "c0002", "c0003")
    path = tmp_path / "earlier.subkit"
    ProjectFile.create(path, document, actor="subkit").close()
    return path


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """The same as TMX."""
    document = _approved(project(LINES), "c0000", "c0001", "c0002", "c0003")
    path = tmp_path / "earlier.tmx"
    path.write_bytes(write_sheet(sheet(document), "tmx"))
    return path


def _source(*texts: str) -> Project:
    document = project(tuple((text, "") for text in texts))
    return replace(document, tracks=document.tracks[:1])


def _translate(
    document: Project, memory: TranslationMemory | None
) -> tuple[Track, ScriptedTranslator]:
    engine = ScriptedTranslator()
    track = document.tracks[0]
    made = translate(
        TranslationJob(
            project=document,
            source=track,
            target="ko",
            options=RunOptions(),
            model=engine.model,
            memory=memory,
        ),
        engine,
    )
    return made, engine


def test_approved_units_of_a_project_are_remembered(earlier: Path) -> None:
    memory = load_memory([earlier], "ko")
    assert len(memory) == 3
    assert memory.recall("Where is the old house?", "en") == "그 옛집은 어디 있어?"
    assert memory.recall("I never went back to the garden.", "en-GB") == (
        "나는 다시는 정원에 돌아가지 않았어."
    )
    assert memory.recall("Good night.", "en") == "잘 자."
    assert memory.recall("- Yes.\n- No.", "en") is None  # nobody approved it
    assert memory.recall("Where is the old house?", "es") is None
    assert len(load_memory([earlier], "es")) == 0


def test_what_was_approved_for_another_source_text_is_not_remembered(tmp_path: Path) -> None:
    document = project((("Where is the old house?", ""), ("<i>Good night.</i>", "")))
    track, _ = _translate(replace(document, tracks=document.tracks[:1]), None)
    document = _approved(document.with_track(track), "c0000", "c0001")
    source = document.tracks[0]
    first = replace(source.cues[0], lines=("There is no house.",))
    document = document.with_track(replace(source, cues=(first, *source.cues[1:])))
    path = tmp_path / "changed.subkit"
    ProjectFile.create(path, document, actor="subkit").close()
    out = tmp_path / "changed.tmx"
    out.write_bytes(write_sheet(sheet(document), "tmx"))
    for file in (path, out):
        memory = load_memory([file], "ko")
        assert memory.recall("There is no house.", "en") is None
        assert memory.recall("Good night.", "en") == track.cues[1].text.removeprefix("<i>")[:-4]
    first_row, second_row = sheet(document).rows
    assert (first_row.state, first_row.approved_by) == (ReviewState.UNREVIEWED, "")
    assert "the source text has changed" in first_row.notes[0]
    assert (second_row.state, second_row.approved_by) == (ReviewState.APPROVED, "Kim")


def test_tmx_remembers_lines_in_both_directions(exported: Path) -> None:
    memory = load_memory([exported], "ko")
    assert memory.recall("Where is the old house?", "en") == "그 옛집은 어디 있어?"
    assert memory.recall("Good night.", "en") == "잘 자."
    assert memory.recall("- Yes.\n- No.", "en") is None
    back = load_memory([exported], "en")
    assert back.recall("그 옛집은 어디 있어?", "ko") == "Where is the old house?"


def test_an_exact_match_is_used_without_the_engine_and_never_approved(earlier: Path) -> None:
    document = _source("Where is the old house?", "Nobody knows this.")
    track, engine = _translate(document, load_memory([earlier], "ko"))
    assert engine.texts == ["Nobody knows this."]
    first, second = track.cues
    assert first.text == "그 옛집은 어디 있어?"
    assert first.provenance is not None
    assert (first.provenance.tool, first.provenance.origin) == (MEMORY_TOOL, Origin.HUMAN)
    assert first.review == Review()
    assert second.provenance is not None
    assert second.provenance.tool != MEMORY_TOOL


def test_what_is_alike_is_offered_with_its_share(earlier: Path) -> None:
    document = _source("Where is our old house?", "Entirely different words.")
    track, engine = _translate(document, load_memory([earlier], "ko"))
    assert len(engine.texts) == 2
    (offer,) = [a for a in track.cues[0].alternatives if a.provenance]
    assert offer.text.replace("\n", " ") == "그 옛집은 어디 있어?"
    assert offer.score is not None
    assert 0.75 <= offer.score < 1
    assert offer.provenance is not None
    assert (offer.provenance.tool, offer.provenance.actor) == (MEMORY_TOOL, "Kim")
    assert not track.cues[1].alternatives


def test_a_memory_that_comes_later_takes_the_place_of_a_machines_text(earlier: Path) -> None:
    document = _source("Where is the old house?", "Good night.")
    machine, _ = _translate(document, None)
    edited = replace(machine.cues[1], review=Review(state=ReviewState.EDITED, actor="Lee"))
    document = document.with_track(replace(machine, cues=(machine.cues[0], edited)))
    memory = load_memory([earlier], "ko")
    track, engine = _translate(document, memory)
    assert engine.texts == []
    assert track.cues[0].text == "그 옛집은 어디 있어?"
    assert track.cues[1] == edited
    again, _ = _translate(document.with_track(track), memory)
    assert again == track  # not even a date changes


def test_of_two_approved_texts_the_newer_answers_and_the_older_is_offered() -> None:
    pairs = [
        Pair(source="Hi.", text=text, source_language="en", language="ko", time=time)
        for text, time in (("안녕.", "2024"), ("야.", "2026"), ("안녕.", "2023"))
    ]
    memory = TranslationMemory(pairs, "ko")
    assert memory.recall("Hi.", "en") == "야."
    assert [(share, pair.text) for share, pair in memory.similar("Hi.", "en")] == [(1.0, "안녕.")]


def test_like_texts_are_found_in_writing_without_spaces() -> None:
    pairs = [
        Pair(
            source="古い家はどこですか",
            text="Where is the old house?",
            source_language="ja",
            language="en",
        ),
        Pair(
            source="おはようございます", text="Good morning.", source_language="ja", language="en"
        ),
    ]
    found = TranslationMemory(pairs, "en").similar("古い家はどこ", "ja")
    assert [pair.text for _, pair in found] == ["Where is the old house?"]


def test_a_memory_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="not a translation memory"):
        load_memory([tmp_path / "memory.xlsx"], "ko")
    with pytest.raises(InputError, match="cannot be read"):
        load_memory([tmp_path / "missing.tmx"], "ko")
    (tmp_path / "bad.tmx").write_bytes(b"no xml")
    with pytest.raises(FormatError):
        load_memory([tmp_path / "bad.tmx"], "ko")

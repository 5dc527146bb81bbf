"""Subtitle files with several languages, frame rates and start times of their own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

import subkit
from subkit.errors import PluginError
from subkit.exchange.importing import import_file
from subkit.formats.scc import SccWriter
from subkit.formats.srt import SrtWriter
from subkit.interfaces.file_contents import (
    FileContent,
    Loss,
    ReadRequest,
    WriteRequest,
    WrittenFile,
)
from subkit.model import Cue, Feature, FrameRate, Mark, Media, Project, Span, Track
from subkit.pipeline import subtitle_project
from subkit.store import ProjectFile
from tests.builders.styling import styled

if TYPE_CHECKING:
    from pathlib import Path

DROP = FrameRate(Fraction(30000, 1001), drop_frame=True)


def _cue(number: int, text: str) -> Cue:
    span = Span(Fraction(number), Fraction(number + 1))
    return Cue(id=str(number), span=span, lines=(text,))


class TwoLanguages:
    """A reader of another package whose files have two languages, a rate and a start."""

    extension = "twin"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        english, korean = data.decode().split("|")
        italic = Mark(start=0, end=2, feature=Feature.ITALIC)
        cues = (replace(_cue(1, english), marks=(italic,)),)
        return FileContent(
            tracks=(
                Track(id="a", language="en", cues=cues),
                Track(id="b", language="ko", cues=(_cue(1, korean),)),
                Track(id="c", language="ko", cues=(_cue(2, korean),)),
            ),
            repairs=("One thing was mended.",),
            rate=DROP,
            start=Fraction(3600) if asked.start is None else asked.start,
        )


class Telling:
    """A writer of another package that says what it loses."""

    extension = "tell"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:
        assert media.duration
        loss = Loss(feature="ruby", cues=(track.cues[0].id,), what="1 ruby")
        return WrittenFile(data=asked.title.encode(), losses=(loss,))


def test_each_language_is_a_track_and_the_file_gives_the_grid(tmp_path: Path) -> None:
    path = tmp_path / "film.twin"
    path.write_text("Go.|가.", encoding="utf-8")
    project, repairs = subtitle_project(path, reader=TwoLanguages())
    assert [(t.id, t.language) for t in project.tracks] == [
        ("en", "en"), ("ko", "ko"), ("ko.2", "ko"),
    ]  # fmt: skip
    assert project.tracks[0].cues[0].marks
    assert project.media.frame_rate == DROP
    assert project.media.programme_start == 3600
    assert repairs == [f"{path}: One thing was mended."]
    with ProjectFile.create(tmp_path / "film.subkit", project, actor="subkit") as store:
        assert store.load() == project


def test_the_language_asked_for_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "film.twin"
    path.write_text("Go.|가.", encoding="utf-8")
    project, _ = subtitle_project(path, reader=TwoLanguages(), language="ko")
    assert [track.id for track in project.tracks] == ["ko", "ko.2", "en"]


def test_a_start_is_read_at_the_rate_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "film.twin"
    path.write_text("Go.|가.", encoding="utf-8")
    project = subkit.load(path, reader=TwoLanguages(), start="10:00:00;00")
    assert project.media.programme_start == DROP.parse_timecode("10:00:00;00")


def test_captions_count_from_the_start_that_the_user_says(tmp_path: Path) -> None:
    hour = DROP.parse_timecode("01:00:00;00")
    media = Media(path="", digest="", duration=Fraction(60), frame_rate=DROP, programme_start=hour)
    spans = [Span(DROP.time(n), DROP.time(n + 60)) for n in (300, 600)]
    cues = tuple(
        Cue(id=str(n), span=span, lines=("Hello.",)) for n, span in enumerate(spans, start=1)
    )
    path = tmp_path / "film.en.scc"
    path.write_bytes(SccWriter().write(Track(id="en", language="en", cues=cues), media))
    project = subkit.load(path, start="01:00:00;00")
    assert [cue.span for cue in project.tracks[0].cues] == spans
    assert project.media.frame_grid.rate == DROP.rate
    assert project.media.programme_start == hour


def test_an_import_finds_out_whether_times_count_from_the_start(tmp_path: Path) -> None:
    hour = Fraction(3600)
    media = Media(path="", digest="", duration=Fraction(60), frame_rate=DROP, programme_start=hour)
    track = Track(id="en", language="en", cues=(_cue(1, "Hello."), _cue(4, "Where?")))
    store_path = tmp_path / "film.subkit"
    ProjectFile.create(
        store_path, Project(title="film", media=media, tracks=(track,)), actor="subkit"
    ).close()
    shown = replace(
        track,
        cues=tuple(
            replace(c, lines=("Oh.",), span=Span(c.span.start + hour, c.span.end + hour))
            for c in track.cues
        ),
    )
    for name, written in (("a", shown), ("b", track)):
        file = tmp_path / f"{name}.en.srt"
        file.write_bytes(SrtWriter().write(written, media))
        with ProjectFile.open(store_path) as store:
            done = import_file(store, file, by="Kim", dry_run=True)
        assert not done.retimed
        assert len(done.edited) == (2 if name == "a" else 0)


def test_a_writer_of_another_package_may_say_what_it_loses(tmp_path: Path) -> None:
    path = tmp_path / "film.ja.tell"
    done = subkit.export(styled(), path, writer=Telling())
    assert done.losses == {path: (Loss(feature="ruby", cues=("c1",), what="1 ruby"),)}
    assert path.read_text() == "film", "it is asked as subkit's own writers are"


@pytest.mark.parametrize("given", [None, FileContent(tracks=()), "no content"])
def test_a_reader_that_gives_no_content_is_named(tmp_path: Path, given: object) -> None:
    class Broken(TwoLanguages):
        def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
            assert (bool(data), bool(asked.name)) == (True, True)
            return given  # type: ignore[return-value]

    path = tmp_path / "film.twin"
    path.write_text("Go.|가.", encoding="utf-8")
    with pytest.raises(PluginError, match="FileContent"):
        subtitle_project(path, reader=Broken())

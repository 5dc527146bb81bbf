"""Shot changes in a run: found once, kept, held to, and done without."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from subkit.demo import scene_file
from subkit.errors import FormatError
from subkit.interfaces import Silent
from subkit.model import FrameRate, Media, Project
from subkit.pipeline import Outcome, RunOptions, spot_project
from subkit.pipeline.stages import shot_detection as shots
from subkit.pipeline.stages.shot_detection import shots_listed_for
from subkit.store import ProjectFile
from subkit.styles import load_profile
from subkit.timing.cuts import Cuts, cuts_of, shot_faults

if TYPE_CHECKING:
    from pathlib import Path

SCENE = json.loads((scene_file().parent / "scene.json").read_text(encoding="utf-8"))
OPTIONS = RunOptions(model="demo", offline=True)


class _Hearing(Silent):
    """Keeps the warnings."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def warn(self, message: str) -> None:
        self.said.append(message)


def _cuts(project: Project) -> Cuts:
    rules = load_profile("subkit", "en").shots
    assert rules is not None
    return cuts_of(map(Fraction, SCENE["shots"]), rules, project.media.frame_grid)


def _again(demo: Outcome, folder: Path, options: RunOptions) -> tuple[Project, list[str]]:
    """The demo's project spotted again under other options, and what was warned of."""
    path = folder / "scene.subkit"
    shutil.copy(demo.path, path)
    progress = _Hearing()
    with ProjectFile.open(path) as store:
        return spot_project(store, options, progress), progress.said


def test_a_run_finds_the_shots_and_holds_its_cues_to_them(demo: Outcome) -> None:
    project = demo.project
    assert project.shots == tuple(map(Fraction, SCENE["shots"]))
    cuts, rate = _cuts(project), project.media.frame_grid
    assert project.transcript is not None
    for cue in project.tracks[0].cues:
        spoken = max(
            rate.frame(word.span.end)
            for word in project.transcript.words
            if word.span.start < cue.span.end
        )
        times = rate.frame(cue.span.start), rate.frame(cue.span.end)
        assert shot_faults(*times, cuts, spoken=spoken) == (), cue


def test_in_times_are_within_four_frames_of_the_voice_or_on_a_cut(demo: Outcome) -> None:
    rate, cuts = demo.project.media.frame_grid, _cuts(demo.project)
    # A cue may begin within a line: after a sentence end and a pause.
    said = [start for line in SCENE["lines"] for start in (line["start"], *line["word_starts"])]
    starts = [rate.frame(Fraction(str(start))) for start in said if start is not None]
    for cue in demo.project.tracks[0].cues:
        frame = rate.frame(cue.span.start)
        near = min(abs(frame - start) for start in starts)
        assert near <= 4 or frame in cuts.frames, (cue.id, near)


def test_without_shots_nothing_is_held(demo: Outcome, tmp_path: Path) -> None:
    project, said = _again(demo, tmp_path, replace(OPTIONS, shots="none"))
    assert project.shots is None
    assert said == []
    spans = [cue.span for cue in project.tracks[0].cues]
    assert spans != [cue.span for cue in demo.project.tracks[0].cues]


def test_a_list_goes_before_what_was_found(demo: Outcome, tmp_path: Path) -> None:
    edl = tmp_path / "cuts.edl"
    event = "{:03d} AX V C 00:00:00:00 00:00:05:00 {} {}\n"
    edl.write_text(
        "TITLE: SCENE\n"
        + event.format(1, "00:00:00:00", "00:00:07:20")
        + event.format(2, "00:00:07:20", "00:01:12:00"),
        encoding="utf-8",
    )
    project, _ = _again(demo, tmp_path, replace(OPTIONS, shots=edl))
    assert project.shots == (Fraction(47047, 6000),)
    edl.write_text("TITLE: SCENE\n001 AX V C 0:0 0:0 00:00:07:99 00:00:08:00\n", encoding="utf-8")
    with pytest.raises(FormatError, match="line 2"):
        _again(demo, tmp_path, replace(OPTIONS, shots=edl))


def test_shots_are_looked_for_once(
    demo: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare, _ = _again(demo, tmp_path, replace(OPTIONS, shots="none"))
    assert bare.shots is None

    def never(*_: object, **__: object) -> None:
        raise AssertionError("looked again")

    monkeypatch.setattr(shots, "find_shots", never)
    with ProjectFile.open(tmp_path / "scene.subkit") as store:
        project = spot_project(store, OPTIONS, Silent())
    assert project == replace(demo.project, tracks=project.tracks)


def test_media_that_went_away_are_a_warning(demo: Outcome, tmp_path: Path) -> None:
    path = tmp_path / "moved.subkit"
    gone = replace(demo.project.media, path=str(tmp_path / "gone.mp4"), digest="sha256:0")
    with ProjectFile.create(
        path, replace(demo.project, media=gone, shots=None, tracks=()), actor="test"
    ) as store:
        progress = _Hearing()
        project = spot_project(store, OPTIONS, progress)
    assert project.shots is None
    assert project.tracks[0].cues
    (said,) = progress.said
    assert "gone.mp4" in said
    assert "without shot changes" in said


def test_a_list_is_read_in_the_encoding_that_is_named(tmp_path: Path) -> None:
    media = Media(path="", digest="", duration=Fraction(60), frame_rate=FrameRate(Fraction(25)))
    for encoding in ("cp949", "utf-16-le"):
        path = tmp_path / f"{encoding}.txt"
        path.write_bytes("4.2 # 첫 장면\n9.0\n".encode(encoding))
        assert shots_listed_for(path, media, encoding) == (Fraction("4.2"), Fraction(9))

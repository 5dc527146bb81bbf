"""The recogniser's own translation, from film to project, with a model of true size."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.model.shapes import shape_of
from benchmarks.weights import make_model
from subkit.decode import RecognitionOptions
from subkit.demo import scene_file
from subkit.interfaces import Silent
from subkit.media import find_ffmpeg
from subkit.pipeline import RunOptions, plan_run, run_plan

if TYPE_CHECKING:
    from pathlib import Path


class Listening(Silent):
    """Keeps what was warned of."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def warn(self, message: str) -> None:
        """Keep it."""
        self.said.append(message)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Multilingual, random: what it writes means nothing, how it is marked does."""
    into = tmp_path_factory.mktemp("models")
    return make_model(shape_of("tiny"), into, formats=("ctranslate2",), precision="int8")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first lines of the scene."""
    path = tmp_path_factory.mktemp("film") / "clip.wav"
    command = [str(find_ffmpeg()), "-v", "error", "-i", str(scene_file()), "-vn", "-t", "8"]
    subprocess.run([*command, str(path)], check=True)
    return path


def _run(clip: Path, folder: Path, tiny: Path, task: str) -> tuple[Any, list[str]]:
    folder.mkdir()
    recognition = RecognitionOptions(
        device="cpu", threads=1, beam_size=1, temperatures=(0.0,), language="ko", task=task
    )
    options = RunOptions(model=str(tiny), recognition=recognition, offline=True)
    listening = Listening()
    made = run_plan(plan_run(clip, options, folder=folder), progress=listening)
    return made.project, listening.said


def test_korean_speech_gives_a_track_marked_english(clip: Path, tiny: Path, tmp_path: Path) -> None:
    project, said = _run(clip, tmp_path / "english", tiny, "translate")
    transcript = project.transcript
    assert transcript.language == "en"
    assert {word.language for word in transcript.words} == {"en"}
    assert {window.language for window in transcript.windows} == {"ko"}
    assert "translating into English" in transcript.provenance.version
    assert [(track.id, track.language) for track in project.tracks] == [("en", "en")]
    assert any("times are rough" in message for message in said)
    assert (tmp_path / "english" / "clip.en.srt").is_file()

    project, said = _run(clip, tmp_path / "korean", tiny, "transcribe")
    assert [track.language for track in project.tracks] == ["ko"]
    assert "translating" not in project.transcript.provenance.version
    assert not any("rough" in message for message in said)

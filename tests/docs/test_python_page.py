"""docs/python.md: every line of it runs, and it needs nothing but the names of ``subkit``."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import subkit
from subkit.demo import scene_file
from subkit.engines import get_known, package_status
from tests.conftest import make_media

if TYPE_CHECKING:
    from subkit.model import Project

PAGE = Path(__file__).parents[2] / "docs" / "python.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
SRT = """1
00:00:01,000 --> 00:00:03,000
Please help me,Hugo...

2
00:00:03,010 --> 00:00:03,600
There are twelve men in the hotel.
"""


def _prepared(folder: Path, speech: Path) -> None:
    """The files that a reader of the page would have."""
    shutil.copy(speech, folder / "speech.wav")
    (folder / "films").mkdir()
    film = folder / "film.mp4"
    make_media(film, "-i", str(scene_file()), "-t", "16", "-c", "copy")
    shutil.copy(film, folder / "films" / "one.mp4")
    shutil.copy(film, folder / "films" / "two.mp4")
    (folder / "talk.en.srt").write_text(SRT, encoding="utf-8")


def _run_page(model: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "page"}
    for number, block in enumerate(BLOCKS):
        code = block.replace('model="base"', f'model="{model}", offline=True')
        exec(compile(code, f"{PAGE.name}, block {number + 1}", "exec"), names)
    return names


def _is_true(folder: Path, names: dict[str, Any], printed: str) -> None:
    """What the page says has come about."""
    assert (folder / "speech.subkit").exists()
    assert names["words"]
    assert names["said"].path is None
    out = folder / "out"
    assert {"film.subkit", "film.en.srt", "film.ko.srt"} <= {path.name for path in out.iterdir()}
    assert "Did you mean 'Korean'" in printed or "Korean" in printed
    assert [track.id for track in names["both"].project.tracks] == ["en", "ko", "es"]
    assert (folder / "steps.ko.srt").exists()
    assert (folder / "translated" / "talk.ko.srt").exists()
    assert {"one.ko.srt", "two.ko.srt"} <= {path.name for path in (folder / "films").iterdir()}
    assert len(names["fixed"].findings) < len(names["checked"].findings)
    assert "Hugo…" in (folder / "talk.fixed.en.srt").read_text(encoding="utf-8")
    edited: Project = subkit.load(out / "film.subkit")
    first = edited.track("ko").cues[0]
    assert first.text == "누군가\n우리를 따라오고 있어."
    assert [approval.actor for approval in first.review.approvals] == ["Kim"]
    assert [comment.text for comment in first.comments] == ["Shorter."]
    assert "Beep!" in (folder / "beeps.txt").read_text(encoding="utf-8")
    assert "warnings>" in printed
    assert "Did you mean 'ko'?" in printed


def test_the_page_runs_with_the_demo_models(
    tmp_path: Path,
    speech: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _prepared(tmp_path, speech)
    monkeypatch.chdir(tmp_path)
    names = _run_page("demo")
    _is_true(tmp_path, names, capsys.readouterr().out)


@pytest.mark.models
def test_the_page_runs_as_it_stands_with_whisper(
    tmp_path: Path,
    speech: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = get_known("base", "recognizer")
    if not package_status(known).complete:
        pytest.skip(f"needs {known.install_command}")
    _prepared(tmp_path, speech)
    monkeypatch.chdir(tmp_path)
    names = _run_page("base")
    _is_true(tmp_path, names, capsys.readouterr().out)
    heard = " ".join(word.text for word in names["words"]).lower()
    assert "following" in heard or "hotel" in heard


def test_the_page_needs_only_public_names_of_subkit() -> None:
    used = set()
    for block in BLOCKS:
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                used |= {node.attr} if node.value.id == "subkit" else set()
            elif isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("subkit")
            elif isinstance(node, ast.Import):
                assert all(not alias.name.startswith("subkit.") for alias in node.names)
    assert used <= set(subkit.__all__)
    assert len(used) > 20

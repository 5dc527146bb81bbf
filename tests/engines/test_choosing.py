"""Which recogniser is taken where none was named: the default, or the best that is present."""

from __future__ import annotations

import shutil
import socket
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from subkit.engines import (
    KnownModel,
    choose_recognizer,
    demo_directory,
    find_substitute,
    known_models,
)
from subkit.engines.digests import digest_files
from subkit.engines.lockfile import LockEntry, write_entry
from subkit.errors import EngineError, ModelNotFound, StoreError
from subkit.interfaces import Silent
from tests.engines.packaged import Packaged, make_packaged

if TYPE_CHECKING:
    from pathlib import Path

NOWHERE = "http://127.0.0.1:9"


class Heard(Silent):
    """Remembers warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)


@pytest.fixture(autouse=True)
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packaged:
    """The catalogue, with base in packages that are not installed and no other digests."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub-cache"))
    made = make_packaged(tmp_path / "site")
    bare = [replace(m, weights_sha256="", digests={}, packages=()) for m in known_models()]
    rows = tuple(
        replace(made.model, name="base", languages=m.languages, size_bytes=m.size_bytes)
        if m.name == "base"
        else m
        for m in bare
    )
    monkeypatch.setattr("subkit.engines.catalogue._catalogue", lambda: rows)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty models folder."""
    path = tmp_path / "models"
    path.mkdir()
    return path


def put(folder: Path, *names: str) -> None:
    """Put models into the folder as if they were fetched."""
    for name in names:
        directory = folder / name
        shutil.copytree(demo_directory("recognizer"), directory)
        files = digest_files(directory)
        entry = LockEntry(repository=f"someone/{name}", revision="d" * 40, files=files)
        write_entry(folder, name, entry)


def substitute(default: str, folder: Path, **wishes: str) -> str | None:
    found = find_substitute(default, folder, **wishes)
    return found.model.name if found else None


@pytest.mark.parametrize(
    ("default", "here", "expected"),
    [
        ("small", ["tiny", "base"], "base"),
        ("small", ["tiny"], "tiny"),
        ("small", ["base", "medium"], "base"),
        ("small", ["large-v3", "medium"], "medium"),
        ("large-v3", ["base", "turbo", "medium"], "turbo"),
        ("large-v3", ["base", "large-v1", "large-v2"], "large-v2"),
        ("base", ["small", "tiny"], "tiny"),
        ("small", ["base.en", "distil-large-v3"], None),
        ("small", [], None),
    ],
)
def test_the_best_that_suits_the_machine_stands_in(
    default: str, here: list[str], expected: str | None, folder: Path
) -> None:
    put(folder, *here)
    assert substitute(default, folder) == expected


@pytest.mark.parametrize(
    ("language", "here", "expected"),
    [
        ("en", ["tiny.en"], "tiny.en"),
        ("en", ["base", "base.en", "tiny.en"], "base.en"),
        ("en", ["small.en", "base"], "small.en"),
        ("ko", ["tiny.en"], None),
        ("ko", ["small.en", "tiny"], "tiny"),
    ],
)
def test_english_models_stand_in_for_english_alone(
    language: str, here: list[str], expected: str | None, folder: Path
) -> None:
    put(folder, *here)
    assert substitute("small", folder, language=language) == expected


def test_a_model_that_cannot_translate_speech_does_not_stand_in_for_one_that_can(
    folder: Path,
) -> None:
    put(folder, "turbo", "tiny")
    assert substitute("large-v3", folder, task="translate") == "tiny"


def test_the_default_is_taken_where_it_is_here(folder: Path) -> None:
    put(folder, "small", "base")
    heard = Heard()
    chosen = choose_recognizer("small", models_folder=folder, offline=True, progress=heard)
    assert (chosen.model.name, chosen.note, heard.warnings) == ("small", "", [])


def test_offline_the_best_present_stands_in_and_says_so(folder: Path) -> None:
    put(folder, "tiny")
    heard = Heard()
    chosen = choose_recognizer("small", models_folder=folder, offline=True, progress=heard)
    assert chosen.model.name == "tiny"
    assert chosen.note == (
        "Using tiny, the best recogniser on this machine: small would suit it better, but is not "
        "here and is not fetched offline; to get it, run: subkit models fetch small"
    )
    assert heard.warnings == [chosen.note]


def test_without_a_network_packages_are_joined_at_once(
    folder: Path, catalogue: Packaged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(catalogue.site))
    chosen = choose_recognizer("small", models_folder=folder, endpoint=NOWHERE)
    assert chosen.model.name == "base"
    assert "could not be fetched (Connection refused)" in chosen.note
    assert (folder / "base" / "model.bin").is_file()


def test_a_network_that_never_answers_is_not_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "base")
    waits: list[float] = []
    chosen_already = threading.Event()

    def hang(address: object, timeout: float) -> NoReturn:
        waits.append(timeout)
        chosen_already.wait()
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", hang)
    chosen = choose_recognizer("small", models_folder=folder, endpoint=NOWHERE)
    chosen_already.set()  # only now does the connection end
    assert waits == [2.0]
    assert "could not be fetched (no answer within 2 s)" in chosen.note


def test_a_hub_that_accepts_and_never_answers_is_not_waited_for_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "base")
    monkeypatch.setattr("subkit.engines.choosing._BRIEFLY", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        chosen = choose_recognizer("small", models_folder=folder, endpoint=endpoint)
    assert "could not be fetched (no answer within 1 s)" in chosen.note


def test_with_a_network_the_default_is_fetched(hub: Any, folder: Path) -> None:
    put(folder, "base")
    source = demo_directory("recognizer")
    hub.files = {path.name: path.read_bytes() for path in source.iterdir()}
    hub.revision = next(m.revision for m in known_models() if m.name == "small")
    heard = Heard()
    chosen = choose_recognizer("small", models_folder=folder, endpoint=hub.address, progress=heard)
    assert (chosen.model.name, chosen.note) == ("small", "")
    assert heard.warnings == ["Fetching small from Systran/faster-whisper-small (MIT)."]


@pytest.mark.parametrize("offline", [True, False])
def test_where_nothing_is_here_every_way_is_named_and_the_demo_is_not_taken(
    offline: bool, folder: Path
) -> None:
    with pytest.raises(ModelNotFound) as caught:
        choose_recognizer("small", models_folder=folder, offline=offline, endpoint=NOWHERE)
    assert str(folder) in caught.value.message
    assert "subkit models fetch small" in caught.value.remedy
    assert "for base: pip install small-asr-1==1.0 small-asr-2==1.0" in caught.value.remedy
    assert "--model" in caught.value.remedy


def test_where_half_a_model_is_all_there_is_the_missing_half_is_named(
    folder: Path, catalogue: Packaged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(catalogue.site))
    catalogue.remove(2)
    for default in ("small", "base"):
        with pytest.raises(ModelNotFound) as caught:
            choose_recognizer(default, models_folder=folder, offline=True)
        assert caught.value.message.count("half installed: small-asr-2 missing") == 1


def test_a_damaged_model_is_not_passed_over(folder: Path) -> None:
    put(folder, "base", "tiny")
    (folder / "base" / "config.json").write_text("{}")
    with pytest.raises(EngineError, match=r"config\.json has changed"):
        choose_recognizer("small", models_folder=folder, offline=True)


def test_a_folder_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError):
        choose_recognizer("small", models_folder=tmp_path / "file" / "models", offline=True)


def test_the_catalogue_lists_every_recogniser_behind_its_lesser_ones() -> None:
    names = [model.name for model in known_models("recognizer")]
    ladder = ["tiny", "base", "small", "medium", "large-v1", "large-v2", "turbo", "large-v3"]
    assert [name for name in names if name in ladder] == ladder
    for name in ("tiny", "base", "small", "medium"):
        assert names.index(f"{name}.en") == names.index(name) + 1


def test_models_of_the_catalogue_can_be_told_to_know_english_alone() -> None:
    english = {model.name for model in known_models("recognizer") if model.english_only}
    assert {"tiny.en", "distil-large-v3"} <= english
    assert not english & {"tiny", "base", "small", "large-v3", "turbo"}
    assert all(isinstance(model, KnownModel) for model in known_models())

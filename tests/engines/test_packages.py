"""Models that come as packages: joined once, whole or not at all, and only if they are right."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from subkit.engines import (
    demo_directory,
    fetch_model,
    find_model,
    find_present,
    known_models,
    package_status,
    verify_model,
)
from subkit.engines.lockfile import LOCK_NAME, LockEntry, read_lock, write_entry
from subkit.errors import EngineError, ModelNotFound, StoreError
from subkit.interfaces import ModelFacts, Silent
from tests.engines.packaged import FILES, REVISION, Packaged, make_packaged
from tests.rights import without_overrides

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from subkit.engines import KnownModel

CHILD = """
import sys, time
from pathlib import Path
from subkit.engines import catalogue, find_model
from subkit.interfaces import Silent
from tests.engines.packaged import make_packaged

class Watch(Silent):
    def begin(self, stage, total, unit):
        print("joined", flush=True)
    def advance(self, stage, done):
        if "stall" in sys.argv and done > 2_000_000:
            print("stalled", flush=True)
            time.sleep(60)

model = make_packaged(Path(sys.argv[2])).model
sys.path.insert(0, sys.argv[2])
catalogue._catalogue = lambda: (model,)
if "limit" in sys.argv:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
find_model("small-asr", "recognizer", models_folder=Path(sys.argv[1]), progress=Watch())
"""


class Watch(Silent):
    """Remembers the bytes that it heard of."""

    def __init__(self) -> None:
        self.total: float | None = None
        self.steps: list[float] = []

    def begin(self, stage: str, total: float | None, unit: str) -> None:
        assert (stage, unit) == ("join", "B")
        self.total = total

    def advance(self, stage: str, done: float) -> None:
        self.steps.append(done)


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packaged:
    """The packages of a small model, installed, and a catalogue that names nothing else."""
    made = make_packaged(tmp_path / "site")
    _install(made, monkeypatch)
    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty models folder; the hub's cache is empty, and no socket may be opened."""

    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket", refuse)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub-cache"))
    return tmp_path / "models"


def _install(made: Packaged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(made.site))
    monkeypatch.setattr("subkit.engines.catalogue._catalogue", lambda: (made.model,))


def find(folder: Path, progress: Silent | None = None) -> ModelFacts:
    return find_model(
        "small-asr", "recognizer", models_folder=folder, offline=True, progress=progress
    )


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def hidden_models(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(".") and path.is_dir()]


def test_a_packaged_model_is_joined_without_hub_or_imports(
    packaged: Packaged, folder: Path
) -> None:
    watch = Watch()
    facts = find(folder, watch)
    directory = folder / "small-asr"
    assert {path.name for path in directory.iterdir()} == {"model.bin", *FILES}
    for name in ("model.bin", *FILES):
        original = demo_directory("recognizer") / name
        assert (directory / name).read_bytes() == original.read_bytes()
    assert (facts.name, facts.directory, facts.license) == ("small-asr", str(directory), "MIT")
    assert watch.total == watch.steps[-1] == sum(p.stat().st_size for p in directory.iterdir())
    assert not {"small_asr_1", "small_asr_2"} & set(sys.modules)
    assert hidden_models(folder) == []
    assert verify_model(facts, known=packaged.model) == []


def test_joining_happens_once(packaged: Packaged, folder: Path) -> None:
    first = find(folder)
    watch = Watch()
    packaged.remove(1)
    packaged.remove(2)
    assert find(folder, watch) == first
    assert watch.steps == []


def test_the_lock_file_records_where_a_joined_model_came_from(
    packaged: Packaged, folder: Path
) -> None:
    find(folder)
    entry = json.loads((folder / LOCK_NAME).read_text(encoding="utf-8"))["models"]["small-asr"]
    assert entry["repository"] == "someone/small-asr"
    assert entry["revision"] == REVISION
    assert entry["packages"] == ["small-asr-1==1.0", "small-asr-2==1.0"]
    assert set(entry["files"]) == {"model.bin", *FILES}
    assert find_present(folder)["small-asr"].source.value == "packages"


def test_fetching_a_packaged_model_joins_it(packaged: Packaged, folder: Path) -> None:
    facts = fetch_model("small-asr", models_folder=folder, endpoint="http://127.0.0.1:9")
    assert facts == find(folder)


def test_looking_for_models_joins_nothing(packaged: Packaged, folder: Path) -> None:
    present = find_present(folder)["small-asr"]
    assert (present.source.value, present.directory) == ("packages", None)
    assert not folder.exists()


def test_without_its_packages_a_model_says_how_to_install_them(
    packaged: Packaged, folder: Path
) -> None:
    packaged.remove(1)
    packaged.remove(2)
    with pytest.raises(ModelNotFound) as caught:
        find(folder)
    assert "pip install small-asr-1==1.0 small-asr-2==1.0" in caught.value.remedy
    assert not package_status(packaged.model).fault
    assert find_present(folder) == {}


@pytest.mark.parametrize("number", [1, 2])
def test_a_missing_half_is_named(number: int, packaged: Packaged, folder: Path) -> None:
    packaged.remove(number)
    with pytest.raises(
        ModelNotFound, match=f"half installed: small-asr-{number} missing"
    ) as caught:
        find(folder)
    assert caught.value.remedy == "Run: pip install small-asr-1==1.0 small-asr-2==1.0"
    assert find_present(folder) == {}
    assert not folder.exists()


def test_parts_of_different_versions_are_refused(packaged: Packaged, folder: Path) -> None:
    packaged.set_version(2, "1.1")
    with pytest.raises(
        ModelNotFound, match=r"joined from small-asr-2 1\.1: it needs small-asr-2==1\.0"
    ) as caught:
        find(folder)
    assert "pip install small-asr-1==1.0 small-asr-2==1.0" in caught.value.remedy
    assert not folder.exists()


def test_a_package_without_its_file_is_refused(packaged: Packaged, folder: Path) -> None:
    packaged.part(2).unlink()
    with pytest.raises(ModelNotFound, match=r'not whole: ".*model\.bin\.2" is missing') as caught:
        find(folder)
    assert "--force-reinstall" in caught.value.remedy


@pytest.mark.parametrize("name", ["model.bin.1", "tokenizer.json"])
def test_a_flipped_byte_is_refused(name: str, packaged: Packaged, folder: Path) -> None:
    path = packaged.site / "small_asr_1" / "data" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(EngineError, match="do not hold its published files") as caught:
        find(folder)
    assert packaged.model.published[name.removesuffix(".1")] in caught.value.message
    assert "--force-reinstall small-asr-1==1.0 small-asr-2==1.0" in caught.value.remedy
    assert visible(folder) == set()
    assert hidden_models(folder) == []


def test_parts_in_the_wrong_order_are_refused(
    packaged: Packaged, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swapped = replace(packaged.model, packages=packaged.model.packages[::-1])
    monkeypatch.setattr("subkit.engines.catalogue._catalogue", lambda: (swapped,))
    with pytest.raises(EngineError, match=r"model\.bin has sha256"):
        find(folder)


def test_a_full_disk_is_a_store_error(
    packaged: Packaged, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("subkit.engines.packages.os.fsync", full)
        with pytest.raises(
            StoreError, match="cannot be written: No space left on device"
        ) as caught:
            find(folder)
    assert "Check free space" in caught.value.remedy
    assert visible(folder) == set()
    assert hidden_models(folder) == []
    assert find(folder).name == "small-asr"


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as POSIX does")
def test_a_disk_that_takes_no_more_leaves_nothing_half(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    done = _child(folder, tmp_path / "site", "limit").communicate(timeout=60)
    assert 'model.bin" cannot be written: File too large. Check free space' in done[1]
    assert visible(folder) == set()
    assert hidden_models(folder) == []


def test_a_join_that_is_killed_leaves_nothing_that_looks_like_a_model(
    packaged: Packaged, folder: Path, tmp_path: Path
) -> None:
    child = _child(folder, tmp_path / "other", "stall")
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "joined\n"
        assert child.stdout.readline() == "stalled\n"
    finally:
        child.kill()
        child.communicate()
    assert visible(folder) == set()
    assert len(hidden_models(folder)) == 1
    assert find_present(folder)["small-asr"].directory is None
    assert verify_model(find(folder)) == []
    assert hidden_models(folder) == []


def test_of_several_processes_one_joins_and_all_have_the_model(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    children = [_child(folder, tmp_path / f"site{number}") for number in range(3)]
    answers = [child.communicate(timeout=60) for child in children]
    assert [child.returncode for child in children] == [0, 0, 0], answers
    assert [out for out, _ in answers].count("joined\n") == 1


def _child(folder: Path, site: Path, *words: str) -> subprocess.Popen[str]:
    root = str(Path(__file__).parents[2])
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(site), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "HF_HOME": str(folder.parent / "hub")},
    )


def test_a_models_folder_that_cannot_be_written_is_named(packaged: Packaged, folder: Path) -> None:
    folder.mkdir(mode=0o555)
    with without_overrides(), pytest.raises(StoreError, match="cannot be written") as caught:
        find(folder)
    assert str(folder) in caught.value.message
    assert "--models-folder" in caught.value.remedy


def test_a_joined_model_is_used_from_a_folder_that_cannot_be_written(
    packaged: Packaged, folder: Path
) -> None:
    first = find(folder)
    folder.chmod(0o555)
    try:
        with without_overrides():
            assert find(folder) == first
    finally:
        folder.chmod(0o755)


def test_a_model_of_another_family_in_its_place_is_refused(
    packaged: Packaged, folder: Path
) -> None:
    target = folder / "small-asr"
    target.mkdir(parents=True)
    for path in demo_directory("translator").iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    with pytest.raises(EngineError, match="no record of how it was fetched") as caught:
        find(folder)
    assert "Remove that folder" in caught.value.remedy


def test_a_changed_byte_in_a_joined_model_is_found(packaged: Packaged, folder: Path) -> None:
    facts = find(folder)
    path = Path(facts.directory) / "model.bin"
    data = bytearray(path.read_bytes())
    data[-1000] ^= 1
    path.write_bytes(data)
    with pytest.raises(EngineError, match=r"model\.bin has changed"):
        find(folder)
    # Even if the record was made to fit.
    entry = read_lock(folder)["small-asr"]
    (fault,) = verify_model(facts.directory, known=packaged.model)
    written = fault.split("sha256 ")[1].split(",")[0]
    write_entry(folder, "small-asr", replace(entry, files={**entry.files, "model.bin": written}))
    (fault,) = verify_model(facts.directory, known=packaged.model)
    assert "model.bin is not the published one" in fault
    with pytest.raises(EngineError, match="is not the published one"):
        find(folder)


def test_two_models_may_be_recorded_at_once(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from subkit.engines.lockfile import LockEntry, write_entry\n"
        "for number in range(20):\n"
        "    entry = LockEntry(repository='a/b', revision='c', files={'model.bin': 'd'})\n"
        "    write_entry(Path(sys.argv[1]), f'{sys.argv[2]}-{number}', entry)\n"
    )
    folder.mkdir()
    children = [
        subprocess.Popen([sys.executable, "-c", script, str(folder), name]) for name in "abc"
    ]
    assert [child.wait(timeout=60) for child in children] == [0, 0, 0]
    assert len(read_lock(folder)) == 60


def test_records_of_older_versions_are_read(folder: Path) -> None:
    folder.mkdir()
    row = {"repository": "a/b", "revision": "c", "files": {"model.bin": "d"}}
    (folder / LOCK_NAME).write_text(json.dumps({"schema": 1, "models": {"small": row}}))
    entry = LockEntry(repository="a/b", revision="c", files={"model.bin": "d"})
    assert read_lock(folder) == {"small": entry}


PACKAGED = [model for model in known_models() if model.packages]


def test_some_known_models_come_as_packages() -> None:
    assert {model.name for model in PACKAGED} == {"base", "tiny.en"}


@pytest.mark.parametrize("model", PACKAGED, ids=lambda model: model.name)
def test_packages_are_described_whole(model: KnownModel) -> None:
    files = {name for package in model.packages for name in package.files}
    assert files == set(model.published)
    assert {"model.bin", "config.json", "tokenizer.json"} <= files
    assert model.revision


@pytest.mark.parametrize("model", PACKAGED, ids=lambda model: model.name)
def test_every_packaged_model_has_an_extra(model: KnownModel) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = [package.requirement for package in model.packages]
    assert extras[model.name.replace(".", "-")] == wanted

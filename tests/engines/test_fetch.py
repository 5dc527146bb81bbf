"""Fetching from a hub on this machine: whole or not at all, resumed, pinned."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from subkit.engines import (
    KnownModel,
    fetch_model,
    find_model,
    list_fetched,
    open_translator,
    verify_model,
)
from subkit.engines.lockfile import LOCK_NAME
from subkit.errors import EngineError, LockedError, ModelNotFound, StoreError
from subkit.interfaces import Silent
from tests.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

WANTED = {
    "config.json",
    "model.bin",
    "sentencepiece.bpe.model",
    "shared_vocabulary.json",
    "subkit.json",
}

CHILD = (
    "import sys; from pathlib import Path; from dataclasses import replace\n"
    "from huggingface_hub import constants\n"
    "constants.DOWNLOAD_CHUNK_SIZE = 65536\n"
    "from subkit.engines import catalogue, fetch_model\n"
    "known = catalogue.get_known('opus-mt-en-es')\n"
    "model = replace(known, name='small-mt', repository='someone/small')\n"
    "catalogue._catalogue = lambda: (model,)\n"
    "fetch_model('small-mt', models_folder=Path(sys.argv[1]), endpoint=sys.argv[2])\n"
)


class Stop(Exception):  # noqa: N818 - as a person stops it
    """The fetch is stopped here."""


class Watch(Silent):
    """Remembers what it heard; stops when so many bytes have come."""

    def __init__(self, stop_after: float = float("inf")) -> None:
        self.stop_after = stop_after
        self.total: float | None = None
        self.steps: list[float] = []
        self.warnings: list[str] = []

    def begin(self, stage: str, total: float | None, unit: str) -> None:
        assert (stage, unit) == ("fetch", "B")
        self.total = total

    def advance(self, stage: str, done: float) -> None:
        self.steps.append(done)
        if done >= self.stop_after:
            raise Stop

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def fetch(folder: Path, hub: Any, watch: Watch | None = None) -> Any:
    return fetch_model(
        "small-mt", models_folder=folder, progress=watch or Watch(), endpoint=hub.address
    )


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def test_fetches_what_makes_the_model_and_nothing_else(
    hub: Any, small: KnownModel, tmp_path: Path
) -> None:
    watch = Watch()
    facts = fetch(tmp_path, hub, watch)
    directory = tmp_path / "small-mt"
    assert {path.name for path in directory.iterdir()} == WANTED
    assert facts.directory == str(directory)
    assert facts.license == "MIT"
    assert watch.total == watch.steps[-1] == sum(len(hub.files[name]) for name in WANTED)
    assert watch.steps == sorted(watch.steps)
    assert list_fetched(tmp_path) == {"small-mt": directory}
    assert verify_model(facts) == []
    found = find_model("small-mt", "translator", models_folder=tmp_path, offline=True)
    assert found == facts
    open_translator(found).check("en", "ko")


def test_the_token_goes_to_the_hub_and_not_to_where_it_redirects(
    hub: Any, small: KnownModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fetch(tmp_path, hub)
    assert "/cdn/model.bin" in hub.paths()
    assert "someone" in hub.tokens_at
    assert "cdn" not in hub.tokens_at


def test_the_lock_file_records_revision_and_digests(
    hub: Any, small: KnownModel, tmp_path: Path
) -> None:
    fetch(tmp_path, hub)
    lock = json.loads((tmp_path / LOCK_NAME).read_text(encoding="utf-8"))
    entry = lock["models"]["small-mt"]
    assert entry["repository"] == "someone/small"
    assert entry["revision"] == hub.revision
    assert set(entry["files"]) == WANTED


def test_a_fetched_model_is_not_fetched_again(hub: Any, small: KnownModel, tmp_path: Path) -> None:
    first = fetch(tmp_path, hub)
    hub.ask.clear()
    assert fetch(tmp_path, hub) == first
    assert hub.ask == []


def test_an_interrupted_fetch_leaves_no_model_and_goes_on_where_it_stopped(
    hub: Any, small: KnownModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 64 * 1024)
    with pytest.raises(Stop):
        fetch(tmp_path, hub, Watch(stop_after=700_000))
    assert visible(tmp_path) == set()
    with pytest.raises(ModelNotFound):
        find_model("small-mt", "translator", models_folder=tmp_path)
    hub.ask.clear()
    facts = fetch(tmp_path, hub)
    ranges = [asked for _, path, asked in hub.ask if path == "/cdn/model.bin"]
    assert len(ranges) == 1
    assert int(ranges[0].removeprefix("bytes=").rstrip("-")) >= 64 * 1024
    assert verify_model(facts) == []
    assert visible(tmp_path) == {"small-mt", LOCK_NAME}
    assert not list(tmp_path.glob("*.part"))


def test_wrong_bytes_are_refused_and_the_next_try_starts_anew(
    hub: Any, small: KnownModel, tmp_path: Path
) -> None:
    hub.wrong_bytes = "model.bin"
    with pytest.raises(EngineError, match="did not arrive intact: sha256"):
        fetch(tmp_path, hub)
    assert visible(tmp_path) == set()
    hub.wrong_bytes = ""
    assert verify_model(fetch(tmp_path, hub)) == []


def test_wrong_bytes_of_a_small_file_are_refused(
    hub: Any, small: KnownModel, tmp_path: Path
) -> None:
    hub.wrong_bytes = "config.json"
    with pytest.raises(EngineError, match=r'"config\.json".*git blob'):
        fetch(tmp_path, hub)
    assert visible(tmp_path) == set()


def test_another_revision_than_the_pinned_one_is_refused(
    hub: Any, small: KnownModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = replace(small, revision="b" * 40)
    monkeypatch.setattr("subkit.engines.catalogue._catalogue", lambda: (pinned,))
    with pytest.raises(EngineError, match="is pinned"):
        fetch(tmp_path, hub)
    assert hub.paths() == [f"/api/models/someone/small/revision/{'b' * 40}"]


def test_other_weights_than_the_pinned_ones_are_refused(
    hub: Any, small: KnownModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = replace(small, weights_sha256="0" * 64)
    monkeypatch.setattr("subkit.engines.catalogue._catalogue", lambda: (pinned,))
    with pytest.raises(EngineError, match="is not what was pinned"):
        fetch(tmp_path, hub)
    assert visible(tmp_path) == set()


def test_the_first_fetch_pins_for_every_later_one(
    hub: Any, small: KnownModel, tmp_path: Path
) -> None:
    fetch(tmp_path, hub)
    shutil.rmtree(tmp_path / "small-mt")
    hub.files["config.json"] += b"\n"
    with pytest.raises(EngineError, match=r"config\.json has changed"):
        fetch(tmp_path, hub)
    pinned = f"/api/models/someone/small/revision/{hub.revision}"
    assert [path for path in hub.paths() if "/api/" in path] == [
        "/api/models/someone/small",
        pinned,
    ]


def test_a_changed_file_is_noticed_when_the_model_is_opened(
    hub: Any, small: KnownModel, tmp_path: Path
) -> None:
    facts = fetch(tmp_path, hub)
    path = tmp_path / "small-mt" / "config.json"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(EngineError, match=r"config\.json has changed") as caught:
        find_model("small-mt", "translator", models_folder=tmp_path)
    assert "subkit models fetch small-mt" in caught.value.remedy
    assert "config.json has changed" in verify_model(facts)[0]


def test_a_fetched_model_that_lost_a_file_says_how_to_mend_it(
    hub: Any, small: KnownModel, tmp_path: Path
) -> None:
    fetch(tmp_path, hub)
    (tmp_path / "small-mt" / "model.bin").unlink()
    with pytest.raises(EngineError, match=r"model\.bin is missing") as caught:
        find_model("small-mt", "translator", models_folder=tmp_path)
    assert "Remove that folder" in caught.value.remedy


def test_a_fetch_that_is_killed_leaves_nothing_that_looks_like_a_model(
    hub: Any, small: KnownModel, tmp_path: Path
) -> None:
    hub.stall_at = 500_000
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path), hub.address])
    try:
        assert hub.stalled.wait(timeout=30)
        wait_until(lambda: any(p.stat().st_size for p in tmp_path.glob(".*.part/model.bin")))
    finally:
        child.kill()
        child.wait()
        hub.resume.set()
    assert visible(tmp_path) == set()
    hub.stall_at = None
    assert verify_model(fetch(tmp_path, hub)) == []


def test_a_model_without_a_record_is_refused(hub: Any, small: KnownModel, tmp_path: Path) -> None:
    fetch(tmp_path, hub)
    (tmp_path / LOCK_NAME).unlink()
    with pytest.raises(EngineError, match="no record"):
        find_model("small-mt", "translator", models_folder=tmp_path)


def test_a_damaged_lock_file_is_named(hub: Any, small: KnownModel, tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).write_text('{"models": 3}', encoding="utf-8")
    with pytest.raises(EngineError, match=r"models\.lock\.json"):
        fetch(tmp_path, hub)


@pytest.mark.parametrize(("status", "words"), [(404, "The hub has no"), (403, "could not be")])
def test_a_refusing_hub_is_an_engine_error(
    hub: Any, small: KnownModel, tmp_path: Path, status: int, words: str
) -> None:
    hub.status = status
    with pytest.raises(EngineError, match=f"{words}"):
        fetch(tmp_path, hub)
    assert visible(tmp_path) == set()


def test_no_connection_is_an_engine_error(small: KnownModel, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="could not be fetched") as caught:
        fetch_model("small-mt", models_folder=tmp_path, endpoint="http://127.0.0.1:9")
    assert "run the command again" in caught.value.remedy


def test_a_repository_without_a_model_is_named(hub: Any, small: KnownModel, tmp_path: Path) -> None:
    hub.files = {"README.md": b"nothing"}
    with pytest.raises(EngineError, match="holds no CTranslate2 model"):
        fetch(tmp_path, hub)


def test_an_incomplete_repository_is_not_put_in_place(
    hub: Any, small: KnownModel, tmp_path: Path
) -> None:
    del hub.files["sentencepiece.bpe.model"]
    with pytest.raises(ModelNotFound, match="incomplete"):
        fetch(tmp_path, hub)
    assert visible(tmp_path) == set()


def test_names_with_folders_are_never_fetched(hub: Any, small: KnownModel, tmp_path: Path) -> None:
    hub.files["../model.bin"] = b"evil"
    hub.files["onnx/model.bin"] = b"other"
    fetch(tmp_path, hub)
    assert {path.name for path in (tmp_path / "small-mt").iterdir()} == WANTED


def test_two_fetches_of_one_model_do_not_mix(hub: Any, small: KnownModel, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".small-mt.lock"), pytest.raises(LockedError):
        fetch(tmp_path, hub)
    fetch(tmp_path, hub)


def test_the_notice_is_said_before_fetching(
    hub: Any, small: KnownModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = replace(small, notice="Not for commercial use.")
    monkeypatch.setattr("subkit.engines.catalogue._catalogue", lambda: (noted,))
    watch = Watch()
    fetch(tmp_path, hub, watch)
    notice, fetching = watch.warnings
    assert notice == "Not for commercial use."
    assert fetching.startswith(f"Fetching {small.name} from {small.repository}")


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as POSIX does")
def test_a_disk_that_takes_no_more_is_a_store_error(
    hub: Any, small: KnownModel, tmp_path: Path
) -> None:
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "from subkit.errors import StoreError\n"
        + CHILD.replace("fetch_model('small", "try: fetch_model('small")
        + "except StoreError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, str(tmp_path), hub.address],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "model.bin" in done.stdout
    assert "cannot be written: File too large. Check free space" in done.stdout
    assert visible(tmp_path) == set()


def test_the_hubs_own_offline_switch_is_named(hub: Any, small: KnownModel, tmp_path: Path) -> None:
    offline = (
        "from subkit.errors import EngineError\n"
        + CHILD.replace("fetch_model('small", "try: fetch_model('small")
        + "except EngineError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", offline, str(tmp_path), hub.address],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )
    assert "HF_HUB_OFFLINE is set" in done.stdout
    assert hub.ask == []


def test_a_folder_that_cannot_be_made_is_a_store_error(small: KnownModel, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be made"):
        fetch_model("small-mt", models_folder=tmp_path / "file" / "models")

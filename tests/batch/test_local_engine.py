"""A batch on one machine: every title ends done or in quarantine, whatever ends meanwhile."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from subkit.batch import (
    BatchLedger,
    LocalOptions,
    RetryOptions,
    TitleJob,
    batch_folder,
    run_local,
)
from subkit.errors import StoreError
from subkit.processes import tethered
from tests.batch.simulated import content
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]
QUICK = RetryOptions(delays=(0.0, 0.0, 0.0))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def options(**values: Any) -> LocalOptions:
    usual = {"module": "tests.batch.simulated", "retries": QUICK, "min_free": 0}
    return LocalOptions(**{**usual, **values})


def begun(folder: Path, ids: Iterable[str], **values: Any) -> BatchLedger:
    batch_folder(folder).mkdir(parents=True, exist_ok=True)
    ledger = BatchLedger(batch_folder(folder) / "ledger.sqlite", create=True)
    ledger.add(
        (TitleJob(id=name, media=folder / f"{name}.mkv", **values), {"duration": 1.0})
        for name in ids
    )
    return ledger


def failures(ledger: BatchLedger) -> dict[str, dict[str, Any]]:
    return {r["id"]: r["failure"] for r in ledger.rows() if r["state"] == "quarantined"}


def require_whole(folder: Path, ids: Iterable[str]) -> None:
    """Every file is there, whole and once, and nothing else is."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.srt")}
    shown = {n: p for n, p in files.items() if not n.startswith(".subkit-batch")}
    assert set(shown) == {f"{name}.en.srt" for name in ids}
    for name in ids:
        assert shown[f"{name}.en.srt"].read_bytes() == content(name)


def test_every_title_ends_done_or_in_quarantine_with_a_reason(tmp_path: Path) -> None:
    ids = ["fine-1", "broken-1", "flaky-1", "fault-1", "kills-1", "s/fine-2"]
    ledger = begun(tmp_path, ids)
    counts = run_local(ledger, tmp_path, options(workers=2))
    assert counts == {"waiting": 0, "running": 0, "delayed": 0, "done": 3, "quarantined": 3}
    require_whole(tmp_path, ["fine-1", "flaky-1", "s/fine-2"])
    failed = failures(ledger)
    assert (failed["broken-1"]["reason"], failed["broken-1"]["remedy"]) == ("media", "Get another.")
    assert failed["fault-1"]["reason"] == "fault"
    assert failed["fault-1"]["lines"][-1] == "ZeroDivisionError: a fault"
    assert failed["kills-1"]["reason"] == "killed"
    assert failed["kills-1"]["lines"] == ["my last words"]
    attempts = {row["id"]: row["attempts"] for row in ledger.rows()}
    assert (attempts["broken-1"], attempts["flaky-1"], attempts["kills-1"]) == (1, 1, 3)
    assert not list((batch_folder(tmp_path) / "drafts").iterdir())


def test_a_batch_that_is_done_does_nothing_again(tmp_path: Path) -> None:
    ledger = begun(tmp_path, ["fine-1"])
    run_local(ledger, tmp_path, options())
    before = (tmp_path / "fine-1.en.srt").stat()
    run_local(begun(tmp_path, ["fine-1"]), tmp_path, options())
    assert (tmp_path / "fine-1.en.srt").stat() == before


def test_a_file_of_somebody_else_is_left_unless_it_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "fine-1.en.srt").write_text("a person's")
    ledger = begun(tmp_path, ["fine-1"])
    run_local(ledger, tmp_path, options())
    assert (tmp_path / "fine-1.en.srt").read_text() == "a person's"
    assert "already exists" in failures(ledger)["fine-1"]["message"]
    ledger = begun(tmp_path, ["fine-1"], overwrite=True)
    run_local(ledger, tmp_path, options())
    require_whole(tmp_path, ["fine-1"])


def test_a_title_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    ledger = begun(tmp_path, ["hungry-1", "fine-1"])
    run_local(ledger, tmp_path, options(max_memory=256 << 20, workers=2))
    assert failures(ledger)["hungry-1"]["reason"] == "memory"
    require_whole(tmp_path, ["fine-1"])


def test_a_full_disk_begins_nothing_and_gives_everything_back(tmp_path: Path) -> None:
    ledger = begun(tmp_path, ["fine-1"])
    with pytest.raises(StoreError, match="nothing more is begun"):
        run_local(ledger, tmp_path, options(min_free=1 << 62))
    assert ledger.counts()["waiting"] == 1


def test_drain_ends_the_runner_and_resume_goes_on(tmp_path: Path) -> None:
    ledger = begun(tmp_path, ["fine-1"])
    ledger.set_mode("drain")
    assert run_local(ledger, tmp_path, options())["waiting"] == 1
    ledger.set_mode("run")
    assert run_local(ledger, tmp_path, options())["done"] == 1


def test_two_runners_share_a_ledger(tmp_path: Path) -> None:
    ids = [f"fine-{n}" for n in range(20)]
    ledger = begun(tmp_path, ids)

    def run() -> None:
        with BatchLedger(ledger.path) as own:
            run_local(own, tmp_path, options())

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.counts()["done"] == 20
    require_whole(tmp_path, ids)


RUNNER = """
import sys
from pathlib import Path
from subkit.batch import BatchLedger, LocalOptions, RetryOptions, batch_folder, run_local
folder = Path(sys.argv[1])
retries = RetryOptions(delays=(0.0,) * 1000, max_kills=1000)
options = LocalOptions(
    workers=2, module="tests.batch.simulated", retries=retries, min_free=0
)
with BatchLedger(batch_folder(folder) / "ledger.sqlite") as ledger:
    print(run_local(ledger, folder, options))
"""


def start_runner(folder: Path) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(ROOT), *sys.path])
    return subprocess.Popen(
        tethered([sys.executable, "-c", RUNNER, str(folder)]),
        env={**os.environ, "PYTHONPATH": path, "SIMULATED_SECONDS": "0.02"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    )


def children(pid: int) -> list[int]:
    """Processes that a process has started."""
    found = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True)
    rows = [line.split() for line in found.stdout.splitlines()[1:]]
    return [int(row[0]) for row in rows if int(row[1]) == pid]


def storm(folder: Path, *, titles: int, kills: int, seed: int) -> dict[str, int]:
    """Kill runners and workers at random; the batch must end whole."""
    chance, count = random.Random(seed), {"runner": 0, "worker": 0}
    ids = [f"fine-{n}" for n in range(titles)]
    ledger = begun(folder, ids)
    runners = [start_runner(folder) for _ in range(2)]
    pause = threading.Event()
    while sum(count.values()) < kills and ledger.counts()["done"] < titles:
        index = chance.randrange(2)
        wait_until(lambda r=runners[index]: children(r.pid) or r.poll() is not None)  # type: ignore[misc]
        pause.wait(chance.uniform(0.0, 0.6))
        workers = children(runners[index].pid)
        if workers and chance.random() < 0.5:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)
                count["worker"] += 1
        else:
            runners[index].kill()
            runners[index].wait()
            runners[index] = start_runner(folder)
            count["runner"] += 1
    for runner in runners:
        runner.wait(timeout=240)
    assert ledger.counts() == {
        "waiting": 0, "running": 0, "delayed": 0, "done": titles, "quarantined": 0
    }  # fmt: skip
    require_whole(folder, ids)
    assert not list((batch_folder(folder) / "work").iterdir())
    return count


def test_nothing_is_lost_or_twice_when_runners_and_workers_are_killed(tmp_path: Path) -> None:
    count = storm(tmp_path, titles=80, kills=8, seed=1)
    assert min(count.values()) > 0


def test_workers_end_with_their_runner(tmp_path: Path) -> None:
    begun(tmp_path, ["slow-1"])
    runner = start_runner(tmp_path)
    wait_until(lambda: bool(children(runner.pid)))
    workers = children(runner.pid)
    runner.kill()
    runner.wait()
    wait_until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in workers))


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nothing_is_lost_or_twice_in_a_thousand_kills(tmp_path: Path) -> None:
    total = {"runner": 0, "worker": 0}
    seed = 0
    while sum(total.values()) < 1000:
        folder = tmp_path / str(seed)
        for kind, count in storm(folder, titles=400, kills=100, seed=seed).items():
            total[kind] += count
        seed += 1
    sys.stdout.write(json.dumps(total))

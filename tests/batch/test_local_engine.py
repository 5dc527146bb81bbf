"""A batch on one machine: every title ends done or in quarantine, whatever ends meanwhile."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from subkit.batch import (
    BatchLedger,
    LocalOptions,
    RetryOptions,
    batch_folder,
    run_local,
)
from subkit.errors import StoreError
from tests.batch.storm import begun, children, require_whole, start_runner, storm
from tests.waiting import wait_until

if TYPE_CHECKING:
    pass

ROOT = Path(__file__).parents[2]
QUICK = RetryOptions(delays=(0.0, 0.0, 0.0))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def options(**values: Any) -> LocalOptions:
    usual = {"module": "tests.batch.simulated", "retries": QUICK, "min_free": 0}
    return LocalOptions(**{**usual, **values})


def failures(ledger: BatchLedger) -> dict[str, dict[str, Any]]:
    return {r["id"]: r["failure"] for r in ledger.rows() if r["state"] == "quarantined"}


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

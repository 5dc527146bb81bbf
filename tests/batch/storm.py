"""Runners and workers that are killed: ``python -m tests.batch.storm FOLDER TITLES KILLS SEED``.

Two runners share a batch. At random a runner or one of its workers is killed with SIGKILL, until
enough were; then the batch must end with every title done, every file whole, and none twice.
"""

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

from subkit.batch import BatchLedger, TitleJob, batch_folder
from subkit.processes import tethered
from tests.batch.simulated import content
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]


def begun(folder: Path, ids: Iterable[str], **values: Any) -> BatchLedger:
    batch_folder(folder).mkdir(parents=True, exist_ok=True)
    ledger = BatchLedger(batch_folder(folder) / "ledger.sqlite", create=True)
    ledger.add(
        (TitleJob(id=name, media=folder / f"{name}.mkv", **values), {"duration": 1.0})
        for name in ids
    )
    return ledger


def require_whole(folder: Path, ids: Iterable[str]) -> None:
    """Every file is there, whole and once, and nothing else is."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.srt")}
    shown = {n: p for n, p in files.items() if not n.startswith(".subkit-batch")}
    assert set(shown) == {f"{name}.en.srt" for name in ids}
    for name in ids:
        assert shown[f"{name}.en.srt"].read_bytes() == content(name)


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
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        tethered([sys.executable, "-c", RUNNER, str(folder)]),
        env={
            **os.environ,
            "PYTHONPATH": path,
            "SIMULATED_SECONDS": os.environ.get("SIMULATED_SECONDS", "0.02"),
        },
        stdout=subprocess.DEVNULL,
        stderr=None if "STORM_ERRORS" in os.environ else subprocess.DEVNULL,
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
            assert runners[index].poll() in {None, 0}, "a runner ended by itself"
            runners[index].kill()
            runners[index].wait()
            runners[index] = start_runner(folder)
            count["runner"] += 1
    for runner in runners:
        runner.wait(timeout=1200)
    unfinished = [row for row in ledger.rows() if row["state"] != "done"]
    assert not unfinished, (unfinished[:3], [runner.returncode for runner in runners])
    require_whole(folder, ids)
    assert not list((batch_folder(folder) / "work").iterdir())
    assert not list((batch_folder(folder) / "drafts").iterdir())
    return count


if __name__ == "__main__":
    made = storm(
        Path(sys.argv[1]), titles=int(sys.argv[2]), kills=int(sys.argv[3]), seed=int(sys.argv[4])
    )
    sys.stdout.write(json.dumps(made))

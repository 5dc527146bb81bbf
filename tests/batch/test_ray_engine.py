"""A batch on a Ray cluster: the same results as on one machine, whatever is lost meanwhile."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from subkit.batch import LocalOptions, RayOptions, RetryOptions, batch_folder, run_ray
from tests.batch.storm import begun, children, require_whole
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

ray = pytest.importorskip("ray", reason="the extra ray is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Ray clusters need Linux"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes; the driver is on the first."""
    from ray.cluster_utils import Cluster

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    made.add_node(num_cpus=2)
    ray.init(address=made.address, logging_level="ERROR", log_to_driver=False)
    yield made
    ray.shutdown()
    made.shutdown()


def options(**values: Any) -> LocalOptions:
    usual = {
        "module": "tests.batch.simulated",
        "retries": RetryOptions(delays=(0.0,) * 20),
        "min_free": 0,
        "workers": 2,
    }
    return LocalOptions(**{**usual, **values})


@pytest.mark.usefixtures("cluster")
def test_titles_end_as_on_one_machine(tmp_path: Path) -> None:
    ids = ["fine-1", "broken-1", "flaky-1", "kills-1", "s/fine-2"]
    ledger = begun(tmp_path, ids)
    counts = run_ray(ledger, tmp_path, options(), RayOptions())
    assert (counts["done"], counts["quarantined"]) == (3, 2)
    require_whole(tmp_path, ["fine-1", "flaky-1", "s/fine-2"])
    failed = {r["id"]: r["failure"] for r in ledger.rows() if r["state"] == "quarantined"}
    assert failed["broken-1"]["reason"] == "media"
    assert failed["kills-1"]["reason"] == "killed"
    assert failed["kills-1"]["lines"] == ["my last words"]
    assert not list((batch_folder(tmp_path) / "drafts").iterdir())


def test_nothing_is_lost_or_twice_when_actors_and_a_node_are_lost(
    tmp_path: Path, cluster: Any
) -> None:
    ids = [f"steady-{n}" for n in range(60)]
    ledger = begun(tmp_path, ids)
    node = cluster.add_node(num_cpus=2)
    killed = []

    def lose() -> None:
        for number in (5, 15, 25):
            wait_until(lambda n=number: ledger_done() >= n)  # type: ignore[misc]
            actors = actor_processes()
            assert actors
            os.kill(actors[0], signal.SIGKILL)
            killed.append(actors[0])
        cluster.remove_node(node, allow_graceful=False)

    def ledger_done() -> int:
        from subkit.batch import BatchLedger

        with BatchLedger(ledger.path) as own:
            return own.counts()["done"]

    thread = threading.Thread(target=lose)
    thread.start()
    counts = run_ray(ledger, tmp_path, options(workers=3), RayOptions())
    thread.join()
    assert counts["done"] == 60
    assert len(killed) == 3
    require_whole(tmp_path, ids)


def actor_processes() -> list[int]:
    """Process ids of actors, by the worker that each of them keeps."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            try:
                words = (path / "cmdline").read_bytes()
            except OSError:
                continue
            if b"ray::TitleActor" in words and children(int(path.name)):
                found.append(int(path.name))
    return found

"""The runner on a Ray cluster: titles are done by actors on its nodes, the ledger decides.

Ray only places and ends processes. It repeats nothing: an actor that is lost is one failed attempt
in the ledger, and another actor takes its place.
"""

from __future__ import annotations

import os
import secrets
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.batch.local_engine import Runner
from subkit.batch.ray_actor import TitleActor
from subkit.batch.worker_handles import WorkerHandle
from subkit.errors import EngineError, PluginError
from subkit.interfaces import Silent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from queue import SimpleQueue

    from subkit.batch.batch_ledger import BatchLedger
    from subkit.batch.local_engine import LocalOptions
    from subkit.batch.title_claims import Claim
    from subkit.interfaces import Progress

__all__ = ["RayOptions", "run_ray"]

_PATIENCE = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RayOptions:
    """Where actors are placed.

    Attributes:
        address: Of the cluster, as ``ray.init`` takes it; empty starts one on this machine.
        cpus: Cores that a worker takes of its node.
        gpus: GPUs that a worker takes of its node, or a fraction.
    """

    address: str = ""
    cpus: float = 1.0
    gpus: float = 0.0


def run_ray(
    ledger: BatchLedger,
    folder: Path,
    options: LocalOptions,
    cluster: RayOptions,
    *,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Do the titles of a ledger on a cluster until none is left.

    Media must have the same path on every node. Results come back here and are published by this
    process, as those of the local engine are.

    Args:
        ledger: Which titles, and what became of them.
        folder: The output folder.
        options: How.
        cluster: Where.
        progress: Hears of seconds of media done, and of each failure.

    Returns:
        How many titles are in each state.

    Raises:
        PluginError: Ray is not installed.
        EngineError: the cluster cannot be reached, or places no worker.
        StoreError: the ledger or the disk gives out; titles that were begun are given back.
    """
    ray = _ray(own=not cluster.address)
    began = not ray.is_initialized()
    if began:
        _connect(ray, cluster.address)
        if os.environ.get("RAY_AUTH_MODE") != "token" and progress is not None:
            progress.warn(
                "The Ray cluster is used without a token: whoever reaches its ports can run "
                "programs on it. Set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN on all nodes and here."
            )
    try:
        runner = _RayRunner(ledger, folder, options, progress or Silent())
        return runner.place(ray, cluster).run()
    finally:
        if began:
            ray.shutdown()


def _ray(*, own: bool) -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    if own and "ray" not in sys.modules and "RAY_AUTH_MODE" not in os.environ:
        # Its ports are open to the network. Ray reads this once, when it is imported.
        os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    try:
        import ray
    except ImportError as error:
        raise PluginError(
            "The engine 'ray' needs the package ray.", remedy='pip install "subkit[ray]"'
        ) from error
    return ray


def _connect(ray: Any, address: str) -> None:
    values: dict[str, Any] = {"logging_level": "ERROR", "log_to_driver": False}
    if address:
        values["address"] = address
    else:
        values["include_dashboard"] = False
    try:
        ray.init(**values)
    except Exception as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise EngineError(
            f"The Ray cluster {address or 'of this machine'!r} cannot be reached: {first}",
            remedy="Look at it with ray status; --address names another.",
        ) from error


class _RayHandle(WorkerHandle):
    """An actor with its worker, as the runner has workers.

    Args:
        ray: The package.
        actor: Handle of the actor.
        answers: Gets ``(worker, message)``; the message is ``None`` when the worker has ended.
    """

    def __init__(
        self,
        ray: Any,
        actor: Any,
        answers: SimpleQueue[tuple[WorkerHandle, dict[str, Any] | None]],
    ) -> None:
        self.claim: Claim | None = None
        self.began = time.monotonic()
        self.stage = self.ending = ""
        self.ready = False
        self.bytes = 0
        self._lines: deque[str] = deque(maxlen=20)
        self._ray, self._actor = ray, actor
        self._code = 0
        self._scratch = Path()
        self._thread = threading.Thread(target=self._attend, args=(answers,), daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """A number that no other worker of the runner has."""
        return id(self)

    def begin(self, claim: Claim, scratch: Path, *, job: str, careful: bool, now: float) -> None:
        """Give it a title."""
        self.claim, self.began, self.stage, self.ending = claim, now, "", ""
        self._lines.clear()
        self._scratch = scratch
        name = sha256(str(scratch).encode()).hexdigest()[:32]
        self._actor.begin.remote(claim.number, name=name, job=job, careful=careful)

    def kill(self, why: str) -> None:
        """End it at once; its end is heard with the answers."""
        self.ending = self.ending or why
        with suppress(Exception):
            self._ray.kill(self._actor, no_restart=True)

    def stop(self) -> None:
        """End it, once it has no title."""
        with suppress(Exception):
            self._ray.get(self._actor.close.remote(), timeout=5.0)
        self.kill("stop")

    def wait(self) -> int:
        """Return how its worker ended, once it has."""
        self._thread.join(10.0)
        return self._code

    def _attend(self, answers: SimpleQueue[tuple[WorkerHandle, dict[str, Any] | None]]) -> None:
        """Ask the actor over and over what its worker says."""
        try:
            while True:
                told = self._ray.get(self._actor.hear.remote())
                self.ready = True
                self.bytes = told["bytes"]
                self._lines.clear()
                self._lines.extend(told["lines"])
                for message in told["messages"]:
                    answers.put((self, self._kept(message)))
                if told["code"] is not None:
                    self._code = told["code"]
                    break
        except Exception as error:  # noqa: BLE001 - of Ray: the actor or its node is gone
            self._lines.extend(str(error).splitlines()[:20])
            self.ending = self.ending or ("memory" if "OOM" in str(error) else "node")
        with suppress(Exception):
            self._ray.kill(self._actor, no_restart=True)
        answers.put((self, None))

    def _kept(self, message: dict[str, Any]) -> dict[str, Any]:
        """The message with its files written to the scratch folder of this machine."""
        if "done" not in message:
            return message
        files = []
        self._scratch.mkdir(parents=True, exist_ok=True)
        for number, file in enumerate(message["done"]["files"]):
            path = self._scratch / f"result-{number}"
            path.write_bytes(file["data"])
            plain = {key: value for key, value in file.items() if key != "data"}
            files.append({**plain, "path": str(path)})
        return {**message, "done": {**message["done"], "files": files}}


class _RayRunner(Runner):
    """A runner whose workers are actors."""

    def place(self, ray: Any, cluster: RayOptions) -> _RayRunner:
        """Say where its actors are placed."""
        self._ray = ray
        self._actor = ray.remote(TitleActor).options(
            num_cpus=cluster.cpus,
            num_gpus=cluster.gpus,
            memory=self._options.max_memory or None,
            max_restarts=0,
            max_task_retries=0,
            max_concurrency=4,
        )
        self._placed = time.monotonic()
        return self

    def _free(self, busy: int) -> int:
        """How many actors are placed and have no title; those that are missing are asked for."""
        while len(self._workers) < self._options.workers:
            self._workers.append(self._start())
        ready = sum(worker.ready for worker in self._workers)
        if ready:
            self._placed = time.monotonic()
        elif time.monotonic() - self._placed > _PATIENCE:
            raise EngineError(
                f"The Ray cluster has placed no worker in {_PATIENCE / 60:.0f} minutes.",
                remedy="See ray status; ask for fewer cores or GPUs a worker.",
            )
        return ready - busy

    def _start(self) -> WorkerHandle:
        options = self._options
        actor = self._actor.remote(options.module, options.max_memory)
        return _RayHandle(self._ray, actor, self._answers)

    def _sizes(self, workers: Sequence[WorkerHandle]) -> Mapping[int, int]:
        return {one.pid: one.bytes for one in workers if isinstance(one, _RayHandle)}

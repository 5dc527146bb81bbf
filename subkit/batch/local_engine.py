"""The runner on one machine: claims titles, gives them to workers, publishes what they made."""

from __future__ import annotations

import queue
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from subkit.batch.boot_clock import owner_name
from subkit.batch.delivery import deliver
from subkit.batch.job_data import job_text
from subkit.batch.retry_rules import REMEDIES, RetryOptions, reason_of
from subkit.batch.title_claims import LEASE, LeaseLoss
from subkit.batch.worker_handles import WorkerHandle, ended_as, tree_bytes
from subkit.errors import StoreError, SubkitError
from subkit.interfaces import Silent
from subkit.store.publication import write_failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from subkit.batch.batch_ledger import BatchLedger
    from subkit.batch.title_claims import Claim
    from subkit.interfaces import Progress

__all__ = ["LocalOptions", "Runner", "batch_folder", "run_local"]

_TICK = 0.2
_RENEWAL = LEASE / 4
_WATCH = 1.0
_WORKER = "subkit.batch.title_worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalOptions:
    """How a batch is run on one machine.

    Attributes:
        workers: Titles at the same time, each in a process of its own.
        max_memory: Bytes that a worker may take with all that it starts; 0 for no limit.
        max_time: Times the duration of its media that a title may take, beside ten minutes.
        min_free: Bytes that must be free where results go; below, nothing is begun.
        retries: When a title that failed is tried again.
        scratch: Folder for titles in work, on a disk of this machine; without it one in the output
            folder.
        module: Module whose ``main`` does titles.
    """

    workers: int = 1
    max_memory: int = 0
    max_time: float = 20.0
    min_free: int = 1 << 30
    retries: RetryOptions = field(default_factory=RetryOptions)
    scratch: Path | None = None
    module: str = _WORKER


def batch_folder(folder: Path) -> Path:
    """Return where a batch keeps its ledger and its scratch files: hidden in its results."""
    return folder / ".subkit-batch"


def run_local(
    ledger: BatchLedger,
    folder: Path,
    options: LocalOptions,
    *,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Do the titles of a ledger until none is left, here or with another runner.

    Args:
        ledger: Which titles, and what became of them.
        folder: The output folder.
        options: How.
        progress: Hears of seconds of media done, and of each failure.

    Returns:
        How many titles are in each state.

    Raises:
        StoreError: the ledger or the disk gives out; titles that were begun are given back.
        EngineError: no worker can be started.
    """
    return Runner(ledger, folder, options, progress or Silent()).run()


class Runner:
    """One runner of a batch; other engines differ in how a worker is started."""

    def __init__(
        self, ledger: BatchLedger, folder: Path, options: LocalOptions, progress: Progress
    ) -> None:
        self._ledger = ledger
        self._folder = folder
        self._options = options
        self._progress = progress
        self._owner = owner_name()
        self._answers: queue.SimpleQueue[tuple[WorkerHandle, dict[str, Any] | None]] = (
            queue.SimpleQueue()
        )
        self._workers: list[WorkerHandle] = []
        self._held: list[Claim] = []  # wait until they can run alone
        self._due: dict[str, float] = {"renew": 0.0, "watch": 0.0, "claim": 0.0}
        self._done_seconds = 0.0
        self._scratch = batch_folder(folder) / "work"
        if options.scratch is not None:  # batches may share it
            self._scratch = options.scratch / sha256(str(folder).encode()).hexdigest()[:16]
        self._drafts = batch_folder(folder) / "drafts"

    def run(self) -> dict[str, int]:
        """Do titles until none is left; return how many are in each state."""
        try:
            self._run()
        finally:
            self._close()
        return self._ledger.counts()

    def _run(self) -> None:
        try:
            self._scratch.mkdir(parents=True, exist_ok=True)
            self._drafts.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_failure(self._scratch, error) from error
        total, self._done_seconds = self._ledger.media_seconds()
        self._progress.begin("batch", total, "s")
        keep = getattr(self._progress, "keep", None)
        if keep is not None:
            keep("batch", self._done_seconds)
        while self._turn():
            pass
        self._progress.end("batch")
        self._sweep()

    def _sweep(self) -> None:
        """Remove what runners that were killed have left, once no title is in anybody's hands."""
        counts = self._ledger.counts()
        if counts["waiting"] or counts["running"] or counts["delayed"]:
            return
        left = {path.name for path in self._scratch.iterdir()}
        for title in self._ledger.done_ids() if left else ():
            scratch = self._scratch_of(title)
            if scratch.name in left:
                shutil.rmtree(scratch, ignore_errors=True)
        for draft in self._drafts.glob("*.part"):
            draft.unlink(missing_ok=True)

    def _scratch_of(self, title: str) -> Path:
        return self._scratch / sha256(title.encode()).hexdigest()[:32]

    def _close(self) -> None:
        """End the workers; what they had is given back."""
        given_back = [*self._held, *(w.claim for w in self._workers if w.claim is not None)]
        for worker in self._workers:
            if worker.claim is None:
                worker.stop()
            else:
                worker.kill("stop")
        for worker in self._workers:
            worker.wait()
        with suppress(SubkitError):  # the ledger may be what has failed: leases end by themselves
            self._ledger.release(given_back)

    def _turn(self) -> bool:
        """Do what is due; whether there is anything left to do."""
        moment = time.monotonic()
        if self._is_due("renew", moment, _RENEWAL):
            self._renew()
        if self._is_due("watch", moment, _WATCH):
            self._watch(moment)
        if not self._begin_titles(moment):
            return False
        with suppress(queue.Empty):
            self._hear(*self._answers.get(timeout=_TICK))
            while True:
                self._hear(*self._answers.get_nowait())
        return True

    def _is_due(self, what: str, moment: float, every: float) -> bool:
        if moment < self._due[what]:
            return False
        self._due[what] = moment + every
        return True

    def _begin_titles(self, moment: float) -> bool:
        """Give titles to workers that have none; whether the batch goes on."""
        busy = [worker for worker in self._workers if worker.claim is not None]
        free = self._free(len(busy))
        if self._held:  # one of them runs when nothing else does, and nothing beside it
            if not busy:
                self._begin(self._held.pop(0), careful=True)
            return True
        if any(worker.claim and self._is_careful(worker.claim) for worker in busy):
            return True
        if free < 1 or moment < self._due["claim"]:
            return True
        self._require_room()
        claims = self._ledger.claim(self._owner, free)
        for claim in claims:
            if self._is_careful(claim):
                self._held.append(claim)
            else:
                self._begin(claim, careful=False)
        if claims or busy or self._held:
            return True
        self._due["claim"] = moment + 1.0  # others may have titles that come back
        counts = self._ledger.counts()
        if self._ledger.mode() == "drain":
            return False
        return bool(counts["waiting"] + counts["delayed"] + counts["running"])

    def _is_careful(self, claim: Claim) -> bool:
        return claim.kills >= self._options.retries.max_kills - 1

    def _begin(self, claim: Claim, *, careful: bool) -> None:
        worker = next((one for one in self._workers if one.claim is None and one.ready), None)
        if worker is None:
            worker = self._start()
            self._workers.append(worker)
        worker.begin(
            claim,
            self._scratch_of(claim.job.id),
            job=job_text(claim.job),
            careful=careful,
            now=time.monotonic(),
        )

    def _free(self, busy: int) -> int:
        """How many titles can be begun now."""
        return self._options.workers - busy

    def _start(self) -> WorkerHandle:
        """Start a worker."""
        return WorkerHandle(self._options.module, self._options.max_memory, self._answers)

    def _sizes(self, workers: Sequence[WorkerHandle]) -> Mapping[int, int]:
        """Bytes of memory that workers take, with what they have started, by process id."""
        return tree_bytes({worker.pid for worker in workers})

    def _require_room(self) -> None:
        free = shutil.disk_usage(self._folder).free
        if free < self._options.min_free:
            raise StoreError(
                f"The disk of {str(self._folder)!r} has {free >> 20} MiB left: nothing more is "
                "begun.",
                remedy="Make room, then run the same command to go on.",
            )

    def _renew(self) -> None:
        mine = {w.claim.number: w for w in self._workers if w.claim is not None}
        claims = [*self._held, *(w.claim for w in mine.values() if w.claim is not None)]
        for lost in self._ledger.renew(claims) if claims else []:
            self._held = [claim for claim in self._held if claim.number != lost.number]
            if lost.number in mine:
                mine[lost.number].kill("lost")

    def _watch(self, moment: float) -> None:
        """End workers whose title takes too long or too much memory."""
        busy = [worker for worker in self._workers if worker.claim is not None]
        sizes = self._sizes(busy) if self._options.max_memory and busy else {}
        for worker in busy:
            assert worker.claim is not None
            duration = float(worker.claim.facts.get("duration", 0.0))
            if moment - worker.began > 600 + self._options.max_time * duration:
                worker.kill("time")
            if sizes.get(worker.pid, 0) > self._options.max_memory > 0:
                worker.kill("memory")

    def _hear(self, worker: WorkerHandle, message: dict[str, Any] | None) -> None:
        claim = worker.claim
        if message is None:
            self._workers.remove(worker)
            code = worker.wait()
            if claim is not None:
                self._ended(worker, claim, code)
            return
        if claim is None or message.get("number") != claim.number:
            return
        if "stage" in message:
            worker.stage = str(message["stage"])
        elif "failed" in message:
            worker.claim = None
            facts = {**message["failed"]}
            self._fail(claim, {**facts, "lines": facts.get("lines") or worker.lines})
        elif "done" in message:
            worker.claim = None
            self._publish(claim, message, worker)

    def _publish(self, claim: Claim, message: Mapping[str, Any], worker: WorkerHandle) -> None:
        made = dict(message["done"])
        files = made.pop("files")
        try:
            deliver(self._ledger, claim, self._folder, files, self._drafts)
            result = {**made, "notes": message.get("warnings", [])}
            self._ledger.finish(claim, result, message.get("stages", {}))
        except LeaseLoss:
            return
        except StoreError as error:
            facts = {"reason": reason_of(error), "kind": error.kind, "message": error.message}
            self._fail(claim, {**facts, "remedy": error.remedy, "lines": worker.lines})
            return
        shutil.rmtree(self._scratch_of(claim.job.id), ignore_errors=True)
        self._done_seconds += float(claim.facts.get("duration", 0.0))
        self._progress.advance("batch", self._done_seconds)

    def _ended(self, worker: WorkerHandle, claim: Claim, code: int) -> None:
        """A worker has ended in the midst of a title."""
        if worker.ending in {"lost", "stop"}:
            return
        stage = f" at {worker.stage}" if worker.stage else ""
        reason = worker.ending or "killed"
        message = {
            "time": f"It took longer than {self._options.max_time:g} times its duration{stage}.",
            "memory": f"It took more than {self._options.max_memory >> 20} MiB{stage}.",
            "node": f"The worker or its node was lost{stage}.",
        }.get(reason, f"Its worker ended{stage}: {ended_as(code)}.")
        facts = {"reason": reason, "kind": "EngineError", "message": message}
        self._fail(claim, {**facts, "lines": worker.lines}, killed=reason in {"killed", "memory"})

    def _fail(self, claim: Claim, failure: Mapping[str, Any], *, killed: bool = False) -> None:
        reason = str(failure["reason"])
        killed = killed or reason == "memory"
        delay = self._options.retries.delay(
            reason, attempts=claim.attempts, kills=claim.kills + int(killed)
        )
        told = {**failure, "remedy": failure.get("remedy") or REMEDIES.get(reason, "")}
        with suppress(LeaseLoss):
            self._ledger.fail(claim, told, delay=delay, killed=killed)
            again = "quarantined" if delay is None else f"again in {delay:g} s"
            self._progress.warn(f"{claim.job.id}: {told['message']} ({again})")

"""The actor of the Ray engine: keeps one worker process on its node, and passes on what it says.

The models are in the worker, not in the actor: so limits, last words and results are those of the
local engine. The worker ends when the actor does. Nothing here needs Ray.
"""

from __future__ import annotations

import os
import queue
import shutil
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from subkit.batch.worker_handles import WorkerHandle, tree_bytes
from subkit.errors import EngineError, StoreError

__all__ = ["TitleActor"]

_WAIT = 1.0


class TitleActor:
    """A worker process on this node.

    Args:
        module: Name of the module whose ``main`` does titles.
        limit: Bytes that each of its processes may take; 0 for no limit.
    """

    def __init__(self, module: str, limit: int) -> None:
        os.environ.pop("OMP_NUM_THREADS", None)  # Ray sets it; the engine counts its own threads
        self._answers: queue.SimpleQueue[tuple[WorkerHandle, dict[str, Any] | None]] = (
            queue.SimpleQueue()
        )
        self._scratch: Path | None = None
        self._finished = False
        self._began: queue.SimpleQueue[WorkerHandle | EngineError] = queue.SimpleQueue()
        # A thread of its own: the worker ends when the thread that started it does.
        threading.Thread(target=self._host, args=(module, limit), daemon=True).start()
        worker = self._began.get()
        if isinstance(worker, EngineError):
            raise worker
        self._worker = worker

    def _host(self, module: str, limit: int) -> None:
        try:
            worker = WorkerHandle(module, limit, self._answers)
        except EngineError as error:
            self._began.put(error)
            return
        self._began.put(worker)
        worker.wait()

    def begin(self, number: int, *, name: str, job: str, careful: bool) -> None:
        """Give the worker a title; ``name`` is that of its scratch folder on this node."""
        scratch = _scratch_root() / name
        if self._finished and self._scratch not in {None, scratch}:
            shutil.rmtree(self._scratch or "", ignore_errors=True)
        self._scratch, self._finished = scratch, False
        self._worker.clear()
        self._worker.send(
            {"number": number, "job": job, "scratch": str(scratch), "careful": careful}
        )

    def hear(self) -> dict[str, Any]:
        """Return what the worker has said, after a second at the latest.

        Returns:
            ``messages``, whose results hold the bytes of their files; ``code`` if the worker has
            ended, else ``None``; its last ``lines``; and the ``bytes`` of memory that it takes.
        """
        messages: list[dict[str, Any]] = []
        code = None
        with suppress(queue.Empty):
            _, message = self._answers.get(timeout=_WAIT)
            while True:
                if message is None:
                    code = self._worker.wait()
                    break
                messages.append(self._carried(message))
                _, message = self._answers.get_nowait()
        sizes = tree_bytes({self._worker.pid})
        return {
            "messages": messages,
            "code": code,
            "lines": self._worker.lines,
            "bytes": sizes.get(self._worker.pid, 0),
        }

    def kill(self) -> None:
        """End the worker at once; its end is heard."""
        self._worker.kill("stop")

    def close(self) -> None:
        """End the worker, and remove what it needs no more."""
        self._worker.kill("stop")
        if self._finished and self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _carried(self, message: dict[str, Any]) -> dict[str, Any]:
        if "done" not in message:
            return message
        self._finished = True
        files = [
            {**file, "data": Path(file["path"]).read_bytes()} for file in message["done"]["files"]
        ]
        return {**message, "done": {**message["done"], "files": files}}


def _scratch_root() -> Path:
    """The folder for titles on this node, which only this user can read.

    Raises:
        StoreError: somebody else has made it.
    """
    root = Path(tempfile.gettempdir()) / f"subkit-batch-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    found = root.lstat()
    if root.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise StoreError(
            f"{str(root)!r} is not a folder of this user alone.",
            remedy="Remove it, or set TMPDIR on the nodes.",
        )
    return root

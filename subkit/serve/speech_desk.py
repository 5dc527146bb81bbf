"""The desk of the server: what every request passes, from its place in the queue to its answer."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.serve.hearing import RequestProgress, SpeechAnswer, StoppedError, hear
from subkit.serve.kept_projects import KeptProjects
from subkit.serve.scratch import Scratch
from subkit.serve.serve_errors import ServeError
from subkit.serve.work_queue import WorkQueue

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request as WebRequest

    from subkit.calls import Engines
    from subkit.serve.serve_options import ServeOptions
    from subkit.serve.speech_requests import SpeechRequest
    from subkit.serve.uploads import Upload

__all__ = ["SpeechDesk"]

_POLL = 0.5
"""Seconds between two looks whether the client is still there."""


class SpeechDesk:
    """What a running server has: options, queue and scratch.

    Args:
        options: Of the server.

    Raises:
        StoreError: scratch or the folder of kept projects cannot be made.
    """

    def __init__(self, options: ServeOptions) -> None:
        self.options = options
        self.scratch = Scratch(options.scratch_folder, options.max_scratch)
        self.queue = WorkQueue(options.max_waiting, options.idle_seconds)
        self.kept = None
        if options.keep is not None:
            self.kept = KeptProjects(options.keep, self.scratch.folder)

    @property
    def model(self) -> str:
        """Name of the model that is served."""
        named = self.options.run.model
        return "default" if named is None else Path(named).name

    @property
    def model_names(self) -> tuple[str, ...]:
        """Names that clients may ask for; OpenAI's clients know ``whisper-1``."""
        return tuple(dict.fromkeys((self.model, "whisper-1")))

    def close(self) -> None:
        """Stop after the work in hand, unload the models and remove the uploads."""
        self.queue.close()
        self.scratch.close()

    def start(
        self, upload: Upload, request: SpeechRequest, tell: Callable[[str], None] | None = None
    ) -> QueuedRequest:
        """Put a file into the queue."""
        progress = RequestProgress(tell)
        work = partial(self._work, upload, request, progress)
        return QueuedRequest(asyncio.wrap_future(self.queue.submit(work)), progress)

    def _work(
        self, upload: Upload, request: SpeechRequest, progress: RequestProgress, engines: Engines
    ) -> tuple[SpeechAnswer, str]:
        if progress.stopped.is_set():
            raise StoppedError
        with ExitStack() as stack:
            kept = ""
            if self.kept is not None and request.keep:
                kept = stack.enter_context(self.kept.place(upload))
            heard = hear(
                upload.path,
                request,
                self.options.run,
                engines,
                max_seconds=self.options.max_media_seconds,
                progress=progress,
            )
        return heard, kept if heard.project is not None else ""


class QueuedRequest:
    """Work in the queue that a client waits for."""

    def __init__(self, done: asyncio.Future[Any], progress: RequestProgress) -> None:
        self._done, self._progress = done, progress

    async def result(self, web: WebRequest | None = None) -> tuple[SpeechAnswer, str]:
        """Wait for what was heard, and the name of the project that was kept.

        Raises:
            ServeError: the client has gone, or the server stops.
            SubkitError: the work failed.
        """
        try:
            while not self._done.done():
                await asyncio.wait({self._done}, timeout=_POLL)
                if web is not None and await web.is_disconnected():
                    self._progress.stopped.set()
            found: tuple[SpeechAnswer, str] = await self._done
        except StoppedError as error:
            raise ServeError("The client has gone.", status=499) from error
        except asyncio.CancelledError as error:
            if self._done.cancelled():
                raise ServeError("The server is stopping.", status=503) from error
            raise
        finally:
            await self.settled()
        return found

    @property
    def done(self) -> bool:
        """Whether there is a result, or a failure."""
        return self._done.done()

    async def settled(self) -> None:
        """Stop the work if it goes on, and return when nothing reads its files any more."""
        self._progress.stopped.set()
        while not self._done.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({self._done})
        if not self._done.cancelled():
            self._done.exception()  # it was looked at

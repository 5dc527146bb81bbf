"""Recognition in a separate process: fast, and without loss if the engine crashes."""

from __future__ import annotations

import logging
import threading
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from subkit.decode.counts import Counts
from subkit.decode.features import ZEROS
from subkit.decode.messages import error_from_plain, texts_to_plain, titles_to_plain
from subkit.decode.process import WorkerDied, WorkerProcess, can_isolate, widest_kernels
from subkit.decode.recognizer import TitleWindows, WhisperRecognizer, of_one_title
from subkit.decode.window_language import Verdict
from subkit.errors import EngineError
from subkit.interfaces import WindowResult
from subkit.model import Word, from_plain, to_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from subkit.decode.options import RecognitionOptions
    from subkit.interfaces import ModelFacts, SpeechWindow, SpokenText

__all__ = ["Engine"]

_log = logging.getLogger(__name__)

_RESTARTS = 2
"""Times in a row that the worker is started again without one more window done."""

_SMALLER = "Use a smaller batch size, compute type or model, or give the machine more memory."


class Engine:
    """A Whisper model in a worker process.

    A worker that crashes or is killed is started again, and only windows it had not finished are
    decoded again, with half the batch if it was killed; the second time one by one. Calls from
    several threads wait for each other. Where there can be no worker process (Windows, frozen
    programs) the model is in this process.

    Args:
        model: What is known of it; it is loaded from ``model.directory``, never from the network.
        options: How to recognise.
        isolate: ``False`` keeps the model in this process.

    Raises:
        ModelNotFound: the directory is missing, incomplete, or of another engine.
        EngineError: the model is broken, or the process cannot be started.
        DeviceError: the device or compute type is not there.
        PlanError: the model does not know the language, or cannot translate.
    """

    def __init__(
        self, model: ModelFacts, options: RecognitionOptions, *, isolate: bool = True
    ) -> None:
        self._facts = model
        self._options = options
        self._lock = threading.Lock()
        self._counts = Counts()
        self._local: WhisperRecognizer | None = None
        self._worker: WorkerProcess | None = None
        self._finalizer: weakref.finalize[..., Engine] | None = None
        if isolate and can_isolate():
            self._mode = self._start()
            _log.info("model %s decodes in %s mode", model.name, self._mode)
        else:
            self._local = WhisperRecognizer(model, options)
            self._mode = self._local.mode

    def __enter__(self) -> Engine:  # noqa: PYI034 - typing.Self came with Python 3.11
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def model(self) -> ModelFacts:
        """The model in use."""
        return self._facts

    @property
    def mode(self) -> str:
        """``"exact"`` or ``"fast"``: what was chosen."""
        return self._mode

    @property
    def counts(self) -> Counts:
        """What the work came to since the engine was started, the last time if it crashed."""
        return self._counts if self._local is None else self._local.counts

    @property
    def pid(self) -> int | None:
        """Of the worker process; ``None`` where there is none now."""
        return None if self._worker is None else self._worker.pid

    def recognize(
        self,
        windows: Sequence[SpeechWindow],
        *,
        prior: str | None = None,
        finished: Callable[[int, WindowResult], None] | None = None,
    ) -> list[WindowResult]:
        """The words of each window, in the order given.

        Args:
            windows: In the order of the programme.
            prior: BCP 47 language of the last sure window before these, if there is one.
            finished: Called with the number and the result of each window as soon as it is done, in
                no order.

        Raises:
            EngineError: the engine failed; only what ``finished`` was told may be used.
        """
        return self.recognize_titles(
            [TitleWindows(windows=windows, prior=prior)], finished=of_one_title(finished)
        )[0]

    def recognize_titles(
        self,
        titles: Sequence[TitleWindows],
        *,
        finished: Callable[[int, int, WindowResult], None] | None = None,
    ) -> list[list[WindowResult]]:
        """The words of each window of several titles, decoded in common batches.

        Args:
            titles: What to decode; languages of doubtful windows are decided inside each title.
            finished: Called with the number of the title, that of the window in it, and the result,
                as soon as a window is done; in no order.

        Raises:
            EngineError: the engine failed; names the time.
        """
        if self._local is not None:
            with self._lock:
                return self._local.recognize_titles(titles, finished=finished)
        with self._lock:
            call = _Call(titles, finished)
            try:
                self._work_off(call)
            except WorkerDied as death:
                self._stop(gently=False)
                raise EngineError(
                    f"The engine process ended again and again at {call.place()}: {death}.",
                    remedy=_SMALLER,
                ) from death
            except BaseException:
                # Also Ctrl-C: what the worker would still answer belongs to no one.
                self._stop(gently=False)
                raise
            return call.results()

    def align(self, asked: Sequence[SpokenText]) -> list[tuple[Word, ...]]:
        """The words of each text with their times; see :class:`subkit.interfaces.Aligner`.

        Raises:
            EngineError: the engine failed, the second time if it crashed.
        """
        if self._local is not None:
            with self._lock:
                return self._local.align(asked)
        with self._lock:
            try:
                try:
                    return self._ask_for_times(asked)
                except WorkerDied as death:
                    self._stop(gently=False)
                    _log.warning("the engine process ended (%s); it is started again", death)
                    return self._ask_for_times(asked)
            except WorkerDied as death:
                self._stop(gently=False)
                raise EngineError(
                    f"The engine process ended again and again: {death}.", remedy=_SMALLER
                ) from death
            except BaseException:
                self._stop(gently=False)
                raise

    def close(self) -> None:
        """End the worker; the engine may be used again and starts another."""
        with self._lock:
            self._stop(gently=True)

    def _work_off(self, call: _Call) -> None:
        """Ask the worker until all windows are done.

        Raises:
            WorkerDied: too often in a row.
        """
        crashes = 0
        while call.left():
            before = call.left()
            alone = crashes >= _RESTARTS
            try:
                if self._worker is None:
                    self._start()
                self._ask(call, alone=alone)
            except WorkerDied as death:
                self._stop(gently=False)
                crashes = crashes + 1 if call.left() == before else min(1, crashes)
                if crashes > _RESTARTS:
                    raise
                if death.killed and self._options.batch_size > 1:
                    smaller = max(1, self._options.batch_size // 2)
                    self._options = replace(self._options, batch_size=smaller)
                _log.warning(
                    "the engine process ended (%s); it is started again, %d windows are left",
                    death,
                    call.left(),
                )

    def _ask(self, call: _Call, *, alone: bool) -> None:
        """One request: all windows that are left, or one of them.

        Raises:
            WorkerDied: on the way; what it had finished is kept.
        """
        worker = self._worker
        assert worker is not None
        asked, places = call.ask(1 if alone else None)
        self._send(lambda: {"titles": titles_to_plain(asked, worker.audio)})
        while True:
            message = worker.receive()
            if "done" in message:
                title, index, result = message["done"]
                call.take(places[title][index], from_plain(WindowResult, result))
            elif "settled" in message:
                call.settle(places, message["settled"])
            elif "error" in message:
                raise error_from_plain(message["error"])
            else:
                self._counts = Counts(**message["end"])
                return

    def _send(self, request: Callable[[], dict[str, Any]]) -> None:
        """Send what is made of audio in shared memory.

        Raises:
            EngineError: there is no memory for the audio.
        """
        assert self._worker is not None
        try:
            self._worker.send(request())
        except BrokenPipeError:
            _log.debug("the worker is gone: reading tells how")
        except OSError as error:
            raise EngineError(
                f"There is no memory to hand audio to the engine process: {error.strerror}.",
                remedy=_SMALLER,
            ) from error

    def _ask_for_times(self, asked: Sequence[SpokenText]) -> list[tuple[Word, ...]]:
        """One request for the times of known texts.

        Raises:
            WorkerDied: on the way.
        """
        if self._worker is None:
            self._start()
        assert self._worker is not None
        audio = self._worker.audio
        self._send(lambda: {"texts": texts_to_plain(asked, audio)})
        message = self._worker.receive()
        if "error" in message:
            raise error_from_plain(message["error"])
        return [tuple(from_plain(Word, word) for word in words) for words in message["aligned"]]

    def _start(self) -> str:
        """Start a worker and wait until the model is loaded; returns the mode.

        Raises:
            EngineError: it cannot be started, or the model cannot be loaded.
        """
        # Other kernels round differently: whoever compares wants those that faster-whisper uses.
        worker = WorkerProcess(
            {"model": to_plain(self._facts), "options": to_plain(self._options)},
            cpu="" if self._options.padding == ZEROS else widest_kernels(),
        )
        try:
            message = worker.receive()
        except WorkerDied as death:
            worker.stop(gently=False)
            raise EngineError(
                f"The engine process ended while {self._facts.name!r} was loaded: {death}.",
                remedy=_SMALLER,
            ) from death
        except BaseException:
            worker.stop(gently=False)
            raise
        if "error" in message:
            worker.stop()
            raise error_from_plain(message["error"])
        self._worker = worker
        self._finalizer = weakref.finalize(self, worker.stop)
        return str(message["ready"])

    def _stop(self, *, gently: bool) -> None:
        worker, self._worker = self._worker, None
        if self._finalizer is not None:
            self._finalizer.detach()
            self._finalizer = None
        if worker is not None:
            worker.stop(gently=gently)


class _Call:
    """The windows of a call: which are done, and the languages settled so far."""

    def __init__(
        self,
        titles: Sequence[TitleWindows],
        finished: Callable[[int, int, WindowResult], None] | None,
    ) -> None:
        self._titles = titles
        self._finished = finished
        self._found: list[list[WindowResult | None]] = [[None] * len(t.windows) for t in titles]
        self._verdicts = [list(title.verdicts) for title in titles]

    def left(self) -> int:
        """Windows not done."""
        return sum(result is None for found in self._found for result in found)

    def ask(self, most: int | None) -> tuple[list[TitleWindows], list[list[tuple[int, int]]]]:
        """Up to ``most`` windows that are left, and where each belongs."""
        asked, places = [], []
        for number, title in enumerate(self._titles):
            missing = [i for i, result in enumerate(self._found[number]) if result is None]
            missing = missing if most is None else missing[:most]
            if not missing:
                continue
            most = None if most is None else most - len(missing)
            verdicts = self._verdicts[number]
            asked.append(
                replace(
                    title,
                    windows=[title.windows[i] for i in missing],
                    verdicts=[verdicts[i] for i in missing] if verdicts else (),
                )
            )
            places.append([(number, i) for i in missing])
        return asked, places

    def settle(self, places: list[list[tuple[int, int]]], verdicts: list[list[Any]]) -> None:
        """Remember the languages given for all windows of a title."""
        for mine, told in zip(places, verdicts, strict=True):
            number = mine[0][0]
            if len(mine) == len(self._titles[number].windows):
                self._verdicts[number] = [from_plain(Verdict, one) for one in told]

    def take(self, place: tuple[int, int], result: WindowResult) -> None:
        """Keep a result, and tell who waits for it."""
        self._found[place[0]][place[1]] = result
        if self._finished is not None:
            self._finished(*place, result)

    def place(self) -> str:
        """The time of the first window that is left, for an error."""
        for title, found in zip(self._titles, self._found, strict=True):
            for window, result in zip(title.windows, found, strict=True):
                if result is None:
                    span = window.span
                    name = f" of {title.title}" if title.title else ""
                    return f"{float(span.start):.3f} to {float(span.end):.3f} s{name}"
        return "the end"

    def results(self) -> list[list[WindowResult]]:
        """Of all windows, in order."""
        return [[result for result in found if result is not None] for found in self._found]

"""Measure which numbers of threads, replicas and windows are fastest on this machine.

The answer is kept in a folder of the caller, one small file for each machine, model and way of
decoding. Nothing in it changes a result, only the speed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from subkit.decode.engine import Engine
from subkit.decode.facts import available_cores, engine_facts
from subkit.decode.modes import choose_mode
from subkit.errors import DeviceError, SchemaError, StoreError
from subkit.interfaces import SpeechWindow
from subkit.model import Span, from_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.decode.options import RecognitionOptions
    from subkit.interfaces import ModelFacts, WindowResult

__all__ = ["Calibration", "calibrate", "candidates", "find_calibration"]

_SAMPLE_RATE = 16_000
_VERSION = 2

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What to use, and how fast it was.

    Attributes:
        threads: Of each replica on the CPU.
        replicas: Batches at the same time.
        batch_size: Windows in a batch.
        speed: Seconds of audio in a second of the trial.
    """

    threads: int
    replicas: int
    batch_size: int
    speed: float = 0.0

    def applied(self, options: RecognitionOptions) -> RecognitionOptions:
        """``options`` with these numbers."""
        return replace(
            options, threads=self.threads, replicas=self.replicas, batch_size=self.batch_size
        )


class _Recognizer(Protocol):
    def recognize(self, windows: Sequence[SpeechWindow]) -> list[WindowResult]: ...

    def close(self) -> None: ...


def calibrate(
    model: ModelFacts,
    options: RecognitionOptions,
    folder: Path,
    *,
    windows: Sequence[SpeechWindow] = (),
    anew: bool = False,
    tried: Callable[[Calibration], object] | None = None,
    make: Callable[[ModelFacts, RecognitionOptions], _Recognizer] = Engine,
    clock: Callable[[], float] = time.perf_counter,
) -> Calibration:
    """The fastest of some settings, from the file in ``folder`` or by a short run of each.

    Args:
        model: The model.
        options: How it will be used.
        folder: Of the files; made if it is not there.
        windows: Some of what will be decoded, best one batch or two of speech. Without, made-up
            sound is decoded, which weighs the encoder more than the decoder.
        anew: Try again even where an answer is kept.
        tried: Hears of each trial.
        make: Starts a recogniser.
        clock: Seconds.

    Raises:
        EngineError: the model or the device cannot be used at all.
        StoreError: the file cannot be written.
    """
    path = _path(model, options, folder)
    known = None if anew else _recall(path)
    if known is not None:
        return known
    device = options.device
    if device == "auto":
        device = next(iter(engine_facts().devices), "cpu")
    given = list(windows) or [_made_up(model.window_seconds)]
    best: Calibration | None = None
    fault: DeviceError | None = None
    for candidate in candidates(device, available_cores(), options):
        try:
            speed = _try(candidate, make(model, candidate.applied(options)), given, clock)
        except DeviceError as error:  # more memory than there is
            fault = error
            continue
        trial = replace(candidate, speed=speed)
        _log.info("%s", trial)
        if tried is not None:
            tried(trial)
        if best is None or trial.speed > best.speed:
            best = trial
    if best is None:
        assert fault is not None
        raise fault
    _remember(path, best)
    return best


def find_calibration(
    model: ModelFacts, options: RecognitionOptions, folder: Path
) -> Calibration | None:
    """What :func:`calibrate` kept in ``folder`` for this machine, model and way of decoding."""
    if not folder.is_dir():
        return None
    return _recall(_path(model, options, folder))


def candidates(device: str, cores: int, options: RecognitionOptions) -> list[Calibration]:
    """What is worth a trial.

    On the CPU all cores in one replica or shared between two or more, eight windows a batch: more
    gains nothing there. On CUDA larger batches, and two replicas.
    """
    if device != "cpu":
        return [
            Calibration(threads=options.threads, replicas=replicas, batch_size=size)
            for size in (16, 32, 64)
            for replicas in (1, 2)
        ]
    shares = sorted({1, *(n for n in (2, 4) if cores // n >= 2), *([cores] if cores <= 4 else [])})
    return [
        Calibration(threads=max(1, cores // replicas), replicas=replicas, batch_size=8)
        for replicas in shares
    ]


def _try(
    candidate: Calibration,
    recognizer: _Recognizer,
    given: Sequence[SpeechWindow],
    clock: Callable[[], float],
) -> float:
    """Seconds of audio a second, after a run that is not counted."""
    count = candidate.batch_size * candidate.replicas
    batch = [replace(given[i % len(given)], index=i) for i in range(count)]
    try:
        recognizer.recognize(batch[: candidate.replicas])
        began = clock()
        recognizer.recognize(batch)
        took = clock() - began
    finally:
        recognizer.close()
    return sum(float(window.span.duration) for window in batch) / max(took, 1e-9)


def _made_up(seconds: float) -> SpeechWindow:
    """Noise that comes and goes four times a second, as syllables do."""
    import numpy as np

    count = int(seconds * _SAMPLE_RATE)
    noise = np.random.default_rng(0).standard_normal(count)
    loudness = np.sin(np.arange(count) * (np.pi * 4 / _SAMPLE_RATE)) ** 2
    return SpeechWindow(
        index=0,
        span=Span(Fraction(0), Fraction(count, _SAMPLE_RATE)),
        samples=(noise * loudness * 0.1).astype(np.float32),
        digest="",
    )


def _path(model: ModelFacts, options: RecognitionOptions, folder: Path) -> Path:
    return folder / f"calibration-{_key(model, options)}.json"


def _key(model: ModelFacts, options: RecognitionOptions) -> str:
    """Over all that the answer may depend on."""
    facts = engine_facts()
    parts: list[Any] = [
        _VERSION,
        platform.node(),
        platform.machine(),
        platform.processor(),
        available_cores(),
        facts.versions,
        facts.cuda_devices,
        model.digest,
        choose_mode(model, options),
        options.device,
        options.device_index,
        options.compute_type,
        options.beam_size,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _recall(path: Path) -> Calibration | None:
    """Return the saved calibration, or ``None`` if it is damaged."""
    with suppress(OSError, ValueError, RecursionError, SchemaError):
        data = json.loads(path.read_text(encoding="utf-8"))
        found = from_plain(Calibration, data)
        if min(found.threads + 1, found.replicas, found.batch_size) >= 1:
            return found
    return None


def _remember(path: Path, best: Calibration) -> None:
    """Write under another name, then rename: another process may do the same now."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f"{path.stem}-", delete=False
        ) as file:
            file.write(json.dumps(asdict(best)))
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    except OSError as error:
        raise StoreError(
            f"{str(path)!r} cannot be written: {error.strerror}.",
            remedy="Name another folder.",
        ) from error

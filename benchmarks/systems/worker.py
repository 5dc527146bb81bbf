"""What every system's script does: load, warm up, do the job, and tell what it took.

Standard library only: it runs inside each peer's own environment.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Word = tuple[float, float, str] | tuple[float, float, str, float]
    """In-time, out-time, text with the space before it, and how sure, where a system says so."""
    Job = dict[str, Any]
    Transcribe = Callable[[str], list[Word]]
    TranslateCues = Callable[[Job], dict[str, str]]

__all__ = ["Stages", "descendants", "serve", "serve_cues", "versions_of"]

_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Stages:
    """Seconds spent in each stage; a stage inside another counts for itself alone.

    Stages of several threads add up, so that all together may be more than the time that passed.

    Attributes:
        seconds: By stage.
        counts: Gives what the system itself counts, by name.
        work: What CTranslate2 did: windows and positions encoded, their squares (attention grows
            with them), and tokens given.
        together: Transcribes several files in common batches, if the system can.
        voice: By path, where the system detected a voice: seconds.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.counts: Callable[[], dict[str, int]] = dict
        self.work: dict[str, int] = defaultdict(int)
        self.together: Callable[[list[str]], list[list[Word]]] | None = None
        self.voice: dict[str, list[tuple[float, float]]] = {}
        self._threads = threading.local()

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of the block for ``name``."""
        inner: list[float] = self._threads.__dict__.setdefault("inner", [])
        began = time.perf_counter()
        inner.append(0.0)
        try:
            yield
        finally:
            took = time.perf_counter() - began
            self.seconds[name] += took - inner.pop()
            if inner:
                inner[-1] += took

    def watch(self, owner: Any, attribute: str, name: str) -> None:
        """Count the time of every call of a function or method for stage ``name``."""
        inner = getattr(owner, attribute)

        def call(*args: Any, **options: Any) -> Any:
            with self.stage(name):
                return inner(*args, **options)

        setattr(owner, attribute, call)

    def watched(self, items: Iterable[Any], name: str) -> Iterator[Any]:
        """The items, counting for stage ``name`` the time that getting them takes."""
        source = iter(items)
        while True:
            with self.stage(name):
                try:
                    item = next(source)
                except StopIteration:
                    return
            yield item

    def watch_ctranslate2(self) -> None:
        """Count the calls of CTranslate2's Whisper in this process, and what they do."""
        import ctranslate2

        whisper = ctranslate2.models.Whisper
        encode, generate = whisper.encode, whisper.generate

        def counted_encode(model: Any, features: Any, *args: Any, **options: Any) -> Any:
            positions = features.shape[2] // 2
            self.work["windows"] += features.shape[0]
            self.work["positions"] += features.shape[0] * positions
            self.work["squares"] += features.shape[0] * positions**2
            return encode(model, features, *args, **options)

        def counted_generate(*args: Any, **options: Any) -> Any:
            found = generate(*args, **options)
            self.work["tokens"] += sum(len(one.sequences_ids[0]) + 1 for one in found)
            return found

        whisper.encode, whisper.generate = counted_encode, counted_generate
        for name in ("encode", "generate", "align", "detect_language"):
            self.watch(whisper, name, name)


def serve(load: Callable[[Job, Stages], tuple[Transcribe, dict[str, str]]]) -> None:
    """Run the job in the file named first and write what it took into the file named second.

    Args:
        load: Loads the model; gives a function from a path to the words, and versions.
    """
    job = _job()
    stages = Stages()
    began = time.perf_counter()
    transcribe, versions = load(job, stages)
    loaded = time.perf_counter()
    if job.get("warm_up"):
        transcribe(job["warm_up"])
    stages.seconds.clear()
    stages.work.clear()
    watch = _Watch()
    with watch:
        if stages.together is not None:
            words = stages.together(job["audio"])
        else:
            words = [transcribe(path) for path in job["audio"]]
    _finish(
        {
            "wall_seconds": watch.wall,
            "cpu_seconds": watch.processor,
            "load_seconds": loaded - began,
            "stages": dict(stages.seconds),
            "work": dict(stages.work),
            "counts": stages.counts(),
            "voice": [stages.voice.get(path, []) for path in job["audio"]],
            "versions": versions,
            "words": words,
        }
    )


def serve_cues(load: Callable[[Job], tuple[TranslateCues, dict[str, str]]]) -> None:
    """Translate the job's films, one after the other; see :func:`serve`.

    ``parts`` of the job are films: ``source`` and ``target`` language, and ``cues``, each with id,
    in-time, out-time and text. The result has for each what it took and the texts by cue. The first
    cues of each film are translated once before, which is not counted.

    Args:
        load: Loads the model; gives a function from a part to its cues' texts, and versions.
    """
    job = _job()
    began = time.perf_counter()
    translate, versions = load(job)
    loaded = time.perf_counter()
    parts = []
    for part in job["parts"]:
        translate({**part, "cues": part["cues"][: job["warm_up"]]})
        watch = _Watch()
        with watch:
            said = translate(part)
        took = {"wall_seconds": watch.wall, "cpu_seconds": watch.processor}
        parts.append({**took, "said": said})
    _finish(
        {
            "wall_seconds": sum(part["wall_seconds"] for part in parts),
            "load_seconds": loaded - began,
            "versions": versions,
            "parts": parts,
        }
    )


def _job() -> Job:
    job: Job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    return job


class _Watch:
    """Wall and processor seconds of a block."""

    def __enter__(self) -> None:
        self._processor, self._start = _processor_seconds(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.wall = time.perf_counter() - self._start
        self.processor = _processor_seconds() - self._processor


def _finish(result: dict[str, Any]) -> None:
    """Write the result, and the peak of memory up to here, and end."""
    written = {"peak_mib": _peak_mib(), **result}
    Path(sys.argv[2]).write_text(json.dumps(written), encoding="utf-8")
    sys.stdout.flush()
    sys.stderr.flush()
    # Some engines crash while the interpreter takes itself down; what was asked for is done.
    _stop_children()
    os._exit(0)


def versions_of(*names: str) -> dict[str, str]:
    """Installed versions; a package that is only on the path has none."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in names:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _stop_children() -> None:
    import signal

    for pid in descendants()[1:]:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGTERM)


def descendants() -> list[int]:
    """This process and all that it started and that still run."""
    parents: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            parents[int(fields[1])].append(int(path.parent.name))
    found = [os.getpid()]
    for pid in found:
        found += parents[pid]
    return found


def _processor_seconds() -> float:
    """Processor time of this process and its living and ended children."""
    if not Path("/proc/self/stat").exists():
        return time.process_time()
    ticks = 0
    for pid in descendants():
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / _TICK


def _peak_mib() -> float:
    """Sum of the processes' own peaks; memory that they share counts for each of them."""
    total = 0
    for pid in descendants():
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    total += int(line.split()[1])
    return total / 1024

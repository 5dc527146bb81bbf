"""Which systems there are, and how each is run on one job."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.peers.setup import python_of
from subkit.decode.process import worker_environment

__all__ = ["SYSTEMS", "TUNED", "RunError", "System", "find_python", "run_system"]

_SCRIPTS = Path(__file__).resolve().parents[1] / "systems"

TUNED = worker_environment({}, sys.platform)
"""Settings of the allocator and of BLAS that subkit starts its engine process with. Peers are given
them too, so that what the schedule alone wins can be seen."""


@dataclass(frozen=True)
class System:
    """One contender.

    Attributes:
        name: In the tables.
        script: In ``benchmarks/systems``.
        peer: Whose environment it runs in; empty is this one.
        environment: Variables set for it.
        job: What differs in its job.
        weights: ``"ctranslate2"``, ``"openai"`` or ``"ggml"``.
        note: What a reader must know of its numbers.
    """

    name: str
    script: str
    peer: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    job: dict[str, Any] = field(default_factory=dict)
    weights: str = "ctranslate2"
    note: str = ""


SYSTEMS = {
    system.name: system
    for system in (
        System("subkit exact", "run_subkit.py", job={"mode": "exact", "isolate": True}),
        System("subkit fast", "run_subkit.py", job={"mode": "fast", "isolate": True}),
        System(
            "subkit exact, one process",
            "run_subkit.py",
            environment=TUNED,
            job={"mode": "exact", "isolate": False},
            note="in the engine's environment, to see its stages",
        ),
        System(
            "subkit fast, one process",
            "run_subkit.py",
            environment=TUNED,
            job={"mode": "fast", "isolate": False},
            note="in the engine's environment, to see its stages",
        ),
        System("subkit exact, untuned", "run_subkit.py", job={"mode": "exact", "isolate": False}),
        System("subkit fast, untuned", "run_subkit.py", job={"mode": "fast", "isolate": False}),
        System("faster-whisper", "run_faster_whisper.py", job={"batch_size": 0}),
        System("faster-whisper batched", "run_faster_whisper.py"),
        System("faster-whisper, tuned", "run_faster_whisper.py", "", TUNED, {"batch_size": 0}),
        System("faster-whisper batched, tuned", "run_faster_whisper.py", "", TUNED),
        System(
            "stable-ts",
            "run_stable_ts.py",
            "stable-ts",
            note="over faster-whisper, sequential",
        ),
        System(
            "whisperx",
            "run_whisperx.py",
            "whisperx",
            note="no word times: they need one more model",
        ),
        System(
            "openai-whisper",
            "run_openai_whisper.py",
            "openai-whisper",
            weights="openai",
            note="float32 on the CPU, no voice detection",
        ),
        System(
            "whisper.cpp",
            "run_whisper_cpp.py",
            "whisper.cpp",
            weights="ggml",
            note="float16 weights, no voice detection, token times instead of alignment",
        ),
    )
}


class RunError(Exception):
    """A system did not finish its job; the text says why."""


def find_python(system: System, environments: Path) -> Path | None:
    """The interpreter a system runs with, ``None`` if its environment was not made."""
    if not system.peer:
        return Path(sys.executable)
    python = python_of(environments / system.peer)
    return python if python.is_file() else None


def _ffmpeg_in(folder: Path) -> str:
    """A folder with the ffmpeg that comes with subkit: some peers call it by name."""
    import imageio_ffmpeg

    named = folder / "bin" / "ffmpeg"
    named.parent.mkdir(exist_ok=True)
    if not named.is_symlink():
        named.symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    return str(named.parent)


def run_system(
    system: System, job: dict[str, Any], python: Path, folder: Path, *, limit: float = 3600
) -> dict[str, Any]:
    """Run one job in a process of its own; what ``worker.serve`` wrote.

    Raises:
        RunError: it ended with an error or ran past ``limit`` seconds.
    """
    asked, told = folder / "job.json", folder / "result.json"
    told.unlink(missing_ok=True)
    asked.write_text(json.dumps({**job, **system.job}), encoding="utf-8")
    words = [str(python), str(_SCRIPTS / system.script), str(asked), str(told)]
    # No hub is asked: what is measured must be the weights that were given.
    offline = {"HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1"}
    if system.peer and shutil.which("ffmpeg") is None:
        offline["PATH"] = os.pathsep.join([_ffmpeg_in(folder), os.environ.get("PATH", "")])
    try:
        done = subprocess.run(
            words,
            check=False,
            env={**os.environ, **offline, **system.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=limit,
        )
    except subprocess.TimeoutExpired as error:
        raise RunError(f"{system.name} took more than {limit:.0f} s") from error
    if done.returncode or not told.is_file():
        last = [line for line in done.stdout.strip().splitlines() if line.strip()][-3:]
        raise RunError(f"{system.name} failed ({done.returncode}): {' / '.join(last)[:500]}")
    result: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    # How busy the machine was with this and other work in the last minute.
    result["load"] = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return result

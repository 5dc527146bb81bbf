"""The whole way, as a user has it: ``subkit run`` and the usual script, from film to SRT file."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.harness.numbers import ratios, spread
from benchmarks.harness.rounds import order_of
from benchmarks.speech.films import Film
from benchmarks.speech.running import Setting
from benchmarks.speech.score import Heard, bootstrap, rate_interval, score_film

__all__ = ["SCRIPT", "measure_whole", "read_srt"]

SCRIPT = "the usual script"
_ROOT = Path(__file__).resolve().parents[2]


def measure_whole(
    film: Film, path: Path, setting: Setting, *, rounds: int, modes: Sequence[str]
) -> dict[str, Any]:
    """Time, memory and errors of whole processes, interleaved.

    Args:
        film: What is said.
        path: Its file.
        setting: Of the run.
        rounds: How many.
        modes: Of subkit; ``""`` is as it comes.
    """
    ways = {SCRIPT: "", f"{SCRIPT}, batched": "--batched"}
    ways |= {f"subkit run --mode {mode}" if mode else "subkit run": mode for mode in modes}
    took: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    texts: dict[str, str] = {}
    failed: dict[str, str] = {}
    names = list(ways)
    for number in range(rounds):
        for at in order_of(len(names), number):
            name = names[at]
            with tempfile.TemporaryDirectory() as folder:
                words = _words(name, ways[name], setting.weights["ctranslate2"], path, folder)
                try:
                    took[name].append(_watch(words, setting.limit))
                except RuntimeError as error:
                    failed[name] = str(error)
                    continue
                found = sorted(Path(folder).glob("*.srt"))
                texts[name] = found[0].read_text(encoding="utf-8") if found else ""
            setting.tell(f"round {number + 1}: {name} {took[name][-1]['wall']:.1f} s")
    rows = _rows(film, {name: one for name, one in took.items() if one}, texts)
    return {
        "film": {"name": film.spec.name, "seconds": round(film.seconds, 1)},
        "rounds": rounds,
        "failed": failed,
        "ways": rows,
    }


def _words(name: str, how: str, model: str, film: Path, folder: str) -> list[str]:
    if name.startswith(SCRIPT):
        script = str(_ROOT / "benchmarks" / "systems" / "plain_script.py")
        return [
            sys.executable,
            script,
            *([how] if how else []),
            model,
            str(film),
            f"{folder}/f.srt",
        ]
    mode = ["--mode", how] if how else []
    command = [sys.executable, "-m", "subkit_cli", "run", str(film), "--model", model, "--offline"]
    return [*command, *mode, "-q", "-o", folder]


def _watch(words: Sequence[str], limit: float) -> dict[str, float]:
    """Wall and processor seconds and peak memory of a command with all its processes.

    Raises:
        RuntimeError: it failed; says how.
    """
    # No hub is asked: what is measured must be the weights that were given.
    path = os.pathsep.join([str(_ROOT), str(_ROOT / "cli")])
    environment = {**os.environ, "PYTHONPATH": path, "HF_HUB_OFFLINE": "1"}
    before, began = os.times(), time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(words, stdout=said, stderr=said, env=environment, cwd=_ROOT)
        peak = _Peak(process.pid)
        peak.start()
        code = process.wait(limit)
        wall, after = time.perf_counter() - began, os.times()
        peak.stop()
        said.seek(0)
        if code:
            raise RuntimeError(said.read().strip()[-400:] or f"exit status {code}")
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return {"wall": wall, "cpu": cpu, "peak": peak.mib}


class _Peak(threading.Thread):
    """Looks ten times a second how much memory a process and its descendants hold."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.mib = 0.0

    def run(self) -> None:
        while not self._ended.wait(0.1):
            self.mib = max(self.mib, sum(map(_resident, _family(self._pid))))

    def stop(self) -> None:
        """Stop looking."""
        self._ended.set()
        self.join()


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _resident(pid: int) -> float:
    """MiB; what is shared with others counts by its part."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _rows(
    film: Film, took: dict[str, list[dict[str, float]]], texts: dict[str, str]
) -> dict[str, Any]:
    scored = {
        name: score_film(film.utterances, read_srt(texts[name]), film.spec.language)
        for name in took
    }
    rows: dict[str, Any] = {}
    for name, runs in took.items():
        rate = rate_interval(scored[name].utterances)
        rows[name] = {
            **scored[name].counts(),
            "rate": [round(value, 2) for value in (rate.points, rate.low, rate.high)],
            **{key: asdict(spread([one[key] for one in runs])) for key in ("wall", "cpu", "peak")},
        }
        if name != SCRIPT and len(runs) == len(took.get(SCRIPT, ())):
            found = bootstrap(scored[SCRIPT].utterances, scored[name].utterances)
            rows[name]["against"] = {
                "errors": [round(value, 2) for value in (found.points, found.low, found.high)],
                **{
                    key: asdict(ratios([o[key] for o in took[SCRIPT]], [o[key] for o in runs]))
                    for key in ("wall", "cpu")
                },
            }
    return rows


def read_srt(text: str) -> list[Heard]:
    """The words of an SRT file, without times of their own; marks of style are left out."""
    heard = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.splitlines()
        at = next((number for number, line in enumerate(lines) if "-->" in line), None)
        if at is not None:
            words = re.sub(r"<[^>]*>|\{[^}]*\}", "", " ".join(lines[at + 1 :])).split()
            heard += [Heard(0.0, 0.0, word) for word in words]
    return heard

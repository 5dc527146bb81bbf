"""Time and memory: interleaved rounds, one thread and all cores."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.harness.numbers import ratios, spread
from benchmarks.harness.rounds import order_of
from benchmarks.harness.systems import RunError, System
from benchmarks.speech.films import Film
from benchmarks.speech.running import Setting, run_once
from benchmarks.speech.systems import BASE, TUNED_PEER

__all__ = ["cores", "measure_speed", "summarize_speed"]

Rounds = dict[str, list[dict[str, float]]]


def cores() -> int:
    """Those this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def measure_speed(
    systems: Sequence[System],
    films: Sequence[tuple[Film, Path]],
    setting: Setting,
    *,
    rounds: int,
    threads: Sequence[int],
) -> dict[str, Any]:
    """By number of threads, the times of each system over all films, round by round."""
    seconds = sum(film.seconds for film, _ in films)
    found: dict[str, Any] = {}
    for count in threads:
        made, failed = _rounds(systems, films, setting, rounds, count)
        found[str(count)] = {
            "systems": summarize_speed(made, seconds),
            "failed": failed,
        }
    return {
        "films": [{"name": film.spec.name, "seconds": round(film.seconds, 1)} for film, _ in films],
        "rounds": rounds,
        "threads": found,
    }


def _rounds(
    systems: Sequence[System],
    films: Sequence[tuple[Film, Path]],
    setting: Setting,
    rounds: int,
    threads: int,
) -> tuple[Rounds, dict[str, str]]:
    made: Rounds = {system.name: [] for system in systems}
    failed: dict[str, str] = {}
    for number in range(rounds):
        for at in order_of(len(systems), number):
            system = systems[at]
            if system.name in failed:
                continue
            try:
                made[system.name].append(_one(system, films, setting, threads))
            except RunError as error:
                failed[system.name] = str(error)
                made.pop(system.name)
                continue
            last = made[system.name][-1]
            setting.tell(
                f"{threads} threads, round {number + 1}: {system.name}"
                f" {last['wall']:.1f} s, CPU {last['cpu']:.1f} s"
            )
    return made, failed


def _one(
    system: System, films: Sequence[tuple[Film, Path]], setting: Setting, threads: int
) -> dict[str, float]:
    """A system on all films, each in a process of its own."""
    ours = system.script == "run_subkit_pipeline.py"
    # On all cores subkit chooses itself how to use them.
    given = 0 if ours and threads > 1 else threads
    told = [run_once(system, [path], film.spec.language, setting, given) for film, path in films]
    return {
        "wall": sum(one["wall_seconds"] for one in told),
        "cpu": sum(one["cpu_seconds"] for one in told),
        "load": sum(one["load_seconds"] for one in told) / len(told),
        "peak": max(one["peak_mib"] for one in told),
        "busy": max(one["load"] or 0 for one in told),
    }


def summarize_speed(made: Rounds, seconds: float) -> dict[str, dict[str, Any]]:
    """Medians with lowest and highest round, and ratios round by round."""
    rows: dict[str, dict[str, Any]] = {}
    for name, found in made.items():
        row: dict[str, Any] = {
            "times_real_time": asdict(spread([seconds / one["wall"] for one in found])),
            "cpu_seconds_per_minute": asdict(spread([60 * o["cpu"] / seconds for o in found])),
            "peak_mib": asdict(spread([one["peak"] for one in found])),
            "load_seconds": asdict(spread([one["load"] for one in found])),
            "load_average": asdict(spread([one["busy"] for one in found])),
        }
        for against in (BASE, TUNED_PEER):
            base = made.get(against)
            if base and len(base) == len(found) and against != name:
                row.setdefault("against", {})[against] = {
                    key: asdict(ratios([one[key] for one in base], [one[key] for one in found]))
                    for key in ("cpu", "wall")
                }
        rows[name] = row
    return rows

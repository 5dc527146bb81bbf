"""Interleaved rounds: every system once a round, each in its own process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.harness.systems import RunError, run_system

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from benchmarks.harness.systems import System

__all__ = ["order_of", "run_rounds"]


def order_of(count: int, number: int) -> list[int]:
    """The order of a round: it moves on by one each time, so that none always runs first."""
    return [(number + i) % count for i in range(count)]


def run_rounds(
    contenders: Sequence[tuple[System, dict[str, Any], Path]],
    rounds: int,
    folder: Path,
    *,
    tell: Callable[[str], None],
    slow: float = 3600,
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """Run all systems ``rounds`` times.

    Args:
        contenders: Each with its job and interpreter.
        rounds: How often.
        folder: For jobs and results.
        tell: Hears how it goes.
        slow: Seconds after which one run is stopped.

    Returns:
        Results by system, round by round, and why others failed. A system that fails once is left
        out of the rounds after.
    """
    results: dict[str, list[dict[str, Any]]] = {system.name: [] for system, _, _ in contenders}
    failed: dict[str, str] = {}
    for number in range(rounds):
        for at in order_of(len(contenders), number):
            system, job, python = contenders[at]
            if system.name in failed:
                continue
            try:
                result = run_system(system, job, python, folder, limit=slow)
            except RunError as error:
                failed[system.name] = str(error)
                results.pop(system.name, None)
                tell(f"round {number + 1}: {error}")
                continue
            results[system.name].append(result)
            tell(f"round {number + 1}: {system.name} {result['wall_seconds']:.2f} s")
    return results, failed

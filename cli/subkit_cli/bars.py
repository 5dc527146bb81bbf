"""Progress as a person sees it: bars on a terminal, lines in a log."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from subkit.interfaces import Silent
from subkit_cli.terminal_output import drawing

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from subkit.interfaces import Progress

__all__ = ["Drawing", "drawn_progress"]


class Drawing:
    """A progress that draws one bar a stage with speed and time left, and keeps the warnings."""

    def __init__(self, bars: Bars, said: set[str]) -> None:
        self._bars = bars
        self._said = said
        self._tasks: dict[str, TaskID] = {}
        self._began: dict[str, float] = {}
        self._units: dict[str, str] = {}

    def begin(self, stage: str, total: float | None, unit: str) -> None:
        """Draw a new bar."""
        self._tasks[stage] = self._bars.add_task(stage, total=total, speed="")
        self._began[stage] = time.monotonic()
        self._units[stage] = unit

    def advance(self, stage: str, done: float) -> None:
        """Move the bar."""
        elapsed = max(time.monotonic() - self._began[stage], 1e-3)
        unit = self._units[stage]
        rate = f"{done / elapsed:.1f}"
        speed = f"{rate} × real time" if unit == "s" else f"{rate} {unit}/s"
        self._bars.update(self._tasks[stage], completed=done, speed=speed)

    def end(self, stage: str) -> None:
        """Fill the bar."""
        task = self._tasks[stage]
        total = next(t.total for t in self._bars.tasks if t.id == task)
        if total is not None:
            self._bars.update(task, completed=total)

    def warn(self, message: str) -> None:
        """A line above the bars, once."""
        from rich.text import Text

        if message in self._said:
            return
        self._said.add(message)
        self._bars.console.print(Text(f"! {message}", style="yellow"))


@contextmanager
def drawn_progress(arguments: argparse.Namespace, said: set[str]) -> Iterator[Progress]:
    """See :func:`subkit_cli.console.progress`."""
    if arguments.quiet:
        yield Silent()
        return
    if not sys.stderr.isatty():
        yield _Lines(said)
        return
    from rich import progress as rich_progress

    bars = rich_progress.Progress(
        rich_progress.TextColumn("{task.description:<18}"),
        rich_progress.BarColumn(),
        rich_progress.TaskProgressColumn(),
        rich_progress.TextColumn("{task.fields[speed]}"),
        rich_progress.TimeRemainingColumn(),
        console=drawing(sys.stderr),
        redirect_stdout=False,  # rich would take colours out of texts and show them
        redirect_stderr=False,
    )
    with bars:
        yield Drawing(bars, said)


class _Lines(Silent):
    """A progress for logs: a line when a stage ends, and the warnings."""

    def __init__(self, said: set[str]) -> None:
        self._began: dict[str, float] = {}
        self._said = said

    def begin(self, stage: str, total: float | None, unit: str) -> None:  # noqa: ARG002
        self._began[stage] = time.monotonic()

    def end(self, stage: str) -> None:
        sys.stderr.write(f"{stage}: {time.monotonic() - self._began[stage]:.1f} s\n")

    def warn(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            sys.stderr.write(f"! {message}\n")

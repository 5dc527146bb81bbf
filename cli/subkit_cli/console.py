"""What a person sees: progress and prose on standard error, results on standard output."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import StoreError
from subkit.interfaces import Silent

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from subkit.interfaces import Progress

__all__ = [
    "Table",
    "close_output",
    "flush",
    "open_streams",
    "print_json",
    "print_line",
    "print_table",
    "progress",
    "warn",
    "width",
]


def print_line(text: str = "") -> None:
    """One line of a result on standard output."""
    with _writing():
        sys.stdout.write(text + "\n")


def print_json(document: Any) -> None:
    """The one JSON document of a command; escaped where standard output is not Unicode."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, indent=2)
    print_line(text)


def open_streams() -> None:
    """Let no character and no closed stream stop the work: what cannot be shown is escaped."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Bring standard output out while a failure can still be told.

    Raises:
        StoreError: it cannot be written, as on a full disk.
    """
    with _writing():
        sys.stdout.flush()


def close_output() -> None:
    """Send what is still to come to nowhere, so that the interpreter's last flush cannot fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


@contextmanager
def _writing() -> Iterator[None]:
    """Standard output that cannot be written is an error like others; a reader gone is none."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        close_output()
        raise StoreError(
            f"Standard output cannot be written: {error.strerror}.",
            remedy="Make room where it goes, or name another place.",
        ) from error


def warn(message: str) -> None:
    """One line of prose on standard error."""
    sys.stderr.write(f"subkit: {message}\n")


class Table:
    """Rows under headings; ``widths`` gives columns their share when the terminal is narrow."""

    def __init__(self, *headings: str, title: str = "") -> None:
        self.headings = headings
        self.title = title
        self.rows: list[Sequence[str]] = []

    def add(self, *cells: str) -> None:
        """One row, a text for each heading."""
        self.rows.append(cells)


def width() -> int:
    """Columns of the terminal; 120 into a pipe or file."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 120


def print_table(table: Table) -> None:
    """Draw a table on standard output, as wide as the terminal (120 columns into a pipe)."""
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    console = Console(width=width(), highlight=False)
    drawn = Drawn(title=table.title or None, title_justify="left", header_style="bold")
    for index, heading in enumerate(table.headings):
        drawn.add_column(heading, no_wrap=index == 0, overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(cell) for cell in row))
    with _writing():
        console.print(drawn)


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
def progress(arguments: argparse.Namespace, said: set[str] | None = None) -> Iterator[Progress]:
    """A progress for one title: bars on a terminal, plain lines elsewhere, nothing with -q.

    Args:
        arguments: Of the command.
        said: Warnings that the command gave already; they are not repeated.
    """
    said = set() if said is None else said
    if arguments.quiet:
        yield Silent()
        return
    if not sys.stderr.isatty():
        yield _Lines(said)
        return
    from rich import progress as rich_progress
    from rich.console import Console

    bars = rich_progress.Progress(
        rich_progress.TextColumn("{task.description:<18}"),
        rich_progress.BarColumn(),
        rich_progress.TaskProgressColumn(),
        rich_progress.TextColumn("{task.fields[speed]}"),
        rich_progress.TimeRemainingColumn(),
        console=Console(stderr=True, highlight=False),
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

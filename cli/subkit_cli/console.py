"""What a person sees: progress and prose on standard error, results on standard output."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import StoreError
from subkit_cli.terminal_output import drawing, neutral

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from subkit.interfaces import Progress

__all__ = [
    "Table",
    "close_output",
    "flush",
    "is_unicode",
    "open_streams",
    "print_json",
    "print_line",
    "print_parts",
    "print_table",
    "progress",
    "warn",
    "width",
]


def print_line(text: str = "") -> None:
    """One line of a result on standard output."""
    with _writing():
        sys.stdout.write(text + "\n")


def print_parts(parts: Iterable[str]) -> None:
    """A long result in parts, as they come; the last is followed by a line break."""
    with _writing():
        sys.stdout.writelines(parts)
        sys.stdout.write("\n")


def is_unicode() -> bool:
    """Whether standard output takes every character."""
    return (sys.stdout.encoding or "utf-8").lower().replace("-", "").startswith("utf")


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
    from rich.table import Table as Drawn
    from rich.text import Text

    console = drawing(sys.stdout, width=width())
    drawn = Drawn(
        title=Text(table.title) if table.title else None, title_justify="left", header_style="bold"
    )
    for index, heading in enumerate(table.headings):
        drawn.add_column(heading, no_wrap=index == 0, overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(neutral(cell)) for cell in row))  # as wide as it is shown
    with _writing():
        console.print(drawn)


def progress(
    arguments: argparse.Namespace, said: set[str] | None = None
) -> AbstractContextManager[Progress]:
    """A progress for one title: bars on a terminal, plain lines elsewhere, nothing with -q.

    Args:
        arguments: Of the command.
        said: Warnings that the command gave already; they are not repeated.
    """
    from subkit_cli.bars import drawn_progress  # loaded when there is work: --help stays fast

    return drawn_progress(arguments, set() if said is None else said)

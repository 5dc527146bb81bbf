"""Progress where nobody wrote a display: a line in a terminal or a notebook, else only warnings."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any

from subkit.interfaces import Silent
from subkit.interfaces.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from subkit.interfaces import Progress
    from subkit.model import Span

__all__ = ["ProgressLine", "progress_for"]

_LOG = logging.getLogger("subkit")
_EVERY = 0.1
"""Seconds between two drawings."""
_BAR = 24


class ProgressLine:
    """A progress of one line: stage, bar, share and speed.

    Args:
        draw: Shows a line in the place of the last one.
        say: Shows a line that stays.
        now: A clock in seconds.
    """

    def __init__(
        self,
        draw: Callable[[str], None],
        say: Callable[[str], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._draw = draw
        self._say = say
        self._now = now
        self._stages: dict[str, tuple[float, Pace, str]] = {}
        self._drawn = float("-inf")
        self._said: set[str] = set()

    def begin(self, stage: str, total: float | None, unit: str) -> None:
        """Draw an empty bar."""
        began = self._now()
        self._stages[stage] = (began, Pace(total, began), unit)
        self._drawn = float("-inf")
        self._show(stage)

    def keep(self, stage: str, amount: float) -> None:
        """Move the bar; what an earlier run did says nothing of the speed."""
        self._stages[stage][1].keep(amount)
        self._show(stage)

    def advance(self, stage: str, done: float) -> None:
        """Draw how far it is, some times a second."""
        self._stages[stage][1].advance(done, self._now())
        self._show(stage)

    def end(self, stage: str) -> None:
        """Say how long it took."""
        began = self._stages[stage][0]
        self._say(f"{stage}: {self._now() - began:.1f} s")

    def tell(self, stage: str, span: Span, text: str) -> None:
        """Say nothing: a line has no room for texts."""

    def note(self, message: str) -> None:
        """Say it, once."""
        if message not in self._said:
            self._said.add(message)
            self._say(message)

    def warn(self, message: str) -> None:
        """Say it with a mark before it, once."""
        if message not in self._said:
            self._said.add(message)
            self._say(f"! {message}")

    def _show(self, stage: str) -> None:
        now = self._now()
        if now - self._drawn < _EVERY:
            return
        self._drawn = now
        _, pace, unit = self._stages[stage]
        share = min(pace.done / pace.total, 1.0) if pace.total else 0.0
        full = round(_BAR * share)
        bar = f"{'█' * full}{'░' * (_BAR - full)} {100 * share:3.0f} %"
        rate = pace.speed()
        speed = (
            "" if rate is None else f"{rate:.1f} {'× real time' if unit == 's' else f'{unit}/s'}"
        )
        self._draw(f"{stage:<14} {bar if pace.total else f'{pace.done:g}'}  {speed}".rstrip())


class _Logged(Silent):
    """A progress for programs without a screen: warnings go to the log of ``subkit``."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def warn(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            _LOG.warning("%s", message)


@contextmanager
def progress_for(wanted: Progress | bool | None) -> Iterator[Progress]:
    """Give the progress of a call.

    Args:
        wanted: The caller's own; ``False`` for none; ``None`` for a line where somebody sees it,
            which is a notebook and a terminal.
    """
    if isinstance(wanted, bool) or wanted is None:
        if wanted is False:
            yield Silent()
        elif _in_notebook():
            yield _in_cell()
        elif sys.stderr is not None and sys.stderr.isatty():
            with _in_terminal() as line:
                yield line
        else:
            yield _Logged()
        return
    yield wanted


@contextmanager
def _in_terminal() -> Iterator[Progress]:
    stream, last = sys.stderr, [""]

    def draw(line: str) -> None:
        shown = _printable(line)[: shutil.get_terminal_size().columns - 1]
        stream.write(f"\r{shown}{' ' * max(0, len(last[0]) - len(shown))}")
        stream.flush()
        last[0] = shown

    def say(line: str) -> None:
        stream.write(f"\r{' ' * len(last[0])}\r{_printable(line)}\n")
        stream.flush()
        last[0] = ""

    try:
        yield ProgressLine(draw, say)
    finally:
        if last[0]:
            stream.write("\n")


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in text)


def _in_notebook() -> bool:
    """Return whether a notebook's kernel runs this, so that cells can show something."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and hasattr(shell, "kernel")


def _in_cell() -> Progress:
    from IPython.display import HTML, display

    said: list[str] = []
    handle = display(HTML(""), display_id=True)

    def show(line: str) -> None:
        lines = "\n".join((*said, line) if line else said)
        handle.update(HTML(f"<pre>{escape(lines)}</pre>"))

    def say(line: str) -> None:
        said.append(line)
        show("")

    return ProgressLine(show, say)

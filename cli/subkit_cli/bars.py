"""Progress as a person sees it: bars on a terminal, lines in a log."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from subkit.interfaces import Silent
from subkit.interfaces.pace import Pace
from subkit_cli.terminal_output import drawing

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from rich.console import Console, RenderableType
    from rich.progress import Progress as Bars
    from rich.progress import Task, TaskID

    from subkit.interfaces import Progress
    from subkit.model import Span

__all__ = ["Drawing", "LoggedProgress", "clock_text", "drawn_progress"]

_STEPS = 10
_QUIET_SECONDS = 10.0
"""A log gets a line for each of these parts of a stage, and after this time at the soonest."""


class _Paces(Silent):
    """Keeps the pace of each stage."""

    def __init__(self, said: set[str], clock: Callable[[], float]) -> None:
        self._said = said
        self._clock = clock
        self._paces: dict[str, Pace] = {}
        self._units: dict[str, str] = {}
        self._began: dict[str, float] = {}

    def begin(self, stage: str, total: float | None, unit: str) -> None:
        self._began[stage] = self._clock()
        self._paces[stage] = Pace(total, self._began[stage])
        self._units[stage] = unit

    def keep(self, stage: str, amount: float) -> None:
        self._paces[stage].keep(amount)

    def advance(self, stage: str, done: float) -> None:
        self._paces[stage].advance(done, self._clock())

    def _is_new(self, message: str) -> bool:
        """Return whether a warning is new, and remember it."""
        new = message not in self._said
        self._said.add(message)
        return new

    def _speed(self, stage: str) -> str:
        """``9.8 × real time``; empty until something was measured."""
        pace, unit = self._paces[stage], self._units[stage]
        speed = pace.speed()
        if speed is None:
            return "from an earlier run" if pace.kept else ""
        if unit == "B":
            return f"{speed / 1e6:.1f} MB/s"
        return f"{speed:.1f} × real time" if unit == "s" else f"{speed:.1f} {unit}/s"


class Drawing(_Paces):
    """A progress that draws one bar a stage, under them the text as it comes.

    Args:
        bars: Draws them; each task has the fields ``pace`` and ``speed``.
        said: Warnings that were given already.
        show: Shows the newest text below the bars.
        every_text: Print each text above the bars too.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        bars: Bars,
        said: set[str],
        show: Callable[[str], None],
        *,
        every_text: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(said, clock)
        self._bars = bars
        self._show = show
        self._every_text = every_text
        self._tasks: dict[str, TaskID] = {}

    def begin(self, stage: str, total: float | None, unit: str) -> None:
        """Draw a new bar."""
        super().begin(stage, total, unit)
        pace = self._paces[stage]
        self._tasks[stage] = self._bars.add_task(stage, total=total, speed="", pace=pace)

    def keep(self, stage: str, amount: float) -> None:
        """Move the bar; the speed stays."""
        super().keep(stage, amount)
        self._draw(stage)

    def advance(self, stage: str, done: float) -> None:
        """Move the bar."""
        super().advance(stage, done)
        self._draw(stage)

    def tell(self, stage: str, span: Span, text: str) -> None:  # noqa: ARG002
        """Show the text below the bars, and above them where every text is wanted."""
        line = f"{clock_text(float(span.start))}  {' '.join(text.split())}"
        self._show(line)
        if self._every_text:
            self._print(line)

    def end(self, stage: str) -> None:
        """Fill the bar."""
        total = self._paces[stage].total
        if total is not None:
            self._bars.update(self._tasks[stage], completed=total, speed=self._speed(stage))
        self._bars.stop_task(self._tasks[stage])
        self._show("")

    def note(self, message: str) -> None:
        """A quiet line above the bars, once."""
        if self._is_new(message):
            self._print(message, style="dim")

    def warn(self, message: str) -> None:
        """A line above the bars, once."""
        if self._is_new(message):
            self._print(f"! {message}", style="yellow")

    def _draw(self, stage: str) -> None:
        done = self._paces[stage].done
        self._bars.update(self._tasks[stage], completed=done, speed=self._speed(stage))

    def _print(self, line: str, style: str = "") -> None:
        from rich.text import Text

        self._bars.console.print(Text(line, style=style))


class LoggedProgress(_Paces):
    """A progress for logs: a line now and then, one when a stage ends, and the warnings."""

    def __init__(self, said: set[str], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(said, clock)
        self._told: dict[str, tuple[float, int]] = {}

    def advance(self, stage: str, done: float) -> None:
        """Tell after each tenth how far it is."""
        super().advance(stage, done)
        pace, now = self._paces[stage], self._clock()
        if not pace.total:
            return
        share = pace.done / pace.total
        step = int(share * _STEPS + 1e-9)
        when, last = self._told.get(stage, (self._began[stage], 0))
        if not last < step < _STEPS or now - when < _QUIET_SECONDS:
            return
        self._told[stage] = (now, step)
        left = pace.remaining(now)
        parts = (self._speed(stage), "" if left is None else f"about {clock_text(left)} left")
        told = ", ".join(part for part in (f"{share:.0%}", *parts) if part)
        sys.stderr.write(f"{stage}: {told}\n")

    def end(self, stage: str) -> None:
        """Tell how long it took."""
        pace = self._paces[stage]
        took = f"{self._clock() - self._began[stage]:.1f} s"
        if pace.kept:
            took = "from an earlier run" if not pace.fresh else f"{took}, part from an earlier run"
        sys.stderr.write(f"{stage}: {took}\n")

    def note(self, message: str) -> None:
        """A line, once."""
        if self._is_new(message):
            sys.stderr.write(f"{message}\n")

    def warn(self, message: str) -> None:
        """A line with a mark before it, once."""
        if self._is_new(message):
            sys.stderr.write(f"! {message}\n")


def clock_text(seconds: float) -> str:
    """``1:05`` or ``2:03:09``: a time of some seconds as a clock shows it."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def drawn_progress(arguments: argparse.Namespace, said: set[str]) -> Iterator[Progress]:
    """See :func:`subkit_cli.console.progress`."""
    if arguments.quiet:
        yield Silent()
        return
    if not sys.stderr.isatty():
        yield LoggedProgress(said)
        return
    bars, show = _bars(drawing(sys.stderr))
    with bars:
        yield Drawing(bars, said, show, every_text=bool(getattr(arguments, "verbose", 0)))


def _bars(console: Console) -> tuple[Bars, Callable[[str], None]]:
    """Bars with the time gone and left, and what shows a line below them."""
    from rich import progress
    from rich.text import Text

    class Left(progress.ProgressColumn):
        """The time left, as the pace has it."""

        def render(self, task: Task) -> Text:
            pace: Pace = task.fields["pace"]
            if task.stop_time is not None:
                return Text("")
            left = pace.remaining(time.monotonic())
            return Text("" if left is None else f"{clock_text(left)} left", style="cyan")

    class Drawn(progress.Progress):
        line = ""

        def get_renderables(self) -> Iterator[RenderableType]:
            yield from super().get_renderables()
            if self.line:
                yield Text(self.line, style="dim", no_wrap=True, overflow="ellipsis")

    bars = Drawn(
        progress.TextColumn("{task.description:<18}", markup=False),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TextColumn("{task.fields[speed]}", markup=False),
        progress.TimeElapsedColumn(),
        Left(),
        console=console,
        redirect_stdout=False,  # rich would take colours out of texts and show them
        redirect_stderr=False,
    )

    def show(line: str) -> None:
        bars.line = line
        bars.refresh()

    return bars, show

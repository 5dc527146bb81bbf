"""How fast work goes and how long it still takes: numbers only, the clock is the caller's."""

from __future__ import annotations

__all__ = ["Pace"]

_AT_ONCE = 0.05
"""Seconds within which pieces of work count as done together: they come in batches."""

_ROUNDING = 1e-6
"""What is kept and what is done are sums of the same numbers in another order."""


class Pace:
    """The pace of one stage of work.

    Work that was there from an earlier run moves the bar and tells nothing of the speed. The time
    left is reckoned from the first piece of new work on, since before it come loading a model and
    getting a first batch ready, and is not known before two more have come. Between pieces it
    counts down; where one is late, it stands, then grows.

    Args:
        total: All of the work; ``None`` where nobody knows.
        began: When the stage began, seconds of any clock that never goes back.
    """

    def __init__(self, total: float | None, began: float) -> None:
        self.total = total
        self.done = self.kept = 0.0
        self._began = self._last = began
        self._first: tuple[float, float] | None = None
        self._steps = 0

    @property
    def fresh(self) -> float:
        """What was done now, not in an earlier run."""
        return max(0.0, self.done - self.kept)

    def keep(self, amount: float) -> None:
        """Count what was there from an earlier run."""
        self.kept += amount
        self.done = max(self.done, self.kept)

    def advance(self, done: float, now: float) -> None:
        """``done`` of the total is finished, what was kept included."""
        before = self.fresh
        self.done = max(self.done, done)
        if self.fresh <= before + _ROUNDING:
            return
        if self._first is None:
            self._first = (now, self.fresh)
        elif now - self._last > _AT_ONCE:
            self._steps += 1
        self._last = now

    def speed(self) -> float | None:
        """New work a second, loading included; ``None`` until there was some."""
        took = self._last - self._began
        return self.fresh / took if self.fresh and took > 0 else None

    def remaining(self, now: float) -> float | None:
        """Seconds that are left; ``None`` while that is not known."""
        if self.total is None or self._first is None or self._steps < 2:
            return None
        when, fresh = self._first
        gone = self.fresh - fresh
        if gone <= 0:
            return None
        usual = (self._last - when) / self._steps
        idle = max(0.0, now - self._last)
        late = max(0.0, idle - usual)
        seconds_each = (self._last + late - when) / gone
        return max(0.0, (self.total - self.done) * seconds_each - min(idle, usual))

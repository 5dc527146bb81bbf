"""Waiting for another thread or process: the one place in the tests that reads a clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 60
"""Seconds until a wait is given up; only a test that fails waits so long."""


def wait_until(condition: Callable[[], object], pause: float = 0.02) -> None:
    """Return as soon as ``condition`` holds, and fail if it never does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE} seconds"
        time.sleep(pause)

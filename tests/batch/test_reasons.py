"""Why a title failed, and whether it is tried again."""

from __future__ import annotations

import errno
import sqlite3

import pytest

from subkit.batch.retry_rules import RetryOptions, reason_of
from subkit.errors import LockedError, MediaError, PlanError, StoreError


def chained(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "reason", "again"),
    [
        (chained(StoreError("x"), OSError(errno.ENOSPC, "full")), "storage", True),
        (chained(StoreError("x"), sqlite3.OperationalError("database or disk is full")), "storage",
         True),
        (chained(StoreError("x"), sqlite3.OperationalError("no such table")), "store", False),
        (chained(StoreError("x"), OSError(errno.EEXIST, "there")), "store", False),
        (LockedError("x"), "locked", True),
        (MediaError("x"), "media", False),
        (PlanError("x"), "options", False),
        (ZeroDivisionError(), "fault", False),
    ],
)  # fmt: skip
def test_another_attempt_is_made_where_it_may_help(
    error: Exception, reason: str, again: bool
) -> None:
    assert reason_of(error) == reason
    assert (RetryOptions().delay(reason, attempts=0, kills=0) is not None) == again


def test_attempts_come_to_an_end() -> None:
    options = RetryOptions()
    delays = [options.delay("storage", attempts=n, kills=0) for n in range(4)]
    assert delays == [30.0, 120.0, 600.0, None]
    assert options.delay("killed", attempts=0, kills=3) is None

"""What the ledger of a batch says, for those who only read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from subkit.batch.job_data import job_from_text
from subkit.batch.title_claims import STATES

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from subkit.batch.job_data import TitleJob
    from subkit.batch.postgres_base import PostgresBackend

__all__ = ["NEVER", "LedgerContent"]

NEVER = "~"
"""The deadline of titles that have none: behind every day in the order of texts."""


class LedgerContent:
    """The titles of a ledger and their states.

    Args:
        base: The database: a connection of SQLite, or what answers as one.
    """

    def __init__(self, base: sqlite3.Connection | PostgresBackend) -> None:
        self._base = base

    def mode(self) -> str:
        """Return ``"run"``, ``"pause"`` (nothing is begun) or ``"drain"`` (runners end)."""
        row = self._base.execute("SELECT value FROM batch WHERE key = 'mode'").fetchone()
        return "run" if row is None else str(row[0])

    def counts(self) -> dict[str, int]:
        """Return how many titles are in each state."""
        rows = dict(self._base.execute("SELECT state, count(*) FROM title GROUP BY state"))
        return {state: rows.get(state, 0) for state in STATES}

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield what is known of each title, in the order in which they were entered."""
        files = "SELECT path FROM output WHERE title = ? ORDER BY path"
        names = "number, id, state, priority, deadline, owner, attempts, kills, facts, failure"
        query = f"SELECT {names}, result FROM title ORDER BY number"  # noqa: S608 - constants
        for row in self._base.execute(query):
            plain = dict(zip((*names.split(", "), "result"), row, strict=True))
            for key in ("facts", "failure", "result"):
                plain[key] = json.loads(plain[key]) if plain[key] else {}
            plain["deadline"] = plain["deadline"].replace(NEVER, "")
            found = self._base.execute(files, (plain.pop("number"),))
            yield {**plain, "files": [path for (path,) in found]}

    def media_seconds(self) -> tuple[float, float]:
        """Return the duration of all titles together, and of those that are done."""
        total = done = 0.0
        for facts, state in self._base.execute("SELECT facts, state FROM title"):
            seconds = float(json.loads(facts).get("duration", 0.0))
            total += seconds
            done += seconds if state == "done" else 0.0
        return total, done

    def done_ids(self) -> Iterator[str]:
        """Yield the ids of the titles that are done."""
        for (one,) in self._base.execute("SELECT id FROM title WHERE state = 'done'"):
            yield str(one)

    def stages(self) -> dict[str, float]:
        """Return the seconds of each stage, of all titles together."""
        return dict(self._base.execute("SELECT name, sum(seconds) FROM stage GROUP BY name"))

    def known(self) -> dict[str, tuple[TitleJob, dict[str, Any]]]:
        """Return the jobs there are and what was found of their media, by id."""
        found = self._base.execute("SELECT id, job, facts FROM title")
        return {one: (job_from_text(job), json.loads(facts)) for one, job, facts in found}

"""The ledger of a batch: which titles there are, who does each, and what was published of it.

Every runner reads and writes it, and it alone decides. A title is claimed with a lease, which its
owner renews; each claim has a greater token, and every later word about the title names it. Whoever
lost the lease is refused.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from subkit.batch.boot_clock import is_alive, now
from subkit.batch.job_data import job_from_text, job_text
from subkit.batch.ledger_commands import AGAIN, LedgerCommands
from subkit.batch.ledger_contents import NEVER
from subkit.batch.ledger_tables import ledger_failure, open_database
from subkit.batch.title_claims import (
    LEASE,
    Claim,
    LeaseLoss,
    is_other_media,
    is_same_work,
    refusal_of,
)
from subkit.errors import StoreError
from subkit.model.clock import utc_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from subkit.batch.boot_clock import Moment
    from subkit.batch.job_data import TitleJob
    from subkit.batch.postgres_base import PostgresBackend

__all__ = ["BatchLedger"]

_CLAIMED = "number, id, job, facts, token, attempts, kills"


class BatchLedger(LedgerCommands):
    """A connection to the ledger of a batch. Use it as a context manager, or close it.

    Args:
        path: The SQLite file.
        create: Make it if it is not there.
        clock: The clock of leases.
        alive: Whether the process that an owner's name stands for may still run.

    Raises:
        StoreError: it cannot be opened, or is no ledger.
        SchemaError: it was made by another version.
    """

    def __init__(
        self,
        path: Path,
        *,
        create: bool = False,
        clock: Callable[[], Moment] = now,
        alive: Callable[[str], bool] = is_alive,
    ) -> None:
        self.path = path
        super().__init__(self._opened(create=create))
        self._clock = clock
        self._alive = alive

    def _opened(self, *, create: bool) -> sqlite3.Connection | PostgresBackend:
        return open_database(self.path, create=create)

    def __enter__(self) -> BatchLedger:  # noqa: PYI034 - typing.Self came with Python 3.11
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._base.close()

    def add(self, jobs: Iterable[tuple[TitleJob, Mapping[str, Any]]]) -> int:
        """Enter titles with what is known of them; return how many were new.

        One that is there with the same work keeps its state; its priority and deadline are taken
        over; done with another media file under that name, it waits again. One that is there with
        other work begins anew, unless it is running or done.

        Raises:
            PlanError: titles that are running or done were to be done otherwise.
        """
        added, refused = 0, []
        with self._writing() as base:
            query = "SELECT id, job, state, attempts, result FROM title"
            known = {row[0]: row[1:] for row in base.execute(query)}
            for job, facts in jobs:
                text, fresh = job_text(job), json.dumps(dict(facts), sort_keys=True)
                before = known.get(job.id)
                values = (text, fresh, job.priority, job.deadline or NEVER, job.id)
                if before is None:
                    base.execute(
                        "INSERT INTO title (job, facts, priority, deadline, id, state) "
                        "VALUES (?, ?, ?, ?, ?, 'waiting')",
                        values,
                    )
                    added += 1
                elif not (before[1] == "quarantined" and before[2] == 0) and (
                    before[0] == text or is_same_work(job_from_text(before[0]), job)
                ):
                    base.execute(
                        "UPDATE title SET job = ?, facts = ?, priority = ?, deadline = ? "
                        "WHERE id = ?",
                        values,
                    )
                    if before[1] == "done" and is_other_media(json.loads(before[3]), facts):
                        base.execute(AGAIN, (job.id,))
                        base.execute(
                            "UPDATE output SET state = 'outdated' WHERE title = "
                            "(SELECT number FROM title WHERE id = ?)",
                            (job.id,),
                        )
                elif before[1] in {"running", "done"}:
                    refused.append((job.id, before[1]))
                else:
                    base.execute(
                        "UPDATE title SET job = ?, facts = ?, priority = ?, deadline = ?, "
                        "state = 'waiting', attempts = 0, kills = 0, failure = '' WHERE id = ?",
                        values,
                    )
            if refused:  # within the transaction: nothing of the call is kept
                raise refusal_of(refused)
        return added

    def refuse(self, titles: Iterable[tuple[TitleJob, Mapping[str, Any]]]) -> None:
        """Enter titles that cannot be begun, with why; running and done ones stay as they are.

        They are begun without a retry as soon as :meth:`add` is given them.
        """
        with self._writing() as base:
            base.executemany(
                "INSERT INTO title (id, job, facts, priority, deadline, state, failure) "
                "VALUES (?, ?, '{}', ?, ?, 'quarantined', ?) ON CONFLICT (id) DO UPDATE "
                "SET state = 'quarantined', failure = excluded.failure "
                "WHERE title.state NOT IN ('running', 'done')",
                [
                    (
                        job.id,
                        job_text(job),
                        job.priority,
                        job.deadline or NEVER,
                        json.dumps({**failure, "reason": "plan"}, ensure_ascii=False),
                    )
                    for job, failure in titles
                ],
            )

    def claim(self, owner: str, count: int = 1) -> list[Claim]:
        """Give up to ``count`` titles to an owner: leases that are over first, then by priority."""
        if count < 1 or self.mode() != "run":
            return []
        moment = self._clock()
        with self._writing() as base:
            base.execute(
                "UPDATE title SET state = 'waiting', until = 0 "
                "WHERE state = 'delayed' AND (until <= ? OR boot <> ?)",
                (moment.seconds, moment.boot),
            )
            rows = [*self._abandoned(moment, count)]
            if len(rows) < count:
                rows += base.execute(
                    f"SELECT {_CLAIMED} FROM title WHERE state = 'waiting' "  # noqa: S608 - constants
                    "ORDER BY priority DESC, deadline, number LIMIT ?",
                    (count - len(rows),),
                ).fetchall()
            base.executemany(
                "UPDATE title SET state = 'running', owner = ?, token = token + 1, boot = ?, "
                "until = ? WHERE number = ?",
                [(owner, moment.boot, moment.seconds + LEASE, row[0]) for row in rows],
            )
        return [
            Claim(
                number=number,
                token=token + 1,
                job=job_from_text(job),
                facts=json.loads(facts),
                attempts=attempts,
                kills=kills,
            )
            for number, _, job, facts, token, attempts, kills in rows
        ]

    def _abandoned(self, moment: Moment, count: int) -> Iterator[tuple[Any, ...]]:
        """Titles whose lease is over, or whose owner has ended or was of another boot."""
        running = self._base.execute(
            f"SELECT {_CLAIMED}, owner, boot, until FROM title WHERE state = 'running' "  # noqa: S608
            "ORDER BY until"
        ).fetchall()
        for row in running:
            owner, boot, until = row[-3:]
            over = boot != moment.boot or until <= moment.seconds
            if count and (over or not self._alive(owner)):
                count -= 1
                self._note(row[0], "taken over", owner)
                yield row[:-3]

    def renew(self, claims: Sequence[Claim]) -> list[Claim]:
        """Renew leases; return the claims that were lost."""
        moment, lost = self._clock(), []
        with self._writing() as base:
            for claim in claims:
                changed = base.execute(
                    "UPDATE title SET until = ? WHERE number = ? AND token = ? "
                    "AND state = 'running'",
                    (moment.seconds + LEASE, claim.number, claim.token),
                )
                if changed.rowcount == 0:
                    lost.append(claim)
        return lost

    def intend(
        self, claim: Claim, files: Mapping[str, str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Note which files will be published, before any is; return digests noted earlier.

        First those of files as they shall be, then those of files that are of another media file,
        which was there under the title's name before.

        Args:
            claim: Of the title.
            files: Path below the output folder -> digest of its bytes.

        Raises:
            LeaseLoss: the title is another runner's.
            StoreError: another title has published a file of that name.
        """
        with self._writing() as base:
            self._require(claim)
            noted = base.execute(
                "SELECT path, digest, state FROM output WHERE title = ?", (claim.number,)
            ).fetchall()
            try:
                base.executemany(
                    "INSERT INTO output (title, path, digest, state) VALUES (?, ?, ?, 'intended') "
                    "ON CONFLICT (title, path) DO NOTHING",
                    [(claim.number, path, digest) for path, digest in files.items()],
                )
            except sqlite3.IntegrityError as error:
                raise StoreError(
                    f"Another title of the batch has a file that {claim.job.id!r} would write.",
                    remedy="Give it another id, or a template with {id} in it.",
                ) from error
        before = {path: digest for path, digest, state in noted if state != "outdated"}
        return before, {path: digest for path, digest, _ in noted if path not in before}

    def replace_digest(self, claim: Claim, path: str, digest: str) -> None:
        """Note that a file which never appeared, or is outdated, will have other bytes.

        Raises:
            LeaseLoss: the title is another runner's.
        """
        with self._writing() as base:
            self._require(claim)
            base.execute(
                "UPDATE output SET digest = ?, state = 'intended' WHERE title = ? AND path = ?",
                (digest, claim.number, path),
            )

    def finish(self, claim: Claim, result: Mapping[str, Any], stages: Mapping[str, float]) -> None:
        """Note that a title is done and its files are published.

        Raises:
            LeaseLoss: the title is another runner's.
        """
        with self._writing() as base:
            self._require(claim)
            base.execute(
                "UPDATE title SET state = 'done', owner = '', until = 0, failure = '', "
                "result = ? WHERE number = ?",
                (json.dumps(dict(result), ensure_ascii=False), claim.number),
            )
            base.execute("UPDATE output SET state = 'done' WHERE title = ?", (claim.number,))
            base.executemany(
                "INSERT INTO stage (title, name, seconds) VALUES (?, ?, ?) "
                "ON CONFLICT (title, name) DO UPDATE SET seconds = excluded.seconds",
                [(claim.number, name, seconds) for name, seconds in stages.items()],
            )
            self._note(claim.number, "done", "")

    def fail(
        self,
        claim: Claim,
        failure: Mapping[str, Any],
        *,
        delay: float | None,
        killed: bool = False,
    ) -> None:
        """Note a failed attempt.

        Args:
            claim: Of the title.
            failure: ``reason``, ``kind``, ``message``, ``remedy`` and ``lines``.
            delay: Seconds until the next attempt; ``None`` puts the title in quarantine.
            killed: The attempt ended its worker.

        Raises:
            LeaseLoss: the title is another runner's.
        """
        moment = self._clock()
        state = "quarantined" if delay is None else "delayed"
        with self._writing() as base:
            self._require(claim)
            base.execute(
                "UPDATE title SET state = ?, owner = '', boot = ?, until = ?, failure = ?, "
                "attempts = attempts + 1, kills = kills + ? WHERE number = ?",
                (
                    state,
                    moment.boot,
                    moment.seconds + (delay or 0),
                    json.dumps(dict(failure), ensure_ascii=False),
                    int(killed),
                    claim.number,
                ),
            )
            self._note(claim.number, state, f"{failure['reason']}: {failure['message']}")

    def release(self, claims: Sequence[Claim]) -> None:
        """Give titles back unfinished, as if they had not been claimed; lost ones are left."""
        with self._writing() as base:
            base.executemany(
                "UPDATE title SET state = 'waiting', owner = '', until = 0 "
                "WHERE number = ? AND token = ? AND state = 'running'",
                [(claim.number, claim.token) for claim in claims],
            )

    def _require(self, claim: Claim) -> None:
        row = self._base.execute(
            "SELECT 1 FROM title WHERE number = ? AND token = ? AND state = 'running'",
            (claim.number, claim.token),
        ).fetchone()
        if row is None:
            raise LeaseLoss(claim.job.id)

    def _note(self, title: int, what: str, detail: str) -> None:
        self._base.execute(
            "INSERT INTO event (time, title, what, detail) VALUES (?, ?, ?, ?)",
            (utc_seconds(), title, what, detail),
        )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection | PostgresBackend]:
        try:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
                self._base.execute("COMMIT")
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def _failure(self, error: sqlite3.Error) -> StoreError:
        return ledger_failure(self.path, error)

"""The ledger of a batch on a PostgreSQL server, for runners on several machines."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from subkit.batch.batch_ledger import BatchLedger
from subkit.batch.boot_clock import Moment
from subkit.batch.postgres_base import ConnectionLoss, PostgresBackend
from subkit.errors import PlanError, SchemaError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from subkit.batch.job_data import TitleJob
    from subkit.batch.title_claims import Claim

__all__ = ["PostgresLedger"]

_PATIENCE = 120.0
_PAUSE = 0.5
_Answer = TypeVar("_Answer")


class PostgresLedger(BatchLedger):
    """A connection to the ledger of a batch on a server.

    A server that is started anew is waited for, for two minutes; what was under way is done again.
    Where the answer to a commit is lost, that is refused as if the lease had been lost, or the
    lease ends by itself: nothing is done twice.

    Args:
        url: ``postgresql://…``, as libpq takes it; one schema holds one batch.
        create: Make the tables that are not there.
        patience: Seconds for which a server that is gone is waited for.

    Raises:
        PlanError: it is no address of PostgreSQL.
        PluginError: psycopg is not installed.
        SchemaError: the ledger was made by another version.
        StoreError: the server cannot be reached, or has no ledger there.
    """

    def __init__(self, url: str, *, create: bool = False, patience: float = _PATIENCE) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"postgresql", "postgres"}:
            raise PlanError("A ledger on a server is named postgresql://HOST/DATABASE.")
        self._url, self._patience = url, patience
        self._name = f"{parts.hostname or 'this machine'}{parts.path}"  # never the password
        super().__init__(Path(self._name), create=create, clock=self._server_time)

    def _opened(self, *, create: bool) -> PostgresBackend:
        try:
            base = PostgresBackend(self._url)
            try:
                if create:
                    base.make_tables()
                row = base.execute("SELECT value FROM batch WHERE key = 'version'").fetchone()
                if row != ("1",):
                    raise SchemaError(
                        f"The ledger at {self._name!r} was made by another version of subkit.",
                        remedy="Finish the batch with the subkit that began it.",
                    )
            except BaseException:
                base.close()
                raise
        except sqlite3.Error as error:
            raise self._failure(error) from None
        return base

    def _server_time(self) -> Moment:
        """The server's clock: those of the runners' machines may differ."""
        (seconds,) = self._base.execute(
            "SELECT extract(epoch FROM clock_timestamp())::double precision"
        ).fetchone()
        return Moment(boot="server", seconds=seconds)

    def _failure(self, error: sqlite3.Error) -> StoreError:
        if isinstance(error, ConnectionLoss):
            reason, remedy = "the server cannot be reached", "Look at the server and the address"
        else:
            reason, remedy = "it has no tables of a batch, or refuses", "Begin the batch with run"
        return StoreError(
            f"The ledger at {self._name!r} cannot be used: {reason}.",
            remedy=f"{remedy}; what is published stays as it is.",
        )

    def _again(self, work: Callable[[], _Answer]) -> _Answer:
        """Do some work, over again if the server was gone meanwhile."""
        until = time.monotonic() + self._patience
        while True:
            try:
                return work()
            except (ConnectionLoss, StoreError) as error:
                lost = error if isinstance(error, ConnectionLoss) else error.__cause__
                if not isinstance(lost, ConnectionLoss):
                    raise
                if time.monotonic() > until:
                    raise self._failure(lost) from None
            self._reconnect(until)

    def _reconnect(self, until: float) -> None:
        self._base.close()
        while (base := self._connected(until)) is None:
            time.sleep(_PAUSE)
        self._base = base

    def _connected(self, until: float) -> PostgresBackend | None:
        try:
            return PostgresBackend(self._url)
        except ConnectionLoss as error:
            if time.monotonic() > until:
                raise self._failure(error) from None
            return None

    def add(self, jobs: Iterable[tuple[TitleJob, Mapping[str, Any]]]) -> int:  # noqa: D102
        entered = list(jobs)
        return self._again(lambda: BatchLedger.add(self, entered))

    def refuse(self, titles: Iterable[tuple[TitleJob, Mapping[str, Any]]]) -> None:  # noqa: D102
        entered = list(titles)
        self._again(lambda: BatchLedger.refuse(self, entered))

    def claim(self, owner: str, count: int = 1) -> list[Claim]:  # noqa: D102
        return self._again(lambda: BatchLedger.claim(self, owner, count))

    def renew(self, claims: Sequence[Claim]) -> list[Claim]:  # noqa: D102
        return self._again(lambda: BatchLedger.renew(self, claims))

    def intend(  # noqa: D102
        self, claim: Claim, files: Mapping[str, str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        return self._again(lambda: BatchLedger.intend(self, claim, files))

    def replace_digest(self, claim: Claim, path: str, digest: str) -> None:  # noqa: D102
        self._again(lambda: BatchLedger.replace_digest(self, claim, path, digest))

    def finish(  # noqa: D102
        self, claim: Claim, result: Mapping[str, Any], stages: Mapping[str, float]
    ) -> None:
        self._again(lambda: BatchLedger.finish(self, claim, result, stages))

    def fail(  # noqa: D102
        self,
        claim: Claim,
        failure: Mapping[str, Any],
        *,
        delay: float | None,
        killed: bool = False,
    ) -> None:
        self._again(lambda: BatchLedger.fail(self, claim, failure, delay=delay, killed=killed))

    def release(self, claims: Sequence[Claim]) -> None:  # noqa: D102
        self._again(lambda: BatchLedger.release(self, claims))

    def retry(self, ids: Sequence[str] = ()) -> list[str]:  # noqa: D102
        return self._again(lambda: BatchLedger.retry(self, ids))

    def reopen(self, ids: Sequence[str]) -> None:  # noqa: D102
        self._again(lambda: BatchLedger.reopen(self, ids))

    def set_mode(self, mode: str) -> None:  # noqa: D102
        self._again(lambda: BatchLedger.set_mode(self, mode))

    def mode(self) -> str:  # noqa: D102
        return self._again(lambda: BatchLedger.mode(self))

    def counts(self) -> dict[str, int]:  # noqa: D102
        return self._again(lambda: BatchLedger.counts(self))

    def media_seconds(self) -> tuple[float, float]:  # noqa: D102
        return self._again(lambda: BatchLedger.media_seconds(self))

    def rows(self) -> Iterator[dict[str, Any]]:  # noqa: D102
        return iter(self._again(lambda: list(BatchLedger.rows(self))))

    def done_ids(self) -> Iterator[str]:  # noqa: D102
        return iter(self._again(lambda: list(BatchLedger.done_ids(self))))

    def stages(self) -> dict[str, float]:  # noqa: D102
        return self._again(lambda: BatchLedger.stages(self))

    def known(self) -> dict[str, tuple[TitleJob, dict[str, Any]]]:  # noqa: D102
        return self._again(lambda: BatchLedger.known(self))

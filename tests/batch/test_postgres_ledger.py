"""A ledger on a real PostgreSQL server: what holds of SQLite holds there, also when it restarts."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from subkit.batch import LocalOptions, PostgresLedger, RetryOptions, TitleJob, run_local
from subkit.batch.title_claims import LeaseLoss
from subkit.errors import PlanError, StoreError
from tests.batch.storm import require_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.builders.postgres import Server

pytest.importorskip("psycopg", reason="the extra postgresql is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="pg_ctl of POSIX"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    from tests.builders.postgres import Server

    made = Server()
    yield made
    made.close()


@pytest.fixture
def url(server: Server, request: pytest.FixtureRequest) -> str:
    import psycopg

    schema = f"s{abs(hash(request.node.name))}"
    with psycopg.connect(server.url, autocommit=True) as link:
        link.execute(f"CREATE SCHEMA {schema}")  # type: ignore[call-overload,arg-type,unused-ignore]
    return f"{server.url}?options=-csearch_path%3D{schema}"


def begun(url: str, folder: Path, ids: list[str]) -> PostgresLedger:
    ledger = PostgresLedger(url, create=True)
    ledger.add((TitleJob(id=n, media=folder / f"{n}.mkv"), {"duration": 1.0}) for n in ids)
    return ledger


def test_claims_pass_on_and_late_words_are_refused(url: str, tmp_path: Path) -> None:
    with begun(url, tmp_path, ["a", "b", "c"]) as ledger, PostgresLedger(url) as other:
        first, second = ledger.claim("host:1:1", 2), other.claim("host:2:1", 2)
        assert [c.job.id for c in (*first, *second)] == ["a", "b", "c"]
        assert other.claim("host:2:1", 2) == []
        assert ledger.intend(first[0], {"a.srt": "1"}) == ({}, {})
        assert ledger.intend(first[0], {"a.srt": "1"}) == ({"a.srt": "1"}, {})
        with pytest.raises(StoreError, match="Another title"):
            ledger.intend(first[1], {"a.srt": "1"})
        ledger.finish(first[0], {"seconds": 1}, {"spot": 0.5})
        with pytest.raises(LeaseLoss):
            ledger.finish(first[0], {}, {})
        failure = {"reason": "engine", "kind": "EngineError", "message": "It stumbled."}
        ledger.fail(first[1], failure, delay=None)
        assert other.counts() == {
            "waiting": 0, "running": 1, "delayed": 0, "done": 1, "quarantined": 1
        }  # fmt: skip
        assert ledger.retry() == ["b"]
        ledger.set_mode("pause")
        assert other.claim("host:2:1", 1) == []
        rows = {row["id"]: row for row in other.rows()}
        assert rows["a"]["files"] == ["a.srt"]
        assert ledger.media_seconds() == (3.0, 1.0)


def test_two_runners_share_it_while_the_server_restarts(
    url: str, server: Server, tmp_path: Path
) -> None:
    ids = [f"fine-{n}" for n in range(120)]
    ledger = begun(url, tmp_path, ids)
    options = LocalOptions(
        workers=2,
        module="tests.batch.simulated",
        min_free=0,
        retries=RetryOptions(delays=(0.0,) * 9),
    )

    def run() -> None:
        with PostgresLedger(url) as own:
            run_local(own, tmp_path, options)

    runners = [threading.Thread(target=run) for _ in range(2)]
    for runner in runners:
        runner.start()
    for number in (20, 60):
        while ledger.counts()["done"] < number:
            time.sleep(0.01)
        server.stop()
        server.start()
    for runner in runners:
        runner.join()
    assert ledger.counts()["done"] == 120
    ledger.close()
    require_whole(tmp_path, ids)


def test_no_message_holds_the_password(url: str, server: Server) -> None:
    with pytest.raises(StoreError, match="no tables of a batch") as empty:
        PostgresLedger(url)
    gone = server.url.replace("127.0.0.1", "127.0.0.2")
    with pytest.raises(StoreError, match="cannot be reached") as lost:
        PostgresLedger(gone)
    for error in (empty.value, lost.value):
        assert "secret-word" not in f"{error.message} {error.remedy} {error.__cause__}"
    with pytest.raises(PlanError):
        PostgresLedger("mysql://x/y")

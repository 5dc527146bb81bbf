"""The ledger of a batch: who may do what, whoever dies and whatever the clock says."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from subkit.batch import BatchLedger, TitleJob
from subkit.batch.boot_clock import Moment, is_alive, now, owner_name
from subkit.batch.ledger_tables import VERSION
from subkit.batch.title_claims import LEASE, LeaseLoss
from subkit.errors import PlanError, SchemaError, StoreError
from subkit.pipeline import RunOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = Moment(boot="first", seconds=1000.0)

    def __call__(self) -> Moment:
        return self.moment

    def move(self, seconds: float, boot: str = "first") -> None:
        self.moment = Moment(boot=boot, seconds=self.moment.seconds + seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Callable[..., BatchLedger]:
    def make(*, alive: bool = True) -> BatchLedger:
        path = tmp_path / "ledger.sqlite"
        return BatchLedger(path, create=True, clock=clock, alive=lambda _: alive)

    return make


def job(tmp_path: Path, name: str, **values: Any) -> TitleJob:
    return TitleJob(id=name, media=tmp_path / f"{name}.mkv", **values)


@pytest.fixture
def ledger(opened: Callable[..., BatchLedger], tmp_path: Path) -> BatchLedger:
    made = opened()
    made.add([(job(tmp_path, name), {"duration": 5.0}) for name in "abc"])
    return made


FAILURE = {"reason": "engine", "kind": "EngineError", "message": "It stumbled."}


def ids(claims: list[Any]) -> list[str]:
    return [claim.job.id for claim in claims]


def test_titles_are_claimed_by_priority_then_deadline_then_order(
    opened: Callable[..., BatchLedger], tmp_path: Path
) -> None:
    ledger = opened()
    ledger.add(
        (job(tmp_path, name, priority=priority, deadline=deadline), {})
        for name, priority, deadline in [
            ("late", 0, ""),
            ("dated", 0, "2027-02-01"),
            ("sooner", 0, "2027-01-01"),
            ("urgent", 5, ""),
        ]
    )
    assert ids(ledger.claim("me", 10)) == ["urgent", "sooner", "dated", "late"]


def test_a_title_is_claimed_once(ledger: BatchLedger, opened: Callable[..., BatchLedger]) -> None:
    other = opened()
    first, second = ledger.claim("me", 2), other.claim("you", 2)
    assert sorted(ids([*first, *second])) == ["a", "b", "c"]
    assert other.claim("you", 2) == []


def test_a_lease_that_is_over_passes_on_and_its_owner_is_refused(
    ledger: BatchLedger, clock: Clock
) -> None:
    (mine,) = ledger.claim("me", 1)
    clock.move(LEASE - 1)
    assert ledger.renew([mine]) == []
    clock.move(LEASE - 1)
    assert ids(ledger.claim("you", 1)) == ["b"]
    clock.move(2)
    (yours,) = [c for c in ledger.claim("you", 2) if c.job.id == "a"]
    assert yours.token > mine.token
    assert ledger.renew([mine, yours]) == [mine]
    for late in (
        lambda: ledger.intend(mine, {"a.srt": "1"}),
        lambda: ledger.finish(mine, {}, {}),
        lambda: ledger.fail(mine, FAILURE, delay=None),
        lambda: ledger.replace_digest(mine, "a.srt", "2"),
    ):
        with pytest.raises(LeaseLoss):
            late()
    ledger.release([mine])
    ledger.finish(yours, {"seconds": 1}, {"spot": 0.5})
    assert ledger.counts()["done"] == 1


def test_titles_of_a_dead_owner_pass_on_at_once(
    ledger: BatchLedger, opened: Callable[..., BatchLedger]
) -> None:
    ledger.claim("me", 3)
    assert ledger.claim("you", 3) == []
    assert ids(opened(alive=False).claim("you", 3)) == ["a", "b", "c"]


def test_a_machine_started_anew_ends_all_leases_and_delays(
    ledger: BatchLedger, clock: Clock
) -> None:
    running, failed = ledger.claim("me", 2)
    ledger.fail(failed, FAILURE, delay=1000.0)
    clock.move(-900, boot="second")
    assert sorted(ids(ledger.claim("you", 3))) == ["a", "b", "c"]
    assert ledger.renew([running]) == [running]


def test_a_failed_title_waits_and_comes_again(ledger: BatchLedger, clock: Clock) -> None:
    (claim,) = ledger.claim("me", 1)
    ledger.fail(claim, FAILURE, delay=30.0, killed=True)
    assert ids(ledger.claim("me", 3)) == ["b", "c"]
    clock.move(30)
    (again,) = ledger.claim("me", 3)
    assert (again.job.id, again.attempts, again.kills) == ("a", 1, 1)


def test_quarantine_holds_the_reason_until_a_person_retries(ledger: BatchLedger) -> None:
    (claim,) = ledger.claim("me", 1)
    ledger.fail(claim, {**FAILURE, "lines": ["x"]}, delay=None)
    (row,) = [row for row in ledger.rows() if row["state"] == "quarantined"]
    assert (row["id"], row["failure"]["message"], row["failure"]["lines"]) == (
        "a", "It stumbled.", ["x"]
    )  # fmt: skip
    with pytest.raises(PlanError, match="'b' is waiting"):
        ledger.retry(["b"])
    with pytest.raises(PlanError, match="'z' is not in the batch"):
        ledger.retry(["z"])
    assert ledger.retry() == ["a"]
    (again,) = ledger.claim("me", 1)
    assert (again.job.id, again.attempts) == ("a", 0)


def test_pause_and_drain_give_out_nothing(ledger: BatchLedger) -> None:
    for mode in ("pause", "drain"):
        ledger.set_mode(mode)
        assert ledger.claim("me", 3) == []
    ledger.set_mode("run")
    assert len(ledger.claim("me", 3)) == 3


def test_adding_again_changes_priority_and_waiting_work_but_nothing_done(
    ledger: BatchLedger, tmp_path: Path
) -> None:
    (done,) = ledger.claim("me", 1)
    ledger.finish(done, {}, {})
    urgent = job(tmp_path, "c", priority=9)
    assert ledger.add([(job(tmp_path, "a", priority=3), {}), (urgent, {})]) == 0
    assert ledger.counts()["done"] == 1
    other = replace(urgent, options=RunOptions(to=("ko",)))
    ledger.add([(other, {})])
    with pytest.raises(PlanError, match="'a' is done with other options"):
        ledger.add([(job(tmp_path, "d"), {}), (job(tmp_path, "a", formats=("vtt",)), {})])
    assert ledger.counts()["waiting"] == 2  # nothing of the refused call was kept
    assert ledger.claim("me", 1)[0].job == other


def test_a_refused_title_waits_as_soon_as_it_can_be_begun(
    ledger: BatchLedger, tmp_path: Path
) -> None:
    told = {"kind": "MediaError", "message": "It is broken.", "remedy": ""}
    (running,) = ledger.claim("me", 1)
    ledger.refuse([(job(tmp_path, name), told) for name in ("a", "b", "z")])
    states = {row["id"]: row["state"] for row in ledger.rows()}
    assert states == {"a": "running", "b": "quarantined", "c": "waiting", "z": "quarantined"}
    ledger.add([(job(tmp_path, "z"), {"duration": 1.0})])
    ledger.finish(running, {}, {})
    assert {c.job.id for c in ledger.claim("me", 9)} == {"c", "z"}


def test_digests_intended_before_are_remembered(ledger: BatchLedger, clock: Clock) -> None:
    (first,) = ledger.claim("me", 1)
    assert ledger.intend(first, {"a.srt": "1"}) == ({}, {})
    clock.move(LEASE + 1)
    (second,) = ledger.claim("you", 1)
    assert ledger.intend(second, {"a.srt": "2"}) == ({"a.srt": "1"}, {})
    ledger.replace_digest(second, "a.srt", "2")
    ledger.finish(second, {}, {})
    (other,) = ledger.claim("you", 1)
    with pytest.raises(StoreError, match="Another title of the batch"):
        ledger.intend(other, {"a.srt": "3"})


def test_a_file_that_is_no_ledger_of_this_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with pytest.raises(StoreError, match="cannot be used"):
        BatchLedger(path)
    path.write_bytes(b"no database at all, only text" * 100)
    with pytest.raises(StoreError, match="damaged, or no ledger"):
        BatchLedger(path)
    path.unlink()
    sqlite3.connect(path).execute("CREATE TABLE x (y)").connection.close()
    with pytest.raises(StoreError, match="not the ledger"):
        BatchLedger(path, create=True)
    path.unlink()
    BatchLedger(path, create=True).close()
    base = sqlite3.connect(path)
    base.execute(f"PRAGMA user_version = {VERSION + 1}")
    base.close()
    with pytest.raises(SchemaError, match=f"version {VERSION + 1}"):
        BatchLedger(path)


def test_this_process_is_alive_and_others_of_its_number_are_not() -> None:
    me = owner_name()
    assert is_alive(me)
    assert is_alive("elsewhere:1:2")
    host, pid, _ = me.split(":")
    assert not is_alive(f"{host}:{pid}:1")
    assert now().seconds <= now().seconds


def test_the_cost_of_a_claim_does_not_grow_with_the_batch(ledger: BatchLedger) -> None:
    statements: list[str] = []
    assert isinstance(ledger._base, sqlite3.Connection)
    ledger._base.set_trace_callback(statements.append)
    (claim,) = ledger.claim("me", 1)
    ledger.intend(claim, {"a.srt": "1"})
    ledger.finish(claim, {}, {"spot": 1.0})
    ledger._base.set_trace_callback(None)
    asked = [one for one in statements if one.startswith(("SELECT", "UPDATE"))]
    assert len(asked) > 6
    for one in asked:
        steps = [row[3] for row in ledger._base.execute(f"EXPLAIN QUERY PLAN {one}")]
        assert not any("TEMP B-TREE" in step for step in steps), one
        scans = [step for step in steps if step.startswith("SCAN") and "USING INDEX" not in step]
        assert not scans, one


def test_media_seconds_are_those_of_all_titles_and_of_the_done(ledger: BatchLedger) -> None:
    (claim,) = ledger.claim("me", 1)
    ledger.finish(claim, {}, {})
    assert ledger.media_seconds() == (15.0, 5.0)
    assert list(ledger.done_ids()) == ["a"]

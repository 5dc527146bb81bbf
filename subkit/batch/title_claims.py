"""Claims of titles: what a runner may work on, and how it loses that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from subkit.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.batch.job_data import TitleJob

__all__ = ["LEASE", "STATES", "Claim", "LeaseLoss", "is_other_media", "is_same_work", "refusal_of"]

LEASE = 60.0
"""Seconds for which a title belongs to a runner that does not renew its claim."""

STATES = ("waiting", "running", "delayed", "done", "quarantined")
"""States of a title: ``delayed`` waits for its next attempt, ``quarantined`` for a person."""


class LeaseLoss(Exception):  # noqa: N818 - the name reads as what happened
    """The title belongs to another runner now: what this one has made of it is dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A title that a runner may work on.

    Attributes:
        number: Of the title in the ledger.
        token: Of this claim.
        job: What is to be done.
        facts: What was found when it was planned: ``duration`` in seconds, ``size`` in bytes.
        attempts: How many failed before.
        kills: How many of these ended a worker.
    """

    number: int
    token: int
    job: TitleJob
    facts: Mapping[str, Any]
    attempts: int = 0
    kills: int = 0


def is_same_work(before: TitleJob, job: TitleJob) -> bool:
    """Return whether two jobs make the same of a title; when it is done is another matter."""
    return replace(before, priority=job.priority, deadline=job.deadline) == job


def is_other_media(result: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether a title was made of another media file than the one that is there now.

    By content: a file that was only copied or touched is the same.

    Args:
        result: What its worker told.
        facts: Of the media; with a ``digest`` where the file was written since.
    """
    made_of, now = result.get("media"), facts.get("digest")
    return bool(made_of and now and made_of != now)


def refusal_of(refused: Sequence[tuple[str, str]]) -> PlanError:
    """Return the error for titles, with their states, that were to be done otherwise."""
    (first, state), others = refused[0], len(refused) - 1
    more = f" So {'is' if others == 1 else 'are'} {others} more." if others else ""
    return PlanError(
        f"The title {first!r} is {state} with other options.{more}",
        remedy="Give the same options, or another output folder (-o) for a new batch.",
    )

"""A batch as a person and as a program read it: its plan, and how far it is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from subkit.batch import rows_as_they_are, told_endings
from subkit_cli import console

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from subkit.batch import BatchLedger, BatchPlan

__all__ = ["plan_json", "print_plan", "print_status", "status_json"]

_MAX_NOTES = 20
_MAX_NAMED = 5
"""Titles that are named for one problem; the rest are counted, and all are in the JSON."""


def plan_json(plan: BatchPlan) -> dict[str, Any]:
    """Facts of a plan for programs."""
    return {
        "titles": [
            {
                "id": title.job.id,
                "media": str(title.job.media),
                "to": list(title.job.options.to),
                "priority": title.job.priority,
                "deadline": title.job.deadline or None,
                **{key: title.facts[key] for key in ("duration", "size")},
            }
            for title in plan.titles
        ],
        "problems": [
            {
                "titles": list(problem.titles),
                "kind": problem.kind,
                "message": problem.message,
                "remedy": problem.remedy,
            }
            for problem in plan.problems
        ],
        "left_out": dict(plan.left_out),
        "models": list(plan.models),
        "notes": list(plan.notes),
        "media_seconds": round(plan.media_seconds, 3),
        "seconds": None if plan.seconds is None else round(plan.seconds, 1),
        "memory_bytes": plan.memory,
    }


def print_plan(plan: BatchPlan, *, workers: int, quiet: bool) -> None:
    """Print what will be done and what will fail; when quiet, only what will fail."""
    if not quiet:
        hours = plan.media_seconds / 3600
        console.print_line(f"titles      {len(plan.titles)}, {hours:.1f} h of media")
        console.print_line(f"models      {', '.join(plan.models) or 'none'}")
        if plan.seconds is not None:
            console.print_line(
                f"time        {plan.seconds / 3600 / workers:.1f} h with {workers} workers, "
                f"for recognition, as calibrated ({plan.speed:.0f} × real time)"
            )
        else:
            console.print_line("time        not known: run subkit models calibrate first")
        console.print_line(f"memory      {plan.memory / (1 << 30):.1f} GiB a worker, about")
        if plan.left_out:
            console.print_line(f"left out    {told_endings(plan.left_out)}")
        for note in plan.notes:
            console.print_line(f"note        {note}")
    for problem in plan.problems:
        more = len(problem.titles) - _MAX_NAMED
        named = ", ".join(problem.titles[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
        console.print_line(f"will fail   {named}: {problem.message} {problem.remedy}".rstrip())


def status_json(ledger: BatchLedger, folder: Path) -> dict[str, Any]:
    """Facts of a batch for programs."""
    titles = list(rows_as_they_are(ledger.rows(), folder))
    return {"mode": ledger.mode(), "counts": ledger.counts(), "titles": titles}


def print_status(ledger: BatchLedger, folder: Path, *, quiet: bool) -> int:
    """Print counts and failures, when quiet the ids of those alone; return how many are lost."""
    counts: Counter[str] = Counter()
    failed, noted, hours, work = [], [], 0.0, 0.0
    for row in rows_as_they_are(ledger.rows(), folder):  # one by one: there may be ten thousand
        counts[row["state"]] += 1
        if row["state"] in {"quarantined", "delayed", "lost"}:
            failed.append(row)
        if row["state"] == "done":
            hours += float(row["facts"].get("duration", 0)) / 3600
            work += float(row["result"].get("seconds", 0)) / 3600
            noted += [(row["id"], note) for note in row["result"].get("notes", ())]
    if quiet:
        for row in (row for row in failed if row["state"] != "delayed"):
            console.print_line(row["id"])
        return counts["lost"]
    told = ", ".join(f"{n} {state}" for state, n in counts.items())
    console.print_line(f"titles      {told or 'none'}")
    if work:
        console.print_line(f"done        {hours:.2f} h of media in {work:.2f} h of work")
    if ledger.mode() != "run":
        console.print_line(f"mode        {ledger.mode()}; subkit batch resume DIR goes on")
    for row in failed:
        _print_failure(row)
    _print_notes(noted)
    return counts["lost"]


def _print_notes(noted: list[tuple[str, str]]) -> None:
    """Print what runs said of titles that are done."""
    for title, note in noted[:_MAX_NOTES]:
        console.print_line(f"note        {title}: {note}")
    if len(noted) > _MAX_NOTES:
        console.print_line(f"note        and {len(noted) - _MAX_NOTES} more, see the report")


def _print_failure(row: Mapping[str, Any]) -> None:
    failure = row["failure"]
    told = f"{failure['message']} {failure.get('remedy', '')}".rstrip()
    console.print_line(f"{row['state']:<11} {row['id']} ({failure['reason']}): {told}")
    for line in failure.get("lines", [])[-3:]:
        console.print_line(f"            | {line}")

"""How far a batch is, in the text format of Prometheus."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subkit.batch.batch_ledger import BatchLedger

__all__ = ["metrics_text"]


def metrics_text(ledger: BatchLedger) -> str:
    """Return the metrics of a batch (text format 0.0.4), for the textfile collector or a server.

    No title is named, so that there are as many series for 10 titles as for 10,000.
    """
    total, done = ledger.media_seconds()
    failures: dict[str, float] = {}
    for row in ledger.rows():
        if row["state"] == "quarantined":
            reason = str(row["failure"].get("reason", "unknown"))
            failures[reason] = failures.get(reason, 0) + 1
    families = (
        ("titles", "Titles of the batch by state.", "state", ledger.counts()),
        ("quarantined_titles", "Titles in quarantine by reason.", "reason", failures),
        ("media_seconds", "Duration of the media of all titles.", "", {"": total}),
        ("done_media_seconds", "Duration of the media that are done.", "", {"": done}),
        ("stage_seconds", "Seconds of work by stage.", "stage", ledger.stages()),
    )
    lines = []
    for name, meaning, label, values in families:
        lines += [f"# HELP subkit_batch_{name} {meaning}", f"# TYPE subkit_batch_{name} gauge"]
        for value, number in sorted(values.items()):
            labels = f'{{{label}="{_escaped(value)}"}}' if label else ""
            lines.append(f"subkit_batch_{name}{labels} {_number(number)}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if math.isfinite(value) and value == int(value) else f"{value:.3f}"

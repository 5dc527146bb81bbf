"""Metrics of a batch, as Prometheus reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.batch import BatchLedger, TitleJob, metrics_text

if TYPE_CHECKING:
    from pathlib import Path


def test_metrics_count_titles_reasons_and_seconds(tmp_path: Path) -> None:
    with BatchLedger(tmp_path / "ledger.sqlite", create=True) as ledger:
        jobs = [TitleJob(id=name, media=tmp_path / name) for name in "abc"]
        ledger.add((job, {"duration": 2.5}) for job in jobs)
        done, failed = ledger.claim("me", 2)
        ledger.finish(done, {}, {"spot": 0.25})
        failure = {"reason": 'a "new"\nline', "kind": "X", "message": "It failed."}
        ledger.fail(failed, failure, delay=None)
        lines = metrics_text(ledger).splitlines()
    assert 'subkit_batch_titles{state="done"} 1' in lines
    assert 'subkit_batch_titles{state="waiting"} 1' in lines
    assert 'subkit_batch_quarantined_titles{reason="a \\"new\\"\\nline"} 1' in lines
    assert "subkit_batch_media_seconds 7.500" in lines
    assert "subkit_batch_done_media_seconds 2.500" in lines
    assert 'subkit_batch_stage_seconds{stage="spot"} 0.250' in lines
    assert all(line.startswith(("# HELP ", "# TYPE ", "subkit_batch_")) for line in lines)

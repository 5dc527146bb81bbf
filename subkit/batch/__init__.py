"""Catalogues: many titles, planned before anything runs, done by workers, nothing lost or twice."""

from subkit.batch.batch_ledger import BatchLedger
from subkit.batch.batch_plan import BatchPlan, PlannedTitle, Problem, plan_batch, told_endings
from subkit.batch.job_data import TitleJob
from subkit.batch.local_engine import LocalOptions, batch_folder, run_local
from subkit.batch.manifest import MEDIA_ENDINGS, BatchEntry, Listing, read_source
from subkit.batch.retry_rules import RetryOptions
from subkit.batch.title_claims import Claim

__all__ = [
    "MEDIA_ENDINGS",
    "BatchEntry",
    "BatchLedger",
    "BatchPlan",
    "Claim",
    "Listing",
    "LocalOptions",
    "PlannedTitle",
    "Problem",
    "RetryOptions",
    "TitleJob",
    "batch_folder",
    "plan_batch",
    "read_source",
    "run_local",
    "told_endings",
]

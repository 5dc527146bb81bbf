"""Catalogues: many titles, planned before anything runs, done by workers, nothing lost or twice."""

from subkit.batch.batch_ledger import BatchLedger
from subkit.batch.batch_metrics import metrics_text
from subkit.batch.batch_plan import BatchPlan, PlannedTitle, Problem, plan_batch, told_endings
from subkit.batch.catalogue_facts import CatalogueTrack, RiskyCue, riskiest, title_tracks
from subkit.batch.catalogue_page import CatalogueReport, page_of_catalogue
from subkit.batch.job_data import TitleJob
from subkit.batch.local_engine import LocalOptions, batch_folder, run_local
from subkit.batch.lost_results import rows_as_they_are
from subkit.batch.manifest import MEDIA_ENDINGS, BatchEntry, Listing, read_source
from subkit.batch.postgres_ledger import PostgresLedger
from subkit.batch.ray_engine import RayOptions, run_ray
from subkit.batch.retry_rules import RetryOptions
from subkit.batch.title_claims import Claim

__all__ = [
    "MEDIA_ENDINGS",
    "BatchEntry",
    "BatchLedger",
    "BatchPlan",
    "CatalogueReport",
    "CatalogueTrack",
    "Claim",
    "Listing",
    "LocalOptions",
    "PlannedTitle",
    "PostgresLedger",
    "Problem",
    "RayOptions",
    "RetryOptions",
    "RiskyCue",
    "TitleJob",
    "batch_folder",
    "metrics_text",
    "page_of_catalogue",
    "plan_batch",
    "read_source",
    "riskiest",
    "rows_as_they_are",
    "run_local",
    "run_ray",
    "title_tracks",
    "told_endings",
]

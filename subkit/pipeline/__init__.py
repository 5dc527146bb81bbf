"""Stages, and the main job made of them."""

from subkit.pipeline.checking import check_project, check_track, checked_tracks
from subkit.pipeline.export import export, export_tracks, require_approved
from subkit.pipeline.importing import import_file
from subkit.pipeline.options import RunOptions, StyleOptions
from subkit.pipeline.planning import Plan, plan_run, recognizer_model, translator_model
from subkit.pipeline.provenance import DEMO_WARNING, disclosure, tool_version
from subkit.pipeline.returning import Import, Refusal
from subkit.pipeline.run import (
    Outcome,
    open_project,
    run,
    run_plan,
    spot_project,
    transcribe_project,
    translate_project,
)
from subkit.pipeline.shots import listed_shots, shots_listed_for
from subkit.pipeline.spotting import SOUND_ONLY_RATE, frame_rate_of
from subkit.pipeline.subtitle import subtitle_project

__all__ = [
    "DEMO_WARNING",
    "SOUND_ONLY_RATE",
    "Import",
    "Outcome",
    "Plan",
    "Refusal",
    "RunOptions",
    "StyleOptions",
    "check_project",
    "check_track",
    "checked_tracks",
    "disclosure",
    "export",
    "export_tracks",
    "frame_rate_of",
    "import_file",
    "listed_shots",
    "open_project",
    "plan_run",
    "recognizer_model",
    "require_approved",
    "run",
    "run_plan",
    "shots_listed_for",
    "spot_project",
    "subtitle_project",
    "tool_version",
    "transcribe_project",
    "translate_project",
    "translator_model",
]

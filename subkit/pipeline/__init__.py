"""Stages, and the main job made of them."""

from subkit.pipeline.checking import check_project, check_track, checked_tracks
from subkit.pipeline.disclosure import Disclosure, disclose, disclosure
from subkit.pipeline.export import export, export_tracks, note_undisclosed
from subkit.pipeline.fixing import TrackFixes, commit_fixes, fix_project
from subkit.pipeline.importing import import_file
from subkit.pipeline.loading import LoadedRecognizer, LoadedTranslator, calibration_folder
from subkit.pipeline.opening import open_project, open_subtitle
from subkit.pipeline.options import DEFAULT_STYLE, RunOptions, StyleOptions
from subkit.pipeline.planning import (
    Plan,
    chosen_recognizer,
    plan_run,
    plan_translation,
    recognizer_model,
    suitable_recognizer,
    translator_model,
)
from subkit.pipeline.provenance import DEMO_WARNING, tool_version
from subkit.pipeline.reading import ReadingShare, reading_shares
from subkit.pipeline.returning import Import, Refusal
from subkit.pipeline.run import (
    Outcome,
    run,
    run_plan,
    spot_project,
    transcribe_project,
)
from subkit.pipeline.shots import listed_shots, shots_listed_for
from subkit.pipeline.signoff import require_gate, review_level
from subkit.pipeline.spotting import SOUND_ONLY_RATE, frame_rate_of
from subkit.pipeline.subtitle import subtitle_project
from subkit.pipeline.subtitle_translation import (
    SubtitleSource,
    Translation,
    read_subtitle,
    translate_subtitle,
)
from subkit.pipeline.targets import translate_project
from subkit.pipeline.terminology import (
    adopt_terminology,
    learn_from_files,
    learn_from_project,
    preferences_for,
    read_terminology,
    with_terminology,
)
from subkit.pipeline.titles import Failure, run_plans

__all__ = [
    "DEFAULT_STYLE",
    "DEMO_WARNING",
    "SOUND_ONLY_RATE",
    "Disclosure",
    "Failure",
    "Import",
    "LoadedRecognizer",
    "LoadedTranslator",
    "Outcome",
    "Plan",
    "ReadingShare",
    "Refusal",
    "RunOptions",
    "StyleOptions",
    "SubtitleSource",
    "TrackFixes",
    "Translation",
    "adopt_terminology",
    "calibration_folder",
    "check_project",
    "check_track",
    "checked_tracks",
    "chosen_recognizer",
    "commit_fixes",
    "disclose",
    "disclosure",
    "export",
    "export_tracks",
    "fix_project",
    "frame_rate_of",
    "import_file",
    "learn_from_files",
    "learn_from_project",
    "listed_shots",
    "note_undisclosed",
    "open_project",
    "open_subtitle",
    "plan_run",
    "plan_translation",
    "preferences_for",
    "read_subtitle",
    "read_terminology",
    "reading_shares",
    "recognizer_model",
    "require_gate",
    "review_level",
    "run",
    "run_plan",
    "run_plans",
    "shots_listed_for",
    "spot_project",
    "subtitle_project",
    "suitable_recognizer",
    "tool_version",
    "transcribe_project",
    "translate_project",
    "translate_subtitle",
    "translator_model",
    "with_terminology",
]

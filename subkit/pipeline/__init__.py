"""The way of a title: what it needs is planned, its stages are run, its files are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.lazy_names import on_first_use

if TYPE_CHECKING:
    from subkit.pipeline.dubbing_changes import cut_changes, load_layout, stage_facts
    from subkit.pipeline.dubbing_preparation import (
        DubOptions,
        load_territory,
        prepare_dubbing,
        with_lengths,
    )
    from subkit.pipeline.dubbing_recut import DubRecut, RecutFlag, conform_dubbing
    from subkit.pipeline.dubbing_report import (
        DubbedWork,
        dubbed_track,
        relooped,
        report_dubbing,
    )
    from subkit.pipeline.dubbing_scripts import read_script
    from subkit.pipeline.fix_commits import commit_fixes
    from subkit.pipeline.given_texts import KnownText, read_text
    from subkit.pipeline.loaded_engines import (
        LoadedRecognizer,
        LoadedTranslator,
        calibration_folder,
    )
    from subkit.pipeline.plan import (
        Plan,
        chosen_recognizer,
        plan_run,
        plan_translation,
        recognizer_model,
        require_distinct,
        suitable_recognizer,
        translator_model,
    )
    from subkit.pipeline.plugin_choice import with_plugins
    from subkit.pipeline.project_files import open_project, open_subtitle
    from subkit.pipeline.recutting import Recut, commit_conformed, conform_to, read_recut
    from subkit.pipeline.resyncing import (
        SyncReference,
        read_reference,
        resync_project,
        sync_tracks,
    )
    from subkit.pipeline.rhythmo_bands import BandOptions, write_band
    from subkit.pipeline.run_options import RunOptions
    from subkit.pipeline.stages.project_translation import translate_project
    from subkit.pipeline.stages.shot_detection import listed_shots, shots_listed_for
    from subkit.pipeline.stages.speaker_labelling import voice_encoder
    from subkit.pipeline.subtitle_account import SubtitleFacts, subtitle_facts
    from subkit.pipeline.subtitle_conversion import (
        ConvertedFile,
        convert_subtitle,
        converted_names,
    )
    from subkit.pipeline.subtitle_files import subtitle_project
    from subkit.pipeline.subtitle_translation import (
        SubtitleSource,
        Translation,
        read_subtitle,
        translate_subtitle,
    )
    from subkit.pipeline.terminology_files import (
        adopt_terminology,
        learn_from_files,
        read_terminology,
    )
    from subkit.pipeline.text_alignment_runs import AlignedTrack, AlignmentJob, align_project
    from subkit.pipeline.title_queue import Failure, run_plans
    from subkit.pipeline.title_runs import (
        Outcome,
        run_plan,
        speakers_project,
        spot_project,
        transcribe_project,
    )
    from subkit.pipeline.track_files import (
        Exported,
        Output,
        export_files,
        export_tracks,
        file_suffixes,
        note_undisclosed,
    )
    from subkit.pipeline.track_writing import written_track
    from subkit.pipeline.voice_memory import KeptVoices, keep_voices, name_by_voices

__all__ = [
    "AlignedTrack",
    "AlignmentJob",
    "BandOptions",
    "ConvertedFile",
    "DubOptions",
    "DubRecut",
    "DubbedWork",
    "Exported",
    "Failure",
    "KeptVoices",
    "KnownText",
    "LoadedRecognizer",
    "LoadedTranslator",
    "Outcome",
    "Output",
    "Plan",
    "Recut",
    "RecutFlag",
    "RunOptions",
    "SubtitleFacts",
    "SubtitleSource",
    "SyncReference",
    "Translation",
    "adopt_terminology",
    "align_project",
    "calibration_folder",
    "chosen_recognizer",
    "commit_conformed",
    "commit_fixes",
    "conform_dubbing",
    "conform_to",
    "convert_subtitle",
    "converted_names",
    "cut_changes",
    "dubbed_track",
    "export_files",
    "export_tracks",
    "file_suffixes",
    "keep_voices",
    "learn_from_files",
    "listed_shots",
    "load_layout",
    "load_territory",
    "name_by_voices",
    "note_undisclosed",
    "open_project",
    "open_subtitle",
    "plan_run",
    "plan_translation",
    "prepare_dubbing",
    "read_recut",
    "read_reference",
    "read_script",
    "read_subtitle",
    "read_terminology",
    "read_text",
    "recognizer_model",
    "relooped",
    "report_dubbing",
    "require_distinct",
    "resync_project",
    "run_plan",
    "run_plans",
    "shots_listed_for",
    "speakers_project",
    "spot_project",
    "stage_facts",
    "subtitle_facts",
    "subtitle_project",
    "suitable_recognizer",
    "sync_tracks",
    "transcribe_project",
    "translate_project",
    "translate_subtitle",
    "translator_model",
    "voice_encoder",
    "with_lengths",
    "with_plugins",
    "write_band",
    "written_track",
]

__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "dubbing_changes": "cut_changes load_layout stage_facts",
        "dubbing_preparation": "DubOptions load_territory prepare_dubbing with_lengths",
        "dubbing_recut": "DubRecut RecutFlag conform_dubbing",
        "rhythmo_bands": "BandOptions write_band",
        "dubbing_report": "DubbedWork dubbed_track relooped report_dubbing",
        "dubbing_scripts": "read_script",
        "fix_commits": "commit_fixes",
        "given_texts": "KnownText read_text",
        "loaded_engines": "LoadedRecognizer LoadedTranslator calibration_folder",
        "plan": (
            "Plan chosen_recognizer plan_run plan_translation recognizer_model "
            "require_distinct suitable_recognizer translator_model"
        ),
        "plugin_choice": "with_plugins",
        "project_files": "open_project open_subtitle",
        "recutting": "Recut commit_conformed conform_to read_recut",
        "resyncing": "SyncReference read_reference resync_project sync_tracks",
        "run_options": "RunOptions",
        "stages.project_translation": "translate_project",
        "stages.shot_detection": "listed_shots shots_listed_for",
        "stages.speaker_labelling": "voice_encoder",
        "subtitle_account": "SubtitleFacts subtitle_facts",
        "subtitle_conversion": "ConvertedFile convert_subtitle converted_names",
        "subtitle_files": "subtitle_project",
        "subtitle_translation": "SubtitleSource Translation read_subtitle translate_subtitle",
        "terminology_files": "adopt_terminology learn_from_files read_terminology",
        "text_alignment_runs": "AlignedTrack AlignmentJob align_project",
        "title_queue": "Failure run_plans",
        "title_runs": "Outcome run_plan speakers_project spot_project transcribe_project",
        "track_files": (
            "Exported Output export_files export_tracks file_suffixes note_undisclosed"
        ),
        "track_writing": "written_track",
        "voice_memory": "KeptVoices keep_voices name_by_voices",
    },
)

"""Under which heading of ``--help`` each setting stands."""

from __future__ import annotations

__all__ = ["HEADINGS", "SETTING_GROUPS"]

SETTING_GROUPS = {
    "results": (
        "to",
        "output_dir",
        "output_format",
        "overwrite",
        "strict",
        "no_disclosure",
        "by",
    ),
    "what is said": (
        "language",
        "model",
        "task",
        "audio_stream",
        "dialogue_channel",
        "hotwords",
        "initial_prompt",
        "prefix",
    ),
    "how it is recognised": (
        "recognizer",
        "voice",
        "mode",
        "beam_size",
        "batch_size",
        "aligner",
        "speakers",
        "speaker_count",
        "vad_filter",
        "vad_threshold",
        "vad_min_silence",
        "vad_pad",
        "second_opinion",
        "second_opinion_threshold",
        "readings",
        "condition_on_previous_text",
    ),
    "translation": (
        "translator",
        "alternatives",
        "fit",
        "diverse",
        "context",
        "tm",
        "glossary",
        "register",
        "refiner",
        "refine",
        "refine_model",
        "refine_lines",
    ),
    "house style": (
        "profile",
        "styles",
        "max_line_width",
        "max_line_count",
        "shots",
        "encoding",
        "rules",
    ),
    "this machine": ("device", "compute_type", "threads", "models_folder", "offline"),
}
"""Heading in ``--help`` -> the settings under it."""

HEADINGS = {key: heading for heading, keys in SETTING_GROUPS.items() for key in keys}
"""Setting -> its heading."""

"""Settings as given -> options of the library."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from subkit.engines import RefineOptions, default_models_folder
from subkit.errors import InputError, PlanError, TimecodeError
from subkit.model import FrameRate, seconds
from subkit.pipeline import RunOptions
from subkit.styles import Styles, find_profile_id, read_own_styles
from subkit_cli.settings import gather

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from subkit.decode import RecognitionOptions, WindowOptions

__all__ = [
    "DEVICE_KEYS",
    "DISCLOSURE_KEYS",
    "MODEL_KEYS",
    "RECOGNITION_KEYS",
    "STYLE_KEYS",
    "TRANSLATION_KEYS",
    "frame_rate_from",
    "models_folder",
    "options_from",
    "settings_from",
    "undisclosed_by",
]

MODEL_KEYS = ("models_folder", "offline")
DEVICE_KEYS = ("device", "compute_type", "threads")
RECOGNITION_KEYS = (
    "language",
    "model",
    "recognizer",
    "voice",
    "task",
    *DEVICE_KEYS,
    "mode",
    "beam_size",
    "batch_size",
    "audio_stream",
    "dialogue_channel",
    "vad_filter",
    "vad_threshold",
    "vad_min_silence",
    "vad_pad",
    "second_opinion",
    "second_opinion_threshold",
    "initial_prompt",
    "prefix",
    "hotwords",
    "readings",
    "condition_on_previous_text",
)
TRANSLATION_KEYS = (
    "to",
    "translator",
    "alternatives",
    "fit",
    "diverse",
    "refine",
    "refine_model",
    "refine_lines",
    "refiner",
    "context",
    "tm",
    "glossary",
    "register",
)
DISCLOSURE_KEYS = ("no_disclosure", "by")
STYLE_KEYS = ("profile", "styles", "max_line_width", "max_line_count")

_HOTWORD_BYTES = 64 * 1024
_FASTEST = 1000  # frames a second: above are no films
_NTSC = {
    "23.976": "24000/1001",
    "23.98": "24000/1001",
    "29.97": "30000/1001",
    "47.95": "48000/1001",
    "59.94": "60000/1001",
    "119.88": "120000/1001",
}

Options = TypeVar("Options")


def settings_from(arguments: argparse.Namespace) -> dict[str, Any]:
    """Settings of flags, environment and the TOML file of ``--config`` or ``SUBKIT_CONFIG``.

    Raises:
        PlanError: a value cannot be read.
        InputError: the TOML file cannot be used.
    """
    named = arguments.config or os.environ.get("SUBKIT_CONFIG")
    return gather(arguments, os.environ, None if named is None else Path(named))


def options_from(settings: Mapping[str, Any]) -> RunOptions:
    """The options that the settings ask for; what was not given keeps the library's default.

    Raises:
        InputError: the file of hotwords or of styles cannot be read.
        PlanError: there is no such style.
    """
    base = RunOptions()
    device = {key: settings.get(key) for key in DEVICE_KEYS}
    file = settings.get("styles")
    own = read_own_styles(file) if file else {}
    named = settings.get("profile")
    style = Styles(
        # A file of one's own styles without a name means the first of them.
        profile=find_profile_id(named, own=own) if named else next(iter(own), None),
        own=own,
        max_cpl=settings.get("max_line_width"),
        max_lines=settings.get("max_line_count"),
    )
    return replace(
        base,
        to=settings.get("to", ()),
        model=settings.get("model"),
        translator=settings.get("translator"),
        glossary=settings.get("glossary"),
        register=settings.get("register"),
        style=style,
        shots=settings.get("shots", base.shots),
        encoding=settings.get("encoding"),
        audio=_with(
            base.audio,
            stream=settings.get("audio_stream"),
            channel=settings.get("dialogue_channel"),
        ),
        window=_windows(base.window, settings),
        recognition=_recognition(base.recognition, settings, device),
        translation=_with(
            base.translation,
            alternatives=settings.get("alternatives"),
            fit=settings.get("fit"),
            context=settings.get("context"),
        ),
        engine=_with(base.engine, **device, diverse=settings.get("diverse")),
        memories=settings.get("tm", ()),
        recognizer_plugin=settings.get("recognizer", base.recognizer_plugin),
        voice_plugin=settings.get("voice", base.voice_plugin),
        refiner_plugin=settings.get("refiner", base.refiner_plugin),
        aligner_plugin=settings.get("aligner", base.aligner_plugin),
        speakers=settings.get("speakers", base.speakers),
        speaker_count=settings.get("speaker_count"),
        rules=settings.get("rules", ()),
        refine=_refine(settings),
        models_folder=models_folder(settings),
        offline=settings.get("offline", False),
    )


def _recognition(
    base: RecognitionOptions, settings: Mapping[str, Any], device: Mapping[str, Any]
) -> RecognitionOptions:
    """How windows are recognised."""
    language = settings.get("language")
    return _with(
        base,
        **device,
        language=None if language == "auto" else language,
        task=settings.get("task"),
        mode=settings.get("mode"),
        beam_size=settings.get("beam_size"),
        batch_size=settings.get("batch_size"),
        initial_prompt=settings.get("initial_prompt"),
        prefix=settings.get("prefix"),
        alternatives=settings.get("readings"),
        hotwords=_hotwords(settings.get("hotwords")),
        condition_on_previous_text=settings.get("condition_on_previous_text"),
    )


def _windows(base: WindowOptions, settings: Mapping[str, Any]) -> WindowOptions:
    """Return how the sound is cut into windows, and which parts get a second opinion."""
    return _with(
        base,
        vad=settings.get("vad_filter"),
        threshold=settings.get("vad_threshold"),
        min_silence_seconds=settings.get("vad_min_silence"),
        pad_seconds=settings.get("vad_pad"),
        second_opinion=settings.get("second_opinion"),
        second_opinion_threshold=settings.get("second_opinion_threshold"),
    )


def _refine(settings: Mapping[str, Any]) -> RefineOptions | None:
    url, model = settings.get("refine"), settings.get("refine_model")
    if url is None:
        return None
    return _with(RefineOptions(url=url, model=model or ""), lines=settings.get("refine_lines"))


def frame_rate_from(text: str | None) -> FrameRate | None:
    """The frame rate of a flag: ``25``, ``24000/1001``, or 23.976 as people call it.

    Raises:
        PlanError: it is none.
    """
    if text is None:
        return None
    try:
        rate = seconds(_NTSC.get(text, text))
        if not 1 <= rate <= _FASTEST:
            raise TimecodeError(f"{text!r} is out of range.")
    except TimecodeError as error:
        raise PlanError(
            f"{text!r} is not a frame rate.", remedy="Give one such as 25, 23.976 or 24000/1001."
        ) from error
    return FrameRate(rate)


def undisclosed_by(settings: Mapping[str, Any]) -> str | None:
    """Who wants files without their disclosure; ``None`` where it is written.

    Raises:
        PlanError: nobody stands for leaving it out.
    """
    if not settings.get("no_disclosure"):
        return None
    if not settings.get("by"):
        raise PlanError("--no-disclosure needs a name for the ledger.", remedy="Give --by NAME.")
    return str(settings["by"])


def models_folder(settings: Mapping[str, Any]) -> Path:
    """Where fetched models lie: as set, else the user's data folder."""
    named: Path | None = settings.get("models_folder")
    return named or default_models_folder(os.environ)


def _with(options: Options, **given: Any) -> Options:
    """``options`` with the fields that were given; ``None`` means not given."""
    known = {field.name for field in fields(options)}  # type: ignore[arg-type]
    assert known >= set(given), set(given) - known
    values = {key: value for key, value in given.items() if value is not None}
    return replace(options, **values)  # type: ignore[type-var]


def _hotwords(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        if path.stat().st_size > _HOTWORD_BYTES:
            raise InputError(f"{str(path)!r} is too long for hotwords (64 KiB at most).")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {getattr(error, 'strerror', None) or error}.",
            remedy="Name a text file with --hotwords, one name on each line.",
        ) from error
    return ", ".join(line.strip() for line in lines if line.strip())

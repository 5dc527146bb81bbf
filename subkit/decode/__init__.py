"""The hot path: windows of speech, decoding, word times; the only home of faster_whisper."""

from subkit.decode.calibration import Calibration, calibrate, find_calibration
from subkit.decode.engine import Engine
from subkit.decode.facts import EngineFacts, engine_facts
from subkit.decode.lookahead import ahead
from subkit.decode.modes import (
    choose_mode,
    explain_mode,
    fit_windows,
    in_calls,
    windows_together,
)
from subkit.decode.options import RecognitionOptions
from subkit.decode.recognizer import TitleWindows, WhisperRecognizer
from subkit.decode.voice import SileroVoiceDetector
from subkit.decode.voiced import voice_spans
from subkit.decode.windows import WindowOptions, speech_windows

__all__ = [
    "Calibration",
    "Engine",
    "EngineFacts",
    "RecognitionOptions",
    "SileroVoiceDetector",
    "TitleWindows",
    "WhisperRecognizer",
    "WindowOptions",
    "ahead",
    "calibrate",
    "choose_mode",
    "engine_facts",
    "explain_mode",
    "find_calibration",
    "fit_windows",
    "in_calls",
    "speech_windows",
    "voice_spans",
    "windows_together",
]

"""The hot path: windows of speech, decoding, word times; the only home of faster_whisper."""

from subkit.decode.ahead import ahead
from subkit.decode.calibration import Calibration, calibrate
from subkit.decode.engine import Engine
from subkit.decode.facts import EngineFacts, engine_facts
from subkit.decode.modes import fit_windows, windows_together
from subkit.decode.options import RecognitionOptions
from subkit.decode.recognizer import TitleWindows, WhisperRecognizer
from subkit.decode.voice import SileroVoiceDetector
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
    "engine_facts",
    "fit_windows",
    "speech_windows",
    "windows_together",
]

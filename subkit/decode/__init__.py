"""The hot path: windows of speech, decoding, word times; the only home of faster_whisper."""

from subkit.decode.facts import EngineFacts, engine_facts
from subkit.decode.options import RecognitionOptions
from subkit.decode.recognizer import WhisperRecognizer
from subkit.decode.voice import SileroVoiceDetector
from subkit.decode.windows import WindowOptions, speech_windows

__all__ = [
    "EngineFacts",
    "RecognitionOptions",
    "SileroVoiceDetector",
    "WhisperRecognizer",
    "WindowOptions",
    "engine_facts",
    "speech_windows",
]

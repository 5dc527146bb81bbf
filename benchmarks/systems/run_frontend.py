"""Everything before the model, ours or faster-whisper's: sound, voice detection, features."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.systems.worker import Stages, serve, versions_of

Words = list[tuple[float, float, str]]


def load(job: dict[str, Any], stages: Stages) -> tuple[Any, dict[str, str]]:
    """The front end the job names."""
    make = {"subkit": _ours, "faster-whisper": _theirs}[job["whose"]]
    return make(job, stages), versions_of("subkit", "faster-whisper")


def _ours(job: dict[str, Any], stages: Stages) -> Any:
    from faster_whisper.feature_extractor import FeatureExtractor

    from subkit.decode import SileroVoiceDetector, WindowOptions, features, speech_windows
    from subkit.media import audio_blocks, probe

    mel = features.LogMel(FeatureExtractor(feature_size=job["bands"]))
    detector = SileroVoiceDetector()
    stages.watch(detector, "_run", "voice")

    def words(path: str) -> Words:
        blocks = stages.watched(audio_blocks(probe(Path(path))), "audio")
        found: Words = []
        for window in speech_windows(blocks, detector, WindowOptions()):
            with stages.stage("features"):
                mel(window.samples)
            found.append((float(window.span.start), float(window.span.end), ""))
        return found

    return words


def _theirs(job: dict[str, Any], stages: Stages) -> Any:
    from faster_whisper.audio import decode_audio
    from faster_whisper.feature_extractor import FeatureExtractor
    from faster_whisper.vad import VadOptions, collect_chunks, get_speech_timestamps

    extract = FeatureExtractor(feature_size=job["bands"])
    # As its batched pipeline does.
    options = VadOptions(max_speech_duration_s=30, min_silence_duration_ms=160)

    def words(path: str) -> Words:
        with stages.stage("audio"):
            audio = decode_audio(path)
        with stages.stage("voice"):
            spans = get_speech_timestamps(audio, options)
        chunks, told = collect_chunks(audio, spans, max_duration=30)
        with stages.stage("features"):
            for chunk in chunks:
                extract(chunk)
        return [(one["offset"], one["offset"] + one["duration"], "") for one in told]

    return words


if __name__ == "__main__":
    serve(load)

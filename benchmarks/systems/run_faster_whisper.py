"""faster-whisper: sequential (``batch_size`` 0) or batched.

With ``silence`` in the job each window is padded with what silence is in its features, not with
zeros; ``options`` are given to ``transcribe`` on top of the others.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.systems.worker import Stages, serve

if TYPE_CHECKING:
    from benchmarks.systems.worker import Word


def load(job: dict[str, Any], stages: Stages) -> tuple[Any, dict[str, str]]:
    """Load the model with what the job says."""
    import ctranslate2
    import faster_whisper
    from faster_whisper import feature_extractor, transcribe

    stages.watch_ctranslate2()
    stages.watch(feature_extractor.FeatureExtractor, "__call__", "features")
    stages.watch(transcribe, "get_speech_timestamps", "voice")
    stages.watch(transcribe, "decode_audio", "audio")
    heard = listen_to_voice(transcribe)
    if job.get("silence"):
        transcribe.pad_or_trim = pad_with_silence
    model = transcribe.WhisperModel(
        job["model"],
        device=job["device"],
        compute_type=job["compute_type"],
        cpu_threads=job["threads"],
        local_files_only=True,
    )
    options: dict[str, Any] = {
        "language": job["language"],
        "beam_size": job["beam_size"],
        "temperature": job["temperatures"],
        "word_timestamps": job["word_times"],
        "condition_on_previous_text": False,
        "vad_filter": True,
        **job.get("options", {}),
    }
    run: Any = model.transcribe
    if job["batch_size"]:
        run = transcribe.BatchedInferencePipeline(model).transcribe
        options["batch_size"] = job["batch_size"]

    def words(path: str) -> list[Word]:
        heard.clear()
        segments, _ = run(path, **options)
        found = list(segments)
        stages.voice[path] = list(heard)
        if not job["word_times"]:
            return [(s.start, s.end, s.text) for s in found]
        return [(w.start, w.end, w.word, w.probability) for s in found for w in s.words or ()]

    versions = {"faster-whisper": faster_whisper.__version__}
    return words, versions | {"ctranslate2": ctranslate2.__version__}


def listen_to_voice(transcribe: Any) -> list[tuple[float, float]]:
    """A list to which the stretches are added that the voice detector finds, in seconds."""
    inner = transcribe.get_speech_timestamps
    heard: list[tuple[float, float]] = []

    def call(*args: Any, **options: Any) -> Any:
        found = inner(*args, **options)
        heard.extend((one["start"] / 16_000, one["end"] / 16_000) for one in found)
        return found

    transcribe.get_speech_timestamps = call
    return heard


def pad_with_silence(array: Any, length: int = 3000, *, axis: int = -1) -> Any:
    """What ``pad_or_trim`` does, but with the value that silence has in these features.

    A normalised spectrum ends two below its highest value, and nowhere below -1.5: there is where
    samples that are zero would be.
    """
    import numpy as np

    if array.shape[axis] >= length:
        return array.take(indices=range(length), axis=axis)
    widths = [(0, 0)] * array.ndim
    widths[axis] = (0, length - array.shape[axis])
    return np.pad(array, widths, constant_values=max(float(array.max()) - 2.0, -1.5))


if __name__ == "__main__":
    serve(load)

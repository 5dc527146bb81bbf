"""faster-whisper: sequential (``batch_size`` 0) or batched."""

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
    }
    run: Any = model.transcribe
    if job["batch_size"]:
        run = transcribe.BatchedInferencePipeline(model).transcribe
        options["batch_size"] = job["batch_size"]

    def words(path: str) -> list[Word]:
        segments, _ = run(path, **options)
        if not job["word_times"]:
            return [(s.start, s.end, s.text) for s in segments]
        return [(w.start, w.end, w.word, w.probability) for s in segments for w in s.words or ()]

    versions = {"faster-whisper": faster_whisper.__version__}
    return words, versions | {"ctranslate2": ctranslate2.__version__}


if __name__ == "__main__":
    serve(load)

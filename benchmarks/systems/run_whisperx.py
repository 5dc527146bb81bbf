"""WhisperX: its own windows and batches over the same CTranslate2 weights.

Its word times need another model (wav2vec2, ``job["align"]``); without one, windows are given.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.systems.worker import Stages, serve, versions_of


def load(job: dict[str, Any], stages: Stages) -> tuple[Any, dict[str, str]]:
    """Load the model with what the job says."""
    import torch
    import whisperx

    torch.set_num_threads(job["threads"] or torch.get_num_threads())
    stages.watch_ctranslate2()
    model = whisperx.load_model(
        job["model"],
        device="cuda" if job["device"] == "cuda" else "cpu",
        compute_type=job["compute_type"],
        threads=job["threads"] or 4,
        language=job["language"] or None,
        # The voice detector of pyannote lies in the package; that of Silero would be fetched.
        vad_method="pyannote",
        asr_options={"beam_size": job["beam_size"], "temperatures": job["temperatures"]},
        local_files_only=True,
    )

    def words(path: str) -> list[tuple[float, float, str]]:
        audio = whisperx.load_audio(path)
        found = model.transcribe(audio, batch_size=job["batch_size"] or 8)
        return [(s["start"], s["end"], s["text"]) for s in found["segments"]]

    return words, versions_of("whisperx", "ctranslate2", "torch")


if __name__ == "__main__":
    serve(load)

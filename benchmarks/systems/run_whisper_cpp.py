"""whisper.cpp through pywhispercpp: ggml weights, sequential windows, no voice detection."""

from __future__ import annotations

import sys
import wave
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.systems.worker import Stages, serve, versions_of


def load(job: dict[str, Any], stages: Stages) -> tuple[Any, dict[str, str]]:
    """Load the model with what the job says."""
    import numpy as np
    from pywhispercpp.model import Model

    model = Model(
        job["model"],
        params_sampling_strategy=1,
        n_threads=job["threads"] or 4,
        language=job["language"] or "auto",
        beam_search={"beam_size": job["beam_size"], "patience": -1.0},
        temperature=job["temperatures"][0],
        temperature_inc=0.2 if len(job["temperatures"]) > 1 else 0.0,
        no_context=True,
        token_timestamps=job["word_times"],
        max_len=1 if job["word_times"] else 0,
        split_on_word=True,
        print_progress=False,
        print_realtime=False,
    )

    def words(path: str) -> list[tuple[float, float, str]]:
        with stages.stage("audio"):
            samples = _read_wave(path, np)
        found = model.transcribe(samples)
        return [(s.t0 / 100, s.t1 / 100, s.text) for s in found]

    return words, versions_of("pywhispercpp")


def _read_wave(path: str, np: Any) -> Any:
    """16 kHz mono; the harness gives this system a WAV file."""
    with wave.open(path) as file:
        data = file.readframes(file.getnframes())
    return np.frombuffer(data, np.int16).astype(np.float32) / 32768


if __name__ == "__main__":
    serve(load)

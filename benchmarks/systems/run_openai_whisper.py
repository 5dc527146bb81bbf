"""openai-whisper: the reference, on PyTorch; float32 on the CPU."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.systems.worker import Stages, serve


def load(job: dict[str, Any], _stages: Stages) -> tuple[Any, dict[str, str]]:
    """Load the model with what the job says."""
    import torch
    import whisper

    if job["threads"]:
        torch.set_num_threads(job["threads"])
    device = "cuda" if job["device"] == "cuda" else "cpu"
    model = whisper.load_model(job["model"], device=device)
    heads = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
    for layer, head in job["alignment_heads"]:
        heads[layer, head] = True
    model.register_buffer("alignment_heads", heads.to_sparse().to(device), persistent=False)

    def words(path: str) -> list[tuple[float, float, str]]:
        found = model.transcribe(
            path,
            language=job["language"],
            beam_size=job["beam_size"],
            temperature=tuple(job["temperatures"]),
            word_timestamps=job["word_times"],
            condition_on_previous_text=False,
            fp16=device == "cuda",
        )
        if not job["word_times"]:
            return [(s["start"], s["end"], s["text"]) for s in found["segments"]]
        return [(w["start"], w["end"], w["word"]) for s in found["segments"] for w in s["words"]]

    return words, {"openai-whisper": whisper.__version__, "torch": torch.__version__}


if __name__ == "__main__":
    serve(load)

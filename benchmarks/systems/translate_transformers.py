"""The Transformers library's translation pipeline, on a translator written by ``grown.py``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.systems.worker import serve_cues, versions_of


def load(job: dict[str, Any]) -> tuple[Any, dict[str, str]]:
    """Load the model with what the job says."""
    import numpy as np
    import torch  # type: ignore[import-not-found,unused-ignore]
    from transformers import (  # type: ignore[import-not-found,unused-ignore]
        M2M100ForConditionalGeneration,
        M2M100Tokenizer,
        pipeline,
    )

    torch.set_num_threads(job["threads"])
    folder = Path(job["weights"])
    model = M2M100ForConditionalGeneration.from_pretrained(folder, local_files_only=True)
    model.to(getattr(torch, job["precision"]))
    table = torch.from_numpy(np.load(folder / "positions.npy"))
    for side in (model.model.encoder, model.model.decoder):
        side.embed_positions.weights.copy_(table)
    tokenizer = M2M100Tokenizer.from_pretrained(folder, local_files_only=True)
    ask = pipeline("translation", model=model, tokenizer=tokenizer, device=job["device"])

    def translate(part: dict[str, Any]) -> dict[str, str]:
        texts = [text for *_, text in part["cues"]]
        found = ask(
            texts,
            src_lang=part["source"],
            tgt_lang=part["target"],
            num_beams=job["beam_size"],
            batch_size=job["batch_size"],
        )
        written = [one["translation_text"] for one in found]
        return {cue[0]: text for cue, text in zip(part["cues"], written, strict=True)}

    return translate, versions_of("transformers", "torch")


if __name__ == "__main__":
    serve_cues(load)

"""CTranslate2 alone: the cues as they stand, one by one or in one call, as many tools do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.systems.worker import serve_cues, versions_of


def load(job: dict[str, Any]) -> tuple[Any, dict[str, str]]:
    """Load the model with what the job says."""
    from benchmarks.systems.translate_subkit import open_model

    translator = open_model(job)
    family, engine = translator.family, translator.engine

    def translate(part: dict[str, Any]) -> dict[str, str]:
        direction = family.direction(part["source"], part["target"])
        prefix = family.prefix(direction)
        tokens = [family.source_tokens(text, direction) for *_, text in part["cues"]]
        batches = [tokens] if job["together"] else [[one] for one in tokens]
        written = [
            family.text(result.hypotheses[0][len(prefix) :])
            for batch in batches
            for result in engine.translate_batch(
                batch,
                target_prefix=[prefix] * len(batch) if prefix else None,
                beam_size=job["beam_size"],
            )
        ]
        return {cue[0]: text for cue, text in zip(part["cues"], written, strict=True)}

    return translate, versions_of("ctranslate2")


if __name__ == "__main__":
    serve_cues(load)

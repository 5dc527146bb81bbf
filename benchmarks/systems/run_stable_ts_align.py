"""stable-ts over faster-whisper: a known text aligned, with the same CTranslate2 weights."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.systems.worker import Stages, serve


def load(job: dict[str, Any], stages: Stages) -> tuple[Any, dict[str, str]]:
    """Load the model with what the job says; ``texts`` has the text of each path."""
    import ctranslate2
    import stable_whisper

    stages.watch_ctranslate2()
    model = stable_whisper.load_faster_whisper(
        job["model"],
        device=job["device"],
        compute_type=job["compute_type"],
        cpu_threads=job["threads"],
        local_files_only=True,
    )

    def words(path: str) -> list[tuple[float, float, str, float]]:
        found = model.align(path, job["texts"][path], language=job["language"], verbose=None)
        if found is None:
            return []
        return [(w.start, w.end, w.word, w.probability) for w in found.all_words()]

    versions = {"stable-ts": stable_whisper.__version__}
    return words, versions | {"ctranslate2": ctranslate2.__version__}


if __name__ == "__main__":
    serve(load)

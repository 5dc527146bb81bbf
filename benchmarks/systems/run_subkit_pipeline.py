"""subkit as its pipeline runs it: from the media file to the transcript in a project file.

The recogniser is loaded once before, as a batch of titles has it; everything else that a run does
up to the transcript counts.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.systems.worker import Stages, serve, versions_of

if TYPE_CHECKING:
    from benchmarks.systems.worker import Word


def load(job: dict[str, Any], stages: Stages) -> tuple[Any, dict[str, str]]:
    """Load the model with what the job says; what it does not say is as subkit has it."""
    from subkit.decode import RecognitionOptions
    from subkit.errors import MediaError
    from subkit.interfaces import Silent
    from subkit.media import probe
    from subkit.pipeline import (
        LoadedRecognizer,
        RunOptions,
        open_project,
        recognizer_model,
        transcribe_project,
    )

    asked = {key: job[key] for key in ("mode", "compute_type", "device") if job.get(key)}
    recognition = RecognitionOptions(
        language=job["language"], threads=job["threads"], **asked, **job.get("options", {})
    )
    options = RunOptions(model=job["model"], recognition=recognition, offline=True)
    model = recognizer_model(options)
    loaded = LoadedRecognizer()
    loaded.get(options, model)
    folder = Path(tempfile.mkdtemp())

    def words(path: str) -> list[Word]:
        film = Path(path)
        project = folder / f"{len(list(folder.iterdir()))}-{film.stem}.subkit"
        with open_project(project, probe(film)) as store:
            try:
                made = transcribe_project(store, options, model, Silent(), loaded)
            except MediaError as error:
                if "No speech" not in error.message:
                    raise
                return []
        transcript = made.transcript
        assert transcript is not None
        stages.voice[path] = [(float(s.start), float(s.end)) for s in transcript.voice]
        return [
            (
                float(word.span.start),
                float(word.span.end),
                " " + word.text,
                1.0 if word.confidence is None else word.confidence,
            )
            for word in transcript.words
        ]

    return words, versions_of("subkit", "ctranslate2", "faster-whisper")


if __name__ == "__main__":
    serve(load)

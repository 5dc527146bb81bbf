"""subkit's own decode path, as its pipeline drives it."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parents[2])

from benchmarks.systems.worker import Stages, serve


def load(job: dict[str, Any], stages: Stages) -> tuple[Any, dict[str, str]]:
    """Load the model with what the job says."""
    from importlib.metadata import version

    from subkit.decode import (
        RecognitionOptions,
        SileroVoiceDetector,
        WhisperRecognizer,
        WindowOptions,
        speech_windows,
    )
    from subkit.interfaces import ModelFacts
    from subkit.media import AudioOptions, audio_blocks, probe_media

    stages.watch_ctranslate2()
    facts = ModelFacts(
        name=Path(job["model"]).name,
        directory=job["model"],
        digest="sha256:0",
        demo=bool(job.get("window_seconds")),
        window_seconds=job.get("window_seconds") or 30.0,
    )
    wanted: dict[str, Any] = {
        "language": job["language"],
        "beam_size": job["beam_size"],
        "temperatures": tuple(job["temperatures"]),
        "batch_size": job["batch_size"],
        "device": job["device"],
        "compute_type": job["compute_type"],
        "threads": job["threads"],
    }
    fields = {field.name for field in dataclasses.fields(RecognitionOptions)}
    if "mode" in fields:
        wanted["mode"] = job["mode"]
    elif job["mode"] != "exact":
        raise SystemExit("this subkit has one mode only")
    recognizer = WhisperRecognizer(facts, RecognitionOptions(**wanted))
    window = WindowOptions(max_seconds=facts.window_seconds)
    detector = SileroVoiceDetector()

    def words(path: str) -> list[tuple[float, float, str]]:
        found: list[tuple[float, float, str]] = []
        blocks = audio_blocks(probe_media(path), AudioOptions())
        batch: list[Any] = []

        def flush() -> None:
            for result in recognizer.recognize(batch):
                found.extend((float(w.span.start), float(w.span.end), w.text) for w in result.words)
            batch.clear()

        for one in speech_windows(blocks, detector, window):
            batch.append(one)
            if len(batch) >= job["batch_size"]:
                flush()
        if batch:
            flush()
        return found

    return words, {name: version(name) for name in ("subkit", "ctranslate2", "faster-whisper")}


if __name__ == "__main__":
    serve(load)

"""subkit's own decode path, as its pipeline drives it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.systems.worker import Stages, serve, versions_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.systems.worker import Word


def load(job: dict[str, Any], stages: Stages) -> tuple[Any, dict[str, str]]:
    """Load the model with what the job says."""
    from subkit.decode import (
        Engine,
        RecognitionOptions,
        SileroVoiceDetector,
        TitleWindows,
        WindowOptions,
        ahead,
        features,
        fit_windows,
        in_calls,
        speech_windows,
    )
    from subkit.media import audio_blocks, probe
    from subkit.pipeline import RunOptions, recognizer_model

    stages.watch_ctranslate2()
    stages.watch(features.LogMel, "__call__", "features")
    facts = recognizer_model(RunOptions(model=job["model"], offline=True))
    options = RecognitionOptions(
        language=job["language"],
        beam_size=job["beam_size"],
        temperatures=tuple(job["temperatures"]),
        batch_size=job["batch_size"],
        mode=job["mode"],
        device=job["device"],
        compute_type=job["compute_type"],
        threads=job["threads"],
    )
    engine = Engine(facts, options, isolate=job["isolate"])
    window = fit_windows(WindowOptions(), facts)
    detector = SileroVoiceDetector()
    stages.watch(detector, "_run", "voice")

    def windows(path: str) -> Iterator[Any]:
        blocks = stages.watched(audio_blocks(probe(Path(path))), "audio")
        return speech_windows(blocks, detector, window)

    def batches(paths: list[str]) -> Iterator[list[tuple[int, Any]]]:
        both = ((i, one) for i, path in enumerate(paths) for one in windows(path))
        return in_calls(both, options)

    def together(paths: list[str]) -> list[list[Word]]:
        """Windows of all titles in the order of the catalogue, decoded in common batches."""
        found: list[list[Word]] = [[] for _ in paths]
        for part in ahead(batches(paths), depth=1):
            mine = {i: [one for title, one in part if title == i] for i, _ in part}
            results = engine.recognize_titles([TitleWindows(windows=m) for m in mine.values()])
            for i, title in zip(mine, results, strict=True):
                found[i] += [
                    (
                        float(word.span.start),
                        float(word.span.end),
                        " " + word.text,
                        1.0 if word.confidence is None else word.confidence,
                    )
                    for result in title
                    for word in result.words
                ]
        return found

    def words(path: str) -> list[Word]:
        return together([path])[0]

    def counts() -> dict[str, int]:
        return asdict(engine.counts)

    versions = versions_of("subkit", "ctranslate2", "faster-whisper")
    stages.counts, stages.together = counts, together
    return words, versions


if __name__ == "__main__":
    serve(load)

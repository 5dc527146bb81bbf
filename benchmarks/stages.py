"""Where does processor time go: encoder, decoder, word times, voice detection, the rest?

    python benchmarks/real.py films --language en de --into FOLDER
    python benchmarks/stages.py FOLDER --json FILE

subkit's fast mode and faster-whisper's batches hear the same films on one thread, each in this one
process, with the allocator's settings that subkit gives its engine. How often the encoder ran
says how many windows were heard: it costs the same whatever is in a window.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.systems import TUNED
from benchmarks.harness.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable

_STEPS = ("encode", "generate", "align", "detect_language")


class Spent:
    """Processor seconds by step, and how often the encoder ran on a window."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.windows = 0

    def watch(self) -> None:
        """Time every call into the model and into the voice detector, from now on."""
        import ctranslate2
        import onnxruntime

        whisper = ctranslate2.models.Whisper
        steps = {name: self._timed(name, getattr(whisper, name)) for name in _STEPS}
        ctranslate2.models.Whisper = type("Whisper", (whisper,), steps)
        session = onnxruntime.InferenceSession
        run = self._timed("voice", session.run)
        onnxruntime.InferenceSession = type("InferenceSession", (session,), {"run": run})

    def _timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **options: Any) -> Any:
            began = time.process_time()
            made = function(*arguments, **options)
            self.seconds[name] += time.process_time() - began
            if name == "encode":
                self.windows += arguments[1].shape[0]
            return made

        return timed


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("films", type=Path, metavar="FOLDER")
    parser.add_argument("--language", nargs="+", default=["en", "de"])
    parser.add_argument("--count", type=int, default=4, help="films of each language")
    parser.add_argument("--model", default="base")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--one", nargs=2, metavar=("SYSTEM", "LANGUAGE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        return _one(arguments, *arguments.one)
    facts = machine_facts()
    rows = [_row(arguments, system, language)
            for language in arguments.language for system in _SYSTEMS]  # fmt: skip
    head = ["language", "system", "s / min", "encoder", "windows", "decoder", "word times",
            "voice", "rest"]  # fmt: skip
    print(f"\none thread, processor seconds a minute of film, {facts['machine']}\n")
    print(table(head, [[_shown(row[key]) for key in head] for row in rows]))
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, stages=rows)
    return 0


def _shown(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _row(arguments: argparse.Namespace, system: str, language: str) -> dict[str, Any]:
    """What a system spent, in a process of its own."""
    import json

    command = [sys.executable, __file__, str(arguments.films), "--one", system, language,
               "--count", str(arguments.count), "--model", arguments.model]  # fmt: skip
    done = subprocess.run(
        command, env={**os.environ, **TUNED}, check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    minutes, seconds = found["film"] / 60, found["seconds"]
    known = {"encoder": "encode", "decoder": "generate", "word times": "align", "voice": "voice"}
    parts = {name: seconds.get(key, 0.0) / minutes for name, key in known.items()}
    whole = found["cpu"] / minutes
    return {
        "language": language,
        "system": system,
        "s / min": whole,
        **parts,
        "rest": whole - sum(parts.values()),
        "windows": found["windows"],
    }


def _one(arguments: argparse.Namespace, system: str, language: str) -> int:
    import json

    films = sorted(arguments.films.glob(f"{language}-*.wav"))[: arguments.count]
    spent = Spent()
    spent.watch()
    hear = _SYSTEMS[system](arguments.model, language)
    began, length = time.process_time(), 0.0
    for film in films:
        length += hear(film)
    cpu = time.process_time() - began
    print(json.dumps({"cpu": cpu, "film": length, "windows": spent.windows,
                      "seconds": spent.seconds}))  # fmt: skip
    return 0


def _subkit(model: str, language: str) -> Callable[[Path], float]:
    from subkit.decode import RecognitionOptions, engine
    from subkit.interfaces import Silent
    from subkit.media import probe
    from subkit.pipeline import (
        LoadedRecognizer,
        RunOptions,
        open_project,
        recognizer_model,
        transcribe_project,
    )

    # The model in this process, where its steps can be timed.
    vars(engine)["can_isolate"] = lambda: False
    asked = RecognitionOptions(language=language, threads=1, mode="fast")
    options = RunOptions(model=model, recognition=asked, offline=True)
    facts, loaded = recognizer_model(options), LoadedRecognizer()
    loaded.get(options, facts)
    folder = Path(tempfile.mkdtemp())

    def hear(film: Path) -> float:
        media = probe(film)
        with open_project(folder / f"{film.stem}.subkit", media) as store:
            transcribe_project(store, options, facts, Silent(), loaded)
        return float(media.duration)

    return hear


def _batched(model: str, language: str) -> Callable[[Path], float]:
    from faster_whisper import BatchedInferencePipeline, WhisperModel
    from faster_whisper.audio import decode_audio

    from subkit.decode import RecognitionOptions
    from subkit.pipeline import RunOptions, recognizer_model

    options = RunOptions(model=model, recognition=RecognitionOptions(), offline=True)
    folder = str(recognizer_model(options).directory)
    whisper = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1)
    pipeline = BatchedInferencePipeline(whisper)

    def hear(film: Path) -> float:
        sound = decode_audio(str(film))
        segments, _ = pipeline.transcribe(
            sound, language=language, batch_size=8, word_timestamps=True
        )
        for _segment in segments:
            pass
        return len(sound) / 16_000

    return hear


_SYSTEMS: dict[str, Callable[[str, str], Callable[[Path], float]]] = {
    "faster-whisper batched": _batched,
    "subkit fast": _subkit,
}


if __name__ == "__main__":
    sys.exit(main())

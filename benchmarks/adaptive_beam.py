"""Would a small beam first, and a wide one where it is unsure, be faster and no worse?

    python benchmarks/adaptive_beam.py --minutes 4

Every window of the demo scene, clean and under noise, is decoded with each small beam and with the
wide one. Then, for each threshold, a window keeps the small beam's text if its score reaches it and
takes the wide beam's if not; the cost is the small beam's for all and the wide one's for the rest.
What is won or lost can so be read for every threshold from one run. Processor time is that of the
whole recognition, encoder and word times with it; kept encoder output would save some of the second
pass, and on larger models the search is a larger part.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.audio import make_scene_film, read_samples, write_wave
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from benchmarks.harness.text import error_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDE = 5
SMALL = (1, 2)
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Part of the windows, the surest first, that keep the small beam's text."""


@dataclass(frozen=True)
class Decoded:
    """What one beam made of all windows."""

    texts: list[str]
    scores: list[float]
    seconds: float


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--noise", type=float, default=15.0, help="dB under the speech")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    facts = machine_facts()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="beam-") as name:
        film = make_scene_film(Path(name) / "film.wav", arguments.minutes * 60)
        noisy = _with_noise(film.path, Path(name) / "noisy.wav", arguments.noise)
        for sound, path in (("clean", film.path), ("noise", noisy)):
            decoded = {beam: _decode(path, beam) for beam in (*SMALL, WIDE)}
            for small in SMALL:
                rows += _rows(sound, small, decoded, film.text)
    print(f"demo, int8, {facts['machine']}, {facts['date']}\n")
    head = ["sound", "beams", "kept from the small one", "WER", "CPU"]
    print(table(head, [_cells(row) for row in rows]))
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, rows=rows)
    return 0


def _with_noise(path: Path, target: Path, decibels: float) -> Path:
    import numpy as np

    samples = read_samples(path)
    level = float(np.sqrt(np.mean(samples**2))) * 10 ** (-decibels / 20)
    noise = np.random.default_rng(1).standard_normal(samples.size).astype(np.float32)
    return write_wave(target, np.clip(samples + level * noise, -1, 1))


def _decode(path: Path, beam: int) -> Decoded:
    from subkit.decode import (
        RecognitionOptions,
        SileroVoiceDetector,
        WhisperRecognizer,
        WindowOptions,
        fit_windows,
        speech_windows,
    )
    from subkit.engines import find_model
    from subkit.media import audio_blocks, probe

    facts = find_model("demo", "recognizer", models_folder=path.parent)
    options = RecognitionOptions(beam_size=beam, temperatures=(0.0,), threads=1)
    window = fit_windows(WindowOptions(), facts, options)
    windows = list(speech_windows(audio_blocks(probe(path)), SileroVoiceDetector(), window))
    recognizer = WhisperRecognizer(facts, options)
    recognizer.recognize(windows[:2])
    began = time.process_time()
    results = recognizer.recognize(windows)
    seconds = time.process_time() - began
    recognizer.close()
    return Decoded(
        texts=[" ".join(word.text for word in one.words) for one in results],
        scores=[one.window.score for one in results],
        seconds=seconds,
    )


def _rows(
    sound: str, small: int, decoded: dict[int, Decoded], text: str
) -> Sequence[dict[str, Any]]:
    first, wide = decoded[small], decoded[WIDE]
    surest = sorted(range(len(first.texts)), key=lambda i: -first.scores[i])
    base: dict[str, Any] = {"sound": sound, "small": small, "wide": WIDE}
    rows = []
    for share in SHARES:
        kept = set(surest[: round(share * len(surest))])
        heard = [
            a if i in kept else b
            for i, (a, b) in enumerate(zip(first.texts, wide.texts, strict=True))
        ]
        cost = wide.seconds if not kept else first.seconds + wide.seconds * (1 - share)
        row = {"share": share, "word_error_rate": error_rate(text, " ".join(heard))}
        rows.append({**base, **row, "cost": cost / wide.seconds})
    return rows


def _cells(row: dict[str, Any]) -> list[object]:
    beams = f"{row['small']}, then {row['wide']}"
    return [
        row["sound"],
        beams,
        f"{row['share']:.0%}",
        f"{row['word_error_rate']:.1%}",
        f"{row['cost']:.2f} ×",
    ]


if __name__ == "__main__":
    sys.exit(main())

"""What do systems say where there is nothing, music, a loop, or another language?

    python benchmarks/guards.py                    # the embedded demo model: true words
    python benchmarks/guards.py --model DIR --out guards.md

Sound is made on the spot; every system runs as its users run it: temperature fallback on, language
detected. The text of each is printed, with its error rate where it is known what is said, the
longest loop (how often a phrase is said again right after itself) and how sure the system was of
its words. Confident text where nothing is said, or a confident loop where nothing was said again
and again, is counted for each system; for subkit there must be none.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.audio import CLIPS, RATE, make_film, read_samples, write_wave
from benchmarks.harness.models import find_weights
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.systems import SYSTEMS, RunError, find_python, run_system
from benchmarks.harness.tables import table
from benchmarks.harness.text import error_rate, plain_words
from benchmarks.peers.setup import ENVIRONMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOP = 3
"""A phrase said more often in a row than this is a loop."""

CONFIDENT = 0.6
"""Mean probability of the words from which a reader would believe them."""

NAMES = ("subkit exact", "subkit fast", "faster-whisper", "faster-whisper batched")


@dataclass(frozen=True)
class Case:
    """One sound.

    Attributes:
        name: What it is.
        path: The file.
        text: What is said in it; empty where nothing is, or nobody could say what.
        loops: How often the same is said in a row.
        silent: Nothing is said.
    """

    name: str
    path: Path
    text: str
    loops: int = 1
    silent: bool = False


def make_cases(folder: Path) -> list[Case]:
    """Silence, noise, music, a sentence said again and again, pauses, three languages."""
    import numpy as np

    random = np.random.default_rng(1)
    times = np.arange(20 * RATE) / RATE
    beat = np.exp(-3 * (times % 0.5))
    chord = sum(np.sin(2 * np.pi * pitch * times) for pitch in (220.0, 277.2, 329.6, 440.0))
    speech = read_samples(CLIPS / "en.flac")
    said = "I saw the captain near the city this morning."
    rest = np.zeros(6000, np.float32)
    music = 0.08 * chord * beat

    def pad(samples: Any) -> Any:
        return np.resize(samples, times.size)

    silent = [
        ("silence", np.zeros(times.size)),
        ("noise", 0.02 * random.standard_normal(times.size)),
        ("hum", 0.1 * np.sin(2 * np.pi * 50 * times)),
        ("music", music),
        ("loud music", 4 * music),
        ("claps", (random.random(times.size) < 0.0005).astype(np.float64)),
    ]
    made: list[tuple[str, Any, str]] = [
        ("speech, then 60 s of silence", np.concatenate([speech, np.zeros(60 * RATE)]), said),
        ("speech, then music", np.concatenate([speech, music]), said),
        ("one sentence six times", np.concatenate([speech, rest] * 6), " ".join([said] * 6)),
        ("one word over and over", pad(np.concatenate([speech[8000:16000], rest[:2000]])), ""),
        ("a syllable over and over", pad(speech[9000:12000]), ""),
        ("backwards, again and again", pad(speech[::-1]), ""),
        ("a hum with a voice in it", 0.3 * np.sin(2 * np.pi * 180 * times) + 0.1 * pad(speech), ""),
        ("cut off in a word", speech[: speech.size // 2], ""),
        ("clipped", np.clip(speech * 20, -1, 1), said),
    ]
    again = {"one sentence six times": 6, "one word over and over": 99}
    again |= {"a syllable over and over": 99, "a hum with a voice in it": 99}
    again["backwards, again and again"] = 99
    all_made = [*((name, samples, "") for name, samples in silent), *made]
    cases = [
        Case(
            name,
            write_wave(folder / f"case{i}.wav", samples.astype(np.float32)),
            text,
            loops=again.get(name, 1),
            silent=i < len(silent),
        )
        for i, (name, samples, text) in enumerate(all_made)
    ]
    mixed = make_film(folder / "mixed.wav", 20)
    return [*cases, Case("three languages in turn", mixed.path, mixed.text)]


def longest_loop(words: Sequence[str]) -> int:
    """Most times that a phrase of up to 12 words is said in a row, 1 if never again at once."""
    most = 1
    for size in range(1, 13):
        same = 0
        for at in range(size, len(words)):
            same = same + 1 if words[at] == words[at - size] else 0
            most = max(most, 1 + same // size)
    return most


def main() -> int:
    """Run all and print; 1 if a system failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="demo")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--systems", nargs="+", choices=sorted(SYSTEMS), default=list(NAMES))
    parser.add_argument("--compute-type", default="int8")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--environments", type=Path, default=ENVIRONMENTS)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    weights = find_weights(arguments.model, arguments.models, {})
    facts = machine_facts()
    rows: list[dict[str, Any]] = []
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="guards-") as name:
        folder = Path(name)
        cases = make_cases(folder)
        job = {
            "model": str(weights.paths["ctranslate2"]),
            "audio": [str(case.path) for case in cases],
            "word_times": True,
            "batch_size": 8,
            "language": None,
            "device": arguments.device,
            "compute_type": arguments.compute_type,
            "threads": len(os.sched_getaffinity(0)),
            "beam_size": 5,
            "temperatures": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
        }
        for one in arguments.systems:
            python = find_python(SYSTEMS[one], arguments.environments)
            try:
                if python is None:
                    raise RunError("no environment")
                found = run_system(SYSTEMS[one], job, python, folder)
            except RunError as error:
                failed[one] = str(error)
                continue
            rows += [_row(one, *pair) for pair in zip(cases, found["words"], strict=True)]
    print(f"{weights.name}, {arguments.compute_type}, {facts['date']}\n")
    head = ["sound", "system", "words", "loop", "sure", "WER", "text"]
    print(table(head, [_cells(row) for row in rows]))
    bad = {one: [r["sound"] for r in rows if r["system"] == one and r["confident_fault"]]
           for one in arguments.systems if one not in failed}  # fmt: skip
    for one, sounds in bad.items():
        print(f"\nconfident faults of {one}: {', '.join(sounds) or 'none'}")
    for what, why in failed.items():
        print(f"\nabsent: {what}: {why}")
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, model=weights.name, rows=rows, absent=failed)
    ours = any(sounds for one, sounds in bad.items() if one.startswith("subkit"))
    return 1 if failed or ours else 0


def _row(system: str, case: Case, words: list[list[Any]]) -> dict[str, Any]:
    text = "".join(word[2] for word in words).strip()
    found = plain_words(text)
    row: dict[str, Any] = {"sound": case.name, "system": system, "text": text, "words": len(found)}
    row["loop"] = longest_loop(found)
    sure = [word[3] for word in words if len(word) > 3]
    row["confidence"] = sum(sure) / len(sure) if sure else None
    wrong = (case.silent and found) or row["loop"] > max(LOOP, case.loops)
    row["confident_fault"] = bool(wrong and (row["confidence"] or 0) >= CONFIDENT)
    row["word_error_rate"] = error_rate(case.text, text) if case.text else None
    return row


def _cells(row: dict[str, Any]) -> list[object]:
    rate = row["word_error_rate"]
    text = row["text"] if len(row["text"]) <= 70 else row["text"][:67] + "..."
    sure = "-" if row["confidence"] is None else f"{row['confidence']:.0%}"
    wer = "-" if rate is None else f"{rate:.0%}"
    return [row["sound"], row["system"], row["words"], row["loop"], sure, wer, text]


if __name__ == "__main__":
    sys.exit(main())

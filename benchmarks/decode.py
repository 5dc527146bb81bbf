"""How fast is recognition, ours and the peers', on the same weights and the same sound?

    python benchmarks/weights.py tiny base small --into models
    python benchmarks/decode.py --model tiny --minutes 5 --rounds 5 --json results/tiny.json

All systems run in one go, interleaved, each run in a process of its own, with the same weights,
compute type, beam, temperatures, language, threads and word times. Without ``--audio`` the sound is
a film put together from spoken test sentences. Peers whose environment was not made
(``benchmarks/peers/setup.py``) are named as absent, and so are those without weights in their
format. faster-whisper runs in its default environment and in the one subkit runs in, so that what
the allocator's settings win is not credited to the schedule. Models made by ``weights.py`` know no
words: no error rate is given for them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.audio import Speech, as_wave, make_film, make_scene_film, read_samples
from benchmarks.harness.models import Weights, find_weights
from benchmarks.harness.report import Measured, speed_table, stage_table, summarize, work_table
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.roofline import find_peak
from benchmarks.harness.rounds import run_rounds
from benchmarks.harness.systems import SYSTEMS, System, find_python
from benchmarks.model.shapes import SHAPES
from benchmarks.peers.setup import ENVIRONMENTS

BASE = "faster-whisper batched"
PEERS = ("stable-ts", "whisperx", "openai-whisper", "whisper.cpp")
FASTER = (
    "faster-whisper",
    "faster-whisper batched",
    "faster-whisper, tuned",
    "faster-whisper batched, tuned",
)


def main() -> int:
    """Measure and report; 1 if a system failed."""
    arguments = _parser().parse_args()
    weights = find_weights(
        arguments.model,
        arguments.models,
        {"openai": arguments.openai_weights, "ggml": arguments.ggml_weights},
    )
    facts = machine_facts()
    with tempfile.TemporaryDirectory(prefix="decode-") as name:
        folder = Path(name)
        speech = _speech(arguments, folder)
        contenders, absent = _contenders(arguments, weights, speech, folder)
        rounds, failed = run_rounds(
            contenders,
            arguments.rounds,
            folder,
            tell=lambda line: print(line, file=sys.stderr, flush=True),
            slow=arguments.limit,
        )
    text = " ".join(one.text for one in speech) if weights.knows_words else ""
    seconds = sum(one.seconds for one in speech)
    rows = summarize(rounds, Measured(seconds, BASE, text, weights.knows_words))
    print(_heading(arguments, weights, seconds, facts))
    print("\n" + speed_table(rows, BASE))
    print("\n" + stage_table(rows))
    peak = find_peak(arguments.compute_type, arguments.threads, arguments.device)
    shape = SHAPES.get(weights.name)
    print("\n" + work_table(rows, seconds, shape, arguments.beam, peak))
    print(f"\npeak: {peak / 1e9:.0f} GOP/s")
    for what, why in {**absent, **failed}.items():
        print(f"\nabsent: {what}: {why}")
    if arguments.json:
        write_results(
            arguments.json,
            sys.argv,
            facts,
            model=weights.name,
            audio_seconds=seconds,
            settings=_settings(arguments),
            peak_operations_per_second=peak,
            rows=[_plain(row) for row in rows],
            absent={**absent, **failed},
        )
        if arguments.plot:
            _plot(arguments.json.with_suffix(".png"), rows, weights.name)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--model", default="tiny", help="demo, a size made by weights.py, or a directory")
    add("--models", type=Path, default=Path("models"), help="where weights.py put its models")
    add("--openai-weights", type=Path, help="the same weights for openai-whisper")
    add("--ggml-weights", type=Path, help="the same weights for whisper.cpp")
    add("--audio", type=Path, nargs="+", help="files; without, a film of test sentences")
    add("--minutes", type=float, default=5.0, help="length of that film")
    add("--film", choices=("sentences", "scene"), default="sentences", help="what it is made of")
    add("--languages", nargs="+", default=["en"], help="of that film's sentences: en es ko")
    add("--language", default="en", help="that all systems are told; auto to detect it")
    add("--device", default="cpu", choices=("cpu", "cuda"))
    add("--compute-type", default="int8")
    add("--threads", type=int, default=len(os.sched_getaffinity(0)))
    add("--beam", type=int, default=5)
    add("--temperatures", type=float, nargs="+", default=[0.0], help="one: no fallback")
    add("--batch", type=int, default=8, help="windows at once, for all systems that batch")
    add("--no-word-times", action="store_true")
    add("--mode", choices=("exact", "fast", "both"), default="both")
    add("--stages", action="store_true", help="also subkit in one process, to see its stages")
    add("--untuned", action="store_true", help="also subkit without its engine's environment")
    add("--peers", nargs="*", choices=(*FASTER, *PEERS), default=[*FASTER, *PEERS])
    add("--environments", type=Path, default=ENVIRONMENTS)
    add("--rounds", type=int, default=5)
    add("--limit", type=float, default=1800.0, help="seconds after which one run is stopped")
    add("--json", type=Path, metavar="FILE")
    add("--plot", action="store_true", help="a picture beside the JSON file (needs matplotlib)")
    return parser


def _speech(arguments: argparse.Namespace, folder: Path) -> list[Speech]:
    if not arguments.audio:
        path = folder / "film.wav"
        if arguments.film == "scene":
            return [make_scene_film(path, arguments.minutes * 60)]
        return [make_film(path, arguments.minutes * 60, tuple(arguments.languages))]
    return [Speech(path, read_samples(path).size / 16_000) for path in arguments.audio]


def _contenders(
    arguments: argparse.Namespace, weights: Weights, speech: list[Speech], folder: Path
) -> tuple[list[tuple[System, dict[str, Any], Path]], dict[str, str]]:
    """What can run, with its job and interpreter, and why others cannot."""
    modes = ("exact", "fast") if arguments.mode == "both" else (arguments.mode,)
    names = [f"subkit {mode}" for mode in modes]
    if arguments.stages:
        names += [f"subkit {mode}, one process" for mode in modes]
    if arguments.untuned:
        names += [f"subkit {mode}, untuned" for mode in modes]
    warm_up = make_film(folder / "warm.wav", 8, tuple(arguments.languages)).path
    chosen, absent = [], {}
    for name in [*names, *arguments.peers]:
        system = SYSTEMS[name]
        python = find_python(system, arguments.environments)
        if python is None:
            absent[name] = f"no environment; python benchmarks/peers/setup.py {system.peer}"
            continue
        if system.weights not in weights.paths:
            absent[name] = f"no {system.weights} weights of this model"
            continue
        wave = system.weights == "ggml"
        paths = [as_wave(one.path, folder) if wave else one.path for one in speech]
        job = {
            "model": str(weights.paths[system.weights]),
            "alignment_heads": weights.alignment_heads,
            "audio": [str(path.resolve()) for path in paths],
            "warm_up": str(warm_up),
            "word_times": not arguments.no_word_times,
            "batch_size": arguments.batch,
            "language": None if arguments.language == "auto" else arguments.language,
            "device": arguments.device,
            "compute_type": arguments.compute_type,
            "threads": arguments.threads,
            "beam_size": arguments.beam,
            "temperatures": arguments.temperatures,
        }
        chosen.append((system, job, python))
    return chosen, absent


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    kept = ("compute_type", "threads", "beam", "temperatures", "batch", "device")
    return {
        name: getattr(arguments, name) for name in (*kept, "language", "rounds", "minutes", "film")
    }


def _heading(
    arguments: argparse.Namespace, weights: Weights, seconds: float, facts: dict[str, Any]
) -> str:
    words = "without" if arguments.no_word_times else "with"
    return (
        f"{weights.name}, {arguments.compute_type}, beam {arguments.beam}, batch"
        f" {arguments.batch}, {words} word times, {seconds / 60:.1f} min of audio,"
        f" {arguments.rounds} rounds, {arguments.threads} threads on {facts['machine']}"
        f" ({facts['cores']} cores, load {facts['load']:.1f}), {facts['date']}"
    )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: asdict(v) if is_dataclass(v) else v for k, v in row.items()}  # type: ignore[arg-type]


def _plot(path: Path, rows: list[dict[str, Any]], model: str) -> None:
    from benchmarks.harness.plots import draw_speeds

    draw_speeds(path, rows, f"Recognition with {model} weights")


if __name__ == "__main__":
    sys.exit(main())

"""Does time grow with the audio alone, does memory stay flat, and what do more titles cost?

    python benchmarks/scaling.py --model tiny --minutes 1 5 20 --titles 1 4 --batch 4 8
    python benchmarks/scaling.py --model tiny --minutes 1 10 60 600 --titles 1 8 64   # hours

One film by length, then short titles by number, then threads and batch sizes. Each run is one
process. A system whose milliseconds a minute and peak memory stay the same down the table scales.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.audio import Speech, make_film
from benchmarks.harness.models import find_weights
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.systems import SYSTEMS, RunError, run_system
from benchmarks.harness.tables import table

TITLE_MINUTES = 0.4
NAMES = ("subkit exact", "subkit fast", "faster-whisper batched")


def main() -> int:
    """Measure and print; 1 if a run failed."""
    arguments = _parser().parse_args()
    weights = find_weights(arguments.model, arguments.models, {})
    facts = machine_facts()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="scaling-") as name:
        folder = Path(name)
        base: dict[str, Any] = {
            "model": str(weights.paths["ctranslate2"]),
            "warm_up": str(make_film(folder / "warm.wav", 8, ("en",)).path),
            "word_times": True,
            "language": "en",
            "device": arguments.device,
            "compute_type": arguments.compute_type,
            "beam_size": 5,
            "temperatures": [0.0],
        }
        for what, speech, change in _runs(arguments, folder):
            for system in arguments.systems:
                job = {**base, **change, "audio": [str(one.path) for one in speech]}
                rows.append(_run(system, job, what, sum(s.seconds for s in speech), folder))
    print(f"{weights.name}, {arguments.compute_type}, {facts['machine']}, {facts['date']}")
    head = ["run", "system", "× real time", "ms / min", "CPU s / min", "peak MiB"]
    print("\n" + table(head, [_cells(row) for row in rows]))
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, model=weights.name, rows=rows)
        if arguments.plot:
            _plot(arguments.json, rows)
    return 1 if any("failed" in row for row in rows) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    cores = len(os.sched_getaffinity(0))
    add("--model", default="tiny")
    add("--models", type=Path, default=Path("models"))
    add("--minutes", type=float, nargs="*", default=[1, 3, 10])
    add("--titles", type=int, nargs="*", default=[1, 4])
    add("--threads", type=int, nargs="*", default=[cores])
    add("--batch", type=int, nargs="*", default=[8])
    add("--device", default="cpu", choices=("cpu", "cuda"))
    add("--compute-type", default="int8")
    add("--systems", nargs="+", choices=sorted(SYSTEMS), default=list(NAMES))
    add("--json", type=Path, metavar="FILE")
    add("--plot", action="store_true", help="a picture beside the JSON file (needs matplotlib)")
    return parser


def _runs(
    arguments: argparse.Namespace, folder: Path
) -> list[tuple[str, list[Speech], dict[str, Any]]]:
    """Each run's name, audio, and what of the job differs: one thing at a time."""
    threads, batch = arguments.threads[0], arguments.batch[0]
    usual = {"threads": threads, "batch_size": batch}
    runs = []
    film = None
    for minutes in arguments.minutes:
        film = make_film(folder / f"{minutes:g}.wav", minutes * 60, ("en",))
        runs.append((f"{minutes:g} min", [film], usual))
    for count in arguments.titles:
        one = make_film(folder / "title.wav", TITLE_MINUTES * 60, ("en",))
        runs.append((f"{count} titles of {TITLE_MINUTES:g} min", [one] * count, usual))
    film = film or make_film(folder / "film.wav", 180, ("en",))
    more = [("threads", f"{n} threads", n) for n in arguments.threads[1:]]
    more += [("batch_size", f"batch {n}", n) for n in arguments.batch[1:]]
    runs += [(what, [film], {**usual, key: n}) for key, what, n in more]
    return runs


def _run(name: str, job: dict[str, Any], what: str, seconds: float, folder: Path) -> dict[str, Any]:
    system = SYSTEMS[name]
    row: dict[str, Any] = {"run": what, "system": name, "seconds": seconds}
    try:
        found = run_system(system, job, Path(sys.executable), folder)
    except RunError as error:
        print(error, file=sys.stderr, flush=True)
        return {**row, "failed": str(error)}
    print(f"{what}: {name} {found['wall_seconds']:.2f} s", file=sys.stderr, flush=True)
    kept = ("wall_seconds", "cpu_seconds", "peak_mib", "work", "counts")
    return {**row, **{key: found[key] for key in kept}}


def _cells(row: dict[str, Any]) -> list[object]:
    if "failed" in row:
        return [row["run"], row["system"], "failed", "-", "-", "-"]
    minutes = row["seconds"] / 60
    return [
        row["run"],
        row["system"],
        f"{row['seconds'] / row['wall_seconds']:.1f}",
        f"{1000 * row['wall_seconds'] / minutes:.0f}",
        f"{row['cpu_seconds'] / minutes:.2f}",
        f"{row['peak_mib']:.0f}",
    ]


def _plot(path: Path, rows: list[dict[str, Any]]) -> None:
    from benchmarks.harness.plots import draw_lines

    for key, title in (("wall_seconds", "seconds"), ("peak_mib", "peak MiB")):
        lines: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for row in rows:
            if row["run"].endswith(" min") and "titles" not in row["run"] and key in row:
                lines[row["system"]].append((row["seconds"] / 60, row[key]))
        target = path.with_name(f"{path.stem}-{key.partition('_')[0]}.png")
        draw_lines(target, lines, "One film by length", "minutes of audio", title)


if __name__ == "__main__":
    sys.exit(main())

"""What does a catalogue cost: one process a title, or workers that keep their models?

    python benchmarks/catalogue.py speed --model base --titles 24 --json benchmarks/results/catalogue.json
    python benchmarks/catalogue.py growth --json benchmarks/results/catalogue-growth.json
    python benchmarks/catalogue.py storm --kills 1000 --json benchmarks/results/catalogue-storm.json

``speed`` gives short titles of real speech (``../shared/cases/speech``, else the spoken test sentences)
to a shell loop of faster-whisper, to ``subkit run`` one by one and to ``subkit batch run``. ``growth``
runs 10 to 10,000 titles whose work is simulated, so that what is left is the runner and its ledger;
and plans as many. ``storm`` kills runners and workers, and fails if a title is lost, twice or half
written.
"""  # noqa: E501 - commands

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.audio import make_film, write_wave
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from benchmarks.speech.recordings import find_recordings, read_sound
from subkit.batch import (
    BatchEntry,
    BatchLedger,
    Listing,
    LocalOptions,
    TitleJob,
    batch_folder,
    plan_batch,
    run_local,
)
from subkit.engines import default_models_folder, find_model
from subkit.pipeline import RunOptions
from tests.batch.storm import begun, require_whole, storm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parents[1]
PEER = """
import sys
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8")
segments, _ = model.transcribe(sys.argv[2], beam_size=5, vad_filter=True, word_timestamps=True)
with open(sys.argv[3], "w") as file:
    for number, one in enumerate(segments, 1):
        file.write(f"{number}\\n{one.start} --> {one.end}\\n{one.text}\\n\\n")
"""
"""What people put into a loop over files."""


def processor_seconds() -> tuple[float, float]:
    """Processor time of this process, and of the children that have ended."""
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Wall and processor seconds of some work."""
    began, (own, others) = time.perf_counter(), processor_seconds()
    work()
    own_after, others_after = processor_seconds()
    return {
        "wall": time.perf_counter() - began,
        "own_cpu": own_after - own,
        "cpu": own_after - own + others_after - others,
    }


def make_titles(folder: Path, count: int) -> list[Path]:
    """Short titles of real speech as WAV, of 5 to 30 s."""
    folder.mkdir(parents=True)
    try:
        found = [one.path for one in find_recordings("en", "all")]
    except OSError:
        found = []
    paths: list[Path] = []
    for path in found:
        samples = read_sound(path)
        if len(paths) < count and 5 * 16_000 <= samples.size <= 30 * 16_000:
            paths.append(write_wave(folder / f"title-{len(paths):03d}.wav", samples))
    while len(paths) < count:
        path = folder / f"title-{len(paths):03d}.wav"
        make_film(path, 8 + len(paths) % 20, ("en",))
        paths.append(path)
    return paths


def speed(arguments: argparse.Namespace) -> dict[str, Any]:
    """One row for each way of doing the titles, in turn."""
    model = find_model(arguments.model, "recognizer", models_folder=default_models_folder({}))
    rounds: dict[str, list[dict[str, float]]] = {}
    with TemporaryDirectory() as folder:
        base = Path(folder)
        titles = make_titles(base / "titles", arguments.titles)
        for number in range(arguments.rounds):
            out = base / f"out-{number}"
            out.mkdir()
            for name, work in ways(titles, model.directory, arguments, out).items():
                rounds.setdefault(name, []).append(timed(work))
                print(number, name, rounds[name][-1], file=sys.stderr)
            same = [
                (out / "batch" / f"{t.stem}.en.srt").read_bytes()
                == (out / "run" / f"{t.stem}.en.srt").read_bytes()
                for t in titles
            ]
    if not all(same):
        raise SystemExit(f"{same.count(False)} titles differ between run and batch")
    best = {name: min(found, key=lambda one: one["cpu"]) for name, found in rounds.items()}
    rows = [
        {
            "system": name,
            "titles": len(titles),
            "titles_per_hour": 3600 * len(titles) / one["wall"],
            "cpu_seconds_per_title": one["cpu"] / len(titles),
            "runner_share": one["own_cpu"] / one["cpu"] if name == "subkit batch run" else None,
            "rounds": rounds[name],
        }
        for name, one in best.items()
    ]
    print(
        table(
            ["system", "titles/h", "CPU s/title", "runner and ledger, share of CPU"],
            [
                [
                    row["system"],
                    f"{row['titles_per_hour']:.0f}",
                    f"{row['cpu_seconds_per_title']:.2f}",
                    "" if row["runner_share"] is None else f"{row['runner_share']:.1%}",
                ]
                for row in rows
            ],
        )
    )
    return {"model": arguments.model, "systems": rows, "same_bytes_as_run": True}


def ways(
    titles: Sequence[Path], weights: str, arguments: argparse.Namespace, out: Path
) -> dict[str, Callable[[], object]]:
    """What is compared: name -> work."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "cli")])
    environment = {**os.environ, "PYTHONPATH": path}

    def call(*command: str) -> None:
        done = subprocess.run(command, check=False, capture_output=True, env=environment)
        if done.returncode:
            raise SystemExit(f"{command[-1]}: {done.stderr.decode(errors='replace')[-2000:]}")

    def peer() -> None:
        for title in titles:
            call(sys.executable, "-c", PEER, weights, str(title), str(out / f"{title.stem}.srt"))

    words = ("--model", arguments.model, "--language", "en", "--shots", "none", "--offline")

    def one_by_one() -> None:
        for title in titles:
            call(sys.executable, "-m", "subkit_cli", "run", str(title), "-o", str(out / "run"),
                 *words)  # fmt: skip

    def batch() -> None:
        options = RunOptions(model=arguments.model, shots="none", offline=True)
        recognition = options.recognition
        options = replace(options, recognition=replace(recognition, language="en"))
        entries = tuple(BatchEntry(id=t.stem, media=t, values={}) for t in titles)
        folder = out / "batch"
        plan = plan_batch(
            Listing(entries=entries, left_out={}),
            TitleJob(id="", media=Path(), options=options),
            folder,
        )
        batch_folder(folder).mkdir(parents=True)
        with BatchLedger(batch_folder(folder) / "ledger.sqlite", create=True) as ledger:
            ledger.add((one.job, one.facts) for one in plan.titles)
            local = LocalOptions(workers=arguments.workers, min_free=0)
            counts = run_local(ledger, folder, local)
        assert counts["done"] == len(titles), counts

    return {
        "shell loop of faster-whisper": peer,
        "subkit run, one by one": one_by_one,
        "subkit batch run": batch,
    }


def growth(arguments: argparse.Namespace) -> dict[str, Any]:
    """A row for each number of titles."""
    rows = []
    for count in arguments.sizes:
        row: dict[str, Any] = {"titles": count}
        for part in ("simulate_plan", "simulate_run"):  # apart, as the peak of memory is of each
            code = f"from benchmarks.catalogue import {part}; {part}({count})"
            done = subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
            )
            row |= json.loads(done.stdout)
        rows.append(row)
        print(rows[-1], file=sys.stderr)
    print(
        table(
            ["titles", "titles/s", "runner CPU ms/title", "peak MiB", "plan beyond probing, s"],
            [
                [
                    row["titles"],
                    f"{row['titles'] / row['wall']:.0f}",
                    f"{1000 * row['runner_cpu'] / row['titles']:.2f}",
                    f"{row['peak_bytes'] / 2**20:.0f}",
                    f"{row['plan_seconds']:.2f}",
                ]
                for row in rows
            ],
        )
    )
    return {"sizes": rows}


def simulate_plan(count: int) -> None:
    """Plan ``count`` titles whose media are known, and print what that took."""
    with TemporaryDirectory() as folder:
        path = Path(folder)
        titles = path / "titles"
        titles.mkdir()
        ids = [f"fine-{number}" for number in range(count)]
        known = {}
        for name in ids:
            (titles / f"{name}.mkv").touch()
            facts = (titles / f"{name}.mkv").stat()
            known[name] = {"duration": 1.0, "size": 0, "changed": facts.st_mtime_ns}
        entries = tuple(BatchEntry(id=n, media=titles / f"{n}.mkv", values={}) for n in ids)
        base = TitleJob(id="", media=Path(), options=RunOptions(model="demo"))
        listing = Listing(entries=entries, left_out={})
        planned = timed(lambda: plan_batch(listing, base, path, known=known))
    print(json.dumps({"plan_seconds": planned["wall"], "plan_peak_bytes": peak_bytes()}))


def simulate_run(count: int) -> None:
    """Run ``count`` simulated titles, and print what that took."""
    with TemporaryDirectory() as folder:
        path = Path(folder)
        with begun(path, (f"fine-{number}" for number in range(count))) as ledger:
            options = LocalOptions(workers=2, module="tests.batch.simulated", min_free=0)
            took = timed(lambda: run_local(ledger, path, options))
            peak = peak_bytes()
            assert ledger.counts()["done"] == count
        require_whole(path, [f"fine-{number}" for number in range(count)])
    facts_of = {"wall": took["wall"], "runner_cpu": took["own_cpu"], "peak_bytes": peak}
    print(json.dumps(facts_of))


def peak_bytes() -> int:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def kill_storm(arguments: argparse.Namespace) -> dict[str, Any]:
    """Slices of a storm until there were enough kills."""
    total = {"runner": 0, "worker": 0}
    made_of: dict[str, Any] = {}
    seed = arguments.seed
    while sum(total.values()) < arguments.kills:
        with TemporaryDirectory() as folder:
            slice_kills = min(170, arguments.kills - sum(total.values()))
            made = storm(Path(folder), titles=arguments.titles, kills=slice_kills, seed=seed)
        total = {kind: total[kind] + made[kind] for kind in total}
        seed += 1
        print(total, file=sys.stderr)
        made_of = {
            "kills": total,
            "titles": arguments.titles * (seed - arguments.seed),
            "lost": 0,  # a storm that finds one fails
            "twice": 0,
            "half_written": 0,
        }
        if arguments.json:  # a storm takes long: what it has shown so far stays if it is stopped
            write_results(arguments.json, sys.argv, machine_facts(), **made_of)
    print(table(["killed", "times"], [[kind, n] for kind, n in total.items()]))
    return made_of


def main() -> None:
    """Do what the command says."""
    parser = argparse.ArgumentParser(description=__doc__)
    below = parser.add_subparsers(dest="what", required=True)
    for name in ("speed", "growth", "storm"):
        one = below.add_parser(name)
        one.add_argument("--json", type=Path)
        if name == "speed":
            one.add_argument("--model", default="base")
            one.add_argument("--titles", type=int, default=24)
            one.add_argument("--rounds", type=int, default=1)
            one.add_argument("--workers", type=int, default=1)
        if name == "growth":
            one.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000, 10_000])
        if name == "storm":
            one.add_argument("--kills", type=int, default=1000)
            one.add_argument("--titles", type=int, default=3000)
            one.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    facts = machine_facts()
    parts = {"speed": speed, "growth": growth, "storm": kill_storm}[arguments.what](arguments)
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, **parts)


if __name__ == "__main__":
    main()

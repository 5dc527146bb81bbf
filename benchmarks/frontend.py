"""How long does it take from the file to the features: decoding, voice detection, log-mel?

    python benchmarks/frontend.py --minutes 30 --rounds 5

Ours streams and keeps a window, faster-whisper's holds the file; both with the same voice detector
and the same bits as features. No model is loaded.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict, is_dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.audio import make_film, read_samples
from benchmarks.harness.report import STAGES, Measured, summarize
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.rounds import run_rounds
from benchmarks.harness.systems import TUNED, System
from benchmarks.harness.tables import table

BASE = "faster-whisper's"
CONTENDERS = (
    System("ours", "run_frontend.py", job={"whose": "subkit"}),
    System("ours, tuned", "run_frontend.py", "", TUNED, {"whose": "subkit"}),
    System(BASE, "run_frontend.py", job={"whose": "faster-whisper"}),
    System(f"{BASE}, tuned", "run_frontend.py", "", TUNED, {"whose": "faster-whisper"}),
)


def main() -> int:
    """Measure and print; 1 if one of them failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--audio", type=Path, help="a file; without, a film of test sentences")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--bands", type=int, default=80, choices=(80, 128))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    facts = machine_facts()
    with tempfile.TemporaryDirectory(prefix="frontend-") as name:
        folder = Path(name)
        path = arguments.audio
        if path is None:
            path = make_film(folder / "film.wav", arguments.minutes * 60).path
        seconds = read_samples(path).size / 16_000
        warm_up = make_film(folder / "warm.wav", 8).path
        job = {"audio": [str(path.resolve())], "warm_up": str(warm_up), "bands": arguments.bands}
        rounds, failed = run_rounds(
            [(system, job, Path(sys.executable)) for system in CONTENDERS],
            arguments.rounds,
            folder,
            tell=lambda line: print(line, file=sys.stderr, flush=True),
        )
    rows = summarize(rounds, Measured(seconds, BASE, comparable=False))
    shown = [name for name in STAGES if any(name in r["stages_ms_per_minute"] for r in rows)]
    head = ["ms / min", *shown, "in all", f"against {BASE}", "CPU s / min", "peak MiB"]
    body = []
    for row in rows:
        stages = row["stages_ms_per_minute"]
        cells = [row["system"], *(f"{stages.get(name, 0):.1f}" for name in shown)]
        cells += [f"{60_000 / row['times_real_time'].median:.0f}"]
        cells += [row["ratio"].text(2, sign="×") if "ratio" in row else "-"]
        cells += [row["cpu_seconds_per_minute"].text(2), f"{row['peak_mib'].median:.0f}"]
        body.append(cells)
    print(f"{seconds / 60:.1f} min, {arguments.rounds} rounds, {facts['machine']}, {facts['date']}")
    print("\n" + table(head, body))
    for what, why in failed.items():
        print(f"\nabsent: {what}: {why}")
    if arguments.json:
        plain = [{k: asdict(v) if is_dataclass(v) else v for k, v in r.items()} for r in rows]  # type: ignore[arg-type]
        write_results(arguments.json, sys.argv, facts, audio_seconds=seconds, rows=plain)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""What does a change cost? The same command lines in two checkouts, interleaved.

    git worktree add ../before COMMIT
    python benchmarks/checkouts.py ../before . --json benchmarks/results/checkouts.json

Help, the demo, and spotting of 20,000 words: seconds of the processor of the whole process, the
start of Python included, and how many times the second checkout is as fast. One round more comes
first and is not counted: in it modules are compiled, as an installation does it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.numbers import ratios, spread
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table

WORDS = 20_000
ACTS = ["help", "demo", "spot"]


def words_file(path: Path) -> Path:
    """Write a list of words: three a second, a sentence each ten, a pause each forty."""
    words = []
    time = 0.0
    for number in range(WORDS):
        text = f"word{number % 97}" + ("." if number % 10 == 9 else "")
        words.append({"text": text, "start": round(time, 3), "end": round(time + 0.3, 3)})
        time += 0.33 if number % 40 != 39 else 2.0
    path.write_text(json.dumps({"language": "en", "words": words}), encoding="utf-8")
    return path


def seconds(checkout: Path, words: list[str], compiled: Path) -> float:
    """Run a command line of a checkout; its seconds of the processor, children included."""
    places = os.pathsep.join(str(checkout / part) for part in ("", "cli"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "subkit_cli", *words],
        check=True,
        cwd=tempfile.gettempdir(),  # -m looks for modules in the folder it is called from first
        env={
            **os.environ,
            "PYTHONPATH": places,
            "PYTHONPYCACHEPREFIX": str(compiled),
            "PYTHONDONTWRITEBYTECODE": "",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(checkouts: list[Path], acts: list[str], rounds: int) -> list[dict[str, Any]]:
    """Measure every act in both checkouts, the first one first in every other round."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="subkit-checkouts-") as place:
        folder = Path(place)
        listed = str(words_file(folder / "words.json"))
        for act in acts:
            found: dict[Path, list[float]] = {checkout: [] for checkout in checkouts}
            for number in range(rounds + 1):
                for checkout in checkouts if number % 2 else reversed(checkouts):
                    out = folder / f"{act}-{number}-{checkouts.index(checkout)}"
                    words = {
                        "help": ["--help"],
                        "demo": ["demo", "-o", str(out)],
                        "spot": ["spot", listed, "-o", f"{out}.srt"],
                    }[act]
                    spent = seconds(checkout, words, folder / "compiled")
                    if number:
                        found[checkout].append(spent)
            first, second = (found[checkout] for checkout in checkouts)
            faster = ratios(first, second)
            rows.append({"act": act, "first": spread(first), "second": spread(second)})
            rows[-1]["times_as_fast"] = faster
            print(f"{act}: {spread(first).text(2)} s, {spread(second).text(2)} s", flush=True)
    return rows


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--act", action="append", choices=ACTS, help="only this one")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    facts = machine_facts()
    checkouts = [arguments.first.resolve(), arguments.second.resolve()]
    rows = measure(checkouts, arguments.act or ACTS, arguments.rounds)
    head = ["act", "first, CPU s", "second, CPU s", "times as fast"]
    body = [
        [row["act"], row["first"].text(2), row["second"].text(2), row["times_as_fast"].text(2)]
        for row in rows
    ]
    print(table(head, body))
    if arguments.json:
        plain = [
            {k: v if isinstance(v, str) else asdict(v) for k, v in row.items()} for row in rows
        ]
        write_results(arguments.json, sys.argv, facts, rows=plain)


if __name__ == "__main__":
    main()

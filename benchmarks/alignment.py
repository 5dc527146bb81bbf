"""Are cues found where their speech is, and is another film refused?

    python benchmarks/alignment.py sync --subtitles FOLDER --films FOLDER --json FILE

Subtitles that fit are moved by known offsets, frame-rate ratios and cuts, and held against what
says when somebody speaks: real tracks in another language, generated films with a simulated voice,
and films built of recordings as the real voice detector hears them. With ``--ffsubsync PYTHON`` the
same cases go to ffsubsync in an environment of its own, the reference as a subtitle file.

    python benchmarks/alignment.py text --peers FOLDER --json FILE

measures how known texts are aligned to their films: see ``benchmarks/text_alignment.py``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from benchmarks.resync_cases import (
    Case,
    Title,
    exact,
    generated_title,
    make_cases,
    recorded_titles,
    tracks_of,
)
from subkit.alignment import find_resync
from subkit.model import Cue, Span

FRAME = 1 / 24
_WHOLE = ("offset", "ratio", "hour")


def main() -> int:
    """Measure and print."""
    if sys.argv[1:2] == ["text"]:
        from benchmarks.text_alignment import main as measure_texts

        return measure_texts(sys.argv[2:])
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("sync",))
    parser.add_argument("--subtitles", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--films", type=Path, metavar="FOLDER", help="films of recordings, .wav")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=30, help="length of generated films")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--ffsubsync", type=Path, metavar="PYTHON")
    parser.add_argument("--every", type=int, default=1, help="cases that ffsubsync gets")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    facts = machine_facts()
    cases = _cases(arguments)
    with ProcessPoolExecutor(arguments.jobs) as pool:
        rows = list(pool.map(_measured, cases, chunksize=4))
    systems = {"subkit": rows}
    if arguments.ffsubsync:
        some = cases[:: arguments.every]
        systems["subkit, the same cases"] = rows[:: arguments.every]
        systems["ffsubsync"] = _by_ffsubsync(some, arguments.ffsubsync)
    for name, found in systems.items():
        print(f"\n{name}: {len(found)} cases, {facts['machine']}\n")
        print(table(*_summary(found)))
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, **systems)
    return 0


def _cases(arguments: argparse.Namespace) -> list[Case]:
    seed = arguments.seed
    real = tracks_of(arguments.subtitles, seed)
    made = [generated_title(seed * 100 + n, arguments.minutes) for n in range(8)]
    each: list[Title] = []
    rows: list[Title] = []
    if arguments.films:
        each, rows = recorded_titles(arguments.films, seed)
    return [
        *make_cases(real, (*_WHOLE, "wrong"), seed, wrong=[*real, *each, *made]),
        *make_cases(each, ("offset", "ratio", "wrong"), seed, wrong=[*each, *real, *made]),
        *make_cases(made, (*_WHOLE, "cuts", "cuts", "wrong"), seed, wrong=[*made, *rows]),
        *make_cases(rows, (*_WHOLE, "cuts", "cuts", "wrong"), seed, wrong=made),
    ]


def _measured(case: Case) -> dict[str, Any]:
    cues = [
        Cue(id=str(n), span=Span(exact(a), exact(max(b, a + 0.05))), lines=("words",))
        for n, (a, b) in enumerate(case.given)
    ]
    began = time.perf_counter()
    found = find_resync(cues, case.reference)
    spent = time.perf_counter() - began
    moved = np.array([float(found.moved(cue.span).start) for cue in cues])
    row = _row(case, moved, spent, refused=bool(found.reasons))
    return {**row, "evidence": found.evidence, "named": found.ratio == case.ratio}


def _row(case: Case, moved: Any, spent: float, *, refused: bool) -> dict[str, Any]:
    errors = np.abs(moved - case.true)
    errors = errors[~np.isnan(errors)]
    return {
        "kind": case.kind,
        "source": case.source,
        "name": case.name,
        "cues": len(case.given),
        "refused": refused,
        "p95_s": float(np.percentile(errors, 95)) if errors.size else None,
        "within_100_ms": float((errors <= 0.1).mean()) if errors.size else None,
        "seconds": spent,
    }


def _summary(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    head = ["kind", "source", "cases", "refused", "within a frame", "p95 ms", "cues in 100 ms",
            "rate named", "s"]  # fmt: skip
    keys = dict.fromkeys((row["kind"], row["source"]) for row in rows)
    kinds = dict.fromkeys((row["kind"], "all") for row in rows)
    lines = []
    for kind, source in [*keys, *kinds]:
        mine = [r for r in rows if r["kind"] == kind and source in (r["source"], "all")]
        kept = [r for r in mine if not r["refused"] and r["p95_s"] is not None]
        p95 = [r["p95_s"] for r in kept]
        close = [r["within_100_ms"] for r in kept]
        lines.append(
            [
                kind, source, str(len(mine)), f"{sum(r['refused'] for r in mine) / len(mine):.1%}",
                f"{np.mean([p <= FRAME for p in p95]):.1%}" if p95 else "-",
                f"{np.percentile(p95, 95) * 1000:.0f}" if p95 else "-",
                f"{np.mean(close):.1%}" if close else "-",
                f"{np.mean([r['named'] for r in kept]):.1%}" if p95 and "named" in kept[0] else "-",
                f"{np.mean([r['seconds'] for r in mine]):.2f}",
            ]
        )  # fmt: skip
    return head, lines


def _by_ffsubsync(cases: list[Case], python: Path) -> list[dict[str, Any]]:
    """The same cases through ffsubsync, all in one process of its own environment."""
    runner = Path(__file__).with_name("systems") / "run_ffsubsync.py"
    with tempfile.TemporaryDirectory(prefix="sync-") as name:
        folder = Path(name)
        for number, case in enumerate(cases):
            spans = [(float(s.start), float(s.end)) for s in case.reference.spans]
            _write(folder / f"{number}.reference.srt", spans)
            _write(folder / f"{number}.given.srt", case.given.tolist())
        command = [str(python), str(runner), str(folder), str(len(cases))]
        subprocess.run(command, check=True, capture_output=True)
        answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    rows = []
    for case, answer in zip(cases, answers, strict=True):
        starts = answer["starts"]
        refused = len(starts) != len(case.given)
        moved = np.full(len(case.given), np.inf) if refused else np.array(starts)
        rows.append(_row(case, moved, answer["seconds"], refused=refused))
    return rows


def _write(path: Path, spans: list[Any]) -> None:
    parts = []
    for number, (start, end) in enumerate(sorted(map(tuple, spans)), start=1):
        times = " --> ".join(_clock(max(time, 0.0)) for time in (start, max(end, start + 0.05)))
        parts.append(f"{number}\n{times}\nwords {number}\n")
    path.write_text("\n".join(parts), encoding="utf-8")


def _clock(time: float) -> str:
    whole = round(time * 1000)
    minutes, rest = divmod(whole, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"


if __name__ == "__main__":
    sys.exit(main())

"""Do the cues of a finished film go where their frames are in a new cut, found by its sound?

    python benchmarks/real.py films --language en de ko --into FOLDER
    python benchmarks/recuts.py FOLDER --each 10 --json FILE

Old cuts of about ten minutes are joined from films of real recordings; new ones are made of them by
taking scenes out, putting strange ones in, exchanging two, adding other music, a codec, another
speed. Where each frame went is known; a cue is right if both its times are within a frame.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from benchmarks.recut_cases import FRAMES, KINDS, RATE, Recut, make_recuts, read_films
from subkit.alignment import carried_cue
from subkit.alignment.landmarks import Speed, hear
from subkit.alignment.sound_map import map_sound
from subkit.model import FrameRate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.recut_cases import Sound
    from subkit.model import Cue

_FRAME = Fraction(1, 24)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("films", type=Path, metavar="FOLDER")
    parser.add_argument("--each", type=int, default=10, help="new cuts of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    facts = machine_facts()
    films = read_films(arguments.films)
    cases = make_recuts(films, KINDS, arguments.seed, arguments.each)
    with ProcessPoolExecutor(arguments.jobs) as pool:
        rows = list(pool.map(_measured, cases))
    print(f"\n{len(rows)} new cuts, {facts['machine']}\n")
    print(table(*_summary(rows)))
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, cuts=rows)
    return 0


def _measured(case: Recut) -> dict[str, Any]:
    began = time.process_time()
    speed = Speed(case.factor, pitched="higher" in case.kind)
    old, new = hear(_blocks(case.old.sound)), hear(_blocks(case.new), speed)
    cuts = map_sound(old, new, _FRAME if case.factor == 1 else None)
    spent = time.process_time() - began
    grid = FRAMES if case.factor == 1 else FrameRate(FRAMES.rate / case.factor)
    row: dict[str, Any] = {
        "kind": case.kind,
        "old": case.old.name,
        "refused": bool(cuts.reasons),
        "cues": len(case.old.cues),
        "seconds": len(case.old.sound) / RATE + len(case.new) / RATE,
        "cpu": spent,
        **dict.fromkeys(("right", "wrong and told", "wrong and not told", "told though right"), 0),
    }
    for cue in case.old.cues:
        true, why = carried_cue(cue, case.truth, grid)
        found, told = carried_cue(cue, cuts, grid)
        if _same(true, found):
            row["right"] += 1
            row["told though right"] += why is None and told is not None
        else:
            row["wrong and not told" if told is None else "wrong and told"] += 1
    return row


def _blocks(sound: Sound) -> Iterator[Sound]:
    for first in range(0, len(sound), 10 * RATE):
        yield sound[first : first + 10 * RATE]


def _same(true: Cue | None, found: Cue | None) -> bool:
    if true is None or found is None:
        return true is found
    ends = ((true.span.start, found.span.start), (true.span.end, found.span.end))
    return all(abs(one - other) <= _FRAME for one, other in ends)


def _summary(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    head = ["new cut", "cases", "refused", "cues", "within a frame", "wrong and told",
            "wrong and not told", "told though right", "CPU × real time"]  # fmt: skip
    kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        kinds[row["kind"]].append(row)
    kinds["all but another film"] = [row for row in rows if row["kind"] != "another film"]
    lines = []
    for kind, some in kinds.items():
        kept = [row for row in some if not row["refused"]]
        cues = sum(row["cues"] for row in kept)
        keys = ("right", "wrong and told", "wrong and not told", "told though right")
        counts = [sum(row[key] for row in kept) for key in keys]
        cpu = sum(row["cpu"] for row in some) / sum(row["seconds"] for row in some)
        share = f"{counts[0] / cues:.1%}" if cues else "-"
        refused = str(len(some) - len(kept))
        lines.append([kind, str(len(some)), refused, str(cues), share, *map(str, counts[1:]),
                      f"{cpu:.4f}"])  # fmt: skip
    return head, lines


if __name__ == "__main__":
    sys.exit(main())

"""CPU seconds to read and write subtitle files, beside what others take, and what each keeps.

    python benchmarks/formats.py [--json results/formats.json] [--cues 10000 50000 200000]

A row is a way from one format to another: a made film of dialogue in which every third cue is
italic, every fifth coloured, every seventh at the top. Each measurement is a process of its own;
its CPU time without imports counts, the lowest of ``--rounds``. ``kept`` is the share of tags and
places of the source that the result still has. Growth is linear where the microseconds a cue stay
the same.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable

_LINES = (
    "Somebody is following us.",
    "You must go to the harbour in an hour,\nand take nobody with you.",
    "I know.",
    "Where were you last night, Hugo?\nEverybody was waiting for you.",
)


def srt(cues: int) -> str:
    """Return a SubRip file of so many cues, styled as the module says."""
    blocks = []
    for number in range(1, cues + 1):
        text = _LINES[number % len(_LINES)]
        if number % 3 == 0:
            text = f"<i>{text}</i>"
        if number % 5 == 0:
            first, _, rest = text.partition(" ")
            text = f'<font color="#ffff00">{first}</font> {rest}' if rest else text
        if number % 7 == 0:
            text = f"{{\\an8}}{text}"
        start, end = _stamp(number * 3000), _stamp(number * 3000 + 2500)
        blocks.append(f"{number}\n{start} --> {end}\n{text}\n")
    return "\n".join(blocks)


def scc(cues: int) -> str:
    """Return the same film as closed captions, 1200 cues an hour."""
    return _ours("srt", "scc")(srt(cues).encode()).decode()


def _stamp(time: int) -> str:
    hours, rest = divmod(time, 3_600_000)
    return f"{hours:02d}:{rest // 60_000:02d}:{rest // 1000 % 60:02d},{rest % 1000:03d}"


def _ours(source: str, target: str) -> Callable[[bytes], bytes]:
    from fractions import Fraction

    from subkit.formats import reader_for, writer_for
    from subkit.model import Media

    media = Media(path="", digest="", duration=Fraction(1))
    reader, writer = reader_for(source), writer_for(target)
    return lambda data: writer.write(reader.read(data, name="a", language="en")[0], media)


def _pysubs2(source: str, target: str) -> Callable[[bytes], bytes]:
    import pysubs2

    def convert(data: bytes) -> bytes:
        found = pysubs2.SSAFile.from_string(data.decode(), format_=source)
        return found.to_string(target).encode()

    return convert


def _ttconv(_source: str, _target: str) -> Callable[[bytes], bytes]:
    import io
    import logging

    from ttconv.imsc.writer import from_model
    from ttconv.srt.reader import to_model

    logging.disable(logging.CRITICAL)

    def convert(data: bytes) -> bytes:
        made = io.BytesIO()
        from_model(to_model(io.StringIO(data.decode()))).write(made, encoding="utf-8")
        return made.getvalue()

    return convert


SYSTEMS: dict[str, Callable[[str, str], Callable[[bytes], bytes]]] = {
    "subkit": _ours,
    "pysubs2": _pysubs2,
    "ttconv": _ttconv,
}
WAYS: dict[tuple[str, str], tuple[Callable[[int], str], tuple[str, ...]]] = {
    ("srt", "srt"): (srt, ("subkit", "pysubs2")),
    ("srt", "imsc"): (srt, ("subkit", "ttconv")),
    ("scc", "scc"): (scc, ("subkit",)),
}
"""From and to -> what makes the source, and who is measured."""

_STYLED = ("<i>", "<font", "{\\an", "91ae", "91aa", "942f")
"""Tags of SubRip; in SCC the codes for italics, yellow and showing a caption."""


def main() -> int:
    """Measure and print."""
    arguments = _parser().parse_args()
    if arguments.one:
        return _one(*arguments.one)
    facts = machine_facts()
    rows = []
    for (source, target), (make, systems) in WAYS.items():
        for cues in arguments.cues:
            with tempfile.TemporaryDirectory(prefix="formats-") as folder:
                path = Path(folder) / f"film.{source}"
                path.write_text(make(cues), encoding="utf-8")
                runs: dict[str, list[dict[str, Any]]] = {system: [] for system in systems}
                for _ in range(arguments.rounds):  # in turn: a busy machine slows down all
                    for system in systems:
                        runs[system].append(_run(system, source, target, path))
                for system, found in runs.items():
                    best = min(found, key=lambda run: run["cpu"])
                    row = {"from": source, "to": target, "system": system, "cues": cues, **best}
                    rows.append(row)
    print(f"{facts['machine']}, {facts['date']}")
    head = ["from", "to", "system", "cues", "CPU s", "µs a cue", "kept"]
    cells = [
        [
            *(str(row[key]) for key in ("from", "to", "system", "cues")),
            f"{row['cpu']:.2f}",
            f"{row['cpu'] / row['cues'] * 1e6:.0f}",
            f"{row['kept']:.0%}",
        ]
        for row in rows
    ]
    print("\n" + table(head, cells))
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, rows=rows)
    return 0


def _run(system: str, source: str, target: str, path: Path) -> dict[str, Any]:
    """Measure one conversion in a process of its own."""
    command = [sys.executable, __file__, "--one", system, source, target, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=600)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _one(system: str, source: str, target: str, path: str) -> int:
    import time

    data = Path(path).read_bytes()
    convert = SYSTEMS[system](source, target)
    convert(srt(3).encode() if source == "srt" else data[:0] or data)  # imports
    begin = time.process_time()
    made = convert(data)
    cpu = time.process_time() - begin
    if target == "imsc":
        made = _ours("imsc", "srt")(made)
    print(json.dumps({"cpu": cpu, "kept": _kept(data.decode(), made.decode())}))
    return 0


def _kept(source: str, made: str) -> float:
    """The share of tags of the source that are in what was made, the least of all kinds."""
    counts = [(source.count(tag), made.count(tag)) for tag in _STYLED]
    return sum(min(had, has) for had, has in counts) / max(1, sum(had for had, _ in counts))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cues", type=int, nargs="+", default=[10_000, 50_000, 200_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())

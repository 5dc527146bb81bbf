"""Are shot changes found where they are, and what does looking for them cost?

    python benchmarks/shots.py --minutes 12 --json benchmarks/results/shots.json

A film is drawn whose shot changes are known to the frame: hard cuts in light and dark, fades,
dissolves; and what is none: flashes, fast pans, shaking. ffmpeg's scdet filter looks at the same
file. Then one pass over pictures and sound together is held against two passes.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.film import RATE, Change, make_pictures, match
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from subkit.decode import ahead
from subkit.demo import scene_file
from subkit.media import ShotOptions, audio_blocks, find_shots, probe, run_ffmpeg
from subkit.media.changes import find_changes
from subkit.media.shot_search import thumbnail
from subkit.media.source import Run
from subkit.model import Media

_SCORE = re.compile(r"pts_time:([\d.]+)\n.*\nlavfi.scd.score=([\d.]+)")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=12.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    facts = machine_facts()
    with tempfile.TemporaryDirectory(prefix="shots-") as name:
        drawn = Path(name) / "drawn.mp4"
        truth = make_pictures(drawn, arguments.minutes * 60)
        film = _with_sound(drawn, Path(name) / "film.mp4")
        found = _finding(film, truth)
        passes = [
            row for path in (scene_file(), film) for row in _passes(probe(path), arguments.rounds)
        ]
    kinds = sorted({kind for row in found for kind in row["kinds"]})
    head = ["system", *(f"{kind} ({found[0]['kinds'][kind][1]})" for kind in kinds)]
    rows = [
        [row["system"], *(str(row["kinds"][kind][0]) for kind in kinds), str(row["false"]),
         f"{row['recall']:.3f}", f"{row['precision']:.3f}", f"{row['cpu_s']:.1f}",
         f"{row['times_real_time']:.0f}"]
        for row in found
    ]  # fmt: skip
    print(f"{arguments.minutes:g} min drawn, {len(truth)} changes, {facts['machine']}\n")
    print(table([*head, "false", "recall", "precision", "CPU s", "× real time"], rows))
    print()
    cells = [[r["film"], r["what"], f"{r['wall_s']:.2f}", f"{r['cpu_s']:.2f}"] for r in passes]
    print(table(["film", "what", "wall s", "CPU s"], cells))
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, finding=found, passes=passes)
    return 0


def _with_sound(pictures: Path, path: Path) -> Path:
    """The pictures with the scene's sound, over and over."""
    import ffmpeg

    sound = ffmpeg.input(scene_file(), stream_loop=-1).audio
    told = {"c": "copy", "shortest": None}
    graph = ffmpeg.output(ffmpeg.input(pictures).video, sound, filename=path, **told)
    run_ffmpeg(graph.get_args(), timeout=600)
    return path


def _finding(film: Path, truth: list[Change]) -> list[dict[str, Any]]:
    media = probe(film)
    systems: dict[str, Callable[[], list[int]]] = {
        "subkit": lambda: _ours(media, 10.0),
        "subkit, threshold 8": lambda: _ours(media, 8.0),
        "ffmpeg scdet=10": lambda: _scdet(film, 10.0),
        "ffmpeg scdet=8": lambda: _scdet(film, 8.0),
    }
    rows: list[dict[str, Any]] = []
    for name, run in systems.items():
        frames, wall, cpu = _timed(run)
        kinds, false = match(frames, truth)
        got, of = (sum(column) for column in zip(*kinds.values(), strict=True))
        row = {"system": name, "kinds": kinds, "false": false, "cpu_s": cpu, "wall_s": wall}
        row["recall"], row["precision"] = got / of, got / max(1, got + false)
        row["times_real_time"] = float(media.duration) / wall
        rows.append(row)
    return rows


def _ours(media: Media, threshold: float) -> list[int]:
    options = ShotOptions(threshold=threshold)
    return [round(change.time * RATE) for change in find_shots(media, options)]


def _scdet(film: Path, threshold: float) -> list[int]:
    import ffmpeg

    scored = ffmpeg.input(film).video.filter("scdet", threshold=0)
    graph = scored.filter("metadata", "print", file="-").output("-", f="null")
    printed = run_ffmpeg(graph.get_args(), timeout=3600).decode()
    return [round(float(t) * RATE) for t, s in _SCORE.findall(printed) if float(s) >= threshold]


def _timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What it gives, wall seconds and processor seconds, children included."""
    before, began = os.times(), time.perf_counter()
    result = work()
    after, wall = os.times(), time.perf_counter() - began
    return result, wall, sum(after[:4]) - sum(before[:4])


def _passes(media: Media, rounds: int) -> list[dict[str, Any]]:
    """Sound and pictures one after the other, at once in two threads, and in one pass."""
    ways: dict[str, Callable[[], Any]] = {
        "sound": lambda: _drain(audio_blocks(media)),
        "pictures": lambda: _drain(find_shots(media)),
        "both, one after the other": lambda: (
            _drain(audio_blocks(media)), _drain(find_shots(media)),
        ),
        "both, in two threads": lambda: _threads(media),
        "both, in one pass": lambda: _one_pass(media),
    }  # fmt: skip
    best: dict[str, tuple[float, float]] = {}
    for _ in range(rounds):
        for what, work in ways.items():
            _, wall, cpu = _timed(work)
            old = best.get(what, (wall, cpu))
            best[what] = (min(old[0], wall), min(old[1], cpu))
    name = f"{Path(media.path).name}, {float(media.duration):.0f} s, {media.width}x{media.height}"
    return [
        {"film": name, "what": what, "wall_s": wall, "cpu_s": cpu}
        for what, (wall, cpu) in best.items()
    ]


def _drain(items: Any) -> int:
    return sum(1 for _ in items)


def _threads(media: Media) -> None:
    pictures = ahead(find_shots(media), depth=10_000)
    _drain(audio_blocks(media))
    _drain(pictures)


def _one_pass(media: Media) -> None:
    """Demux both streams once, decode and reduce both in one thread."""
    import av

    with av.open(media.path) as container:
        video: Any = container.streams.video[0]
        audio: Any = container.streams.audio[0]
        video.thread_type = "AUTO"
        video.codec_context.options = {"skip_loop_filter": "all"}
        run: Run | None = None
        pictures: list[Any] = []
        for packet in container.demux(video, audio):
            for frame in packet.decode():
                if packet.stream is video:
                    pictures.append((Fraction(frame.pts * frame.time_base), thumbnail(frame)))
                else:
                    run = run or Run(frame, 16_000, center=False)
                    run.feed(frame)
    _drain(find_changes(pictures, ShotOptions()))


if __name__ == "__main__":
    sys.exit(main())

"""How much memory does a long film need? The scene in a loop, transcribed, peak memory measured.

    python benchmarks/memory.py --hours 0.25 1 3

Each length runs in its own process. The table is printed; with ``--json FILE`` machine, versions
and numbers are written too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

from subkit.demo import scene_file
from subkit.media import run_ffmpeg

PACKAGES = ("subkit", "faster-whisper", "ctranslate2", "av", "numpy")
MEBIBYTE_IN_KIBIBYTES = 1024


def make_film(folder: Path, hours: float) -> Path:
    """The scene's sound in a loop, as FLAC: as long as a film, and small."""
    path = folder / f"film-{hours:g}h.flac"
    import ffmpeg

    scene = ffmpeg.input(scene_file(), stream_loop=-1).audio
    graph = scene.output(filename=path, t=round(hours * 3600))
    run_ffmpeg(graph.get_args(), timeout=3600)
    return path


def measure(film: Path, model: str) -> dict[str, float]:
    """Transcribe in a process of its own; peak memory in MiB and wall time in seconds.

    The peak is that of the larger of the two processes, ours and its recognition worker.
    """
    words = [sys.executable, "-m", "subkit_cli.main", "transcribe", str(film), "--model", model]
    words += ["-q", "-o", str(film.with_suffix(".subkit"))]
    began = time.monotonic()
    # A helper process, so that the peak of RUSAGE_CHILDREN is this run's alone.
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], check=True, stdout=subprocess.PIPE, text=True
    )
    took = time.monotonic() - began
    return {"peak_mib": int(done.stdout) / MEBIBYTE_IN_KIBIBYTES, "seconds": took}


def main() -> None:
    """Measure every length asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", nargs="+", type=float, default=[0.25, 1.0])
    parser.add_argument("--model", default="demo")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    rows = []
    print("| hours | peak MiB | × real time |\n|---|---|---|")
    for hours in arguments.hours:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(make_film(Path(folder), hours), arguments.model)
        rows.append({"hours": hours, **found})
        speed = hours * 3600 / found["seconds"]
        print(f"| {hours:g} | {found['peak_mib']:.0f} | {speed:.1f} |", flush=True)
    if arguments.json:
        facts = {
            "date": date.today().isoformat(),  # noqa: DTZ011 - the day where it was measured
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "python": platform.python_version(),
            "versions": {name: version(name) for name in PACKAGES},
            "model": arguments.model,
            "rows": rows,
        }
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""What do edits of a large project cost? Approve all, edit, replace, take back, import, verify.

    python benchmarks/large_project.py --json benchmarks/results/large-project.json

Each act is a command line in a process of its own, on a project of one track with so many cues:
seconds of the processor, start of Python included, and its largest memory.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.results import machine_facts, write_results
from subkit.model import Cue, FrameRate, Media, Origin, Project, Provenance, Span, Track
from subkit.store import ProjectFile

_ROOT = Path(__file__).resolve().parents[1]
_RATE = FrameRate(Fraction(24000, 1001))
_MADE = Provenance(
    origin=Origin.ASR,
    tool="benchmark",
    version="1",
    model="none",
    model_digest="sha256:" + "0" * 64,
    options_digest="sha256:" + "1" * 64,
    time="2026-12-01T00:00:00Z",
)


def make_project(path: Path, cues: int) -> None:
    """Write a project of one track: a cue of two lines each two and a half seconds."""
    spotted = tuple(
        Cue(
            id=f"c{number:05d}",
            span=Span(_RATE.time(60 * number), _RATE.time(60 * number + 48)),
            lines=(f"This is line {number} of Hugo,", "and he goes on."),
            provenance=_MADE,
            confidence=0.75,
        )
        for number in range(1, cues + 1)
    )
    media = Media(path="", digest="", duration=_RATE.time(60 * cues + 60), frame_rate=_RATE)
    track = Track(id="en", language="en", cues=spotted)
    ProjectFile.create(path, Project(title="long", media=media, tracks=(track,)), actor="a").close()


def acts(path: Path, cues: int) -> dict[str, list[str]]:
    """The command line of each act, in order."""
    film, by = str(path), ["--by", "Kim"]
    edited = str(path.with_suffix(".en.srt"))
    middle = f"c{cues // 2:05d}"
    return {
        "approve all": ["approve", film, "--track", "en", *by],
        "verify": ["verify", film],
        "edit one cue": ["edit", film, middle, "--text", "Another text.", *by],
        "undo it": ["undo", film, *by],
        "take all approvals back": ["approve", film, "--track", "en", "--revoke", *by],
        "replace in every cue": ["edit", film, "--find", "Hugo", "--replace", "Victor", *by],
        "export as SRT": ["export", film, "-f", "srt", "-o", str(path.parent)],
        "import it, every cue edited": ["import", film, edited, *by],
        "undo that": ["undo", film, *by],
        "verify at the end": ["verify", film],
    }


def measure(words: list[str]) -> dict[str, float]:
    """Run a command; its seconds of the processor, and its largest memory in MiB."""
    # The children's usage of a process of its own is this command's alone.
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)\n"
        "if done.returncode:\n"
        "    sys.exit(done.stderr.decode())\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
    )
    command = [sys.executable, "-m", "subkit_cli", *words, "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", code, *command], check=True, stdout=subprocess.PIPE, text=True
    )
    seconds, mib = map(float, done.stdout.split())
    return {"cpu_seconds": round(seconds, 2), "peak_mib": round(mib)}


def change_every_cue(path: Path) -> None:
    """Edit an SRT file as people do: other words in each cue, other times in every tenth."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for place, line in enumerate(lines):
        if line.startswith("and he"):
            lines[place] = "and on he goes."
        if "-->" in line and line.endswith("0"):
            lines[place] = line[:-3] + "200"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Measure every act at every size, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cues", nargs="+", type=int, default=[5_000, 50_000])
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    facts, rows = machine_facts(), []
    os.environ["PYTHONPATH"] = os.pathsep.join([str(_ROOT), str(_ROOT / "cli")])
    print("| cues | act | CPU s | peak MiB |\n| --- | --- | --- | --- |")
    for cues in arguments.cues:
        with tempfile.TemporaryDirectory(prefix="subkit-large-") as folder:
            path = Path(folder) / "long.subkit"
            make_project(path, cues)
            for act, words in acts(path, cues).items():
                if words[0] == "import":
                    change_every_cue(Path(words[2]))
                found = measure(words)
                rows.append({"cues": cues, "act": act, **found})
                print(
                    f"| {cues} | {act} | {found['cpu_seconds']:.1f} | {found['peak_mib']} |",
                    flush=True,
                )
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, rows=rows)


if __name__ == "__main__":
    main()

"""Run ffsubsync, in its own environment, over numbered pairs of files.

PYTHON run_ffsubsync.py FOLDER COUNT
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main() -> None:
    """Sync ``N.given.srt`` to ``N.reference.srt`` with ffsubsync's defaults; write what came."""
    import pysubs2
    from ffsubsync.ffsubsync import make_parser, run

    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    answers = []
    for number in range(count):
        made = folder / f"{number}.made.srt"
        words = [str(folder / f"{number}.reference.srt"), "-i", str(folder / f"{number}.given.srt"),
                 "-o", str(made), "--max-offset-seconds", "4500"]  # fmt: skip
        began = time.perf_counter()
        answer = run(make_parser().parse_args(words))
        spent = time.perf_counter() - began
        done = made.exists() and answer.get("sync_was_successful", True)
        starts = [line.start / 1000 for line in pysubs2.load(str(made))] if done else []
        answers.append({"starts": starts, "seconds": spent})
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


if __name__ == "__main__":
    main()

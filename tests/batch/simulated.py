"""A worker without models: what a title does is said by the beginning of its id."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

from subkit.batch.output_names import subtitle_name
from subkit.batch.title_worker import StageProgress, file_digest, serve
from subkit.errors import EngineError, MediaError

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.batch import TitleJob

SECONDS = float(os.environ.get("SIMULATED_SECONDS", "0"))


def content(title: str) -> bytes:
    """What the file of a title holds: a function of the title alone."""
    return b"".join(hashlib.sha256(f"{title}{n}".encode()).digest() for n in range(100))


def work(job: TitleJob, scratch: Path, progress: StageProgress) -> dict[str, Any]:
    progress.begin("work", None, "titles")
    behaviour = job.id.split("-")[0]
    if behaviour == "broken":
        raise MediaError("It is broken.", remedy="Get another.")
    if behaviour == "fault":
        raise ZeroDivisionError("a fault")
    if behaviour == "kills":
        sys.stderr.write("my last words\n")
        sys.stderr.flush()
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGKILL)
    if behaviour == "steady":
        time.sleep(0.15)
    if behaviour == "slow":
        time.sleep(60)
    if behaviour == "hungry":
        hoard = bytearray(300 << 20)
        time.sleep(60)
        del hoard
    scratch.mkdir(parents=True, exist_ok=True)
    before = scratch / "attempts"
    attempts = int(before.read_text() or 0) if before.exists() else 0
    before.write_text(str(attempts + 1))
    if behaviour == "flaky" and attempts == 0:
        raise EngineError("The engine stumbled.")
    time.sleep(SECONDS)
    path = scratch / "made.srt"
    path.write_bytes(content(job.id))
    progress.end("work")
    values = {"id": job.id, "stem": job.media.stem, "language": "en", "purpose": ""}
    return {
        "files": [
            {
                "path": str(path),
                "name": subtitle_name(job.names, values, "srt"),
                "digest": file_digest(path, sync=True),
                "replaces": job.overwrite,
            }
        ],
        "seconds": SECONDS,
    }


def main() -> None:
    serve(work)


if __name__ == "__main__":
    main()

"""A worker process: does titles one after the other, with models that stay loaded.

It is started by the runner, which gives it a job at a time and hears of stages, results and errors.
Messages are those of the recogniser's worker: a length and JSON.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.batch.job_data import job_from_text
from subkit.batch.output_names import project_name, subtitle_name
from subkit.batch.retry_rules import reason_of
from subkit.compliance.disclosure import SIDECAR
from subkit.decode.messages import read_message, write_message
from subkit.errors import StoreError, SubkitError
from subkit.model import Purpose
from subkit.pipeline import LoadedRecognizer, LoadedTranslator, file_suffixes, plan_run, run_plan
from subkit.pipeline.track_files import file_suffix
from subkit.store import made_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from subkit.batch.job_data import TitleJob
    from subkit.model import Track
    from subkit.pipeline import Outcome

__all__ = ["StageProgress", "file_digest", "main", "serve"]

_BLOCK = 1 << 20


class StageProgress:
    """Tells the runner which stage begins, and keeps the seconds of each."""

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self.seconds: dict[str, float] = {}
        self.warnings: list[str] = []
        self._tell = tell
        self._began: dict[str, float] = {}

    def begin(self, stage: str, total: float | None, unit: str) -> None:
        """Tell the runner."""
        self._began[stage] = time.monotonic()
        self._tell({"stage": stage, "total": total, "unit": unit})

    def advance(self, stage: str, done: float) -> None:
        """Say nothing: a title is short beside its batch."""

    def end(self, stage: str) -> None:
        """Keep its seconds."""
        took = time.monotonic() - self._began.pop(stage, time.monotonic())
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + took, 3)

    def warn(self, message: str) -> None:
        """Keep it for the report."""
        self.warnings.append(message)


def main() -> None:
    """Do titles until the runner closes the pipe."""
    with LoadedRecognizer() as recognizer:
        translator = LoadedTranslator()

        def work(job: TitleJob, scratch: Path, progress: StageProgress) -> dict[str, Any]:
            return _title(job, scratch, progress, recognizer, translator)

        serve(work)


def serve(work: Callable[[TitleJob, Path, StageProgress], dict[str, Any]]) -> None:
    """Answer the runner's messages with what ``work`` makes of each job."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    answers = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not stand between messages
    while (message := read_message(0)) is not None:
        if "limit" in message:
            _limit(message["limit"])
            continue

        def tell(answer: dict[str, Any], number: int = message["number"]) -> None:
            write_message(answers, {**answer, "number": number})

        progress = StageProgress(tell)
        try:
            job = job_from_text(message["job"])
            if message.get("careful"):
                recognition = job.options.recognition
                half = replace(recognition, batch_size=max(1, recognition.batch_size // 2))
                job = replace(job, options=replace(job.options, recognition=half))
            made = work(job, Path(message["scratch"]), progress)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next title must go on
            tell({"failed": _told(error)})
        else:
            tell({"done": made, "stages": progress.seconds, "warnings": progress.warnings})


def _told(error: Exception) -> dict[str, Any]:
    reason = reason_of(error)
    if isinstance(error, SubkitError):
        facts = {"kind": error.kind, "message": error.message, "remedy": error.remedy}
        return {"reason": reason, **facts, "lines": []}
    lines = traceback.format_exception(error)
    kind = type(error).__name__
    last = "".join(lines).splitlines()[-20:]
    return {"reason": reason, "kind": kind, "message": f"{kind}: {error}", "lines": last}


def _limit(size: int) -> None:
    """Let no process of this worker take more memory than ``size`` bytes, and leave no core."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if size:
            resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _title(
    job: TitleJob,
    scratch: Path,
    progress: StageProgress,
    recognizer: LoadedRecognizer,
    translator: LoadedTranslator,
) -> dict[str, Any]:
    """Do a title in its scratch folder, where an earlier attempt may have begun."""
    with made_folder(scratch):
        plan = plan_run(
            job.media,
            job.options,
            folder=scratch,
            formats=job.formats,
            overwrite=True,  # of the scratch folder
            undisclosed_by=job.undisclosed_by,
            strict=job.strict,
            progress=progress,
        )
        outcome = run_plan(plan, progress=progress, loaded=recognizer, translator=translator)
    found = outcome.findings.values()
    return {
        "files": list(_files(job, outcome)),
        "seconds": round(outcome.seconds, 3),
        "kept": round(outcome.kept, 3),
        "models": [m.name for m in (plan.recognizer, plan.translator) if m is not None],
        "demo": plan.demo,
        "tracks": [
            {"id": track.id, "language": track.language, "cues": len(track.cues)}
            for track in outcome.project.tracks
        ],
        "errors": sum(one.severity.value == "error" for some in found for one in some),
        "warnings": sum(one.severity.value == "warning" for some in found for one in some),
        "losses": len(outcome.losses),
        "media": outcome.project.media.digest,
    }


def _files(job: TitleJob, outcome: Outcome) -> Iterator[dict[str, Any]]:
    """The files in the scratch folder, and their names below the output folder."""
    yield _made(outcome.path, project_name(job.id), replaces=False)
    output, names = outcome.plan.output, {}
    for track in outcome.project.tracks:
        for name in (*job.formats, SIDECAR):
            suffix = SIDECAR if name == SIDECAR else file_suffixes(job.formats).get(name)
            own = subtitle_name(job.names, _values(job, track), suffix or file_suffix(name))
            names[output.path(track, name)] = own
    for path in outcome.files:
        yield _made(path, names[path], replaces=job.overwrite)


def _values(job: TitleJob, track: Track) -> dict[str, str]:
    purpose = "" if track.purpose is Purpose.SUBTITLE else f".{track.purpose.value}"
    return {
        "id": job.id,
        "stem": job.media.stem,
        "language": track.language,
        "purpose": purpose,
    }


def _made(path: Path, name: str, *, replaces: bool) -> dict[str, Any]:
    digest = file_digest(path, sync=True)
    return {"path": str(path), "name": name, "digest": digest, "replaces": replaces}


def file_digest(path: Path, *, sync: bool = False) -> str:
    """Return the SHA-256 of a file's bytes, which are on the disk if ``sync``.

    Raises:
        StoreError: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
            if sync:
                os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"{str(path)!r} cannot be read: {error.strerror}.") from error
    return digest.hexdigest()


if __name__ == "__main__":
    main()

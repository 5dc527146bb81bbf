"""What a batch will do: every title checked, and what will fail told, before anything runs."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.batch.job_data import TitleJob, job_text
from subkit.batch.output_names import project_name, require_template, subtitle_name
from subkit.decode import find_calibration
from subkit.errors import PlanError, SubkitError
from subkit.interfaces import Silent
from subkit.media import media_digest, probe, require_audio
from subkit.pipeline import (
    calibration_folder,
    chosen_recognizer,
    file_suffixes,
    plan_translation,
    voice_encoder,
)
from subkit.pipeline.track_files import require_format
from subkit.store import require_writable
from subkit.store.ledger import require_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from subkit.batch.manifest import BatchEntry, Listing
    from subkit.interfaces import ModelFacts, Progress
    from subkit.pipeline import RunOptions

__all__ = ["BatchPlan", "PlannedTitle", "Problem", "plan_batch", "told_endings"]

_WORKER_BYTES = 600 << 20
"""Memory of a worker and its engine beside the weights (``benchmarks/real.py speed``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why titles will fail; one that concerns several is told once.

    Attributes:
        titles: Their ids.
        kind: Name of the error's class.
        message: One sentence.
        remedy: What to do about it.
    """

    titles: tuple[str, ...]
    kind: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTitle:
    """A title that can be begun.

    Attributes:
        job: What is to be done.
        facts: Of its media: ``duration`` in seconds, ``size`` in bytes, ``changed``.
    """

    job: TitleJob
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """What a batch will do.

    Attributes:
        titles: Those that can be begun.
        problems: Why the others cannot.
        left_out: Files that are no media, by ending.
        models: Names of the models that take part.
        notes: What a person should know: a model that stands in, repairs of the manifest.
        speed: Seconds of media in a second of work, by the calibration; 0 where none was made.
        memory: Bytes that one worker needs, about.
        refused: Entries that cannot be begun, by the names that problems call them; of two with
            one id the other is called after its file too.
    """

    titles: tuple[PlannedTitle, ...]
    problems: tuple[Problem, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    models: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    speed: float = 0.0
    memory: int = 0
    refused: Mapping[str, BatchEntry] = field(default_factory=dict)

    @property
    def media_seconds(self) -> float:
        """Duration of all titles together."""
        return sum(float(title.facts["duration"]) for title in self.titles)

    @property
    def seconds(self) -> float | None:
        """Seconds that the work will take, where the speed is known."""
        return self.media_seconds / self.speed if self.speed else None


def plan_batch(
    listing: Listing,
    base: TitleJob,
    folder: Path,
    *,
    known: Mapping[str, Mapping[str, Any]] | None = None,
    probes: int = 8,
    progress: Progress | None = None,
) -> BatchPlan:
    """Check the titles of a source; what is wrong with one is told and stops no other.

    Args:
        listing: The titles.
        base: What holds for all of them; its id and media are not used.
        folder: The output folder.
        known: Facts of media from before, by id: those that have not changed are not read again.
        probes: Media files that are read at the same time.
        progress: Hears of the probing, and of model downloads.

    Raises:
        PlanError: the template or a format cannot be used for any title.
        StoreError: the output folder cannot be written.
    """
    progress = progress or Silent()
    require_writable(folder)
    require_template(base.names)
    for name in base.formats:
        require_format(name)
    if base.undisclosed_by is not None:
        require_names(by=base.undisclosed_by)
    checks = _Checks(folder)
    jobs = list(checks.jobs(listing.entries, base))
    jobs = checks.without_missing_parts(jobs, progress)
    facts = checks.probed(jobs, known or {}, probes, progress)
    return BatchPlan(
        titles=tuple(PlannedTitle(job=j, facts=facts[j.id]) for j in jobs if j.id in facts),
        problems=checks.problems(),
        left_out=listing.left_out,
        models=tuple(checks.models),
        notes=(*listing.repairs, *checks.notes),
        speed=checks.speed,
        memory=checks.memory,
        refused=checks.refused,
    )


def media_facts(path: Path) -> dict[str, Any]:
    """Return what a plan keeps of a media file.

    Raises:
        InputError: it cannot be read.
        MediaError: it is no media, or has no sound.
    """
    media = probe(path)
    require_audio(media)
    return {"duration": round(float(media.duration), 3), **_stamp(path)}


def _stamp(path: Path) -> dict[str, int]:
    facts = path.stat()
    return {"size": facts.st_size, "changed": facts.st_mtime_ns}


class _Checks:
    """The checks of a plan, and what they found."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._problems: dict[tuple[str, str, str], list[str]] = {}
        self.models: dict[str, None] = {}
        self.notes: dict[str, None] = {}
        self.speed = 0.0
        self.memory = 0
        self.refused: dict[str, BatchEntry] = {}

    def problems(self) -> tuple[Problem, ...]:
        return tuple(
            Problem(titles=tuple(ids), kind=kind, message=message, remedy=remedy)
            for (kind, message, remedy), ids in self._problems.items()
        )

    def _add(self, title: str, error: SubkitError) -> None:
        key = (error.kind, error.message, error.remedy)
        self._problems.setdefault(key, []).append(title)

    def jobs(self, entries: Iterable[BatchEntry], base: TitleJob) -> Iterator[TitleJob]:
        """The jobs of entries whose names can be had; the first of two of a name has it."""
        ids: dict[str, BatchEntry] = {}
        names: dict[str, str] = {}
        for entry in entries:
            job = self._job(entry, base, ids, names)
            if job is not None:
                yield job

    def _job(
        self,
        entry: BatchEntry,
        base: TitleJob,
        ids: dict[str, BatchEntry],
        names: dict[str, str],
    ) -> TitleJob | None:
        try:
            job = job_of(entry, base)
            first = ids.setdefault(entry.id.casefold(), entry)
            if first is not entry:
                raise _twice(first, entry)
            for name in expected_names(job):
                holder = names.setdefault(name.casefold(), entry.id)
                if holder != entry.id:
                    raise PlanError(
                        f"It and {holder!r} would both write {name!r}.",
                        remedy="Give it another id, or a template with {id} in it.",
                    )
        except SubkitError as error:
            name = entry.id
            if ids.get(entry.id.casefold(), entry) is not entry:
                name = f"{entry.id} ({entry.media.name}{f', line {entry.line}' * bool(entry.line)})"
            self.refused[name] = entry
            self._add(name, error)
            return None
        return job

    def without_missing_parts(self, jobs: Sequence[TitleJob], progress: Progress) -> list[TitleJob]:
        """The jobs whose models, languages and terms are there: looked for once for all alike."""
        alike: dict[str, SubkitError | None] = {}
        found = []
        for job in jobs:
            key = job_text(replace(job, id="", media=Path(), priority=0, deadline=""))
            if key not in alike:
                alike[key] = self._missing(job.options, progress)
            error = alike[key]
            if error is None:
                found.append(job)
            else:
                self._add(job.id, error)
        return found

    def _missing(self, options: RunOptions, progress: Progress) -> SubkitError | None:
        try:
            voice_encoder(options, progress)
            spoken = options.recognition.language
            if options.style.profile is not None:
                options.style.load(spoken or "en")
            _, translator = plan_translation(options, spoken=spoken, progress=progress)
            heard = chosen_recognizer(options, progress)
        except SubkitError as error:
            return error
        if heard.note:
            self.notes[heard.note] = None
        weights = 0
        for model in (heard.model, translator):
            if model is not None:
                self.models[model.name] = None
                weights += _weights(model)
        self.memory = max(self.memory, weights + _WORKER_BYTES)
        known = find_calibration(heard.model, options.recognition, calibration_folder(options))
        self.speed = known.speed if known is not None else self.speed
        return None

    def probed(
        self,
        jobs: Sequence[TitleJob],
        known: Mapping[str, Mapping[str, Any]],
        probes: int,
        progress: Progress,
    ) -> dict[str, Mapping[str, Any]]:
        """Facts of the media that can be read, by id."""
        found: dict[str, Mapping[str, Any]] = {}
        progress.begin("probe", len(jobs), "titles")
        with ThreadPoolExecutor(max(1, probes)) as pool:
            rest = iter(jobs)
            # A window of tasks, so that 50,000 titles do not wait in memory.
            waiting = [(job, pool.submit(_facts, job, known)) for job in islice(rest, 4 * probes)]
            for done in range(len(jobs)):
                job, task = waiting.pop(0)
                try:
                    found[job.id] = task.result()
                except SubkitError as error:
                    self._add(job.id, error)
                except OSError as error:
                    self._add(job.id, SubkitError(f"{job.media} cannot be read: {error.strerror}."))
                waiting += [(job, pool.submit(_facts, job, known)) for job in islice(rest, 1)]
                progress.advance("probe", done + 1)
        progress.end("probe")
        self._require_free([job for job in jobs if job.id in found and job.id not in known], found)
        return found

    def _require_free(self, jobs: Iterable[TitleJob], found: dict[str, Mapping[str, Any]]) -> None:
        """Leave out titles of which files are there that no batch wrote."""
        for job in jobs:
            names = [project_name(job.id)] if job.overwrite else list(expected_names(job))
            taken = [name for name in names if os.path.lexists(self._folder / name)]
            if taken:
                del found[job.id]
                error = PlanError(
                    f"{str(self._folder / taken[0])!r} already exists.",
                    remedy="Name another output folder (-o), or move it away"
                    + ("." if job.overwrite else "; -y replaces subtitles, never a project."),
                )
                self._add(job.id, error)


def job_of(entry: BatchEntry, base: TitleJob) -> TitleJob:
    """Return the job of an entry: what its manifest says goes before what holds for all.

    Raises:
        PlanError: its id is not a path below a folder.
    """
    values, options = entry.values, base.options
    project_name(entry.id)
    if "to" in values:
        named = (part.strip() for part in values["to"].replace(";", ",").split(","))
        options = replace(options, to=tuple(part for part in named if part))
    if values.get("language", "auto") != "auto":
        options = replace(
            options, recognition=replace(options.recognition, language=values["language"])
        )
    if "profile" in values:
        options = replace(options, style=replace(options.style, profile=values["profile"]))
    if "glossary" in values:
        options = replace(options, glossary=Path(values["glossary"]))
    if "register" in values:
        options = replace(options, register=Path(values["register"]))
    if "shots" in values:
        shots: Any = values["shots"]
        options = replace(options, shots=shots if shots in {"auto", "none"} else Path(shots))
    return replace(
        base,
        id=entry.id,
        media=entry.media,
        options=options,
        priority=int(values.get("priority", base.priority)),
        deadline=values.get("deadline", base.deadline),
    )


def expected_names(job: TitleJob) -> Iterator[str]:
    """Yield the names of a title's files, as far as its languages are known before it is heard.

    Raises:
        PlanError: one would lie outside of the output folder.
    """
    yield project_name(job.id)
    spoken = job.options.recognition.language
    for language in (*job.options.to, *((spoken,) if spoken else ("und",))):
        values = {"id": job.id, "stem": job.media.stem, "language": language, "purpose": ""}
        for suffix in file_suffixes(job.formats).values():
            yield subtitle_name(job.names, values, suffix)


def _facts(job: TitleJob, known: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    before = known.get(job.id)
    if before is not None and "duration" in before:
        now = _stamp(job.media)
        if all(before.get(key) == value for key, value in now.items()):
            return before
        return {**media_facts(job.media), "digest": media_digest(job.media)}
    return media_facts(job.media)


def _twice(first: BatchEntry, second: BatchEntry) -> PlanError:
    lines = f" (lines {first.line} and {second.line})" if first.line and second.line else ""
    if first.media == second.media:
        return PlanError(f"{str(first.media)!r} is listed twice{lines}.", remedy="List it once.")
    return PlanError(
        f"{str(first.media)!r} and {str(second.media)!r} have the same id{lines}.",
        remedy="Give one of them another id in a manifest, or rename it.",
    )


def _weights(model: ModelFacts) -> int:
    """Bytes of a model's files."""
    if not model.directory:
        return 0
    files = (path for path in Path(model.directory).iterdir() if path.is_file())
    return sum(path.stat().st_size for path in files)


def told_endings(left_out: Mapping[str, int]) -> str:
    """Return what was left out as words: ``12 .srt, 3 .nfo``."""
    common = Counter(left_out).most_common()
    return ", ".join(f"{count} {ending or 'without an ending'}" for ending, count in common)

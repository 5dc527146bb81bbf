"""The main job: media file -> project file and subtitle files."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance.provenance import ACTOR, DEMO_WARNING
from subkit.errors import InputError
from subkit.interfaces import Silent
from subkit.media import probe
from subkit.pipeline.loaded_engines import LoadedRecognizer, LoadedTranslator
from subkit.pipeline.plan import Plan, plan_run
from subkit.pipeline.project_files import open_project
from subkit.pipeline.run_options import RunOptions
from subkit.pipeline.stages.cue_spotting import spot_track
from subkit.pipeline.stages.project_translation import ProjectTranslation
from subkit.pipeline.stages.shot_detection import shots_for, shots_listed_for
from subkit.pipeline.stages.transcription import transcribe
from subkit.pipeline.track_files import export_from
from subkit.quality.project_check import check_project
from subkit.translation import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from subkit.interfaces import ModelFacts, Progress
    from subkit.model import Finding, Project, Track
    from subkit.store import ProjectFile

__all__ = [
    "Outcome",
    "TitleRun",
    "run",
    "run_plan",
    "spot_project",
    "transcribe_project",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run made.

    Attributes:
        plan: What was to be done.
        project: The document.
        path: The project file.
        files: The subtitle files.
        findings: Findings of each track, by track id.
        seconds: Wall time of the run.
    """

    plan: Plan
    project: Project
    path: Path
    files: tuple[Path, ...]
    findings: dict[str, list[Finding]]
    seconds: float

    @property
    def speed(self) -> float:
        """Seconds of media for one second of work."""
        return float(self.project.media.duration) / max(self.seconds, 1e-9)


def run(
    media: Path | str,
    *,
    to: Iterable[str] = (),
    output: Path | str | None = None,
    formats: Iterable[str] = (),
    options: RunOptions | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Project:
    """Recognise, spot and translate a media file.

    The project file ``NAME.subkit`` is written beside the media or into ``output``; a run that was
    stopped goes on from it, and one that is complete computes nothing.

    Args:
        media: The media file.
        to: BCP 47 languages to translate into.
        output: Folder for the results.
        formats: Extensions of subtitle files to write as well.
        options: Everything else; ``to`` is added to its languages.
        overwrite: Replace subtitle files that are there.
        progress: Hears how it goes.

    Returns:
        The document.

    Raises:
        SubkitError: see :mod:`subkit.errors`; nothing half-written is left.
    """
    options = options or RunOptions()
    options = replace(options, to=tuple(dict.fromkeys((*options.to, *to))))
    plan = plan_run(
        Path(media),
        options,
        folder=None if output is None else Path(output),
        formats=tuple(formats),
        overwrite=overwrite,
        progress=progress,
    )
    return run_plan(plan, progress=progress).project


def run_plan(
    plan: Plan,
    *,
    progress: Progress | None = None,
    loaded: LoadedRecognizer | None = None,
    translator: LoadedTranslator | None = None,
) -> Outcome:
    """Do what was planned.

    Args:
        plan: What to do.
        progress: Hears how it goes.
        loaded: The recogniser of several runs, which the caller closes; without, it is loaded for
            this run and closed at its end.
        translator: The translator of several runs: what one title has asked is not translated
            again for the next.

    Raises:
        MediaError: the media cannot be read or holds no speech.
        EngineError: a model failed.
        StoreError: the project file is another title's, locked or broken, or a file is in the way.
    """
    with TitleRun(plan) as title:
        title.begin(progress or Silent(), loaded, translator)
        return title.finish(progress or Silent())


class TitleRun:
    """One title's run in two steps: up to its translation, and from there to the files.

    Between them its project file stays open. Use it as a context manager: that closes the file, and
    removes one made here if the work failed before anything was worth keeping.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.seconds = 0.0
        self.translation: ProjectTranslation | None = None
        self._open = ExitStack()

    def __enter__(self) -> TitleRun:  # noqa: PYI034 - typing.Self came with Python 3.11
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def begin(
        self,
        progress: Progress,
        loaded: LoadedRecognizer | None = None,
        translator: LoadedTranslator | None = None,
    ) -> None:
        """Transcribe and spot, and check the translation; see :func:`run_plan`."""
        began = time.monotonic()
        plan = self.plan
        if plan.demo:
            progress.warn(DEMO_WARNING)
        media = probe(plan.media, warn=progress.warn)
        if isinstance(plan.options.shots, Path):
            shots_listed_for(plan.options.shots, media)  # a fault in it is told before long work
        self._store = store = self._open.enter_context(open_project(plan.project, media))
        transcribe_project(store, plan.options, plan.recognizer, progress, loaded)
        self._project = spot_project(store, plan.options, progress)
        if plan.translator is not None:
            self.translation = ProjectTranslation(store, plan.options, plan.translator, translator)
        self.seconds += time.monotonic() - began

    def finish(self, progress: Progress) -> Outcome:
        """Translate and write the files; see :func:`run_plan`."""
        began = time.monotonic()
        plan = self.plan
        project = self.translation.run(progress) if self.translation else self._project
        files = export_from(
            self._store,
            plan.folder,
            plan.media.stem,
            plan.formats,
            overwrite=plan.overwrite,
            undisclosed_by=plan.undisclosed_by,
        )
        findings = check_project(project, plan.options.style)
        return Outcome(
            plan=plan,
            project=project,
            path=plan.project,
            files=tuple(files),
            findings=findings,
            seconds=self.seconds + time.monotonic() - began,
        )


def transcribe_project(
    store: ProjectFile,
    options: RunOptions,
    model: ModelFacts,
    progress: Progress,
    loaded: LoadedRecognizer | None = None,
) -> Project:
    """Give the project its transcript; without ``loaded`` the recogniser is closed at the end.

    Raises:
        MediaError: the audio cannot be read or holds no speech.
        EngineError: the recogniser failed.
    """
    project = store.load()
    with ExitStack() as stack:
        loaded = loaded or stack.enter_context(LoadedRecognizer())
        transcript = transcribe(store, project.media, options, model, progress, loaded=loaded)
    return _commit(store, replace(project, transcript=transcript), "transcribe")


def spot_project(store: ProjectFile, options: RunOptions, progress: Progress) -> Project:
    """Give the project its shot changes, and its source track: the words as cues.

    Raises:
        InputError: there is no transcript yet, or the list of shot changes cannot be read.
        PlanError: no such profile.
    """
    project = store.load()
    if project.transcript is None:
        raise InputError(
            f"{str(store.path)!r} has no transcript yet.", remedy="Run subkit transcribe first."
        )
    shots = shots_for(store, project, options, progress)
    if shots != project.shots:
        project = _commit(store, replace(project, shots=shots), "shots")
    track = spot_track(store, project, options)
    return _commit(store, _with_machine_track(project, track, progress), "spot")


def _commit(store: ProjectFile, project: Project, action: str) -> Project:
    store.commit(project, actor=ACTOR, action=action)
    return project


def _with_machine_track(project: Project, track: Track, progress: Progress) -> Project:
    """The project with a track that a machine made; what people did to the old one stays."""
    old = next((t for t in project.tracks if t.id == track.id), None)
    touched = {} if old is None else {cue.id: cue for cue in old.cues if is_settled(cue)}
    if not touched:
        return project.with_track(track)
    assert old is not None
    if [(c.id, c.span) for c in old.cues] != [(c.id, c.span) for c in track.cues]:
        progress.warn(f"Track {track.id!r} was made or edited by people and stays as it is.")
        return project
    kept = tuple(touched.get(cue.id, cue) for cue in track.cues)
    return project.with_track(replace(track, cues=kept))

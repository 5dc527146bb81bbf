"""The main job: media file -> project file and subtitle files."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError, StoreError, SubkitError
from subkit.interfaces import Silent
from subkit.media import probe
from subkit.model import Project, Track
from subkit.pipeline.checking import check_project
from subkit.pipeline.export import export_tracks
from subkit.pipeline.loading import LoadedRecognizer, LoadedTranslator
from subkit.pipeline.memory import load_memory
from subkit.pipeline.options import RunOptions
from subkit.pipeline.planning import Plan, plan_run
from subkit.pipeline.provenance import DEMO_WARNING
from subkit.pipeline.shots import shots_for, shots_listed_for
from subkit.pipeline.spotting import spot_track
from subkit.pipeline.terminology import adopt_terminology, preferences_for
from subkit.pipeline.transcription import transcribe
from subkit.pipeline.translating import RememberingRefiner, RememberingTranslator, translate
from subkit.store import ProjectFile
from subkit.translation import is_settled, protect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.interfaces import ModelFacts, Progress
    from subkit.model import Finding, Media

__all__ = [
    "Outcome",
    "open_project",
    "run",
    "run_plan",
    "spot_project",
    "transcribe_project",
    "translate_project",
]

ACTOR = "subkit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run made.

    Attributes:
        project: The document.
        path: The project file.
        files: The subtitle files.
        findings: Findings of each track, by track id.
        seconds: Wall time of the run.
    """

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
    progress = progress or Silent()
    began = time.monotonic()
    if plan.demo:
        progress.warn(DEMO_WARNING)
    media = probe(plan.media, warn=progress.warn)
    if isinstance(plan.options.shots, Path):
        shots_listed_for(plan.options.shots, media)  # a fault in it is told before the long work
    with open_project(plan.project, media) as store:
        project = run_stages(store, plan, progress, loaded, translator)
        files = export_tracks(
            project, plan.folder, plan.media.stem, plan.formats, overwrite=plan.overwrite
        )
    return Outcome(
        project=project,
        path=plan.project,
        files=tuple(files),
        findings=check_project(project, plan.options.style),
        seconds=time.monotonic() - began,
    )


@contextmanager
def open_project(path: Path, media: Media) -> Iterator[ProjectFile]:
    """The project file of a media file, made if it is not there, open for writing.

    A file made here goes again when the work fails before anything was worth keeping.

    Raises:
        StoreError: it belongs to another media file, is locked or broken.
    """
    if os.path.lexists(path):
        with ProjectFile.open(path) as store:
            _require_same(store, media)
            yield store
        return
    project = Project(title=path.stem, media=media)
    with ProjectFile.create(path, project, actor=ACTOR) as store:
        try:
            yield store
        except SubkitError:
            worthless = store.pristine()
            store.close()
            if worthless:
                path.unlink()
            raise


def _require_same(store: ProjectFile, media: Media) -> None:
    known = store.load().media
    if known.digest != media.digest:
        raise StoreError(
            f"{str(store.path)!r} is the project of {known.path!r}, not of {media.path!r}.",
            remedy="Name another folder with -o.",
        )


def run_stages(
    store: ProjectFile,
    plan: Plan,
    progress: Progress,
    loaded: LoadedRecognizer | None = None,
    translator: LoadedTranslator | None = None,
) -> Project:
    """Transcribe, spot and translate, each kept in the project file as soon as it is done."""
    project = transcribe_project(store, plan.options, plan.recognizer, progress, loaded)
    project = spot_project(store, plan.options, progress)
    if plan.translator is not None:
        project = translate_project(store, plan.options, plan.translator, progress, translator)
    return project


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


def translate_project(
    store: ProjectFile,
    options: RunOptions,
    model: ModelFacts,
    progress: Progress,
    loaded: LoadedTranslator | None = None,
) -> Project:
    """Give the project a track for each language of ``options.to``, from its source track.

    The glossary and the register that the options name are taken into the project first; what it
    has of them shapes the translation.

    Raises:
        InputError: there is no source track yet, a translation memory cannot be read, or a
            glossary or register has errors.
        PlanError: the model does not know a direction; nothing was translated.
        EngineError: the translator failed.
    """
    project = adopt_terminology(store, options, actor=ACTOR)
    source = _source_track(project)
    if source is None:
        raise InputError(f"{str(store.path)!r} has no cues yet.", remedy="Run subkit spot first.")
    translator = RememberingTranslator(store, model, options, progress, loaded)
    targets = [target for target in options.to if target != source.language]
    spoken = {cue.language or source.language for cue in source.cues}
    memories = {t: load_memory(options.memories, t) for t in targets if options.memories}
    for target in targets:
        for language in sorted(spoken - {target}):
            translator.check(language, target)
    refiner = RememberingRefiner(store, options) if options.refine is not None else None
    held = protect(translator, project.glossary)
    for target in targets:
        track = translate(
            project,
            source,
            target,
            options,
            held,
            preferences=preferences_for(project, source, target),
            memory=memories.get(target),
            refiner=refiner,
        )
        project = _commit(store, _with_translation(project, source, track, progress), "translate")
    return project


def _source_track(project: Project) -> Track | None:
    """The track of the transcript's words; a run in another language may have left an older one."""
    sources = [track for track in project.tracks if track.source is None]
    spoken = project.transcript.language if project.transcript else None
    return next((t for t in sources if t.language == spoken), sources[0] if sources else None)


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
        progress.warn(f"Track {track.id!r} was edited by people and stays as it is.")
        return project
    kept = tuple(touched.get(cue.id, cue) for cue in track.cues)
    return project.with_track(replace(track, cues=kept))


def _with_translation(project: Project, source: Track, track: Track, progress: Progress) -> Project:
    """The project with a fresh translation, which has kept what people decided in the old one.

    Unless what they decided on is elsewhere in the source now, or gone: the old track stays.
    """
    old = next((t for t in project.tracks if t.id == track.id), None)
    spans = {cue.id: cue.span for cue in source.cues}
    for cue in old.cues if old is not None else ():
        span = spans.get(cue.id)
        if is_settled(cue) and (span is None or not span.overlaps(cue.span)):
            progress.warn(f"Track {track.id!r} was edited by people and stays as it is.")
            return project
    return project.with_track(track)

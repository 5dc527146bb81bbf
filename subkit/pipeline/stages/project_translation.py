"""A project into the languages it is wanted in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.compliance.provenance import ACTOR
from subkit.errors import InputError
from subkit.interfaces import Silent
from subkit.model import Purpose
from subkit.pipeline.engine_cache import RememberingRefiner, RememberingTranslator
from subkit.pipeline.loaded_engines import LoadedTranslator
from subkit.pipeline.stage import Stage
from subkit.pipeline.terminology_files import adopt_terminology
from subkit.pipeline.track_translation import TranslationJob, first_questions, translate
from subkit.quality.fixes import fix_project
from subkit.translation import is_settled, protect
from subkit.translation.demands import preferences_for, register_gaps, wishes_for
from subkit.translation.staleness import succeed

if TYPE_CHECKING:
    from collections.abc import Hashable

    from subkit.interfaces import ModelFacts, Progress
    from subkit.model import Project, Track
    from subkit.pipeline.engine_cache import Question
    from subkit.pipeline.run_options import RunOptions
    from subkit.pipeline.stage import Environment
    from subkit.store import ProjectFile
    from subkit.translation.memory import TranslationMemory

__all__ = ["TRANSLATE", "ProjectTranslation", "translate_project"]


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
    return ProjectTranslation(store, options, model, loaded).run(progress)


class ProjectTranslation:
    """The translation of one project: checked when made, done when run.

    Between the two it tells what it will ask, so that several projects can be asked together.

    Args:
        store: The project.
        options: Of the run.
        model: Of the translator.
        loaded: The translator of several titles.

    Raises:
        InputError: see :func:`translate_project`.
        PlanError: likewise.
    """

    def __init__(
        self,
        store: ProjectFile,
        options: RunOptions,
        model: ModelFacts,
        loaded: LoadedTranslator | None = None,
    ) -> None:
        self.store = store
        self.options = options
        self.model = model
        self._loaded = loaded or LoadedTranslator()
        self._project = adopt_terminology(store, options, actor=ACTOR)
        source = _source_track(self._project)
        if source is None:
            raise InputError(
                f"{str(store.path)!r} has no cues yet.", remedy="Run subkit spot first."
            )
        self._source = source
        self._targets = [target for target in options.to if target != source.language]
        for target in self._targets:
            self._memory(target)
        spoken = sorted({cue.language or source.language for cue in source.cues})
        directions = [(s, target) for target in self._targets for s in spoken if s != target]
        self._translator(Silent()).check_all(directions)

    def questions(self) -> list[Question]:
        """What the engine will be asked first and neither the project nor another title knows."""
        translator, count = self._translator(Silent()), self.options.translation.alternatives
        return [
            question
            for target in self._targets
            for language, texts in first_questions(self._job(self._project, target)).texts().items()
            for question in translator.unanswered(texts, language, target, alternatives=count)
        ]

    def group(self, question: Question) -> Hashable:
        """What questions must share to be put to an engine in one call."""
        engine = (self.options.translator_plugin, self.model, self.options.engine)
        return (*engine, question.source, question.target, question.alternatives)

    def run(self, progress: Progress) -> Project:
        """Translate the project; store each track as soon as it is done.

        Raises:
            EngineError: the translator or the refiner failed.
        """
        options, project = self.options, self._project
        refiner = RememberingRefiner(self.store, options) if options.refine is not None else None
        held = protect(self._translator(progress), project.glossary)
        for target in self._targets:
            for gap in register_gaps(project, self._source, target):
                progress.warn(gap)
            job = self._job(project, target)
            if refiner is not None:
                job = replace(job, wishes=wishes_for(project, self._source, target))
            track = _fixed(project, translate(job, held, refiner), options)
            project = _with_translation(project, self._source, track, progress)
            self.store.commit(project, actor=ACTOR, action="translate")
        return project

    def _job(self, project: Project, target: str) -> TranslationJob:
        return TranslationJob(
            project=project,
            source=self._source,
            target=target,
            options=self.options,
            model=self.model,
            memory=self._memory(target),
            preferences=preferences_for(project, self._source, target),
        )

    def _memory(self, target: str) -> TranslationMemory | None:
        return self._loaded.memory(self.options.memories, target)

    def _translator(self, progress: Progress) -> RememberingTranslator:
        return RememberingTranslator(self.store, self.model, self.options, progress, self._loaded)


def _fixed(project: Project, track: Track, options: RunOptions) -> Track:
    """The track with what ``subkit fix`` would put right in it put right.

    Only where its times are ours: cues of a subtitle file keep the times of the file. What people
    decided stays, and so does a cue that is as an earlier run left it.
    """
    if project.transcript is None:
        return track
    old = next((known for known in project.tracks if known.id == track.id), None)
    before = {} if old is None else {cue.id: cue for cue in old.cues}
    fixed, _ = fix_project(project.with_track(track), options.style, tracks=[track.id])
    pairs = zip(track.cues, fixed.track(track.id).cues, strict=True)
    cues = (
        made if is_settled(made) else succeed(before.get(made.id), mended) for made, mended in pairs
    )
    return replace(track, cues=tuple(cues))


def _source_track(project: Project) -> Track | None:
    """The track of the transcript's words; a run in another language may have left an older one."""
    tracks = (track for track in project.tracks if track.purpose is not Purpose.DUBBING)
    sources = [track for track in tracks if track.source is None]
    spoken = project.transcript.language if project.transcript else None
    return next((t for t in sources if t.language == spoken), sources[0] if sources else None)


def _with_translation(project: Project, source: Track, track: Track, progress: Progress) -> Project:
    """Put a fresh translation into the project, keeping what people decided in the old one.

    Unless what they decided on is elsewhere in the source now, or gone: the old track stays.
    """
    old = next((t for t in project.tracks if t.id == track.id), None)
    spans = {cue.id: cue.span for cue in source.cues}
    for cue in old.cues if old is not None else ():
        span = spans.get(cue.id)
        if is_settled(cue) and (span is None or not span.overlaps(cue.span)):
            progress.warn(f"Track {track.id!r} was made or edited by people and stays as it is.")
            return project
    return project.with_track(track)


def _translate(project: Project, env: Environment) -> Project:
    if env.translator is None:
        return project
    if env.translation is not None:
        return env.translation(env.progress)
    return translate_project(env.store, env.options, env.translator, env.progress, env.translators)


TRANSLATE = Stage(name="translate", version=1, needs=("tracks",), makes=("tracks",), run=_translate)

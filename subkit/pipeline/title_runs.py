"""The main job: media file -> project file and subtitle files."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance.provenance import ACTOR, DEMO_WARNING
from subkit.interfaces import Silent, details
from subkit.media import probe
from subkit.pipeline.loaded_engines import LoadedRecognizer, LoadedTranslator
from subkit.pipeline.plugin_choice import with_plugins
from subkit.pipeline.project_files import open_project
from subkit.pipeline.run import FILM, run_stages
from subkit.pipeline.stage import Environment
from subkit.pipeline.stages.cue_spotting import SPOT
from subkit.pipeline.stages.project_translation import TRANSLATE, ProjectTranslation
from subkit.pipeline.stages.shot_detection import DETECT_SHOTS, shots_listed_for
from subkit.pipeline.stages.speaker_labelling import LABEL_SPEAKERS, label_cues
from subkit.pipeline.stages.transcription import TRANSCRIBE
from subkit.plugins import plugin_rules
from subkit.quality.project_check import check_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from subkit.interfaces import ModelFacts, Progress
    from subkit.interfaces.file_contents import Loss
    from subkit.model import Finding, Project
    from subkit.pipeline.plan import Plan
    from subkit.pipeline.run_options import RunOptions
    from subkit.store import ProjectFile

__all__ = [
    "Outcome",
    "TitleRun",
    "run_plan",
    "speakers_project",
    "spot_project",
    "transcribe_project",
]


_TRANSLATION = FILM.index(TRANSLATE)
BEFORE_TRANSLATION, FROM_TRANSLATION = FILM[:_TRANSLATION], FILM[_TRANSLATION:]
"""Between the two a title tells what it will ask a translator, so that several ask together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run made.

    Attributes:
        plan: What was to be done.
        project: The document.
        path: The project file.
        files: The subtitle files.
        losses: What each file could not hold; files that lost nothing are not in it.
        findings: Findings of each track, by track id.
        seconds: Wall time of the run.
        kept: Seconds of the media whose words were there from an earlier run.
    """

    plan: Plan
    project: Project
    path: Path
    files: tuple[Path, ...]
    findings: dict[str, list[Finding]]
    seconds: float
    kept: float = 0.0
    losses: Mapping[Path, tuple[Loss, ...]] = field(default_factory=dict)

    @property
    def speed(self) -> float:
        """Seconds of media recognised in one second of work; what was kept does not count."""
        fresh = max(0.0, float(self.project.media.duration) - self.kept)
        return fresh / max(self.seconds, 1e-9)


class _Tally:
    """Passes a progress on, and counts what of the media was recognised in an earlier run."""

    def __init__(self, progress: Progress) -> None:
        self.kept = 0.0
        self.begin, self.advance = progress.begin, progress.advance
        self.end, self.warn = progress.end, progress.warn
        self._details = details(progress)
        self.tell, self.note = self._details.tell, self._details.note

    def keep(self, stage: str, amount: float) -> None:
        if stage == TRANSCRIBE.name:
            self.kept += amount
        self._details.keep(stage, amount)


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
        self.seconds = self.kept = 0.0
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
        """Run the stages up to the translation, and check that; see :func:`run_plan`."""
        began = time.monotonic()
        plan = self.plan
        if plan.demo:
            progress.warn(DEMO_WARNING)
        media = probe(plan.media, warn=progress.warn)
        if isinstance(plan.options.shots, Path):
            shots_listed_for(
                plan.options.shots, media, plan.options.encoding
            )  # a fault in it is told before long work
        store = self._open.enter_context(open_project(plan.project, media))
        env = Environment(
            store=store,
            options=plan.options,
            progress=progress,
            recognizer=plan.recognizer,
            translator=plan.translator,
            recognizers=loaded,
            translators=translator,
            output=plan.output,
        )
        tally = _Tally(progress)
        self._project = run_stages(BEFORE_TRANSLATION, replace(env, progress=tally))
        self.kept = tally.kept
        translate = None
        if plan.translator is not None:
            self.translation = ProjectTranslation(store, plan.options, plan.translator, translator)
            translate = self.translation.run
        self._env = replace(env, translation=translate)
        self.seconds += time.monotonic() - began

    def finish(self, progress: Progress) -> Outcome:
        """Translate and write the files; see :func:`run_plan`."""
        began = time.monotonic()
        plan, env = self.plan, replace(self._env, progress=progress)
        project = run_stages(FROM_TRANSLATION, env, self._project)
        rules = plugin_rules(plan.options.rules)
        findings = check_project(project, plan.options.style, rules)
        return Outcome(
            plan=plan,
            project=project,
            path=plan.project,
            files=tuple(env.written),
            losses=env.losses,
            findings=findings,
            seconds=self.seconds + time.monotonic() - began,
            kept=self.kept,
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
    env = Environment(
        store=store,
        options=with_plugins(options),
        progress=progress,
        recognizer=model,
        recognizers=loaded,
    )
    return run_stages((TRANSCRIBE,), env)


def speakers_project(store: ProjectFile, options: RunOptions, progress: Progress) -> Project:
    """Tell who speaks each word of a project's transcript, and put it on the cues there are.

    Raises:
        InputError: there is no transcript yet.
        MediaError: the sound cannot be read.
        ModelNotFound: the voice encoder is not here.
        EngineError: a backend failed.
    """
    env = Environment(store=store, options=with_plugins(options), progress=progress)
    project = run_stages((LABEL_SPEAKERS,), env)
    named = label_cues(project)
    if named != project:
        store.commit(named, actor=ACTOR, action=LABEL_SPEAKERS.name)
    return named


def spot_project(store: ProjectFile, options: RunOptions, progress: Progress) -> Project:
    """Give the project its shot changes, and its source track: the words as cues.

    Raises:
        InputError: there is no transcript yet, or the list of shot changes cannot be read.
        PlanError: no such profile.
    """
    env = Environment(store=store, options=options, progress=progress)
    return run_stages((DETECT_SHOTS, SPOT), env)

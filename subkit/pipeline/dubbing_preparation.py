"""``subkit dub prepare``: a transcript -> lines, adaptations with alternatives, loops."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance.provenance import ACTOR
from subkit.dubbing import (
    FitOptions,
    Territory,
    find_territory,
    own_territory,
    suggest_loops,
)
from subkit.errors import InputError, PlanError
from subkit.files.data_files import parse_toml
from subkit.files.regular_files import open_regular
from subkit.language import has_readings, resolve_language
from subkit.pipeline.dubbing_adaptation import adapt_track
from subkit.pipeline.dubbing_lines import dub_track_id, original_lines
from subkit.pipeline.engine_cache import RememberingTranslator
from subkit.pipeline.loaded_engines import LoadedTranslator
from subkit.pipeline.terminology_files import adopt_terminology
from subkit.translation import is_settled, protect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.dubbing import ScriptLine
    from subkit.interfaces import ModelFacts, Progress
    from subkit.model import Project, Track
    from subkit.pipeline.run_options import RunOptions
    from subkit.store import ProjectFile

__all__ = ["DubOptions", "load_territory", "prepare_dubbing", "with_lengths"]

LENGTH_PENALTIES = (0.0, 2.0)
"""Beside the usual 1: one that favours short texts, one that favours long ones."""

ALTERNATIVES = 12

_MAX_TERRITORY = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DubOptions:
    """Options of the preparation.

    Attributes:
        territory: Id of a territory or a TOML file of one's own; empty for the rules that stand in.
        script: The screenplay; empty without one.
        anew: Make the lines of the original again, where nobody worked on them.
        weights: How much each part of the fit counts.
    """

    territory: str = ""
    script: Sequence[ScriptLine] = ()
    anew: bool = False
    weights: FitOptions = field(default_factory=FitOptions)


def with_lengths(options: RunOptions) -> RunOptions:
    """Return options whose translator gives many alternatives of several lengths."""
    engine = options.engine
    if not engine.length_penalties:
        engine = replace(engine, length_penalties=LENGTH_PENALTIES)
    count = max(ALTERNATIVES, options.translation.alternatives)
    return replace(
        options, engine=engine, translation=replace(options.translation, alternatives=count)
    )


def load_territory(name: str) -> Territory:
    """Return a territory by its id, or from a TOML file.

    Raises:
        PlanError: there is none of that id.
        InputError: the file cannot be read, or its rules cannot be.
    """
    path = Path(name)
    if not name.endswith(".toml"):
        return find_territory(name)
    try:
        with open_regular(path) as file:
            data = file.read(_MAX_TERRITORY + 1)
    except OSError as error:
        raise InputError(
            f"{name!r} cannot be read: {error.strerror or error}.", remedy="Check the path."
        ) from error
    return own_territory(parse_toml(data, name), path=name)


def prepare_dubbing(
    store: ProjectFile,
    options: RunOptions,
    dub: DubOptions,
    model: ModelFacts | None,
    progress: Progress,
) -> Project:
    """Give a project its lines, and an adaptation with loops for each language of ``options.to``.

    Args:
        store: The project, open for writing.
        options: Of the run, as :func:`with_lengths` gives them.
        dub: Of the preparation.
        model: Facts of the translator; ``None`` makes the lines of the original alone.
        progress: Hears how it goes.

    Raises:
        InputError: the project has no words.
        PlanError: the model does not know a direction, or there is no such territory.
        EngineError: the engine failed.
    """
    territory = load_territory(dub.territory)
    project = adopt_terminology(store, options, actor=ACTOR)
    project = _with_lines(store, project, dub, progress)
    source = project.track(dub_track_id(_spoken(project)))
    _tell_estimates(options, source, progress)
    for target in options.to if model is not None else ():
        if target == source.language:
            raise PlanError(
                f"The original is in {target} already.", remedy="Name other languages with --to."
            )
    if model is None:
        return project
    work = _Adaptation(store=store, source=source, options=options, dub=dub, model=model)
    return work.run(project, territory, progress)


def _with_lines(
    store: ProjectFile, project: Project, dub: DubOptions, progress: Progress
) -> Project:
    name = dub_track_id(_spoken(project))
    old = next((track for track in project.tracks if track.id == name), None)
    if old is not None and (not dub.anew or any(is_settled(cue) for cue in old.cues)):
        if dub.anew:
            progress.warn(f"Track {name!r} was edited by people and stays as it is.")
        return project
    made = original_lines(project, dub.script)
    if made != project:
        store.commit(made, actor=ACTOR, action="dub lines")
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Adaptation:
    """The original into the languages that are asked for."""

    store: ProjectFile
    source: Track
    options: RunOptions
    dub: DubOptions
    model: ModelFacts

    def run(self, project: Project, territory: Territory, progress: Progress) -> Project:
        """Adapt and store one language after the other."""
        options, source = self.options, self.source
        loaded = LoadedTranslator()
        translator = RememberingTranslator(self.store, self.model, options, progress, loaded)
        spoken = sorted({cue.language or source.language for cue in source.cues})
        translator.check_all([(s, t) for t in options.to for s in spoken if s != t])
        held = protect(translator, project.glossary)
        for target in options.to:
            track = adapt_track(
                project,
                source,
                target,
                translator=held,
                model=self.model,
                options=options,
                weights=self.dub.weights,
                memory=loaded.memory(options.memories, target),
            )
            named = self.dub.territory or track.territory
            rules = territory if self.dub.territory else load_territory(named)
            loops = suggest_loops(track, rules, project.shots)
            project = project.with_track(replace(track, loops=loops, territory=named))
            self.store.commit(project, actor=ACTOR, action="adapt")
        return project


def _spoken(project: Project) -> str:
    if project.transcript is None:
        raise InputError(
            f"Project {project.title!r} has no words to make lines of.",
            remedy="Run subkit transcribe first.",
        )
    return project.transcript.language


def _tell_estimates(options: RunOptions, source: Track, progress: Progress) -> None:
    languages = {resolve_language(tag).base for tag in (*options.to, source.language)}
    if "ja" in languages and not has_readings():
        progress.warn(
            "Japanese syllables are estimated, since nothing here reads its characters: "
            'pip install "subkit[ja]".'
        )

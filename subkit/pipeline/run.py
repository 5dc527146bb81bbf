"""The way of a film: six stages, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.compliance.provenance import ACTOR
from subkit.errors import InputError
from subkit.pipeline.stages.cue_spotting import SPOT
from subkit.pipeline.stages.project_translation import TRANSLATE
from subkit.pipeline.stages.shot_detection import DETECT_SHOTS
from subkit.pipeline.stages.speaker_labelling import LABEL_SPEAKERS
from subkit.pipeline.stages.transcription import TRANSCRIBE
from subkit.pipeline.stages.writing import WRITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Project
    from subkit.pipeline.stage import Environment, Part, Stage

__all__ = ["FILM", "run_stages"]

FILM: tuple[Stage, ...] = (TRANSCRIBE, DETECT_SHOTS, LABEL_SPEAKERS, SPOT, TRANSLATE, WRITE)

_FIRST: dict[Part, tuple[str, str]] = {
    "transcript": ("transcript", "Run subkit transcribe first."),
    "tracks": ("cues", "Run subkit spot first."),
}


def run_stages(
    stages: Sequence[Stage], env: Environment, project: Project | None = None
) -> Project:
    """Run stages in order; what each makes is in the project file before the next begins.

    Args:
        stages: Which, in order.
        env: What they work with.
        project: The project as the file has it; ``None`` reads it.

    Raises:
        InputError: a stage needs what neither the project has nor an earlier stage makes; nothing
            was run.
        SubkitError: a stage failed; what the earlier ones made is kept.
    """
    project = env.store.load() if project is None else project
    _require(stages, env, project)
    for stage in stages:
        made = stage.run(project, env)
        if made != project:
            env.store.commit(made, actor=ACTOR, action=stage.name)
        project = made
    return project


def _require(stages: Sequence[Stage], env: Environment, project: Project) -> None:
    there: set[Part] = {"media"}
    there |= {"transcript"} if project.transcript is not None else set()
    there |= {"tracks"} if project.tracks else set()
    for stage in stages:
        for part in stage.needs:
            if part not in there:
                what, remedy = _FIRST[part]
                raise InputError(f"{str(env.store.path)!r} has no {what} yet.", remedy=remedy)
        there |= set(stage.makes)

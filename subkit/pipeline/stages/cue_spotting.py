"""Stage: transcript -> cues of the source track."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.model import Track
from subkit.pipeline.stage import Stage
from subkit.pipeline.stage_cache import shaping, stage_key, through_cache
from subkit.quality.fixes import fix_project
from subkit.spotting import spot
from subkit.styles import DEFAULT_STYLE
from subkit.translation import is_settled

if TYPE_CHECKING:
    from subkit.interfaces import Progress
    from subkit.model import Project
    from subkit.pipeline.run_options import RunOptions
    from subkit.pipeline.stage import Environment
    from subkit.store import ProjectFile

__all__ = ["SPOT", "spot_track"]

VERSION = 3


def spot_track(store: ProjectFile, project: Project, options: RunOptions) -> Track:
    """Spot the words of the transcript into the cues of a source track.

    What ``subkit fix`` would put right in the style is put right.

    Args:
        store: Where results are kept.
        project: Has a transcript.
        options: Options of the run.

    Raises:
        PlanError: no such profile.
    """
    transcript, media = project.transcript, project.media
    assert transcript is not None
    made = (track.profile for track in project.tracks if track.id == transcript.language)
    profile = options.style.load(transcript.language, made_for=next(made, DEFAULT_STYLE))
    rate = media.frame_grid
    transcript = replace(transcript, words=transcript.attributed_words())
    words = replace(transcript, provenance=replace(transcript.provenance, time=""))
    shape = shaping(options.spotting)
    key = stage_key("spot", VERSION, words, profile, rate, media.duration, project.shots, shape)

    def compute() -> Track:
        cues = spot(
            transcript.words,
            profile=profile,
            rate=rate,
            language=transcript.language,
            end=media.duration,
            shots=project.shots,
            voice=transcript.voice,
            options=options.spotting,
        )
        track = Track(
            id=transcript.language,
            language=transcript.language,
            profile=profile.id,
            cues=tuple(replace(cue, provenance=transcript.provenance) for cue in cues),
        )
        fixed, _ = fix_project(project.with_track(track), options.style, tracks=[track.id])
        return fixed.track(track.id)

    return through_cache(store, key, Track, compute)


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


def _spot(project: Project, env: Environment) -> Project:
    track = spot_track(env.store, project, env.options)
    return _with_machine_track(project, track, env.progress)


SPOT = Stage(name="spot", version=VERSION, needs=("transcript",), makes=("tracks",), run=_spot)

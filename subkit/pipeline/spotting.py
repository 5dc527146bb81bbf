"""Stage: transcript -> cues of the source track."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.model import FrameRate, Media, Track
from subkit.pipeline.cache import shaping, stage_key, through_cache
from subkit.pipeline.options import DEFAULT_STYLE
from subkit.spotting import spot

if TYPE_CHECKING:
    from subkit.model import Project
    from subkit.pipeline.options import RunOptions
    from subkit.store import ProjectFile

__all__ = ["frame_rate_of", "spot_track"]

VERSION = 2
SOUND_ONLY_RATE = FrameRate(Fraction(25))
"""The frame grid of media without video: 40 ms, fine enough to read and coarse enough to edit."""


def frame_rate_of(media: Media) -> FrameRate:
    """The project's frame grid."""
    return media.frame_rate or SOUND_ONLY_RATE


def spot_track(store: ProjectFile, project: Project, options: RunOptions) -> Track:
    """The source track: the words of the transcript as cues, held to the shot changes known.

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
    rate = frame_rate_of(media)
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
        return Track(
            id=transcript.language,
            language=transcript.language,
            profile=profile.id,
            cues=tuple(replace(cue, provenance=transcript.provenance) for cue in cues),
        )

    return through_cache(store, key, Track, compute)

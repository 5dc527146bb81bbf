"""Stage: sound and transcript -> who speaks each word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.engines import VOICE_ENCODER, default_models_folder, require_voice_weights
from subkit.errors import FormatError
from subkit.interfaces import Recording
from subkit.media import audio_blocks, channel_names, require_audio
from subkit.media.ixml_tracks import read_track_names
from subkit.model import ReviewState, SpeakerTurn
from subkit.pipeline.stage import Stage
from subkit.pipeline.stage_cache import shaping, stage_key, through_cache
from subkit.plugins import GuardedSpeakers
from subkit.speakers import (
    ChannelBackend,
    DiarizationOptions,
    Diarizer,
    TrackBackend,
    keep_names,
    label_spans,
    with_turns,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from subkit.interfaces import Progress, Samples, SpeakerBackend
    from subkit.model import Cue, Media, Project, Track, Transcript
    from subkit.pipeline.run_options import RunOptions
    from subkit.pipeline.stage import Environment
    from subkit.speakers import SpeakerLabel
    from subkit.store import ProjectFile

__all__ = ["LABEL_SPEAKERS", "label_cues", "label_transcript", "recording_of", "voice_encoder"]

VERSION = 1
STAGE = "speakers"
_AUTO = ("ixml", "channel", "diarization")
"""What ``auto`` asks, the most trusted first, until one can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a backend told, as it is kept."""

    turns: tuple[SpeakerTurn, ...]


def voice_encoder(options: RunOptions, progress: Progress | None = None) -> Path | None:
    """Return the weights that the options need, fetched if they are not here; else ``None``.

    Raises:
        ModelNotFound: they are not here, and cannot be fetched.
    """
    if options.speakers not in {"auto", "diarization"}:
        return None
    folder = options.models_folder or default_models_folder({})
    return require_voice_weights(folder, offline=options.offline, progress=progress)


def recording_of(media: Media, transcript: Transcript, options: RunOptions) -> Recording:
    """Return what a backend hears of a title."""
    voice = transcript.voice or tuple(window.span for window in transcript.windows)
    audio = options.audio

    def sound() -> Iterator[Samples]:
        return audio_blocks(media, audio)

    def channel(number: int) -> Iterator[Samples]:
        return audio_blocks(media, replace(audio, channel=number))

    names = channel_names(require_audio(media, audio))
    return Recording(media=media, voice=voice, channels=names, sound=sound, channel=channel)


def label_transcript(
    store: ProjectFile, project: Project, options: RunOptions, progress: Progress
) -> Transcript:
    """Return the transcript with who speaks each word; as it was where no method can tell.

    Raises:
        MediaError: the sound cannot be read.
        ModelNotFound: the voice encoder is not here.
        EngineError: a backend failed.
    """
    transcript, media = project.transcript, project.media
    assert transcript is not None
    recording = recording_of(media, transcript, options)
    shape = (media.digest, shaping(options.audio), recording.voice, options.speaker_count)
    duration = float(media.duration)
    progress.begin(STAGE, duration, "s")
    turns: tuple[SpeakerTurn, ...] = ()
    for name, make in _backends(media, options, progress):
        key = stage_key(STAGE, VERSION, name, *shape)
        turns = through_cache(store, key, _Told, partial(_told, make, recording, options)).turns
        if turns:
            break
    progress.end(STAGE)
    if not turns:
        progress.warn("Who speaks could not be told; the words have no speakers.")
        return transcript
    told = len({turn.speaker for turn in turns})
    if options.speaker_count is not None and told != options.speaker_count:
        progress.warn(f"{options.speaker_count} speakers were asked for, and {told} told apart.")
    if set(turns) <= set(transcript.turns):
        return transcript  # told before: the names that people gave stay
    found = list(turns)
    if found[0].method == Diarizer.method:
        found = keep_names(transcript, found)
    return with_turns(transcript, found)


def _told(make: Callable[[], SpeakerBackend], recording: Recording, options: RunOptions) -> _Told:
    return _Told(turns=tuple(make().turns(recording, count=options.speaker_count)))


def _backends(
    media: Media, options: RunOptions, progress: Progress
) -> Iterator[tuple[object, Callable[[], SpeakerBackend]]]:
    """What goes into the key of a backend's turns, and what makes it; the most trusted first."""
    asked = options.speakers
    if isinstance(asked, GuardedSpeakers):
        name = asked.name
        yield (name.kind, name.name, name.version), lambda: asked
        return
    for method in _AUTO if asked == "auto" else (asked,):
        if method == "ixml":
            tracks = _tracks(media, progress)
            yield (method, tuple(sorted(tracks.items()))), partial(TrackBackend, tracks)
        elif method == "channel":
            yield method, ChannelBackend
        elif method == "diarization":
            weights = voice_encoder(options, progress)
            assert weights is not None
            tell = partial(progress.advance, STAGE)
            yield (
                (method, VOICE_ENCODER, shaping(DiarizationOptions())),
                partial(Diarizer, weights, tell=tell),
            )


def _tracks(media: Media, progress: Progress) -> dict[int, str]:
    try:
        return read_track_names(Path(media.path))
    except FormatError as error:
        progress.warn(f"The track names of {media.path} cannot be read: {error.message}")
        return {}


def label_cues(project: Project) -> Project:
    """Return the project with the speakers of cues as the turns have them.

    What people decided stays: a cue that is locked, edited or approved keeps its speaker, and so
    does one with a speaker that no method told. A cue of several speakers has none.
    """
    transcript = project.transcript
    if transcript is None or not transcript.turns:
        return project
    machine = {one.id for one in transcript.speakers}
    for track in project.tracks:
        labels = label_spans(transcript, [cue.span for cue in track.cues])
        cues = tuple(_named(*pair, machine) for pair in zip(track.cues, labels, strict=True))
        if cues != track.cues:
            project = project.with_track(_with_cues(track, cues))
    return project


def _with_cues(track: Track, cues: tuple[Cue, ...]) -> Track:
    return replace(track, cues=cues)


def _named(cue: Cue, label: SpeakerLabel | None, machine: set[str]) -> Cue:
    touched = cue.locked or cue.review.state is not ReviewState.UNREVIEWED
    if touched or (cue.speaker is not None and cue.speaker not in machine):
        return cue
    several = label is None or bool(label.also) or _has_turns(cue)
    speaker = None if label is None or several else label.speaker
    return cue if cue.speaker == speaker else replace(cue, speaker=speaker)


def _has_turns(cue: Cue) -> bool:
    return sum(line.lstrip()[:1] in {"-", "–", "—"} for line in cue.lines) > 1


def _label(project: Project, env: Environment) -> Project:
    if env.options.speakers == "none":
        return project
    transcript = label_transcript(env.store, project, env.options, env.progress)
    return replace(project, transcript=transcript)


LABEL_SPEAKERS = Stage(
    name=STAGE, version=VERSION, needs=("transcript",), makes=("transcript",), run=_label
)

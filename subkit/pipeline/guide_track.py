"""``subkit dub guide``: a scratch voice that speaks the lines of a dubbing track at their times.

The voice is synthetic and says so: in a spoken slate at its beginning, in the metadata of the file,
and in a disclosure beside it. A line is spoken at most a tenth faster or slower than the voice
speaks the whole track; what is still too long is told in seconds.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from subkit.compliance import disclose
from subkit.compliance.disclosure import RULES
from subkit.dubbing import fit_track, is_spoken, phrases
from subkit.engines.espeak import GuideText, Synthesiser, find_espeak
from subkit.errors import MediaError, PlanError
from subkit.media.guide_mixing import Clip, mix_arguments, read_clip, write_gain, write_voice
from subkit.media.long_runs import run_long
from subkit.model import digest, to_plain
from subkit.model.clock import utc_now
from subkit.store import staged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.interfaces import Progress
    from subkit.model import Cue, Project, Track

__all__ = ["MIXES", "GuideOptions", "GuideTrack", "make_guide"]

MIXES = {
    "under": "over the film's sound, which is lowered by 12 dB while a line is spoken",
    "instead": "the film is silent while a line of the original or of the guide is spoken",
    "alone": "nothing but the voice",
}
STAGE = "guide"
SCHEMA = "urn:subkit:guide:1"
SLATE = "Synthetic guide voice. This is not an actor."
_SLATE_LANGUAGE = "en"
_USUAL = 175
_STRETCH = 0.1
_BASE = (110, 300)
_FLOOR = {"under": 0.25, "instead": 0.0, "alone": 0.0}
_LATE = 0.1
"""Seconds from which a line counts as too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideOptions:
    """How a guide is made.

    Attributes:
        mix: One of :data:`MIXES`.
        voice: A language of espeak-ng; empty takes that of the track.
        overwrite: Replace files that are there.
    """

    mix: str = "under"
    voice: str = ""
    overwrite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideTrack:
    """What was made.

    Attributes:
        path: The sound, or the film with it.
        sidecar: The disclosure beside it.
        lines: How many lines are spoken.
        too_long: Cue id -> seconds that its voice goes on after its time.
        voice: Of espeak-ng.
        version: Of espeak-ng.
    """

    path: Path
    sidecar: Path
    lines: int
    too_long: dict[str, float]
    voice: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What is spoken, by what, and where its files are."""

    project: Project
    track: Track
    espeak: Synthesiser
    voice: str
    parts: tuple[_Part, ...]
    mix: str
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A phrase of a line: its text, and the seconds it has."""

    cue: str
    text: str
    start: float
    seconds: float


def make_guide(
    project: Project, track: Track, out: Path, progress: Progress, options: GuideOptions
) -> GuideTrack:
    """Write a guide of a dubbing track as WAV, or as MP4 with the film's picture.

    Args:
        project: The document.
        track: One of its dubbing tracks.
        out: ``.wav`` or ``.mp4``.
        progress: Hears how far it is.
        options: Everything else.

    Raises:
        InputError: the film is not there.
        MediaError: the film has no sound, or ffmpeg failed.
        ModelNotFound: espeak-ng is not on this machine.
        PlanError: no such container, or no voice for the language.
        StoreError: a file is in the way, or cannot be written.
    """
    container = out.suffix.lower().removeprefix(".")
    if container not in {"wav", "mp4"} or (container, options.mix) == ("mp4", "alone"):
        raise PlanError(
            f"{str(out)!r} cannot hold the mix {options.mix!r}.",
            remedy="Guides are WAV, or with the film's sound MP4.",
        )
    if options.mix != "alone" and not project.media.audio:
        raise MediaError("The film has no sound to mix with.", remedy="Ask for --mix alone.")
    espeak = find_espeak()
    side = out.with_name(f"{out.stem.removesuffix('.guide')}.guide.disclosure.json")
    with (
        tempfile.TemporaryDirectory(prefix="subkit-") as place,
        staged(side, overwrite=options.overwrite) as told,
        staged(out, overwrite=options.overwrite) as draft,
    ):
        work = _Work(
            project=project,
            track=track,
            espeak=espeak,
            voice=_voice(espeak, options.voice or track.language),
            parts=tuple(part for cue in track.cues if is_spoken(cue) for part in _parts(cue)),
            mix=options.mix,
            folder=Path(place),
        )
        progress.begin(STAGE, float(project.media.duration), "s")
        clips = _spoken(work)
        told.write_bytes(_sidecar(work))
        _mix(work, [_slate(work), *clips], draft, container, progress)
        progress.end(STAGE)
    return GuideTrack(
        path=out,
        sidecar=side,
        lines=_lines(work),
        too_long=_too_long(work.parts, clips),
        voice=work.voice,
        version=espeak.version,
    )


def _voice(espeak: Synthesiser, asked: str) -> str:
    return asked if asked in espeak.voices else espeak.voice_for(asked)


def _parts(cue: Cue) -> list[_Part]:
    found = []
    for phrase in phrases(cue):
        text = " ".join(cue.text[phrase.start : phrase.end].split())
        if any(letter.isalnum() for letter in text):
            seconds = float(phrase.span.duration)
            start = float(phrase.span.start)
            found.append(_Part(cue=cue.id, text=text, start=start, seconds=seconds))
    return found


def _lines(work: _Work) -> int:
    return len({part.cue for part in work.parts})


def _slate(work: _Work) -> Clip:
    espeak, place = work.espeak, work.folder / "slate"
    place.mkdir()
    (path,) = espeak.speak([GuideText(text=SLATE)], espeak.voice_for(_SLATE_LANGUAGE), place)
    return read_clip(path, 0.0, espeak.sample_rate)


def _spoken(work: _Work) -> list[Clip]:
    """Speak twice: once to hear how long the voice takes, then fitted by up to a tenth."""
    espeak, parts = work.espeak, work.parts
    usual, fitted = work.folder / "usual", work.folder / "fitted"
    usual.mkdir()
    fitted.mkdir()
    first = espeak.speak([GuideText(text=part.text) for part in parts], work.voice, usual)
    lengths = [read_clip(path, 0.0, espeak.sample_rate).end for path in first]
    base = _USUAL * _pace(work.project, work.track, sum(lengths))
    own: dict[str, list[float]] = {}
    for part, length in zip(parts, lengths, strict=True):
        has = own.setdefault(part.cue, [0.0, 0.0])
        has[0] += length * _USUAL / base
        has[1] += part.seconds
    texts = [
        GuideText(text=part.text, rate=round(base * _stretch(*own[part.cue]))) for part in parts
    ]
    paths = espeak.speak(texts, work.voice, fitted)
    return [
        read_clip(path, part.start, espeak.sample_rate)
        for part, path in zip(parts, paths, strict=True)
    ]


def _pace(project: Project, track: Track, seconds: float) -> float:
    """Return how much faster than usual the voice speaks: so that it takes what is predicted."""
    predicted = sum(fit.seconds for fit in fit_track(track, project.source_of(track) or track))
    slow, fast = _BASE
    wanted = seconds / predicted if predicted else 1.0
    return min(fast / _USUAL, max(slow / _USUAL, wanted))


def _stretch(seconds: float, has: float) -> float:
    return min(1 + _STRETCH, max(1 - _STRETCH, seconds / has if has else 1.0))


def _too_long(parts: Sequence[_Part], clips: Sequence[Clip]) -> dict[str, float]:
    found: dict[str, float] = {}
    for part, clip in zip(parts, clips, strict=True):
        late = clip.end - (part.start + part.seconds)
        if late > _LATE:
            found[part.cue] = round(max(late, found.get(part.cue, 0.0)), 2)
    return found


def _mix(work: _Work, clips: Sequence[Clip], out: Path, container: str, progress: Progress) -> None:
    project, track = work.project, work.track
    seconds = float(project.media.duration)
    voice, gain = work.folder / "voice.wav", work.folder / "gain.wav"
    write_voice(voice, clips, seconds, clips[0].rate)
    spans = [(clip.start, clip.end) for clip in clips]
    if work.mix == "instead":
        heard = (project.source_of(track) or track).cues
        spans += [(float(cue.span.start), float(cue.span.end)) for cue in heard]
    write_gain(gain, spans, seconds, _FLOOR[work.mix])
    film = None if work.mix == "alone" else Path(project.media.path)
    tags = {
        "title": f"{project.title} ({track.language} guide)",
        "comment": f"{SLATE} Made by espeak-ng; DigitalSourceType {RULES}",
    }
    run_long(
        mix_arguments(film, gain, voice, out, tags=tags, container=container),
        lambda done: progress.advance(STAGE, done),
    )


def _sidecar(work: _Work) -> bytes:
    media = work.project.media
    facts = {
        "schema": SCHEMA,
        "synthetic": True,
        "statement": SLATE,
        "title": work.project.title,
        "track": work.track.id,
        "language": work.track.language,
        "media": PurePath(media.path).name,
        "media_digest": media.digest,
        "tool": "espeak-ng",
        "version": work.espeak.version,
        "voice": work.voice,
        "cloned": False,
        "offline": True,
        "digital_source_type": RULES,
        "mix": work.mix,
        "stretch": _STRETCH,
        "lines": _lines(work),
        "made": utc_now(),
        "text": to_plain(disclose(work.project, work.track)),
    }
    whole = {**facts, "digest": digest(facts)}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()

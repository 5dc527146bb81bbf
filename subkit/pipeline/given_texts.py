"""Texts to be aligned: scripts, subtitle files, and tracks of a project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.alignment import GivenLine
from subkit.errors import InputError
from subkit.files.encodings import recode
from subkit.files.plain_text import read_small_file
from subkit.files.repairs import Repairs
from subkit.formats.screenplays import is_script, read_lines
from subkit.formats.screenplays.speech_text import said
from subkit.pipeline.project_files import read_version
from subkit.pipeline.subtitle_files import read_name, subtitle_project

if TYPE_CHECKING:
    from subkit.model import Cue, FrameRate, Project, Track

__all__ = ["KnownText", "read_text"]

_MAX_BYTES = 16 << 20
_MAX_LINES = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """A text that is to be aligned.

    Attributes:
        name: Of the file or track, for messages.
        lines: What is said, in order.
        language: BCP 47; ``"und"`` where nobody said.
        track: The cues that the lines are of; ``None`` for a script.
        project: What the track is of.
        repairs: What was mended while it was read.
    """

    name: str
    lines: tuple[GivenLine, ...]
    language: str = "und"
    track: Track | None = None
    project: Project | None = None
    repairs: tuple[str, ...] = ()


def read_text(
    path: Path,
    *,
    language: str | None = None,
    encoding: str | None = None,
    track: str | None = None,
    frame_rate: FrameRate | None = None,
) -> KnownText:
    """Read a script, a subtitle file, or a track of a project.

    Args:
        path: The file.
        language: BCP 47; ``None`` takes what stands in the name, or in the project.
        encoding: Of a text that is not UTF-8; ``None`` judges it from its bytes.
        track: Which of a project; ``None`` is its first.
        frame_rate: Of a subtitle file that counts frames.

    Raises:
        InputError: it cannot be read, or nothing is said in it.
        PlanError: no such language, encoding or format.
        StoreError: no project, or damaged.
    """
    if path.suffix.lower() == ".subkit":
        project = read_version(str(path))
        if not project.tracks:
            raise InputError(f"{str(path)!r} has no track to align.")
        return _of_track(str(path), project, project.track(track) if track else project.tracks[0])
    if not is_script(path.name):
        project, repairs = subtitle_project(
            path, language=language, encoding=encoding, frame_rate=frame_rate
        )
        found = _of_track(path.name, project, project.tracks[0])
        repairs = [one for one in repairs if "--language" not in one]
        return KnownText(
            name=found.name,
            lines=found.lines,
            language=found.language,
            track=found.track,
            project=project,
            repairs=tuple(repairs),
        )
    mended = Repairs()
    data = read_small_file(path, _MAX_BYTES)
    if encoding is not None:
        data = recode(data, encoding, mended)
    spoken = read_name(path, language).language
    lines = read_lines(data, name=path.name, repairs=mended, language=spoken)
    if len(lines) > _MAX_LINES:
        raise InputError(f"{str(path)!r} has more than {_MAX_LINES} lines.")
    told = tuple(f"{path}: {sentence}" for sentence in mended.sentences())
    return KnownText(name=path.name, lines=lines, language=spoken, repairs=told)


def _of_track(name: str, project: Project, track: Track) -> KnownText:
    lines = tuple(_line(cue) for cue in track.cues)
    if not any(line.text for line in lines):
        raise InputError(f"{name!r} has no cues with text.", remedy="Check that it is the file.")
    return KnownText(name=name, lines=lines, language=track.language, track=track, project=project)


def _line(cue: Cue) -> GivenLine:
    return GivenLine(text=said("\n".join(cue.lines)), speaker=cue.speaker or "", cue=cue.id)

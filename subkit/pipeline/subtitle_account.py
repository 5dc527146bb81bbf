"""What a subtitle file is: format, encoding, languages, rate, and what stands in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.files.encodings import codec_of, encoding_of
from subkit.files.plain_text import MAX_BYTES, read_small_file
from subkit.formats import format_facts
from subkit.formats.sniffing import is_text_format
from subkit.pipeline.subtitle_files import format_name, subtitle_project
from subkit.quality import check_track

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from subkit.model import Project, Track
    from subkit.styles import Styles

__all__ = ["SubtitleFacts", "TrackFacts", "subtitle_facts"]

_PROBE = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFacts:
    """What a track of a file holds, counted.

    Attributes:
        track: The track.
        marks: Feature -> how many marks.
        places: How many cues stand elsewhere than at the bottom centre, or at an exact place.
        forced: How many cues are forced.
        carried: Kind of block that is no cue -> how many.
        findings: Rule of the house style -> how many findings.
        errors: How many of the findings are errors.
    """

    track: Track
    marks: Mapping[str, int]
    places: int
    forced: int
    carried: Mapping[str, int]
    findings: Mapping[str, int]
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleFacts:
    """What a subtitle file is.

    Attributes:
        path: The file.
        format: Name of its format.
        title: Full name of its format.
        encoding: Of its text; empty where it is no text.
        project: What it holds; its media has the frame rate and start of the file.
        tracks: One for each language, in the order of the file.
        repairs: What the reader mended or left out, a sentence each.
    """

    path: Path
    format: str
    title: str
    encoding: str
    project: Project
    tracks: tuple[TrackFacts, ...]
    repairs: tuple[str, ...]


def subtitle_facts(path: Path, style: Styles, **said: Any) -> SubtitleFacts:
    """Return what a subtitle file is and holds.

    Args:
        path: The file.
        style: House style that its tracks are held to.
        said: What is known of the file, as ``subtitle_project`` takes it.

    Raises:
        InputError: it cannot be read (``FormatError`` where it is not of its format).
        PlanError: it is no subtitle file, or no such language or encoding.
    """
    name = format_name(path)
    facts = format_facts(name)
    project, repairs = subtitle_project(path, **said)
    encoding = ""
    if is_text_format(name):
        named = said.get("encoding")
        data = read_small_file(path, MAX_BYTES)[:_PROBE]
        encoding = codec_of(named) if named else encoding_of(data, project.tracks[0].language)
    return SubtitleFacts(
        path=path,
        format=name,
        title=name if facts is None else facts.title,
        encoding=encoding,
        project=project,
        tracks=tuple(_counted(project, track, style) for track in project.tracks),
        repairs=tuple(repair.removeprefix(f"{path}: ") for repair in repairs),
    )


def _counted(project: Project, track: Track, style: Styles) -> TrackFacts:
    found = check_track(project, track, style)
    places = (cue.placement for cue in track.cues)
    return TrackFacts(
        track=track,
        marks=Counter(mark.feature.value for cue in track.cues for mark in cue.marks),
        places=sum(
            (p.vertical, p.horizontal) != ("bottom", "center") or bool(p.area or p.cell)
            for p in places
        ),
        forced=sum(cue.forced for cue in track.cues),
        carried=Counter(block.kind for block in track.carried),
        findings=Counter(finding.rule for finding in found),
        errors=sum(finding.severity.value == "error" for finding in found),
    )

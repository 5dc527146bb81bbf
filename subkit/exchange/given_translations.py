"""A translation that was made elsewhere, as a subtitle file -> a track of the project."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING

from subkit.alignment import on_screen_together, translation_of
from subkit.errors import InputError, PlanError
from subkit.exchange.merging import Import
from subkit.formats import format_facts, reader_for
from subkit.formats.cue_text import DEMO_LINES
from subkit.formats.file_reading import file_content, track_in
from subkit.formats.sniffing import format_of
from subkit.interfaces.file_contents import ReadRequest
from subkit.language import parse_language
from subkit.model import Origin, Provenance
from subkit.translation.staleness import source_digest

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.model import Project, Track

__all__ = ["take_translation"]

_HEAD = 64 * 1024
_LEAST = 0.5
"""Share of its cues that must be seen with one of the source; else it is shifted, or another's."""


def take_translation(
    project: Project, of: str, data: bytes, path: Path, *, language: str | None
) -> Import:
    """Take a translation into the project as a track, its cues tied to those of its source.

    Texts and times stay as they are in the file, times on the project's frames. Nobody has
    approved it here.

    Args:
        project: The document.
        of: Id or language of the track that it is a translation of.
        data: The file.
        path: Its name, for messages and for its language.
        language: Of the translation; ``None`` takes what the name says (``film.ko.srt``).

    Raises:
        InputError: it cannot be read, there is such a track already, or most of its cues are on
            screen with none of the source.
        PlanError: nothing says its language.
    """
    source = project.track(of)
    tag = _language(path) if language is None else parse_language(language).tag
    if any(track.id == tag for track in project.tracks):
        raise InputError(
            f"The project has a track {tag!r} already.",
            remedy="Leave --translation-of out to take edits into it, or name another --track.",
        )
    given, repairs = _given(project, data, path, tag)
    tied = translation_of(source, given)
    if on_screen_together(source, tied) < _LEAST:
        raise InputError(
            f"Most of the {len(tied.cues)} cues of {str(path)!r} are on screen with none of track"
            f" {source.id!r}.",
            remedy="Move it first: subkit sync FILE --to PROJECT -o OUT.",
        )
    made = Provenance(
        origin=Origin.IMPORT, tool="subkit import", options_digest=sha256(data).hexdigest()
    )
    texts = {cue.id: cue for cue in source.cues}
    finished = tuple(
        replace(
            cue,
            provenance=made,
            made_from=source_digest(texts[name] for name in cue.sources) if cue.sources else None,
        )
        for cue in tied.cues
    )
    track = replace(tied, cues=finished)
    return Import(
        project=project.with_track(track),
        added=tuple(f"{tag}/{cue.id}" for cue in finished),
        repairs=repairs,
    )


def _given(project: Project, data: bytes, path: Path, tag: str) -> tuple[Track, tuple[str, ...]]:
    """The track of the file on the project's frames, and what was repaired."""
    media = project.media
    known = format_facts(format_of(data[:_HEAD]) or path.suffix)
    reader = reader_for(path.suffix if known is None else known.name)
    asked = ReadRequest(name=path.name, language=tag, rate=media.frame_grid)
    content = file_content(reader, data, asked)
    start = content.start or media.programme_start
    if start and _begins(track_in(content, tag)) >= start:
        content = file_content(reader, data, replace(asked, start=start))
    found = track_in(content, tag)
    cues = (
        replace(cue, id=f"given.{number}", span=media.frame_grid.whole_frames(cue.span))
        for number, cue in enumerate(found.cues)
        if cue.lines != DEMO_LINES
    )
    return replace(found, id=tag, language=tag, cues=tuple(cues)), content.repairs


def _language(path: Path) -> str:
    tags = (_tag(part) for part in reversed(path.name.split(".")[1:-1]))
    tag = next(filter(None, tags), None)
    if tag is None:
        raise PlanError(
            f"Nothing says which language {path.name!r} is in.", remedy="Name it with --track."
        )
    return tag


def _tag(part: str) -> str | None:
    with suppress(PlanError):
        return parse_language(part).tag
    return None


def _begins(track: Track) -> Fraction:
    return min((cue.span.start for cue in track.cues), default=Fraction(0))

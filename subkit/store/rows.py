"""The document as rows: one for the project's head, the transcript, each track's head, each cue.

A row is a target (``"cue:en/c0001"``) and canonical JSON. Order lives in the heads: the project
lists its tracks, a track lists its cues, so a new cue changes two rows and not all that follow.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn, cast

from subkit.errors import SchemaError, TimecodeError
from subkit.model import (
    SCHEMA,
    Address,
    Carried,
    Character,
    Cue,
    Loop,
    Media,
    NamedStyle,
    Omission,
    Project,
    Purpose,
    Region,
    SignOff,
    Term,
    Track,
    Transcript,
    canonical,
    from_plain,
)
from subkit.model.content_digest import canonical_json, digest_json
from subkit.model.quick_text import canonical_text
from subkit.model.styling import sparse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = [
    "Part",
    "ProjectHead",
    "TrackHead",
    "cue_target",
    "decode",
    "encode",
    "join",
    "require_known",
    "require_named",
    "require_whole",
    "split",
    "summarised",
    "summary",
    "track_target",
]

PROJECT = "project"
TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectHead:
    """A project without its transcript and with its tracks' ids in their place."""

    schema: int
    title: str
    media: Media
    shots: tuple[Fraction, ...] | None
    tracks: tuple[str, ...]
    glossary: tuple[Term, ...]
    register: tuple[Address, ...]
    signoffs: tuple[SignOff, ...]
    omissions: tuple[Omission, ...] = ()
    characters: tuple[Character, ...] = sparse(())


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackHead:
    """A track with its cues' ids in place of its cues."""

    id: str
    language: str
    purpose: Purpose
    profile: str
    source: str | None
    cues: tuple[str, ...]
    styles: tuple[NamedStyle, ...] = sparse(())
    regions: tuple[Region, ...] = sparse(())
    carried: tuple[Carried, ...] = sparse(())
    loops: tuple[Loop, ...] = sparse(())
    territory: str = sparse("")


Part = ProjectHead | TrackHead | Transcript | Cue
"""What one row holds."""

_SUMMARISED = {
    TrackHead: ("cues", "carried"),
    Transcript: ("words", "windows", "voice", "unheard", "turns"),
}


def track_target(track: str) -> str:
    """The target of a track's head."""
    return f"track:{track}"


def cue_target(track: str, cue: str) -> str:
    """The target of a cue; a track's id has no slash, so the first one divides the two."""
    return f"cue:{track}/{cue}"


def split(project: Project) -> dict[str, Part]:
    """The parts of ``project`` by target: heads and transcript first, then the cues.

    Raises:
        SchemaError: an id is empty, doubled, or a track's has a slash in it.
    """
    parts: dict[str, Part] = {
        PROJECT: ProjectHead(
            schema=project.schema,
            title=project.title,
            media=project.media,
            shots=project.shots,
            tracks=tuple(track.id for track in project.tracks),
            glossary=project.glossary,
            register=project.register,
            signoffs=project.signoffs,
            omissions=project.omissions,
            characters=project.characters,
        )
    }
    if project.transcript is not None:
        parts[TRANSCRIPT] = project.transcript
    for track in project.tracks:
        target = track_target(track.id)
        if not track.id or "/" in track.id or target in parts:
            raise SchemaError(
                f"{track.id!r} cannot be the id of a track: ids are not empty, unique and have no"
                " slash.",
                path=target,
            )
        parts[target] = TrackHead(
            id=track.id,
            language=track.language,
            purpose=track.purpose,
            profile=track.profile,
            source=track.source,
            cues=tuple(cue.id for cue in track.cues),
            styles=track.styles,
            regions=track.regions,
            carried=track.carried,
            loops=track.loops,
            territory=track.territory,
        )
    for track in project.tracks:
        for cue in track.cues:
            target = cue_target(track.id, cue.id)
            if not cue.id or target in parts:
                raise SchemaError(
                    f"Track {track.id!r} has two cues {cue.id!r}, or a cue without an id.",
                    path=target,
                )
            parts[target] = cue
    return parts


def join(parts: Mapping[str, Part]) -> Project:
    """The project that :func:`split` gave ``parts`` for.

    Raises:
        SchemaError: a part is missing, superfluous or says another id than its target.
    """
    require_whole(parts, parts.keys())
    head = cast("ProjectHead", parts[PROJECT])
    transcript = cast("Transcript | None", parts.get(TRANSCRIPT))
    tracks = tuple(_track(parts, name) for name in head.tracks)
    return Project(
        schema=SCHEMA,  # what it is now, and will be written as with the next change
        title=head.title,
        media=head.media,
        shots=head.shots,
        transcript=transcript,
        tracks=tracks,
        glossary=head.glossary,
        register=head.register,
        signoffs=head.signoffs,
        omissions=head.omissions,
        characters=head.characters,
    )


def require_whole(heads: Mapping[str, Part], targets: Collection[str]) -> None:
    """Return if targets are those of one document, by what its heads list.

    Args:
        heads: The heads of the project and of its tracks, and whatever else.
        targets: Of all parts.

    Raises:
        SchemaError: a part is missing or superfluous, or the project is of another version.
    """
    head = cast("ProjectHead", _take(heads, PROJECT))
    if not 1 <= head.schema <= SCHEMA:
        raise SchemaError(f"{head.schema} is not a version of a document.", path="project.schema")
    found = 1 + (TRANSCRIPT in targets)
    for name in head.tracks:
        track = cast("TrackHead", _take(heads, track_target(name)))
        for cue in track.cues:
            if cue_target(name, cue) not in targets:
                raise _missing(cue_target(name, cue))
        found += 1 + len(track.cues)
    if found != len(targets):
        tracks = [cast("TrackHead", heads[track_target(name)]) for name in head.tracks]
        used = {track_target(track.id) for track in tracks} | {PROJECT, TRANSCRIPT}
        used |= {cue_target(track.id, cue) for track in tracks for cue in track.cues}
        extra = min(set(targets) - used, default="a track listed twice")
        raise SchemaError(f"{extra} belongs to nothing in the project.", path=extra)


def require_named(target: str, part: Part) -> None:
    """Return if a track or cue has the id that its target says.

    Raises:
        SchemaError: it has another.
    """
    if isinstance(part, Cue):
        named = target.endswith(f"/{part.id}") and "/" not in target[: -len(part.id) - 1]
    else:
        named = not isinstance(part, TrackHead) or target == track_target(part.id)
    if not named:
        raise SchemaError(f"{target} calls itself {cast('Any', part).id!r}.", path=target)


def _track(parts: Mapping[str, Part], name: str) -> Track:
    head = cast("TrackHead", _take(parts, track_target(name)))
    return Track(
        id=head.id,
        language=head.language,
        purpose=head.purpose,
        profile=head.profile,
        source=head.source,
        cues=tuple(cast("Cue", _take(parts, cue_target(name, id_))) for id_ in head.cues),
        styles=head.styles,
        regions=head.regions,
        carried=head.carried,
        loops=head.loops,
        territory=head.territory,
    )


def _take(parts: Mapping[str, Part], target: str) -> Part:
    part = parts.get(target)
    if part is None:
        raise _missing(target)
    require_named(target, part)
    return part


def require_known(head: str, path: str) -> None:
    """Return unless a project's head, as JSON, is of a newer subkit.

    Raises:
        SchemaError: it is; its other parts may hold what this subkit does not know.
    """
    found = re.search(r'"schema":\s*([0-9]{1,9})\b', head)
    if found is not None and int(found[1]) > SCHEMA:
        raise SchemaError(
            f"{path} was written by a newer subkit: its document is of version {found[1]}, and"
            f" this subkit reads up to version {SCHEMA}.",
            remedy="Update subkit.",
            path="project.schema",
        )


def _missing(target: str) -> SchemaError:
    return SchemaError(f"{target} is missing from the project.", path=target)


def encode(target: str, part: Part) -> str:
    """The row's text, known to be readable again.

    Raises:
        SchemaError: ``part`` holds what no document can: a wrong type, a NaN, half a character.
    """
    try:
        if type(part) is _kind(target):
            text = canonical_text(part)
            text.encode()
            return text
    except (TypeError, UnicodeEncodeError):
        pass  # not of the types of a document: read again, it may become so, or tells what is wrong
    try:
        return canonical(decode(target, canonical(part)))  # 1 for 1.0 is stored as 1.0
    except (TypeError, ValueError, AttributeError) as error:
        raise SchemaError(f"{target} cannot be stored: {error}.", path=target) from error


def decode(target: str, text: str) -> Part:
    """The part that a row holds.

    Raises:
        SchemaError: the text is not what :func:`encode` writes for this target.
    """
    try:
        text.encode()
        plain = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"{target} is not readable: {error}.", path=target) from error
    try:
        part: Part = from_plain(_kind(target), plain, target)
    except (TimecodeError, RecursionError) as error:
        raise SchemaError(f"{target}: {error}", path=target) from error
    return part


def summary(target: str, text: str) -> str:
    """What the ledger holds of a row: its text, the long lists in it as count and digest."""
    if _kind(target) not in _SUMMARISED:
        return text
    return canonical_json(summarised(target, json.loads(text)))


def summarised(target: str, plain: dict[str, Any]) -> dict[str, Any]:
    """The plain data of a part with its long lists as count and digest.

    Lists that ``plain`` does not have, since an older subkit wrote it, are not added.
    """
    for name in _SUMMARISED.get(_kind(target), ()):
        if name in plain:
            text = canonical_json(plain[name])
            plain[name] = {"count": len(plain[name]), "digest": digest_json(text)}
    return plain


def _kind(target: str) -> type[Any]:
    if target == PROJECT:
        return ProjectHead
    if target == TRANSCRIPT:
        return Transcript
    if target.startswith("track:"):
        return TrackHead
    if target.startswith("cue:"):
        return Cue
    raise SchemaError(f"{target!r:.60} is not part of a project.", path=target)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")

"""Edits of what a dubbing track says beside its text: characters, lines, takes and loops."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from subkit.edit.content import editable, put_cues, touched
from subkit.errors import InputError, NotFoundError
from subkit.model import Character, DubLine, Loop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.edit.hand import Hand
    from subkit.model import Project, TakeStatus

__all__ = [
    "find_character",
    "put_character",
    "put_loops",
    "redub",
    "remove_character",
    "set_take",
]

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MAX_TEXT = 2000


def find_character(project: Project, who: str) -> Character:
    """Return a character by id or name.

    Raises:
        NotFoundError: there is none; lists those there are.
    """
    known = {one.id: one for one in project.characters}
    found = known.get(who) or next((one for one in known.values() if one.name == who), None)
    if found is None:
        there = ", ".join(one.name for one in known.values()) or "none"
        raise NotFoundError(
            f"There is no character {who!r:.60}.", remedy=f"Characters: {there}.", character=who
        )
    return found


def put_character(project: Project, character: Character) -> Project:
    """Return the project with a character added, or in place of the one of its id.

    Raises:
        InputError: no name, one that another character has, or a colour that is none.
    """
    if not (character.id and character.name.strip() and character.name.isprintable()):
        raise InputError(f"{character.name!r:.60} is not a name.")
    for value in (character.name, character.prefix, character.actor, character.note):
        if len(value) > _MAX_TEXT:
            raise InputError(f"A text of {len(value)} characters is too long for a character.")
    if character.colour and not _COLOUR.fullmatch(character.colour):
        raise InputError(
            f"{character.colour!r:.60} is not a colour.", remedy="Write it as #rrggbb."
        )
    for other in project.characters:
        if other.name == character.name and other.id != character.id:
            raise InputError(
                f"There is a character {character.name!r} already.",
                remedy=f"Use {other.id!r}.",
                character=other.id,
            )
    known = {one.id: one for one in project.characters}
    known[character.id] = character
    return replace(project, characters=tuple(known.values()))


def remove_character(project: Project, who: str) -> Project:
    """Return the project without a character.

    Raises:
        InputError: a line has it.
        NotFoundError: there is none.
    """
    found = find_character(project, who)
    for track in project.tracks:
        for cue in track.cues:
            if cue.dub is not None and cue.dub.character == found.id:
                raise InputError(
                    f"Cue {cue.id!r} of track {track.id!r} is spoken by {found.name}.",
                    remedy="Give its lines to another character first.",
                )
    return replace(project, characters=tuple(c for c in project.characters if c.id != found.id))


def redub(project: Project, track: str, cue: str, hand: Hand, **changes: Any) -> Project:
    """Return the project with other fields of a line's :class:`~subkit.model.DubLine`.

    Its approval falls; for the recording use :func:`set_take`.

    Raises:
        InputError: no such track or cue, or it is locked.
        NotFoundError: no such character.
    """
    where, old = editable(project, track, cue)
    if changes.get("character") is not None:
        changes["character"] = find_character(project, changes["character"]).id
    new = replace(old.dub or DubLine(), **changes)
    if new == old.dub:
        return project
    return put_cues(project, where, touched(old, hand, dub=new))


def set_take(project: Project, track: str, cue: str, take: TakeStatus) -> Project:
    """Return the project with how far the recording of a line has come; its approval stays.

    A locked line may be recorded.

    Raises:
        InputError: no such track or cue.
    """
    where = project.track(track)
    old = where.cue(cue)
    return put_cues(project, where, replace(old, dub=replace(old.dub or DubLine(), take=take)))


def put_loops(project: Project, track: str, loops: Iterable[Loop]) -> Project:
    """Return the project with these loops in a track, in order of time.

    Raises:
        InputError: no such track, two loops of one id, or a loop names a cue that is not there.
    """
    where = project.track(track)
    ordered = tuple(sorted(loops, key=lambda loop: (loop.span.start, loop.span.end)))
    if len({loop.id for loop in ordered}) < len(ordered):
        raise InputError(f"Track {where.id!r} would have two loops of one id.")
    known = {cue.id for cue in where.cues}
    for loop in ordered:
        if missing := [cue for cue in loop.cues if cue not in known]:
            raise InputError(
                f"Loop {loop.name!r} names cue {missing[0]!r}, which track {where.id!r} has not."
            )
    return project.with_track(replace(where, loops=ordered))

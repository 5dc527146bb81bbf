"""Edits of single loops: which lines they reach to, and whether they stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.edit.dub_lines import put_loops
from subkit.errors import InputError, NotFoundError
from subkit.model import Loop, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.model import Cue, Project, Track

__all__ = ["lock_loop", "set_loop_edge"]


def lock_loop(project: Project, track: str, loop: str, *, locked: bool = True) -> Project:
    """Return the project with a loop that stays when loops are computed anew, or no longer does.

    Raises:
        InputError: no such track.
        NotFoundError: no such loop.
    """
    where = project.track(track)
    found = _loop(where, loop)
    others = (replace(one, locked=locked) if one is found else one for one in where.loops)
    return put_loops(project, track, others)


def set_loop_edge(project: Project, track: str, loop: str, edge: str, cue: str) -> Project:
    """Return the project with a loop that begins, or ends, with another line, and is locked.

    Lines that it gains leave their loops; lines that it loses go to the loop next to that edge, or
    become a loop of their own (``12b``) where there is none. A loop without lines goes.

    Args:
        project: The document.
        track: Id of a dubbing track.
        loop: Id of the loop.
        edge: ``"start"`` or ``"end"``.
        cue: Id of the line that becomes its first, or its last.

    Raises:
        InputError: no such track or line, the loop would have no line, or a neighbour that would
            gain or lose lines is locked.
        NotFoundError: no such loop.
    """
    where = project.track(track)
    found = _loop(where, loop)
    order = {one.id: place for place, one in enumerate(where.cues)}
    own = sorted(order[name] for name in found.cues if name in order)
    target = order[where.cue(cue).id]
    first, last = (target, own[-1]) if edge == "start" else (own[0], target)
    if first > last:
        raise InputError(
            f"Loop {found.name!r} would have no line.", remedy="A loop keeps at least one line."
        )
    reach = [one.id for one in where.cues[first : last + 1]]
    gone = [name for name in found.cues if name not in reach]
    neighbour = _neighbour(where.loops, found, edge) if gone else None
    members = {one.id: tuple(n for n in one.cues if n not in reach) for one in where.loops}
    members[found.id] = tuple(reach)
    if gone and neighbour is None:
        neighbour = _own_loop(where, found, gone, "a" if edge == "start" else "b")
        where = replace(where, loops=(*where.loops, neighbour))
        members[neighbour.id] = ()
    if neighbour is not None:
        members[neighbour.id] = (*members[neighbour.id], *gone)
    return _with_members(project, where, members, found)


def _own_loop(track: Track, found: Loop, cues: Sequence[str], letter: str) -> Loop:
    ids, names = ({one.id for one in track.loops}, {one.name for one in track.loops})
    name, number = f"{found.name}{letter}", 1
    while name in names or f"loop-{cues[0]}-{number}" in ids:
        number += 1
        name = f"{found.name}{letter}{number}"
    return Loop(id=f"loop-{cues[0]}-{number}", name=name, span=found.span)


def _loop(track: Track, name: str) -> Loop:
    found = next((one for one in track.loops if one.id == name), None)
    if found is None:
        raise NotFoundError(f"There is no loop {name!r:.60} in track {track.id!r}.")
    return found


def _neighbour(loops: Sequence[Loop], found: Loop, edge: str) -> Loop | None:
    place = loops.index(found) + (-1 if edge == "start" else 1)
    return loops[place] if 0 <= place < len(loops) else None


def _with_members(
    project: Project, track: Track, members: Mapping[str, tuple[str, ...]], changed: Loop
) -> Project:
    known = {cue.id: cue for cue in track.cues}
    loops = []
    for one in track.loops:
        cues = tuple(name for name in known if name in set(members[one.id]))
        if one is not changed and cues == one.cues:
            loops.append(one)
            continue
        if one.locked and one is not changed:
            raise InputError(
                f"Loop {one.name!r} is locked, and would have other lines.",
                remedy="Unlock it first.",
                loop=one.id,
            )
        if cues:
            span = _span([known[name] for name in cues])
            loops.append(replace(one, cues=cues, span=span, locked=one is changed or one.locked))
    return put_loops(project, track.id, loops)


def _span(cues: Sequence[Cue]) -> Span:
    return Span(min(one.span.start for one in cues), max(one.span.end for one in cues))

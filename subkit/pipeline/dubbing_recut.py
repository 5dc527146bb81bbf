"""Lines to be dubbed carried to a new cut: what is locked or recorded is never moved in silence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.alignment import Fate
from subkit.model import Span, TakeStatus
from subkit.model.clock import clock_time
from subkit.pipeline.recutting import conform_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from subkit.alignment import ConformResult, ConformRow
    from subkit.model import Cue, Project, Track
    from subkit.pipeline.recutting import Recut

__all__ = ["DubRecut", "RecutFlag", "conform_dubbing"]

_REASON = "picture change"
_SHAPES = {Fate.PARTLY, Fate.SPLIT, Fate.DURATION}
"""What leaves a recording that no longer fits its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecutFlag:
    """A locked or recorded line, or a locked loop, that is elsewhere in the new cut.

    Attributes:
        track: Id of its track.
        what: The line's id, or the loop's name.
        is_loop: Whether it is a loop.
        why: ``"locked"``, ``"recorded"``, or both.
        old: When it was.
        new: When it is; ``None`` where it is gone.
        retake: Its recording no longer fits: it is a retake now.
        cut: What the new cut did to a line that did not simply move, as part of a sentence.
    """

    track: str
    what: str
    is_loop: bool
    why: tuple[str, ...]
    old: Span
    new: Span | None
    retake: bool = False
    cut: str = ""

    @property
    def message(self) -> str:
        """One sentence."""
        kind = "Loop" if self.is_loop else "Line"
        head = f"{kind} {self.what!r} ({', '.join(self.why)}) at {clock_time(self.old.start)}"
        if self.new is None:
            return f"{head} is not in the new cut."
        needs = ", and needs a retake" if self.retake else ""
        cut = f": {self.cut}" if self.cut else ""
        return f"{head} is at {clock_time(self.new.start)} now{needs}{cut}."


@dataclass(frozen=True, slots=True, kw_only=True)
class DubRecut:
    """A document with lines to be dubbed in another cut.

    Attributes:
        done: The document, and what became of its cues.
        flags: What was locked or recorded and is elsewhere now, track by track.
    """

    done: ConformResult
    flags: tuple[RecutFlag, ...]


def conform_dubbing(project: Project, recut: Recut, *, force: bool = False) -> DubRecut:
    """Carry a document with lines to be dubbed to a new cut.

    Locked lines go with their frames, stay locked, and are flagged, as are recorded ones. A
    recorded line that is no longer as long as it was is a retake, for a picture change.

    Args:
        project: The document.
        recut: The new cut.
        force: Although the evidence is weak.

    Raises:
        EvidenceError: it is, and not forced; or the new cut has nothing of the old one at all.
        CueLockedError: a cue that is no line to be dubbed is locked and would change.
    """
    done = conform_to(_unlocked(project), recut, force=force)
    rows = {(row.track, row.cue): row for row in done.rows}
    after, flags = done.project, list[RecutFlag]()
    for before in project.tracks:
        track = after.track(before.id)
        old = {cue.id: cue for cue in before.cues}
        track = replace(
            track,
            cues=tuple(
                _settled(cue, old[cue.id], rows.get((track.id, cue.id))) for cue in track.cues
            ),
        )
        after = after.with_track(track)
        flags += [*_lines(before, track, rows), *_loops(before, track)]
    return DubRecut(done=replace(done, project=after), flags=tuple(flags))


def _unlocked(project: Project) -> Project:
    for track in project.tracks:
        cues = tuple(
            replace(cue, locked=False) if cue.dub is not None else cue for cue in track.cues
        )
        project = project.with_track(replace(track, cues=cues))
    return project


def _settled(cue: Cue, old: Cue, row: ConformRow | None) -> Cue:
    """The carried line with its lock, and as a retake where its recording no longer fits."""
    dub = cue.dub
    if dub is None:
        return cue
    if dub.take is TakeStatus.RECORDED and row is not None and row.fate in _SHAPES:
        dub = replace(dub, take=TakeStatus.RETAKE, reason=dub.reason or _REASON)
    return replace(cue, locked=old.locked, dub=dub)


def _lines(
    before: Track, after: Track, rows: Mapping[tuple[str, str], ConformRow]
) -> Iterator[RecutFlag]:
    carried = {cue.id: cue for cue in after.cues}
    for cue in before.cues:
        if cue.dub is None:
            continue
        recorded = cue.dub.take is TakeStatus.RECORDED
        why = ("locked",) * cue.locked + ("recorded",) * recorded
        new = carried.get(cue.id)
        if not why or (new is not None and new.span == cue.span and new.dub == cue.dub):
            continue
        dub = new.dub if new is not None else None
        row = rows.get((before.id, cue.id))
        yield RecutFlag(
            track=before.id,
            what=cue.id,
            is_loop=False,
            why=why,
            old=cue.span,
            new=None if new is None else new.span,
            retake=recorded and dub is not None and dub.take is TakeStatus.RETAKE,
            cut="" if row is None else row.why,
        )


def _loops(before: Track, after: Track) -> Iterator[RecutFlag]:
    carried = {loop.id: loop for loop in after.loops}
    for loop in before.loops:
        new = carried.get(loop.id)
        if loop.locked and new != loop:
            yield RecutFlag(
                track=before.id,
                what=loop.name,
                is_loop=True,
                why=("locked",),
                old=loop.span,
                new=None if new is None else new.span,
            )

"""Many edits of single cues as one pass: each sees a document of that cue and what depends on it.

An edit of one cue builds its track anew. Of 50,000 edits that would be 50,000 tracks; here every
track is built once, at the end.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.edit.content import put_cues
from subkit.edit.retiming import insert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from subkit.edit.hand import Hand
    from subkit.model import Project, Span, Track

__all__ = ["EditBatch"]


class EditBatch:
    """A document to which edits are made, cue by cue.

    Args:
        project: The document before them.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._cues = {t.id: {cue.id: cue for cue in t.cues} for t in project.tracks}
        self._users = {t.id: _by_source(t) for t in project.tracks}
        self._touched: dict[str, dict[str, None]] = {t.id: {} for t in project.tracks}
        self._starts: dict[str, list[tuple[Span, str]]] = {}
        self._numbers: dict[str, int] = {}

    def apply(self, cue: str, change: Callable[[Project], Project]) -> None:
        """Make an edit of one cue, its twins, and cues that name it as a source.

        Args:
            cue: Id of the cue.
            change: The edit, as a function of a document that has those cues only.

        Raises:
            SubkitError: as ``change`` raises it; nothing is changed then.
        """
        ids = {t: dict.fromkeys((cue, *users.get(cue, ()))) for t, users in self._users.items()}
        cell = self._cell(ids)
        self._take(cell, change(cell))

    def insert(
        self,
        track: str,
        span: Span,
        lines: Sequence[str],
        hand: Hand,
        *,
        speaker: str | None = None,
    ) -> str:
        """Add a cue that a person wrote; returns its id.

        Raises:
            InputError: no such track, or no times or text that a cue may have.
        """
        where = self._project.track(track)
        before = self._before(where, span)
        cell = self._cell({where.id: before})
        made = insert(cell, where.id, span, lines, hand, speaker=speaker).track(where.id)
        new = next(cue for cue in made.cues if cue.id not in before)
        new = replace(new, id=self._free(new.id))
        self._cues[where.id][new.id] = new
        self._touched[where.id][new.id] = None
        return new.id

    def project(self) -> Project:
        """The document with all edits."""
        project = self._project
        for track in project.tracks:
            now = self._cues[track.id]
            touched = self._touched[track.id]
            if touched:
                there = [now[cue] for cue in touched if cue in now]
                gone = [cue for cue in touched if cue not in now]
                project = put_cues(project, track, *there, without=gone)
        return project

    def _cell(self, ids: Mapping[str, Iterable[str]]) -> Project:
        tracks = (
            replace(
                track,
                cues=tuple(
                    self._cues[track.id][cue]
                    for cue in ids.get(track.id, ())
                    if cue in self._cues[track.id]
                ),
            )
            for track in self._project.tracks
        )
        return replace(self._project, tracks=tuple(tracks))

    def _take(self, before: Project, after: Project) -> None:
        for old, new in zip(before.tracks, after.tracks, strict=True):
            if new is old:
                continue
            known, now = self._cues[old.id], {cue.id: cue for cue in new.cues}
            for cue in old.cues:
                if cue.id not in now:
                    del known[cue.id]
                    self._touched[old.id][cue.id] = None
            for cue in new.cues:
                if known.get(cue.id) is not cue:
                    known[cue.id] = cue
                    self._touched[old.id][cue.id] = None

    def _before(self, track: Track, span: Span) -> dict[str, None]:
        """Return the cue after which a new one comes; the new id is made from its id."""
        starts = self._starts.get(track.id)
        if starts is None:
            starts = self._starts[track.id] = [(cue.span, cue.id) for cue in track.cues]
        rate = self._project.media.frame_grid
        start = rate.time(rate.frame(span.start))
        place = bisect_right(starts, start, key=lambda known: known[0].start)
        return dict.fromkeys(cue for _, cue in starts[max(0, place - 1) : place])

    def _free(self, cue: str) -> str:
        """Return an id that no track has yet."""
        stem, _, number = cue.rpartition(".")
        count = max(int(number), self._numbers.get(stem, 0))
        while any(f"{stem}.{count}" in known for known in self._cues.values()):
            count += 1
        self._numbers[stem] = count + 1
        return f"{stem}.{count}"


def _by_source(track: Track) -> dict[str, list[str]]:
    """Return the ids of a track's cues by the ids of their sources."""
    users: dict[str, list[str]] = {}
    for cue in track.cues if track.source is not None else ():
        for source in cue.sources:
            users.setdefault(source, []).append(cue.id)
    return users

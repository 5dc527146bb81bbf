"""What came back from people elsewhere -> the project: edits and comments, cue by cue.

A row is taken only where the cue, and the text it was translated from, are still what the row was
made from; everything else is refused and listed with what the person wanted, so nothing is lost
and nothing is overwritten. Taking the same file twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.errors import InputError
from subkit.formats.exchange import clean, text_digest
from subkit.model import Comment, Origin, Provenance, ReviewState
from subkit.pipeline.provenance import tool_version
from subkit.pipeline.sheets import source_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.formats.exchange import Returned
    from subkit.model import Cue, Project, Track

__all__ = ["Import", "Refusal", "take_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row that was not taken, or not wholly.

    Attributes:
        place: Where in the file.
        track: Id of the track; empty where the file does not say.
        cue: Id of the cue; empty for an added row.
        reason: Why, in a few words.
        text: What the person wanted the cue to say; empty if it was not about text.
    """

    place: str
    track: str
    cue: str
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What taking a file did.

    Attributes:
        project: The document after it.
        edited: Cues with a new text, as ``track/cue``.
        commented: Cues with new comments, likewise.
        refused: What was not taken.
        absent: Cues of the tracks in the file that it has no row for, likewise.
        repairs: What was not clear in the file, one sentence each.
    """

    project: Project
    edited: tuple[str, ...] = ()
    commented: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    absent: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()


def take_rows(
    project: Project,
    rows: Sequence[Returned],
    *,
    by: str,
    time: str,
    tool: str,
    track: str | None = None,
) -> Import:
    """Take rows into a project; nothing is written.

    Args:
        project: The document as it is now.
        rows: What came back.
        by: The reviewer who answers for the edits.
        time: Now, ISO 8601 in UTC.
        tool: What the rows came in, for example ``"xlsx"``.
        track: Id or language of the track for rows that name none.

    Raises:
        InputError: ``by`` is empty, or ``track`` is not in the project.
    """
    if not by.strip() or not by.isprintable():
        raise InputError(
            f"{by!r} is not the name of a reviewer.", remedy="Say who it was with --by NAME."
        )
    default = project.track(track).id if track is not None else None
    taking = _Taking(project, by=by.strip(), time=time, tool=tool)
    grouped: dict[tuple[str, str], list[Returned]] = {}
    for row in rows:
        name = row.track or default or taking.track_in(row.language)
        place = (name, row.cue)
        if taking.knows(row, name):
            grouped.setdefault(place, []).append(row)
    for (name, cue), found in grouped.items():
        taking.take(name, cue, found)
    return taking.result({(name, cue) for name, cue in grouped})


class _Taking:
    """One file being taken: the changed cues, and what was refused."""

    def __init__(self, project: Project, *, by: str, time: str, tool: str) -> None:
        self._project = project
        self._by, self._time, self._tool = by, time, tool
        self._tracks = {track.id: track for track in project.tracks}
        self._cues = {t.id: {cue.id: cue for cue in t.cues} for t in project.tracks}
        self._sources = {t.id: _texts(source_of(project, t)) for t in project.tracks}
        self._changed: dict[tuple[str, str], Cue] = {}
        self._edited: list[str] = []
        self._commented: list[str] = []
        self._refused: list[Refusal] = []

    def track_in(self, language: str) -> str:
        """The id of the only track in a language; empty if there is no such one."""
        found = [t.id for t in self._tracks.values() if t.language == language]
        return found[0] if len(found) == 1 else ""

    def knows(self, row: Returned, track: str) -> bool:
        """Whether a row is about a cue that there is; says so if not and it wants something."""
        if row.cue in self._cues.get(track, {}):
            return True
        text = row.text or "; ".join(remark.text for remark in row.remarks)
        if not row.cue and row.text is None:
            reason = row.problem or "no cue stands there"
        elif not row.cue:
            reason = "the row was added; it cannot make a cue"
        elif not track:
            reason = "the file does not say which track it is of"
        elif track not in self._tracks:
            reason = f"there is no track {track!r}"
        elif text:
            reason = f"track {track!r} has no cue {row.cue!r} (any more)"
        else:  # a cue that went meanwhile, and nobody wanted anything of it
            return False
        self._refuse(row, track, row.cue, reason, text=text)
        return False

    def take(self, track: str, cue_id: str, rows: list[Returned]) -> None:
        """Take the rows about one cue."""
        old = self._cues[track][cue_id]
        new = self._commented_by(old, rows)
        if new is not old:
            self._commented.append(f"{track}/{cue_id}")
        texts = {clean(row.text) for row in rows if row.text is not None}
        for row in rows:
            if row.retimed:
                reason = "its times were changed; they are set in subkit review"
                self._refuse(row, track, cue_id, reason, text="")
            if row.text is None and row.problem:
                self._refuse(row, track, cue_id, row.problem)
        for row in (row for row in rows if row.text is not None):
            if len(texts) > 1:
                self._refuse(row, track, cue_id, "it is in the file twice, with different texts")
            elif text_digest(row.text or "") != text_digest(new.text):
                new = self._retexted(new, row, track)
        if new is not old:
            self._changed[track, cue_id] = new

    def _retexted(self, cue: Cue, row: Returned, track: str) -> Cue:
        """The cue with the text of a row; the cue itself, and a refusal, where that cannot be."""
        assert row.text is not None
        if reason := row.problem or self._why_not(cue, row, track):
            self._refuse(row, track, cue.id, reason)
            return cue
        self._edited.append(f"{track}/{cue.id}")
        return replace(
            cue,
            lines=tuple(clean(row.text).split("\n")),
            confidence=None,
            provenance=Provenance(
                origin=Origin.HUMAN,
                tool=f"subkit import {self._tool}",
                version=tool_version("subkit"),
                actor=self._by,
                time=self._time,
            ),
            review=replace(cue.review, state=ReviewState.EDITED, actor=self._by, time=self._time),
        )

    def _why_not(self, cue: Cue, row: Returned, track: str) -> str:
        if cue.locked:
            return "the cue is locked"
        if cue.review.state is ReviewState.APPROVED:
            return f"the cue was approved by {cue.review.actor}"
        if row.basis.text and row.basis.text != text_digest(cue.text):
            return "the cue was changed meanwhile"
        sources = self._sources[track]
        source = "\n".join(sources[i] for i in cue.sources or (cue.id,) if i in sources)
        if row.basis.source and row.basis.source != (text_digest(source) if source else ""):
            return "the source was changed meanwhile"
        if not clean(row.text or ""):
            return "its text was emptied, and a cue without text is no cue"
        return ""

    def _commented_by(self, cue: Cue, rows: list[Returned]) -> Cue:
        known = {(comment.actor, clean(comment.text)) for comment in cue.comments}
        added = []
        for remark in (remark for row in rows for remark in row.remarks):
            key = (remark.who or self._by, clean(remark.text))
            if key[1] and key not in known:
                known.add(key)
                added.append(
                    Comment(
                        text=key[1],
                        actor=key[0],
                        time=remark.time or self._time,
                        resolved=remark.resolved,
                    )
                )
        return replace(cue, comments=(*cue.comments, *added)) if added else cue

    def _refuse(
        self, row: Returned, track: str, cue: str, reason: str, text: str | None = None
    ) -> None:
        self._refused.append(
            Refusal(
                place=row.place,
                track=track,
                cue=cue,
                reason=reason,
                text=(row.text or "") if text is None else text,
            )
        )

    def result(self, present: set[tuple[str, str]]) -> Import:
        """All that happened, and the project after it."""
        project = self._project
        for name in dict.fromkeys(track for track, _ in self._changed):
            track = self._tracks[name]
            cues = tuple(self._changed.get((name, cue.id), cue) for cue in track.cues)
            project = project.with_track(replace(track, cues=cues))
        tracks = {track for track, _ in present}
        absent = [
            f"{name}/{cue}"
            for name in self._tracks
            if name in tracks
            for cue in self._cues[name]
            if (name, cue) not in present
        ]
        return Import(
            project=project,
            edited=tuple(self._edited),
            commented=tuple(self._commented),
            refused=tuple(self._refused),
            absent=tuple(absent),
        )


def _texts(track: Track | None) -> Mapping[str, str]:
    return {} if track is None else {cue.id: cue.text for cue in track.cues}

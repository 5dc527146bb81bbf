"""Merge edited sheets into a project: edits and comments, cue by cue.

A row is taken only where the cue, and the text it was translated from, are still what the row was
made from; everything else is refused and listed with what the person wanted, so nothing is lost
and nothing is overwritten. Taking the same file twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.edit import Hand, approve, comment, resolve, retext
from subkit.edit.content import put_cues
from subkit.errors import InputError
from subkit.exchange.sheet_rows import clean, text_digest
from subkit.exchange.track_sheets import source_text
from subkit.language import resolve_language
from subkit.model import ReviewState
from subkit.translation import same_language, source_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.exchange.sheet_rows import Returned
    from subkit.model import Cue, Project, Track

__all__ = ["Import", "Refusal", "require_reviewer", "take_rows"]


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
        approved: Cues that the reviewer's file calls final, approved now, likewise.
        refused: What was not taken.
        absent: Cues of the tracks in the file that it has no row for, likewise.
        repairs: What was not clear in the file, one sentence each.
        retimed: Cues with other times, likewise.
        added: Cues that the file has and the track had not, likewise.
        deleted: Cues that were deleted because the file does not have them, likewise.
    """

    project: Project
    edited: tuple[str, ...] = ()
    commented: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    absent: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    retimed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


def take_rows(
    project: Project,
    rows: Sequence[Returned],
    *,
    by: str,
    time: str,
    track: str | None = None,
    role: str | None = None,
) -> Import:
    """Take rows into a project; nothing is written.

    Args:
        project: The document as it is now.
        rows: What came back.
        by: The reviewer who answers for the edits.
        time: Now, ISO 8601 in UTC.
        track: Id or language of the track for rows that name none.
        role: Approve in this role what the rows call final; ``None`` approves nothing.

    Raises:
        InputError: ``by`` is empty, or ``track`` is not in the project.
    """
    require_reviewer(by)
    default = project.track(track).id if track is not None else None
    taking = _Taking(project, Hand(actor=by.strip(), time=time))
    grouped: dict[tuple[str, str], list[Returned]] = {}
    for row in rows:
        name = row.track or default or taking.track_in(row.language)
        place = (name, row.cue)
        if taking.knows(row, name):
            grouped.setdefault(place, []).append(taking.in_language(row, name))
    for (name, cue), found in grouped.items():
        taking.take(name, cue, found)
    taking.put()
    if role is not None:
        taking.approve_finished(grouped, role)
    return taking.result(set(grouped))


def require_reviewer(by: str) -> None:
    """Return if ``by`` can stand in the ledger as a name.

    Raises:
        InputError: it cannot.
    """
    if not by.strip() or not by.isprintable():
        raise InputError(
            f"{by!r} is not the name of a reviewer.", remedy="Say who it was with --by NAME."
        )


class _Taking:
    """One file being taken: the project as it becomes, and what was refused."""

    def __init__(self, project: Project, hand: Hand) -> None:
        self._project = project
        self._hand = hand
        self._cell = project
        self._cues = {track.id: _cues(track) for track in project.tracks}
        self._sources = {t.id: _cues(project.source_of(t)) for t in project.tracks}
        self._texts = {
            name: {cue.id: cue.text for cue in cues.values()}
            for name, cues in self._sources.items()
        }
        self._edited: list[str] = []
        self._commented: list[str] = []
        self._approved: list[str] = []
        self._refused: list[Refusal] = []

    def track_in(self, language: str) -> str:
        """The id of the only track in a language; empty if there is no such one."""
        found = [t.id for t in self._project.tracks if t.language == language]
        return found[0] if len(found) == 1 else ""

    def in_language(self, row: Returned, track: str) -> Returned:
        """The row; with a problem if its file says that it is in another language."""
        wanted = self._project.track(track).language
        unknown = resolve_language(row.language).base == "und"
        if row.text is None or row.problem or unknown or same_language(row.language, wanted):
            return row
        return replace(row, problem=f"the file is in {row.language!r}, the track in {wanted!r}")

    def knows(self, row: Returned, track: str) -> bool:
        """Whether a row is about a cue that there is; says so if not and it wants something."""
        if row.cue in self._cues.get(track, ()):
            return True
        text = row.text or "; ".join(remark.text for remark in row.remarks)
        if not row.cue and row.text is None:
            reason = row.problem or "no cue stands there"
        elif not row.cue:
            reason = "the row was added; it cannot make a cue"
        elif not track:
            reason = "the file does not say which track it is of"
        elif track not in self._cues:
            reason = f"there is no track {track!r}"
        elif text:
            reason = f"track {track!r} has no cue {row.cue!r} (any more)"
        else:  # a cue that went meanwhile, and nobody wanted anything of it
            return False
        self._refuse(row, track, row.cue, reason, text)
        return False

    def take(self, track: str, cue_id: str, rows: list[Returned]) -> None:
        """Take the rows about one cue."""
        # Edited in a project of this cue alone: else each edit would cost as much as all cues.
        self._cell = self._alone(track, self._cues[track][cue_id])
        self._comment(track, cue_id, rows)
        texts = {clean(row.text) for row in rows if row.text is not None}
        for row in rows:
            if row.retimed:
                reason = "its times were changed; they are set in subkit review"
                self._refuse(row, track, cue_id, reason, "")
            if row.text is None:
                if row.problem:
                    self._refuse(row, track, cue_id, row.problem, "")
            elif len(texts) > 1:
                reason = "it is in the file twice, with different texts"
                self._refuse(row, track, cue_id, reason, row.text)
            else:
                self._retext(track, cue_id, row, row.text)
        self._cues[track][cue_id] = self._cell.tracks[0].cues[0]

    def _alone(self, track: str, cue: Cue) -> Project:
        return replace(self._project, tracks=(replace(self._project.track(track), cues=(cue,)),))

    def _retext(self, track: str, cue_id: str, row: Returned, text: str) -> None:
        cue = self._cell.tracks[0].cues[0]
        if text_digest(text) == text_digest(cue.text):
            return
        if reason := row.problem or self._why_not(cue, row, track):
            self._refuse(row, track, cue_id, reason, text)
            return
        try:
            cell = retext(self._cell, track, cue_id, clean(text).split("\n"), self._hand)
        except InputError as error:
            self._refuse(row, track, cue_id, error.message, text)
            return
        self._edited.append(f"{track}/{cue_id}")
        made = [self._sources[track][i] for i in cue.sources if i in self._sources[track]]
        if cue.made_from and row.basis.source:  # written with the source of now before the eyes
            fresh = replace(cell.tracks[0].cues[0], made_from=source_digest(made))
            cell = self._alone(track, fresh)
        self._cell = cell

    def _why_not(self, cue: Cue, row: Returned, track: str) -> str:
        if cue.locked:
            return "the cue is locked"
        if cue.review.state is ReviewState.APPROVED:
            return f"the cue was approved by {cue.review.actor}"
        return self._stale(cue, row, track) or (
            "" if clean(row.text or "") else "its text was emptied, and a cue without text is none"
        )

    def _stale(self, cue: Cue, row: Returned, track: str) -> str:
        if row.basis.text and row.basis.text != text_digest(cue.text):
            return "the cue was changed meanwhile"
        source = source_text(cue, self._texts[track])
        if row.basis.source and row.basis.source != (text_digest(source) if source else ""):
            return "the source was changed meanwhile"
        return ""

    def _comment(self, track: str, cue_id: str, rows: list[Returned]) -> None:
        said = self._cell.tracks[0].cues[0].comments
        known = {(old.actor, clean(old.text)) for old in said}
        count = len(said)
        pairs = [(row, remark) for row in rows for remark in row.remarks]
        for row, remark in pairs:
            hand = Hand(actor=remark.who or self._hand.actor, time=remark.time or self._hand.time)
            key = (hand.actor, clean(remark.text))
            if not key[1] or key in known:
                continue
            known.add(key)
            try:
                cell = comment(self._cell, track, cue_id, key[1], hand)
            except InputError as error:
                self._refuse(row, track, cue_id, error.message, key[1])
                continue
            self._cell = resolve(cell, track, cue_id, count) if remark.resolved else cell
            count += 1
        if count > len(said):
            self._commented.append(f"{track}/{cue_id}")

    def approve_finished(
        self, grouped: Mapping[tuple[str, str], Sequence[Returned]], role: str
    ) -> None:
        """Approve the cues whose rows are final and say just what the cues say now."""
        refused = {(refusal.track, refusal.cue) for refusal in self._refused}
        found: dict[str, list[str]] = {}
        for (track, cue_id), rows in grouped.items():
            cue = self._cues[track][cue_id]
            done = cue.review.state is ReviewState.APPROVED or (track, cue_id) in refused
            if done or not cue.text or not all(row.finished for row in rows):
                continue
            row = rows[0]
            if row.text is None and (reason := self._stale(cue, row, track)):
                self._refuse(row, track, cue_id, f"it is final in the file, but {reason}", "")
                continue
            found.setdefault(track, []).append(cue_id)
        for track, cues in found.items():
            self._project = approve(self._project, track, role, self._hand, cues=cues)
            self._approved += [f"{track}/{cue_id}" for cue_id in cues]

    def _refuse(self, row: Returned, track: str, cue: str, reason: str, text: str) -> None:
        self._refused.append(
            Refusal(place=row.place, track=track, cue=cue, reason=reason, text=text)
        )

    def put(self) -> None:
        """Put the cues as they became into the project."""
        for track in self._project.tracks:
            now = self._cues[track.id]
            if changed := [now[cue.id] for cue in track.cues if now[cue.id] is not cue]:
                self._project = put_cues(self._project, track, *changed)

    def result(self, present: set[tuple[str, str]]) -> Import:
        """All that happened, and the project after it."""
        tracks = {track for track, _ in present}
        absent = [
            f"{track.id}/{cue.id}"
            for track in self._project.tracks
            if track.id in tracks
            for cue in track.cues
            if (track.id, cue.id) not in present
        ]
        return Import(
            project=self._project,
            edited=tuple(self._edited),
            commented=tuple(self._commented),
            approved=tuple(self._approved),
            refused=tuple(self._refused),
            absent=tuple(absent),
        )


def _cues(track: Track | None) -> dict[str, Cue]:
    return {} if track is None else {cue.id: cue for cue in track.cues}

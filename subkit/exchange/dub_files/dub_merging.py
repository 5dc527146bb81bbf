"""A dubbing file that came back -> edits of its track, or a track of its own.

Texts and times are taken as those of an edited subtitle file are; what a line says beside them
(character, kind, anchors, notes) follows. What the file's format does not hold, or the file leaves
empty, stays as it is in the project: a program of the stage that drops what it does not know takes
nothing away. Locked and approved lines are never changed, and are listed; how far a recording has
come is no part of what an approval vouches for, and is taken all the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from subkit import edit
from subkit.edit.content import is_sealed
from subkit.errors import InputError
from subkit.exchange.edited_subtitles import match_cues, take_subtitles
from subkit.exchange.merging import Import, Refusal
from subkit.language import parse_language
from subkit.model import (
    AnchorKind,
    DubLine,
    Loop,
    Origin,
    Provenance,
    Purpose,
    Span,
    TakeStatus,
    Track,
)
from subkit.model.anchor_moves import sorted_anchors
from subkit.model.mark_moves import with_lines
from subkit.translation import same_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from subkit.exchange.dub_files.dub_scripts import DubReply
    from subkit.model import Anchor, Character, Cue, Project

__all__ = ["take_dub"]

_UNSAID = "und"
_CAST = ("name", "actor", "prefix", "gender", "colour", "note")
_TEXTS = ("alternate", "note", "reason")
_WORDS = frozenset({AnchorKind.WORD})
_PAUSES = frozenset({AnchorKind.PAUSE})
_ANCHORS = {
    "words": _WORDS,
    "pauses": _PAUSES,
    "signs": frozenset(AnchorKind) - _WORDS - _PAUSES,
}


def take_dub(project: Project, reply: DubReply, hand: edit.Hand, *, track: str = "") -> Import:
    """Take a dubbing file into a project; nothing is written.

    Args:
        project: The document as it is now.
        reply: What the file says.
        hand: Who answers for the edits, and when.
        track: Id or language of the dubbing track; empty takes that of the file's language. Where
            the project has none, the file becomes one.

    Raises:
        InputError: most of its lines are not of the track.
        NotFoundError: no track of that name.
    """
    where = _track_of(project, reply.script.track.language, track)
    if where is None and track:
        reply = _in_language(reply, track)
    taking = _Taking(project, reply, hand)
    if where is None:
        return taking.as_track()
    return taking.into(where)


def _track_of(project: Project, language: str, name: str) -> Track | None:
    """Return the dubbing track that a file is of; ``None`` where there is none yet.

    Where neither the file says its language nor the user the track, the first adaptation is meant,
    else the original.
    """
    dubbed = [track for track in project.tracks if track.purpose is Purpose.DUBBING]
    wanted = name or language
    for track in dubbed:
        if wanted == track.id or same_language(wanted, track.language):
            return track
    if name and language != _UNSAID:
        found = project.track(name)
        raise InputError(
            f"Track {found.id!r} is not to be dubbed.",
            remedy="Name a dubbing track, or leave --track out.",
        )
    if wanted != _UNSAID:
        return None
    if not dubbed:
        raise InputError(
            "The file does not say which language its lines are in.", remedy="Give --track LANG."
        )
    return next((track for track in dubbed if track.source is not None), dubbed[0])


def _in_language(reply: DubReply, name: str) -> DubReply:
    """Return what a file says that does not say its language."""
    tag = parse_language(name).tag
    track = replace(reply.script.track, id=f"{tag}.{Purpose.DUBBING.value}", language=tag)
    return replace(reply, script=replace(reply.script, track=track))


class _Taking:
    """One file being taken: the project as it becomes, and what was refused."""

    def __init__(self, project: Project, reply: DubReply, hand: edit.Hand) -> None:
        self._project = project
        self._reply, self._hand = reply, hand
        self._refused: list[Refusal] = []
        self._edited: list[str] = []
        self._ids: dict[str, str] = {}

    def as_track(self) -> Import:
        """Add the lines of the file as a track of their own."""
        script, hand = self._reply.script, self._hand
        self._cast()
        made = Provenance(
            origin=Origin.IMPORT, tool="subkit dub import", actor=hand.actor, time=hand.time
        )
        grid = self._project.media.frame_grid
        source = self._original()
        names = set() if source is None else {cue.id for cue in source.cues}
        cues = tuple(
            replace(
                cue,
                span=grid.whole_frames(cue.span),
                dub=self._line(cue),
                provenance=made,
                sources=(cue.id,) if cue.id in names else (),
            )
            for cue in script.track.cues
        )
        loops = (replace(one, span=grid.whole_frames(one.span)) for one in script.track.loops)
        track = replace(
            script.track,
            source=None if source is None else source.id,
            cues=tuple(sorted(cues, key=lambda cue: (cue.span.start, cue.span.end))),
            loops=tuple(loops),
        )
        return Import(
            project=self._project.with_track(track),
            added=tuple(f"{track.id}/{cue.id}" for cue in track.cues),
            refused=tuple(self._refused),
            repairs=self._reply.repairs,
        )

    def into(self, track: Track) -> Import:
        """Take what differs into a track."""
        theirs = self._on_our_lines(track)
        done = take_subtitles(self._project, track, theirs, self._hand)
        self._project = done.project
        self._cast()
        pairs = [(mine.id, other) for mine, other in match_cues(track.cues, theirs.cues)]
        pairs += self._added(track.id, done.added, [other for _, other in pairs])
        for mine, other in pairs:
            self._take(track.id, mine, other)
        self._loops(track.id, {other.id: mine for mine, other in pairs})
        self._keep(track.id)
        edited = dict.fromkeys((*done.edited, *self._edited))
        return replace(
            done,
            project=self._project,
            edited=tuple(one for one in edited if one not in done.added),
            refused=(*done.refused, *self._refused),
            repairs=self._reply.repairs,
        )

    def _on_our_lines(self, track: Track) -> Track:
        """The lines of the file, those that only break elsewhere broken as they are here."""
        theirs = self._reply.script.track
        ours = {
            id(other): mine.lines
            for mine, other in match_cues(track.cues, theirs.cues)
            if mine.text != other.text and mine.text.split() == other.text.split()
        }
        cues = (with_lines(cue, ours[id(cue)]) if id(cue) in ours else cue for cue in theirs.cues)
        self._reply = replace(
            self._reply,
            script=replace(self._reply.script, track=replace(theirs, cues=tuple(cues))),
        )
        return self._reply.script.track

    def _original(self) -> Track | None:
        """The lines of the original in the project that the file's lines were adapted from."""
        source = self._reply.script.source_language
        if not source or same_language(source, self._reply.script.track.language):
            return None
        for track in self._project.tracks:
            dubbed = track.purpose is Purpose.DUBBING and track.source is None
            if dubbed and same_language(track.language, source):
                return track
        return None

    def _added(self, track: str, added: Iterable[str], known: list[Cue]) -> list[tuple[str, Cue]]:
        """Return which lines of the file the added ones are."""
        taken = {id(cue) for cue in known}
        fresh = [cue for cue in self._reply.script.track.cues if id(cue) not in taken]
        mine = self._project.track(track)
        names = [name.rpartition("/")[2] for name in added]
        return [
            (pair[0].id, pair[1]) for pair in match_cues([mine.cue(name) for name in names], fresh)
        ]

    def _cast(self) -> None:
        """Take the characters: those of a known id or name are the same."""
        known = {one.id: one for one in self._project.characters}
        names = {one.name: one for one in self._project.characters}
        for theirs in self._reply.script.characters:
            mine = known.get(theirs.id) or names.get(theirs.name)
            changed = theirs if mine is None else self._recast(mine, theirs)
            self._ids[theirs.id] = changed.id
            if changed == mine:
                continue
            try:
                self._project = edit.put_character(self._project, changed)
            except InputError as error:
                if mine is None:
                    self._ids.pop(theirs.id)
                self._refuse("", "", f"the character {theirs.name!r:.60}: {error.message}")

    def _recast(self, mine: Character, theirs: Character) -> Character:
        if "cast" not in self._reply.carries:
            return mine
        said = {name: value for name in _CAST if (value := getattr(theirs, name))}
        return replace(mine, **said)

    def _line(self, cue: Cue) -> DubLine:
        """What a line of the file says, with the ids of this project."""
        line = cue.dub or DubLine()
        return replace(line, character=self._ids.get(line.character or ""))

    def _take(self, track: str, mine: str, other: Cue) -> None:
        now = self._project.track(track).cue(mine)
        old, new = now.dub or DubLine(), self._line(other)
        changes = self._changes(now, old, other, new)
        if changes and is_sealed(now):
            why = "locked" if now.locked else f"approved by {now.review.actor}"
            told = ", ".join(name.replace("_", " ") for name in changes)
            self._refuse(other.id, mine, f"the line is {why}, so its {told} stays")
        elif changes:
            self._project = edit.redub(self._project, track, mine, self._hand, **changes)
            self._edited.append(f"{track}/{mine}")
        recorded = "take" in self._reply.carries and new.take is not TakeStatus.OPEN
        if recorded and new.take is not old.take:
            self._project = edit.set_take(self._project, track, mine, new.take)
            self._edited.append(f"{track}/{mine}")

    def _changes(self, now: Cue, old: DubLine, other: Cue, new: DubLine) -> dict[str, Any]:
        """What the file says otherwise of a line, by name of the field."""
        carries = self._reply.carries
        found: dict[str, Any] = {}
        if new.character is not None and new.character != old.character:
            found["character"] = new.character
        seen = self._reply.as_written(old)
        for name, feature in (("on_screen", "on-screen"), ("kind", "kind")):
            if feature in carries and getattr(new, name) is not getattr(seen, name):
                found[name] = getattr(new, name)
        for name in _TEXTS:
            value = getattr(new, name)
            if name in carries and value and value != getattr(old, name):
                found[name] = value
        if now.text == other.text:
            anchors = self._anchors(old.anchors, new.anchors)
            if anchors != old.anchors:
                found["anchors"] = anchors
        return found

    def _anchors(self, mine: tuple[Anchor, ...], theirs: tuple[Anchor, ...]) -> tuple[Anchor, ...]:
        """Anchors of the file where it has any that are new or elsewhere, else those there are."""
        found: list[Anchor] = []
        for feature, kinds in _ANCHORS.items():
            old = [one for one in mine if one.kind in kinds]
            new = [one for one in theirs if one.kind in kinds]
            same = [next((o for o in old if self._alike(o, one)), None) for one in new]
            if feature in self._reply.carries and None in same:
                found += [mine or theirs for mine, theirs in zip(same, new, strict=True)]
            else:
                found += old
        return sorted_anchors(found)

    def _alike(self, mine: Anchor, theirs: Anchor) -> bool:
        """Whether two anchors are the same but for how their times were written."""
        within = self._reply.within
        ends = mine.end, theirs.end
        return (
            (mine.kind, mine.offset) == (theirs.kind, theirs.offset)
            and abs(mine.time - theirs.time) <= within
            and (ends[1] is None or (ends[0] is not None and abs(ends[0] - ends[1]) <= within))
        )

    def _loops(self, track: str, ids: Mapping[str, str]) -> None:
        """Take the loops of the file, where it has any and they divide the lines otherwise."""
        where = self._project.track(track)
        theirs = self._reply.script.track.loops
        grid = self._project.media.frame_grid
        spans = {cue.id: cue.span for cue in where.cues}
        loops: list[Loop] = []
        for loop in theirs if "loops" in self._reply.carries else ():
            cues = tuple(ids[cue] for cue in loop.cues if cue in ids)
            held = [spans[cue] for cue in cues]
            ends = grid.whole_frames(loop.span)
            span = Span(min(s.start for s in held), max(s.end for s in held)) if held else ends
            same = next((one for one in where.loops if one.cues == cues), None)
            loops.append(same or replace(loop, cues=cues, span=span))
        if not loops or [_shape(one) for one in loops] == [_shape(one) for one in where.loops]:
            return
        held_now = {one.cues for one in loops}
        if any(one.locked and one.cues not in held_now for one in where.loops):
            self._refuse("", "", "a locked loop is another in the file, so the loops stay")
            return
        try:
            self._project = edit.put_loops(self._project, track, loops)
        except InputError as error:
            self._refuse("", "", f"the loops: {error.message}")

    def _keep(self, track: str) -> None:
        """Keep what the file says that nobody knows, in place of what an older one said."""
        new = self._reply.script.track.carried
        where = self._project.track(track)
        if new and not set(new) <= set(where.carried):
            formats = {block.format for block in new}
            old = tuple(block for block in where.carried if block.format not in formats)
            self._project = self._project.with_track(replace(where, carried=(*old, *new)))

    def _refuse(self, other: str, mine: str, reason: str) -> None:
        place = f"line {other} of the file" if other else "the file"
        self._refused.append(
            Refusal(place=place, track=self._reply.script.track.id, cue=mine, reason=reason)
        )


def _shape(loop: Loop) -> tuple[str, tuple[str, ...], bool]:
    return loop.name, loop.cues, loop.locked

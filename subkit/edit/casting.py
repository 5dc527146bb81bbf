"""Speakers as people name them: rename one, and say that two are one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.edit.content import put_cues, touched
from subkit.errors import CueLockedError, InputError, NotFoundError
from subkit.model import Speaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.edit.hand import Hand
    from subkit.model import Project, Transcript

__all__ = ["find_speaker", "merge_speakers", "rename_speaker"]

_MAX_NAME = 200


def find_speaker(project: Project, who: str) -> Speaker:
    """Return a speaker by id or name; one that only cues name counts as well.

    Raises:
        NotFoundError: there is none; lists those there are.
    """
    known = {one.id: one for one in _transcript(project).speakers if not one.same}
    for track in project.tracks:
        for cue in track.cues:
            if cue.speaker is not None and cue.speaker not in known:
                known[cue.speaker] = Speaker(id=cue.speaker, name=cue.speaker)
    found = known.get(who) or next((one for one in known.values() if one.name == who), None)
    if found is None:
        there = ", ".join(one.name for one in known.values()) or "none"
        raise NotFoundError(
            f"There is no speaker {who!r:.60}.", remedy=f"Speakers: {there}.", speaker=who
        )
    return found


def rename_speaker(project: Project, who: str, name: str) -> Project:
    """Return the project with another name for a speaker; cues keep the id and their approval.

    Raises:
        InputError: no name, or it is another speaker's.
        NotFoundError: no such speaker.
    """
    speaker = find_speaker(project, who)
    if not (name.strip() and len(name) <= _MAX_NAME and name.isprintable()):
        raise InputError(f"{name!r:.60} is not a name.")
    transcript = _transcript(project)
    other = next(
        (o for o in transcript.speakers if not o.same and name == o.name and o.id != speaker.id),
        None,
    )
    if other is not None:
        raise InputError(
            f"There is a speaker {name!r} already.",
            remedy=f"If they are one, merge them: {other.name},{speaker.name}.",
            speaker=other.id,
        )
    renamed = replace(speaker, name=name.strip())
    known = {one.id: one for one in transcript.speakers}
    known[speaker.id] = renamed
    return _with_speakers(project, tuple(known.values()))


def merge_speakers(project: Project, kept: str, others: Sequence[str], hand: Hand) -> Project:
    """Return the project in which others are the kept speaker: in the table, and on all cues.

    Words and turns stay as they were heard. The approvals of cues that change speaker fall.

    Raises:
        CueLockedError: a cue that would change is locked; nothing is changed.
        InputError: one speaker is named twice.
        NotFoundError: no such speaker.
    """
    into = find_speaker(project, kept)
    gone = [find_speaker(project, one).id for one in others]
    if not gone or into.id in gone or len(set(gone)) < len(gone):
        raise InputError("Merging takes two different speakers at least.", remedy="Name each once.")
    known = {one.id: one for one in _transcript(project).speakers}
    known.setdefault(into.id, into)
    for name in gone:
        known[name] = replace(known.get(name) or Speaker(id=name, name=name), same=into.id)
    table = (replace(one, same=into.id) if one.same in gone else one for one in known.values())
    project = _with_speakers(project, tuple(table))
    for track in project.tracks:
        changed = [cue for cue in track.cues if cue.speaker in gone]
        for cue in changed:
            if cue.locked:
                raise CueLockedError(
                    f"Cue {cue.id!r} is locked and would change its speaker.",
                    remedy="Unlock it first: a speaker is merged everywhere.",
                    cue=cue.id,
                )
        if changed:
            now = (touched(cue, hand, speaker=into.id) for cue in changed)
            project = put_cues(project, project.track(track.id), *now)
    return project


def _transcript(project: Project) -> Transcript:
    if project.transcript is None:
        raise InputError(
            "The project has no transcript, and so no table of speakers.",
            remedy="Run subkit transcribe first.",
        )
    return project.transcript


def _with_speakers(project: Project, speakers: tuple[Speaker, ...]) -> Project:
    return replace(project, transcript=replace(_transcript(project), speakers=speakers))

"""Undo: compute the inverse of an edit from its ledger entries.

It goes field by field: what somebody else changed of the same cue meanwhile stays, unless it is the
very thing that is to be taken back; then nothing is done, and the cue is named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from subkit.edit.content import put_cues
from subkit.edit.edit_batch import EditBatch
from subkit.errors import ConflictError
from subkit.model import (
    Character,
    Cue,
    Loop,
    Media,
    Omission,
    Project,
    SignOff,
    Speaker,
    from_plain,
    to_plain,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Reversible

__all__ = ["Change", "changed_fields", "take_back"]

_Named = TypeVar("_Named", Character, Loop)

_LOOKED = ("review.seen", "review.played")
"""Marks that come and go beside every edit; they are no part of what an undo takes back."""

_HEAD: dict[str, type[Any]] = {"signoffs": SignOff, "omissions": Omission}
"""What of the project's head edits change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an edit did to one thing, as plain data.

    Attributes:
        track: Id of the track, empty for the project's head.
        cue: Id of the cue, empty for the track's head.
        before: As it was; ``None`` if it was not there.
        after: As it is; ``None`` if it is gone.
    """

    track: str = ""
    cue: str = ""
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the fields that differ; those of the review as ``review.state`` and so on."""
    first, second = _flat(before), _flat(after)
    names = dict.fromkeys((*first, *second))
    return [name for name in names if first.get(name) != second.get(name)]


def take_back(project: Project, changes: Reversible[Change]) -> Project:
    """The project without these changes, which one edit made together.

    Raises:
        ConflictError: somebody changed the same thing since; ``facts`` name ``track`` and ``cue``.
        SchemaError: ``before`` is not what a document holds.
    """
    batch, heads = EditBatch(project), []
    for change in reversed(changes):
        if change.cue:
            batch.apply(change.cue, partial(_cue_back, change=change))
        else:
            heads.append(change)
    restored = batch.project()
    for change in heads:
        restored = (_loops_back if change.track else _head_back)(restored, change)
    return restored


def _cue_back(project: Project, change: Change) -> Project:
    track = next((known for known in project.tracks if known.id == change.track), None)
    now = None if track is None else next((c for c in track.cues if c.id == change.cue), None)
    if track is None or (now is None) != (change.after is None):
        raise _conflict(change)
    if change.before is None:
        assert now is not None
        if _differences(to_plain(now), change.after or {}):
            raise _conflict(change)
        return put_cues(project, track, without=(change.cue,))
    if change.after is None:
        return put_cues(project, track, from_plain(Cue, change.before))
    restored = _merged(to_plain(now), change)
    return put_cues(project, track, from_plain(Cue, restored))


def _differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    return [name for name in changed_fields(first, second) if name not in _LOOKED]


def _merged(now: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Return ``now`` with the fields of the change as they were before it."""
    before, after, current = _flat(change.before or {}), _flat(change.after or {}), _flat(now)
    for name in changed_fields(change.before or {}, change.after or {}):
        if name in _LOOKED:
            continue
        if current.get(name) != after.get(name):
            raise _conflict(change)
        if name in before:
            current[name] = before[name]
        else:  # a sparse field that said nothing
            current.pop(name, None)
    return _nested(current)


def _head_back(project: Project, change: Change) -> Project:
    """Remove sign-offs and omissions that were added, and bring back those that were removed."""
    for name, kind in _HEAD.items():
        before = (change.before or {}).get(name) or []
        after = (change.after or {}).get(name) or []
        if before == after:
            continue
        now = [to_plain(item) for item in getattr(project, name)]
        added = [item for item in after if item not in before]
        if any(item not in now for item in added):
            raise _conflict(change)
        kept = [item for item in now if item not in added]
        kept += [item for item in before if item not in after and item not in kept]
        values: Any = tuple(from_plain(kind, item) for item in kept)
        project = replace(project, **{name: values})
    project = _edit_back(project, change)
    characters = _named_back(project.characters, change, "characters", Character)
    return _speakers_back(replace(project, characters=characters), change)


def _edit_back(project: Project, change: Change) -> Project:
    """Bring back the film and the shot changes, where a change went to another edit of the film."""
    before, after = change.before or {}, change.after or {}
    if "media" not in before or "media" not in after or before["media"] == after["media"]:
        return project
    now = {"media": to_plain(project.media), "shots": to_plain(project.shots)}
    if any(now[name] != after[name] for name in now):
        raise _conflict(change)
    shots = before["shots"]
    return replace(
        project,
        media=from_plain(Media, before["media"]),
        shots=None if shots is None else tuple(map(Fraction, shots)),
    )


def _loops_back(project: Project, change: Change) -> Project:
    """Bring back a track's loops and territory; the rest of its head follows from its cues."""
    track = next((known for known in project.tracks if known.id == change.track), None)
    if track is None or change.before is None or change.after is None:
        return project
    loops = _named_back(track.loops, change, "loops", Loop)
    was, became = (head.get("territory", "") for head in (change.before, change.after))
    if became not in (was, track.territory):
        raise _conflict(change)
    territory = track.territory if was == became else was
    ordered = tuple(sorted(loops, key=lambda loop: (loop.span.start, loop.span.end)))
    return project.with_track(replace(track, loops=ordered, territory=territory))


def _named_back(
    now: tuple[_Named, ...], change: Change, name: str, kind: type[_Named]
) -> tuple[_Named, ...]:
    """Return things with ids; those that the change touched are as they were before it."""
    before: dict[str, Any] = _by_id(change.before, name)
    after: dict[str, Any] = _by_id(change.after, name)
    if before == after:
        return now
    found = {one.id: one for one in now}
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) == after.get(key):
            continue
        if (to_plain(found[key]) if key in found else None) != after.get(key):
            raise _conflict(change)
        if key in before:
            found[key] = from_plain(kind, before[key])
        else:
            del found[key]
    return tuple(found.values())


def _by_id(plain: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    things: list[dict[str, Any]] = (plain or {}).get(name) or []
    return {one["id"]: one for one in things}


def _speakers_back(project: Project, change: Change) -> Project:
    """Bring back speakers that were renamed or merged; words and turns stay as heard."""
    before = (change.before or {}).get("speakers")
    after = (change.after or {}).get("speakers")
    transcript = project.transcript
    if before is None or after is None or before == after or transcript is None:
        return project
    was = {one["id"]: one for one in before}
    then = {one["id"]: one for one in after}
    kept: dict[str, Speaker] = {}
    for speaker in transcript.speakers:
        kept[speaker.id] = speaker
        if was.get(speaker.id) == then.get(speaker.id):
            continue
        if to_plain(speaker) != then.get(speaker.id):
            raise _conflict(change)
        if speaker.id in was:
            kept[speaker.id] = from_plain(Speaker, was[speaker.id])
        elif not any(turn.speaker == speaker.id for turn in transcript.turns):
            del kept[speaker.id]
    return replace(project, transcript=replace(transcript, speakers=tuple(kept.values())))


def _flat(plain: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: value for name, value in plain.items() if name != "review"}
    flat.update({f"review.{name}": value for name, value in plain.get("review", {}).items()})
    return flat


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in flat.items() if not name.startswith("review.")}
    review = {
        name.removeprefix("review."): value
        for name, value in flat.items()
        if name.startswith("review.")
    }
    return {**plain, "review": review}


def _conflict(change: Change) -> ConflictError:
    head = "the sign-offs, or the film and its shot changes,"
    what = f"cue {change.cue!r} of track {change.track!r}" if change.cue else head
    what = f"the loops of track {change.track!r}" if change.track and not change.cue else what
    return ConflictError(
        f"Somebody has changed {what} since, so that edit cannot be taken back.",
        remedy="Look at it as it is now.",
        track=change.track,
        cue=change.cue,
    )

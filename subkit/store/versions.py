"""Versions of a project: the one that is, and earlier ones rebuilt from the ledger.

Cues and heads stand in the ledger whole. Of a track's order only a digest does: cues are put in
order of time and the digest says whether that was it. Of a transcript's words too: they are there
while nobody recognised anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from subkit.errors import SchemaError, StoreError
from subkit.model import SCHEMA, Cue, Project, Track, Transcript, digest, from_plain
from subkit.store.entry_view import split_target
from subkit.store.kept_transcripts import kept_transcript
from subkit.store.project import ProjectFile
from subkit.store.rows import PROJECT, TRANSCRIPT, ProjectHead

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from subkit.model import Carried
    from subkit.store.ledger import LedgerEntry

__all__ = ["load", "load_version"]


def load(path: Path) -> Project:
    """The document in the project file at ``path``.

    Raises:
        StoreError: the file is missing, not a project, damaged or not accessible.
        SchemaError: a newer subkit wrote it.
    """
    with ProjectFile.open(path, writable=False) as file:
        return file.load()


def load_version(store: ProjectFile, sequence: int) -> Project:
    """The document as it was behind ledger entry ``sequence``.

    The entries of one transaction belong together: the version is that after the last of them. The
    transcript is ``None`` if another took its place since and it was not kept.

    Raises:
        StoreError: there is no such entry, or not all of that version is in the ledger.
    """
    states, order = _states(store, sequence)
    try:
        head = from_plain(ProjectHead, states[PROJECT])
        tracks = tuple(_track(store, name, states, order) for name in head.tracks)
    except (KeyError, SchemaError) as error:
        raise StoreError(
            f"Version {sequence} of {store.path} cannot be rebuilt: {error}.",
            remedy="Run `subkit verify` on it.",
            path=str(store.path),
        ) from error
    return Project(
        schema=SCHEMA,
        title=head.title,
        media=head.media,
        shots=head.shots,
        transcript=_transcript(store, states.get(TRANSCRIPT)),
        tracks=tracks,
        glossary=head.glossary,
        register=head.register,
        signoffs=head.signoffs,
        omissions=head.omissions,
        characters=head.characters,
    )


def _states(store: ProjectFile, sequence: int) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the state of each thing, and the order in which they first came."""
    states: dict[str, Any] = {}
    order: dict[str, int] = {}
    last: LedgerEntry | None = None
    for entry in store.ledger():
        if last is not None and entry.sequence > sequence and entry.transaction != last.transaction:
            break
        order.setdefault(entry.target, len(order))
        states[entry.target] = entry.after
        last = entry
    if last is None or last.sequence < sequence or sequence < 1:
        count = last.sequence if last is not None else 0
        raise StoreError(
            f"{store.path} has no version {sequence}.",
            remedy=f"It has 1 to {count}; see `subkit history`.",
            path=str(store.path),
        )
    return {target: state for target, state in states.items() if state is not None}, order


def _track(store: ProjectFile, name: str, states: dict[str, Any], order: dict[str, int]) -> Track:
    head = states[f"track:{name}"]
    found = {
        target: from_plain(Cue, state, target)
        for target, state in states.items()
        if target.startswith("cue:") and split_target(target)[0] == name
    }
    cues = sorted(found, key=lambda target: order[target])
    ordered = next(
        (
            c
            for c in _orders(cues, found)
            if digest([found[t].id for t in c]) == head["cues"]["digest"]
        ),
        None,
    )
    if ordered is None:
        raise SchemaError(f"the order of the cues of track {name!r} is not in the ledger")
    facts = {**head, "cues": [], "carried": []}
    empty = from_plain(Track, facts, f"track:{name}")
    return replace(
        empty,
        cues=tuple(found[target] for target in ordered),
        carried=_carried(store, name, head.get("carried")),
    )


def _carried(store: ProjectFile, name: str, state: Any) -> tuple[Carried, ...]:
    """Return the carried blocks of a track, if the file still has those of that version."""
    if state is None:
        return ()
    carried = next((track.carried for track in store.load().tracks if track.id == name), ())
    return carried if digest(list(carried)) == state["digest"] else ()


def _orders(cues: Sequence[str], found: dict[str, Cue]) -> Iterator[Iterable[str]]:
    """Yield the orders that cues may have stood in, the likeliest first."""
    yield sorted(cues, key=lambda t: found[t].span.start)
    yield sorted(cues, key=lambda t: (found[t].span.start, found[t].span.end))
    yield sorted(cues, key=lambda t: (found[t].span.start, found[t].span.end, found[t].id))
    yield cues
    yield sorted(cues, key=lambda t: found[t].id)


def _transcript(store: ProjectFile, state: Any) -> Transcript | None:
    """Return the transcript, if the one of that version is still in the file or was kept."""
    if state is None:
        return None
    last = next(store.ledger(after=store.revisions()[TRANSCRIPT] - 1))
    same = last.after == state
    return store.load().transcript if same else kept_transcript(store, state)

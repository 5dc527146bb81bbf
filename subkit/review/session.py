"""The state of a review: the document, its revisions, and the reviewers.

The one place that writes. Every edit is one transaction of the project file, on disk before it is
answered; then it is told to everybody else.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from subkit.edit import Hand, changed_fields
from subkit.errors import ConflictError, NotFoundError, StaleError
from subkit.review.document_views import view_cue
from subkit.review.events import Broadcast
from subkit.store.entry_view import split_target, view_entry
from subkit.store.ledger import Transaction
from subkit.store.undoing import UndoStacks, undone_action, without_transaction
from subkit.translation.staleness import stale_reasons

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from subkit.model import Cue, Profile, Project, Track
    from subkit.review.review_options import ReviewOptions
    from subkit.store import LedgerEntry, ProjectFile
    from subkit.store.ledger import WrittenEntry

__all__ = ["TOOL", "Seat", "Session"]

TOOL = "subkit review"


@dataclass
class Seat:
    """Where one reviewer sits: a browser that was let in.

    Attributes:
        name: For the ledger.
        role: In which they sign.
        track: Where they are.
        cue: Likewise.
        pages: How many of their pages listen now.
    """

    name: str
    role: str
    track: str = ""
    cue: str = ""
    pages: int = 0

    @property
    def view(self) -> dict[str, str]:
        """What others see of them."""
        return {"name": self.name, "role": self.role, "track": self.track, "cue": self.cue}


@dataclass
class _State:
    """The document with what is derived from it; replaced as a whole."""

    project: Project
    head: int
    revisions: dict[str, int]
    stale: dict[str, dict[str, str]] = field(default_factory=dict)


class Session:
    """A project file open for review.

    Args:
        store: The project file, open for writing.
        options: Of the server.
    """

    def __init__(self, store: ProjectFile, options: ReviewOptions) -> None:
        self.store = store
        self.options = options
        self.broadcast = Broadcast()
        self.seats: dict[str, Seat] = {}
        self._guard = threading.RLock()
        self._profiles: dict[str, Profile] = {}
        self._stacks: dict[str, UndoStacks] = {}
        self._indexes: dict[str, tuple[Track, dict[str, Cue]]] = {}
        project = store.load()
        revisions = store.revisions()
        self._state = _State(project, max(revisions.values(), default=0), revisions)
        for track in project.tracks:
            self._state.stale[track.id] = stale_reasons(project, track)

    @property
    def project(self) -> Project:
        """The document as it is now."""
        return self._state.project

    @property
    def head(self) -> int:
        """Number of the last ledger entry."""
        return self._state.head

    def revision(self, track: str, cue: str) -> int:
        """Number of the last ledger entry of a cue."""
        return self._state.revisions.get(f"cue:{track}/{cue}", 0)

    def stale(self, track: str) -> dict[str, str]:
        """Cue id -> why it is stale, for one track."""
        return self._state.stale.get(track, {})

    def profile(self, track: Track) -> Profile:
        """The house style of a track."""
        profile = self._profiles.get(track.id)
        if profile is None:
            profile = self.options.run.style.load(track.language, made_for=track.profile)
            self._profiles[track.id] = profile
        return profile

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else edits meanwhile: what was looked at is what is changed."""
        with self._guard:
            yield

    def seat(self, key: str) -> Seat:
        """The reviewer of that key; a new one sits down with the server's defaults."""
        with self._guard:
            return self.seats.setdefault(
                key, Seat(name=self.options.reviewer, role=self.options.role)
            )

    def view(self, track: str, cue: Cue) -> dict[str, Any]:
        """A cue as the API tells it."""
        return view_cue(cue, self.revision(track, cue.id), self.stale(track).get(cue.id))

    def apply(
        self,
        key: str,
        action: str,
        change: Callable[[Project, Hand], Project],
        *,
        undoes: int | None = None,
    ) -> dict[str, Any]:
        """Change the document; returns what is different now, as the API tells it.

        Args:
            key: Of the seat whose hand it is.
            action: For the ledger.
            change: Gives the new document.
            undoes: The transaction that it takes back.

        Raises:
            SubkitError: as ``change`` and the store raise it; nothing was written.
        """
        with self._guard:
            seat = self.seat(key)
            before = self._state
            time = self.store.now()
            project = change(before.project, Hand(actor=seat.name, time=time))
            stacks = self._stacks_of(seat.name)  # before the ledger has this edit too
            entries = self.store.commit(
                project, actor=seat.name, action=action, tool=TOOL, time=time, undoes=undoes
            )
            if not entries:
                nothing = {"head": before.head, "action": action, "tracks": {}, "project": False}
                return {**nothing, **self.can_undo(key)}
            self._advance(project, entries)
            number = entries[0].transaction
            stacks.add(Transaction(number=number, actor=seat.name, action=action, undoes=undoes))
            told = {"head": self.head, "action": action, **self._difference(entries, before)}
            event = {**told, "actor": seat.name, "session": seat_id(key)}
            self.broadcast.publish("edit", event, self.head)
            if told["project"]:
                self.broadcast.publish("project", {"head": self.head}, self.head)
            return {**told, **self.can_undo(key)}

    def can_undo(self, key: str) -> dict[str, int]:
        """How many edits this reviewer can undo, and do again."""
        with self._guard:
            stacks = self._stacks_of(self.seat(key).name)
            return {"undo": len(stacks.undo), "redo": len(stacks.redo)}

    def step_back(self, key: str, *, again: bool = False) -> dict[str, Any]:
        """Undo this reviewer's last edit, or do again what they undid last.

        Raises:
            NotFoundError: there is nothing.
            ConflictError: somebody changed the same since; the next step passes it over.
        """
        with self._guard:
            stacks = self._stacks_of(self.seat(key).name)
            transaction = stacks.next(again=again)
            stack = stacks.redo if again else stacks.undo
            try:
                told = self.apply(
                    key,
                    "redo" if again else "undo",
                    lambda project, _: without_transaction(self.store, project, transaction),
                    undoes=transaction.number,
                )
            except StaleError as error:
                stack.pop()
                if isinstance(error, ConflictError):
                    error.theirs = self._now(error.track, error.cue)
                raise
            if transaction in stack:  # everything was as it had been before: there is no entry
                stack.remove(transaction)
            return {**told, **self.can_undo(key), "of": undone_action(self.store, transaction)}

    def require_fresh(
        self, track: str, cue: str, revision: int, rests_on: Collection[str], body: Any
    ) -> None:
        """Raise an error if what an edit depends on has changed since a revision of the cue.

        Raises:
            NotFoundError: there is no such cue.
            ConflictError: somebody did; it carries both versions.
        """
        current = self.revision(track, cue)
        there = self._now(track, cue)
        if there is None and not current:
            raise NotFoundError(f"There is no cue {cue!r:.60} in track {track!r:.60}.")
        if revision == current and there is not None:
            return
        entries = list(self.store.ledger(cue=cue, track=track, after=revision))
        touching = [
            entry
            for entry in entries
            if there is None
            or set(rests_on).intersection(changed_fields(entry.before or {}, entry.after or {}))
        ]
        if touching or there is None:
            last = (touching or entries)[-1:]
            raise _conflict(track, cue, last, theirs=there, yours=dict(body))

    def require_unchanged(
        self, track: str, head: int, rests_on: Collection[str], body: Any
    ) -> None:
        """Raise an error if the content of a track has changed since a head of the ledger.

        Raises:
            ConflictError: somebody did.
        """
        for entry in self.store.ledger(track=track, after=head):
            _, cue = split_target(entry.target)
            fields = changed_fields(entry.before or {}, entry.after or {})
            if set(rests_on).intersection(fields) or (not cue and "cues" in fields):
                raise _conflict(track, cue, [entry], theirs=self._now(track, cue), yours=dict(body))

    def _now(self, track: str, cue: str) -> dict[str, Any] | None:
        """Return the cue as it is now, ``None`` if it is gone."""
        found = next((known for known in self.project.tracks if known.id == track), None)
        there = self._by_id(found).get(cue) if found is not None else None
        return None if there is None else self.view(track, there)

    def _by_id(self, track: Track) -> dict[str, Cue]:
        """Return a track's cues by id, computed once a state: a request may name them all."""
        known = self._indexes.get(track.id)
        if known is None or known[0] is not track:
            known = self._indexes[track.id] = (track, {cue.id: cue for cue in track.cues})
        return known[1]

    def _stacks_of(self, name: str) -> UndoStacks:
        if name not in self._stacks:
            self._stacks[name] = UndoStacks.of(self.store.transactions(), name)
        return self._stacks[name]

    def since(self, head: int) -> dict[str, Any] | None:
        """What is different from an earlier head, as an ``edit`` event; ``None`` for nothing."""
        with self._guard:
            entries = [entry.brief() for entry in self.store.ledger(after=head)]
            if not entries:
                return None
            last = entries[-1]
            told = self._difference(entries, None)
            facts = {"head": self.head, "action": last.action, "actor": last.actor}
            return {**told, **facts, "session": ""}

    def tell_people(self) -> None:
        """Tell everybody who is here."""
        self.broadcast.publish("people", {"reviewers": self.people()})

    def people(self) -> list[dict[str, str]]:
        """Who has a page open."""
        with self._guard:
            return [seat.view for seat in self.seats.values() if seat.pages]

    def _advance(self, project: Project, entries: list[WrittenEntry]) -> None:
        revisions = dict(self._state.revisions)
        changed: dict[str, set[str]] = {}
        for entry in entries:
            revisions[entry.target] = entry.sequence
            place, cue = split_target(entry.target)
            if cue:
                changed.setdefault(place, set()).add(cue)
        state = _State(project, entries[-1].sequence, revisions)
        for track in project.tracks:
            state.stale[track.id] = self._staleness(project, track, changed)
        self._state = state

    def _staleness(
        self, project: Project, track: Track, changed: dict[str, set[str]]
    ) -> dict[str, str]:
        """Return the reasons of a track, computed again only where a cue or its source changed."""
        known = self._state.stale.get(track.id)
        own, sources = changed.get(track.id, set()), changed.get(track.source or "", set())
        if known is None:
            return stale_reasons(project, track)
        if not own and not sources:
            return known
        again = {c.id for c in track.cues if c.id in own or not sources.isdisjoint(c.sources)}
        fresh = stale_reasons(project, track, cues=again)
        there = {cue.id for cue in track.cues}
        kept = {cue: why for cue, why in known.items() if cue in there and cue not in again}
        return {**kept, **fresh}

    def _difference(self, entries: Iterable[WrittenEntry], before: _State | None) -> dict[str, Any]:
        """Return what ledger entries changed, as it is now."""
        named: dict[str, dict[str, None]] = {}
        orders, head = set(), False
        for entry in entries:
            place, cue = split_target(entry.target)
            if cue:
                named.setdefault(place, {})[cue] = None
                if entry.is_added or entry.is_removed:
                    orders.add(place)
            elif place:
                named.setdefault(place, {})
                orders.add(place)
            else:
                head = True
        tracks = {}
        for track in self.project.tracks:
            ids = dict(named.get(track.id, {}))
            if before is not None:
                ids.update(_moved(before.stale.get(track.id, {}), self.stale(track.id)))
            if track.id in named or ids:
                tracks[track.id] = self._changed(track, ids, ordered=track.id in orders)
        return {"tracks": tracks, "project": head or bool(orders)}

    def _changed(self, track: Track, ids: dict[str, None], *, ordered: bool) -> dict[str, Any]:
        there = [cue for cue in track.cues if cue.id in ids]
        found = {cue.id for cue in there}
        return {
            "changed": [self.view(track.id, cue) for cue in there],
            "removed": [cue for cue in ids if cue not in found],
            "order": [cue.id for cue in track.cues] if ordered else None,
        }


def seat_id(key: str) -> str:
    """What stands for a seat where others see it: its key opens the door, so it stays here."""
    from hashlib import sha256

    return sha256(key.encode()).hexdigest()[:12]


def _conflict(
    track: str,
    cue: str,
    entries: list[LedgerEntry],
    *,
    theirs: dict[str, Any] | None,
    yours: dict[str, Any],
) -> ConflictError:
    who = entries[-1].actor if entries else "Somebody"
    when = f" at {entries[-1].time[11:19]}" if entries else ""
    what = "removed" if theirs is None else "changed"
    return ConflictError(
        f"{who} {what} cue {cue!r}{when} (UTC).",
        remedy="Look at both and save again.",
        track=track,
        cue=cue,
        yours=yours,
        theirs=theirs,
        entries=tuple(view_entry(entry) for entry in entries),
    )


def _moved(before: dict[str, str], after: dict[str, str]) -> dict[str, None]:
    names = dict.fromkeys((*before, *after))
    return {name: None for name in names if before.get(name) != after.get(name)}

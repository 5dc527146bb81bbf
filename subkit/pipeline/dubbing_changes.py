"""What scripts say beside the lines: what new cuts changed, and how they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError
from subkit.exchange.dub_files import StageFacts
from subkit.exchange.dub_files.script_layouts import find_layout, own_layout
from subkit.files.data_files import parse_toml
from subkit.model import Cue, TakeStatus, from_plain
from subkit.model.clock import clock_time
from subkit.store.entry_view import split_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from fractions import Fraction

    from subkit.exchange.dub_files.script_layouts import ScriptLayout
    from subkit.store import ProjectFile
    from subkit.store.ledger import LedgerEntry, Transaction

__all__ = ["cut_changes", "load_layout", "stage_facts"]

_MAX_LAYOUT = 1 << 20


@dataclass(frozen=True, slots=True)
class _Move:
    """A line before and after a new cut; gone where there is none after."""

    old: Cue
    new: Cue | None

    @property
    def kind(self) -> tuple[str, Fraction | str]:
        """What lines that follow each other share where one sentence is enough for them."""
        if self.new is None:
            return "gone", ""
        if self.needs_retake or self.old.span.duration != self.new.span.duration:
            return "changed", self.old.id
        return "moved", self.new.span.start - self.old.span.start

    @property
    def needs_retake(self) -> bool:
        """Whether its recording no longer fits."""
        takes = [cue.dub.take if cue.dub else None for cue in (self.old, self.new) if cue]
        return takes[-1] is TakeStatus.RETAKE and takes[0] is not TakeStatus.RETAKE


def stage_facts(store: ProjectFile, layout: str = "") -> StageFacts:
    """Return what scripts of a project file say beside its lines.

    Args:
        store: The project file.
        layout: Id or TOML file of how scripts are printed; empty takes that of the language.

    Raises:
        InputError: the file of a layout cannot be read, or holds what cannot be.
        PlanError: there is no such layout.
    """
    printed = load_layout(layout) if layout else None
    return StageFacts(changes=cut_changes(store), layout=printed)


def load_layout(name: str) -> ScriptLayout:
    """Return a layout by its id, or from a TOML file.

    Raises:
        InputError: the file cannot be read, or holds what cannot be.
        PlanError: there is none of that id.
    """
    if not name.endswith(".toml"):
        return find_layout(name)
    try:
        with Path(name).open("rb") as file:
            data = file.read(_MAX_LAYOUT + 1)
    except OSError as error:
        raise InputError(
            f"{name!r} cannot be read: {error.strerror or error}.", remedy="Check the path."
        ) from error
    return own_layout(parse_toml(data, name), path=name)


def cut_changes(store: ProjectFile) -> dict[str, tuple[str, ...]]:
    """Return what each new cut that stands changed, by track, one sentence each, newest last."""
    found: dict[str, list[str]] = {}
    for transaction in _standing(store.transactions()):
        if transaction.action != "conform":
            continue
        entries = store.entries_of(transaction.number)
        when = f"{entries[0].time[:10]}, new cut"
        for track, moves in _moves(entries).items():
            found.setdefault(track, []).extend(_sentences(moves, when))
    return {track: tuple(sentences) for track, sentences in found.items()}


def _standing(transactions: Sequence[Transaction]) -> Iterable[Transaction]:
    """Return the transactions that nobody has taken back, in order."""
    undone: set[int] = set()
    for one in reversed(transactions):
        if one.undoes is not None and one.number not in undone:
            undone.add(one.undoes)
    return (one for one in transactions if one.number not in undone)


def _moves(entries: Iterable[LedgerEntry]) -> dict[str, list[_Move]]:
    """Return the lines to be dubbed that a new cut changed, by track, in order of the old one."""
    found: dict[str, list[_Move]] = {}
    for entry in entries:
        track, cue = split_target(entry.target)
        if not cue or entry.before is None:
            continue
        old = from_plain(Cue, entry.before)
        new = None if entry.after is None else from_plain(Cue, entry.after)
        if old.dub is not None:
            found.setdefault(track, []).append(_Move(old, new))
    for moves in found.values():
        moves.sort(key=lambda move: (move.old.span.start, move.old.span.end))
    return found


def _sentences(moves: Iterable[_Move], when: str) -> Iterator[str]:
    for (kind, _), group in groupby(moves, key=lambda move: move.kind):
        held = list(group)
        first, last = held[0], held[-1]
        several = len(held) > 1
        who = f"line {first.old.id}"
        if several:
            who = f"lines {first.old.id} to {last.old.id} ({len(held)})"
        if kind == "gone" or first.new is None:
            verb = "are" if several else "is"
            yield f"{when}: {who} {verb} not in it (was at {clock_time(first.old.span.start)})."
        elif kind == "moved":
            shift = first.new.span.start - first.old.span.start
            if shift:
                now = clock_time(first.new.span.start)
                it = "the first" if several else "it"
                yield f"{when}: {who} moved by {float(shift):+.3f} s; {it} is at {now} now."
        else:
            old, new = first.old.span, first.new.span
            retake = ", and needs a retake" if first.needs_retake else ""
            yield (
                f"{when}: {who} is from {clock_time(new.start)} to {clock_time(new.end)} now,"
                f" and was from {clock_time(old.start)} to {clock_time(old.end)}{retake}."
            )

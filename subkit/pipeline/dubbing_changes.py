"""What scripts say beside the lines: what new cuts changed, and how they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
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

    from subkit.exchange.dub_files.script_layouts import ScriptLayout
    from subkit.store import ProjectFile
    from subkit.store.ledger import LedgerEntry, Transaction

__all__ = ["cut_changes", "load_layout", "stage_facts"]

_MAX_LAYOUT = 1 << 20
_SAME_SHIFT = Fraction(1, 20)
"""Seconds: lines that moved together may be a frame apart, since each stands on a frame."""
_SPEEDS = Fraction(6, 100)
"""How much longer or shorter a line is between 24 and 25 frames a second, and a little."""
_MIN_SPEED = 3
"""So many lines that follow each other show that it is the speed."""


class _Fate(Enum):
    """What a new cut did to a line, as one sentence tells it of several that follow each other."""

    GONE = "gone"
    MOVED = "moved"
    SPEED = "speed"
    """A little shorter or longer: runs at another speed, if those around it do."""
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class _Move:
    """A line before and after a new cut; gone where there is none after."""

    old: Cue
    new: Cue | None

    @property
    def fate(self) -> _Fate:
        """What the new cut did to it."""
        if self.new is None:
            return _Fate.GONE
        before, after = self.old.span.duration, self.new.span.duration
        if before == after and not self.needs_retake:
            return _Fate.MOVED
        return _Fate.SPEED if abs(after - before) <= before * _SPEEDS else _Fate.CHANGED

    @property
    def shift(self) -> Fraction:
        """Seconds by which it begins later."""
        return Fraction(0) if self.new is None else self.new.span.start - self.old.span.start

    @property
    def needs_retake(self) -> bool:
        """Whether its recording no longer fits."""
        takes = [cue.dub.take if cue.dub else None for cue in (self.old, self.new) if cue]
        return takes[-1] is TakeStatus.RETAKE and takes[0] is not TakeStatus.RETAKE

    def goes_with(self, first: _Move) -> bool:
        """Whether one sentence tells of both."""
        if self.fate is not first.fate or self.fate is _Fate.CHANGED:
            return False
        if self.fate is _Fate.MOVED:
            return abs(self.shift - first.shift) <= _SAME_SHIFT
        return self.needs_retake == first.needs_retake


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


def _runs(moves: Iterable[_Move]) -> Iterator[list[_Move]]:
    """Yield lines that follow each other and that one sentence tells of."""
    run: list[_Move] = []
    for move in moves:
        if run and not move.goes_with(run[0]):
            yield run
            run = []
        run.append(move)
    if run:
        yield run


def _sentences(moves: Iterable[_Move], when: str) -> Iterator[str]:
    for run in _runs(moves):
        fate = run[0].fate
        if fate is _Fate.CHANGED or (fate is _Fate.SPEED and len(run) < _MIN_SPEED):
            yield from (f"{when}: {_changed(move)}." for move in run)
        elif fate is not _Fate.MOVED or run[0].shift:
            yield f"{when}: {_together(run)}."


def _together(run: Sequence[_Move]) -> str:
    """Return what one sentence says of lines that fared alike."""
    first, last, several = run[0], run[-1], len(run) > 1
    who = f"line {first.old.id}"
    if several:
        who = f"lines {first.old.id} to {last.old.id} ({len(run)})"
    if first.new is None or last.new is None:
        verb, was = ("are", "the first was") if several else ("is", "it was")
        return f"{who} {verb} not in it; {was} at {clock_time(first.old.span.start)}"
    now, end = clock_time(first.new.span.start), clock_time(last.new.span.start)
    if first.fate is _Fate.SPEED:
        retakes = ", and need retakes" if first.needs_retake else ""
        return f"{who} run at another speed, from {now} to {end} now{retakes}"
    it = "the first" if several else "it"
    return f"{who} moved by {float(first.shift):+.3f} s; {it} is at {now} now"


def _changed(move: _Move) -> str:
    """Return what a sentence says of a line that is not as long as it was."""
    old, new = move.old.span, (move.new or move.old).span
    retake = ", and needs a retake" if move.needs_retake else ""
    return (
        f"line {move.old.id} is from {clock_time(new.start)} to {clock_time(new.end)} now,"
        f" and was from {clock_time(old.start)} to {clock_time(old.end)}{retake}"
    )

"""A subtitle file that was exported, edited elsewhere and came back -> edits of its track.

SRT holds no ids, so cues are matched by what they are: first those at the very same times, then
those with the same text in the same order, nearest in time, then those that are on screen together.
What is matched and the same is not touched, so its approvals stay. What differs is an edit of the
person who brings the file; looks and places are held against those that the export has, so
what its format cannot say stays as it is in the project. Locked and approved cues are never
changed, and neither is a cue whose older text stands in the file: somebody changed it since the
file was written. Both are listed.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from subkit import edit
from subkit.edit.content import is_sealed
from subkit.errors import InputError
from subkit.exchange.merging import Import, Refusal
from subkit.exchange.sheet_rows import clean
from subkit.formats.cue_text import DEMO_LINES
from subkit.formats.mark_runs import runs
from subkit.model import Origin
from subkit.model.mark_moves import moved_marks, sorted_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from subkit.model import Cue, FrameRate, Mark, Project, Track

__all__ = ["match_cues", "nearest_export", "take_subtitles"]

_WRITTEN = Fraction(1, 1000)
"""Times are written in milliseconds: what differs by one at most is the same."""

_FAR = Fraction(60)
"""Seconds beyond which the same text is another cue: people say yes all through a film."""

Pair = tuple["Cue", "Cue"]


def take_subtitles(
    project: Project,
    track: Track,
    found: Track,
    hand: edit.Hand,
    *,
    exported: Track | None = None,
    delete_absent: bool = False,
) -> Import:
    """Take an edited subtitle file into a track; nothing is written.

    Args:
        project: The document as it is now.
        track: The track that was exported.
        found: What the file holds.
        hand: Who answers for the edits, and when.
        exported: The track as it is now, written in the file's format and read again; ``None``
            takes no looks and places from the file.
        delete_absent: Delete cues that the file does not have, and do not only list them.

    Raises:
        InputError: most of its cues are not of this track, so it is another film's or shifted.
    """
    theirs = [cue for cue in found.cues if cue.lines != DEMO_LINES and clean(cue.text)]
    pairs = match_cues(track.cues, theirs)
    if 2 * len(pairs) < len(theirs):
        raise InputError(
            f"Only {len(pairs)} of {len(theirs)} cues of the file are found in track {track.id!r}.",
            remedy="Check that it is the file of this film, with its times, and --track.",
        )
    taking = _Taking(project, track, hand)
    written = {} if exported is None else dict(_by_id(match_cues(track.cues, exported.cues)))
    for mine, other in pairs:
        taking.take(mine, other, written.get(mine.id))
    matched = {mine.id for mine, _ in pairs}
    absent = [cue for cue in track.cues if cue.id not in matched]
    if delete_absent:
        taking.delete(absent)
        absent = []
    brought = {id(other) for _, other in pairs}
    taking.add([cue for cue in theirs if id(cue) not in brought])
    return replace(taking.result(), absent=tuple(f"{track.id}/{cue.id}" for cue in absent))


def nearest_export(exports: Iterable[Track], found: Track) -> Track | None:
    """Return the export that looks most like an edited file: that of the variant it was.

    Variants of a format hold more or less: held against another one, what it never had would count
    as taken away.
    """
    best: tuple[int, Track] | None = None
    for export in exports:
        pairs = zip(export.cues, found.cues, strict=False)
        count = sum(_is_restyled(written, other) for written, other in pairs)
        if best is None or count < best[0]:
            best = (count, export)
        if not count:
            break
    return None if best is None else best[1]


def match_cues(mine: Sequence[Cue], theirs: Sequence[Cue]) -> list[Pair]:
    """Which cues of a file are which of a track, each once, in the order of the track."""
    pairs: dict[str, Pair] = {}
    left = list(theirs)
    for rule in (_at_same_times, _of_same_text, _on_screen_together):
        open_ones = [cue for cue in mine if cue.id not in pairs]
        for pair in rule(open_ones, left):
            pairs[pair[0].id] = pair
        taken = {id(other) for _, other in pairs.values()}
        left = [cue for cue in left if id(cue) not in taken]
    return [pairs[cue.id] for cue in mine if cue.id in pairs]


def _by_id(pairs: Iterable[Pair]) -> Iterator[tuple[str, Cue]]:
    for mine, other in pairs:
        yield mine.id, other


def _milliseconds(cue: Cue) -> tuple[int, int]:
    return round(cue.span.start * 1000), round(cue.span.end * 1000)


def _at_same_times(mine: Sequence[Cue], theirs: Sequence[Cue]) -> Iterator[Pair]:
    """Pair cues at the same time by their text, else by their order."""
    places: dict[tuple[int, int], list[Cue]] = {}
    for cue in theirs:
        places.setdefault(_milliseconds(cue), []).append(cue)
    for cue in mine:
        here = places.get(_milliseconds(cue), [])
        if here:
            chosen = next(
                (other for other in here if clean(other.text) == clean(cue.text)), here[0]
            )
            here.remove(chosen)
            yield cue, chosen


def _of_same_text(mine: Sequence[Cue], theirs: Sequence[Cue]) -> Iterator[Pair]:
    """The nearest in time of the same text, none of them before the one chosen last."""
    places: dict[str, list[tuple[int, Cue]]] = {}
    for at, cue in enumerate(theirs):
        places.setdefault(clean(cue.text), []).append((at, cue))
    last = -1
    for cue in mine:
        after = [one for one in places.get(clean(cue.text), []) if one[0] > last]
        near = min(after, key=lambda one: _apart(cue, one[1]), default=None)
        if near is not None and _apart(cue, near[1]) <= _FAR:
            last = near[0]
            yield cue, near[1]


def _apart(first: Cue, second: Cue) -> Fraction:
    return abs(first.span.start - second.span.start)


def _on_screen_together(mine: Sequence[Cue], theirs: Sequence[Cue]) -> Iterator[Pair]:
    """Those that share most of the time of one of them, the longest shared first."""
    shared = []
    begin = 0
    ordered = sorted(theirs, key=lambda cue: cue.span.start)
    for cue in sorted(mine, key=lambda cue: cue.span.start):
        while begin < len(ordered) and ordered[begin].span.end <= cue.span.start:
            begin += 1
        for other in ordered[begin:]:
            if other.span.start >= cue.span.end:
                break
            both = min(cue.span.end, other.span.end) - max(cue.span.start, other.span.start)
            if 2 * both >= min(cue.span.duration, other.span.duration) and both > 0:
                shared.append((both, cue, other))
    taken: set[int] = set()
    for _, cue, other in sorted(shared, key=lambda one: -one[0]):
        if not taken & {id(cue), id(other)}:
            taken |= {id(cue), id(other)}
            yield cue, other


class _Taking:
    """One file being taken: the project as it becomes, and what was refused."""

    def __init__(self, project: Project, track: Track, hand: edit.Hand) -> None:
        self._before, self._batch = project, edit.EditBatch(project)
        self._track = track.id
        self._hand = hand
        self._rate: FrameRate = project.media.frame_grid
        self._done: dict[str, list[str]] = {"edited": [], "retimed": [], "added": [], "deleted": []}
        self._refused: list[Refusal] = []

    def take(self, mine: Cue, other: Cue, written: Cue | None) -> None:
        """Take what differs of one cue; ``written`` is how it stood in the file at first."""
        texts = clean(mine.text) != clean(other.text)
        times = not self._is_same_time(mine, other)
        looks = written is not None and _is_restyled(written, other)
        if not texts and not times and not looks:
            return
        if reason := _why_not(mine, other if texts else None):
            self._refuse(other, mine.id, reason)
            return

        def change(project: Project) -> Project:
            if times:
                project = edit.retime(project, self._track, mine.id, other.span, self._hand)
            if texts:
                project = edit.retext(project, self._track, mine.id, other.lines, self._hand)
            if looks and written is not None:
                now = project.track(self._track).cue(mine.id)
                restyled = _restyled(now, written, other)
                project = edit.restyle(project, self._track, restyled, self._hand)
            return project

        try:
            self._batch.apply(mine.id, change)
        except InputError as error:
            self._refuse(other, mine.id, error.message)
            return
        for what, changed in (("retimed", times), ("edited", texts or looks)):
            if changed:
                self._note(what, mine.id)

    def _is_same_time(self, mine: Cue, other: Cue) -> bool:
        edges = ((mine.span.start, other.span.start), (mine.span.end, other.span.end))
        return all(
            abs(ours - theirs) <= _WRITTEN or self._rate.frame(ours) == self._rate.frame(theirs)
            for ours, theirs in edges
        )

    def add(self, cues: Sequence[Cue]) -> None:
        """Insert cues that the track has not."""
        for cue in cues:
            try:
                added = self._batch.insert(
                    self._track, cue.span, cue.lines, self._hand, speaker=cue.speaker
                )
            except InputError as error:
                self._refuse(cue, "", error.message)
                continue

            def styled(project: Project, fresh: str = added, cue: Cue = cue) -> Project:
                bare = replace(
                    project.track(self._track).cue(fresh), marks=(), placement=cue.placement
                )
                looks = _restyled(bare, replace(cue, marks=()), cue)
                return edit.restyle(project, self._track, looks, self._hand)

            self._batch.apply(added, styled)
            self._note("added", added)

    def delete(self, cues: Sequence[Cue]) -> None:
        """Delete cues that the file has not."""
        for cue in cues:
            if reason := _why_not(cue, None):
                self._refused.append(
                    Refusal(place="not in the file", track=self._track, cue=cue.id, reason=reason)
                )
                continue
            self._batch.apply(cue.id, partial(edit.delete, track=self._track, cue=cue.id))
            self._note("deleted", cue.id)

    def _note(self, what: str, cue: str) -> None:
        self._done[what].append(f"{self._track}/{cue}")

    def _refuse(self, other: Cue, cue: str, reason: str) -> None:
        place = f"cue {other.id} of the file"
        self._refused.append(
            Refusal(place=place, track=self._track, cue=cue, reason=reason, text=other.text)
        )

    def result(self) -> Import:
        """All that happened, and the project after it."""
        done = {what: tuple(cues) for what, cues in self._done.items()}
        changed = any(done.values())
        project = self._batch.project() if changed else self._before
        return Import(project=project, refused=tuple(self._refused), **done)


_KEPT = ("placement", "forced", "fade", "mode")
"""What a file may say of a cue beside its marks. Styles are the track's: they stay."""


def _is_restyled(written: Cue, other: Cue) -> bool:
    """Whether a cue of the file looks otherwise than when it was written."""
    if any(getattr(written, name) != getattr(other, name) for name in _KEPT):
        return True
    marks = moved_marks(written.marks, written.text, other.text)
    return _painted(other.text, marks) != _painted(other.text, other.marks)


def _painted(text: str, marks: tuple[Mark, ...]) -> list[object]:
    """What holds of each stretch: one mark or two beside each other come to the same."""
    points = [(m.start, m.feature, m.value, m.how) for m in marks if m.start == m.end]
    found: list[object] = list(points)
    last: object = None
    for run in runs(text, marks):
        holding = frozenset((m.feature, m.value, m.how) for m in run.marks)
        if holding != last:
            found.append((run.start, holding))
        last = holding
    return found


def _restyled(now: Cue, written: Cue, other: Cue) -> Cue:
    """A cue with the looks of the file; what its format could not say stays."""
    held = {mark.feature for mark in (*written.marks, *other.marks)}
    mine = [mark for mark in now.marks if mark.feature not in held]
    theirs = moved_marks(other.marks, other.text, now.text)
    changed = {
        name: getattr(other, name)
        for name in _KEPT
        if getattr(written, name) != getattr(other, name)
    }
    return replace(now, marks=sorted_marks((*mine, *theirs)), **changed)


def _why_not(mine: Cue, other: Cue | None) -> str:
    """Why a cue stays as it is; ``other`` brings it another text."""
    if is_sealed(mine):
        return (
            "the cue is locked" if mine.locked else f"the cue was approved by {mine.review.actor}"
        )
    by_hand = mine.provenance is not None and mine.provenance.origin is Origin.HUMAN
    older = (clean(one.text) for one in mine.alternatives)
    if other is not None and by_hand and clean(other.text) in older:
        return "the file has an older text of the cue, which was changed meanwhile"
    return ""

"""Two versions of a track, cue by cue and word by word."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.edit.content import looks_of
from subkit.language import clusters, resolve_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.model import Cue, Track

__all__ = ["CueChange", "WordChange", "compare_tracks", "word_pieces"]

LINE_BREAK = "⏎"
"""Stands for the break between two lines of a cue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordChange:
    """A run of words that is the same in both, or is not."""

    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CueChange:
    """A cue that differs between two versions.

    Attributes:
        before: As it was; ``None`` if it is new.
        after: As it is; ``None`` if it is gone.
        pieces: Its text, word by word; of a cue that is new or gone, one piece.
    """

    before: Cue | None
    after: Cue | None
    pieces: tuple[WordChange, ...]

    @property
    def cue(self) -> Cue:
        """The cue as it is, else as it was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def fields(self) -> tuple[str, ...]:
        """What differs: ``text``, ``times``, ``speaker``, ``placement``, ``looks`` and so on."""
        if self.before is None:
            return ("added",)
        if self.after is None:
            return ("removed",)
        old, new = self.before, self.after
        facts = {
            "text": (old.lines, new.lines),
            "times": (old.span, new.span),
            "speaker": (old.speaker, new.speaker),
            "placement": (old.placement, new.placement),
            "looks": (looks_of(old), looks_of(new)),
            "dubbing": (old.dub, new.dub),
            "locked": (old.locked, new.locked),
            "review": (old.review.state, new.review.state),
            "comments": (old.comments, new.comments),
        }
        return tuple(name for name, (first, second) in facts.items() if first != second)


def compare_tracks(before: Track, after: Track) -> list[CueChange]:
    """The cues that differ, in order of time.

    Cues are paired by id where the ids are those of one project; the numbers of subtitle files say
    nothing once a cue came or went, so there cues are paired by text, then by time.
    """
    changes = []
    for old, new in _pairs(before, after):
        pieces = word_pieces(
            old.text if old is not None else "",
            new.text if new is not None else "",
            after.language,
        )
        change = CueChange(before=old, after=new, pieces=tuple(pieces))
        if change.fields:
            changes.append(change)
    return sorted(changes, key=lambda change: change.cue.span.start)


def word_pieces(before: str, after: str, language: str) -> Iterator[WordChange]:
    """Two texts word by word; character by character where words are not spaced."""
    spaces = resolve_language(language).spaces
    old, new = _words(before, spaces=spaces), _words(after, spaces=spaces)
    joint = " " if spaces else ""
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield WordChange(before=joint.join(old[a:b]), after=joint.join(new[c:d]))


def _words(text: str, *, spaces: bool) -> list[str]:
    lines = text.split("\n") if text else []
    words: list[str] = []
    for place, line in enumerate(lines):
        words += [LINE_BREAK] if place else []
        words += line.split() if spaces else list(clusters(line))
    return words


def _pairs(before: Track, after: Track) -> Iterator[tuple[Cue | None, Cue | None]]:
    old, new = ({cue.id: cue for cue in track.cues} for track in (before, after))
    if not all(name.isdecimal() for name in (*old, *new)):
        for name in dict.fromkeys((*old, *new)):
            yield old.get(name), new.get(name)
        return
    first, second = list(before.cues), list(after.cues)
    matcher = SequenceMatcher(
        None, [c.text for c in first], [c.text for c in second], autojunk=False
    )
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(first[a:b], second[c:d], strict=True)
        else:
            yield from _by_time(first[a:b], second[c:d])


def _by_time(old: Sequence[Cue], new: Sequence[Cue]) -> Iterator[tuple[Cue | None, Cue | None]]:
    """Pair cues with those they share most time with, one with one."""
    left = list(new)
    for cue in old:
        partner = max(left, key=lambda other: _shared(cue, other), default=None)
        if partner is None or _shared(cue, partner) <= 0:
            yield cue, None
        else:
            left.remove(partner)
            yield cue, partner
    for cue in left:
        yield None, cue


def _shared(first: Cue, second: Cue) -> Fraction:
    start = max(first.span.start, second.span.start)
    return min(first.span.end, second.span.end) - start

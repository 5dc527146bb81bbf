"""The work that a dubbing track is: characters against loops, lines as they are counted, hours."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.dubbing.isochrony import Band
from subkit.dubbing.line_counts import counted_lines, counted_words
from subkit.dubbing.syllable_counts import syllables_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.dubbing.isochrony import LineFit
    from subkit.dubbing.territories import Territory
    from subkit.model import Character, Cue, Track

__all__ = ["GridRow", "LoopRow", "WorkGrid", "WorkTally", "count_work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTally:
    """What some lines amount to.

    Attributes:
        cues: How many lines of the track.
        lines: How many as the territory counts them.
        words: How many words; ``None`` where writing does not part them.
        syllables: How many; morae in Japanese.
        takes: How many recordings: one for each character in each loop.
        seconds: How long the original speaks.
        hours: Estimated time on the stage, from takes and seconds.
        bands: How many spoken lines are green, amber and red.
        phrases: How many phrases there are between pauses of spoken lines.
        compliant: How many of them are within 10 % of their time.
        pauses: How many pauses the original has.
        pauses_kept: How many of them the text can make.
        overlap: Mean over the spoken lines, weighted by their seconds; ``None`` without any.
        interval_overlap: Likewise, phrase by phrase.
    """

    cues: int
    lines: int
    words: int | None
    syllables: int
    takes: int
    seconds: float
    hours: float
    bands: Mapping[str, int]
    phrases: int
    compliant: int
    pauses: int
    pauses_kept: int
    overlap: float | None
    interval_overlap: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """The work of one character; ``cells`` has the number of its lines in each of its loops."""

    character: Character | None
    tally: WorkTally
    cells: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopRow:
    """The work of one loop, by its name and id; empty for lines that are in none."""

    id: str
    name: str
    start: Fraction
    end: Fraction
    locked: bool
    tally: WorkTally


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkGrid:
    """All of it: by character, by loop, and together."""

    rows: tuple[GridRow, ...]
    loops: tuple[LoopRow, ...]
    total: WorkTally


def count_work(
    track: Track,
    characters: Sequence[Character],
    territory: Territory,
    fits: Sequence[LineFit],
) -> WorkGrid:
    """Return the work that a dubbing track is.

    Args:
        track: The track, with its loops.
        characters: Of the project.
        territory: How lines and hours are counted.
        fits: How well its spoken lines fit, of each that is spoken.
    """
    names = {one.id: one for one in characters}
    where = {cue: loop.name for loop in track.loops for cue in loop.cues}
    counter = _Counter(track, territory, {one.cue: one for one in fits}, where)
    by_character: dict[str | None, list[Cue]] = defaultdict(list)
    by_loop: dict[str, list[Cue]] = defaultdict(list)
    for cue in track.cues:
        by_character[cue.dub.character if cue.dub is not None else None].append(cue)
        by_loop[where.get(cue.id, "")].append(cue)
    rows = [
        GridRow(
            character=names.get(who or ""),
            tally=counter.tally(cues),
            cells=dict(Counter(where.get(cue.id, "") for cue in cues)),
        )
        for who, cues in by_character.items()
    ]
    loops = [
        LoopRow(
            id=loop.id,
            name=loop.name,
            start=loop.span.start,
            end=loop.span.end,
            locked=loop.locked,
            tally=counter.tally(by_loop.get(loop.name, [])),
        )
        for loop in track.loops
    ]
    rows.sort(key=lambda row: (-row.tally.cues, row.character.name if row.character else ""))
    return WorkGrid(rows=tuple(rows), loops=tuple(loops), total=counter.tally(track.cues))


@dataclass(frozen=True, slots=True)
class _Counter:
    track: Track
    territory: Territory
    fits: Mapping[str, LineFit]
    where: Mapping[str, str]

    def tally(self, cues: Sequence[Cue]) -> WorkTally:
        """What some lines of the track amount to."""
        fits = [self.fits[cue.id] for cue in cues if cue.id in self.fits]
        takes = {(self._loop(cue), cue.dub.character if cue.dub else None) for cue in cues}
        seconds = sum(
            self.fits[c.id].source_seconds if c.id in self.fits else float(c.span.duration)
            for c in cues
        )
        words = [counted_words(cue.text, self.track.language) for cue in cues]
        work = len(takes) * float(self.territory.setup_seconds)
        work += seconds * float(self.territory.work_ratio)
        return WorkTally(
            cues=len(cues),
            lines=sum(counted_lines(cue, self.territory) for cue in cues),
            words=None if None in words else sum(count or 0 for count in words),
            syllables=sum(syllables_of(cue.text, self.track.language) for cue in cues),
            takes=len(takes),
            seconds=seconds,
            hours=work / 3600,
            bands={band.value: sum(one.band is band for one in fits) for band in Band},
            phrases=sum(len(one.phrases) for one in fits),
            compliant=sum(one.compliant_phrases for one in fits),
            pauses=sum(one.pauses for one in fits),
            pauses_kept=sum(one.pauses_kept for one in fits),
            overlap=_mean([(one.overlap, one.source_seconds) for one in fits]),
            interval_overlap=_mean([(one.interval_overlap, one.source_seconds) for one in fits]),
        )

    def _loop(self, cue: Cue) -> str:
        return self.where.get(cue.id, cue.id)


def _mean(weighted: Sequence[tuple[float, float]]) -> float | None:
    total = sum(weight for _, weight in weighted)
    return sum(value * weight for value, weight in weighted) / total if total else None

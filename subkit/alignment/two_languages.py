"""Two tracks of one film in two languages: a given translation on its source, both in one track."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.alignment.cue_pairing import pair_cues
from subkit.edit import without_approvals
from subkit.language import joiner
from subkit.model import Cue, Feature, Mark, Purpose, ReviewState, Span, Track
from subkit.model.mark_moves import added_mark, joined_marks, with_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["bilingual_track", "on_screen_together", "translation_of"]


def translation_of(source: Track, given: Track) -> Track:
    """Return a translation that somebody made elsewhere, its cues tied to those of its source.

    A cue that says what one or several of the source say has the id of the first and names them
    all; times and texts stay. A second cue for the same has the id with a number behind it.

    Args:
        source: The track that it is a translation of.
        given: The translation, with ids of its own.
    """
    theirs = {cue.id: cue for cue in given.cues}
    taken = {cue.id for cue in source.cues}
    tied = []
    for pair in pair_cues(source.cues, given.cues):
        for number, name in enumerate(pair.target):
            own = pair.source[0] if pair.source and not number else _free(pair.source, taken)
            taken.add(own)
            tied.append(replace(theirs[name], id=own, sources=pair.source))
    return replace(given, source=source.id, profile=source.profile, cues=tuple(tied))


def _free(source: Sequence[str], taken: set[str]) -> str:
    stem, number = source[0] if source else "added", 2 if source else 1
    while f"{stem}.{number}" in taken:
        number += 1
    return f"{stem}.{number}"


def on_screen_together(source: Track, tied: Track) -> float:
    """Return the share of the cues of a tied translation that are seen with one they translate."""
    mine = {cue.id: cue.span for cue in source.cues}
    seen = sum(
        any(
            cue.span.start < mine[name].end and mine[name].start < cue.span.end
            for name in cue.sources
        )
        for cue in tied.cues
    )
    return seen / len(tied.cues) if tied.cues else 0.0


def bilingual_track(above: Track, below: Track) -> Track:
    """Return a track with the lines of one language above those of another.

    Cues that say the same are one, as long as both together, but no longer than up to the next
    one. What only one language has stands alone. An approval counts where both are approved.

    Args:
        above: The track whose lines are on top.
        below: The other one; its styles, places and language are those of the result.
    """
    groups = sorted(_groups(above, below), key=lambda group: _hull(group).start)
    cues = []
    for place, group in enumerate(groups):
        span = _hull(group)
        if place + 1 < len(groups):
            span = _up_to(span, _hull(groups[place + 1]), group)
        cues.append(_together(group, span, above.language, below.language))
    return replace(
        below,
        id=f"{above.id}+{below.id}",
        purpose=Purpose.BILINGUAL,
        source=above.id,
        cues=tuple(cues),
        loops=(),
    )


Group = tuple[list[Cue], list[Cue]]


def _groups(above: Track, below: Track) -> Iterator[Group]:
    """Cues that say the same: those of one id, else by what they were made from, else by time."""
    mine = {cue.id: cue for cue in above.cues}
    if below.source != above.id:
        theirs = {cue.id: cue for cue in below.cues}
        for pair in pair_cues(above.cues, below.cues):
            yield [mine[name] for name in pair.source], [theirs[name] for name in pair.target]
        return
    known = {cue.id for cue in below.cues}
    home = {name: name for name in mine if name in known}
    for cue in below.cues:
        for name in cue.sources:
            home.setdefault(name, cue.id if cue.id in mine else cue.sources[0])
    groups: dict[str, Group] = {}
    for cue in above.cues:
        groups.setdefault(home.get(cue.id, cue.id), ([], []))[0].append(cue)
    for cue in below.cues:
        name = cue.id if cue.id in mine else next(iter(cue.sources), "")
        groups.setdefault(home.get(name, f" {cue.id}"), ([], []))[1].append(cue)
    yield from groups.values()


def _hull(group: Group) -> Span:
    cues = [*group[0], *group[1]]
    return Span(min(cue.span.start for cue in cues), max(cue.span.end for cue in cues))


def _up_to(span: Span, following: Span, group: Group) -> Span:
    """The span up to the next one, unless both were on screen at once in one language already."""
    if span.end <= following.start or following.start <= span.start:
        return span
    longest = (max((cue.span.end for cue in side), default=span.start) for side in group)
    if all(end > following.start for end in longest):
        return span
    return Span(span.start, following.start)


def _together(group: Group, span: Span, language: str, below_language: str) -> Cue:
    above, below = (_one(side) for side in group)
    if above is None or below is None:
        alone = below if above is None else above
        assert alone is not None
        return replace(alone, span=span)
    spoken, text, marks = above.language or language, above.text, above.marks
    if spoken == below_language and text == below.text:
        return replace(below, span=span)  # said in the language of the other track: once is enough
    if text:
        marked = Mark(start=0, end=len(text), feature=Feature.LANGUAGE, value=spoken)
        marks = added_mark(marks, marked)
    approved = all(cue.review.state is ReviewState.APPROVED for side in group for cue in side)
    return replace(
        below,
        span=span,
        lines=(*above.lines, *below.lines),
        marks=joined_marks(marks, len(text), below.marks),
        speaker=below.speaker or above.speaker,
        review=below.review if approved else without_approvals(below.review),
    )


def _one(cues: Sequence[Cue]) -> Cue | None:
    """Several cues of one language as one, each on a line of its own."""
    if len(cues) < 2:
        return cues[0] if cues else None
    first, *rest = (_on_one_line(cue) for cue in sorted(cues, key=lambda cue: cue.span.start))
    for cue in rest:
        marks = joined_marks(first.marks, len(first.text), cue.marks)
        first = replace(first, lines=(*first.lines, *cue.lines), marks=marks)
    return first


def _on_one_line(cue: Cue) -> Cue:
    line = ""
    for part in cue.lines:
        line += joiner(line, part, cue.language or "en") + part.strip()
    return with_lines(cue, (line,))

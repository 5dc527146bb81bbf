"""A text -> its lines in one cue."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.language import (
    break_cost,
    break_points,
    half_units,
    joiner,
    resolve_language,
    turns,
)
from subkit.spotting.line_shape import LineRow, best_lines, shape_of
from subkit.spotting.spotting_options import SpottingOptions

if TYPE_CHECKING:
    from subkit.model import Profile

__all__ = ["break_lines", "make_row", "split_pieces"]

_MARKS = (",،、，", ";:؛；：", "-‐–—…")
_QUOTES = "\"'’”»"
_CLOSE = 6
"""Characters on each side of a break in writing without spaces that its cost looks at."""

_CONTEXT = 24
"""Characters beside a break that its cost may look at."""


def break_lines(
    text: str, *, profile: Profile, language: str, options: SpottingOptions | None = None
) -> tuple[str, ...]:
    """Break the text of a cue into the best lines.

    Where lines tell several turns apart (dashes of two speakers, labels, songs: see
    :func:`subkit.language.turns`) each turn has lines of its own. They stay as they are when they
    fit. Otherwise one line if the text fits it, else lines of at most ``max_cpl`` broken where
    grammar allows, near even with the longer one below. A text too long for ``max_lines`` gets more
    of them only where it has more turns: its lines go beyond ``max_cpl``, by as little as can be,
    and the quality check says so. Nothing is ever lost: the lines joined (by a space where the
    language has them) are the text with its white space normalised.

    Args:
        text: The text of one cue; line breaks inside a turn count as spaces.
        profile: The house style.
        language: BCP 47 tag of the text.
        options: Weights of the line terms.
    """
    options = options or SpottingOptions()
    said = turns(text.splitlines())
    if len(said) > 1:
        return _turn_lines(said, profile, language, options)
    return _lines_of(_joined(said[0], language), profile, language, options) if said else ()


def _lines_of(
    text: str, profile: Profile, language: str, options: SpottingOptions
) -> tuple[str, ...]:
    """The lines of one turn, its white space normalised."""
    if half_units(text, profile.counting) <= 2 * profile.max_cpl:
        return (text,) if text else ()
    pieces = split_pieces(text, language)
    row = make_row(pieces, profile.counting, language)
    _, cuts = best_lines(row, 0, len(pieces), shape_of(profile, options))
    edges = (0, *cuts, len(pieces))
    return tuple(row.text(start, end) for start, end in pairwise(edges))


def _turn_lines(
    said: tuple[tuple[str, ...], ...], profile: Profile, language: str, options: SpottingOptions
) -> tuple[str, ...]:
    """Lines of several turns, none of which shares a line: as they are, if they fit."""
    limit = 2 * profile.max_cpl
    lines = tuple(line for turn in said for line in turn)
    if len(lines) <= profile.max_lines and all(
        half_units(line, profile.counting) <= limit for line in lines
    ):
        return lines
    texts = [_joined(turn, language) for turn in said]
    widths = [half_units(text, profile.counting) for text in texts]
    counts = [1] * len(texts)
    for _ in range(profile.max_lines - len(texts)):  # lines to spare go where most is to say
        widest = max(range(len(texts)), key=lambda place: widths[place] / counts[place])
        counts[widest] += 1
    return tuple(
        line
        for text, count in zip(texts, counts, strict=True)
        for line in _lines_of(text, replace(profile, max_lines=count), language, options)
    )


def _joined(lines: tuple[str, ...], language: str) -> str:
    if resolve_language(language).base not in ("ja", "zh", "yue"):
        return " ".join(lines)
    text = lines[0]
    for line in lines[1:]:
        text += joiner(text, line, language) + line
    return text


def split_pieces(text: str, language: str) -> list[tuple[str, str]]:
    """``text`` at its legal break points: what stands before each piece, and the piece."""
    points = (0, *break_points(text, language), len(text))
    pieces: list[tuple[str, str]] = []
    join = ""
    for start, end in pairwise(points):
        piece = text[start:end]
        if piece.strip(" "):
            pieces.append((join, piece.strip(" ")))
        join = " " if piece.endswith(" ") else ""
    return pieces


def make_row(pieces: list[tuple[str, str]], counting: str, language: str) -> LineRow:
    """Pieces with what stands before each -> a row ready for line breaking."""
    texts = tuple(text for _, text in pieces)
    joins = tuple(join for join, _ in pieces)
    gaps = tuple(half_units(join, counting) for join in joins)
    ends = [0]
    for gap, text in zip(gaps, texts, strict=True):
        ends.append(ends[-1] + gap + half_units(text, counting))
    costs = _break_costs(texts, joins, language)
    marks = tuple(map(_mark, ("", *texts)))[: len(texts)]
    return LineRow(texts=texts, joins=joins, ends=tuple(ends), gaps=gaps, costs=costs, marks=marks)


def _mark(text: str) -> int:
    """Which of ``_MARKS`` ends a piece, from 1; 0 for none."""
    last = text.rstrip(_QUOTES)[-1:]
    return next((place for place, kind in enumerate(_MARKS, 1) if last and last in kind), 0)


def _break_costs(
    texts: tuple[str, ...], joins: tuple[str, ...], language: str
) -> tuple[float, ...]:
    if not resolve_language(language).spaces:
        return _unspaced_costs(texts, joins, language)
    near = [
        "",
        "",
        *(text if len(text) <= 2 * _CONTEXT else _shortened(text) for text in texts),
        "",
    ]
    return tuple(
        break_cost(left, right, language, before=first, after=last)
        for first, left, right, last in zip(near, near[1:], near[2:], near[3:], strict=False)
    )


def _unspaced_costs(
    texts: tuple[str, ...], joins: tuple[str, ...], language: str
) -> tuple[float, ...]:
    """Pieces may be single characters: what stands around a gap is more than one of them."""
    whole = "".join(part for pair in zip(joins, texts, strict=True) for part in pair)
    costs: list[float] = []
    end = 0
    for join, text in zip(joins, texts, strict=True):
        start = end + len(join)
        left, right = whole[max(0, end - _CLOSE) : end], whole[start : start + _CLOSE]
        costs.append(break_cost(left, right, language))
        end = start + len(text)
    return tuple(costs)


def _shortened(text: str) -> str:
    """Shorten a very long piece to what its breaks may look at: costs are cached by text."""
    return text[:_CONTEXT] + text[-_CONTEXT:]

"""A text -> its lines in one cue."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.language import (
    break_cost,
    break_points,
    half_units,
    is_sentence_end,
    normalize_spaces,
    resolve_language,
)
from subkit.spotting.line_shape import LineRow, best_lines, shape_of
from subkit.spotting.spotting_options import SpottingOptions

if TYPE_CHECKING:
    from subkit.model import Profile

__all__ = ["break_lines", "make_row", "split_pieces"]

_DIALOGUE = re.compile(r"\s*[-‐–—]\s*\S")
_MARKS = (",،、，", ";:؛；：", "-‐–—…")
_QUOTES = "\"'’”»"
_CLOSE = 6
"""Characters on each side of a break in writing without spaces that its cost looks at."""

_CONTEXT = 24
"""Characters beside a break that its cost may look at."""


def break_lines(
    text: str, *, profile: Profile, language: str, options: SpottingOptions | None = None
) -> tuple[str, ...]:
    """The best lines for a text that stands in one cue.

    Lines that begin with a dialogue dash, all or all but a first that ends a sentence, stay as they
    are when they fit. Otherwise one line if
    the text fits it, else lines of at most ``max_cpl`` broken where grammar allows, near even with
    the longer one below. A text too long for ``max_lines`` never gets more of them: its lines go
    beyond ``max_cpl``, by as little as can be, and the quality check says so. Nothing is ever lost:
    the lines joined (by a space where the language has them) are the text with its white space
    normalised.

    Args:
        text: The text of one cue; line breaks in it count as spaces.
        profile: The house style.
        language: BCP 47 tag of the text.
        options: Weights of the line terms.
    """
    options = options or SpottingOptions()
    dialogue = _dialogue_lines(text, profile, language)
    if dialogue:
        return dialogue
    text = normalize_spaces(text)
    if half_units(text, profile.counting) <= 2 * profile.max_cpl:
        return (text,) if text else ()
    pieces = split_pieces(text, language)
    row = make_row(pieces, profile.counting, language)
    _, cuts = best_lines(row, 0, len(pieces), shape_of(profile, options))
    edges = (0, *cuts, len(pieces))
    return tuple(row.text(start, end) for start, end in pairwise(edges))


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
    """What of a very long piece its breaks may look at: costs are remembered by text."""
    return text[:_CONTEXT] + text[-_CONTEXT:]


def _dialogue_lines(text: str, profile: Profile, language: str) -> tuple[str, ...]:
    lines = tuple(normalize_spaces(line) for line in text.splitlines() if line.strip())
    if not 2 <= len(lines) <= profile.max_lines:
        return ()
    limit = 2 * profile.max_cpl
    first, *others = lines
    kept = (
        all(map(_DIALOGUE.match, others))
        and (_DIALOGUE.match(first) or is_sentence_end(first.split()[-1], language))
        and all(half_units(line, profile.counting) <= limit for line in lines)
    )
    return lines if kept else ()

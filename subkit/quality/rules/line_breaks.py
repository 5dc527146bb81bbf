"""Rules on where lines and cues break, and on the shape of lines."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.language import (
    FORBIDDEN,
    break_cost,
    half_units,
    is_dashed,
    is_sentence_end,
    joiner,
    resolve_language,
    sentences,
    turns,
    width,
)
from subkit.language.joining import unspaced
from subkit.model import Quantity
from subkit.quality.rule import ERROR, WARNING, Breach, CueRule, TrackRule
from subkit.spotting import break_lines
from subkit.timing.measures import above, below, instant, may_follow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["RULES"]

_BOUND = 10.0
"""Cost from which grammar binds two words (see :func:`subkit.language.break_cost`)."""


def _bound(left: str, right: str, language: str) -> float:
    """Return the cost from which a break is wrong.

    In writing without spaces sentences often end without a mark, so there only a break that no
    reader accepts counts: a line that begins with a closing mark (kinsoku). Where words are
    spaced, a mark that stands alone is bound to nothing: in right-to-left text that was typed as it
    looks, lines begin with the marks that end them.
    """
    spaced = resolve_language(language).spaces and not (unspaced(left[-1]) or unspaced(right[0]))
    if spaced and not all(any(map(str.isalnum, word)) for word in (left, right)):
        return math.inf
    return _BOUND if spaced else FORBIDDEN


_JOINED = Fraction(3, 2)
"""Seconds of pause after which the next cue begins afresh."""

_ORPHAN = Fraction(5)
"""Characters up to which a line is one short word."""


def _running(cue: Cue) -> tuple[str, str] | None:
    """Return the two lines of a cue with one running text; ``None`` for dialogue and labels."""
    lines = [line.strip() for line in cue.lines]
    if len(lines) != 2 or not all(lines):
        return None
    upper, lower = lines
    if len(turns(lines)) > 1 or upper.endswith((":", "]", ")")):
        return None
    return upper, lower


def _ends(upper: str, lower: str, language: str) -> tuple[str, str]:
    """Return the words on both sides of a break; in writing without spaces, the whole lines."""
    if not resolve_language(language).spaces:
        return upper, lower
    return upper.rsplit(maxsplit=1)[-1], lower.split(maxsplit=1)[0]


def _second_last(line: str) -> str:
    words = line.split()
    return words[-2] if len(words) > 1 else ""


def _line_break(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A line that ends where grammar binds two words, though it could end elsewhere.

    Never split article and noun, preposition and object, auxiliary and verb, a name (Netflix
    general requirements; the words are those that spotting goes by).
    """
    lines, language = _running(cue), subject.track.language
    if lines is None:
        return
    left, right = _ends(*lines, language)
    cost = break_cost(left, right, language, before=_second_last(lines[0]))
    if cost >= _bound(left, right, language) and (better := _better_break(cue, cost, subject)):
        yield Breach(
            cue=cue,
            measured=f"{left[-20:]} / {right[:20]}",
            limit=better,
            fault=f"breaks its line between {left[-20:]!r} and {right[:20]!r}; better: {better}",
        )


def _better_break(cue: Cue, cost: float, subject: Subject) -> str:
    """Break the lines anew, and return them if that is at most half as bad; else nothing.

    It is what ``subkit fix`` does, so the advice and the fix are one.
    """
    language, profile = subject.track.language, subject.profile
    lines = break_lines(cue.text, profile=profile, language=language)
    if any(half_units(line, profile.counting) > 2 * profile.max_cpl for line in lines):
        return ""
    if len(lines) == 1:
        return "one line"
    if len(lines) != 2:
        return ""
    left, right = _ends(lines[0], lines[1], language)
    here = break_cost(left, right, language, before=_second_last(lines[0]))
    return f"{left[-20:]} / {right[:20]}" if 2 * here <= cost else ""


def _cue_break(subject: Subject) -> Iterator[Breach]:
    """A cue that ends where grammar binds its last word to the first of the next cue."""
    language = subject.track.language
    for cue, after in pairwise(subject.track.cues):
        if (
            not may_follow(cue, after, instant(_JOINED))
            or after.span.start - cue.span.end > _JOINED
        ):
            continue
        upper, lower = cue.text.strip(), after.text.strip()
        if not upper or not lower or cue.placement != after.placement or is_dashed(lower):
            continue
        left, right = _ends(upper, lower, language)
        cost = break_cost(left, right, language, before=_second_last(upper))
        if cost >= _bound(left, right, language):
            pair = f"{left[-20:]} / {right[:20]}"
            yield Breach(
                cue=cue,
                measured=pair,
                fault=f"ends between {left[-20:]!r} and {right[:20]!r}, which belong together",
            )


def _one_line(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """Two lines where one would hold the text (Netflix: one line unless it is too long)."""
    lines = _running(cue)
    if lines is None or not subject.profile.text.one_line:
        return
    text = joiner(lines[0], lines[1], subject.track.language).join(lines)
    wide = width(text, subject.profile.counting)
    if wide <= subject.profile.max_cpl:
        yield Breach(
            cue=cue,
            measured=Quantity.of(2, "lines"),
            limit=Quantity.of(1, "lines", "1 line"),
            fault=f"has two lines for {above(wide)} characters, which fit on one",
        )


def _balance(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """Two lines of very unlike length (TED: the shorter at least half of the longer)."""
    lines, least = _running(cue), subject.profile.text.balance
    if lines is None or not least:
        return
    short, long = sorted(width(line, subject.profile.counting) for line in lines)
    if short < least * long:
        part = f"{below(100 * short / long, 0)} %"
        limit = f"{above(100 * least, 0)} %"
        yield Breach(
            cue=cue,
            measured=part,
            limit=limit,
            fault=f"has a line of {part} of the length of the other, less than {limit}",
        )


def _bottom_heavy(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """An upper line much longer than the lower one, where the style wants the pyramid."""
    lines = _running(cue)
    if lines is None or not subject.profile.text.bottom_heavy:
        return
    upper, lower = (width(line, subject.profile.counting) for line in lines)
    if upper > lower * Fraction(3, 2) and not is_sentence_end(lines[0], subject.track.language):
        yield Breach(
            cue=cue,
            measured=f"{above(upper)} over {above(lower)}",
            limit="upper line the shorter",
            fault=f"has {above(upper)} characters over {above(lower)}: the upper line is longer",
        )


def _orphan(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A line of one short word that belongs to a sentence on the other line."""
    lines, language = _running(cue), subject.track.language
    if lines is None or not resolve_language(language).spaces:
        return
    upper, lower = lines
    if is_sentence_end(upper, language) or upper.endswith((",", "…")):
        return
    for line, other in ((upper, lower), (lower, upper)):
        alone = len(line.split()) == 1 and width(line, subject.profile.counting) <= _ORPHAN
        if alone and len(other.split()) > 2:
            yield Breach(
                cue=cue, measured=line, limit="2 words", fault=f"has {line!r} alone on a line"
            )


def _whole_sentences(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """The end of one sentence and the start of the next in one cue (TED)."""
    language = subject.track.language
    if not subject.profile.text.whole_sentences or any(map(is_dashed, cue.lines)):
        return
    parts = sentences(cue.text, language)
    if len(parts) > 1 and not is_sentence_end(parts[-1].split()[-1], language):
        begun = parts[-1][:40]
        yield Breach(
            cue=cue, measured=begun, fault=f"ends with the start of a new sentence, {begun!r}"
        )


_COLUMNS, _ROWS = 32, 4
"""What a decoder of CEA-608 shows of a caption: letters in a row, rows at a time (CEA-608-E)."""


def _caption_grid(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A caption of CEA-608 with a row of more than 32 letters, or more than 4 rows.

    Only of cues that came from such captions: in other formats the profile alone counts.
    """
    cell = cue.placement.cell
    if not cue.mode and (cell is None or cell.grid != "608"):
        return
    widest = max(map(len, cue.lines), default=0)
    if widest > _COLUMNS:
        yield Breach(
            cue=cue,
            measured=Quantity.of(widest, "letters", str(widest)),
            limit=Quantity.of(_COLUMNS, "letters", str(_COLUMNS)),
            fault=f"has a row of {widest} letters, and a caption holds {_COLUMNS}",
        )
    if len(cue.lines) > _ROWS:
        yield Breach(
            cue=cue,
            measured=Quantity.of(len(cue.lines), "lines", str(len(cue.lines))),
            limit=Quantity.of(_ROWS, "lines", str(_ROWS)),
            fault=f"has {len(cue.lines)} rows, and a caption shows {_ROWS}",
        )


RULES = (
    CueRule("line-break", WARNING, _line_break),
    TrackRule("cue-break", WARNING, _cue_break),
    CueRule("one-line", WARNING, _one_line, ("text.one_line", "max_cpl")),
    CueRule("balance", WARNING, _balance, ("text.balance",)),
    CueRule("bottom-heavy", WARNING, _bottom_heavy, ("text.bottom_heavy",)),
    CueRule("orphan", WARNING, _orphan),
    CueRule("whole-sentences", WARNING, _whole_sentences, ("text.whole_sentences",)),
    CueRule("caption-grid", ERROR, _caption_grid),
)

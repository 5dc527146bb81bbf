"""Tokens with timestamps -> pieces of text with times, and how far a pass over a window came.

The rules are Whisper's own (Radford et al. 2022, ``transcribe.py``), with one difference: a piece
that stands alone keeps the start its timestamp tells, where faster-whisper takes the window's.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TICK", "Piece", "split_by_timestamps"]

TICK = 0.02
"""Seconds a timestamp token counts."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text tokens between two timestamps; ``start`` and ``end`` in seconds, if they were told."""

    tokens: tuple[int, ...]
    start: float | None
    end: float | None


def split_by_timestamps(
    tokens: Sequence[int], *, text_end: int, timestamp_begin: int
) -> tuple[list[Piece], float | None]:
    """The pieces, and where the next pass begins; ``None`` when this one covers all.

    Two timestamps in a row end one piece and begin the next. Tokens that end after a pair, without
    a single timestamp to close, are an unfinished piece: the next pass begins at the pair.

    Args:
        tokens: As generated, without prompt and end of text.
        text_end: Tokens below are text.
        timestamp_begin: The token of time 0.
    """
    stamped = [token >= timestamp_begin for token in tokens]
    pairs = [i for i in range(1, len(tokens)) if stamped[i] and stamped[i - 1]]
    closed = len(tokens) >= 2 and stamped[-1] and not stamped[-2]
    if not pairs:
        return [_piece(tokens, text_end, timestamp_begin)], None
    bounds = [0, *pairs, *([len(tokens)] if closed else [])]
    pieces = [_piece(tokens[a:b], text_end, timestamp_begin) for a, b in itertools.pairwise(bounds)]
    resume = None if closed else (tokens[pairs[-1] - 1] - timestamp_begin) * TICK
    return pieces, resume


def _piece(tokens: Sequence[int], text_end: int, timestamp_begin: int) -> Piece:
    text = tuple(token for token in tokens if token < text_end)
    start = end = None
    if tokens and tokens[0] >= timestamp_begin:
        start = (tokens[0] - timestamp_begin) * TICK
    if len(tokens) > 1 and tokens[-1] >= timestamp_begin:
        end = (tokens[-1] - timestamp_begin) * TICK
    return Piece(text, start, end)

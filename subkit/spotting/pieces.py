"""Recognised words -> a row of pieces with times, pauses and walls: what the search runs over."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from subkit.language import half_units, is_sentence_end, joiner, normalize_spaces
from subkit.model import Rounding
from subkit.spotting.lines import make_row, split_pieces
from subkit.spotting.voiced_words import hold_to_voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import FrameRate, Profile, Span, Word
    from subkit.spotting.line_shape import LineRow
    from subkit.spotting.spotting_options import SpottingOptions

__all__ = ["Speech", "prepare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Pieces of speech in order. A piece is a word, or part of one too wide for a line.

    Attributes:
        row: Texts, widths and break costs.
        words: The word each piece is from.
        starts: First frame of each piece, the nearest to its beginning, since words keep a little
            silence before them (20 ms); never falls.
        ends: Frame after each piece; never before its start nor after the next one's.
        pauses: Seconds of silence before each piece.
        walls: A cue must begin with this piece: another speaker or language, a long pause.
        silent: A long pause, which always ends a cue, is before this piece.
        speakers: Who says each piece; a word of unknown speaker is the last known one's.
        stops: A sentence ends with this piece.
        shots: Shot changes that stand nearer to the beginning of this piece than to any other's.
    """

    row: LineRow
    words: tuple[Word, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    pauses: tuple[float, ...]
    walls: tuple[bool, ...]
    silent: tuple[bool, ...]
    speakers: tuple[str | None, ...]
    stops: tuple[bool, ...]
    shots: tuple[int, ...]

    def __len__(self) -> int:
        """Number of pieces."""
        return len(self.words)


@dataclass(frozen=True, slots=True)
class _Piece:
    join: str
    text: str
    start: Fraction
    end: Fraction
    word: Word


def prepare(
    words: Sequence[Word],
    *,
    profile: Profile,
    rate: FrameRate,
    language: str,
    options: SpottingOptions,
    shots: Sequence[Fraction] = (),
    voice: Sequence[Span] = (),
) -> Speech:
    """The words as the search needs them.

    Words without text are left out. Times are put right where they are not: no word begins before
    the one before it, or ends after the next one begins, or reaches far out of the voice in it.
    """
    pieces = _pieces(words, profile, language, voice)
    row = make_row([(piece.join, piece.text) for piece in pieces], profile.counting, language)
    between = (float(after.start - before.end) for before, after in pairwise(pieces))
    pauses = [0.0, *between] if pieces else []
    stops = [
        is_sentence_end(piece.text, piece.word.language or language, following=following)
        for piece, following in zip(pieces, [*row.texts[1:], ""], strict=False)
    ]
    silent = _silent(row.costs, pauses, options)
    speakers = _speakers(pieces)
    return Speech(
        row=row,
        words=tuple(piece.word for piece in pieces),
        starts=tuple(rate.frame(piece.start) for piece in pieces),
        ends=tuple(rate.frame(piece.end, Rounding.AFTER) for piece in pieces),
        pauses=tuple(pauses),
        walls=_walls(pieces, silent, speakers, language),
        silent=silent,
        speakers=speakers,
        stops=tuple(stops),
        shots=_nearest(shots, pieces),
    )


def _pieces(
    words: Sequence[Word], profile: Profile, language: str, voice: Sequence[Span]
) -> list[_Piece]:
    spoken = [word for word in words if normalize_spaces(word.text).strip()]
    times = hold_to_voice(_times(spoken), voice)
    pieces: list[_Piece] = []
    last = ""
    for place, (word, (start, end)) in enumerate(zip(spoken, times, strict=True)):
        tag = word.language or language
        join = joiner(last, word.text, tag) if place else ""
        last = word.text
        text = normalize_spaces(word.text)
        parts = [("", text)]
        if half_units(text, profile.counting) > 2 * profile.max_cpl:
            parts = split_pieces(text, tag)
        share = (end - start) / len(parts)
        for number, (inner, part) in enumerate(parts):
            begin = start + share * number
            before = inner if number else join
            pieces.append(_Piece(before, part, begin, begin + share, word))
    return pieces


def _times(words: list[Word]) -> list[tuple[Fraction, Fraction]]:
    """Starts that never fall, ends never after the next start (where that is later)."""
    starts: list[Fraction] = []
    latest = Fraction(0)
    for word in words:
        latest = max(latest, word.span.start)
        starts.append(latest)
    times: list[tuple[Fraction, Fraction]] = []
    following = [*starts[1:], None] if starts else []
    for word, start, after in zip(words, starts, following, strict=True):
        end = max(start, word.span.end)
        times.append((start, end if after is None else min(end, after)))
    return times


def _nearest(shots: Sequence[Fraction], pieces: list[_Piece]) -> tuple[int, ...]:
    """By piece: the shot changes before it, or nearer to its beginning than to its end.

    A change within a word counts for the nearer end of the word, one in a pause for the pause.
    """
    counts = [0] * len(pieces)
    starts = [piece.start for piece in pieces]
    for shot in shots:
        place = bisect_left(starts, shot)
        if place and shot < (pieces[place - 1].start + pieces[place - 1].end) / 2:
            place -= 1
        if place < len(pieces):
            counts[place] += 1
    return tuple(counts)


def _silent(
    costs: Sequence[float], pauses: list[float], options: SpottingOptions
) -> tuple[bool, ...]:
    """Pauses that end any cue."""
    long, longer = float(options.max_pause), 2 * float(options.max_pause)
    return tuple(
        pause > longer or (pause > long and cost <= 1.0)
        for cost, pause in zip(costs, pauses, strict=True)
    )


def _speakers(pieces: list[_Piece]) -> tuple[str | None, ...]:
    """Who says each piece. A word of unknown speaker is taken to be the last known one's."""
    known = (piece.word.speaker for piece in pieces)
    return tuple(accumulate(known, lambda last, here: here or last))


def _walls(
    pieces: list[_Piece],
    silent: Sequence[bool],
    speakers: Sequence[str | None],
    language: str,
) -> tuple[bool, ...]:
    """Where a cue must begin."""
    walls: list[bool] = []
    speaker: str | None = None
    tongue = language
    for piece, silence, who in zip(pieces, silent, speakers, strict=True):
        spoken = piece.word.language or language
        changed = spoken != tongue or (speaker is not None and who != speaker)
        walls.append(changed or silence)
        speaker, tongue = who, spoken
    return tuple(walls)

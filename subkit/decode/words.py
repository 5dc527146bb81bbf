"""Tokens -> words with times: alignment by cross-attention, then corrected by the audio."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.decode.onset import Activity, hold_to_sound, hold_to_voice
from subkit.decode.places import in_media
from subkit.model import Span, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.decode.timestamps import Piece
    from subkit.interfaces import SpeechWindow

__all__ = ["TimedWord", "align_words", "finish_words"]

_PREPENDED = "\"'“¿([{-"
_APPENDED = "\"'.。,，!！?？:：”)]}、"

_UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
"""Languages that Whisper's tokenizer does not split at spaces."""

_TRUST = 0.2
"""Seconds that a word may stand out of the piece its timestamps tell."""

_SHORTEST_MS = 20

_TOUCHING = 0.03
"""Seconds between two words that are said without a pause."""

_BY_LETTERS = frozenset({"en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "nb"})
"""Languages of Western Europe: their letters take about as long as those of English, in which it
was measured."""

_MOST_LETTERS = 12


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of a window: text as decoded (its leading space too), seconds from its start."""

    text: str
    start: float
    end: float
    probability: float
    tokens: int


def align_words(
    model: Any,
    encoded: Any,
    tokenizer: Any,
    pieces: Sequence[Sequence[Piece]],
    frames: Sequence[int],
) -> list[list[TimedWord]]:
    """Words of each item of a batch, seconds from the start of its pass.

    Args:
        model: The ``faster_whisper.WhisperModel``.
        encoded: The encoder's output for the batch.
        tokenizer: faster-whisper's, for the language of the items with text.
        pieces: For each item its pieces; none where it is in another language.
        frames: For each item its features' frames (10 ms each).
    """
    from faster_whisper.transcribe import merge_punctuations

    tokens = [[token for piece in item for token in piece.tokens] for item in pieces]
    if not any(tokens):
        return [[] for _ in pieces]
    aligned = model.find_alignment(tokenizer, tokens, encoded, list(frames))
    found = []
    for item, alignment in zip(pieces, aligned, strict=True):
        merge_punctuations(alignment, _PREPENDED, _APPENDED)
        words = [
            TimedWord(
                one["word"],
                float(one["start"]),
                float(one["end"]),
                float(one["probability"]),
                len(one["tokens"]),
            )
            for one in alignment
            if one["word"]
        ]
        words = _within_pieces(words, item)
        found.append(words if tokenizer.language_code in _UNSPACED else _glued(words))
    return found


def finish_words(
    words: Sequence[TimedWord],
    window: SpeechWindow,
    heard: Activity,
    language: str,
    *,
    voice: Sequence[tuple[float, float]] = (),
    shift: float = 0.0,
    by_letters: Sequence[int] = (),
) -> tuple[Word, ...]:
    """Words of the document: times in the media on whole milliseconds, in order, in the window.

    Args:
        words: Of all passes over the window, seconds of its samples.
        window: What they were heard in.
        heard: Where there is sound in it.
        language: BCP 47.
        voice: Stretches of voice in it, seconds of its samples.
        shift: Seconds that the model's alignment is early.
        by_letters: How letters move the time between two words (``Decoding.letters_ms``).
    """
    # Three dots and hearts are what is heard in noise.
    kept = [word for word in words if any(map(str.isalnum, word.text))]
    length = float(sum(part.duration for part in window.parts) or window.span.duration)
    # The first word begins with the window for alignment, which says nothing of its start.
    aligned = [
        (word.start + shift if word.start > 0 else 0.0, min(length, word.end + shift))
        for word in kept
    ]
    letters = [sum(map(str.isalnum, word.text)) for word in kept]
    times = hold_to_sound(hold_to_voice(aligned, letters, voice), heard)
    if by_letters and language.partition("-")[0] in _BY_LETTERS:
        times = _moved_by_letters(times, letters, by_letters)
    spans = _in_order(in_media(times, window), window.span)
    return tuple(
        Word(
            text=word.text.strip(),
            span=span,
            confidence=min(1.0, max(0.0, word.probability)),
            language=language,
        )
        for word, span in zip(kept, spans, strict=True)
    )


def _moved_by_letters(
    times: Sequence[tuple[float, float]], letters: Sequence[int], weights: Sequence[int]
) -> list[tuple[float, float]]:
    """Move the times between words that touch: attention gives long and short words alike.

    A word keeps half of its length at least.
    """
    before, after, always = weights
    found = [list(span) for span in times]
    for at in range(len(times) - 1):
        (start, end), (begin, stop) = times[at], times[at + 1]
        if abs(begin - end) > _TOUCHING:
            continue
        first, second = (min(count, _MOST_LETTERS) for count in letters[at : at + 2])
        wanted = (begin + end) / 2 + (before * first + after * second + always) / 1000
        place = min(max(wanted, (start + end) / 2), (begin + stop) / 2)
        found[at][1] = found[at + 1][0] = place
    return [(start, end) for start, end in found]


def _within_pieces(words: Sequence[TimedWord], pieces: Sequence[Piece]) -> list[TimedWord]:
    """Hold the first and last word of each piece to its timestamps: alignment spreads over pauses.

    Words are matched to pieces by counting tokens, which both have in the same order.
    """
    found: list[TimedWord] = []
    rest = list(words)
    for piece in pieces:
        count, mine = 0, []
        while rest and count < len(piece.tokens):
            count += rest[0].tokens
            mine.append(rest.pop(0))
        if mine and piece.start is not None and mine[0].start < piece.start < mine[0].end:
            mine[0] = replace(mine[0], start=max(mine[0].start, piece.start - _TRUST))
        if mine and piece.end is not None and mine[-1].start < piece.end < mine[-1].end:
            mine[-1] = replace(mine[-1], end=min(mine[-1].end, piece.end + _TRUST))
        found += mine
    return found + rest


def _glued(words: Sequence[TimedWord]) -> list[TimedWord]:
    """Join what has no space before it to the word before: ``"3" ".5"`` and ``"well" "-known"``."""
    found: list[TimedWord] = []
    for word in words:
        if not found or word.text[:1].isspace() or found[-1].text[-1:].isspace():
            found.append(word)
            continue
        before = found[-1]
        tokens = before.tokens + word.tokens
        sure = before.probability * before.tokens + word.probability * word.tokens
        found[-1] = TimedWord(
            before.text + word.text,
            before.start,
            max(before.end, word.end),
            sure / max(1, tokens),
            tokens,
        )
    return found


def _in_order(times: Sequence[tuple[float, float]], window: Span) -> list[Span]:
    """Spans that follow one another inside the window, 20 ms long at least where there is room."""
    low, high = _ceil_ms(window.start), int(window.end * 1000)
    if high <= low:
        return [Span(window.start, window.start) for _ in times]
    origin = float(window.start)
    least = min(_SHORTEST_MS, (high - low) // max(1, len(times)))
    spans: list[tuple[int, int]] = []
    at = low
    for start, end in times:
        begin = max(at, round((origin + start) * 1000))
        at = max(begin + least, round((origin + end) * 1000))
        spans.append((begin, at))
    limit = high
    for i in range(len(spans) - 1, -1, -1):
        begin, stop = spans[i]
        stop = min(stop, limit)
        begin = min(begin, stop - least)
        spans[i], limit = (begin, stop), begin
    return [Span(Fraction(begin, 1000), Fraction(stop, 1000)) for begin, stop in spans]


def _ceil_ms(time: Fraction) -> int:
    return -int(-time * 1000 // 1)

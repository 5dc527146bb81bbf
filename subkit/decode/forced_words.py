"""Known words -> times: the decoder is told the text and its cross-attention says when.

The text is what :func:`subkit.decode.words.align_words` has as decoded; here it is given, so every
word of it gets a time, said or not. Its probability tells whether it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.decode.encoding import encode
from subkit.decode.taking import Take
from subkit.decode.words import TimedWord, finish_words
from subkit.language import join_words
from subkit.model import Span, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.decode.features import LogMel
    from subkit.interfaces import Decoding, SpokenText

__all__ = ["align_texts"]

_TICK = 0.02
"""Seconds for each step of the encoder's output."""

_ROOM = 8
"""Tokens that the decoder needs beside the text."""

_MEDIAN = 7
"""Width of the median filter over attention, as in Whisper."""

_LEAST = 1e-9
_SPACE = "Ġ"
"""How a byte-level tokenizer writes a space."""


def align_texts(
    asked: Sequence[SpokenText],
    *,
    model: Any,
    extract: LogMel,
    padding: str,
    tokenizer: Callable[[str], Any],
    decoding: Decoding,
    threads: int,
) -> list[tuple[Word, ...]]:
    """Return the words of each text with their times in the media.

    Args:
        asked: Texts and what they are said in, as many as fit into one batch.
        model: The ``faster_whisper.WhisperModel``.
        extract: Makes its features.
        padding: What follows a window, as in :class:`Take`.
        tokenizer: Gives faster-whisper's for a BCP 47 language.
        decoding: How the model's alignment was measured to err.
        threads: Of the model.
    """
    takes = [Take(one.window, extract, padding) for one in asked]
    split = [_tokens(one, tokenizer(one.language), model.max_length - _ROOM) for one in asked]
    heard = [n for n, take in enumerate(takes) if not take.done and split[n][0]]
    times: dict[int, list[TimedWord]] = {}
    for language in dict.fromkeys(asked[n].language for n in heard):
        mine = [n for n in heard if asked[n].language == language]
        encoded = encode(model, [takes[n] for n in mine], threads=threads)
        found = model.model.align(
            encoded,
            list(tokenizer(language).sot_sequence),
            [split[n][0] for n in mine],
            [takes[n].frames for n in mine],
            median_filter_width=_MEDIAN,
        )
        for n, one in zip(mine, found, strict=True):
            times[n] = _timed(asked[n].words, *split[n], one, takes[n].seconds)
    return [
        _finished(one, take, times.get(n), decoding)
        for n, (one, take) in enumerate(zip(asked, takes, strict=True))
    ]


def _tokens(one: SpokenText, tokenizer: Any, room: int) -> tuple[list[int], list[int]]:
    """The tokens of a text, and behind which of them each word ends; what has no room is cut.

    The text is encoded as a whole, as the decoder knows it; a word begins with the first token
    that has a letter of it.
    """
    text = "".join(f"{joint}{word}" for joint, word in zip(_joints(one), one.words, strict=True))
    encoded = tokenizer.tokenizer.encode(text, add_special_tokens=False)
    tokens, starts = _with_spaces(encoded, tokenizer.tokenizer)
    tokens = tokens[:room]
    ends, at, place = [], 0, 0
    for joint, word in zip(_joints(one), one.words, strict=True):
        place += len(joint) + len(word)
        while at < len(tokens) and starts[at] < place:
            at += 1
        ends.append(at)
    return tokens, ends


def _with_spaces(encoded: Any, tokenizer: Any) -> tuple[list[int], list[int]]:
    """Tokens and where each begins in the text, a space alone joined to what follows it.

    The published tokenizer of the multilingual models lacks the merge of a space and "t": it makes
    two tokens of " to", which the decoder has never seen and takes for impossible.
    """
    tokens: list[int] = []
    starts: list[int] = []
    alone = False
    for token, name, (start, _) in zip(encoded.ids, encoded.tokens, encoded.offsets, strict=True):
        joined = tokenizer.token_to_id(f"{_SPACE}{name}") if alone else None
        if joined is None:
            tokens.append(token)
            starts.append(start)
        else:
            tokens[-1], starts[-1] = joined, start
        alone = name == _SPACE
    return tokens, starts


def _joints(one: SpokenText) -> list[str]:
    """What stands before each word."""
    joints = [" "]
    for left, right in zip(one.words, one.words[1:], strict=False):
        joined = join_words([left, right], one.language)
        joints.append(joined[len(left) : len(joined) - len(right)])
    return joints[: len(one.words)]


def _timed(
    words: Sequence[str], tokens: Sequence[int], ends: Sequence[int], found: Any, seconds: float
) -> list[TimedWord]:
    """Words with seconds from the start of the window; a word without a token has no length."""
    import numpy as np

    steps = np.array(found.alignments, dtype=np.int64).reshape(-1, 2)
    first = np.full(len(tokens) + 1, -1, np.int64)
    first[steps[::-1, 0].clip(max=len(tokens))] = steps[::-1, 1]
    starts = np.maximum.accumulate(first) * _TICK
    sure = np.log(np.maximum(np.array(found.text_token_probs, float), _LEAST))
    timed, at = [], 0
    for word, end in zip(words, ends, strict=True):
        if end > at:
            score = float(np.exp(sure[at:end].mean()))
            timed.append(TimedWord(word, float(starts[at]), float(starts[end]), score, end - at))
        else:  # no room, or its letters are in the token of the word before
            last = timed[-1] if timed and at < len(tokens) else None
            when = last.end if last else seconds
            timed.append(TimedWord(word, when, when, last.probability if last else 0.0, 0))
        at = max(at, end)
    return timed


def _finished(
    one: SpokenText, take: Take, times: Sequence[TimedWord] | None, decoding: Decoding
) -> tuple[Word, ...]:
    if times is None:
        end = one.window.span.end
        return tuple(
            Word(text=word, span=Span(end, end), confidence=0.0, language=one.language)
            for word in one.words
        )
    return finish_words(
        times,
        one.window,
        take.activity,
        one.language,
        voice=take.voice,
        shift=decoding.shift_ms / 1000,
        by_letters=decoding.letters_ms,
    )

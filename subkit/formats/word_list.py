"""Words with their times as JSON, from any recogniser or aligner: what ``subkit spot`` takes."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from subkit.errors import FormatError
from subkit.files.data_files import parse_json
from subkit.files.plain_text import Repairs, decode
from subkit.model import Span, Word

__all__ = ["read_words"]

_MILLISECONDS = 1000
_LONGEST = 100 * 3600
"""Seconds: timecode has two digits for hours, and longer programmes do not exist."""

_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,12}|/[1-9]\d{0,11})?")
_REMEDY = 'It is {"language": "en", "words": [{"text", "start", "end"}]}, in seconds.'


def read_words(data: bytes, *, name: str) -> tuple[str, list[Word]]:
    """The language (``und`` where the file does not say) and the words of a file, in its order.

    A word has ``text``, ``start`` and ``end``, and may have ``confidence`` (0 to 1) and
    ``speaker``. Times are seconds: numbers, which go to the nearest millisecond, or exact text as
    in ``"3003/1000"``. A word that ends before it begins has no length, and what begins before
    zero begins at zero: recognisers write both. The words of ``segments`` as openai-whisper,
    whisperX and stable-ts write them are taken too; one that was not aligned has no length and
    stands behind the one before it.

    Args:
        data: The file's bytes.
        name: Its name, for errors.

    Raises:
        FormatError: not JSON, or not a list of words; the word is named.
    """
    text = decode(data, name, Repairs())
    found = parse_json(text, name, remedy=_REMEDY)
    items = found.get("words") if isinstance(found, dict) else None
    if isinstance(found, dict) and items is None and isinstance(found.get("segments"), list):
        items = _of_segments(found["segments"])
    if not isinstance(items, list):
        raise FormatError(f'{name!r} has no list of "words".', remedy=_REMEDY)
    language = found.get("language")
    if not isinstance(language, (str, type(None))):
        raise FormatError(f"{name!r}: the language is not a text.", remedy=_REMEDY)
    return language or "und", [_word(item, name, at) for at, item in enumerate(items, 1)]


def _of_segments(segments: list[Any]) -> list[Any] | None:
    """The words of segments, named as in a list of words; ``None`` where no segment has any."""
    lists = [item["words"] for item in segments if isinstance(item, dict) and "words" in item]
    found: list[Any] = []
    last: Any = 0
    for word in (word for words in lists if isinstance(words, list) for word in words):
        if not isinstance(word, dict):
            found.append(word)
            continue
        start = word.get("start", last)
        last = word.get("end", start)
        plain = {"text": word.get("word", word.get("text")), "start": start, "end": last}
        score = word.get("probability", word.get("score"))
        if isinstance(score, (int, float)):
            plain["confidence"] = min(max(score, 0), 1)
        found.append({**plain, "speaker": word.get("speaker")})
    return found if lists else None


def _word(item: Any, name: str, at: int) -> Word:
    if not isinstance(item, dict):
        raise _fault(name, at, "is not an object")
    text, speaker = item.get("text"), item.get("speaker")
    if not isinstance(text, str):
        raise _fault(name, at, 'has no "text"')
    if not isinstance(speaker, (str, type(None))):
        raise _fault(name, at, "has a speaker that is not a text")
    start, end = (_time(item, key, name, at) for key in ("start", "end"))
    start = max(start, Fraction(0))
    return Word(
        text=text.strip(),
        span=Span(start, max(start, end)),
        confidence=_confidence(item.get("confidence"), name, at),
        speaker=speaker,
    )


def _time(item: dict[str, Any], key: str, name: str, at: int) -> Fraction:
    value = item.get(key)
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = Fraction(value.strip())
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        raise _fault(name, at, f'has no "{key}" in seconds')
    if not -_LONGEST <= value <= _LONGEST:  # nor is NaN
        raise _fault(name, at, f'has a "{key}" of more than 100 hours')
    if isinstance(value, float):
        return Fraction(round(value * _MILLISECONDS), _MILLISECONDS)
    return Fraction(value)


def _confidence(value: Any, name: str, at: int) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise _fault(name, at, "has a confidence that is not a number from 0 to 1")
    return float(value)


def _fault(name: str, at: int, what: str) -> FormatError:
    return FormatError(f"{name!r}: word {at} {what}.", remedy=_REMEDY)

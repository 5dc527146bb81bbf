"""JSON as openai-whisper writes it with word times (``.json``).

``{"text", "language", "segments": [{"id", "start", "end", "text", "words": [{"word", "start",
"end", "probability"}]}]}``, times in seconds. A segment is a cue; ``id`` counts from 0. Text and
words begin with a space where the language writes one, as Whisper's do. A segment has ``words``
where the cue still says what was heard: not in a translation, nor after an edit of them.

What Whisper says of its decoding (``seek``, ``tokens``, ``temperature``, ``avg_logprob``,
``compression_ratio``, ``no_speech_prob``) belongs to windows, not to cues, and is left out: see
``subkit dump``. The cue's id (``cue``), ``speaker`` and the disclosure (``note``) are added.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.formats.cue_text import in_order, one_line
from subkit.language import resolve_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Cue, Media, Track, Word

__all__ = ["WhisperJsonWriter"]

_AROUND = Fraction(2)
"""Seconds around a cue in which its words may be: times are held to the voice and to shots."""


class WhisperJsonWriter:
    """Writes JSON as openai-whisper does; see the module for the fields."""

    extension = "json"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes, without word times."""
        return self.write_words(track, media, (), note=note)

    def write_words(
        self,
        track: Track,
        media: Media,  # noqa: ARG002
        words: Sequence[Word],
        *,
        note: str = "",
    ) -> bytes:
        """The file's bytes; ``words`` are what was heard, in order of time."""
        cues = in_order(track)
        space = " " if resolve_language(track.language).spaces else ""
        document: dict[str, Any] = {
            "text": "".join(space + one_line(cue, track) for cue in cues),
            "language": track.language,
            "segments": [],
        }
        starts, after = [word.span.start for word in words], 0
        for number, cue in enumerate(cues):
            segment: dict[str, Any] = {
                "id": number,
                "start": _seconds(cue.span.start),
                "end": _seconds(cue.span.end),
                "text": space + one_line(cue, track),
                "cue": cue.id,
            }
            if cue.speaker is not None:
                segment["speaker"] = cue.speaker
            first = max(after, bisect_left(starts, cue.span.start - _AROUND))
            last = bisect_left(starts, cue.span.end + _AROUND)
            found = _words_of(cue, words, first, last)
            if found is not None:
                after = found[1]
                segment["words"] = [_plain(word, space) for word in words[slice(*found)]]
            document["segments"].append(segment)
        if note:
            document["note"] = note
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _words_of(cue: Cue, words: Sequence[Word], first: int, last: int) -> tuple[int, int] | None:
    """Where the words begin and end that make the text of a cue; ``None`` where none do."""
    wanted = _letters(cue.text)
    for begin in range(first, last) if wanted else ():
        rest = wanted
        for end in range(begin, last):
            letters = _letters(words[end].text)
            if not rest.startswith(letters):
                break
            rest = rest[len(letters) :]
            if not rest:
                return begin, end + 1
    return None


def _letters(text: str) -> str:
    """What was said, without how it is written: fixes change marks, spaces and capitals."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _plain(word: Word, space: str) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "word": space + word.text.strip(),
        "start": _seconds(word.span.start),
        "end": _seconds(word.span.end),
    }
    if word.confidence is not None:
        plain["probability"] = round(word.confidence, 4)
    return plain


def _seconds(time: Fraction) -> float:
    return round(float(time), 3)

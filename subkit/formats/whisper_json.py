"""JSON as openai-whisper writes it with word times (``.json``), and as whisperX and stable-ts do.

``{"text", "language", "segments": [{"id", "start", "end", "text", "words": [{"word", "start",
"end", "probability"}]}]}``, times in seconds. A segment is a cue; ``id`` counts from 0. Text and
words begin with a space where the language writes one, as Whisper's do. A segment has ``words``
where the cue still says what was heard: not in a translation, nor after an edit of them.

What Whisper says of its decoding (``seek``, ``tokens``, ``temperature``, ``avg_logprob``,
``compression_ratio``, ``no_speech_prob``) belongs to windows, not to cues, and is left out: see
``subkit dump``. The cue's id (``cue``), ``speaker`` and the disclosure (``note``) are added.

The reader makes a cue of each segment, its confidence the mean of its words'. Times of words have
no place in a track: ``subkit spot`` takes them from the same file.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError
from subkit.files.data_files import parse_json
from subkit.files.plain_text import Repairs, decode, split_lines
from subkit.formats.cue_text import in_order, one_line, plain_content, put_in_order
from subkit.formats.loss_tally import LossTally
from subkit.formats.losses import losses_of
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.language import resolve_language
from subkit.model import Cue, Span, Track

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Media, Word

__all__ = ["WhisperJsonReader", "WhisperJsonWriter"]

_AROUND = Fraction(2)
"""Seconds around a cue in which its words may be: times are held to the voice and to shots."""


class WhisperJsonWriter:
    """Writes JSON as openai-whisper does; see the module for the fields."""

    extension = "json"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes, without word times."""
        return self.write_words(track, media, (), note=note)

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:
        """The file's bytes with the words that were asked for, and what JSON does not hold."""
        tally = LossTally()
        for cue in in_order(track):
            if len(cue.lines) > 1:
                tally.add("line break", cue.id)
        data = self.write_words(track, media, asked.words, note=asked.note)
        losses = losses_of(track, {"speaker"}, format="json")
        return WrittenFile(data=data, losses=tally.losses(losses))

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


_REMEDY = 'It is {"language": "en", "segments": [{"start", "end", "text"}]}, in seconds.'
_LONGEST = 100 * 3600


class WhisperJsonReader:
    """Reads JSON of openai-whisper, whisperX and stable-ts; see the module for what it takes."""

    extension = "json"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and what was repaired; cue ids are ours where the file has them.

        Raises:
            FormatError: not JSON with segments; the segment is named.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """The track and what was repaired, as :meth:`read`."""
        repairs, name = Repairs(), asked.name
        found = parse_json(decode(data, name, repairs, asked.language), name, remedy=_REMEDY)
        segments = found.get("segments") if isinstance(found, dict) else None
        if not isinstance(segments, list):
            raise _fault(name, 'has no list of "segments"')
        cues = [_cue(item, name, number, repairs) for number, item in enumerate(segments, start=1)]
        if len({cue.id for cue in cues}) < len(cues):
            cues = [replace(cue, id=str(number)) for number, cue in enumerate(cues, start=1)]
        if not cues:
            repairs.add("The file holds no cue")
        told = found.get("language")
        language = told if asked.language == "und" and isinstance(told, str) and told else ""
        language = language or asked.language
        cues = put_in_order(cues, repairs)
        return plain_content(
            Track(id=language, language=language, cues=tuple(cues)), repairs, asked
        )


def _cue(item: Any, name: str, number: int, repairs: Repairs) -> Cue:
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise _fault(name, f'segment {number} has no "text"')
    start, end = (_time(item.get(key), key, name, number) for key in ("start", "end"))
    if end < start:
        repairs.add("An out-time before its in-time was made equal to it", f"segment {number}")
        end = start
    speaker, own = item.get("speaker"), item.get("cue")
    words = item.get("words")
    scores = [
        float(score)
        for word in (words if isinstance(words, list) else ())
        if isinstance(word, dict)
        and isinstance(score := word.get("probability", word.get("score")), (int, float))
        and not isinstance(score, bool)
        and 0 <= score <= 1
    ]
    return Cue(
        id=own if isinstance(own, str) and own else str(number),
        span=Span(start, end),
        lines=tuple(split_lines([item["text"].strip()])),
        speaker=speaker if isinstance(speaker, str) and speaker else None,
        confidence=sum(scores) / len(scores) if scores else None,
    )


def _time(value: Any, key: str, name: str, number: int) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _fault(name, f'segment {number} has no "{key}" in seconds')
    if not -_LONGEST <= value <= _LONGEST:  # nor is NaN
        raise _fault(name, f'segment {number} has a "{key}" of more than 100 hours')
    return max(Fraction(round(value * 1000), 1000), Fraction(0))


def _fault(name: str, what: str) -> FormatError:
    return FormatError(f"{name!r} {what}.", remedy=_REMEDY, line=1, column=1)

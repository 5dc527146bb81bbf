"""Who the voices are: characters from speakers, and their names from a screenplay.

Names are never guessed. A speaker has the name that people or tracks gave it; a screenplay names a
speaker where enough of what it says stands under one name there.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from subkit.model import Character

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from subkit.dubbing.utterances import Utterance
    from subkit.model import Transcript

__all__ = ["UNKNOWN", "ScriptLine", "cast_speakers", "script_lines", "script_names"]

UNKNOWN = "unknown"
"""Id and name of the one character of lines whose speaker nobody knows."""

_COLOURS = (
    "#ffd166", "#06d6a0", "#4cc9f0", "#f78c6b", "#c77dff", "#ef476f", "#90be6d", "#8ecae6",
)  # fmt: skip
_WORD = re.compile(r"\w+", re.UNICODE)
_ALIKE = 0.6
"""Share of a line's words that a line of the script must have, to be the same."""
_REACH = 40
"""Lines of the script that are looked at beyond the last that was found."""
_MOST = 0.6
"""Share of a speaker's matched words that must stand under one name."""
_LEAST_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptLine:
    """A speech of a screenplay: who says it, and what."""

    character: str
    text: str


def cast_speakers(
    transcript: Transcript | None,
    lines: Sequence[Utterance],
    *,
    existing: Sequence[Character] = (),
    script: Sequence[ScriptLine] = (),
) -> tuple[tuple[Character, ...], Mapping[str | None, str]]:
    """Return the characters of a title, and which of them each speaker is.

    Characters that people made stay as they are.

    Args:
        transcript: What was heard, with the names of its speakers.
        lines: What they say.
        existing: Characters that the project has.
        script: The screenplay, in order; empty without one.
    """
    characters = {one.id: one for one in existing}
    voices = {voice: one.id for one in existing for voice in one.speakers}
    named = script_names(lines, script)
    known = {one.id: one.name for one in (transcript.speakers if transcript else ())}
    sure = _confidences(transcript)
    order = Counter(line.speaker for line in lines)
    for who, _ in sorted(order.items(), key=lambda item: (-item[1], str(item[0]))):
        if who is None:
            if UNKNOWN not in characters:
                characters[UNKNOWN] = Character(id=UNKNOWN, name=UNKNOWN, origin="speaker")
            continue
        if who in voices:
            continue
        name, origin, confidence = known.get(who, who), "speaker", sure.get(who)
        if who in named:
            (name, confidence), origin = named[who], "script"
        same = next((one for one in characters.values() if one.name == name), None)
        if same is None:
            same = Character(
                id=_fresh_id(name, characters), name=name, origin=origin, confidence=confidence
            )
        characters[same.id] = replace(same, speakers=(*same.speakers, who))
        voices[who] = same.id
    cast: dict[str | None, str] = {}
    cast.update(voices)
    if UNKNOWN in characters:
        cast[None] = UNKNOWN
    return tuple(_dressed(characters.values())), cast


def script_names(
    lines: Sequence[Utterance], script: Sequence[ScriptLine]
) -> dict[str, tuple[str, float]]:
    """Return the name that a screenplay has for each speaker, and how sure that is.

    Lines and speeches are matched in their order, by their words; words that were heard wrongly
    cost little. A speaker whose lines stand under several names has none.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for line, found in zip(lines, script_lines(lines, script), strict=True):
        if line.speaker is not None and found is not None:
            votes[line.speaker][found[0]] += len(_words(line.text))
    named = {}
    for who, counted in votes.items():
        (name, most), total = counted.most_common(1)[0], sum(counted.values())
        if total >= _LEAST_WORDS and most / total >= _MOST:
            named[who] = (name, round(most / total, 3))
    return named


def script_lines(
    lines: Sequence[Utterance], script: Sequence[ScriptLine]
) -> list[tuple[str, float] | None]:
    """Return who a screenplay says speaks each line, and the share of its words that stand there.

    ``None`` where no speech near the last one that was found has enough of them.
    """
    speeches = [(one.character.strip(), _words(one.text)) for one in script]
    at, found = 0, list[tuple[str, float] | None]()
    for line in lines:
        said = _words(line.text)
        place, alike = _nearest(said, speeches, at) if len(said) > 1 else (at, 0.0)
        if alike < _ALIKE:
            found.append(None)
            continue
        found.append((speeches[place][0], round(alike, 3)))
        at = place
    return found


def _nearest(
    said: Sequence[str], speeches: Sequence[tuple[str, list[str]]], at: int
) -> tuple[int, float]:
    """The speech that holds most of some words, near the last one, and the share that it holds."""
    best, place = 0.0, at
    for number in range(max(0, at - 2), min(len(speeches), at + _REACH)):
        words = speeches[number][1]
        if not set(said) & set(words):
            continue
        matcher = SequenceMatcher(None, said, words, autojunk=False)
        share = sum(block.size for block in matcher.get_matching_blocks()) / len(said)
        if share > best:
            best, place = share, number
    return place, best


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _confidences(transcript: Transcript | None) -> dict[str, float]:
    """How sure the turns of each speaker are, by their length."""
    weight: dict[str, float] = defaultdict(float)
    total: dict[str, float] = defaultdict(float)
    for turn in transcript.turns if transcript is not None else ():
        length = float(turn.span.duration)
        weight[turn.speaker] += length
        total[turn.speaker] += length * turn.confidence
    return {who: round(total[who] / weight[who], 3) for who in total if weight[who]}


def _fresh_id(name: str, taken: Mapping[str, Character]) -> str:
    stem = "-".join(_WORD.findall(unicodedata.normalize("NFC", name).casefold())) or "character"
    number, found = 2, stem
    while found in taken:
        found, number = f"{stem}-{number}", number + 1
    return found


def _dressed(characters: Iterable[Character]) -> Iterable[Character]:
    """Each with a prefix of its own and a colour, where it has none."""
    taken: set[str] = set()
    for number, one in enumerate(characters):
        letters = "".join(char for char in one.name.upper() if char.isalnum())
        prefix, tail = one.prefix or letters[:3] or "X", 2
        while not one.prefix and prefix in taken:
            prefix, tail = f"{letters[:2]}{tail}", tail + 1
        taken.add(prefix)
        colour = one.colour or _COLOURS[number % len(_COLOURS)]
        yield replace(one, prefix=prefix, colour=colour)

"""Syllables of a text and how long it takes to say: rules and tables, no dictionary.

A Hangul block is a syllable, a Han character one, a kana a mora; elsewhere a run of vowels is one,
with what each language reads otherwise (``data/syllables.toml``). Japanese is read
first where the extra ``ja`` is installed (:mod:`subkit.language.readings`). Digits are counted as
the words they are read as. Exceptions that no rule covers ("hundred") are counted wrong.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

from subkit.language.data_tables import read_table
from subkit.language.readings import kana_reading
from subkit.language.scripts import letter_script
from subkit.language.tags import resolve_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.model import Word

__all__ = ["count_syllables", "heard_rate", "measured_tempo", "speech_rate", "speech_seconds"]

# Vowel signs and viramas of Brahmic writing are marks, not letters, and belong to the word.
_LETTER = r"(?:[^\W\d_]|[\u0900-\u0dff])"
_TOKEN = re.compile(rf"\d{{1,40}}(?:[.,]\d{{3}})*|{_LETTER}+(?:['’]{_LETTER}+)*")
_SMALL_KANA = "ぁぃぅぇぉゃゅょゎァィゥェォャュョヮ"
_MYRIAD = {"ko", "ja", "zh"}
_ALPHABETS = {"Latn", "Cyrl", "Grek"}
# Vowels are not written, or stand around their consonants: two letters are about one syllable.
_SPARSE = {"Arab", "Hebr", "Thai", "Laoo", "Khmr", "Mymr"}
_LEAST_SECONDS = 5
_FASTEST = 3 / 2
_VIRAMAS = "्্੍્୍்్್്්်្"


def count_syllables(text: str, language: str) -> int:
    """Syllables of a text when it is read aloud; morae in Japanese.

    Args:
        text: Text in one language; foreign words are counted by their own script.
        language: BCP 47 tag.
    """
    base = resolve_language(language).base
    if base == "ja":
        text = kana_reading(text)
    return sum(
        _number(token, base) if token[0].isdecimal() else _word(token.casefold(), base)
        for token in _TOKEN.findall(unicodedata.normalize("NFC", text))
    )


def speech_rate(language: str) -> float:
    """Syllables a second in that language; the mean of the measured ones where it has no number."""
    rates: dict[str, float] = read_table("syllables")["rates"]
    return rates.get(resolve_language(language).base) or sum(rates.values()) / len(rates)


def heard_rate(language: str) -> float:
    """Syllables a second between pauses of 300 ms by the word times of a recogniser.

    Each phrase counts one syllable more than it has, for its drawn-out end.
    """
    table: dict[str, float] = read_table("syllables")["heard"]
    found = table.get(resolve_language(language).base)
    return found or speech_rate(language) * table["others"]


def speech_seconds(text: str, language: str) -> float:
    """How long a text takes to say, without pauses.

    Args:
        text: The text.
        language: BCP 47 tag.
    """
    return count_syllables(text, language) / speech_rate(language)


def measured_tempo(words: Iterable[Word], language: str) -> float | None:
    """How fast words were spoken against the rate of their language: 1.2 is a fifth faster.

    The time that :func:`speech_seconds` gives their texts over the time that they took, pauses
    between them left out. It is kept between 2/3 and 3/2: what goes beyond is more likely a fault
    of the word times than a way to speak.

    Args:
        words: Recognised words of one speaker.
        language: BCP 47 tag of those that have none of their own.

    Returns:
        ``None`` with less than five seconds of words: too little to tell.
    """
    expected = taken = 0.0
    for word in words:
        expected += speech_seconds(word.text, word.language or language)
        taken += float(word.span.duration)
    if taken < _LEAST_SECONDS or not expected:
        return None
    return min(_FASTEST, max(1 / _FASTEST, expected / taken))


def _word(word: str, base: str) -> int:
    """Syllables of a word: character by character, its alphabetic stretches by their vowels."""
    count = consonants = 0
    letters = ""
    for char in re.sub("['’]", "", word):
        script = letter_script(char)
        if script in _ALPHABETS:
            letters += char
            continue
        count += _alphabetic(letters, base) + _character(char, script)
        consonants += script in _SPARSE
        letters = ""
    return count + _alphabetic(letters, base) + (consonants + 1) // 2


def _character(char: str, script: str) -> int:
    if script in {"Hani", "Hang"}:
        return 1
    if script in {"Hira", "Kana"} or char == "ー":
        return char not in _SMALL_KANA
    if script in _SPARSE:
        return 0
    # In Brahmic writing a consonant carries its vowel, unless a virama takes it away.
    return (unicodedata.category(char) == "Lo") - (char in _VIRAMAS)


def _alphabetic(letters: str, base: str) -> int:
    if not letters:
        return 0
    facts = _facts(base)
    if letters in facts.get("short", "").split():
        return 1
    spoken = re.sub(facts["mute"], "", letters) if facts.get("mute") else letters
    for ending in facts.get("apart", "").split():
        spoken = spoken.replace(ending, f"{ending[0]}e{ending[-1]}")
    vowels = _vowels()
    groups = [run for run in re.split(f"[^{vowels}]+", spoken) if run]
    apart = len(re.findall(facts["hiatus"], spoken)) if facts.get("hiatus") else 0
    return max(1, len(groups) + apart)


def _number(digits: str, base: str) -> int:
    """Syllables of a whole number; of one too long to be said, of its digits one by one."""
    tables: dict[str, Any] = read_table("syllables")["numbers"]
    facts = tables.get(base, tables["en"])
    number = [unicodedata.digit(char) for char in digits if char.isdecimal()]
    value = int("".join(map(str, number[:9])))
    if base in _MYRIAD:
        each = facts["digits"]
        spoken = sum(each[digit] for digit in number)
        return spoken if len(number) > 8 else _myriads(value, facts)
    if len(number) > 9:
        return sum(facts["units"][digit] for digit in number)
    return _thousands(value, facts) or int(facts["units"][0])


def _thousands(value: int, facts: dict[str, Any]) -> int:
    count = 0
    for size, place in ((1_000_000, 2), (1000, 1), (100, 0)):
        if value >= size:
            times, value = divmod(value, size)
            silent = times == 1 and place < 2 and facts.get("bare_one", False)
            count += (0 if silent else _thousands(times, facts)) + facts["places"][place]
    if value >= 20:
        count += facts["tens"][value // 10 - 2]
        value %= 10
        count += facts.get("link", 0) if value else 0
    return count + (facts["units"][value] if value else 0)


def _myriads(value: int, facts: dict[str, Any]) -> int:
    if value == 0:
        return int(facts["digits"][0])
    count = 0
    for size, place in ((10_000, 3), (1000, 2), (100, 1), (10, 0)):
        times, value = divmod(value, size)
        if times:
            # "ten", not "one ten".
            count += (_myriads(times, facts) if times > 1 else 0) + facts["places"][place]
    return count + (int(facts["digits"][value]) if value else 0)


def _facts(base: str) -> dict[str, str]:
    found: dict[str, str] = read_table("syllables")["languages"].get(base, {})
    return found


@cache
def _vowels() -> str:
    return "".join(read_table("syllables")["vowels"].values())

"""Numbers in words: English, German, Korean."""

from __future__ import annotations

__all__ = ["english_number", "english_ordinal", "german_number", "korean_number"]


def _words(text: str) -> list[str]:
    return text.split()


_ONES = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = _words("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
_SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}

_EINS = _words(
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    "fünfzehn sechzehn siebzehn achtzehn neunzehn"
)
_ZEHN = _words("null zehn zwanzig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig")

_SINO = ("", *"일이삼사오육칠팔구")
_NATIVE = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


def english_number(value: int, *, year: bool = False) -> list[str]:
    """The words of a number below a thousand billion; of a year in two halves.

    Args:
        value: Not negative.
        year: It has four digits and no comma: 1813 is eighteen thirteen.
    """
    if year and 1100 <= value < 2000:
        high, low = divmod(value, 100)
        if not low:
            return [*english_number(high), "hundred"]
        return [*english_number(high), *(["oh"] if low < 10 else []), *english_number(low)]
    if value < 20:
        return [_ONES[value]]
    if value < 100:
        tens, ones = divmod(value, 10)
        return [_TENS[tens], *([_ONES[ones]] if ones else [])]
    for size, name in _SCALES:
        if value >= size:
            many, rest = divmod(value, size)
            return [*english_number(many), name, *(english_number(rest) if rest else [])]
    raise AssertionError(value)


def english_ordinal(value: int) -> list[str]:
    """The words of an ordinal number: 21 is twenty first."""
    *before, last = english_number(value)
    if last in _ORDINALS:
        return [*before, _ORDINALS[last]]
    return [*before, last[:-1] + "ieth" if last.endswith("y") else last + "th"]


def german_number(value: int, *, year: bool = False) -> str:
    """A number below a million as its one word, with ss for ß; of a year in hundreds."""
    if value == 1:
        return "eins"
    return _german(value, year=year)


def _german(value: int, *, year: bool = False) -> str:
    if year and 1100 <= value < 2000:
        high, low = divmod(value, 100)
        return _german(high) + "hundert" + (german_number(low) if low else "")
    if value < 20:
        return _EINS[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return (_EINS[ones] + "und" if ones else "") + _ZEHN[tens]
    if value < 1000:
        many, rest = divmod(value, 100)
        return _EINS[many] + "hundert" + (german_number(rest) if rest else "")
    many, rest = divmod(value, 1000)
    return _german(many) + "tausend" + (german_number(rest) if rest else "")


def korean_number(value: int, *, native: bool = False) -> str:
    """A number in Hangul: Sino-Korean, or native below a hundred as before counters."""
    if native and 0 < value < 100:
        tens, ones = divmod(value, 10)
        if value == 20:
            return "스무"
        return _NATIVE_TENS[tens] + _NATIVE[ones]
    if not value:
        return "영"
    parts = []
    for size, name in ((10**8, "억"), (10**4, "만"), (1, "")):
        many, value = divmod(value, size)
        if many:
            # Ten thousand alone is 만, not 일만.
            parts.append(("" if many == 1 and name == "만" else _below_myriad(many)) + name)
    return "".join(parts)


def _below_myriad(value: int) -> str:
    made = ""
    for size, name in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
        digit, value = divmod(value, size)
        if digit:
            made += ("" if digit == 1 and name else _SINO[digit]) + name
    return made

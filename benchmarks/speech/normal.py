"""Text as it is compared: what is only another way to write the same sound must be the same.

English: lower case, numbers and titles spelled, contractions in full, American spelling, no
fillers. German: numbers spelled, ss for ß, no hyphens. Korean, Japanese and Chinese: single
characters, Korean numbers in Hangul. In the mixed film every script is treated as its own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from benchmarks.speech.spelled import (
    english_number,
    english_ordinal,
    german_number,
    korean_number,
)

__all__ = ["by_character", "tokens", "tokens_of_words"]

_CHARACTERS = frozenset({"ko", "ja", "zh"})
_FILLERS = frozenset({"um", "uh", "uhm", "hm", "hmm", "mm", "mhm", "er", "erm"})
_WHOLE = {
    "won't": "will not",
    "can't": "can not",
    "cannot": "can not",
    "shan't": "shall not",
    "ain't": "is not",
    "let's": "let us",
    "'tis": "it is",
    "tis": "it is",
    "'twas": "it was",
    "twas": "it was",
    "on't": "on it",
    "yknow": "you know",
    "y'know": "you know",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "ok": "okay",
    "o.k.": "okay",
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "st": "saint",
    "vs": "versus",
    "etc": "et cetera",
    "thats": "that is",
    "dont": "do not",
    "&": "and",
    "%": "percent",
    "grey": "gray",
    "theatre": "theater",
    "centre": "center",
    "metre": "meter",
    "fibre": "fiber",
    "defence": "defense",
    "offence": "offense",
    "licence": "license",
    "practise": "practice",
    "cheque": "check",
    "plough": "plow",
    "programme": "program",
    "storey": "story",
    "tyre": "tire",
    "travelled": "traveled",
    "travelling": "traveling",
    "traveller": "traveler",
    "cancelled": "canceled",
    "marvellous": "marvelous",
    "jewellery": "jewelry",
    "woollen": "woolen",
    "mould": "mold",
    "towards": "toward",
    "afterwards": "afterward",
    "whilst": "while",
    "amongst": "among",
}
_ENDINGS = (
    ("n't", "not"),
    ("'re", "are"),
    ("'ll", "will"),
    ("'ve", "have"),
    ("'m", "am"),
    ("'d", "would"),
)
_IS = frozenset(
    ("it", "that", "there", "he", "she", "what", "who", "where", "here", "how", "when", "nothing")
)
_OUR = re.compile(
    "(col|fav|hon|hum|flav|neighb|harb|lab|behavi|parl|rum|vap|od|arm|sav|endeav|val|splend|clam"
    "|ferv|vig|dol|glam|cand|ranc|tum)our"
)
_ISE = re.compile(
    "((?:organ|real|recogn|apolog|critic|emphas|memor|modern|agon|author|civil|colon|general"
    "|harmon|minim|maxim|mobil|neutral|normal|special|stabil|summar|symbol|sympath|util|visual"
    "|character|penal|local|final|equal|fertil|galvan|hypnot|immun|patron|satir|scrutin|tantal)i)"
    "s(e|ed|es|er|ing|ation)$"
)
_GERMAN_LONG = {
    "z.b.": "zum beispiel",
    "v.a.": "vor allem",
    "u.a.": "unter anderem",
    "d.h.": "das heisst",
    "usw.": "und so weiter",
    "bzw.": "beziehungsweise",
    "dr.": "doktor",
    "nr.": "nummer",
}
_GERMAN_SHORT = re.compile(
    r"\b(?:z\. ?b|v\. ?a|u\. ?a|d\. ?h|usw|bzw|dr|nr)\.(?!\w)",
)
_NATIVE_COUNTERS = re.compile(
    r"(?<![\d.])(\d{1,2})(?=(?:명|살|시(?!즌|스템)|마리|잔|차례|번째|사람|가지|달(?!러)|군데|그루))"
)
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        re.split(
            "[|]",
            "에이|비|씨|디|이|에프|지|에이치|아이|제이|케이|엘|엠"
            "|엔|오|피|큐|알|에스|티|유|브이|더블유|엑스|와이|지",
        ),
        strict=True,
    )
)


def by_character(language: str) -> bool:
    """Whether errors are counted by characters (syllables in Korean) rather than words."""
    return language in _CHARACTERS


@lru_cache(maxsize=200_000)
def tokens(text: str, language: str) -> tuple[str, ...]:
    """What is compared of a text.

    Args:
        text: Of one word or many.
        language: BCP 47; ``"mixed"`` if it is not known.
    """
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("‘", "'")
    text = text.replace("ʼ", "'").replace("`", "'")
    if language == "en":
        return tuple(_english(text))
    if language == "de":
        return tuple(_german(text))
    if language == "ko":
        return tuple(_korean(text))
    return tuple(_plain(text))


def tokens_of_words(words: list[str], language: str) -> tuple[list[str], list[int]]:
    """The tokens of timed words, and of each the number of the word it is from."""
    made: list[str] = []
    owners: list[int] = []
    for number, word in enumerate(words):
        found = tokens(word, language)
        made += found
        owners += [number] * len(found)
    return made, owners


def _english(text: str) -> list[str]:
    text = re.sub(r"\d{1,3}(?:,\d{3})+(?!\d)", _english_thousands, text)
    text = re.sub(r"[$£€](\d+)", r"\1 dollars", text)
    text = text.replace("%", " % ").replace("&", " & ")
    found: list[str] = []
    for word in re.findall(r"[\w'.%&]+", text):
        who = word.removesuffix("'s")
        parts = [who, "is"] if who != word and who in _IS else _english_word(word)
        for part in parts:
            found += [_american(one) for one in part.split()]
    return [word for word in found if word and word not in _FILLERS]


def _english_thousands(found: re.Match[str]) -> str:
    """A number with commas is no year."""
    value = int(found[0].replace(",", ""))
    return " ".join(english_number(value)) if value < 10**12 else found[0]


def _english_word(word: str) -> list[str]:
    word = word.strip(".'") if word not in {"'tis", "'twas"} else word
    if word in _WHOLE:
        return [_WHOLE[word]]
    if word[:1].isdecimal():
        said = _english_digits(word)
        if said:
            return said
    for ending, full in _ENDINGS:
        if word.endswith(ending):
            return [word.removesuffix(ending), full]
    # Letters and digits together, and initials: A.M., A4.
    parts = re.findall(r"[^\W\d_]+|\d+", word.replace("'", "").replace(".", ""))
    return [one for part in parts for one in (_english_word(part) if part != word else [part])]


def _english_digits(word: str) -> list[str]:
    """Cardinal and ordinal numbers, years, decades, decimals; nothing for other words."""
    number = re.fullmatch(r"(\d{1,12})(st|nd|rd|th|s)?", word)
    if number:
        value, ending = int(number[1]), number[2] or ""
        if ending not in {"", "s"}:
            return english_ordinal(value)
        said = english_number(value, year=len(number[1]) == 4)
        return [*said[:-1], _plural(said[-1])] if ending else said
    decimal = re.fullmatch(r"(\d{1,12})\.(\d+)", word)
    if decimal:
        after = [one for digit in decimal[2] for one in english_number(int(digit))]
        return [*english_number(int(decimal[1])), "point", *after]
    return []


def _american(word: str) -> str:
    word = _WHOLE.get(word, word) if " " not in _WHOLE.get(word, word) else word
    return _ISE.sub(r"\1z\2", _OUR.sub(r"\1or", word))


def _plural(word: str) -> str:
    return word[:-1] + "ies" if word.endswith("y") else word + "s"


def _german(text: str) -> list[str]:
    text = text.replace("ß", "ss").replace("'", "").replace("%", " prozent ")
    text = _GERMAN_SHORT.sub(lambda m: _GERMAN_LONG[m[0].replace(" ", "")], text)
    text = re.sub(r"\d{1,3}\.\d{3}(?!\d)", lambda m: _german_thousands(m[0]), text)
    text = re.sub(r"(\d),(\d)", r"\1 komma \2", text)
    found = []
    for word in re.findall(r"[^\W\d_]+|\d+", text):
        short = word.isdecimal() and len(word) <= 6
        found.append(german_number(int(word), year=len(word) == 4) if short else word)
    return found


def _german_thousands(text: str) -> str:
    return german_number(int(text.replace(".", "")))


def _korean(text: str) -> list[str]:
    text = re.sub(r"(\d),(?=\d{3})", r"\1", text)
    text = text.replace("%", "퍼센트").replace("쩜", "점")
    text = _NATIVE_COUNTERS.sub(lambda m: korean_number(int(m[1]), native=True), text)
    text = re.sub(
        r"(\d+)\.(\d+)",
        lambda m: korean_number(int(m[1])) + "점" + "".join(map(_digit, m[2])),
        text,
    )
    text = re.sub(r"\d{1,12}", lambda m: korean_number(int(m[0])), text)
    text = "".join(_LETTERS.get(letter, letter) for letter in text)
    return [letter for letter in text if unicodedata.category(letter)[0] in "LN"]


def _digit(digit: str) -> str:
    return korean_number(int(digit))


def _plain(text: str) -> list[str]:
    """Words; single characters in scripts that put no spaces between words, and in Hangul."""
    found: list[str] = []
    for word in re.findall(r"[\w']+", text.replace("ß", "ss")):
        rest = ""
        for letter in word:
            if _is_east_asian(letter):
                found += [rest, letter]
                rest = ""
            elif letter != "'":
                rest += letter
        found.append(rest)
    return [one for one in found if one]


def _is_east_asian(letter: str) -> bool:
    return any(
        low <= letter <= high
        for low, high in (("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uac00", "\ud7a3"))
    )

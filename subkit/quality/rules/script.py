"""Rules on the writing: the script of the language, and letters that only look alike."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from subkit.language import resolve_language, script_of
from subkit.quality.rule import ERROR, WARNING, Breach, CueRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["RULES", "fits_script"]

_WORD = re.compile(r"[^\W\d_]+")
_ALIKE = {"Latn", "Cyrl", "Grek"}
_NAMES = {
    "Arab": "Arabic",
    "Armn": "Armenian",
    "Beng": "Bengali",
    "Cyrl": "Cyrillic",
    "Deva": "Devanagari",
    "Ethi": "Ethiopic",
    "Geor": "Georgian",
    "Grek": "Greek",
    "Gujr": "Gujarati",
    "Guru": "Gurmukhi",
    "Hang": "Hangul",
    "Hani": "Chinese",
    "Hans": "simplified Chinese",
    "Hant": "traditional Chinese",
    "Hebr": "Hebrew",
    "Hira": "Hiragana",
    "Jpan": "Japanese",
    "Kana": "Katakana",
    "Khmr": "Khmer",
    "Knda": "Kannada",
    "Kore": "Korean",
    "Laoo": "Lao",
    "Latn": "Latin",
    "Mlym": "Malayalam",
    "Mymr": "Burmese",
    "Sinh": "Sinhala",
    "Taml": "Tamil",
    "Telu": "Telugu",
    "Thai": "Thai",
    "Tibt": "Tibetan",
}
_FAMILIES = (
    {"Jpan", "Hira", "Kana", "Hani", "Hans", "Hant"},
    {"Kore", "Hang", "Hani"},
    {"Hani", "Hans", "Hant"},
)


def fits_script(script: str, wanted: str) -> bool:
    """Whether a text in ``script`` may be one in ``wanted``: Han alone may be Japanese."""
    return script == wanted or any(script in f and wanted in f for f in _FAMILIES)


def _script_name(code: str) -> str:
    """Return what people call a script (ISO 15924), or its code where there is no such name."""
    return _NAMES.get(code, code)


def _wrong_script(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A text whose letters are of another writing than the language's.

    Latin names, titles and abbreviations stand in any track, so Latin letters count from four words
    in a row with a small letter among them.
    """
    language = resolve_language(subject.track.language)
    if language.base == "und":
        return
    script = script_of(cue.text)
    wanted = {language.script, resolve_language(cue.language or language.tag).script}
    if script == "Zyyy" or any(fits_script(script, item) for item in wanted):
        return
    words = _WORD.findall(cue.text)
    small = [word for word in words if word.islower()]
    if script == "Latn" and not (len(words) >= 4 and len(small) >= 2):
        return
    yield Breach(
        cue=cue,
        measured=script,
        limit=language.script,
        fault=(
            f"is written in {_script_name(script)} letters, not in "
            f"{_script_name(language.script)} as {language.name} is"
        ),
    )


def _mixed_script(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A word of Latin, Greek and Cyrillic letters together: they look alike and are not.

    Such a word is not found by a search and may be drawn in two fonts (Unicode UTS #39).
    """
    if cue.text.isascii():
        return
    for word in _WORD.findall(cue.text):
        scripts = Counter(script_of(char) for char in word)
        if len(_ALIKE & set(scripts)) > 1 and len(word) > 1:
            rare = min((s for s in scripts if s in _ALIKE), key=lambda s: scripts[s])
            odd = "".join(char for char in word if script_of(char) == rare)
            yield Breach(
                cue=cue,
                measured=word,
                fault=f"has {_script_name(rare)} letters ({odd}) inside the word {word!r}",
            )


RULES = (
    CueRule("wrong-script", WARNING, _wrong_script),
    CueRule("mixed-script", ERROR, _mixed_script),
)

"""Words in another language than their window, recognised by their script.

A window is decoded in one language, but Whisper writes what it hears: a Korean line in an English
window comes out in Hangul. Two languages of one script are not told apart here: a name or a loan
would be taken for a change of language far more often than a real one would be found.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.decode.window_language import from_whisper
from subkit.errors import PlanError
from subkit.language import parse_language, script_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Word

__all__ = ["mark_switches"]

_FAMILIES = {"Hans": "Hani", "Hant": "Hani"}
_WRITTEN_IN = {"Jpan": {"Hani"}, "Kore": {"Hani"}}
"""Scripts that a writing uses too."""

_USUAL = {
    "Latn": "en",
    "Hani": "zh",
    "Jpan": "ja",
    "Kore": "ko",
    "Cyrl": "ru",
    "Arab": "ar",
    "Deva": "hi",
}
"""The language most heard in a script, where the window sounds like none of it."""

_LEAST_LATIN = 2
"""Words in Latin letters, one after the other, that are more than a name or an abbreviation."""


def mark_switches(words: Sequence[Word], language: str, heard: Sequence[str]) -> tuple[Word, ...]:
    """The words, those in another script in the language of that script.

    Args:
        words: Of one window.
        language: BCP 47 language that it was decoded in.
        heard: Whisper's codes of the languages it sounds like, the likeliest first: of several
            languages in a script, the first one is meant.
    """
    own = _script(language)
    if not own:
        return tuple(words)
    found: list[Word] = []
    for script, run in itertools.groupby(words, lambda word: _foreign(word.text, own)):
        spoken = list(run)
        if not script or (script == "Latn" and len(spoken) < _LEAST_LATIN):
            found += spoken
            continue
        codes = [code for code in map(from_whisper, heard) if _script(code) == script]
        other = codes[0] if codes else _USUAL.get(script, f"und-{script}")
        found += [replace(word, language=other) for word in spoken]
    return tuple(found)


def _foreign(text: str, own: str) -> str:
    """The script of a word where the language is not written in it, else nothing."""
    script = script_of(text)
    script = _FAMILIES.get(script, script)
    return "" if script in {"Zyyy", own} or script in _WRITTEN_IN.get(own, ()) else script


def _script(language: str) -> str:
    """The script that a language is written in, nothing where it is not known."""
    if language.startswith("und"):
        return ""
    try:
        script = parse_language(language).script
    except PlanError:
        return ""
    return _FAMILIES.get(script, script)

"""Determine the speech level of each sentence, without guessing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from subkit.language import resolve_language, sentences
from subkit.terminology.japanese_endings import japanese_level
from subkit.terminology.korean_endings import korean_level
from subkit.terminology.pronouns import pronoun_level
from subkit.terminology.speech_levels import register_languages

__all__ = ["Reading", "classify", "read_levels"]

_TAGS = re.compile(r"<[^<>]{0,80}>|\{[^{}]{0,80}\}|[♪♫♩♬#]")
_SOUNDS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]|（[^（）]{0,200}）")
_QUOTED_JA = re.compile(r"「[^「」]*」|『[^『』]*』")
_LABEL = re.compile(r"^\s*(?:-\s*)?[^\W\d_][\w .'-]{0,24}:\s(?=\S)")
MAX_SENTENCE = 2000
"""Characters of one sentence that are looked at: its end in Korean and Japanese, else all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A sentence, its level of speech, and the word that shows it; empty where none does."""

    sentence: str
    level: str
    evidence: str


def classify(sentence: str, language: str) -> str:
    """The level of one sentence, see :func:`subkit.terminology.levels_of`; empty if it has none."""
    return _reading(sentence, language).level


def read_levels(text: str, language: str) -> tuple[Reading, ...]:
    """A reading for each sentence of a cue or a translation.

    Tags, notes, sounds in brackets and speaker labels are left out. Without a language that makes
    the choice there are no readings.

    Args:
        text: One or more sentences, over any number of lines.
        language: BCP 47.
    """
    if resolve_language(language).base not in register_languages():
        return ()
    plain = _SOUNDS.sub(" ", _TAGS.sub("", unicodedata.normalize("NFC", text)))
    lines = (_LABEL.sub("", line).lstrip("-‐‑–— ") for line in plain.split("\n"))
    joined = " ".join(line for line in lines if line.strip())
    return tuple(_reading(sentence, language) for sentence in sentences(joined, language))


def _reading(sentence: str, language: str) -> Reading:
    base = resolve_language(language).base
    text = unicodedata.normalize("NFC", sentence)[-MAX_SENTENCE:].strip()
    if base == "ko":
        level, evidence = korean_level(text)
    elif base == "ja":
        outside = _QUOTED_JA.sub("", text)
        level, evidence = japanese_level(outside if outside.strip(" 。！？…") else text)
    elif base in register_languages():
        level, evidence = pronoun_level(text, base)
    else:
        level = evidence = ""
    return Reading(sentence=sentence, level=level, evidence=evidence)

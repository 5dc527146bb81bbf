"""The spell check: words that neither the dictionary nor the project knows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from subkit.language import is_sentence_end
from subkit.language.dictionaries import load_dictionary, why_no_dictionary
from subkit.language.tags import resolve_language
from subkit.quality.rule import WARNING, Breach, TrackRule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from subkit.interfaces import Subject
    from subkit.language.dictionaries import Dictionary
    from subkit.model import Cue

__all__ = ["SPELLING", "spelling_rule"]

SPELLING = "spelling"

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TAG = re.compile(r"<[^>]*>|\{[^}]*\}")
_CAPITAL_NOUNS = frozenset({"de", "lb"})
"""Languages in which every noun has a capital: there it is no sign of a name."""


def spelling_rule(*, known: Collection[str] = ()) -> TrackRule:
    """Return the rule that checks words against the dictionary of their language.

    Words of the glossary and the names of speakers are known; so are words that stand inside a
    sentence with a capital, which are names. A language without a dictionary has no findings; ask
    :func:`subkit.language.dictionaries.why_no_dictionary`.

    Args:
        known: Further words, in any case: those of the project.
    """
    return TrackRule(SPELLING, WARNING, _Spelling(frozenset(map(_folded, known))))


@dataclass(frozen=True)
class _Spelling:
    """A word that the dictionary of the language does not have."""

    known: frozenset[str] = field(default=frozenset())

    def __call__(self, subject: Subject) -> Iterator[Breach]:
        language = subject.track.language
        if why_no_dictionary(language):
            return
        dictionary = load_dictionary(language)
        known = self.known | _words_of_project(subject) | _names(subject)
        name = resolve_language(language).name
        for cue in subject.track.cues:
            if cue.language not in {None, language}:
                continue
            for word in dict.fromkeys(_words(cue)):
                if _is_known(word, dictionary, known):
                    continue
                fault = f"has {word!r}, which the {name} dictionary lacks"
                yield Breach(cue=cue, measured=word, fault=fault)


def _is_known(word: str, dictionary: Dictionary, known: frozenset[str]) -> bool:
    plain = word.replace("’", "'")
    if len(plain) == 1 or _folded(word) in known or dictionary.knows(plain):
        return True
    parts = [part for part in plain.split("'") if len(part) > 1]  # l'amour, Hugo's
    return all(_folded(part) in known or dictionary.knows(part) for part in parts)


def _words(cue: Cue) -> list[str]:
    return _WORD.findall(_TAG.sub(" ", cue.text))


def _words_of_project(subject: Subject) -> frozenset[str]:
    """Return the words of the glossary, in both languages, and the names of speakers."""
    texts = [text for term in subject.glossary for text in (term.source, term.target, *term.others)]
    speakers = subject.transcript.speakers if subject.transcript else ()
    texts += [speaker.name for speaker in speakers]
    texts += [cue.speaker for cue in subject.track.cues if cue.speaker]
    return frozenset(_folded(word) for text in texts for word in _WORD.findall(text or ""))


def _names(subject: Subject) -> frozenset[str]:
    """Return the words that have a capital where none is due: inside a sentence."""
    if resolve_language(subject.track.language).base in _CAPITAL_NOUNS:
        return frozenset()
    found: set[str] = set()
    inside, language = False, subject.track.language
    for cue in subject.track.cues:
        for token in cue.text.split():
            word = _WORD.search(token)
            if word is not None:
                text = word.group()
                if inside and text[0].isupper() and not (text.isupper() and len(text) > 1):
                    found.add(_folded(text))
                inside = True
            if is_sentence_end(token, language) or token[:1] in "-–—":
                inside = False
    return frozenset(found)


def _folded(word: str) -> str:
    return word.strip().replace("’", "'").casefold()

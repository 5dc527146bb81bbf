"""Parallel film-dialogue grammar in English, Spanish and Korean.

The grammar is the only source of text for the demo models. It lives in two tables,
``data/templates.tsv`` (sentence patterns) and ``data/slots.tsv`` (what fills their slots); every
row holds the same meaning in the three languages, so each drawn sentence is a reference
translation of itself.

About 4 % of the sentences are *held out*: an MD5 rule over the English text decides, so training
and evaluation agree on the split without a list of sentences.
"""

from __future__ import annotations

import csv
import hashlib
import random
import re
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "es", "ko")
DATA_FOLDER = Path(__file__).parent / "data"
HELD_OUT_MODULUS = 25

_SLOT = re.compile(r"\{(\w+)(?::([^}]+))?\}")
_KOREAN_PARTICLES = {
    "이": ("이", "가"),
    "을": ("을", "를"),
    "은": ("은", "는"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
    "이야": ("이야", "야"),
}
_HANGUL_FIRST = 0xAC00
_HANGUL_COUNT = 11172
_HANGUL_FINALS = 28
_FINAL_RIEUL = 8

Sentence = dict[str, str]
"""One sentence in all languages: language code to text."""


@dataclass(frozen=True)
class Template:
    """One sentence pattern.

    Attributes:
        patterns: language code to pattern; ``{slot}`` marks a slot and ``{slot:particle}`` a slot
            that takes a Korean particle (given in its form after a consonant).
        slots: names of the slots of the English pattern, in order.
    """

    patterns: dict[str, str]
    slots: tuple[str, ...]


def _read_table(name: str) -> list[dict[str, str]]:
    with (DATA_FOLDER / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def _final_consonant(word: str) -> int:
    """Index of the final consonant of a word's last Hangul syllable; 0 if there is none."""
    code = ord(word[-1]) - _HANGUL_FIRST
    return code % _HANGUL_FINALS if 0 <= code < _HANGUL_COUNT else 0


def attach_particle(word: str, particle: str) -> str:
    """Joins a Korean particle to a word in the form that the word's ending asks for.

    Args:
        word: Korean word.
        particle: the particle's form after a consonant, a key of the particle table.

    Returns:
        Word and particle, written together.
    """
    after_consonant, after_vowel = _KOREAN_PARTICLES[particle]
    final = _final_consonant(word)
    if particle == "으로":
        return word + (after_vowel if final in (0, _FINAL_RIEUL) else after_consonant)
    return word + (after_consonant if final else after_vowel)


class Grammar:
    """The grammar, read from its two tables.

    Attributes:
        slots: slot name to its fillers, each a mapping of language to text.
        templates: sentence patterns.
        weights: sampling weight of each template: its number of sentences to the power 0.35,
            so that patterns with many sentences do not crowd out the small ones.
    """

    def __init__(self) -> None:
        self.slots: dict[str, list[dict[str, str]]] = {}
        for row in _read_table("slots.tsv"):
            self.slots.setdefault(row.pop("slot"), []).append(row)
        self.templates = [
            Template(row, tuple(slot for slot, _ in _SLOT.findall(row["en"])))
            for row in _read_table("templates.tsv")
        ]
        self.weights = [self.count(template) ** 0.35 for template in self.templates]

    def count(self, template: Template) -> int:
        """Number of sentences that a template can make."""
        number = 1
        for slot in template.slots:
            number *= len(self.slots[slot])
        return number

    def realise(self, template: Template, fillers: dict[str, dict[str, str]]) -> Sentence:
        """Fills a template in every language.

        Args:
            template: the pattern.
            fillers: slot name to the chosen row of ``slots``.

        Returns:
            The sentence in each language.
        """
        return {language: _fill(template, fillers, language) for language in LANGUAGES}

    def sample(self, generator: random.Random) -> Sentence:
        """Draws one sentence, held out or not."""
        template = generator.choices(self.templates, self.weights)[0]
        fillers = {slot: generator.choice(rows) for slot, rows in self.slots.items()}
        return self.realise(template, fillers)

    def sample_split(self, generator: random.Random, held_out: bool) -> Sentence:
        """Draws one sentence of the training part or of the held-out part."""
        while True:
            sentence = self.sample(generator)
            if is_held_out(sentence) == held_out:
                return sentence


def _fill(template: Template, fillers: dict[str, dict[str, str]], language: str) -> str:
    def replace(match: re.Match[str]) -> str:
        word = fillers[match.group(1)][language]
        return attach_particle(word, match.group(2)) if match.group(2) else word

    text = _SLOT.sub(replace, template.patterns[language])
    if language == "es":
        text = re.sub(r"\bde el\b", "del", text)
        text = re.sub(r"\ba el\b", "al", text)
    first_letter = len(text) - len(text.lstrip("¿¡"))
    return text[:first_letter] + text[first_letter].upper() + text[first_letter + 1 :]


def is_held_out(sentence: Sentence) -> bool:
    """Whether a sentence is kept out of all training data (MD5 of the English text, mod 25)."""
    digest = hashlib.md5(sentence["en"].encode(), usedforsecurity=False).hexdigest()
    return int(digest, 16) % HELD_OUT_MODULUS == 0


def held_out_sentences(count: int, seed: int = 5) -> list[Sentence]:
    """Different held-out sentences."""
    draw = random.Random(seed)
    grammar = Grammar()
    found: dict[str, Sentence] = {}
    while len(found) < count:
        sentence = grammar.sample_split(draw, held_out=True)
        found.setdefault(sentence["en"], sentence)
    return list(found.values())

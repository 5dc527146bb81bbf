"""Placeholders for terms during translation, and which of them a model returns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from subkit.language import resolve_language
from subkit.language.data_tables import read_table
from subkit.terminology import correct_particle
from subkit.terminology.korean import is_suffix

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.interfaces import Translator

__all__ = ["ENOUGH", "Placeholder", "Probed", "find_placeholder", "more_like", "probe_placeholders"]

ENOUGH = 0.5
"""Share of the probing sentences in which a placeholder must come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A placeholder for a term.

    Attributes:
        source: As it is written into the source.
        targets: The spellings in which it may come back: itself, or a name in the target language.
        is_name: A name that the model knows; it can stand for names alone.
    """

    source: str
    targets: tuple[str, ...]
    is_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """How a placeholder fared: in how many of the probing sentences it came back exactly once."""

    placeholder: Placeholder
    survived: int
    tried: int

    @property
    def share(self) -> float:
        """Share of sentences in which it came back."""
        return self.survived / self.tried


def probe_placeholders(translator: Translator, source: str, target: str) -> list[Probed]:
    """Try every kind of placeholder on a few sentences of one direction; the best first.

    Opaque signs go before names of equal share, since they can stand for anything.

    Raises:
        EngineError: the engine failed.
    """
    table = read_table("placeholders", "subkit.terminology")
    base = resolve_language(source).base
    carriers = table["carriers"].get(base, table["carriers"]["other"])
    candidates = [*_opaque(1), *_names(source, target)]
    texts = [
        _put_in(carrier, placeholder.source, base)
        for placeholder in candidates
        for carrier in carriers
    ]
    answers = translator.translate(texts, source, target)
    probed = []
    for number, placeholder in enumerate(candidates):
        found = answers[number * len(carriers) : (number + 1) * len(carriers)]
        survived = sum(
            len(find_placeholder(answer[0].text, placeholder, target)) == 1 for answer in found
        )
        probed.append(Probed(placeholder=placeholder, survived=survived, tried=len(carriers)))
    return sorted(probed, key=lambda p: (-p.share, p.placeholder.is_name))


def more_like(placeholder: Placeholder, count: int) -> tuple[Placeholder, ...]:
    """``count`` of the same opaque form, each with a number of its own; a name stays alone."""
    if placeholder.is_name:
        return (placeholder,)
    place = [one.source for one in _opaque(1)].index(placeholder.source)
    return tuple(list(_opaque(number))[place] for number in range(1, count + 1))


def find_placeholder(text: str, placeholder: Placeholder, language: str) -> list[tuple[int, int]]:
    """Find a placeholder in a translation as a separate word; particles may follow it."""
    facts = resolve_language(language)
    return [
        match.span(1)
        for match in _pattern(placeholder.targets, facts.spaces).finditer(text)
        if facts.base != "ko" or is_suffix(_hangul_after(text, match.end(1)))
    ]


def _put_in(carrier: str, form: str, base: str) -> str:
    start = carrier.index("{}")
    text = carrier.replace("{}", form, 1)
    return correct_particle(text, start, start + len(form)) if base == "ko" else text


def _hangul_after(text: str, end: int) -> str:
    found = re.compile("[\uac00-\ud7a3]*").match(text, end)
    return found.group() if found else ""


@lru_cache(maxsize=256)
def _pattern(forms: tuple[str, ...], spaces: bool) -> re.Pattern[str]:
    """The forms, the longest first, not inside a longer word of the same writing."""
    listed = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    if not spaces:
        return re.compile(f"({listed})")
    before = r"(?<!\w)" if all(re.match(r"\w", form) for form in forms) else ""
    after = r"(?![^\W\uac00-\ud7a3])" if all(re.search(r"\w$", form) for form in forms) else ""
    return re.compile(f"{before}({listed}){after}")


def _opaque(number: int) -> Iterator[Placeholder]:
    for form in read_table("placeholders", "subkit.terminology")["opaque"]:
        written = form.replace("{n}", str(number))
        yield Placeholder(source=written, targets=(written,))


def _names(source: str, target: str) -> Iterator[Placeholder]:
    for row in read_table("placeholders", "subkit.terminology")["names"]:
        spellings = _spellings(row, source)
        yield Placeholder(source=spellings[0], targets=_spellings(row, target), is_name=True)


def _spellings(row: dict[str, str | Sequence[str]], language: str) -> tuple[str, ...]:
    found = row.get(resolve_language(language).base, row["en"])
    return (found,) if isinstance(found, str) else tuple(found)

"""Finding forms in running text: whole words, in any case and inflection, in one pass."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from subkit.language import resolve_language, script_of
from subkit.terminology.inflection import (
    has_elision,
    has_possessive,
    inflects_every_word,
    word_forms,
)
from subkit.terminology.korean import is_suffix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Form", "FormIndex", "Found", "longest"]

K = TypeVar("K")

# Letters, digits and the marks that are written onto them (\w leaves these out).
_WORD = re.compile(
    r"[\w\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0900-\u0963\u0966-\u0dff]+"
)
_APOSTROPHES = "'’ʼ"
_POSSESSIVE = re.compile(r"['’ʼ][sS]?(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[K]):
    """A form to look for.

    Attributes:
        text: As the dictionary has it.
        key: What it stands for.
        exact_case: Only in this case.
        capital: Its first letter must be a capital where it is one here (names).
        inflects: Also in its other forms; ``False`` takes it as it stands.
    """

    text: str
    key: K
    exact_case: bool = False
    capital: bool = False
    inflects: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[K]):
    """The position of a form: ``text[start:end]``, without a following particle or 's."""

    start: int
    end: int
    key: K


_Word = tuple[str, bool]
"""A word of a form, and whether its other forms count."""


@dataclass(slots=True)
class _Node(Generic[K]):
    following: dict[_Word, _Node[K]] = field(default_factory=dict)
    forms: list[Form[K]] = field(default_factory=list)


class FormIndex(Generic[K]):
    """Forms of one language, ready to be found.

    The words of the forms are a tree, and every spelling leads to the words it may be a form of, so
    a text costs its words times the longest form, however many forms there are; Korean words are
    cut where particles may begin. In writing without spaces the tree is one of characters.
    """

    def __init__(self, forms: Iterable[Form[K]], language: str) -> None:
        """Index ``forms`` in a BCP 47 ``language``."""
        self._language = language
        facts = resolve_language(language)
        self._spaces = facts.spaces
        self._korean = facts.base == "ko"
        self._elision = has_elision(language)
        self._possessive = has_possessive(language)
        self._root: _Node[K] = _Node()
        self._spelled: dict[str, list[_Word]] = {}
        for form in forms:
            self._add(form)

    def _add(self, form: Form[K]) -> None:
        plain = _plain(form.text)
        words = _WORD.findall(plain) if self._spaces else list(plain)
        node = self._root
        for place, text in enumerate(words):
            last = place == len(words) - 1
            bends = form.inflects and self._spaces and (last or inflects_every_word(self._language))
            word = (text, bends)
            for spelling in word_forms(text, self._language) if bends else {text}:
                known = self._spelled.setdefault(spelling, [])
                if word not in known:
                    known.append(word)
            node = node.following.setdefault(word, _Node())
        if words:
            node.forms.append(form)

    def find(self, text: str) -> list[Found[K]]:
        """Every place of every form, overlapping ones too, in order."""
        if not self._root.following:
            return []
        found = self._in_words(text) if self._spaces else self._in_characters(text)
        return sorted(found, key=lambda f: (f.start, -f.end))

    def _in_words(self, text: str) -> Iterator[Found[K]]:
        tokens = [(m.start(), m.end(), _plain(m.group())) for m in _WORD.finditer(text)]
        shouted = text.upper() == text or text.lower() == text
        for place, (start, _, _) in enumerate(tokens):
            nodes = [self._root]
            for token in tokens[place:]:
                for node, end in self._last(nodes, token):
                    yield from self._accepted(node, start, end, text, shouted=shouted)
                nodes = self._step(nodes, token[2])
                if not nodes:
                    break

    def _step(self, nodes: list[_Node[K]], spelling: str) -> list[_Node[K]]:
        words = self._spelled.get(spelling, ())
        return [node.following[word] for node in nodes for word in words if word in node.following]

    def _last(
        self, nodes: list[_Node[K]], token: tuple[int, int, str]
    ) -> Iterator[tuple[_Node[K], int]]:
        """The nodes that a token leads to if it is the last, and where the form then ends."""
        start, end, word = token
        for node in self._step(nodes, word):
            yield node, end
        if not self._korean or len(word) != end - start:  # decomposed: no place to cut at
            return
        for cut in range(max(1, len(word) - 12), len(word)):
            if word[:cut] in self._spelled and is_suffix(word[cut:]):
                for node in self._step(nodes, word[:cut]):
                    yield node, start + cut

    def _accepted(
        self, node: _Node[K], start: int, end: int, text: str, *, shouted: bool
    ) -> Iterator[Found[K]]:
        if not node.forms or not self._stands_free(text, start, end):
            return
        for form in node.forms:
            if form.exact_case and not _same_case(text[start:end], form.text):
                continue
            small = form.text[:1].isupper() and text[start].islower()
            if form.capital and small and not shouted:
                continue
            yield Found(start=start, end=end, key=form.key)

    def _stands_free(self, text: str, start: int, end: int) -> bool:
        """No apostrophe ties the words to more than a possessive or an elided article."""
        if end < len(text) and text[end] in _APOSTROPHES and text[end + 1 : end + 2].isalnum():
            return self._possessive and bool(_POSSESSIVE.match(text, end))
        before = start > 1 and text[start - 1] in _APOSTROPHES and text[start - 2].isalnum()
        return not before or self._elision

    def _in_characters(self, text: str) -> Iterator[Found[K]]:
        folded = [_plain(char) for char in text]
        shouted = text.upper() == text or text.lower() == text
        for start in range(len(text)):
            node = self._root
            for end in range(start, len(text)):
                reached = node.following.get((folded[end], False))
                if reached is None:
                    break
                node = reached
                if node.forms and not _splits_run(text, start, end + 1):
                    yield from self._accepted(node, start, end + 1, text, shouted=shouted)


def longest(found: Iterable[Found[K]]) -> list[Found[K]]:
    """Of matches that overlap, the one that starts first, of those the longest."""
    kept: list[Found[K]] = []
    for match in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _same_case(written: str, form: str) -> bool:
    """Whether the letters that both share at their beginning have the same case."""
    for a, b in zip(written, form, strict=False):
        if a.casefold() != b.casefold():
            return True
        if a != b:
            return False
    return True


def _splits_run(text: str, start: int, end: int) -> bool:
    """Whether a match cuts through a run of katakana or of Latin letters: a longer word."""
    for inside, outside in ((start, start - 1), (end - 1, end)):
        if not 0 <= outside < len(text):
            continue
        kinds = {_run(text[inside]), _run(text[outside])}
        if len(kinds) == 1 and kinds <= {"Kana", "Latn"}:
            return True
    return False


def _run(char: str) -> str:
    if char == "ー" or "\u30a1" <= char <= "\u30fa":
        return "Kana"
    if char.isalnum() and script_of(char) in {"Latn", "Zyyy"}:
        return "Latn"
    return ""

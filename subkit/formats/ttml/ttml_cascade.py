"""What holds for a piece of text in TTML: styles by reference, inheritance, sizes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.formats.ttml.ttml_layout import Grid
from subkit.formats.ttml.ttml_names import name_set, short_name
from subkit.formats.ttml.ttml_styles import INITIAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lxml.etree import _Element as Element

    from subkit.files.repairs import Repairs

__all__ = ["Cascade", "Computed", "named_attributes", "named_in_file"]

_NOT_INHERITED = name_set(
    "tts:backgroundColor tts:display tts:displayAlign tts:extent tts:opacity tts:origin "
    "tts:overflow tts:padding tts:position tts:ruby tts:showBackground tts:unicodeBidi "
    "tts:writingMode tts:zIndex tts:disparity tts:border tts:bpd tts:ipd tts:backgroundImage "
    "smpte:backgroundImage"
)
_STYLING = ("tts", "itts", "ebutts", "smpte")
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})(%|em|c|px|rh|rw)")
_GRID_LENGTH = re.compile(r"(?<![\w.#])(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})(c|px)(?!\w)")
_MAX_STYLES = 100
"""Styles that one attribute names, or that a chain of them runs through."""


def named_in_file(element: Element) -> str:
    """Return an element for a message: its name, its id if it has one, its line."""
    name = short_name(str(element.tag)).removeprefix("tt:")
    id_ = named_attributes(element).get("xml:id")
    told = f"<{name} xml:id={id_[:40]!r}>" if id_ else f"<{name}>"
    return f"{told}, line {element.sourceline}"


def named_attributes(element: Element) -> dict[str, str]:
    """Return the attributes of an element by short name."""
    return {short_name(str(name)): str(value) for name, value in element.attrib.items()}


@dataclass(slots=True, eq=False)
class Computed:
    """What holds for an element: what its children inherit, what is its own, size of letters.

    Attributes:
        inherited: Attributes that its children have too, by short name.
        own: Attributes that they do not.
        size: Height of the letters in per cent of the picture's height.
        below: What was computed for its children, by what they say.
    """

    inherited: Mapping[str, str]
    own: Mapping[str, str]
    size: Fraction
    below: dict[tuple[tuple[str, str], ...], Computed] = field(default_factory=dict)


@dataclass(slots=True)
class Cascade:
    """Computes styles of a document.

    Attributes:
        grid: What lengths count from.
        repairs: Hears of styles that are not there and of circles.
        styles: Id -> attributes, references resolved.
        initial: What the document says holds where nothing does.
    """

    grid: Grid
    repairs: Repairs
    styles: dict[str, dict[str, str]] = field(default_factory=dict)
    initial: dict[str, str] = field(default_factory=dict)
    _under: dict[tuple[Computed, Computed], Computed] = field(default_factory=dict)
    _root: Computed | None = None

    def learn(self, elements: Iterable[Element]) -> None:
        """Take in the ``style`` and ``initial`` elements of the head."""
        known: dict[str, tuple[Element, dict[str, str]]] = {}
        for element in elements:
            attributes = named_attributes(element)
            if short_name(str(element.tag)) == "tt:initial":
                self.initial |= _styling(attributes)
            elif "xml:id" in attributes:
                known[attributes["xml:id"]] = (element, attributes)
        for name in known:
            self._resolve(name, known, [])

    def _resolve(
        self, name: str, known: dict[str, tuple[Element, dict[str, str]]], path: list[str]
    ) -> dict[str, str]:
        if name in self.styles:
            return self.styles[name]
        if name not in known:
            self.repairs.add("A style that is not in the file was left out", name[:40])
            return {}
        element, attributes = known[name]
        if name in path or len(path) > _MAX_STYLES:
            self.repairs.add(
                "A style that refers to itself was read without that reference",
                named_in_file(element),
            )
            return {}
        found: dict[str, str] = {}
        for reference in attributes.get("style", "").split()[:_MAX_STYLES]:
            found |= self._resolve(reference, known, [*path, name])
        found |= _styling(attributes)
        if not path or name not in path:
            self.styles[name] = found
        return found

    def specified(self, attributes: Mapping[str, str], place: Callable[[], str]) -> dict[str, str]:
        """Return the styling that an element's attributes say: what it refers to, then its own."""
        found: dict[str, str] = {}
        for reference in attributes.get("style", "").split()[:_MAX_STYLES]:
            if reference not in self.styles:
                self.repairs.add("A style that is not in the file was left out", place())
            found |= self.styles.get(reference, {})
        return found | _styling(attributes)

    def root(self) -> Computed:
        """Return what holds where nothing is said."""
        if self._root is None:
            start = Computed({}, {}, Fraction(100, self.grid.rows))
            self._root = self._computed(start, self.initial) if self.initial else start
        return self._root

    def under(self, top: Computed, style: Computed) -> Computed:
        """Return what holds inside a region for a style met before the region was known."""
        if (top, style) not in self._under:
            root = self.root()
            said = {k: v for k, v in style.inherited.items() if root.inherited.get(k) != v}
            size = top.size * style.size / root.size
            self._under[top, style] = Computed({**top.inherited, **said}, style.own, size)
        return self._under[top, style]

    def below(self, parent: Computed, specified: Mapping[str, str]) -> Computed:
        """Return what holds for a child that says some styling."""
        if not specified and not parent.own:
            return parent
        key = tuple(specified.items())
        found = parent.below.get(key)
        if found is None:
            found = parent.below[key] = self._computed(parent, specified)
        return found

    def _computed(self, parent: Computed, specified: Mapping[str, str]) -> Computed:
        inherited = dict(parent.inherited)
        own = {}
        size = parent.size
        for name, written in specified.items():
            value = self._on_grid(name, written.strip())
            if name == "tts:fontSize":
                size = self._size(value, parent.size)
            elif name in _NOT_INHERITED:
                own[name] = value
            elif name == "tts:textDecoration":
                inherited[name] = _decoration(parent.inherited.get(name, "none"), value)
            elif value == "inherit":
                continue
            elif value == INITIAL.get(name):
                inherited.pop(name, None)
            else:
                inherited[name] = value
        if "tts:textOutline" in specified:
            value = inherited.get("tts:textOutline", "none")
            color = inherited.get("tts:color", "white")
            inherited["tts:textOutline"] = self._outline(value, color, size)
        return Computed(inherited, own, size)

    def _outline(self, value: str, color: str, size: Fraction) -> str:
        """Return an outline with its colour, its width in per cent of the letters' height."""
        words = value.split()
        if not words or value == "none" or "(" in value:
            return value
        if _SIZE.fullmatch(words[0]):
            words.insert(0, color)
        for at, word in enumerate(words[1:], start=1):
            match = _SIZE.fullmatch(word)
            share = Grid().share(word, across=False) if match else None
            if match and share is not None and match[2] != "%":
                words[at] = f"{float(round(share * 10000 / size, 2)):.10g}%"
        return " ".join(words)

    def _size(self, text: str, parent: Fraction) -> Fraction:
        last = (text.split() or [""])[-1]
        match = _SIZE.fullmatch(last)
        if match is None:
            self.repairs.add("A size of letters that means nothing was left out", repr(text[:40]))
            return parent
        number, unit = Fraction(match[1]), match[2]
        if unit in ("%", "em"):
            found = parent * number / (100 if unit == "%" else 1)
        elif unit == "rw":
            found = number * 16 / 9
        else:
            share = self.grid.share(last, across=False)
            found = parent if share is None else share * 100
        return min(found, Fraction(1000)) or parent

    def _on_grid(self, name: str, value: str) -> str:
        """Return a value whose lengths in cells and pixels count on a grid of 32 by 15 cells."""
        grid = self.grid
        plain = (grid.columns, grid.rows) == (32, 15) and "px" not in value
        if plain or name == "tts:fontSize" or not _GRID_LENGTH.search(value):
            return value
        across = name == "ebutts:linePadding"
        cells = 32 if across else 15

        def moved(match: re.Match[str]) -> str:
            share = grid.share(match[0], across=across)
            return match[0] if share is None else f"{float(round(share * cells, 4)):.10g}c"

        return _GRID_LENGTH.sub(moved, value)


def _styling(attributes: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in attributes.items() if k.partition(":")[0] in _STYLING}


def _decoration(parent: str, value: str) -> str:
    """Return which lines text has: an attribute adds and takes away, ``none`` takes all."""
    lines = set(parent.split()) - {"none"}
    for word in value.split():
        if word == "none":
            lines = set()
        elif word.startswith("no"):
            lines.discard(word[2:3].lower() + word[3:])
        else:
            lines.add(word)
    return " ".join(sorted(lines)) or "none"

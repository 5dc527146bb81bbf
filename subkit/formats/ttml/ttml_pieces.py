"""What a walk through a TTML document finds: pieces of text, and the paragraphs they are in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from lxml.etree import _Element as Element

    from subkit.formats.ttml.ttml_cascade import Computed

__all__ = ["Paragraph", "Ruby", "TextPiece"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruby:
    """A reading of a piece of base text, and where it stands; each is another object."""

    text: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPiece:
    r"""A stretch of text of one look, shown together.

    Attributes:
        text: The text, white space as in the file; a line break is ``"\n"``.
        preserve: White space counts as it is.
        style: What holds for it.
        background: The innermost background of a span, and of the blocks around it.
        start: Seconds; ``end`` is ``None`` where it stays for good.
        language: ``xml:lang``.
        agents: Ids of who speaks.
        role: ``ttm:role``.
        rubies: Readings over it.
    """

    text: str
    preserve: bool
    style: Computed
    background: tuple[str, str]
    start: Fraction
    end: Fraction | None
    language: str
    agents: str
    role: str = ""
    rubies: tuple[Ruby, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph that has text or times of its own.

    Attributes:
        element: The element.
        attributes: Its attributes by short name.
        region: Id of its region; empty for none.
        style: What holds for it as a block.
        start: Seconds; ``end`` is ``None`` where it stays for good.
        timed: It has times of its own.
        holder: The element around it, and whether that has times.
        language: ``xml:lang``.
        agents: Ids of who speaks.
        pieces: Its text.
        section: Language of the top division it is in.
    """

    element: Element
    attributes: Mapping[str, str]
    region: str
    style: Computed
    start: Fraction
    end: Fraction | None
    timed: bool
    holder: tuple[Element, bool]
    language: str
    agents: str
    pieces: tuple[TextPiece, ...]
    section: str

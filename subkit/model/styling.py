r"""How text looks and where it stands: marks over plain text, places, styles, what is carried.

The lines of a cue stay plain: they are what is counted, translated and compared. Marks stand beside
them and name a stretch of ``"\n".join(lines)`` by its first code point and the one behind its last.
They may nest and overlap. Every field here is left out of the plain document where it says nothing,
so a document without styling is the same, byte for byte, as before there was any.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Any

from subkit.model.time import seconds

__all__ = [
    "SPARSE",
    "Area",
    "Carried",
    "Cell",
    "Fade",
    "Feature",
    "Mark",
    "NamedStyle",
    "Placement",
    "Region",
    "sparse",
]

SPARSE = "sparse"
"""Key in a field's metadata: the plain document leaves the field out where it is the default."""


def sparse(default: Any) -> Any:
    """Return a field with a default that the plain document leaves out."""
    return field(default=default, metadata={SPARSE: True})


class Feature(str, Enum):
    """What a mark says of its text; beside it, what ``Mark.value`` and ``Mark.how`` hold."""

    ITALIC = "italic"
    BOLD = "bold"
    UNDERLINE = "underline"
    STRIKE = "strike"
    COLOR = "color"
    """Colour of the letters: ``#rrggbbaa``."""
    BACKGROUND = "background"
    """Colour of the box behind them: ``#rrggbbaa``."""
    OUTLINE = "outline"
    """Colour of the outline: ``#rrggbbaa``; ``how`` is its width as a share of the letter's height
    in per cent, where known."""
    FONT = "font"
    """Name of the font family."""
    SIZE = "size"
    """Per cent of the normal size: ``"150"``; ``how`` is ``"double"`` for teletext's double
    height, ``"points"`` or ``"pixels"`` where the value is no per cent."""
    RUBY = "ruby"
    """The reading over its base text; ``how`` is ``""`` (the format's own), ``before``, ``after``
    or ``outside``, and behind a space ``center``, ``spaceAround``, ``spaceBetween`` …, if any."""
    EMPHASIS = "emphasis"
    """Emphasis dots (bouten), as TTML says it: ``"filled dot before"``."""
    COMBINE = "combine"
    """Upright in vertical text (tate-chu-yoko): ``"all"`` or ``"digits 2"``."""
    SHEAR = "shear"
    """Slant of Japanese letters in per cent: ``"16.67"``."""
    LANGUAGE = "language"
    """BCP 47."""
    VOICE = "voice"
    """Who says this part, where a cue has several."""
    CSS_CLASS = "css_class"
    """Names of classes or of a named style of the track, spaces between."""
    DELAY = "delay"
    """Comes on screen this long after the in-time: exact seconds, ``"3/2"``."""
    OPAQUE = "opaque"
    """Markup that is not understood: its source text; ``how`` names the format. It is given back
    to that format only, may be of no width, and stands before the text at ``start``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A feature of a stretch of a cue's text.

    Attributes:
        start: Offset of its first code point in the cue's text, lines joined by a newline.
        end: Offset behind its last code point; equal to ``start`` for an opaque mark of no width.
        feature: What it says; :class:`Feature` tells what ``value`` and ``how`` hold.
        value: For example ``"#ffff00ff"``; empty where the feature says all.
        how: More about the value; usually empty.

    Raises:
        TimecodeError: the value of a delay is no time.
    """

    start: int
    end: int
    feature: Feature
    value: str = sparse("")
    how: str = sparse("")

    def __post_init__(self) -> None:
        if self.feature is Feature.DELAY:
            seconds(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of the picture, in fractions of its width and height from the top left."""

    x: Fraction
    y: Fraction
    width: Fraction
    height: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A place on a grid of letters, as it was read.

    Attributes:
        grid: ``"608"`` (rows 1 to 15, columns 0 to 31) or ``"teletext"`` (rows 0 to 23, columns 0
            to 39).
        row: Row of the first line.
        column: Column of its first letter; ``None`` where the format gives only the row.
    """

    grid: str
    row: int
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The position of a cue in the picture.

    Attributes:
        vertical: ``bottom``, ``middle`` or ``top``: the rough place, which every format can say.
        horizontal: ``left``, ``center`` or ``right``.
        area: The rectangle it stands in, where a format gave one; the text stands in it as
            ``vertical`` and ``horizontal`` say.
        cell: The place on a grid of letters, where a format gave one.
        writing: ``"vertical-rl"`` or ``"vertical-lr"``; empty for horizontal text.
        align: How lines stand to each other, where it is not as ``horizontal``: ``left``,
            ``center`` or ``right``.
        region: Id of one of the track's regions.
        as_read: The place as the file said it, the format's name and a space before it (``"vtt
            line:-3 position:20%"``): given back to that format as it was.
    """

    vertical: str = "bottom"
    horizontal: str = "center"
    area: Area | None = sparse(None)
    cell: Cell | None = sparse(None)
    writing: str = sparse("")
    align: str = sparse("")
    region: str = sparse("")
    as_read: str = sparse("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fade:
    """How long a cue takes to come and to go, exact seconds."""

    up: Fraction = Fraction(0)
    down: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStyle:
    """A style of a track that cues and marks name.

    Attributes:
        id: Its name.
        looks: What it says of the text, feature by feature, offsets left at 0.
        source: The style as its file wrote it, and the format's name before it and a space: given
            back to that format as it was.
    """

    id: str
    looks: tuple[Mark, ...] = sparse(())
    source: str = sparse("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region of a track that placements name; ``source`` as in :class:`NamedStyle`."""

    id: str
    placement: Placement = Placement()
    source: str = sparse("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A part of a file that is no cue, kept to be given back to its format.

    Attributes:
        format: Name of the format, for example ``"vtt"``.
        kind: What it is there: ``"note"``, ``"style"``, ``"font"``, ``"head"`` …
        text: Its source text; bytes are written as Base64 by the format that carries them.
        before: Id of the cue that it stood before; empty at the end of the file, and for what
            stands at its head.
    """

    format: str
    kind: str
    text: str
    before: str = sparse("")

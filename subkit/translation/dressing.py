r"""Remove and restore inline tags, music notes and speaker labels.

The translator never sees them; they are put back around the words that come of it. A tag at the
start or the end of the words stays there. One between words goes to the word at the same share of
the text, because no model here says which word became which; the check of a project reports it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING
from unicodedata import category

from subkit.language import DASHES, break_points
from subkit.model.mark_moves import with_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Cue

__all__ = ["Dressing", "dress", "find_mark", "find_tags", "is_dialogue", "is_picture", "undress"]

_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
_NOTES = re.compile(r"(?:(?<![ \t\u00a0])[ \t\u00a0]*|(?<=[ \t\u00a0]))[♪♫♩♬]+[ \t\u00a0]*")
_ANY = re.compile(f"{_TAG.pattern}|{_NOTES.pattern}")
_LABEL = re.compile(r"\s*([^\W\d_][^:：\n]{0,30})[:：]\s*(?=\S)")
_LABEL_WORDS = 4
_MAX_PIECES = 50
"""Of a group of lines; where a hostile file has more, the rest is not put back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseTag:
    """A tag or note that was taken off.

    Attributes:
        text: As it is written, a note with the spaces beside it.
        share: Of the letters of its turn that come before it, 0 to 1.
        closes: It belongs to the word before.
        beside: The marks without letters between it and the edge of the turn, where it is there.
    """

    text: str
    share: float
    closes: bool
    beside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dressing:
    """What was taken off a cue.

    Attributes:
        label: Who speaks, as written before the words of the cue (``"JOHN: "``); labels inside a
            dialogue belong to its turns.
        pieces: The tags and notes of each turn (a cue without dialogue is one), in order.
    """

    label: str = ""
    pieces: tuple[tuple[LooseTag, ...], ...] = ()

    @property
    def has_inner_tags(self) -> bool:
        """Return whether there is a tag between words."""
        return any(0 < piece.share < 1 for turn in self.pieces for piece in turn)

    @property
    def notes(self) -> tuple[float, ...]:
        """The positions of music notes: 0 before all words, 1 after them."""
        pieces = (piece for turn in self.pieces for piece in turn)
        return tuple(piece.share for piece in pieces if _NOTES.fullmatch(piece.text))


def find_tags(text: str) -> list[str]:
    r"""The inline tags in a text, in order: ``<i>``, ``</i>``, ``{\an8}``."""
    return _TAG.findall(text)


def undress(cue: Cue) -> tuple[Cue, Dressing]:
    """A cue's words alone, and what was taken off them."""
    groups: list[list[str]] = []
    lines: list[str] = []
    bare = [_strip(line) for line in cue.lines]
    dialogue, said = is_dialogue(bare), False
    for line, words in zip(cue.lines, bare, strict=True):
        if not groups or (dialogue and said and find_mark(words)):
            groups.append([])
        groups[-1].append(line)
        if words.strip():
            lines.append(words.strip(" "))
            said = True
    label = ""
    if lines and not dialogue and (found := _label(lines[0])):
        label, lines[0] = found, lines[0][len(found) :]
    pieces = tuple(_pieces("\n".join(group)) for group in groups)
    return with_lines(cue, lines), Dressing(label=label, pieces=pieces)


def dress(lines: Sequence[str], dressing: Dressing, language: str) -> tuple[str, ...]:
    """Lines of a cue with everything put back; in a dialogue each line is a turn.

    Args:
        lines: The words, as lines.
        dressing: What :func:`undress` took off.
        language: BCP 47 language of the lines.
    """
    if not lines:
        return ()
    dressed = [dressing.label + lines[0], *lines[1:]]
    groups = [dressed] if len(dressing.pieces) <= 1 else [[line] for line in dressed]
    for group, pieces in zip(groups, dressing.pieces, strict=False):
        if pieces:
            group[:] = _insert("\n".join(group), pieces, language).split("\n")
    return tuple(line for group in groups for line in group)


def is_dialogue(lines: Sequence[str]) -> bool:
    """Whether lines without tags are turns: a dash opens one, or a label one after the first."""
    if any(_dash(line) for line in lines):
        return True
    return any(_label(line) for line in lines[1:])


def is_picture(character: str) -> bool:
    """Whether it is an emoji or another sign that no translator knows, or joins such ones."""
    return category(character) in {"So", "Sk"} or character in "\u200d\ufe0f"


def find_mark(line: str) -> str:
    """What opens a turn: a dash, a label, or both, with the spaces after; empty if nothing does."""
    dash = _dash(line)
    rest = line.lstrip()[len(dash) :]
    return dash + _label(rest)


def _dash(line: str) -> str:
    rest = line.lstrip()
    if rest[:1] not in tuple(DASHES) or not any(char.isalpha() for char in rest):
        return ""
    text = rest.lstrip(DASHES).lstrip()
    if text[:1].isdigit():  # a number below zero
        return ""
    return rest[: len(rest) - len(text)]


def _label(line: str) -> str:
    """The speaker's label that opens a line: capitals and a colon, before words in small letters.

    A line all in capitals is a sign or a shout, and its colon part of it.
    """
    found = _LABEL.match(line)
    if found is None:
        return ""
    name, rest = found[1], line[found.end() :]
    capitals = name == name.upper() != name.lower() and sum(map(str.isalpha, name)) > 1
    shouted = rest == rest.upper() != rest.lower()
    return found[0] if capitals and not shouted and len(name.split()) <= _LABEL_WORDS else ""


def _strip(text: str) -> str:
    return _NOTES.sub(" ", _TAG.sub("", text))


def _pieces(text: str) -> tuple[LooseTag, ...]:
    letters = max(1, _letters(_strip(text)))
    found = []
    for match in islice(_ANY.finditer(text), _MAX_PIECES):
        before, after = _strip(text[: match.start()]), _strip(text[match.end() :])
        share = _letters(before) / letters
        tag = not _NOTES.fullmatch(match[0])
        # A note at the end of a line closes it, and one between words opens what follows.
        closes = match[0].startswith("</") if tag else after[:1] in {"", "\n"}
        beside = before.lstrip() if share <= 0 else after.rstrip() if share >= 1 else ""
        found.append(LooseTag(text=match[0], share=share, closes=closes, beside=beside))
    return tuple(found)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _insert(text: str, pieces: Sequence[LooseTag], language: str) -> str:
    """Each piece at its share of the letters: a closing one after a word, others before one."""
    starts, ends = _places(text, language)
    total = max(1, _letters(text))
    parts, at, last = [], 0, -1.0
    for piece in pieces:
        # What encloses words must not close before the first of them.
        least = at + (piece.closes and piece.share > last)
        place = max(at, _place(piece, text, (ends if piece.closes else starts), least, total))
        parts += [text[at:place], piece.text]
        at, last = place, piece.share
    return "".join((*parts, text[at:]))


def _place(
    piece: LooseTag, text: str, places: Sequence[tuple[int, int]], least: int, total: int
) -> int:
    if piece.share <= 0:
        return len(piece.beside) if text.startswith(piece.beside) else 0
    if piece.share >= 1:
        return len(text) - (len(piece.beside) if text.endswith(piece.beside) else 0)
    later = [place for place in places if place[0] >= least] or [(len(text), total)]
    return min(later, key=lambda place: abs(place[1] / total - piece.share))[0]


def _places(text: str, language: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where words begin and end, each with the number of letters before it."""
    starts, ends, offset, before = [], [], 0, 0
    for line in text.split("\n"):
        for a, b in pairwise((0, *break_points(line, language), len(line))):
            word = line[a:b].rstrip()
            starts.append((offset + a, before))
            before += _letters(word)
            ends.append((offset + a + len(word), before))
        offset += len(line) + 1
    return starts, ends

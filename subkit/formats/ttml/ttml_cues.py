"""Paragraphs of TTML as cues: white space, marks, delays, places."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.files.plain_text import split_lines
from subkit.formats.ttml.ttml_layout import Grid, attributes_text, placement_of, region_attributes
from subkit.formats.ttml.ttml_names import id_of, name_set
from subkit.formats.ttml.ttml_profiles import LOOKS
from subkit.formats.ttml.ttml_styles import FAMILY, INITIAL, Look, looks_of
from subkit.model import Cue, Placement, Span
from subkit.model.mark_moves import moved_marks, sorted_marks
from subkit.model.styling import Carried, Feature, Mark, Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from subkit.files.repairs import Repairs
    from subkit.formats.ttml.ttml_cascade import Computed
    from subkit.formats.ttml.ttml_pieces import Paragraph, TextPiece

__all__ = ["DocumentLook", "ParagraphCues"]

_BLANK = re.compile(r"[ \t\r\n]+")
_MAX_PARTS = 500
_NO_LOOK = frozenset(
    {"tts:textAlign", "itts:forcedDisplay", "tts:rubyAlign", "tts:rubyPosition", "tts:fontSize"}
)
"""Attributes that are no look of text: they are the cue's place, forced mark or ruby."""
_ALWAYS_MARKS = name_set(
    "tts:color tts:fontStyle tts:fontWeight tts:textDecoration tts:textOutline tts:textEmphasis "
    "tts:textCombine tts:shear tts:direction tts:visibility ebutts:multiRowAlign"
)
"""Attributes that are marks even where all text of a file has them."""
_REGION_INITIAL = {
    "tts:opacity": {"1", "1.0"},
    "tts:overflow": {"hidden"},
    "tts:showBackground": {"always"},
    "tts:zIndex": {"auto", "0"},
    "tts:padding": {"0", "0%", "0px", "0c"},
    "tts:backgroundColor": {"transparent", "#00000000"},
    "tts:display": {"auto"},
    "tts:visibility": {"visible"},
}
_PLACE = name_set(
    "tts:origin tts:extent tts:position tts:displayAlign tts:writingMode tts:unicodeBidi"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLook:
    """How text of a document looks where nothing is said of it.

    Attributes:
        said: Attributes by short name.
        size: Height of its letters in per cent of the picture's height.
    """

    said: Mapping[str, str]
    size: Fraction

    @classmethod
    def of(
        cls, paragraphs: Iterable[Paragraph], body: Mapping[str, str], top: Computed
    ) -> DocumentLook:
        """Return it: what the body says, else what all text has; sizes as most letters have.

        Args:
            paragraphs: All of the document.
            body: What the body says itself.
            top: What holds for the body.
        """
        sizes: Counter[Fraction] = Counter()
        common: dict[str, str] | None = None
        for paragraph in paragraphs:
            for piece in paragraph.pieces:
                if not (letters := len(piece.text.strip())):
                    continue
                sizes[piece.style.size] += letters
                inherited = piece.style.inherited
                if common is None:
                    common = dict(inherited)
                elif any(inherited.get(name) != value for name, value in common.items()):
                    common = {k: v for k, v in common.items() if inherited.get(k) == v}
        said = {k: v for k, v in (common or {}).items() if k not in body}
        said |= {k: v for k, v in top.inherited.items() if k in body}
        said = {k: v for k, v in said.items() if k not in _NO_LOOK | _ALWAYS_MARKS}
        size = top.size if "tts:fontSize" in body or not sizes else sizes.most_common(1)[0][0]
        return cls(said=said, size=size)

    def carried(self) -> tuple[Carried, ...]:
        """Return it as a block to give back; none where a file written here looks so anyway."""
        size = f"{float(round(self.size * 15, 4)):.10g}%"
        whole = {**self.said, "tts:fontSize": size}
        plain = [{k: v for k, v in look.items() if k != "tts:color"} for look in LOOKS]
        if whole in plain or (not self.said and size == "100%"):
            return ()
        return (Carried(format=FAMILY, kind="look", text=attributes_text(whole)),)


@dataclass(slots=True, kw_only=True)
class ParagraphCues:
    """Makes cues of paragraphs.

    Attributes:
        grid: What lengths count from.
        regions: Id -> what holds at the region's top.
        agents: Id -> name.
        look: How text looks anyway.
        language: Language of the document.
        repairs: Hears of what was mended.
        kept: Regions that say more than a placement, by id.
    """

    grid: Grid
    regions: Mapping[str, Computed]
    agents: Mapping[str, str]
    look: DocumentLook
    language: str
    repairs: Repairs
    kept: dict[str, Region] = field(default_factory=dict)
    _places: dict[tuple[str, str, str, str, str], Placement] = field(default_factory=dict)

    def cues(self, paragraph: Paragraph, ends: Fraction) -> list[Cue]:
        """Return the cues of a paragraph: one, or more where its parts come and go.

        Args:
            paragraph: The paragraph.
            ends: When it ends, where the file lets it stay for good.
        """
        shown = [piece for piece in paragraph.pieces if piece.text.strip() or piece.rubies]
        stop = paragraph.end if paragraph.end is not None else ends
        if not shown:
            return [self._cue(paragraph, paragraph.pieces, paragraph.start, stop)]
        if all(p.start is paragraph.start and p.end is paragraph.end for p in shown):
            return [self._cue(paragraph, paragraph.pieces, paragraph.start, stop)]
        live = [p for p in shown if p.end is None or p.end > p.start]
        if not live:
            return []
        starts = {piece.start for piece in live}
        stops = {piece.end if piece.end is not None else stop for piece in live}
        if len(stops) == 1:
            start = min(starts)
            pieces = [p for p in paragraph.pieces if p in live or not p.text.strip()]
            return [self._cue(paragraph, pieces, start, max(stops))]
        times = sorted(starts | stops)
        if len(times) > _MAX_PARTS:
            self.repairs.add(
                f"A paragraph whose parts come and go more than {_MAX_PARTS} times was read as one",
                paragraph.attributes.get("xml:id", "")[:40],
            )
            return [self._cue(paragraph, paragraph.pieces, times[0], times[-1])]
        found = []
        for start, end in pairwise(times):
            now = [
                piece
                for piece in paragraph.pieces
                if piece.start <= start and (piece.end is None or piece.end >= end)
            ]
            if any(piece.text.strip() for piece in now):
                now = [replace(piece, start=start) for piece in now]
                found.append(self._cue(paragraph, now, start, end))
        return found

    def _cue(
        self, paragraph: Paragraph, pieces: Sequence[TextPiece], start: Fraction, end: Fraction
    ) -> Cue:
        fragments = _set(pieces)
        text = "".join(fragment for fragment, _ in fragments)
        marks = self._marks(paragraph, fragments, start)
        plain = "\n".join(split_lines([text]))
        if plain != text:
            marks = moved_marks(marks, text, plain)
        style = paragraph.style.inherited
        language = paragraph.language
        return Cue(
            id=id_of(paragraph.attributes.get("xml:id", "")),
            span=Span(start, max(start, end)),
            lines=tuple(plain.split("\n")) if plain else (),
            placement=self._placement(paragraph),
            speaker=self._speaker(paragraph.agents) or None,
            language=language if language and language != self.language else None,
            marks=marks,
            forced=style.get("itts:forcedDisplay") == "true",
        )

    def _speaker(self, agents: str) -> str:
        names = (self.agents.get(agent, agent) for agent in agents.split())
        return ", ".join(name for name in names if name)

    def _marks(
        self, paragraph: Paragraph, fragments: list[tuple[str, TextPiece]], start: Fraction
    ) -> tuple[Mark, ...]:
        """Return marks for fragments of text, one for each stretch that has a look."""
        found: list[Mark] = []
        open_now: dict[tuple[Look, int], int] = {}
        at = last = 0
        for text, piece in fragments:
            if text == "\n":
                at += 1  # a line break has no look: what is on both sides goes through it
                continue
            looks = {(look, 0) for look in self._looks(paragraph, piece, start)}
            looks |= {((Feature.RUBY, r.text, r.how), id(r)) for r in piece.rubies if r.text}
            ended = [key for key in open_now if key not in looks]
            found += [_mark(key[0], open_now.pop(key), last) for key in ended]
            for key in looks:
                open_now.setdefault(key, at)
            at += len(text)
            last = at
        found += [_mark(key[0], begin, last) for key, begin in open_now.items()]
        return sorted_marks(mark for mark in found if mark.start < mark.end)

    def _looks(self, paragraph: Paragraph, piece: TextPiece, start: Fraction) -> tuple[Look, ...]:
        base = self.look.said
        hidden = _NO_LOOK
        if self._aligned(paragraph):
            hidden |= {"ebutts:multiRowAlign"}
        computed = {
            name: value
            for name, value in piece.style.inherited.items()
            if base.get(name) != value and name not in hidden
        }
        if bidi := piece.style.own.get("tts:unicodeBidi"):
            computed["tts:unicodeBidi"] = bidi
        spanned, blocked = piece.background
        if spanned:
            computed["tts:backgroundColor"] = spanned
        if blocked:
            computed["block"] = blocked
        if piece.role:
            computed["ttm:role"] = piece.role
        found = list(looks_of(computed, piece.style.size / self.look.size * 100))
        if piece.language and piece.language != paragraph.language:
            found.append((Feature.LANGUAGE, piece.language, ""))
        if piece.agents != paragraph.agents and (voice := self._speaker(piece.agents)):
            found.append((Feature.VOICE, voice, ""))
        if piece.start > start and piece.text.strip():
            found.append((Feature.DELAY, str(piece.start - start), ""))
        return tuple(found)

    def _aligned(self, paragraph: Paragraph) -> bool:
        """Whether the alignment of rows is said by the place."""
        return self._placement(paragraph).area is None

    def _placement(self, paragraph: Paragraph) -> Placement:
        style = paragraph.style
        align = style.inherited.get("tts:textAlign", "")
        direction = style.inherited.get("tts:direction", "")
        rows = style.inherited.get("ebutts:multiRowAlign", "")
        own = style.own.get("tts:displayAlign", "")
        key = (paragraph.region, align, direction, rows, own)
        if key not in self._places:
            self._places[key] = self._found(paragraph.region, align, direction, rows, own)
        return self._places[key]

    def _found(self, region: str, align: str, direction: str, rows: str, own: str) -> Placement:
        text = {"tts:textAlign": align, "tts:direction": direction, "ebutts:multiRowAlign": rows}
        text = {name: value for name, value in text.items() if value}
        if not region:
            return placement_of(
                {"tts:displayAlign": own or "after"},
                {"tts:textAlign": "center", **text},
                self.grid,
            )
        top = self.regions[region]
        said = {name: value for name, value in top.own.items() if name in _PLACE}
        if own:
            said["tts:displayAlign"] = own
        placement = placement_of(said, text, self.grid)
        extras = {
            name: value
            for name, value in top.own.items()
            if name not in _PLACE and value not in _REGION_INITIAL.get(name, {INITIAL.get(name)})
        }
        block = said.get("tts:displayAlign", "before")
        if region_attributes(placement)["tts:displayAlign"] != block:
            extras["tts:displayAlign"] = block
        if not extras:
            return placement
        id_ = id_of(region)
        if id_ not in self.kept:
            source = f"{FAMILY} {attributes_text(extras)}"
            self.kept[id_] = Region(id=id_, placement=placement, source=source)
        return replace(placement, region=id_)


def _mark(look: Look, start: int, end: int) -> Mark:
    return Mark(start=start, end=end, feature=look[0], value=look[1], how=look[2])


def _set(pieces: Sequence[TextPiece]) -> list[tuple[str, TextPiece]]:
    """Return pieces with their white space as it is shown."""
    found: list[tuple[str, TextPiece]] = []
    loose = True  # behind a line break or a space that another would join
    for piece in pieces:
        if piece.text == "\n" and piece.preserve:
            _strip_end(found)
            found.append(("\n", piece))
            loose = True
            continue
        text = piece.text
        if piece.preserve:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            found += [(part, piece) for part in re.split(r"(\n)", text) if part]
            loose = text.endswith("\n") or (loose and not text)
            continue
        text = _BLANK.sub(" ", text)
        if loose:
            text = text.lstrip(" ")
        if text:
            found.append((text, piece))
            loose = text.endswith(" ")
    _strip_end(found)
    return found


def _strip_end(fragments: list[tuple[str, TextPiece]]) -> None:
    """Take off the space at the end of a line."""
    if not fragments or fragments[-1][1].preserve:
        return
    text, piece = fragments.pop()
    if text := text.rstrip(" "):
        fragments.append((text, piece))

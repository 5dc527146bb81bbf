"""The body of a TTML document as pieces of text with their time, look and place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from subkit.formats.ttml.ttml_cascade import Cascade, Computed, named_attributes, named_in_file
from subkit.formats.ttml.ttml_names import short_name
from subkit.formats.ttml.ttml_pieces import Paragraph, Ruby, TextPiece

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element as Element

    from subkit.files.repairs import Repairs
    from subkit.formats.ttml.ttml_times import MediaClock

__all__ = ["BodyWalk"]

_BLANK = re.compile(r"[ \t\r\n]+")
_TEXT = frozenset({"tt:p", "tt:span", "tt:br", "tt:div", "tt:body"})
_SILENT = frozenset({"tt:metadata", "tt:layout", "tt:region"})
_PICTURE = frozenset({"tt:image", "smpte:image"})


@dataclass(slots=True, kw_only=True)
class _Scope:
    """What an element passes on to what is in it."""

    start: Fraction
    end: Fraction | None
    style: Computed
    region: str
    language: str
    preserve: bool
    agents: str
    background: tuple[str, str] = ("", "")
    role: str = ""
    timed: bool = False
    section: str = ""


@dataclass(slots=True)
class BodyWalk:
    """Walks through a body and gives its paragraphs.

    Attributes:
        clock: What times mean.
        cascade: What styles say.
        regions: Id -> what holds at the region's top.
        repairs: Hears of what was mended.
        pictures: Elements met that show a picture.
    """

    clock: MediaClock
    cascade: Cascade
    regions: Mapping[str, Computed]
    repairs: Repairs
    pictures: list[Element] = field(default_factory=list)

    def paragraphs(self, body: Element, language: str, *, preserve: bool) -> list[Paragraph]:
        """Return the paragraphs of a body in document order."""
        scope = _Scope(
            start=Fraction(0),
            end=None,
            style=self.cascade.root(),
            region="",
            language=language,
            preserve=preserve,
            agents="",
        )
        found: list[Paragraph] = []
        self._block(body, scope, Fraction(0), found, seq=False)
        return found

    def _block(
        self,
        element: Element,
        scope: _Scope,
        ready: Fraction,
        found: list[Paragraph],
        *,
        seq: bool,
    ) -> Fraction | None:
        """Walk through ``body``, ``div`` and ``p``; return when it ends."""
        name = short_name(str(element.tag))
        attributes = named_attributes(element)
        inner, open_end = self._scope(element, attributes, scope, ready, seq=seq, block=True)
        if name == "tt:div" and not scope.section and "xml:lang" in attributes:
            inner.section = attributes["xml:lang"]
        self._look_for_pictures(element, inner.style)
        if not self._displayed(element, inner):
            return inner.end
        if name == "tt:p":
            return self._paragraph(element, attributes, inner, scope, found, open_end=open_end)
        in_seq = attributes.get("timeContainer") == "seq"
        at = inner.start
        last: Fraction | None = inner.start
        for child in element:
            kind = short_name(str(child.tag))
            if kind in ("tt:div", "tt:p"):
                end = self._block(child, inner, at, found, seq=in_seq)
                last = _later(last, end)
                if in_seq:
                    if end is None:
                        break
                    at = max(at, end)
            else:
                self._aside(child, kind)
        return last if open_end and seq else inner.end

    def _aside(self, element: Element, kind: str) -> None:
        """Note an element that is no text."""
        if kind in ("tt:set", "tt:animate"):
            if "tts:display" in named_attributes(element):
                return  # it shows text for a time: the text has that time
            self.repairs.add("Animation (set) is not kept", f"line {element.sourceline}")
        elif kind in _PICTURE:
            self.pictures.append(element)
        elif kind.startswith("ttm:") or kind in _SILENT:
            if kind not in _SILENT or len(element):
                self.repairs.add(
                    "Metadata inside the text is not kept", f"line {element.sourceline}"
                )
        elif kind not in _TEXT:
            self.repairs.add(
                "An element that is not TTML was left out",
                f"{kind[-60:]!r}, line {element.sourceline}",
            )

    def _look_for_pictures(self, element: Element, style: Computed) -> None:
        if any(name.endswith(":backgroundImage") for name in style.own):
            self.pictures.append(element)

    def _scope(
        self,
        element: Element,
        attributes: Mapping[str, str],
        scope: _Scope,
        ready: Fraction,
        *,
        seq: bool,
        block: bool,
    ) -> tuple[_Scope, bool]:
        """Return what an element passes on, and whether its end is open."""
        place = partial(named_in_file, element)
        start, end, timed, open_end = self._times(attributes, scope, ready, place, seq=seq)
        region = scope.region
        style = scope.style
        if block and not region and (wanted := attributes.get("region")):
            if wanted in self.regions:
                region = wanted
                style = self.cascade.under(self.regions[region], style)
            else:
                self.repairs.add("A region that is not in the file was left out", place())
        specified = self.cascade.specified(attributes, place)
        style = self.cascade.below(style, specified)
        spanned, blocked = scope.background
        if background := style.own.get("tts:backgroundColor"):
            spanned, blocked = (spanned, background) if block else (background, blocked)
        space = attributes.get("xml:space")
        return _Scope(
            start=start,
            end=end,
            style=style,
            region=region,
            language=attributes.get("xml:lang", scope.language),
            preserve=scope.preserve if space is None else space == "preserve",
            agents=attributes.get("ttm:agent", scope.agents),
            background=(spanned, blocked),
            role=attributes.get("ttm:role", scope.role),
            timed=timed,
            section=scope.section,
        ), open_end

    def _displayed(self, element: Element, scope: _Scope) -> bool:
        """Whether an element is shown; one that is shown by ``set`` is shown for the time of it."""
        if scope.style.own.get("tts:display") != "none":
            return True
        for child in element:
            attributes = named_attributes(child)
            if short_name(str(child.tag)) == "tt:set" and attributes.get("tts:display") == "auto":
                place = partial(named_in_file, child)
                scope.start, scope.end, _, _ = self._times(
                    attributes, scope, scope.start, place, seq=False
                )
                return True
        self.repairs.add("Text with tts:display none was left out", named_in_file(element))
        return False

    def _times(
        self,
        attributes: Mapping[str, str],
        scope: _Scope,
        ready: Fraction,
        place: Callable[[], str],
        *,
        seq: bool,
    ) -> tuple[Fraction, Fraction | None, bool, bool]:
        """Return start, end, whether they are the element's own, and whether the end is open."""
        read = {
            name: self.clock.seconds(attributes[name], self.repairs, place)
            for name in ("begin", "end", "dur")
            if name in attributes
        }
        for name, value in read.items():
            if value is None:
                self.repairs.add(
                    f"A time that cannot be read was left out: {attributes[name][:40]!r}", place()
                )
        begin, until, length = (read.get(name) for name in ("begin", "end", "dur"))
        base = ready if seq else scope.start
        if not read:
            return base, scope.end, False, True
        start = base + begin if begin else base
        ends = [base + until if base else until] if until is not None else []
        ends += [start + length] if length is not None else []
        open_end = not ends
        if scope.end is not None:
            ends.append(scope.end)
        return start, min(ends) if ends else None, bool(read), open_end

    def _paragraph(
        self,
        element: Element,
        attributes: Mapping[str, str],
        inner: _Scope,
        scope: _Scope,
        found: list[Paragraph],
        *,
        open_end: bool,
    ) -> Fraction | None:
        holder = element.getparent()
        pieces: list[TextPiece] = []
        in_seq = attributes.get("timeContainer") == "seq"
        self._inline(element, inner, pieces, seq=in_seq)
        paragraph = Paragraph(
            element=element,
            attributes=attributes,
            region=inner.region,
            style=inner.style,
            start=inner.start,
            end=inner.end,
            timed=inner.timed,
            holder=(holder if holder is not None else element, scope.timed),
            language=inner.language,
            agents=inner.agents,
            pieces=tuple(pieces),
            section=inner.section,
        )
        found.append(paragraph)
        if not open_end:
            return inner.end
        ends = [piece.end for piece in pieces if piece.text.strip()]
        if in_seq and not ends:
            return inner.start
        timed = [end for end in ends if end is not None and end != inner.end]
        return max(timed) if timed and len(timed) == len(ends) else inner.end

    def _inline(
        self, element: Element, scope: _Scope, pieces: list[TextPiece], *, seq: bool
    ) -> None:
        """Collect the text of a paragraph or span."""
        ready = scope.start
        if element.text and not seq:
            pieces.append(self._piece(element.text, scope))
        for child in element:
            kind = short_name(str(child.tag))
            if kind == "tt:br":
                pieces.append(self._piece("\n", scope, preserve=True))
            elif kind == "tt:span":
                ready = self._inside(child, scope, pieces, ready, seq=seq)
            else:
                self._aside(child, kind)
            if child.tail and not seq:
                pieces.append(self._piece(child.tail, scope))

    def _inside(
        self,
        element: Element,
        scope: _Scope,
        pieces: list[TextPiece],
        ready: Fraction,
        *,
        seq: bool,
    ) -> Fraction:
        """Collect the text of a span; return when the next one of a sequence begins."""
        attributes = named_attributes(element)
        inner, open_end = self._scope(element, attributes, scope, ready, seq=seq, block=False)
        if not self._displayed(element, inner):
            return ready
        if attributes.get("region", scope.region) != scope.region:
            self.repairs.add(
                "A region of a part of a paragraph is not kept", named_in_file(element)
            )
        if seq and open_end and not len(element):
            self.repairs.add(
                "Text without end in a sequence, which is never shown, was left out",
                named_in_file(element),
            )
            return ready
        if inner.style.own.get("tts:ruby") == "container":
            self._ruby(element, inner, pieces)
        else:
            self._inline(element, inner, pieces, seq=attributes.get("timeContainer") == "seq")
        return inner.end if inner.end is not None else ready

    def _ruby(self, element: Element, scope: _Scope, pieces: list[TextPiece]) -> None:
        """Collect base text with its readings."""
        bases: list[list[TextPiece]] = []
        readings: list[list[Ruby]] = []
        self._ruby_parts(element, scope, bases, readings)
        odd = [row for row in readings if len(row) not in (1, len(bases)) and len(bases) > 1]
        if odd or not bases:
            self.repairs.add(
                "Ruby with another number of readings than bases is kept in part",
                named_in_file(element),
            )
        for number, base in enumerate(bases):
            rubies: list[Ruby] = []
            for row in readings:
                if len(bases) == 1:
                    rubies += row
                elif row:
                    rubies.append(row[number] if len(row) == len(bases) else row[0])
            pieces += [_with_rubies(piece, tuple(rubies)) for piece in base]

    def _ruby_parts(
        self,
        element: Element,
        scope: _Scope,
        bases: list[list[TextPiece]],
        readings: list[list[Ruby]],
    ) -> None:
        for child in element:
            if short_name(str(child.tag)) != "tt:span":
                continue
            attributes = named_attributes(child)
            inner, _ = self._scope(child, attributes, scope, scope.start, seq=False, block=False)
            kind = inner.style.own.get("tts:ruby")
            if kind == "base":
                base: list[TextPiece] = []
                self._inline(child, inner, base, seq=False)
                bases.append([piece for piece in base if piece.text.strip()])
            elif kind == "text":
                if not readings:
                    readings.append([])
                readings[-1].append(Ruby(text=_all_text(child), how=_ruby_how(inner.style)))
            elif kind in ("baseContainer", "textContainer"):
                if kind == "textContainer":
                    readings.append([])
                self._ruby_parts(child, inner, bases, readings)

    def _piece(self, text: str, scope: _Scope, *, preserve: bool | None = None) -> TextPiece:
        return TextPiece(
            text=text,
            preserve=scope.preserve if preserve is None else preserve,
            style=scope.style,
            background=scope.background,
            start=scope.start,
            end=scope.end,
            language=scope.language,
            agents=scope.agents,
            role=scope.role,
        )


def _with_rubies(piece: TextPiece, rubies: tuple[Ruby, ...]) -> TextPiece:
    return replace(piece, rubies=rubies, text=_BLANK.sub(" ", piece.text).strip(" "))


def _all_text(element: Element) -> str:
    return _BLANK.sub(" ", "".join(element.itertext())).strip(" ")


def _ruby_how(style: Computed) -> str:
    position = style.inherited.get("tts:rubyPosition", "")
    align = style.inherited.get("tts:rubyAlign", "")
    return f"{position} {align}".rstrip() if align else position


def _later(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else max(one, other)

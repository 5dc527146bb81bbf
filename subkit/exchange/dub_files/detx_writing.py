"""Lines to be dubbed as detx, the file of rhythmo bands (Cappella, Joker; their ``DetX.md``).

A line is a chain of signs and text: a sign for where it begins and ends, one for each word whose
time is known, and the signs of the mouth between them. A pause is two signs with nothing between,
the first not linked. Times are timecode, so they stand on frames.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.exchange.dub_files.dub_clock import script_clock
from subkit.exchange.dub_files.dub_scripts import dub_losses, no_variant
from subkit.formats.ttml.ttml_paragraphs import clean
from subkit.interfaces.file_contents import WrittenFile
from subkit.model import AnchorKind, DubLine, LineKind, OnScreen, TakeStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from subkit.exchange.dub_files.dub_clock import DubClock
    from subkit.exchange.dub_files.dub_scripts import DubScript
    from subkit.model import Anchor, Character, Cue

__all__ = ["write", "written_line"]

_VOICES = {
    OnScreen.ON: "on",
    OnScreen.OFF: "off",
    OnScreen.ON_OFF: "semi_off",
    OnScreen.OFF_ON: "semi_off",
}
_GENDERS = ("male", "female", "neutral")
_BEGINS = {AnchorKind.IN_OPEN, AnchorKind.IN_CLOSE}
_ENDS = {AnchorKind.OUT_OPEN, AnchorKind.OUT_CLOSE}
_REACTIONS = {LineKind.REACTION, LineKind.BREATH}
_TRACKS = 4


def written_line(line: DubLine) -> DubLine:
    """Return what is left of a line in a file: two states of the screen, two kinds."""
    on_screen = OnScreen.ON_OFF if _VOICES[line.on_screen] == "semi_off" else line.on_screen
    kind = LineKind.REACTION if line.kind in _REACTIONS else LineKind.DIALOGUE
    return DubLine(character=line.character, on_screen=on_screen, kind=kind)


def write(script: DubScript, variant: str = "") -> WrittenFile:
    """Return a script as detx.

    Raises:
        PlanError: a variant was asked for; there is none.
    """
    from lxml import etree

    if variant:
        raise no_variant("detx", variant)
    clock = script_clock(script)
    root = etree.Element("detx")
    losses: list[tuple[str, str]] = []
    _header(etree.SubElement(root, "header"), script, clock)
    roles = etree.SubElement(root, "roles")
    for one in script.characters:
        losses += _role(roles, one)
    losses += _body(etree.SubElement(root, "body"), script, clock)
    _indent(root, 0)
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return WrittenFile(data=bytes(data) + b"\n", losses=dub_losses(losses))


def _code(clock: DubClock, time: Fraction) -> str:
    """A timecode with a colon before the frames, whatever is counted."""
    return clock.code(time).replace(";", ":")


def _header(header: Element, script: DubScript, clock: DubClock) -> None:
    _add(header, "title", script.title)
    notes = "\n".join((*([script.note] if script.note else []), *script.changes))
    if notes:
        _add(header, "notes", notes)
    begin = _code(clock, Fraction(0))
    _add(header, "videofile", script.media, timestamp=begin)
    _add(header, "last_position", timecode=begin, track="0")


def _role(roles: Element, one: Character) -> Iterator[tuple[str, str]]:
    gender = one.gender.casefold()
    facts = {"color": one.colour, "description": one.note}
    facts["gender"] = gender if gender in _GENDERS else "neutral"
    _add(roles, "role", id=one.id, name=one.name, **{k: v for k, v in facts.items() if v})
    lost = (one.prefix, one.actor, one.gender if gender and gender not in _GENDERS else "")
    for fact in lost:
        if fact:
            yield "cast", ""


def _body(body: Element, script: DubScript, clock: DubClock) -> Iterator[tuple[str, str]]:
    """Add loops, shots and lines in order of time, and yield what is lost."""
    losses: list[tuple[str, str]] = []
    parts: list[tuple[Fraction, int, Element]] = []
    for loop in script.track.loops:
        made = _add(body, "loop", timecode=_code(clock, loop.span.start))
        parts.append((loop.span.start, 0, made))
        if loop.locked:
            losses.append(("loops", ""))
    parts += [(shot, 1, _add(body, "shot", timecode=_code(clock, shot))) for shot in script.shots]
    free = [Fraction(0)] * _TRACKS
    known = {one.id for one in script.characters}
    for cue in script.track.cues:
        place = next((n for n, time in enumerate(free) if time <= cue.span.start), _TRACKS - 1)
        free[place] = cue.span.end
        made = _add(body, "line", track=str(place))
        losses += _line(made, cue, known, clock)
        parts.append((cue.span.start, 2, made))
    body[:] = [part for _, _, part in sorted(parts, key=lambda part: part[:2])]
    yield from losses


def _line(
    element: Element, cue: Cue, known: set[str], clock: DubClock
) -> Iterator[tuple[str, str]]:
    dub = cue.dub or DubLine()
    if dub.character in known:
        element.set("role", clean(dub.character or ""))
    element.set("voice", _VOICES[dub.on_screen])
    if dub.kind in _REACTIONS:
        element.set("type", "reac")
    chain, lost = _chain(cue, dub)
    text = clean(cue.text)
    at = 0
    for offset, time, kind, linked in chain:
        if offset > at:
            _text(element, text[at:offset])
            at = offset
        sign = _add(element, "lipsync", timecode=_code(clock, time), type=kind)
        if not linked:
            sign.set("link", "off")
    for anchor in lost:
        word = anchor.kind is AnchorKind.WORD
        pause = anchor.kind is AnchorKind.PAUSE
        yield ("words" if word else "pauses" if pause else "signs"), cue.id
    yield from _unsaid(cue, dub)


def _unsaid(cue: Cue, dub: DubLine) -> Iterator[tuple[str, str]]:
    """Yield what detx has no place for."""
    if dub.on_screen in (OnScreen.ON_OFF, OnScreen.OFF_ON):
        yield "on-screen", cue.id
    if dub.kind not in (LineKind.DIALOGUE, LineKind.REACTION):
        yield "kind", cue.id
    for name in ("alternate", "note", "reason"):
        if getattr(dub, name):
            yield name, cue.id
    if dub.take is not TakeStatus.OPEN:
        yield "take", cue.id
    if cue.language:
        yield "language", cue.id
    if cue.marks:
        yield "marks", cue.id
    if clean(cue.text) != cue.text:
        yield "letters", cue.id


_Sign = tuple[int, Fraction, str, bool]


def _chain(cue: Cue, dub: DubLine) -> tuple[list[_Sign], list[Anchor]]:
    """Return the signs of a line in order of text and time, and the anchors that do not fit."""
    length = len(clean(cue.text))
    plain = length == len(cue.text)
    start, end = cue.span.start, cue.span.end
    begins = next((one for one in dub.anchors if one.kind in _BEGINS), None)
    ends = next((one for one in reversed(dub.anchors) if one.kind in _ENDS), None)
    chain: list[_Sign] = [(0, start, begins.kind.value if begins else "in_open", True)]
    lost = []
    for anchor in dub.anchors:
        if anchor is begins or anchor is ends:
            continue
        signs = _signs(anchor, length)
        before, last = chain[-1], signs[-1]
        fits = (
            plain
            and anchor.kind not in _BEGINS | _ENDS
            and before[0] <= signs[0][0]
            and before[1] <= signs[0][1]
            and last[1] <= end
        )
        if fits:
            chain += signs
        else:
            lost.append(anchor)
    chain.append((length, end, ends.kind.value if ends else "out_open", True))
    return chain, lost


def _signs(anchor: Anchor, length: int) -> list[_Sign]:
    offset = min(anchor.offset, length)
    if anchor.kind is AnchorKind.PAUSE:
        until = anchor.end or anchor.time
        return [(offset, anchor.time, "neutral", False), (offset, until, "neutral", False)]
    kind = "neutral" if anchor.kind is AnchorKind.WORD else anchor.kind.value
    return [(offset, anchor.time, kind, True)]


def _text(element: Element, text: str) -> None:
    first, *rest = text.split("\n")
    made = _add(element, "text", first)
    for line in rest:
        _add(made, "br").tail = line


def _indent(element: Element, depth: int) -> None:
    """Put elements on lines of their own, but nothing into text."""
    if element.tag == "text" or not len(element):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        _indent(child, depth + 1)
        child.tail = element.text
    element[-1].tail = "\n" + "  " * depth


def _add(parent: Element, kind: str, text: str = "", **attributes: str) -> Element:
    from lxml import etree

    element = etree.SubElement(parent, kind, {k: clean(v) for k, v in attributes.items()})
    if text:
        element.text = clean(text)
    return element

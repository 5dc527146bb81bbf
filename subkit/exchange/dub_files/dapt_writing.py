"""Lines to be dubbed as DAPT, the W3C's profile of TTML2 for dubbing scripts.

Each line is a script event, its times relative to its in-time. A word whose time is known is a span
with a ``begin``. What DAPT has no words for (loops, pauses, signs of the mouth, a second text, how
far the recording is) stands in metadata of a namespace of our own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.errors import InputError, PlanError
from subkit.exchange.dub_files.dapt_names import (
    ON_SCREEN,
    PROFILE,
    REPRESENTS,
    SCRIPT_TYPES,
    name_of,
)
from subkit.exchange.dub_files.dub_scripts import dub_losses
from subkit.formats.text_times import stamp
from subkit.formats.ttml.ttml_names import xml_id
from subkit.formats.ttml.ttml_paragraphs import clean
from subkit.interfaces.file_contents import WrittenFile
from subkit.model import AnchorKind, DubLine, LineKind, TakeStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from lxml.etree import _Element as Element

    from subkit.exchange.dub_files.dub_scripts import DubScript
    from subkit.model import Anchor, Character, Cue, FrameRate

__all__ = ["write"]

_SIGNS = {kind: dapt for dapt, kind in ON_SCREEN.items()}
_SHOWN = 5
_XML_SPACE = " \t\r\n"
_FOLDED = re.compile(r"[ ]{2}|[\t\r]")
"""What becomes one space where space is not preserved."""


def write(script: DubScript, variant: str = "") -> WrittenFile:
    """Return a script as DAPT.

    Args:
        script: What it says.
        variant: Type of the script; empty is ``originalTranscript`` for an original and
            ``preRecording`` for an adaptation.

    Raises:
        PlanError: no such type, or one for the other of original and adaptation.
        InputError: ``asRecorded``, and a line is not recorded.
    """
    from lxml import etree

    script_type = _script_type(script, variant)
    root = _root(script, script_type)
    ids = _Ids(script)
    head = etree.SubElement(root, name_of("tt:head"))
    _head(head, script, ids)
    body = etree.SubElement(root, name_of("tt:body"))
    losses: list[tuple[str, str]] = []
    originals = {} if script_type == SCRIPT_TYPES[0] else script.originals()
    for cue in script.track.cues:
        losses += _event(body, script, cue, ids, originals.get(cue.id))
    etree.indent(head, level=1)
    head.tail = "\n  "
    text = etree.tostring(root, encoding="unicode")
    return WrittenFile(
        data=f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode(), losses=dub_losses(losses)
    )


def _script_type(script: DubScript, variant: str) -> str:
    original = script.source is None
    if not variant:
        return "originalTranscript" if original else "preRecording"
    if variant not in SCRIPT_TYPES:
        raise PlanError(
            f"DAPT has no script of type {variant!r:.40}.",
            remedy=f"Its types: {', '.join(SCRIPT_TYPES)}.",
        )
    if variant in SCRIPT_TYPES[:2] and original != (variant == SCRIPT_TYPES[0]):
        other = "lines of the original" if original else "an adaptation"
        raise PlanError(
            f"Track {script.track.id!r} holds {other}: it is no {variant}.",
            remedy=f"Write dapt:{SCRIPT_TYPES[0] if original else SCRIPT_TYPES[1]}, or choose "
            "another track with --track.",
        )
    if variant == "asRecorded":
        _require_recorded(script)
    return variant


def _require_recorded(script: DubScript) -> None:
    missing = [
        cue.id
        for cue in script.track.cues
        if cue.dub is not None
        and cue.dub.kind is not LineKind.TEXT
        and cue.dub.take is not TakeStatus.RECORDED
    ]
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise InputError(
            f"Lines {', '.join(missing[:_SHOWN])}{more} are not recorded, so there is no script as "
            "recorded yet.",
            remedy="Mark them with subkit dub take PROJECT recorded, or write dapt:preRecording.",
        )


class _Ids:
    """The ids of elements: what a line or a character is called in the document."""

    def __init__(self, script: DubScript) -> None:
        self._taken: set[str] = set()
        self.cues = {one.id: self._own(one.id) for one in script.track.cues}
        self.agents = {one.id: self._own(one.id) for one in script.characters}
        self.actors = {
            actor: self._own(f"actor{number}")
            for number, actor in enumerate(dict.fromkeys(_actors(script.characters)), 1)
        }

    def _own(self, identifier: str) -> str:
        wanted = xml_id(clean(identifier) or "no-id")
        name, number = wanted, 2
        while name in self._taken:
            name, number = f"{wanted}-{number}", number + 1
        self._taken.add(name)
        return name


def _actors(characters: Iterable[Character]) -> Iterator[str]:
    return (actor for one in characters if (actor := clean(one.actor)))


def _root(script: DubScript, script_type: str) -> Element:
    from lxml import etree

    kinds = dict.fromkeys(REPRESENTS[_dub(cue).kind] for cue in script.track.cues)
    attributes = {
        "ttp:contentProfiles": PROFILE,
        "xml:lang": clean(script.track.language) or "und",
        "daptm:langSrc": clean(script.source_language or script.track.language),
        "daptm:scriptRepresents": " ".join(kinds) or "audio.dialogue",
        "daptm:scriptType": script_type,
    }
    if script.rate is not None:
        attributes |= _rate(script.rate)
    spaces = {None: "tt", "ttm": "ttm", "ttp": "ttp", "daptm": "daptm", "subkit": "own"}
    return etree.Element(
        name_of("tt:tt"),
        {name_of(name): value for name, value in attributes.items()},
        nsmap={prefix: name_of(f"{short}:")[1:-1] for prefix, short in spaces.items()},
    )


def _rate(rate: FrameRate) -> dict[str, str]:
    factor = rate.rate / rate.nominal
    return {
        "ttp:frameRate": str(rate.nominal),
        "ttp:frameRateMultiplier": f"{factor.numerator} {factor.denominator}",
    }


def _head(head: Element, script: DubScript, ids: _Ids) -> None:
    metadata = _add(head, "tt:metadata")
    _add(metadata, "ttm:title", script.title)
    if script.note:
        _add(metadata, "ttm:desc", script.note)
    for actor, name in ids.actors.items():
        agent = _add(metadata, "ttm:agent", type="person", **{"xml:id": name})
        _add(agent, "ttm:name", actor, type="full")
    for one in script.characters:
        agent = _add(metadata, "ttm:agent", type="character", **{"xml:id": ids.agents[one.id]})
        _add(agent, "ttm:name", one.name, type="alias")
        if actor := clean(one.actor):
            _add(agent, "ttm:actor", agent=ids.actors[actor])
    if script.start and script.rate is not None:
        code = script.rate.timecode(script.start).replace(";", ":")
        _add(metadata, "daptm:daptOriginTimecode", code)
    for one in script.characters:
        own = {"prefix": one.prefix, "gender": one.gender, "colour": one.colour, "note": one.note}
        if any(own.values()) or ids.agents[one.id] != one.id:
            agent_id = ids.agents[one.id]
            _add(metadata, "own:character", agent=agent_id, id=one.id, **_said(own))
    for loop in script.track.loops:
        cues = " ".join(ids.cues[cue] for cue in loop.cues if cue in ids.cues)
        times = {"begin": _seconds(loop.span.start), "end": _seconds(loop.span.end)}
        locked = {"locked": "true"} if loop.locked else {}
        _add(metadata, "own:loop", id=loop.id, name=loop.name, cues=cues, **times, **locked)
    for change in script.changes:
        _add(metadata, "own:change", change)


def _event(
    body: Element, script: DubScript, cue: Cue, ids: _Ids, original: Cue | None
) -> Iterator[tuple[str, str]]:
    """Add the event of a line, and yield what is lost of it."""
    dub = _dub(cue)
    body.text = "\n    "
    event = _add(
        body,
        "tt:div",
        **{
            "xml:id": ids.cues[cue.id],
            "begin": stamp(cue.span.start, "."),
            "end": stamp(cue.span.end, "."),
            "daptm:represents": REPRESENTS[dub.kind],
            "daptm:onScreen": _SIGNS[dub.on_screen],
        },
    )
    if dub.character in ids.agents:
        event.set(name_of("ttm:agent"), ids.agents[dub.character])
    if dub.note:
        _add(event, "ttm:desc", dub.note)
    words, others = _parted(cue, dub.anchors)
    _own_facts(event, cue, dub, others)
    source = clean(script.source_language) or "und"
    if original is not None:
        source = clean(original.language or "") or source
        _paragraph(event, original.text, (), cue, {"xml:lang": source, "daptm:langSrc": source})
    said = {"xml:lang": clean(cue.language or script.track.language) or "und"}
    if script.source is not None:
        said["daptm:langSrc"] = source
    _paragraph(event, cue.text, words, cue, said)
    for child in event:
        child.tail = "\n      "
    event.text, event[-1].tail, event.tail = "\n      ", "\n    ", "\n    "
    if cue.marks:
        yield "marks", cue.id
    if clean(cue.text) != cue.text:
        yield "letters", cue.id


def _own_facts(event: Element, cue: Cue, dub: DubLine, anchors: list[Anchor]) -> None:
    """Add what DAPT has no words for."""
    facts = {
        "kind": dub.kind.value if dub.kind is not LineKind.DIALOGUE else "",
        "alternate": dub.alternate,
        "reason": dub.reason,
        "take": dub.take.value if dub.take is not TakeStatus.OPEN else "",
    }
    if not (any(facts.values()) or anchors):
        return
    line = _add(_add(event, "tt:metadata"), "own:line", **_said(facts))
    for anchor in anchors:
        end = {} if anchor.end is None else {"end": _seconds(anchor.end)}
        sure = {} if anchor.confidence is None else {"confidence": f"{anchor.confidence:.3f}"}
        _add(
            line,
            "own:anchor",
            kind=anchor.kind.value,
            offset=str(min(anchor.offset, len(cue.text))),
            time=_seconds(anchor.time),
            **end,
            **sure,
        )


def _parted(cue: Cue, anchors: Iterable[Anchor]) -> tuple[list[Anchor], list[Anchor]]:
    """Return the words that spans can say, and all other anchors.

    A span begins at a letter, after the one before it, and within its line.
    """
    words: list[Anchor] = []
    others: list[Anchor] = []
    text = cue.text
    plain = clean(text) == text
    for anchor in anchors:
        fits = (
            plain
            and anchor.kind is AnchorKind.WORD
            and anchor.offset < len(text)
            and not text[anchor.offset].isspace()
            and (not words or words[-1].offset < anchor.offset)
            and cue.span.start <= anchor.time
            and (anchor.end or anchor.time) <= cue.span.end
        )
        (words if fits else others).append(anchor)
    return words, others


def _paragraph(
    event: Element, text: str, words: Iterable[Anchor], cue: Cue, said: dict[str, str]
) -> None:
    paragraph = _add(event, "tt:p", **said)
    text = clean(text)
    lines = text.split("\n")
    if any(line != line.strip(_XML_SPACE) or _FOLDED.search(line) for line in lines):
        paragraph.set(name_of("xml:space"), "preserve")
    cuts = list(words)
    edges = [*(anchor.offset for anchor in cuts), len(text)]
    _fill(paragraph, text[: edges[0]])
    for anchor, end in zip(cuts, edges[1:], strict=True):
        begin = {"begin": _seconds(anchor.time - cue.span.start)}
        if anchor.end is not None:
            begin["end"] = _seconds(anchor.end - cue.span.start)
        _fill(_add(paragraph, "tt:span", **begin), text[anchor.offset : end])


def _fill(element: Element, text: str) -> None:
    """Put text into an element, its line breaks as ``br``."""
    first, *rest = text.split("\n")
    element.text = first
    for line in rest:
        _add(element, "tt:br").tail = line


def _add(parent: Element, short: str, text: str = "", **attributes: str) -> Element:
    from lxml import etree

    named = {name_of(k) if ":" in k else k: clean(value) for k, value in attributes.items()}
    element = etree.SubElement(parent, name_of(short), named)
    if text:
        element.text = clean(text)
    return element


def _said(facts: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in facts.items() if value}


def _dub(cue: Cue) -> DubLine:
    return cue.dub or DubLine()


def _seconds(time: Fraction) -> str:
    """Return a time to the millisecond, as an offset: ``1.250s``."""
    thousandths = round(time * 1000)
    return f"{thousandths // 1000}.{thousandths % 1000:03d}s"

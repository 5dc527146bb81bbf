"""TTAL, the dubbing script that Netflix and the programs of studios exchange: JSON.

Its schema is not public text that we could read, so the writer is provisional: it says what is
known to be in such a file (events with in and out, characters, words and signs with their times,
shot changes, on and off screen, languages) under plain names. The reader takes those names and
others like them, and keeps what it does not know, to give it back under the same event.
"""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError, TimecodeError
from subkit.exchange.dub_files.dub_clock import DubClock, asked_clock, script_clock
from subkit.exchange.dub_files.dub_rows import RowReader
from subkit.exchange.dub_files.dub_scripts import DubReply, dub_losses, no_variant
from subkit.files.data_files import parse_json
from subkit.files.repairs import Repairs
from subkit.interfaces.file_contents import WrittenFile
from subkit.model import (
    Anchor,
    AnchorKind,
    Carried,
    DubLine,
    FrameRate,
    Loop,
    Span,
    exact_number,
)
from subkit.model.anchor_moves import sorted_anchors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from subkit.exchange.dub_files.dub_scripts import DubScript
    from subkit.interfaces.file_contents import ReadRequest
    from subkit.model import Character, Cue

__all__ = ["read", "write"]

_FORMAT = "ttal"
_CARRIES = frozenset(
    {"character", "cast", "on-screen", "kind", "words", "pauses", "signs", "alternate", "note"}
    | {"reason", "take", "loops", "language"}
)
_EVENT = {
    "id": "id",
    "character": "character",
    "in": "in",
    "out": "out",
    "text": "text",
    "sourceText": "source",
    "onScreen": "screen",
    "type": "kind",
    "alternateText": "alternate",
    "note": "note",
    "reason": "reason",
    "take": "take",
}
"""Name in the file -> field of a row."""

_ALSO = {
    "start": "in",
    "begin": "in",
    "starttime": "in",
    "intimecode": "in",
    "end": "out",
    "endtime": "out",
    "outtimecode": "out",
    "dialogue": "text",
    "adaptation": "text",
    "translation": "text",
    "source": "source",
    "originaltext": "source",
    "characterid": "character",
    "role": "character",
    "notes": "note",
    "annotation": "note",
    "status": "take",
}
"""Other names, in small letters without marks between."""

_KNOWN = {name.casefold(): field for name, field in _EVENT.items()} | _ALSO
_EVENTS = ("events", "dialogueEvents", "dialogue", "lines")
_HEAD = {"title", "language", "sourceLanguage", "frameRate", "startTimecode", "characters"}
_HEAD |= {"loops", "shotChanges", "changes", "note", "generator", "media", *_EVENTS}
_CAST = ("name", "prefix", "actor", "gender", "colour", "note")


def write(script: DubScript, variant: str = "") -> WrittenFile:
    """Return a script as TTAL.

    Raises:
        PlanError: a variant was asked for; there is none.
    """
    if variant:
        raise no_variant("ttal", variant)
    clock = script_clock(script)
    kept = _kept(script)
    originals = script.originals()
    losses = [("marks", cue.id) for cue in script.track.cues if cue.marks]
    document = {
        "generator": "subkit (provisional TTAL)",
        "title": script.title,
        "language": script.track.language,
        "sourceLanguage": script.source_language,
        "frameRate": str(clock.rate.rate) + (" drop" if clock.rate.drop_frame else ""),
        "startTimecode": clock.code(Fraction(0)),
        "media": script.media,
        "note": script.note,
        "changes": list(script.changes),
        "characters": [_character(one) for one in script.characters],
        "events": [
            _event(cue, clock, originals.get(cue.id)) | kept.get(cue.id, {})
            for cue in script.track.cues
        ],
        "loops": [_loop(loop, clock) for loop in script.track.loops],
        "shotChanges": [clock.code(time) for time in script.shots],
    } | kept.get("", {})
    data = json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    return WrittenFile(data=data + b"\n", losses=dub_losses(losses))


def _kept(script: DubScript) -> dict[str, dict[str, Any]]:
    """Return what a file had that nobody knew, by event; "" for the document."""
    for block in script.track.carried:
        if block.format == _FORMAT:
            value = parse_json(block.text, "ttal")
            return {k: v for k, v in value.items() if isinstance(v, dict)}
    return {}


def _character(one: Character) -> dict[str, str]:
    facts = {name: getattr(one, name) for name in _CAST}
    return {"id": one.id, **{name: value for name, value in facts.items() if value}}


def _event(cue: Cue, clock: DubClock, original: Cue | None) -> dict[str, Any]:
    dub = cue.dub or DubLine()
    facts = {
        "id": cue.id,
        "character": dub.character,
        "in": clock.code(cue.span.start),
        "out": clock.code(cue.span.end),
        "type": dub.kind.value,
        "onScreen": dub.on_screen.value,
        "text": cue.text,
        "language": cue.language,
        "sourceText": original.text if original is not None else None,
        "alternateText": dub.alternate or None,
        "note": dub.note or None,
        "reason": dub.reason or None,
        "take": dub.take.value,
        "anchors": [_anchor(one) for one in dub.anchors],
    }
    return {name: value for name, value in facts.items() if value is not None}


def _anchor(one: Anchor) -> dict[str, Any]:
    facts = {
        "type": one.kind.value,
        "position": one.offset,
        "seconds": _seconds(one.time),
        "until": None if one.end is None else _seconds(one.end),
        "confidence": one.confidence,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _loop(loop: Loop, clock: DubClock) -> dict[str, Any]:
    return {
        "id": loop.id,
        "name": loop.name,
        "in": clock.code(loop.span.start),
        "out": clock.code(loop.span.end),
        "events": list(loop.cues),
        "locked": loop.locked,
    }


def _seconds(time: Fraction) -> str:
    return f"{round(time * 1000) / 1000:.3f}"


def read(data: bytes, asked: ReadRequest) -> DubReply:
    """Return what a TTAL file says.

    Raises:
        FormatError: not JSON, or no events in it.
    """
    document = parse_json(data, asked.name)
    events = None
    if isinstance(document, dict):
        events = next((document[n] for n in _EVENTS if isinstance(document.get(n), list)), None)
    if events is None:
        raise FormatError(
            f"{asked.name!r} is no TTAL: it has no list of events.",
            remedy=f"subkit looks for {', '.join(_EVENTS)}.",
            line=1,
            column=1,
        )
    return _Document(document, events, asked).reply()


class _Document:
    """A file that is read, and what of it nobody knows."""

    def __init__(self, document: dict[str, Any], events: list[Any], asked: ReadRequest) -> None:
        self._document, self._events = document, events
        self._repairs = Repairs()
        self._clock = self._its_clock(asked)
        language = document.get("language")
        language = language if isinstance(language, str) and language else asked.language
        asked = replace(asked, language=language)
        self._reader = RowReader(asked, self._clock, self._repairs, _CARRIES)
        self._kept: dict[str, dict[str, Any]] = {}

    def reply(self) -> DubReply:
        self._cast()
        unknown = {name: v for name, v in self._document.items() if name not in _HEAD}
        if unknown:
            self._kept[""] = unknown
        for number, event in enumerate(self._events, start=1):
            place = f"event {number}"
            if isinstance(event, dict):
                self._take(event, place)
            else:
                self._repairs.add("What is no event was left out", place)
        found = self._reader.reply(_text(self._document.get("title")))
        carried: tuple[Carried, ...] = ()
        if self._kept:
            text = json.dumps(self._kept, ensure_ascii=False)
            carried = (Carried(format=_FORMAT, kind="unknown", text=text),)
        source = _text(self._document.get("sourceLanguage"))
        track = replace(found.script.track, carried=carried, loops=tuple(self._loops()))
        script = replace(found.script, track=track, source_language=source or track.language)
        return replace(found, script=script, repairs=tuple(self._repairs.sentences()))

    def _its_clock(self, asked: ReadRequest) -> DubClock:
        told, _, drop = _text(self._document.get("frameRate")).partition(" ")
        try:
            rate = exact_number(told)
            clock = DubClock(FrameRate(rate, drop_frame=drop == "drop"), asked.start or Fraction(0))
        except (ValueError, TimecodeError):
            clock = asked_clock(asked, self._repairs)
        begin = self._document.get("startTimecode")
        time = clock.absolute(begin, self._repairs) if isinstance(begin, str) else None
        return clock if time is None else DubClock(clock.rate, time)

    def _cast(self) -> None:
        known = self._document.get("characters")
        for one in known if isinstance(known, list) else ():
            if not isinstance(one, dict):
                continue
            facts = {name: _text(one.get(name)) for name in _CAST}
            name = facts.pop("name") or _text(one.get("id"))
            if name:
                self._reader.character(name, **facts)
                identifier = _text(one.get("id")) or name
                made = replace(self._reader.characters[name], id=identifier)
                self._reader.characters[name] = made

    def _take(self, event: dict[str, Any], place: str) -> None:
        row: dict[str, str] = {}
        strange = {}
        for name, value in event.items():
            field = _KNOWN.get(name.casefold().replace("_", "").replace("-", ""))
            if field is not None:
                row[field] = self._code(value) if field in ("in", "out") else _text(value)
            elif name not in ("anchors", "language"):
                strange[name] = value
        who = row.get("character", "")
        names = {one.id: name for name, one in self._reader.characters.items()}
        row["character"] = names.get(who, who)
        count = len(self._reader.cues)
        self._reader.line(row, place)
        if len(self._reader.cues) == count:
            return
        cue = self._reader.cues[-1]
        language = _text(event.get("language"))
        anchors = sorted_anchors(self._anchors(event.get("anchors"), len(cue.text), place))
        dub = replace(cue.dub or DubLine(), anchors=anchors)
        self._reader.cues[-1] = replace(cue, dub=dub, language=language or None)
        if strange:
            self._kept[cue.id] = strange

    def _code(self, value: Any) -> str:
        """A time as timecode: a timecode, or seconds as a number or text."""
        text = _text(value)
        try:
            seconds = exact_number(text)
        except ValueError:
            return text
        return self._clock.code(seconds) if 0 <= seconds < 360_000 else text

    def _anchors(self, told: Any, length: int, place: str) -> Iterator[Anchor]:
        known = {kind.value: kind for kind in AnchorKind}
        for one in told if isinstance(told, list) else ():
            facts: Mapping[str, Any] = one if isinstance(one, dict) else {}
            kind = known.get(_text(facts.get("type")))
            time, end = (_number(facts.get(name)) for name in ("seconds", "until"))
            offset = facts.get("position")
            if kind is None or time is None or not isinstance(offset, int) or offset < 0:
                self._repairs.add("An anchor that is not understood was left out", place)
                continue
            sure = facts.get("confidence")
            yield Anchor(
                kind=kind,
                offset=min(offset, length),
                time=time,
                end=end if end is not None and end >= time else None,
                confidence=float(sure) if isinstance(sure, (int, float)) else None,
            )

    def _loops(self) -> Iterator[Loop]:
        told = self._document.get("loops")
        spans = {cue.id: cue.span for cue in self._reader.cues}
        for number, one in enumerate(told if isinstance(told, list) else (), start=1):
            named = one.get("events") if isinstance(one, dict) else None
            cues = [c for c in named if c in spans] if isinstance(named, list) else []
            if not cues:
                self._repairs.add("A loop without lines was left out", str(number))
                continue
            begin = min(spans[cue].start for cue in cues)
            yield Loop(
                id=_text(one.get("id")) or f"loop{number}",
                name=_text(one.get("name")) or str(number),
                span=Span(begin, max(spans[cue].end for cue in cues)),
                cues=tuple(cues),
                locked=one.get("locked") is True,
            )


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number else ""


def _number(value: Any) -> Fraction | None:
    try:
        found = exact_number(_text(value))
    except ValueError:
        return None
    return found if 0 <= found <= 10**7 else None

"""DAPT -> lines to be dubbed (W3C DAPT, section 5; TTML2 for times and space)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.exchange.dub_files.dapt_events import (
    ScriptText,
    characters_of,
    chosen_texts,
    elements_of,
    in_order,
    kind_of,
    notes_of,
    share_of,
    take_of,
    text_of,
    word_anchors,
)
from subkit.exchange.dub_files.dapt_names import (
    ON_SCREEN,
    OWN,
    PROFILE,
    SCRIPT_TYPES,
    name_of,
)
from subkit.exchange.dub_files.dub_scripts import DubReply, DubScript
from subkit.exchange.dub_files.folded_text import FoldedText
from subkit.files.repairs import Repairs
from subkit.files.xml import LANG, SPACE, local_name, parse
from subkit.formats.ttml.ttml_names import id_of
from subkit.formats.ttml.ttml_times import MediaClock, clock_of
from subkit.model import (
    Anchor,
    AnchorKind,
    Character,
    Cue,
    DubLine,
    Loop,
    OnScreen,
    Purpose,
    Span,
    TakeStatus,
    Track,
)
from subkit.model.anchor_moves import sorted_anchors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from subkit.interfaces.file_contents import ReadRequest
    from subkit.model import FrameRate

__all__ = ["read"]

_CARRIES = frozenset({"character", "cast", "on-screen", "words", "note", "language", "source"})
_OWN = frozenset({"kind", "pauses", "signs", "alternate", "reason", "take", "loops"})
"""What DAPT carries itself, and what only documents of subkit carry, in its metadata."""
_XML_ID = name_of("xml:id")
_SHORTEST = Fraction(1)
_MAX_LINES = 200_000
_MAX_DEPTH = 32
_PARAMETERS = ("frameRate", "frameRateMultiplier", "tickRate", "timeBase", "subFrameRate")


def read(data: bytes, asked: ReadRequest) -> DubReply:
    """Return what a DAPT document says.

    Args:
        data: Its bytes.
        asked: The file's name, and the frame rate for a document that does not say its own.

    Raises:
        FormatError: no DAPT document.
    """
    name = asked.name
    root = parse(data, name)
    if root.tag != name_of("tt:tt"):
        raise FormatError(
            f"{name!r} is no DAPT: its root is <{local_name(root)}>, not <tt>.",
            remedy="Check that it is a dubbing script.",
            line=1,
            column=1,
        )
    if not any(OWN in key or "profile/dapt" in key for key in root.attrib) and (
        "profile/dapt" not in root.get(name_of("ttp:contentProfiles"), "")
    ):
        raise FormatError(
            f"{name!r} is TTML and no DAPT: nothing in its <tt> names a script.",
            remedy="Take subtitles in with subkit import.",
            line=1,
            column=1,
        )
    return _Document(root, asked.rate).reply()


@dataclass(slots=True)
class _Moment:
    """Where an element stands: its times, its language, and what it inherits."""

    begin: Fraction = Fraction(0)
    end: Fraction | None = None
    language: str = ""
    source: str = ""
    represents: str = ""
    depth: int = 0


@dataclass(slots=True)
class _Document:
    root: Element
    asked: FrameRate | None
    repairs: Repairs = field(default_factory=Repairs)
    clock: MediaClock = field(init=False)
    characters: dict[str, Character] = field(default_factory=dict)
    cues: list[Cue] = field(default_factory=list)
    originals: list[Cue] = field(default_factory=list)

    def __post_init__(self) -> None:
        told = {f"ttp:{key}": self.root.get(name_of(f"ttp:{key}")) for key in _PARAMETERS}
        parameters = {key: value for key, value in told.items() if value is not None}
        self.clock = clock_of(parameters, self.asked, self.repairs)

    def reply(self) -> DubReply:
        root = self.root
        script_type = self._script_type()
        language = root.get(LANG, "") or "und"
        if language == "und":
            self.repairs.add("The script names no language")
        head = root.find(name_of("tt:head"))
        if head is not None:
            self.characters = characters_of(head)
        begin = _Moment(language=language, source=root.get(name_of("daptm:langSrc"), ""))
        for body in root.iterfind(name_of("tt:body")):
            self._container(body, begin, script_type)
        if sounds := sum(1 for _ in root.iter(name_of("tt:audio"))):
            self.repairs.add("Sound in or beside the script was left out", f"{sounds} of it")
        return DubReply(
            script=self._script(head, language, begin.source),
            carries=_CARRIES | (_OWN if OWN in root.nsmap.values() else frozenset()),
            repairs=tuple(self.repairs.sentences()),
        )

    def _script(self, head: Element | None, language: str, source: str) -> DubScript:
        track_id = f"{language}.{Purpose.DUBBING.value}"
        original = None
        if self.originals:
            first = source or self.originals[0].language or "und"
            original = Track(
                id=f"{first}.{Purpose.DUBBING.value}",
                language=first,
                purpose=Purpose.DUBBING,
                cues=in_order(self.originals),
            )
        track = Track(
            id=track_id,
            language=language,
            purpose=Purpose.DUBBING,
            source=None if original is None else original.id,
            cues=in_order(self.cues),
            loops=tuple(self._loops(head)),
        )
        rate = self.clock.rate if self.clock.stated else None
        return DubScript(
            title=self._said(head, "ttm:title"),
            track=track,
            source=original,
            source_language=source if source not in ("", "zxx") else language,
            characters=tuple(self.characters.values()),
            rate=rate,
            start=self._start(head, rate),
            changes=tuple(text_of(one) for one in elements_of(head, "own:change")),
            note=self._said(head, "ttm:desc"),
        )

    def _script_type(self) -> str:
        told = str(self.root.get(name_of("daptm:scriptType"), "")).strip()
        profiles = self.root.get(name_of("ttp:contentProfiles"), "").split()
        if PROFILE not in profiles:
            named = " ".join(profiles)[:80] or "none named"
            self.repairs.add(f"Another version of DAPT ({named}): what is understood was read")
        if told in SCRIPT_TYPES:
            return told
        self.repairs.add(f"The type of the script is not known: {told[:40] or 'none'}", "tt")
        return ""

    def _start(self, head: Element | None, rate: FrameRate | None) -> Fraction:
        code = self._said(head, "daptm:daptOriginTimecode")
        if not code or rate is None:
            return Fraction(0)
        found = replace(self.clock, timecode=True).seconds(code, self.repairs, lambda: "head")
        return found or Fraction(0)

    def _said(self, head: Element | None, name: str) -> str:
        metadata = None if head is None else head.find(name_of("tt:metadata"))
        found = None if metadata is None else metadata.find(name_of(name))
        return "" if found is None else text_of(found)

    def _loops(self, head: Element | None) -> Iterator[Loop]:
        known = {cue.id for cue in self.cues}
        for number, one in enumerate(elements_of(head, "own:loop"), 1):
            begin = self._time(one, "begin", "loop")
            end = self._time(one, "end", "loop")
            cues = tuple(id_of(name) for name in one.get("cues", "").split())
            cues = tuple(cue for cue in cues if cue in known)
            if begin is None or end is None or end < begin:
                self.repairs.add("A loop without times was left out", one.get("name", "")[:40])
                continue
            yield Loop(
                id=one.get("id", "") or f"l{number}",
                name=one.get("name", "") or str(number),
                span=Span(self._on_grid(begin), self._on_grid(end)),
                cues=cues,
                locked=one.get("locked") == "true",
            )

    def _container(self, element: Element, around: _Moment, script_type: str) -> None:
        """Read a body or a division: an event, or one that holds others."""
        if around.depth > _MAX_DEPTH:
            self.repairs.add("Divisions nested very deeply were left out")
            return
        here = self._moment(element, around)
        divisions = element.findall(name_of("tt:div"))
        for division in divisions:
            self._container(division, here, script_type)
        if element.tag != name_of("tt:div") or divisions:
            return
        if not element.get(_XML_ID):
            self.repairs.add("Divisions without an id, which are no script events, were left out")
            return
        if len(self.cues) >= _MAX_LINES:
            raise FormatError(
                f"The script has more than {_MAX_LINES:,} lines.",
                remedy="Check that it is the right file.",
            )
        self._event(element, here, script_type)

    def _moment(self, element: Element, around: _Moment) -> _Moment:
        place = element.get(_XML_ID, "") or local_name(element)
        begin = self._time(element, "begin", place) or Fraction(0)
        end = self._time(element, "end", place)
        length = self._time(element, "dur", place)
        start = around.begin + begin
        ends = [around.end, None if end is None else around.begin + end]
        ends += [None if length is None else start + length]
        last = min((one for one in ends if one is not None), default=None)
        if element.tag == name_of("tt:div"):  # of words no frame is meant
            start = self._on_grid(start)
            last = None if last is None else self._on_grid(last)
        return _Moment(
            begin=start,
            end=last,
            language=element.get(LANG, around.language),
            source=element.get(name_of("daptm:langSrc"), around.source),
            represents=element.get(name_of("daptm:represents"), around.represents),
            depth=around.depth + 1,
        )

    def _event(self, element: Element, here: _Moment, script_type: str) -> None:
        place = element.get(_XML_ID, "")
        texts = self._texts(element, here)
        main, original = chosen_texts(texts, here.language, script_type)
        anchors = word_anchors(main) if main is not None else ()
        span = self._span(here, anchors, place)
        text = "" if main is None else main.text.text
        own = next(iter(element.iter(name_of("own:line"))), None)
        dub = DubLine(
            character=self._agent(element, place),
            on_screen=self._on_screen(element, place),
            kind=kind_of(here.represents, own),
            anchors=sorted_anchors((*anchors, *self._own_anchors(own, len(text)))),
            alternate="" if own is None else own.get("alternate", ""),
            note=notes_of(element),
            reason="" if own is None else own.get("reason", ""),
            take=take_of(own),
        )
        spoken = "" if main is None else main.language
        apart = spoken and spoken != self.root.get(LANG, "")
        cue = Cue(
            id=id_of(place),
            span=span,
            lines=tuple(text.split("\n")),
            language=spoken if apart else None,
            dub=dub,
        )
        self.cues.append(cue)
        if original is not None:
            line = replace(dub, anchors=(), take=TakeStatus.OPEN, alternate="", reason="", note="")
            said = tuple(original.text.text.split("\n"))
            self.originals.append(Cue(id=cue.id, span=span, lines=said, dub=line))

    def _texts(self, element: Element, here: _Moment) -> list[ScriptText]:
        found = []
        for paragraph in element.iterfind(name_of("tt:p")):
            moment = self._moment(paragraph, here)
            text = FoldedText(keeps=paragraph.get(SPACE, "") == "preserve")
            self._fill(text, paragraph, moment, 0)
            text.finish()
            found.append(ScriptText(text, moment.language, moment.source))
        return found

    def _fill(self, text: FoldedText, element: Element, around: _Moment, depth: int) -> None:
        """Add what an element says to a text."""
        if depth > _MAX_DEPTH:
            self.repairs.add("Spans nested very deeply were left out")
            return
        text.write(element.text or "")
        for child in element:
            kind = local_name(child)
            if kind == "br":
                text.line_break()
            elif kind == "span":
                inner = self._moment(child, around)
                if child.get("begin") is not None:
                    end = inner.end if child.get("end") or child.get("dur") else None
                    text.begin(inner.begin, end)
                self._fill(text, child, inner, depth + 1)
            text.write(child.tail or "")

    def _own_anchors(self, own: Element | None, length: int) -> Iterator[Anchor]:
        for one in () if own is None else own.iterfind(name_of("own:anchor")):
            time = self._time(one, "time", "anchor")
            end = self._time(one, "end", "anchor")
            kind, offset = one.get("kind", ""), one.get("offset", "")
            known = kind in {known.value for known in AnchorKind}
            if time is None or not known or not (offset.isascii() and offset.isdigit()):
                self.repairs.add("An anchor that is not understood was left out")
                continue
            yield Anchor(
                kind=AnchorKind(kind),
                offset=min(int(offset[:9]), length),
                time=time,
                end=None if end is None or end < time else end,
                confidence=share_of(one.get("confidence")),
            )

    def _span(self, here: _Moment, anchors: tuple[Anchor, ...], place: str) -> Span:
        start, end = here.begin, here.end
        if end is None:
            self.repairs.add("A line without an end was given one", place)
            last = max((one.end or one.time for one in anchors), default=start)
            end = max(last, start + _SHORTEST)
        if end < start:
            self.repairs.add("An out-time before its in-time was made equal to it", place)
            end = start
        return Span(start, max(start, self._on_grid(end)))

    def _on_grid(self, time: Fraction) -> Fraction:
        """The time of the frame that was meant, where it is one to the millisecond."""
        if self.clock.stated:
            near = self.clock.rate.time(self.clock.rate.frame(time))
            if abs(near - time) <= Fraction(1, 2000):
                return near
        return time

    def _agent(self, element: Element, place: str) -> str | None:
        told = element.get(name_of("ttm:agent"), "").split()
        if len(told) > 1:
            self.repairs.add("Of several characters of a line the first was taken", place)
        if not told:
            return None
        known = self.characters.get(told[0])
        if known is None:
            self.repairs.add("A character that the script does not list was added", told[0][:60])
            name = id_of(told[0])
            known = Character(id=name, name=name, origin="script")
            self.characters[told[0]] = known
        return known.id

    def _on_screen(self, element: Element, place: str) -> OnScreen:
        told = element.get(name_of("daptm:onScreen"), "ON").strip()
        if told not in ON_SCREEN:
            self.repairs.add(f"onScreen {told[:20]!r} was read as on", place)
        return ON_SCREEN.get(told, OnScreen.ON)

    def _time(self, element: Element, attribute: str, place: str) -> Fraction | None:
        told = element.get(attribute)
        if told is None:
            return None
        found = self.clock.seconds(told, self.repairs, lambda: place)
        if found is None:
            self.repairs.add(f"{attribute} {told[:20]!r} is no time and was left out", place)
        return found

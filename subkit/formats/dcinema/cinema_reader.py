"""Reads D-cinema subtitles, Interop and SMPTE ST 428-7, as they are found; see the package."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NoReturn

from subkit.errors import FormatError, PlanError
from subkit.files.plain_text import MAX_BYTES, Repairs
from subkit.files.xml import local_name, parse
from subkit.formats.cue_text import put_in_order
from subkit.formats.dcinema.cinema_fonts import DEFAULT_LOOK, FAMILY
from subkit.formats.dcinema.cinema_limits import cinema_faults
from subkit.formats.dcinema.cinema_lines import LineReader, attributes_in_any_case
from subkit.formats.dcinema.cinema_places import place_of_lines
from subkit.formats.ttml.ttml_layout import attributes_text
from subkit.interfaces.file_contents import FileContent, ReadRequest
from subkit.language import parse_language
from subkit.model import Cue, FrameRate, Span, Track, small_number
from subkit.model.styling import Carried, Fade

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

__all__ = ["EPOCH", "HEAD", "USUAL_FONT", "DCinemaReader"]

EPOCH = "1970-01-01T00:00:00+00:00"
"""Date of a file that nobody knows when it was made."""

USUAL_FONT = f"font urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'font')}"
"""Name of the font in files written here, and the id under which the packager adds its file."""

HEAD = ("StartTime", "IssueDate", "AnnotationText", "LoadFont")
"""Elements of the head that are given back as they were."""

_TIME = re.compile(r"(\d{1,4}):(\d{1,2}):(\d{1,2})(?:[:;](\d{1,4})|\.(\d{1,9}))?")
_TICKS = 250
_CINEMA = Fraction(24)
_USUAL_FADE = {True: "20", False: "00:00:00:02"}
"""Fade of an event that names none: 20 ticks in Interop, else two frames."""


class DCinemaReader:
    """Reads Interop and SMPTE D-cinema subtitles."""

    extension = "xml"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """Return the track and what was repaired.

        Raises:
            FormatError: not D-cinema subtitles, or pictures only.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """Return what the file holds; times count from the reel's start.

        Raises:
            FormatError: not D-cinema subtitles, or pictures only.
        """
        if len(data) > MAX_BYTES:
            _refuse(
                f"{asked.name!r} has {len(data)} bytes; subtitle files are read up to {MAX_BYTES}."
            )
        root = parse(data, asked.name)
        kind = local_name(root).lower()
        if kind not in ("dcsubtitle", "subtitlereel"):
            _refuse(f"{asked.name!r} is not a D-cinema subtitle file.", root)
        repairs = Repairs()
        head = _head(root, repairs)
        reel = _Reel(interop=kind == "dcsubtitle", repairs=repairs)
        reel.learn(root, head, asked)
        start = (
            reel.seconds(head["starttime"].text or "", "StartTime") if "starttime" in head else None
        )
        track = reel.track(root, head, asked, start)
        title = head.get("contenttitletext", head.get("movietitle"))
        return FileContent(
            tracks=(track,),
            repairs=tuple(repairs.sentences()),
            rate=None if reel.interop else FrameRate(reel.rate),
            start=start,
            title="" if title is None else (title.text or "").strip(),
        )


def _refuse(message: str, element: Element | None = None) -> NoReturn:
    line = 1 if element is None else element.sourceline
    raise FormatError(message, remedy="Check that it is a subtitle file.", line=line or 1, column=1)


def _head(root: Element, repairs: Repairs) -> dict[str, Element]:
    """Return the elements of the head by name in lower case."""
    namespaces = {str(element.tag).rpartition("}")[0] for element in root}
    own = str(root.tag).rpartition("}")[0]
    if namespaces - {own}:
        repairs.add("Elements outside the namespace of the first one were read as if inside")
    return {local_name(element).lower(): element for element in reversed(root)}


@dataclass(slots=True, kw_only=True)
class _Reel:
    """What a file says of its times, and its events.

    Attributes:
        interop: Times are ticks of 4 ms and not frames.
        repairs: Hears of what was mended.
        rate: Frames a second.
        scale: Seconds of the film for a second of the cinema: 1001/1000 for a film at 23.976.
        per_second: Parts of a second that the last field of a time counts.
        captions: They are closed captions, which have no fades.
    """

    interop: bool
    repairs: Repairs
    rate: Fraction = _CINEMA
    scale: Fraction = Fraction(1)
    per_second: Fraction = Fraction(_TICKS)
    captions: bool = False
    lines: LineReader = field(default_factory=LineReader)

    def learn(self, root: Element, head: dict[str, Element], asked: ReadRequest) -> None:
        """Take in rates and what the times of the file look like."""
        if not self.interop:
            self.rate = self._rate(head, asked)
            self.per_second = self.rate
        elif any(int(match[4]) >= _TICKS for match in self._times(root) if match[4]):
            self.repairs.add("Ticks over 249, which do not exist, were read as milliseconds")
            self.per_second = Fraction(1000)
        if asked.rate is not None and (self.interop or asked.rate.nominal == self.rate):
            self.scale = asked.rate.nominal / asked.rate.rate
        kind = head["displaytype"].text if "displaytype" in head else None
        self.captions = "caption" in (kind or "").lower()
        if "loadfont" not in head:
            self.repairs.add("The file names no font (LoadFont)")

    def _times(self, root: Element) -> list[re.Match[str]]:
        found = []
        for element in root.iter():
            attributes = attributes_in_any_case(element)
            texts = (attributes.get(name, "") for name in ("timein", "timeout"))
            found += [match for text in texts if (match := _TIME.fullmatch(text.strip()))]
        return found

    def _rate(self, head: dict[str, Element], asked: ReadRequest) -> Fraction:
        text = head["timecoderate"].text if "timecoderate" in head else None
        if rate := small_number(text or ""):
            return Fraction(rate)
        words = (head["editrate"].text or "").split() if "editrate" in head else []
        match [small_number(word) for word in words]:
            case [int(frames), int(seconds)] if frames and seconds:
                self.repairs.add("TimeCodeRate is missing; EditRate was taken")
                return Fraction(frames, seconds)
        self.repairs.add("TimeCodeRate and EditRate are missing; 24 frames a second were taken")
        return Fraction(asked.rate.nominal) if asked.rate is not None else _CINEMA

    def seconds(self, text: str, place: str) -> Fraction | None:
        """Return a time in seconds of the film; ``None`` where it is none."""
        text = text.strip()
        if len(text) <= 6 and (ticks := small_number(text)) is not None:
            return Fraction(ticks) / self.per_second * self.scale
        match = _TIME.fullmatch(text)
        if match is None:
            return None
        hours, minutes, seconds = (int(match[i]) for i in (1, 2, 3))
        whole = Fraction((hours * 60 + minutes) * 60 + seconds)
        if match[5]:
            whole += Fraction(int(match[5]), 10 ** len(match[5]))
        elif match[4]:
            if int(match[4]) >= self.per_second:
                self.repairs.add(
                    f"Frames from {self.per_second} on, which do not exist, were carried into the "
                    "next second",
                    place,
                )
            whole += int(match[4]) / self.per_second
        return whole * self.scale

    def track(
        self,
        root: Element,
        head: dict[str, Element],
        asked: ReadRequest,
        start: Fraction | None,
    ) -> Track:
        """Return the events as cues, and what else the file says."""
        events = [e for e in root.iter() if local_name(e).lower() == "subtitle"]
        look = self._look(events)
        self.lines = LineReader(look=look, repairs=self.repairs)
        begin = asked.start if asked.start is not None else start
        cues = [cue for event in events if (cue := self._cue(event, begin)) is not None]
        if not cues and self.lines.pictures:
            _refuse(f"{asked.name!r} holds pictures of subtitles and no text.", events[0])
        if not cues:
            self.repairs.add("The file holds no cue")
        cues = put_in_order(_identified(cues, self.repairs), self.repairs)
        grid = FrameRate(self.rate / self.scale)
        for message, ids in cinema_faults(cues, grid, captions=self.captions).items():
            for id_ in ids:
                self.repairs.add(message, f"cue {id_}")
        language = asked.language
        if language == "und" and "language" in head:
            written = (head["language"].text or "").strip()
            language = _tag(written)
            if written and language == "und":
                self.repairs.add(f"A language that is not known was left out: {written[:40]!r}")
        return Track(id=language, language=language, cues=tuple(cues), carried=_carried(head, look))

    def _look(self, events: list[Element]) -> dict[str, str]:
        """Return how most events look by the fonts around them, as far as words have no look."""
        reader = LineReader(repairs=Repairs())
        counted: Counter[tuple[tuple[str, str], ...]] = Counter()
        for event in events:
            kept = {k: v for k, v in reader.fonts_above(event).items() if k not in _WORDS}
            counted[tuple(sorted(kept.items()))] += 1
        return dict(counted.most_common(1)[0][0]) if counted else {}

    def _cue(self, event: Element, begin: Fraction | None) -> Cue | None:
        attributes = attributes_in_any_case(event)
        place = f"line {event.sourceline}"
        times = [self.seconds(attributes.get(name, ""), place) for name in ("timein", "timeout")]
        first, last = times
        if first is None or last is None:
            self.repairs.add("An event without times that can be read was left out", place)
            return None
        lines, places, marks = self.lines.lines(event)
        if not lines:
            self.repairs.add("An event without text was left out", place)
            return None
        if last < first:
            self.repairs.add("An out-time before its in-time was made equal to it", place)
            last = first
        if begin:
            if first < begin:
                self.repairs.add("A time before the reel's start was made its start", place)
            first, last = (max(time - begin, Fraction(0)) for time in (first, last))
        return Cue(
            id=" ".join(attributes.get("spotnumber", "").split()),
            span=Span(first, last),
            lines=tuple(lines),
            placement=place_of_lines(places),
            marks=marks,
            fade=self._fade(attributes, place),
        )

    def _fade(self, attributes: dict[str, str], place: str) -> Fade | None:
        usual = "0" if self.captions else _USUAL_FADE[self.interop]
        texts = [attributes.get(name, usual) for name in ("fadeuptime", "fadedowntime")]
        found = [self.seconds(text, place) for text in (*texts, usual)]
        up, down, plain = (Fraction(0) if time is None else time for time in found)
        return None if up == down == plain else Fade(up=up, down=down)


_WORDS = frozenset({"Italic", "Underline", "Weight", "Color", "Script"})
"""Attributes that are a look of words even where all text has them."""


def _tag(text: str) -> str:
    """Return the tag of a language by its name or code."""
    try:
        return parse_language(text.strip()).tag
    except PlanError:
        return "und"


def _carried(head: dict[str, Element], look: dict[str, str]) -> tuple[Carried, ...]:
    found = []
    for name in HEAD:
        element = head.get(name.lower())
        if element is None:
            continue
        text = (element.text or "").strip()
        if name == "LoadFont":
            attributes = attributes_in_any_case(element)
            id_ = attributes.get("id", "")
            text = f"{id_} {attributes.get('uri', text)}".strip()
        usual = (name == "StartTime" and not text.strip("0:")) or text in (USUAL_FONT, EPOCH)
        if text and not usual:
            found.append(Carried(format=FAMILY, kind=name, text=text))
    if look and look != {k: v for k, v in DEFAULT_LOOK.items() if k not in _WORDS}:
        found.append(Carried(format=FAMILY, kind="font", text=attributes_text(look)))
    return tuple(found)


def _identified(cues: list[Cue], repairs: Repairs) -> list[Cue]:
    """Return cues with an id each: the spot number where every cue has one of its own."""
    ids = [cue.id for cue in cues]
    if all(ids) and len(set(ids)) == len(ids):
        return cues
    repairs.add("Spot numbers were missing or repeated; cues were numbered by their place")
    return [replace(cue, id=str(number)) for number, cue in enumerate(cues, start=1)]

"""Writes D-cinema subtitles, Interop and SMPTE ST 428-7, so that their schemas accept them."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from fractions import Fraction
from functools import partial
from hashlib import sha256
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import PlanError
from subkit.formats.cue_text import in_order
from subkit.formats.dcinema.cinema_events import CARRIES, Dialect, EventWriter
from subkit.formats.dcinema.cinema_fonts import DEFAULT_LOOK, FAMILY
from subkit.formats.dcinema.cinema_limits import MAX_CAPTION_BYTES, cinema_faults
from subkit.formats.dcinema.cinema_reader import EPOCH, HEAD, USUAL_FONT
from subkit.formats.losses import counted, losses_of
from subkit.formats.track_looks import without_names
from subkit.formats.ttml.ttml_layout import attributes_of
from subkit.formats.ttml.ttml_paragraphs import clean
from subkit.interfaces.file_contents import Loss, WriteRequest, WrittenFile
from subkit.model import FrameRate

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from subkit.model import Cue, Fade, Media, Track

__all__ = ["DCinemaWriter", "InteropWriter", "SmpteCinemaWriter"]

_SMPTE = "http://www.smpte-ra.org/schemas/428-7/{year}/DCST"
_YEARS = {"": "2014", "2014": "2014", "2010": "2010", "closed-caption": "2014"}
"""Profile -> edition of ST 428-7."""
_INTEROP_NAMES = {
    "Halign": "HAlign",
    "Hposition": "HPosition",
    "Valign": "VAlign",
    "Vposition": "VPosition",
    "Underline": "Underlined",
}
_INTEROP = Dialect(
    namespace="", names=_INTEROP_NAMES, directions=("horizontal", "vertical"), unit="em"
)
_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}")
_ISSUED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?")
_FONT_FILE = re.compile(r"(?=.{1,99}$)[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)*", re.ASCII)
_FONT_URN = re.compile(r"urn:uuid:[0-9A-Za-z-]{1,40}")
_DAY = 24 * 3600


class DCinemaWriter:
    """Writes D-cinema subtitles; see the package for the recipe."""

    extension = "xml"

    def __init__(self, *, interop: bool) -> None:
        self._interop = interop

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """Return the bytes of the file; ``note`` is an annotation, in Interop a comment."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:
        """Return the bytes of the file and what it could not hold.

        Raises:
            PlanError: a profile that there is none of.
        """
        if asked.profile not in _YEARS or (self._interop and asked.profile):
            raise PlanError(
                f"D-cinema subtitles have no profile {asked.profile!r}.",
                remedy="Choose 2014, 2010 or closed-caption, for SMPTE only.",
            )
        track = without_names(track, FAMILY)
        sheet = _Sheet(track, media, asked, interop=self._interop)
        return sheet.written()


InteropWriter = partial(DCinemaWriter, interop=True)
SmpteCinemaWriter = partial(DCinemaWriter, interop=False)


class _Sheet:
    """A file while it is made."""

    def __init__(self, track: Track, media: Media, asked: WriteRequest, *, interop: bool) -> None:
        self._track, self._media, self._asked = track, media, asked
        self._interop = interop
        film = media.frame_rate or FrameRate(Fraction(24))
        self._film = film
        self._rate = FrameRate(Fraction(film.nominal))
        self._closed = asked.profile == "closed-caption"
        blocks = [block for block in track.carried if block.format == FAMILY]
        self._carried = {block.kind: block.text for block in blocks}
        look = self._carried.get("font")
        self._look = attributes_of(look) if look is not None else DEFAULT_LOOK
        year = _YEARS[asked.profile]
        self._dialect = (
            _INTEROP
            if interop
            else Dialect(
                namespace=_SMPTE.format(year=year), names={}, directions=("ltr", "ttb"), unit=""
            )
        )
        self._events = EventWriter(dialect=self._dialect, look=self._look)
        self._start = self._started()

    def _started(self) -> Fraction:
        """Return the timecode at which the reel begins, in seconds of the cinema."""
        text = self._carried.get("StartTime", "")
        match = re.fullmatch(r"(\d\d):(\d\d):(\d\d):(\d{2,3})", text)
        if self._interop or match is None:
            return Fraction(0)
        hours, minutes, seconds, frames = (int(part) for part in match.groups())
        return (hours * 60 + minutes) * 60 + seconds + frames / self._rate.rate

    def written(self) -> WrittenFile:
        from lxml import etree

        cues = in_order(self._track)
        tag = self._dialect.tag
        body = etree.Element(tag("Font"), self._font())
        for number, cue in enumerate(cues, start=1):
            self._event(body, cue, number)
        digest = sha256(etree.tostring(body)).hexdigest()
        id_ = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._title()} {self._asked.reel} {digest}"))
        root = self._interop_head(id_) if self._interop else self._smpte_head(id_)
        holder = root if self._interop else etree.SubElement(root, tag("SubtitleList"))
        if len(body):
            holder.append(body)
        _indent(root, 0)
        note = ""
        if self._interop and self._asked.note:
            text = re.sub("-(?=-)|-$", "- ", clean(self._asked.note).replace("\r", "\n"))
            note = f"<!-- {text} -->\n"
        text = str(etree.tostring(root, encoding="unicode"))
        data = f'<?xml version="1.0" encoding="UTF-8"?>\n{note}{text}\n'.encode()
        return WrittenFile(data=data, losses=self._losses(cues, data))

    def _title(self) -> str:
        return clean(self._asked.title or Path(self._media.path).stem) or "untitled"

    def _font(self) -> dict[str, str]:
        said = self._dialect.named({"Color": DEFAULT_LOOK["Color"], **self._look})
        if name := self._loaded()[0]:
            said["Id" if self._interop else "ID"] = name
        return said

    def _loaded(self) -> tuple[str, str]:
        """Return the font's name and where it is: what was read, as far as it can be here."""
        usual = "" if self._interop else USUAL_FONT
        name, _, place = self._carried.get("LoadFont", usual).partition(" ")
        if (_FONT_FILE if self._interop else _FONT_URN).fullmatch(place):
            return name, place
        name, _, place = usual.partition(" ")
        return name, place

    def _smpte_head(self, id_: str) -> Element:
        from lxml import etree

        tag = self._dialect.tag
        root = etree.Element(tag("SubtitleReel"), nsmap={"dcst": self._dialect.namespace})
        name_of_font, font = self._loaded()
        note = clean(self._asked.note) or self._carried.get("AnnotationText", "")
        start = self._time(Fraction(0)) if self._start else "00:00:00:00"
        language = self._track.language
        parts = [
            ("Id", f"urn:uuid:{id_}", {}),
            ("ContentTitleText", self._title(), {}),
            ("AnnotationText", note, {}),
            ("IssueDate", self._issued(), {}),
            ("ReelNumber", str(self._asked.reel), {}),
            ("Language", language if _TAG.fullmatch(language) else "und", {}),
            ("EditRate", f"{self._rate.nominal} 1", {}),
            ("TimeCodeRate", str(self._rate.nominal), {}),
            ("StartTime", start, {}),
            ("DisplayType", "ClosedCaption" if self._closed else "", {}),
            ("LoadFont", font, {"ID": name_of_font}),
        ]
        for name, text, attributes in parts:
            if text:
                etree.SubElement(root, tag(name), attributes).text = text
        return root

    def _interop_head(self, id_: str) -> Element:
        from lxml import etree

        root = etree.Element("DCSubtitle", {"Version": "1.0"})
        for name, text in (
            ("SubtitleID", id_),
            ("MovieTitle", self._title()),
            ("ReelNumber", str(self._asked.reel)),
            ("Language", clean(self._track.language)),
        ):
            etree.SubElement(root, name).text = text
        name, font = self._loaded()
        if font:
            etree.SubElement(root, "LoadFont", {"Id": name, "URI": font})
        return root

    def _issued(self) -> str:
        """Return when the file was issued: what it said, else when its text was last made."""
        made = [cue.provenance.time for cue in self._track.cues if cue.provenance]
        dates = [self._carried.get("IssueDate", ""), max(made, default="")]
        return next((date for date in dates if _ISSUED.fullmatch(date)), EPOCH)

    def _event(self, body: Element, cue: Cue, number: int) -> None:
        from lxml import etree

        event = etree.SubElement(body, self._dialect.tag("Subtitle"))
        if not self._events.write(event, cue):
            body.remove(event)
            self._events.lose("limit", cue)  # an empty event is not allowed
            return
        spot = " ".join(clean(cue.id).split())
        if not spot or spot != cue.id:
            self._events.lose("cue id", cue)
        event.set("SpotNumber", spot or str(number))
        event.set("TimeIn", self._time(self._cinema(cue.span.start)))
        event.set("TimeOut", self._time(self._cinema(cue.span.end)))
        for name, text in self._fades(cue.fade):
            event.set(name, text)

    def _cinema(self, time: Fraction) -> Fraction:
        """Return a time of the film in the cinema, which runs at a whole rate."""
        return time * self._film.rate / self._film.nominal

    def _time(self, time: Fraction) -> str:
        """Return a time as the format writes it: ticks of 4 ms, or frames."""
        parts = 250 if self._interop else self._rate.nominal
        count = floor((time + self._start) * parts + Fraction(1, 2))
        whole, part = divmod(count, parts)
        width = 3 if parts > 100 else 2
        return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}:{part:0{width}d}"

    def _fades(self, fade: Fade | None) -> list[tuple[str, str]]:
        names = ("FadeUpTime", "FadeDownTime")
        if self._closed:
            return [(name, "00:00:00:00") for name in names]
        if fade is None:
            return [(name, "20" if self._interop else "00:00:00:02") for name in names]
        found = []
        for name, time in zip(names, (fade.up, fade.down), strict=True):
            text = self._time(self._cinema(time) - self._start)
            short = self._interop and text.startswith("00:00:00:")
            found.append((name, str(int(text[-3:])) if short else text))
        return found

    def _losses(self, cues: list[Cue], data: bytes) -> tuple[Loss, ...]:
        carries = CARRIES - ({"fade"} if self._closed else set())
        found = list(losses_of(self._track, carries, format=FAMILY))
        lost = {name: list(ids) for name, ids in self._events.lost.items()}
        faults = cinema_faults(cues, self._film, captions=self._closed)
        late = [cue.id for cue in cues if self._cinema(cue.span.end) + self._start >= _DAY]
        for ids in (*faults.values(), late):
            lost.setdefault("limit", []).extend(ids)
        if not self._interop:
            lost["times"] = [cue.id for cue in cues if not self._on_grid(cue)]
        left = [cue.id for cue in cues if cue.placement.writing == "vertical-lr"]
        found += [counted(name, ids) for name, ids in {**lost, "vertical": left}.items() if ids]
        if self._closed and len(data) > MAX_CAPTION_BYTES:
            found.append(replace(counted("limit", [""]), cues=()))
        if self._film.rate != self._film.nominal:
            found.append(
                Loss(
                    feature="times",
                    cues=(),
                    what=f"frames count at {self._film.nominal} a second, not "
                    f"{float(self._film.rate):.6g}",
                )
            )
        known = {*HEAD, "font"}
        unwritten = [kind for kind in self._carried if kind not in known]
        font = self._carried.get("LoadFont", "")
        unwritten += ["LoadFont"] if font and font != " ".join(self._loaded()) else []
        if unwritten:
            found.append(replace(counted("carried", [""] * len(unwritten)), cues=()))
        return tuple(found)

    def _on_grid(self, cue: Cue) -> bool:
        return all(self._film.snap(time) == time for time in (cue.span.start, cue.span.end))


def _indent(element: Element, depth: int) -> None:
    """Put each element but those inside a line of text on a line of its own."""
    if element.tag.rpartition("}")[2] == "Text" or not len(element):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        _indent(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    element[-1].tail = "\n" + "  " * depth

r"""SAMI (``.smi``), as it is still common in Korea.

Recipe: UTF-8 without byte order mark, ``\n`` line breaks; the note as a comment; the head of the
file it came from, else one with a title and the class of the language (``KRCC``, ``ENCC``); a
``SYNC`` for each in-time with a paragraph, and one with ``&nbsp;`` at an out-time where the next
cue does not begin then. Milliseconds are the nearest. A file that is written holds one track.

The reader gives a track for each class of paragraphs, in the language that the head says. A
paragraph lasts until the next ``SYNC`` with its class. The head is kept whole, its classes and
styles beside it; so are comments among the cues, with the first track. Code page 949 is known by
its letters.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from fractions import Fraction

from subkit.errors import FormatError
from subkit.files.plain_text import Repairs, decode, split_lines
from subkit.formats.cue_text import (
    in_order,
    is_disclosure,
    plain_content,
    put_in_order,
    reading_time,
)
from subkit.formats.loss_tally import LossTally
from subkit.formats.losses import losses_of
from subkit.formats.sami_head import SamiHead, class_name, made_head, read_head
from subkit.formats.sami_markup import TOKEN, ParagraphReader, attributes_of, paragraph
from subkit.formats.text_times import milliseconds
from subkit.formats.track_looks import with_looks
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest, WrittenFile
from subkit.model import Carried, Cue, Media, Placement, Span, Track

__all__ = ["SamiReader", "SamiWriter"]

_BODY = re.compile(r"<body\b[^>]{0,500}>", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^>]{0,500}>(.*?)</head\s*>", re.DOTALL | re.IGNORECASE)
_SYNC = re.compile(r"<sync\b", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_START = re.compile(r"\s*(-?)(\d{1,12})(?:\.\d{1,9})?\s*(?:ms)?\s*", re.IGNORECASE)
_CARRIES = frozenset(
    {
        *("italic", "bold", "underline", "strike", "color", "background", "font", "size"),
        *("ruby", "place", "css_class", "style"),
    }
)


class SamiWriter:
    """Writes SAMI; see the module for the recipe."""

    extension = "smi"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """Return the bytes of the file; ``note`` becomes a comment at the top."""
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:  # noqa: ARG002
        """Return the bytes of the file, and what of the track SAMI does not hold."""
        track = with_looks(track, "smi")
        own = {b.kind: b.text for b in track.carried if b.format == "smi"}
        if track.source is not None:  # a translation: the head of its source names that language
            own = {kind: text for kind, text in own.items() if kind not in ("class", "head")}
        name = own.get("class") or class_name(track.language)
        title = html.escape(" ".join((asked.title or track.id).split()), quote=False)
        inside = own.get("head") or made_head(track, name, title)
        head = read_head(inside)
        tally = LossTally()
        note = "\n".join(line for line in split_lines([asked.note]) if line)
        note = note.replace("--", "- -") or own.get("disclosure", "")
        parts = ["<SAMI>\n", f"<!--\n{note}\n-->\n" if note else ""]
        parts += [f"<HEAD>{inside}</HEAD>\n<BODY>\n", *_syncs(track, name, head, tally)]
        parts.append("</BODY>\n</SAMI>\n")
        losses = losses_of(track, _CARRIES, format="smi")
        return WrittenFile(data="".join(parts).encode(), losses=tally.losses(losses))


def _syncs(track: Track, name: str, head: SamiHead, tally: LossTally) -> list[str]:
    """The syncs of a track; cues of one in-time stand in one."""
    comments: dict[str, list[str]] = {}
    for block in track.carried:
        if block.format == "smi" and block.kind == "comment":
            comments.setdefault(block.before, []).append(f"<!--{block.text}-->\n")
    lines: list[str] = []
    showing: int | None = None  # out-time of what stands there, until something else does
    cues = in_order(track)
    for number, cue in enumerate(cues):
        start, end = milliseconds(cue.span.start), milliseconds(cue.span.end)
        together = number > 0 and milliseconds(cues[number - 1].span.start) == start
        if showing is not None and not together:
            if showing < start:
                lines.append(_sync(showing, name, "&nbsp;"))
            elif showing > start:
                tally.add("overlap", cues[number - 1].id)
        lines += comments.pop(cue.id, [])
        text = _paragraph(cue, name, head, tally)
        lines.append(f"{text}\n" if together else f"<SYNC Start={start}>{text}\n")
        showing = max(end, showing or 0) if together else end
    if showing is not None:
        lines.append(_sync(showing, name, "&nbsp;"))
    return [*lines, *(line for left in comments.values() for line in left)]


def _sync(time: int, name: str, text: str) -> str:
    return f"<SYNC Start={time}><P Class={name}>{text}\n"


def _paragraph(cue: Cue, name: str, head: SamiHead, tally: LossTally) -> str:
    named = f" ID={cue.style[1:]}" if re.fullmatch(r"#[\w-]+", cue.style) else ""
    align = cue.placement.horizontal
    style = f' Style="text-align:{align}"' if align != head.align(name) else ""
    tally.add_unsaid(cue, clear=True, units=("", "points", "pixels"))
    if cue.placement.vertical != "bottom":
        tally.add("place", cue.id)
    return f"<P Class={name}{named}{style}>{paragraph(cue)}"


class SamiReader:
    """Reads SAMI; see the module for what it takes."""

    extension = "smi"

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The first track and what was repaired; cue ids are the places in it.

        Raises:
            FormatError: no ``SYNC`` in it.
        """
        content = self.read_file(data, ReadRequest(name=name, language=language))
        return content.tracks[0], list(content.repairs)

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """A track for each language, and what was repaired."""
        repairs = Repairs()
        text = decode(data, asked.name, repairs, asked.language).removeprefix("\ufeff")
        if _SYNC.search(text) is None:
            raise FormatError(
                f"{asked.name!r}, line 1, column 1: no SYNC tag, so it is not SAMI.",
                remedy="Check that it is a subtitle file.",
                line=1,
                column=1,
            )
        body = _BODY.search(text) or _SYNC.search(text)
        at = body.start() if body is not None else 0
        before = text[:at]
        inside = _HEAD.search(before)
        head = read_head(before)
        reader = _BodyReader(head, repairs)
        reader.read(text[at:])
        reader.end()
        kept = [Carried(format="smi", kind="head", text=inside[1])] if inside else []
        outside = before[: inside.start()] if inside else ""
        kept += [
            Carried(format="smi", kind="disclosure", text=note.strip("\n"))
            for note in _COMMENT.findall(outside)
            if is_disclosure(note)
        ]
        tracks = _tracks(reader, head, kept, asked, repairs)
        contents = [plain_content(track, repairs, asked) for track in tracks]
        return replace(
            contents[0],
            tracks=tuple(content.tracks[0] for content in contents),
            repairs=tuple(repairs.sentences()),
            title=head.title,
        )


@dataclass(slots=True)
class _BodyReader:
    """Reads the body: paragraphs by class, each until the next sync with its class."""

    head: SamiHead
    repairs: Repairs
    cues: dict[str, list[Cue]] = field(default_factory=dict)
    comments: list[tuple[str, Fraction]] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)
    _open: dict[str, int] = field(default_factory=dict)
    _time: Fraction = Fraction(0)
    _end: Fraction | None = None
    _fresh: set[str] = field(default_factory=set)
    _paragraph: ParagraphReader | None = None
    _class: str = ""
    _style: str = ""

    def read(self, text: str) -> None:
        at = 0
        for match in TOKEN.finditer(text):
            if self._paragraph is not None:
                self._paragraph.text(text[at : match.start()])
            at = match.end()
            self._token(match)
        if self._paragraph is not None:
            self._paragraph.text(text[at:])

    def _token(self, match: re.Match[str]) -> None:
        if match["comment"] is not None:
            self.comments.append((match["comment"], self._time))
            return
        name, closing = match["tag"].lower(), bool(match["close"])
        if name == "sync":
            self._close()
            if not closing:
                self._sync(match["rest"])
        elif name == "p":
            self._close()
            if not closing:
                self._begin(match["rest"])
        elif name in ("body", "sami", "head"):
            self._close()
        elif self._paragraph is not None:
            self._paragraph.tag(match)

    def _sync(self, rest: str) -> None:
        told = attributes_of(rest)
        match = _START.fullmatch(told.get("start", ""))
        if match is None:
            self.repairs.add(f"A SYNC without a time was taken for the one before: {rest[:40]!r}")
            return
        time = Fraction(int(match[2]), 1000)
        if match[1] and time:
            self.repairs.add("A time before zero was made zero")
            time = Fraction(0)
        end = _START.fullmatch(told.get("end", ""))
        self._time, self._fresh = time, set()
        self._end = None if end is None or end[1] else Fraction(int(end[2]), 1000)

    def _begin(self, rest: str) -> None:
        told = attributes_of(rest)
        self._class = told.get("class", next(iter(self.head.languages), "")).strip()
        self._class = self._names.setdefault(self._class.lower(), self._class)
        self._style = f"#{told['id'].strip()}" if told.get("id", "").strip() else ""
        self._paragraph = ParagraphReader()
        if "style" in told:
            self._paragraph.open("span", f' style="{html.escape(told["style"])}"')
        if self._class not in self._fresh:
            self._stop(self._class, self._time)
            self._fresh.add(self._class)

    def _stop(self, name: str, time: Fraction) -> None:
        """End what a class shows."""
        cues = self.cues.setdefault(name, [])
        for at in range(self._open.pop(name, len(cues)), len(cues)):
            cue = cues[at]
            cues[at] = replace(cue, span=Span(cue.span.start, max(time, cue.span.start)))

    def _close(self) -> None:
        """Take in the paragraph that ends here."""
        if self._paragraph is None:
            return
        align = self._paragraph.align or self.head.align(self._class)
        lines, marks = self._paragraph.finish()
        self._paragraph = None
        if not any(line.strip("\u00a0 ") for line in lines):
            return
        cues = self.cues[self._class]
        if self._end is None:
            self._open.setdefault(self._class, len(cues))
        cues.append(
            Cue(
                id=str(len(cues) + 1),
                span=Span(self._time, max(self._time, self._end or self._time)),
                lines=lines,
                marks=marks,
                style=self._style,
                placement=Placement(horizontal=align),
            )
        )

    def end(self) -> None:
        """Close the file."""
        self._close()
        for name in list(self._open):
            last = self.cues[name][-1]
            self.repairs.add("A last cue without an out-time lasts as long as it takes to read it")
            self._stop(name, last.span.start + max(Fraction(2), reading_time(last.text)))


def _tracks(
    reader: _BodyReader, head: SamiHead, kept: list[Carried], asked: ReadRequest, repairs: Repairs
) -> list[Track]:
    found: dict[str, Track] = {}
    shown = {name: cues for name, cues in reader.cues.items() if cues}
    for name, cues in (shown or {"": []}).items():
        language = head.language(name) or asked.language
        same = language.partition("-")[0] == asked.language.partition("-")[0]
        language = asked.language if same else language
        ordered = put_in_order(cues, repairs)
        comments = [] if found else _comments(reader.comments, ordered)
        named = [Carried(format="smi", kind="class", text=name)] if name else []
        track_id = language if language not in found else f"{language}.{name.lower() or 'other'}"
        found[track_id] = Track(
            id=track_id,
            language=language,
            cues=tuple(ordered),
            styles=tuple(head.styles),
            carried=(*kept, *named, *comments),
        )
    if not shown:
        repairs.add("The file holds no cue")
    return list(found.values())


def _comments(comments: list[tuple[str, Fraction]], cues: list[Cue]) -> list[Carried]:
    """The comments of a body, each before the first cue that is later than its sync."""
    starts = [cue.span.start for cue in cues]
    found = []
    for text, time in comments:
        at = bisect_right(starts, time)
        before = cues[at].id if at < len(cues) else ""
        found.append(Carried(format="smi", kind="comment", text=text, before=before))
    return found

"""detx -> lines to be dubbed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.exchange.dub_files.detx_writing import written_line
from subkit.exchange.dub_files.dub_clock import DubClock, asked_clock
from subkit.exchange.dub_files.dub_scripts import DubReply, DubScript
from subkit.files.repairs import Repairs
from subkit.files.xml import local_name, parse
from subkit.model import (
    Anchor,
    AnchorKind,
    Character,
    Cue,
    DubLine,
    LineKind,
    Loop,
    OnScreen,
    Purpose,
    Span,
    Track,
)
from subkit.model.anchor_moves import sorted_anchors

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from subkit.interfaces.file_contents import ReadRequest

__all__ = ["read"]

_CARRIES = frozenset(
    {"character", "cast", "on-screen", "kind", "words", "pauses", "signs", "loops"}
)
_VOICES = {"on": OnScreen.ON, "off": OnScreen.OFF, "semi_off": OnScreen.ON_OFF}
_SIGNS = {kind.value: kind for kind in AnchorKind if kind.value not in ("word", "pause")}
_PICTURE = re.compile(rb"<image\b[^<>]{0,200}>[^<]*</image\s*>")
_MAX_LINES = 200_000


def read(data: bytes, asked: ReadRequest) -> DubReply:
    """Return what a detx file says.

    Args:
        data: Its bytes; pictures of characters are left out before they are looked at.
        asked: The file's name, the language of its lines, and the frame rate, which detx does not
            say; its start is that of the film where the file names none.

    Raises:
        FormatError: no detx.
    """
    slim, pictures = _PICTURE.subn(lambda found: b"\n" * found[0].count(b"\n"), data)
    root = parse(slim, asked.name)
    if local_name(root) != "detx":
        raise FormatError(
            f"{asked.name!r} is no detx: its root is <{local_name(root)}>.",
            remedy="Check that it is a file of a rhythmo band.",
            line=1,
            column=1,
        )
    document = _Document(root, asked)
    if pictures:
        document.repairs.add("Pictures of characters were left out", f"{pictures} of them")
    return document.reply()


@dataclass(slots=True)
class _Document:
    root: Element
    asked: ReadRequest
    repairs: Repairs = field(default_factory=Repairs)
    clock: DubClock = field(init=False)
    characters: dict[str, Character] = field(default_factory=dict)
    cues: list[Cue] = field(default_factory=list)

    def reply(self) -> DubReply:
        self.clock = self._clock()
        for role in self.root.iterfind("./roles/role"):
            self._role(role)
        loops: list[Fraction] = []
        shots: list[Fraction] = []
        body = self.root.find("body")
        for element in () if body is None else body:
            kind = local_name(element)
            if kind == "line":
                self._line(element)
            elif kind in ("loop", "shot") and (time := self._time(element)) is not None:
                (loops if kind == "loop" else shots).append(time)
        language = self.asked.language
        cues = sorted(self.cues, key=lambda cue: (cue.span.start, cue.span.end))
        video = self.root.find("./header/videofile")
        track = Track(
            id=f"{language}.{Purpose.DUBBING.value}",
            language=language,
            purpose=Purpose.DUBBING,
            cues=tuple(cues),
            loops=tuple(_loops(sorted(set(loops)), cues)),
        )
        script = DubScript(
            title=self._said("title"),
            track=track,
            source_language=language,
            characters=tuple(self.characters.values()),
            rate=self.clock.rate,
            start=self.clock.start,
            media="" if video is None else (video.text or "").strip(),
            shots=tuple(sorted(set(shots))),
            note=self._said("notes"),
        )
        return DubReply(
            script=script,
            carries=_CARRIES,
            repairs=tuple(self.repairs.sentences()),
            within=self.clock.frame,
            as_written=written_line,
        )

    def _said(self, name: str) -> str:
        return (self.root.findtext(f"./header/{name}") or "").strip()

    def _clock(self) -> DubClock:
        clock = asked_clock(self.asked, self.repairs)
        video = self.root.find("./header/videofile")
        begin = None if video is None else video.get("timestamp")
        if begin is None:
            self.repairs.add("The timecode of the first frame is not named; the film's was taken")
        elif (time := clock.absolute(begin, self.repairs)) is not None:
            clock = DubClock(clock.rate, time)
        return clock

    def _time(self, element: Element) -> Fraction | None:
        """Return the time of a loop, a shot or a sign, in seconds of the film."""
        code = element.get("timecode") or element.get("tc")
        time = None if code is None else self.clock.time(code, self.repairs)
        if time is None:
            kind = local_name(element)
            self.repairs.add(f"A {kind} without a time was left out", (code or "")[:20])
            return None
        return time

    def _role(self, role: Element) -> None:
        identifier = role.get("id") or role.get("name") or ""
        if not identifier:
            self.repairs.add("A role without id and name was left out")
            return
        gender = role.get("gender", "neutral")
        self.characters[identifier] = Character(
            id=identifier,
            name=role.get("name") or identifier,
            gender="" if gender == "neutral" else gender,
            colour=_colour(role.get("color", "")),
            note=role.get("description", ""),
            origin="script",
        )

    def _line(self, line: Element) -> None:
        if len(self.cues) >= _MAX_LINES:
            raise FormatError(f"The band has more than {_MAX_LINES:,} lines.")
        text, signs = self._chain(line)
        place = f"line {line.sourceline}"
        if not signs:
            self.repairs.add("A line without a time was left out", place)
            return
        times = [time for _, time, _, _ in signs]
        if times != sorted(times):
            self.repairs.add("Signs out of order were put in order", place)
            times.sort()
            signs = [(s[0], time, *s[2:]) for s, time in zip(signs, times, strict=True)]
        anchors = _anchors(signs)
        voice = line.get("voice", "on")
        if voice not in _VOICES:
            self.repairs.add(f"voice {voice[:20]!r} was read as on", place)
        reaction = line.get("type", "normal") == "reac"
        end = times[-1] if len(times) > 1 else times[0] + 1
        self.cues.append(
            Cue(
                id=f"b{len(self.cues) + 1:04d}",
                span=Span(times[0], end),
                lines=tuple(text.split("\n")),
                dub=DubLine(
                    character=self._who(line, place),
                    on_screen=_VOICES.get(voice, OnScreen.ON),
                    kind=LineKind.REACTION if reaction else LineKind.DIALOGUE,
                    anchors=sorted_anchors(anchors),
                ),
            )
        )

    def _who(self, line: Element, place: str) -> str | None:
        role = line.get("role")
        if role and role not in self.characters:
            self.repairs.add("A role that the file does not list was added", role[:60])
            self.characters[role] = Character(id=role, name=role, origin="script")
        if not role:
            self.repairs.add("A line without a role", place)
        return role or None

    def _chain(self, line: Element) -> tuple[str, list[_Sign]]:
        """Return the text of a line and its signs: offset, time, kind, whether it is linked."""
        text = ""
        signs: list[_Sign] = []
        for element in line:
            kind = local_name(element)
            if kind == "text":
                text += _text(element)
            elif kind == "lipsync" and (time := self._time(element)) is not None:
                told = element.get("type", "neutral")
                if told not in _SIGNS:
                    self.repairs.add("Signs that subkit has no name for were read as neutral", told)
                linked = element.get("link", "on") != "off"
                signs.append((len(text), time, _SIGNS.get(told, AnchorKind.NEUTRAL), linked))
        stripped = text.rstrip()
        lead = len(stripped) - len(stripped.lstrip())
        stripped = stripped.lstrip()
        last = len(stripped)
        return stripped, [
            (min(max(offset - lead, 0), last), time, sign, linked)
            for offset, time, sign, linked in signs
        ]


_Sign = tuple[int, Fraction, AnchorKind, bool]


def _anchors(signs: list[_Sign]) -> list[Anchor]:
    """Return signs as anchors.

    The first and the last are the line's own times, and stay only where they say that the mouth is
    closed. Two that are not linked, with nothing between, are a pause; a neutral one is a word.
    """
    found: list[Anchor] = []
    waiting: _Sign | None = None
    for number, sign in enumerate(signs):
        offset, time, kind, linked = sign
        apart = kind is AnchorKind.NEUTRAL and not linked
        if waiting is not None and apart and waiting[0] == offset:
            pause = AnchorKind.PAUSE
            found[-1] = Anchor(kind=pause, offset=offset, time=waiting[1], end=time)
            waiting = None
            continue
        waiting = sign if apart else None
        edge = number in (0, len(signs) - 1)
        if edge and kind not in (AnchorKind.IN_CLOSE, AnchorKind.OUT_CLOSE):
            continue  # of no interest: the line begins and ends there
        word = kind is AnchorKind.NEUTRAL
        found.append(Anchor(kind=AnchorKind.WORD if word else kind, offset=offset, time=time))
    return found


def _loops(times: list[Fraction], cues: list[Cue]) -> list[Loop]:
    """Return the loops that begin at some times, with the lines that begin in them."""
    found: list[Loop] = []
    for number, time in enumerate(times):
        end = times[number + 1] if number + 1 < len(times) else None
        held = [c for c in cues if time <= c.span.start and (end is None or c.span.start < end)]
        if held:
            span = Span(held[0].span.start, max(cue.span.end for cue in held))
            name = str(len(found) + 1)
            loop = Loop(id=f"loop{name}", name=name, span=span, cues=tuple(c.id for c in held))
            found.append(loop)
    return found


def _text(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += ["\n" if local_name(child) == "br" else "", child.tail or ""]
    return "".join(parts).replace("\r", "")


def _colour(told: str) -> str:
    return told.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", told) else ""

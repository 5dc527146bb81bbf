"""Lines to be dubbed as rows of a table, and rows as lines: what all lists of the stage share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.exchange.dub_files.dub_clock import DubClock, script_clock
from subkit.exchange.dub_files.dub_scripts import DubReply, DubScript
from subkit.files.plain_text import split_lines
from subkit.formats.ttml.ttml_paragraphs import clean
from subkit.model import (
    Character,
    Cue,
    DubLine,
    LineKind,
    OnScreen,
    Purpose,
    Span,
    TakeStatus,
    Track,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from fractions import Fraction

    from subkit.files.repairs import Repairs
    from subkit.interfaces.file_contents import ReadRequest

__all__ = ["FIELDS", "RowReader", "character_rows", "line_rows", "row_losses"]

FIELDS = {
    "id": "",
    "number": "",
    "loop": "loops",
    "in": "",
    "out": "",
    "character": "character",
    "screen": "on-screen",
    "kind": "kind",
    "source": "source",
    "text": "",
    "alternate": "alternate",
    "note": "note",
    "reason": "reason",
    "take": "take",
    "done": "take",
}
"""Field of a row -> the key of what a list without it loses; empty where nothing is lost."""

_FACTS = (
    ("on_screen", "on-screen"),
    ("kind", "kind"),
    ("alternate", "alternate"),
    ("note", "note"),
    ("reason", "reason"),
)
_USUAL = DubLine()
_MAX_ROWS = 200_000


def line_rows(script: DubScript) -> Iterator[dict[str, str]]:
    """Yield the fields of each line, as text.

    A cue number is the prefix of the character, or its name, and a count of its lines.
    """
    clock = script_clock(script)
    names = {one.id: one for one in script.characters}
    loops = {cue: loop.name for loop in script.track.loops for cue in loop.cues}
    originals = script.originals()
    counts: Counter[str] = Counter()
    digits = max(3, len(str(len(script.track.cues))))
    for cue in script.track.cues:
        dub = cue.dub or DubLine()
        who = names.get(dub.character or "")
        stem = (who.prefix or who.name) if who is not None else "X"
        counts[stem] += 1
        row = {
            "id": cue.id,
            "number": f"{stem}{counts[stem]:0{digits}d}",
            "loop": loops.get(cue.id, ""),
            "in": clock.code(cue.span.start),
            "out": clock.code(cue.span.end),
            "character": who.name if who is not None else "",
            "screen": dub.on_screen.value,
            "kind": dub.kind.value,
            "source": originals[cue.id].text if cue.id in originals else "",
            "text": cue.text,
            "alternate": dub.alternate,
            "note": dub.note,
            "reason": dub.reason,
            "take": dub.take.value,
            "done": "yes" if dub.take is TakeStatus.RECORDED else "",
        }
        yield {name: clean(text) for name, text in row.items()}


def character_rows(script: DubScript) -> Iterator[dict[str, str]]:
    """Yield each character with its lines and loops, as text."""
    lines: Counter[str] = Counter()
    loops: dict[str, list[str]] = {}
    held = {cue: loop.name for loop in script.track.loops for cue in loop.cues}
    for cue in script.track.cues:
        who = cue.dub.character if cue.dub is not None else None
        if who is not None:
            lines[who] += 1
            loops.setdefault(who, []).append(held.get(cue.id, ""))
    for one in script.characters:
        named = dict.fromkeys(name for name in loops.get(one.id, ()) if name)
        row = {
            "character": one.name,
            "prefix": one.prefix,
            "actor": one.actor,
            "gender": one.gender,
            "colour": one.colour,
            "note": one.note,
            "lines": str(lines[one.id]),
            "loops": ", ".join(named),
        }
        yield {name: clean(text) for name, text in row.items()}


def row_losses(script: DubScript, fields: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what a list with some fields loses of a script, see ``dub_losses``."""
    fields = set(fields)
    kept = {FIELDS[name] for name in fields if name in FIELDS}
    takes = set(TakeStatus) if "take" in fields else {TakeStatus.OPEN}
    takes |= {TakeStatus.RECORDED} if "done" in fields else set()
    for cue in script.track.cues:
        dub = cue.dub or _USUAL
        yield from ((name, cue.id) for name in _lost_facts(dub, kept))
        if dub.take not in takes:
            yield "take", cue.id
        for anchor in dub.anchors:
            kind = anchor.kind.value
            yield ({"word": "words", "pause": "pauses"}.get(kind, "signs")), cue.id
        if cue.marks:
            yield "marks", cue.id
        if cue.language:
            yield "language", cue.id
    if "loops" not in kept:
        yield from (("loops", "") for _ in script.track.loops)


def _lost_facts(dub: DubLine, kept: set[str]) -> Iterator[str]:
    """Yield what a list does not hold of what is unusual in a line."""
    for name, feature in _FACTS:
        if feature not in kept and getattr(dub, name) != getattr(_USUAL, name):
            yield feature


@dataclass(slots=True)
class RowReader:
    """Collects lines from rows of a file.

    Attributes:
        asked: What is known of the file.
        clock: Of its times.
        repairs: Hears of what is not clear.
        carries: What the file's format holds.
    """

    asked: ReadRequest
    clock: DubClock
    repairs: Repairs
    carries: frozenset[str]
    characters: dict[str, Character] = field(default_factory=dict)
    cues: list[Cue] = field(default_factory=list)

    def character(self, name: str, **facts: str) -> str:
        """Return the id of a character by name, known or new."""
        known = self.characters.get(name)
        if known is None:
            self.characters[name] = Character(id=name, name=name, origin="script", **facts)  # type: ignore[arg-type]
        return self.characters[name].id

    def line(self, row: Mapping[str, str], place: str) -> None:
        """Take a row as a line; one without times is left out and told."""
        start = self._time(row, "in", place)
        end = self._time(row, "out", place)
        if start is None:
            return
        if end is None or end < start:
            self.repairs.add("A line without an out-time after its in-time was given one", place)
            end = start + 1
        if len(self.cues) >= _MAX_ROWS:
            raise FormatError(f"{self.asked.name!r} has more than {_MAX_ROWS:,} lines.")
        name = row.get("character", "").strip()
        self.cues.append(
            Cue(
                id=row.get("id", "").strip() or f"r{len(self.cues) + 1:04d}",
                span=Span(start, end),
                lines=tuple(split_lines(row.get("text", "").splitlines())) or ("",),
                dub=DubLine(
                    character=self.character(name) if name else None,
                    on_screen=self._screen(row.get("screen", ""), place),
                    kind=self._kind(row.get("kind", ""), place),
                    alternate=row.get("alternate", "").strip(),
                    note=row.get("note", "").strip(),
                    reason=row.get("reason", "").strip(),
                    take=self._take(row),
                ),
            )
        )

    def reply(self, title: str = "") -> DubReply:
        """Return what the file says.

        Raises:
            FormatError: no line with times.
        """
        if not self.cues:
            raise FormatError(
                f"{self.asked.name!r} has no line with times.",
                remedy="Check that it is a list of lines to be dubbed.",
            )
        language = self.asked.language
        cues = sorted(self.cues, key=lambda cue: (cue.span.start, cue.span.end))
        track = Track(
            id=f"{language}.{Purpose.DUBBING.value}",
            language=language,
            purpose=Purpose.DUBBING,
            cues=tuple(cues),
        )
        return DubReply(
            script=DubScript(
                title=title,
                track=track,
                source_language=language,
                characters=tuple(self.characters.values()),
                rate=self.clock.rate,
                start=self.clock.start,
            ),
            carries=self.carries,
            repairs=tuple(self.repairs.sentences()),
            within=self.clock.frame,
        )

    def _time(self, row: Mapping[str, str], name: str, place: str) -> Fraction | None:
        told = row.get(name, "")
        time = self.clock.time(told, self.repairs)
        if time is None and name == "in":
            self.repairs.add("A row without an in-time was left out", place)
        return time

    def _screen(self, told: str, place: str) -> OnScreen:
        word = told.strip().casefold().replace("_", "-").replace(" ", "-").replace("/", "-")
        known = {one.value: one for one in OnScreen}
        if word and word not in known:
            self.repairs.add(f"Screen {told[:20]!r} was read as on", place)
        return known.get(word, OnScreen.ON)

    def _kind(self, told: str, place: str) -> LineKind:
        word = told.strip().casefold()
        known = {one.value: one for one in LineKind}
        if word and word not in known:
            self.repairs.add(f"Kind {told[:20]!r} was read as dialogue", place)
        return known.get(word, LineKind.DIALOGUE)

    def _take(self, row: Mapping[str, str]) -> TakeStatus:
        known = {one.value: one for one in TakeStatus}
        take = known.get(row.get("take", "").strip().casefold(), TakeStatus.OPEN)
        done = row.get("done", "").strip().casefold() in ("yes", "x", "true", "1", "done")
        return TakeStatus.RECORDED if done and take is TakeStatus.OPEN else take

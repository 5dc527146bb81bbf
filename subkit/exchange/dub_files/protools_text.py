"""Lines to be dubbed as Pro Tools writes a session as text: a track for each character.

A track is called ``Character[PREFIX]{Actor}``, a clip ``text {note} [reason]``: what programs for
ADR lists (``ptulsconv``, ADR Master) read out of sessions.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.exchange.dub_files.dub_clock import DubClock, asked_clock, script_clock
from subkit.exchange.dub_files.dub_rows import RowReader, line_rows, row_losses
from subkit.exchange.dub_files.dub_scripts import dub_losses, no_variant
from subkit.files.plain_text import Repairs, decode
from subkit.formats.ttml.ttml_paragraphs import clean
from subkit.interfaces.file_contents import WrittenFile
from subkit.model import FrameRate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.exchange.dub_files.dub_scripts import DubReply, DubScript
    from subkit.interfaces.file_contents import ReadRequest

__all__ = ["read", "write"]

_RATES = {
    "23.976": Fraction(24000, 1001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30000, 1001),
    "30": Fraction(30),
    "50": Fraction(50),
    "59.94": Fraction(60000, 1001),
    "60": Fraction(60),
}
_FIELDS = ("in", "out", "character", "text", "note", "reason")
_CARRIES = frozenset({"character", "cast", "note", "reason"})
_SIGNS = re.compile(r"[\[\]{}\t]")
_TRACK = re.compile(
    r"(?P<name>[^\[\]{}]*)(?:\[(?P<prefix>[^\]]*)\])?\s*(?:\{(?P<actor>[^}]*)\})?.*"
)
_CLIP = re.compile(r"(?P<text>.*?)\s*(?:\{(?P<note>[^}]*)\})?\s*(?:\[(?P<reason>[^\]]*)\])?\s*")
_COLUMNS = (
    "CHANNEL ",
    "EVENT   ",
    "CLIP NAME                     ",
    "START TIME    ",
    "END TIME      ",
    "DURATION      ",
    "STATE",
)


def write(script: DubScript, variant: str = "") -> WrittenFile:
    """Return a script as text of a session.

    Raises:
        PlanError: a variant was asked for; there is none.
    """
    if variant:
        raise no_variant("protools", variant)
    clock = script_clock(script)
    losses = list(row_losses(script, _FIELDS))
    tracks: dict[str, list[dict[str, str]]] = {}
    for row, cue in zip(line_rows(script), script.track.cues, strict=True):
        tracks.setdefault(row["character"], []).append(row)
        row["length"] = DubClock(clock.rate).code(cue.span.duration)
        if any(_SIGNS.search(row[name]) for name in ("text", "note", "reason")):
            losses.append(("letters", cue.id))
    names = {one.name: one for one in script.characters}
    lines = _head(script, clock, len(tracks))
    for number, (name, rows) in enumerate(tracks.items()):
        who = names.get(name)
        prefix = f"[{_plain(who.prefix)}]" if who is not None and who.prefix else ""
        actor = f"{{{_plain(who.actor)}}}" if who is not None and who.actor else ""
        note = _plain(script.note) if not number else ""
        lines += [
            f"TRACK NAME:\t{_plain(name) or 'Unknown'}{prefix}{actor}",
            f"COMMENTS:\t{note}",
            "USER DELAY:\t0 Samples",
            "STATE: ",
            "PLUG-INS: ",
            "\t".join(_COLUMNS),
        ]
        lines += [_clip(count, row) for count, row in enumerate(rows, start=1)]
        lines += ["", ""]
    lost = dub_losses(losses)
    return WrittenFile(data=("\n".join(lines) + "\n").encode(), losses=lost)


def _head(script: DubScript, clock: DubClock, tracks: int) -> list[str]:
    known = {rate: name for name, rate in _RATES.items()}
    rate = known.get(clock.rate.rate, str(clock.rate.nominal))
    drop = " Drop" if clock.rate.drop_frame else ""
    return [
        f"SESSION NAME:\t{_plain(script.title)}",
        "SAMPLE RATE:\t48000.000000",
        "BIT DEPTH:\t24-bit",
        f"SESSION START TIMECODE:\t{clock.code(Fraction(0))}",
        f"TIMECODE FORMAT:\t{rate}{drop} Frame",
        f"# OF AUDIO TRACKS:\t{tracks}",
        f"# OF AUDIO CLIPS:\t{len(script.track.cues)}",
        "# OF AUDIO FILES:\t0",
        "",
        "",
        "T R A C K  L I S T I N G",
    ]


def _clip(number: int, row: dict[str, str]) -> str:
    name = _plain(row["text"])
    name += f" {{{_plain(row['note'])}}}" if row["note"] else ""
    name += f" [{_plain(row['reason'])}]" if row["reason"] else ""
    cells = ("1", str(number), name, row["in"], row["out"], row["length"])
    shown = (cell.ljust(len(title)) for cell, title in zip(cells, _COLUMNS, strict=False))
    return "\t".join((*shown, "Unmuted"))


def _plain(text: str) -> str:
    """A text on one line, without the signs that part a name."""
    round_ones = text.translate(str.maketrans("[]{}", "()()"))
    return " ".join(clean(round_ones).split())


def read(data: bytes, asked: ReadRequest) -> DubReply:
    """Return the lines of a session.

    Raises:
        FormatError: no text of a session, or no clip in it.
    """
    repairs = Repairs()
    lines = decode(data, asked.name, repairs).split("\n")
    if not any(line.startswith("SESSION NAME:") for line in lines[:20]):
        raise FormatError(
            f"{asked.name!r} is no session of Pro Tools as text: it names no session.",
            remedy="Export it with File, Export, Session Info as Text.",
            line=1,
            column=1,
        )
    head = dict(_pairs(lines))
    clock = _clock(head, asked, repairs)
    reader = RowReader(asked, clock, repairs, _CARRIES)
    who = ""
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if cells[0] == "TRACK NAME:" and len(cells) > 1:
            who = _track(reader, cells[1])
        elif len(cells) >= len(_COLUMNS) and cells[0].isdigit():
            named = _CLIP.fullmatch(cells[2])
            facts = {} if named is None else {k: v or "" for k, v in named.groupdict().items()}
            row = {"character": who, "in": cells[3], "out": cells[4], **facts}
            reader.line(row, f"line {number}")
    return reader.reply(head.get("SESSION NAME:", ""))


def _pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines[:40]:
        name, mark, value = line.partition("\t")
        if mark and name.endswith(":"):
            yield name, value.strip()


def _clock(head: dict[str, str], asked: ReadRequest, repairs: Repairs) -> DubClock:
    told = head.get("TIMECODE FORMAT:", "").removesuffix(" Frame")
    drop = told.endswith(" Drop")
    rate = _RATES.get(told.removesuffix(" Drop"))
    if rate is None:
        return asked_clock(asked, repairs)
    legal = drop and rate.denominator == 1001 and round(rate) in (30, 60)
    clock = DubClock(FrameRate(rate, drop_frame=legal), asked.start or Fraction(0))
    begin = clock.absolute(head.get("SESSION START TIMECODE:", ""), repairs)
    if asked.start is None and begin is not None:
        clock = DubClock(clock.rate, begin)
    return clock


def _track(reader: RowReader, name: str) -> str:
    """Return the name of a track's character, and take what the track says of it."""
    found = _TRACK.fullmatch(name)
    if found is None:
        return name
    who = found["name"].strip()
    if who and who != "Unknown":
        facts = {"prefix": found["prefix"] or "", "actor": found["actor"] or ""}
        reader.character(who, **{key: value.strip() for key, value in facts.items()})
        return who
    return ""

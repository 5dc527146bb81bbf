"""Lines to be dubbed as an EDL: an event for each line, with a ``* LOC:`` marker that says it.

The marker says the cue number, who speaks and what: ``* LOC: 01:00:04:08 RED MAR001 Mara: text``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.exchange.dub_files.dub_clock import asked_clock, script_clock
from subkit.exchange.dub_files.dub_rows import RowReader, line_rows, row_losses
from subkit.exchange.dub_files.dub_scripts import dub_losses, no_variant
from subkit.files.plain_text import Repairs, decode
from subkit.formats.ttml.ttml_paragraphs import clean
from subkit.interfaces.file_contents import WrittenFile

if TYPE_CHECKING:
    from subkit.exchange.dub_files.dub_scripts import DubReply, DubScript
    from subkit.interfaces.file_contents import ReadRequest

__all__ = ["read", "write"]

_FIELDS = ("number", "in", "out", "character", "text")
_CARRIES = frozenset({"character"})
_COLOURS = ("RED", "GREEN", "BLUE", "CYAN", "MAGENTA", "YELLOW", "BLACK", "WHITE")
_CODE = r"\d{1,3}:\d{2}:\d{2}[:;]\d{2,3}"
_EVENT = re.compile(rf"\d{{1,8}}\s+\S+\s+\S+\s+\S+\s+(?:{_CODE}\s+){{2}}({_CODE})\s+({_CODE})\s*")
_LOC = re.compile(rf"\*\s*LOC:\s*({_CODE})\s+[A-Za-z]{{1,20}}\s+(?P<said>\S.*)")
_SAID = re.compile(r"(?:\S*\d{3,8}\s+)?(?P<who>[^:：]{1,60})[:：]\s+(?P<text>.*)")


def write(script: DubScript, variant: str = "") -> WrittenFile:
    """Return a script as an EDL.

    Raises:
        PlanError: a variant was asked for; there is none.
    """
    if variant:
        raise no_variant("dub-edl", variant)
    clock = script_clock(script)
    drop = "DROP FRAME" if clock.rate.drop_frame else "NON-DROP FRAME"
    losses = list(row_losses(script, _FIELDS))
    people = [one.name for one in script.characters]
    lines = [f"TITLE: {_plain(script.title)}", f"FCM: {drop}"]
    lines += [f"* {_plain(line)}" for line in script.note.splitlines() if line.strip()]
    for number, (row, cue) in enumerate(zip(line_rows(script), script.track.cues, strict=True), 1):
        who = row["character"]
        colour = _COLOURS[people.index(who) % len(_COLOURS)] if who in people else "WHITE"
        length = clock.rate.timecode(cue.span.duration)
        zero = clock.rate.timecode(cue.span.duration * 0)
        said = f"{_plain(row['number'])} {_plain(who).replace(':', ' ') or '-'}: {_plain(cue.text)}"
        lines += [
            "",
            f"{number:06d}  DUB      V     C        {zero} {length} {row['in']} {row['out']}",
            f"* LOC: {row['in']} {colour:<8}{said}",
        ]
        if len(cue.lines) > 1:
            losses.append(("letters", cue.id))
    return WrittenFile(data=("\r\n".join(lines) + "\r\n").encode(), losses=dub_losses(losses))


def _plain(text: str) -> str:
    return " ".join(clean(text).split())


def read(data: bytes, asked: ReadRequest) -> DubReply:
    """Return the lines that markers of an EDL say.

    Raises:
        FormatError: no event with a marker in it.
    """
    repairs = Repairs()
    lines = decode(data, asked.name, repairs).split("\n")
    reader = RowReader(asked, asked_clock(asked, repairs), repairs, _CARRIES)
    times: tuple[str, str] | None = None
    title = ""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        title = text[6:].strip() if text.startswith("TITLE:") else title
        if event := _EVENT.fullmatch(text):
            times = event[1], event[2]
        elif (marker := _LOC.fullmatch(text)) is not None:
            begin, end = times or (marker[1], "")
            said = _SAID.fullmatch(marker["said"])
            who = said["who"].strip() if said is not None else ""
            row = {"in": begin, "out": end, "character": "" if who == "-" else who}
            row["text"] = said["text"] if said is not None else marker["said"]
            reader.line(row, f"line {number}")
            times = None
    if not reader.cues:
        raise FormatError(
            f"{asked.name!r} has no * LOC: marker in it.",
            remedy="Check that it is an EDL with locators.",
            line=1,
            column=1,
        )
    return reader.reply(title)

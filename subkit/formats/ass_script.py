"""The sections of an ASS or SSA script, as lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from subkit.formats.cue_text import is_disclosure

__all__ = ["EVENT_FIELDS", "Script", "parse_script"]

EVENT_FIELDS = {
    "ass": "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    "ssa": "Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
}
_SECTION = re.compile(r"\[[^\]]*[a-z][^\]]*\]\s*")
"""A heading; lines of embedded fonts have no small letters."""


@dataclass(slots=True)
class Script:
    """What stands in a script.

    Attributes:
        variant: ``"ass"`` or ``"ssa"``.
        head: Lines of ``[Script Info]``.
        disclosure: Lines of the disclosure at its top, without their semicolons.
        styles: ``Style:`` lines.
        style_order: Fields of the styles.
        events: Lines of ``[Events]`` with their numbers.
        event_order: Fields of the events.
        sections: Other sections, heading first, and what they stand before: ``"styles"``,
            ``"events"`` or ``"end"``.
        stray: Lines outside all sections, with their numbers.
    """

    variant: str = "ass"
    head: list[str] = field(default_factory=list)
    disclosure: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    style_order: str = ""
    events: list[tuple[int, str]] = field(default_factory=list)
    event_order: str = ""
    sections: list[tuple[str, list[str]]] = field(default_factory=list)
    stray: list[tuple[int, str]] = field(default_factory=list)


def parse_script(text: str) -> Script:
    """Return the sections of a script."""
    script = Script()
    section, seen = "", "styles"
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if _SECTION.fullmatch(line.strip()):
            section = line.strip().lower()
            if "styles" in section:
                script.variant = "ass" if "+" in section else "ssa"
                seen = "events"
            elif section == "[events]":
                seen = "end"
            elif section != "[script info]":
                script.sections.append((seen, [line.strip()]))
        else:
            _take(script, section, number, line)
    _trim(script)
    return script


def _take(script: Script, section: str, number: int, line: str) -> None:
    """Put a line where its section is kept."""
    if section == "[script info]":
        script.head.append(line.rstrip())
    elif "styles" in section:
        _style(script, line)
    elif section == "[events]":
        _event(script, number, line)
    elif section:
        script.sections[-1][1].append(line.rstrip())
    elif line.strip():
        script.stray.append((number, line))


def _style(script: Script, line: str) -> None:
    if line.lower().startswith("format:"):
        script.style_order = line.partition(":")[2]
    elif line.strip():
        script.styles.append(line.strip())


def _event(script: Script, number: int, line: str) -> None:
    if line.lower().startswith("format:"):
        script.event_order = line.partition(":")[2]
    elif line.strip():
        script.events.append((number, line))


def _trim(script: Script) -> None:
    """Take empty lines off the ends of sections, and a disclosure off the head."""
    for lines in (script.head, *(lines for _, lines in script.sections)):
        while lines and not lines[-1]:
            lines.pop()
    notes = 0
    while notes < len(script.head) and script.head[notes].startswith(";"):
        notes += 1
    told = [line.lstrip("; ") for line in script.head[:notes]]
    if is_disclosure("\n".join(told)):
        script.disclosure = told
        del script.head[:notes]

"""Fixes of a line, by rule."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from subkit.quality.rules.characters import CONTROL, CP1252_BYTES, HIDDEN, MOJIBAKE
from subkit.quality.rules.typography import (
    DOUBLE_QUOTES,
    DOUBLE_SPACE,
    ELLIPSES,
    SPACED_DOTS,
    spaces_before_mark,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.model import Profile

__all__ = ["LAYOUT_RULES", "TEXT_FIXES"]

_AFTER_OPENING = re.compile(r"(?<=[(\[{¿¡])[ \u00a0]+(?=\S)")
_TWICE = re.compile(r"([,;:])\1+")
_DOTS = re.compile(r"\.{4,}|…[.…]+|\.…")


def _mark_space(line: str, profile: Profile) -> str:
    line = SPACED_DOTS.sub(_dots(line, profile), line)
    kept = 0
    parts: list[str] = []
    for match in spaces_before_mark(line, profile.language):
        parts.append(line[kept : match.start()])
        kept = match.end()
    return _AFTER_OPENING.sub("", "".join((*parts, line[kept:])))


def _dots(line: str, profile: Profile) -> str:
    """Return an ellipsis as the style writes it, else as the line does."""
    return profile.text.ellipsis or ("…" if "…" in line else "...")


def _repeated_mark(line: str, profile: Profile) -> str:
    return _TWICE.sub(r"\1", _DOTS.sub(_dots(line, profile), line))


def _ellipsis(line: str, profile: Profile) -> str:
    return ELLIPSES.sub(profile.text.ellipsis, line) if profile.text.ellipsis else line


def _quotes(line: str, profile: Profile) -> str:
    """Replace pairs of quotation marks by the style's; an odd one is left for a person to place."""
    wanted = profile.text.quotes
    if not wanted or len(DOUBLE_QUOTES.findall(line)) % 2:
        return line
    places = iter(range(len(line)))
    return DOUBLE_QUOTES.sub(lambda _: wanted[0] if next(places) % 2 == 0 else wanted[-1], line)


def _line_end(line: str, profile: Profile) -> str:
    text = line.rstrip()
    ends = bool(text) and text[-1] in profile.text.not_last and not text.endswith(("..", "…"))
    return text[:-1].rstrip() if ends else line


def _mojibake(line: str, profile: Profile) -> str:  # noqa: ARG001
    def meant(match: re.Match[str]) -> str:
        try:
            return bytes(CP1252_BYTES[char] for char in match.group()).decode("utf-8")
        except UnicodeDecodeError:
            return match.group()

    return MOJIBAKE.sub(meant, line)


TEXT_FIXES: dict[str, Callable[[str, Profile], str]] = {
    "mojibake": _mojibake,
    "not-nfc": lambda line, _: unicodedata.normalize("NFC", line),
    "control-character": lambda line, _: CONTROL.sub("", line.replace("\t", " ")),
    "hidden-character": lambda line, _: HIDDEN.sub("", line),
    "outer-space": lambda line, _: line.strip(" \t\u00a0\u3000"),
    "double-space": lambda line, _: DOUBLE_SPACE.sub(" ", line),
    "mark-space": _mark_space,
    "repeated-mark": _repeated_mark,
    "ellipsis": _ellipsis,
    "quotes": _quotes,
    "line-end": _line_end,
}
"""In the order in which they are applied."""

LAYOUT_RULES = ("cpl", "lines", "one-line", "line-break", "balance", "bottom-heavy", "orphan")
"""Findings that breaking the lines anew may end."""

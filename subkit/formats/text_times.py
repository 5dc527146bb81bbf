"""Times as text formats write them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from subkit.errors import FormatError
from subkit.model import Span

if TYPE_CHECKING:
    from subkit.files.plain_text import Repairs

__all__ = ["Timing", "is_timing", "milliseconds", "parse_timing", "stamp"]

_TIME = (
    r"(?:(?P<{0}sign>-)[ \t]*)?(?:(?P<{0}h>\d{{1,6}}):)?(?P<{0}m>\d{{1,6}}):(?P<{0}s>\d{{1,6}})"
    r"(?:(?P<{0}mark>[.,])(?P<{0}f>\d{{1,9}}))?"
)
_ARROW = r"[ \t]*(?P<arrow>-{1,3}>)[ \t]*"
_TIMING = re.compile(
    r"[ \t\ufeff]*" + _TIME.format("a") + _ARROW + _TIME.format("b") + r"(?P<rest>(?:[ \t].*)?)"
)
_SPACES = r"[\s\u200b-\u200f\u202a-\u202e\ufeff]{0,9}"
_COLON = rf"{_SPACES}[:;.：]{_SPACES}"
_WILD_TIME = (
    rf"(?:(?P<%sign>-){_SPACES})?(?P<%h>\d{{1,6}}){_COLON}(?P<%m>\d{{1,6}}){_COLON}(?P<%s>\d{{1,6}})"
    rf"(?:{_SPACES}(?P<%mark>[.,;:，．٫]){_SPACES}(?P<%f>\d{{1,9}})(?:[.,]?\d{{1,99}})?)?"
)
_WILD_ARROW = r"(?P<arrow>[-‐‑–—−=~]{1,4}[ \t]?(?:>|&gt;|[›»→])|[→⟶➔➜⇒➡]|[-–—]{2,4})"
_WILD = re.compile(
    _SPACES
    + _WILD_TIME.replace("%", "a")
    + _SPACES
    + _WILD_ARROW
    + _SPACES
    + _WILD_TIME.replace("%", "b")
    + r"(?P<rest>(?:\s.*)?)"
)
"""As found in the wild: other marks, arrows and spaces. Hours on both sides, or it may be text."""
_ANY_ARROW = re.compile(r">|→|⟶|➔|➜|⇒|➡|›|»|–|—|--|&gt;")
"""Written out, since a search for one of several texts is faster than with a class among them."""
_PLAIN = re.compile(
    r"([0-9]{2}):([0-5][0-9]):([0-5][0-9])(?P<mark>[.,])([0-9]{3})"
    r" --> ([0-9]{2}):([0-5][0-9]):([0-5][0-9])(?P=mark)([0-9]{3})"
)
"""A timing line as nearly all are: nothing to mend."""
_BEFORE = re.compile(r"\d[ \t]{0,9}-{1,3}>")
_AFTER = re.compile(r"-->[ \t]{0,9}-?\d{1,6}:\d")


class Timing(NamedTuple):
    """A timing line: the span, and the text after it."""

    span: Span
    rest: str


def milliseconds(time: Fraction) -> int:
    """The nearest whole millisecond, halves up.

    At most half a millisecond off, so the nearest frame is the same below 1,000 frames a second;
    and never decreasing, so spans that do not overlap do not overlap after it.
    """
    # In whole numbers: every time of every file comes through here.
    return (2000 * time.numerator + time.denominator) // (2 * time.denominator)


def stamp(time: Fraction, mark: str) -> str:
    """``HH:MM:SS`` and milliseconds after ``mark``; more digits from 100 hours on."""
    rest, fraction = divmod(milliseconds(time), 1000)
    return f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}{mark}{fraction:03d}"


def is_timing(line: str) -> bool:
    """Whether a line is meant as a timing line, well written or not."""
    if not _ANY_ARROW.search(line):
        return False
    if _PLAIN.match(line):  # as nearly all are
        return True
    if _WILD.fullmatch(line):
        return True
    if "->" not in line:
        return False
    return bool(_TIMING.fullmatch(line) or _AFTER.search(line) or _broken_start(line))


def _broken_start(line: str) -> bool:
    """Digits, colons and an arrow right after them, as in ``00:00:0x,000 -->`` but not in prose."""
    before, arrow, _ = line.partition("-->")
    return bool(arrow) and before.count(":") >= 2 and bool(_BEFORE.search(line))


def parse_timing(line: str, number: int, name: str, mark: str, repairs: Repairs) -> Timing:
    """The span of a timing line.

    Args:
        line: The line.
        number: Its number in the file, from 1.
        name: Name of the file.
        mark: The decimal mark that the format asks for.
        repairs: Hears of times that had to be mended: another mark or number of digits, minutes
            or seconds over 59, a time before zero (now zero), an out-time before the in-time (now
            the in-time).

    Raises:
        FormatError: it cannot be read as two times.
    """
    plain = _PLAIN.fullmatch(line)
    if plain is not None and plain["mark"] == mark:
        hours, minutes, secs, _, rest, *after = plain.groups()
        first = _thousandths(int(hours), int(minutes), int(secs), int(rest))
        last = _thousandths(*map(int, after))
        if first <= last:
            return Timing(span=Span(Fraction(first, 1000), Fraction(last, 1000)), rest="")
    match = _TIMING.fullmatch(line) or _WILD.fullmatch(line)
    if match is None:
        column = _fault_column(line)
        raise FormatError(
            f"{name!r}, line {number}, column {column}: {line.strip()[:60]!r} are not two times.",
            remedy=f"Write it as 00:00:01{mark}000 --> 00:00:02{mark}500.",
            line=number,
            column=column,
        )
    place = f"line {number}"
    start, end = _seconds(match, "a"), _seconds(match, "b")
    for fault in _faults(match, mark):
        repairs.add(fault, place)
    if start < 0 or end < 0:
        repairs.add("A time before zero was made zero", place)
        start, end = max(start, Fraction(0)), max(end, Fraction(0))
    if end < start:
        repairs.add("An out-time before its in-time was made equal to it", place)
        end = start
    return Timing(span=Span(start, end), rest=match["rest"].strip(" \t"))


def _thousandths(hours: int, minutes: int, secs: int, thousandths: int) -> int:
    return ((hours * 60 + minutes) * 60 + secs) * 1000 + thousandths


def _seconds(match: re.Match[str], side: str) -> Fraction:
    hours, minutes, secs = (int(match[side + unit] or 0) for unit in "hms")
    fraction = match[side + "f"] or "0"
    scale = 10 ** len(fraction)
    time = Fraction((hours * 3600 + minutes * 60 + secs) * scale + int(fraction), scale)
    return -time if match[side + "sign"] else time


def _faults(match: re.Match[str], mark: str) -> list[str]:
    faults = []
    sides = ("a", "b")
    if match.re is _WILD:
        faults.append("A time line written in another way was read as one")
    if match.re is not _WILD and any(match[side + "mark"] not in (mark, None) for side in sides):
        faults.append(f"Milliseconds were not written after {mark!r}")
    if match.re is not _WILD and any(len(match[side + "f"] or "") != 3 for side in sides):
        faults.append("A time without three digits of milliseconds was read as a decimal fraction")
    if any(int(match[side + unit]) > 59 for side in sides for unit in "ms"):
        faults.append("Minutes or seconds over 59 were carried")
    if mark == "," and any(match[side + "h"] is None for side in sides):
        faults.append("A time without hours was read as minutes and seconds")
    if match["arrow"] != "-->" and match.re is not _WILD:
        faults.append("An arrow other than --> was read as one")
    return faults


def _fault_column(line: str) -> int:
    """Where reading stops making sense, from 1."""
    first = re.compile(r"[ \t\ufeff]*" + _TIME.format("a")).match(line)
    if first is None:
        return 1
    arrow = re.compile(_ARROW).match(line, first.end())
    return (arrow.end() if arrow else first.end()) + 1

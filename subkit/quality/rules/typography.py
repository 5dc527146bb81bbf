"""Rules on how a text is written: spaces, marks, dashes, ellipses, quotes, numbers."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.language import is_abbreviation, is_article, is_dashed, resolve_language
from subkit.language.punctuation import DASHES
from subkit.quality.rule import ERROR, WARNING, Breach, CueRule, TrackRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = [
    "DOUBLE_QUOTES",
    "DOUBLE_SPACE",
    "ELLIPSES",
    "RULES",
    "SPACED_DOTS",
    "spaces_before_mark",
]

_OUTER = re.compile(r"^[ \t\u00a0\u3000]+\S|\S[ \t\u00a0\u3000]+$")
# What a pattern looks for stands first and what must stand before it is asked then: so the text is
# searched for a few characters, not tried at each.
DOUBLE_SPACE = re.compile(r"[ \u00a0](?<=\S.)[ \u00a0]+(?=\S)")
_BEFORE_MARK = re.compile(
    r"[ \u00a0\u202f](?<=(\w).)[ \u00a0\u202f]*(?=([,.;:!?%)\]}”])[,.;:!?%)\]}”…]*(?:\s+(\w)|\s|$))"
)
# Begins behind what is no space: a run of spaces is walked through once, not once for each of them.
SPACED_DOTS = re.compile(r"(?<![ \u00a0\u202f])[ \u00a0\u202f]*\.(?:[ \u00a0\u202f]+\.){2,}")
_LABEL = re.compile(r"\[ [^\[\]]*\S \]|\( [^()]*\S \)")
_FRENCH_MARKS = ";:!?%"
_AFTER_OPENING = re.compile(r"[(\[{„¿¡]\s+(?=\S)|^[^„]*“\s+(?=\S)")
_REPEATED = re.compile(r"([!?,;:])\1+|(?<!\.)\.\.(?!\.)|\.{4,}|…[.…]+|\.…|,\.|\.,")
_MISSING = re.compile(r"[,;!?](?<=[^\W\d_]{2}.)(?=[^\W\d_]{2})")
ELLIPSES = re.compile(r"…|(?<!\.)\.\.\.(?!\.)")
DOUBLE_QUOTES = re.compile('["“”„‟«»]')
_NUMBER = re.compile(r"(?<![\w.,:/$€£¥₩#№-])\d+(?![\w%°€$£¥₩:/-]|[.,]\d)")
_BRACKET = re.compile("[][(){}「」『』【】《》]")
_SMILEY = re.compile(r"(?<![^\s.!?…])(?:[:;=]-?[()\[\]DP]|8-[()])(?![^\s.!?…])")
_POINT = re.compile(r"(?:^|\s)\w{1,2}$")
"""What stands before the bracket of a point in a list: ``a)``."""
_BRACKETS = {")": "(", "]": "[", "}": "{", "」": "「", "』": "『", "】": "【", "》": "《"}


def _matches(cue: Cue, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Yield the number of the line, from 1, and the text of each match in a cue."""
    for number, line in enumerate(cue.lines, start=1):
        for match in pattern.finditer(line):
            yield number, match.group()


def _outer_space(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A line with white space at its beginning or end."""
    for number, _ in _matches(cue, _OUTER):
        yield Breach(cue=cue, fault=f"has white space at an end of line {number}")


def _double_space(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """Two spaces between words."""
    for number, found in _matches(cue, DOUBLE_SPACE):
        yield Breach(
            cue=cue,
            measured=f"{len(found)} spaces",
            limit="1 space",
            fault=f"has {len(found)} spaces in a row in line {number}",
        )


def spaces_before_mark(line: str, language: str) -> Iterator[re.Match[str]]:
    """Spaces before a mark that belongs to the word before them; group 2 is the mark.

    Left alone are those of numbers (``3 : 2``, ``1 : 100``, and ``50 %`` outside of English, as the
    International System of Units and most languages write it), those between dots, and those that
    French writes before ``; : ! ? %``.
    """
    base = resolve_language(language).base
    for match in _BEFORE_MARK.finditer(line):
        before, mark, following = match.groups()
        number = before.isdigit() and (following or "").isdigit()
        per_cent = before.isdigit() and mark == "%" and base != "en"
        dots = mark == "." and SPACED_DOTS.match(line, match.start())
        if not (number or per_cent or dots or (base == "fr" and mark in _FRENCH_MARKS)):
            yield match


def _mark_space(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A space before a mark that belongs to the word before it, or between the dots of an ellipsis.

    French writes one before ``; : ! ? %``; there only the others are looked at. Guillemets are left
    alone: languages point them, and space them, each in its own way. So are the spaces of numbers,
    as in ``3 : 2``, and of ``50 %`` outside of English.
    """
    for line in cue.lines:
        for match in spaces_before_mark(line, subject.track.language):
            mark = match.group(2)
            if line.startswith("...", match.end()) or (mark in ")]" and _LABEL.search(line)):
                continue  # the next rule speaks; a label may have its spaces on both sides
            yield Breach(
                cue=cue, measured=f" {mark}", limit=mark, fault=f"has a space before {mark!r}"
            )
        for found in SPACED_DOTS.findall(line):
            dots = found.strip()
            yield Breach(
                cue=cue,
                measured=dots,
                limit="...",
                fault=f"has spaces between the dots of {dots!r}",
            )
        for match in () if _LABEL.search(line) else _AFTER_OPENING.finditer(line):
            mark = match.group().rstrip()[-1]
            yield Breach(
                cue=cue, measured=f"{mark} ", limit=mark, fault=f"has a space after {mark!r}"
            )


def _missing_space(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """No space after a mark between two words."""
    if not resolve_language(subject.track.language).spaces:
        return
    for number, found in _matches(cue, _MISSING):
        yield Breach(
            cue=cue,
            measured=found,
            limit=f"{found} ",
            fault=f"has no space after {found!r} in line {number}",
        )


def _repeated_mark(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A mark written more than once: ``!!``, ``,,``, two dots, four dots; ``?!`` is fine.

    So is the full stop of an abbreviation before a comma: ``at 9 a.m., on time``.
    """
    for line in cue.lines:
        for match in _REPEATED.finditer(line):
            found = match.group()
            word = line[: match.start() + 1].rsplit(maxsplit=1)[-1]
            if found == ".," and is_abbreviation(word, subject.track.language):
                continue
            yield Breach(cue=cue, measured=found, limit=found[0], fault=f"has the marks {found!r}")


def _ellipsis(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """An ellipsis not written as the style writes it: one character or three dots."""
    wanted = subject.profile.text.ellipsis
    for _, found in _matches(cue, ELLIPSES) if wanted else ():
        if found != wanted:
            yield Breach(
                cue=cue,
                measured=found,
                limit=wanted,
                fault=f"writes an ellipsis as {found!r}, not {wanted!r}",
            )


def _dash(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """Lines of two speakers not marked as the style marks them: which lines, and with what dash.

    Without a form in the style, only a first line with a dash beside a second one without is found.
    """
    lines = [line.strip() for line in cue.lines if line.strip()]
    dashed = [is_dashed(line) for line in lines]
    if len(lines) < 2 or not any(dashed):
        return
    form = subject.profile.text.dash
    where, _, spaced = form.partition(" ")
    fault = ""
    if where == "second":
        if dashed[0]:
            fault = "has a dash on its first line; the style has it on the second only"
    elif not dashed[0] and where == "both":
        fault = "has a dash on its second line but not on the first"
    elif dashed[0] and not any(dashed[1:]):
        fault = "has a dash on its first line but not on the second"
    marks = {line[:2] for line, has in zip(lines, dashed, strict=True) if has}
    if not fault and where:
        wrong = [m for m in marks if m[0] not in "-‐" or m[1].isspace() != bool(spaced)]
        if wrong:
            wanted = "a hyphen and a space" if spaced else "a hyphen without a space"
            fault = f"begins a line with {wrong[0]!r}; the style writes {wanted}"
    if fault:
        yield Breach(
            cue=cue, measured=" / ".join(line[:2] for line in lines), limit=form, fault=fault
        )


def _quotes(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """Quotation marks other than those of the style."""
    wanted = subject.profile.text.quotes
    for _, found in _matches(cue, DOUBLE_QUOTES) if wanted else ():
        if found not in wanted:
            yield Breach(
                cue=cue,
                measured=found,
                limit=f"{wanted[0]} {wanted[-1]}",
                fault=f"has the quotation mark {found}, not {wanted[0]} {wanted[-1]}",
            )


def _open_quote(subject: Subject) -> Iterator[Breach]:
    """A straight or curly quotation mark that is never closed, or closed but never opened.

    A quotation may run through several cues, and may be opened again in each of them.
    """
    opener: Cue | None = None
    age = 0
    low = any("„" in cue.text for cue in subject.track.cues)  # there “ closes
    for cue in subject.track.cues:
        age += 1
        for mark in DOUBLE_QUOTES.findall(cue.text):
            opens = mark == "„" or (mark == "“" and not low)
            if mark in "«»":
                continue
            if opens or (mark == '"' and opener is None):
                opener, age = cue, 0
            elif opener is not None:
                opener = None
            else:
                yield Breach(
                    cue=cue, measured=mark, fault=f"closes a quotation that nothing opened ({mark})"
                )
        if opener is not None and age > 8:
            yield Breach(cue=opener, fault="opens a quotation that is not closed within 8 cues")
            opener = None
    if opener is not None:
        yield Breach(cue=opener, fault="opens a quotation that is never closed")


def _brackets(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A bracket without the other one of its pair in the same cue; smileys and ``a)`` are none."""
    if not _BRACKET.search(cue.text):
        return
    stack: list[str] = []
    text = _SMILEY.sub("", cue.text)
    for place, char in enumerate(text):
        if char in _BRACKETS.values():
            stack.append(char)
        elif char in _BRACKETS and not stack and char == ")" and _POINT.search(text[:place]):
            continue
        elif char in _BRACKETS and (not stack or stack.pop() != _BRACKETS[char]):
            yield Breach(cue=cue, measured=char, fault=f"has a {char!r} that closes nothing")
            return
    if stack:
        yield Breach(cue=cue, measured=stack[-1], fault=f"has a {stack[-1]!r} that is not closed")


def _small_number(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A small number in digits where the style spells it out; times, units and amounts are not."""
    most = subject.profile.text.spell_to
    for _, found in _matches(cue, _NUMBER) if most else ():
        if 0 < int(found[:9]) <= most:
            yield Breach(
                cue=cue,
                measured=found,
                limit=f"spelled out to {most}",
                fault=f"has the number {found} in digits; to {most} they are spelled out",
            )


def _line_end(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A mark at the end of a line where the style has none."""
    marks = subject.profile.text.not_last
    for number, line in enumerate(cue.lines, start=1) if marks else ():
        text = line.rstrip()
        if text and text[-1] in marks and not text.endswith(("..", "…")):
            yield Breach(
                cue=cue, measured=text[-1], fault=f"has {text[-1]!r} at the end of line {number}"
            )


def _not_used(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A character that the style never uses."""
    for char in sorted(set(subject.profile.text.not_used) & set(cue.text)):
        yield Breach(cue=cue, measured=char, fault=f"has {char!r}, which the style does not use")


def _doubled_word(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """An article written twice: “the the”; other words may follow themselves: “vous vous levez”."""
    language = subject.track.language
    if not resolve_language(language).spaces:
        return
    words = cue.text.split()
    for first, second in pairwise(words):
        same = first.isalpha() and first.casefold() == second.casefold() and len(first) > 1
        if same and is_article(first, language):
            yield Breach(
                cue=cue, measured=f"{first} {second}", fault=f"has {first!r} twice in a row"
            )


def _lone_mark(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A line that is nothing but a dash or other marks."""
    for number, line in enumerate(cue.lines, start=1):
        text = line.strip()
        if text and all(char in DASHES + ".,;:'\"" for char in text) and text not in ("...", "--"):
            yield Breach(cue=cue, measured=text, fault=f"has only {text!r} on line {number}")


RULES = (
    CueRule("outer-space", WARNING, _outer_space),
    CueRule("double-space", WARNING, _double_space),
    CueRule("mark-space", WARNING, _mark_space),
    CueRule("missing-space", WARNING, _missing_space),
    CueRule("repeated-mark", WARNING, _repeated_mark),
    CueRule("ellipsis", WARNING, _ellipsis, ("text.ellipsis",)),
    CueRule("dash", WARNING, _dash, ("text.dash",)),
    CueRule("quotes", WARNING, _quotes, ("text.quotes",)),
    TrackRule("open-quote", WARNING, _open_quote),
    CueRule("brackets", WARNING, _brackets),
    CueRule("small-number", WARNING, _small_number, ("text.spell_to",)),
    CueRule("line-end", WARNING, _line_end, ("text.not_last",)),
    CueRule("not-used", ERROR, _not_used, ("text.not_used",)),
    CueRule("doubled-word", WARNING, _doubled_word),
    CueRule("lone-mark", WARNING, _lone_mark),
)

"""Rules on characters: what was decoded wrongly, what cannot be shown, what hides."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from subkit.language import resolve_language, script_of
from subkit.quality.repertoires import repertoire
from subkit.quality.rule import ERROR, WARNING, Breach, CueRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["CONTROL", "CP1252_BYTES", "HIDDEN", "MOJIBAKE", "RULES"]

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]|[\t\n]")
_BROKEN = re.compile("[\ufffd\ufffe\uffff\ud800-\udfff]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
HIDDEN = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\u115f\u1160\u3164\uffa0]")
_EMBEDS, _ISOLATES = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
_POP_EMBED, _POP_ISOLATE = "\u202c", "\u2069"
# UTF-8 read as Windows-1252: the bytes of one character, each as that encoding shows it.
CP1252_BYTES = {
    chr(code): code for code in range(0x80, 0xA0)
}  # what the encoding leaves open stays a control
CP1252_BYTES.update({bytes([code]).decode("cp1252", "ignore"): code for code in range(0x80, 0x100)})
CP1252_BYTES.pop("", None)
_HIGH = "".join(map(re.escape, CP1252_BYTES))
MOJIBAKE = re.compile(f"[{_HIGH}]{{2,}}")
_TAG = re.compile(r"<(/?)([bius]|font|c|v|ruby|rt|lang)\b[^<>]{0,200}>", re.IGNORECASE)
_OVERRIDE = re.compile(r"\{\\[^{}]{1,200}\}|\\[Nnh](?=\W|[A-Z]|$)")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


def _name(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()


def _control(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A control character inside a line: formats lose it, or break on it."""
    for line in cue.lines:
        for char in sorted(set(CONTROL.findall(line))):
            yield Breach(
                cue=cue, measured=_name(char), fault=f"has the control character {_name(char)}"
            )


def _replacement(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A character that could not be decoded: U+FFFD, half of a surrogate pair, a non-character."""
    if match := _BROKEN.search(cue.text):
        char = match.group()
        yield Breach(
            cue=cue, measured=_name(char), fault=f"has a character that was lost ({_name(char)})"
        )


def _mojibake(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """UTF-8 that was read as Windows-1252, such as Ã© for é: the letters are the wrong ones."""
    if cue.text.isascii():
        return
    for match in MOJIBAKE.finditer(cue.text):
        data = bytes(CP1252_BYTES[char] for char in match.group())
        for size in (4, 3, 2):
            for start in range(len(data) - size + 1):
                meant = _decoded(data[start : start + size])
                if len(meant) == 1:
                    seen = match.group()[start : start + size]
                    yield Breach(
                        cue=cue,
                        measured=seen,
                        limit=meant,
                        fault=f"has {seen!r}, meant as {meant!r}",
                    )
                    return


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _not_nfc(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """Letters taken apart into base and mark, or jamo (not Unicode form C): searches miss them."""
    if unicodedata.is_normalized("NFC", cue.text):
        return
    text = unicodedata.normalize("NFC", cue.text)
    at = next(
        (i for i, pair in enumerate(zip(cue.text, text, strict=False)) if pair[0] != pair[1]), 0
    )
    yield Breach(
        cue=cue,
        measured=_name(cue.text[min(at + 1, len(cue.text) - 1)]),
        limit="NFC",
        fault=f"is not in Unicode form C at {cue.text[at : at + 2]!r}",
    )


def _hidden(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A character that nobody sees: zero-width space, soft hyphen, byte order mark, filler."""
    for char in sorted(set(HIDDEN.findall(cue.text))):
        yield Breach(cue=cue, measured=_name(char), fault=f"has the hidden character {_name(char)}")


def _private(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A character of private use: it shows something else in every font, or nothing."""
    for char in sorted(set(_PRIVATE.findall(cue.text))):
        yield Breach(
            cue=cue, measured=_name(char), fault=f"has the private character {_name(char)}"
        )


def _bidi(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A control of writing direction that is not closed in its line (Unicode UAX #9)."""
    if cue.text.isascii():
        return
    for number, line in enumerate(cue.lines, start=1):
        stack: list[str] = []
        wrong = ""
        for char in line:
            if char in _EMBEDS:
                stack.append(_POP_EMBED)
            elif char in _ISOLATES:
                stack.append(_POP_ISOLATE)
            elif char in _POP_EMBED + _POP_ISOLATE and (not stack or stack.pop() != char):
                wrong = wrong or _name(char)
        if stack or wrong:
            what = wrong or "an open one"
            yield Breach(
                cue=cue,
                measured=what,
                fault=f"has unbalanced controls of direction in line {number}",
            )


def _tags(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    """A tag that is not closed, or closed but never opened: players show it or lose the rest."""
    stack: list[str] = []
    for match in _TAG.finditer(cue.text):
        name = match[2].lower()
        if match.group().endswith("/>"):
            continue
        if not match[1]:
            stack.append(name)
        elif not stack or stack.pop() != name:
            yield Breach(
                cue=cue,
                measured=match.group(),
                fault=f"has the tag {match.group()} that closes nothing",
            )
            return
    if stack:
        yield Breach(
            cue=cue,
            measured=f"<{stack[-1]}>",
            fault=f"has the tag <{stack[-1]}> that is not closed",
        )


def _markup(cue: Cue, subject: Subject) -> Iterator[Breach]:  # noqa: ARG001
    r"""Codes that viewers would read as text: ``{\an8}``, ``\N``, ``&amp;``."""
    for pattern in (_OVERRIDE, _ENTITY):
        if match := pattern.search(cue.text):
            yield Breach(
                cue=cue, measured=match.group(), fault=f"has the code {match.group()} in its text"
            )


def _italics(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """Italics where the style has none."""
    if subject.profile.text.italics is False and re.search(r"<i\b|\{\\i1", cue.text):
        yield Breach(cue=cue, measured="<i>", fault="has italics, which the style does not use")


def _repertoire(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A character that the carrier does not have: teletext and captions know few."""
    name = subject.profile.text.repertoire
    if not name:
        return
    known = repertoire(name, resolve_language(subject.track.language).script)
    missing = sorted({char for char in cue.text if char not in known and char != "\n"})
    if missing:
        shown = " ".join(missing[:8])
        whole = script_of(shown) if len(missing) > 8 else shown
        yield Breach(
            cue=cue, measured=shown, limit=name, fault=f"has characters that {name} lacks: {whole}"
        )


RULES = (
    CueRule("control-character", ERROR, _control),
    CueRule("lost-character", ERROR, _replacement),
    CueRule("mojibake", ERROR, _mojibake),
    CueRule("not-nfc", WARNING, _not_nfc),
    CueRule("hidden-character", WARNING, _hidden),
    CueRule("private-character", WARNING, _private),
    CueRule("bidi-control", ERROR, _bidi),
    CueRule("tags", ERROR, _tags),
    CueRule("markup", WARNING, _markup),
    CueRule("italics", WARNING, _italics, ("text.italics",)),
    CueRule("repertoire", ERROR, _repertoire, ("text.repertoire",)),
)

"""Rules on subtitles for the deaf and hard of hearing, and on forced narrative."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.language import resolve_language
from subkit.model import Purpose, Span
from subkit.quality.rule import WARNING, Breach, CueRule, TrackRule, over

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["RULES", "is_sound"]

_LABEL = re.compile(r"\[[^\[\]\n]{2,}\]|(?<![\w:;])\([^()\n]{3,}\)|\*[^*\n]{2,}\*")
_WHOLE = re.compile(r"^\s*(?:[-‐–—]\s*)?(?:\[[^\[\]\n]+\]|\([^()\n]+\)|\*[^*\n]+\*)\s*$")
_NOTES = "♪♫♬♩"
_FOREIGN = re.compile(
    r"[\[(*][^\])*\n]{0,200}\b(?:foreign language|speaking foreign|other language)\b", re.IGNORECASE
)


def is_sound(cue: Cue) -> bool:
    """Whether a cue tells only sounds or music: every line is a label or has a note in it."""
    lines = [line for line in cue.lines if line.strip()]
    return bool(lines) and all(
        _WHOLE.match(line) or any(note in line for note in _NOTES) for line in lines
    )


def _label_form(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A label in other marks than the style's, in a track of SDH.

    Round brackets may also hold an aside, so they count only where they fill a line.
    """
    wanted = subject.profile.text.label
    if subject.track.purpose is not Purpose.SDH or not wanted:
        return
    for line in cue.lines:
        for match in _LABEL.finditer(line):
            label = match.group()
            aside = label[0] == "(" and not _WHOLE.match(line)
            if label[0] != wanted[0] and not aside:
                yield Breach(
                    cue=cue,
                    measured=label,
                    limit=wanted,
                    fault=f"has the label {label[:40]} in other marks than {wanted}",
                )


def _label_case(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A label in the wrong case: capitals where the style has small letters, or the other way.

    Names keep their capital, so only a label in capitals throughout is found where small letters
    are asked for.
    """
    wanted = subject.profile.text.label_case
    if subject.track.purpose is not Purpose.SDH or not wanted:
        return
    for line in cue.lines:
        for match in _LABEL.finditer(line):
            letters = [char for char in match.group() if char.upper() != char.lower()]
            capitals = len(letters) > 3 and all(map(str.isupper, letters))
            small = any(map(str.islower, letters))
            if (wanted == "lower" and capitals) or (wanted == "upper" and small):
                yield Breach(
                    cue=cue,
                    measured=match.group()[:40],
                    limit=f"{wanted} case",
                    fault=f"has the label {match.group()[:40]} not in {wanted} case",
                )


def _music(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A note at one end of sung text only, without its space, or ``#`` instead of the mark."""
    mark = subject.profile.text.music
    text = " ".join(line.strip() for line in cue.lines)
    if not any(note in text for note in _NOTES):
        if mark and subject.track.purpose is Purpose.SDH and re.fullmatch(r"#\s.*\s#", text):
            yield Breach(
                cue=cue, measured="#", limit=mark, fault=f"marks song with #, not with {mark}"
            )
        return
    bare = text.strip(_NOTES + " ")
    if not bare or _WHOLE.match(bare):
        return
    body = text.lstrip("-‐–— ")
    if body[0] in _NOTES and body[-1] not in _NOTES:
        yield Breach(
            cue=cue, measured=body[0], fault=f"begins with {body[0]} but does not end with it"
        )
    elif body[-1] in _NOTES and body[0] not in _NOTES:
        yield Breach(
            cue=cue, measured=body[-1], fault=f"ends with {body[-1]} but does not begin with it"
        )
    elif re.search(rf"[{_NOTES}]\w|\w[{_NOTES}]", body):
        yield Breach(cue=cue, fault="has no space between a note and the text")


def _foreign_label(cue: Cue, subject: Subject) -> Iterator[Breach]:
    """A label that says only “foreign language”: name the language (Netflix English guide)."""
    if resolve_language(subject.track.language).base != "en":
        return
    if match := _FOREIGN.search(cue.text):
        yield Breach(
            cue=cue,
            measured=match.group()[:40],
            fault="has a label that does not name the language",
        )


def _forced_cover(subject: Subject) -> Iterator[Breach]:
    """A track of forced narrative whose cues cover so much that it is hardly one."""
    most, end = subject.profile.max_cover, subject.media.duration
    if subject.track.purpose is not Purpose.FORCED or most is None or not subject.track.cues:
        return
    shown = sum((cue.span.duration for cue in subject.track.cues), Fraction(0))
    if end and shown > most * end:
        part, limit = over(100 * shown / end, "%", 0), over(100 * most, "%", 0)
        yield Breach(
            cue=None,
            span=Span(Fraction(0), end),
            measured=part,
            limit=limit,
            fault=f"The cues for forced narrative cover {part} of the programme, more than {limit}",
        )


RULES = (
    CueRule("label-form", WARNING, _label_form, ("text.label",)),
    CueRule("label-case", WARNING, _label_case, ("text.label_case",)),
    CueRule("music", WARNING, _music, ("text.music",)),
    CueRule("foreign-label", WARNING, _foreign_label),
    TrackRule("forced-cover", WARNING, _forced_cover, ("max_cover",)),
)

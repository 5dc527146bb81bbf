"""Edits of what a cue says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.edit.content import editable, put_cues, touched, unlocked
from subkit.errors import InputError
from subkit.model import Alternative, Origin, Placement, Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.edit.hand import Hand
    from subkit.model import Cue, Project

__all__ = ["choose", "clean_lines", "place", "retext", "retext_many", "set_speaker"]

MAX_LINES = 20
MAX_LINE = 1000
MAX_ALTERNATIVES = 30
"""Old texts are kept up to here, the oldest go first; the ledger has them all."""

_VERTICAL, _HORIZONTAL = ("bottom", "middle", "top"), ("left", "center", "right")


def clean_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """Lines as a cue may hold them: no line breaks inside, no control characters, no outer spaces.

    Raises:
        InputError: too many, too long, or with characters that no subtitle holds.
    """
    if len(lines) > MAX_LINES:
        raise InputError(f"A cue has at most {MAX_LINES} lines, not {len(lines)}.")
    for line in lines:
        if len(line) > MAX_LINE:
            raise InputError(f"A line has at most {MAX_LINE} characters, not {len(line)}.")
        bad = next((c for c in line if c < " " or c in "\x7f\x85\u2028\u2029" or _half(c)), None)
        if bad is not None:
            raise InputError(
                f"A line cannot hold the character U+{ord(bad):04X}.",
                remedy="Give each line of a cue as a line of its own.",
            )
    cleaned = [line.strip() for line in lines]
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    while cleaned and not cleaned[0]:
        cleaned.pop(0)
    return tuple(cleaned)


def _half(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"


def retext(project: Project, track: str, cue: str, lines: Sequence[str], hand: Hand) -> Project:
    """Another text: a person's now; the old one becomes the first alternative.

    Raises:
        InputError: no such cue, it is locked, or no text that a cue may hold.
    """
    where, old = editable(project, track, cue)
    new = clean_lines(lines)
    if new == old.lines:
        return project
    return put_cues(project, where, _with_text(old, new, by_hand(hand), hand))


def retext_many(
    project: Project, track: str, texts: Mapping[str, Sequence[str]], hand: Hand
) -> Project:
    """Other texts for many cues of a track, by cue id, as :func:`retext` puts one.

    Raises:
        InputError: one of them cannot be changed; none is then.
    """
    where = project.track(track)
    known = {cue.id: cue for cue in where.cues}
    changed = []
    for cue, lines in texts.items():
        old = unlocked(known[cue] if cue in known else where.cue(cue))
        new = clean_lines(lines)
        if new != old.lines:
            changed.append(_with_text(old, new, by_hand(hand), hand))
    return put_cues(project, where, *changed) if changed else project


def choose(project: Project, track: str, cue: str, text: str, hand: Hand) -> Project:
    """An alternative takes the place of the text; where it came from goes with it.

    Raises:
        InputError: no such cue or alternative, or the cue is locked.
    """
    where, old = editable(project, track, cue)
    chosen = next((other for other in old.alternatives if other.text == text), None)
    if chosen is None:
        raise InputError(f"Cue {cue!r} has no alternative {text!r:.60}.", cue=cue)
    made = chosen.provenance or by_hand(hand)
    return put_cues(project, where, _with_text(old, tuple(text.split("\n")), made, hand))


def set_speaker(project: Project, track: str, cue: str, speaker: str | None, hand: Hand) -> Project:
    """Set the speaker of a cue; ``None`` if unknown.

    Raises:
        InputError: no such cue, it is locked, or no name.
    """
    where, old = editable(project, track, cue)
    if speaker is not None and not (0 < len(speaker) <= 200 and speaker.isprintable()):
        raise InputError(f"{speaker!r:.60} is not the id of a speaker.")
    if speaker == old.speaker:
        return project
    return put_cues(project, where, touched(old, hand, speaker=speaker))


def place(
    project: Project, track: str, cue: str, hand: Hand, *, vertical: str, horizontal: str
) -> Project:
    """Where in the picture; an exact place gives way to the rough one.

    Raises:
        InputError: no such cue or place, or the cue is locked.
    """
    where, old = editable(project, track, cue)
    if vertical not in _VERTICAL or horizontal not in _HORIZONTAL:
        raise InputError(
            f"{vertical!r:.20}, {horizontal!r:.20} is not a place in the picture.",
            remedy=f"One of {', '.join(_VERTICAL)} and one of {', '.join(_HORIZONTAL)}.",
        )
    now = old.placement
    if (vertical, horizontal) == (now.vertical, now.horizontal):
        return project
    there = Placement(vertical=vertical, horizontal=horizontal, writing=now.writing)
    return put_cues(project, where, touched(old, hand, placement=there))


def by_hand(hand: Hand) -> Provenance:
    """The provenance of what a person writes."""
    return Provenance(origin=Origin.HUMAN, tool="subkit", actor=hand.actor, time=hand.time)


def _with_text(cue: Cue, lines: tuple[str, ...], made: Provenance, hand: Hand) -> Cue:
    text = "\n".join(lines)
    others = [other for other in cue.alternatives if other.text not in (text, cue.text)]
    if cue.text:
        others.insert(0, Alternative(text=cue.text, provenance=cue.provenance))
    return replace(
        touched(cue, hand, lines=lines),
        provenance=made,
        confidence=None,
        alternatives=tuple(others[:MAX_ALTERNATIVES]),
    )

"""The demo's scene with lines to be dubbed: two characters, an original and an adaptation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.model import Alternative, Character, DubLine, Loop, Purpose, Span

if TYPE_CHECKING:
    from subkit.model import Cue, Project, Track

__all__ = ["LINES", "with_dubbing"]

LINES = "ko.dubbing"
_WHO = ("emma", "hugo")


def with_dubbing(project: Project, *, loops: int = 3) -> Project:
    """Return the project with the tracks ``en.dubbing`` and ``ko.dubbing``, in loops of so many."""
    source = _lines(project.track("en"), "en.dubbing", None)
    adapted = _lines(project.track("ko"), LINES, source.id)
    parts = [adapted.cues[at : at + loops] for at in range(0, len(adapted.cues), loops)]
    made = tuple(
        Loop(
            id=f"loop-{number}",
            name=str(number),
            span=Span(cues[0].span.start, cues[-1].span.end),
            cues=tuple(cue.id for cue in cues),
        )
        for number, cues in enumerate(parts, start=1)
    )
    people = (
        Character(id="emma", name="Emma", colour="#4477aa"),
        Character(id="hugo", name="Hugo <b>", colour="#ee6677"),
    )
    tracks = (*project.tracks, source, replace(adapted, loops=made))
    return replace(project, tracks=tracks, characters=people)


def _lines(track: Track, name: str, source: str | None) -> Track:
    cues = tuple(_line(cue, place) for place, cue in enumerate(track.cues))
    return replace(track, id=name, purpose=Purpose.DUBBING, source=source, cues=cues)


def _line(cue: Cue, place: int) -> Cue:
    dub = DubLine(character=_WHO[place % 2])
    alternatives = (Alternative(text=f"{cue.text} {cue.text}"), Alternative(text=cue.text[:3]))
    return replace(cue, dub=dub, sources=(cue.id,), alternatives=alternatives)

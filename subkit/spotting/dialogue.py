"""Short turns of two speakers in one cue, one line each, behind dialogue dashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.language import DASHES, half_units
from subkit.spotting.cue_timing import Spoken, time_cues

if TYPE_CHECKING:
    from subkit.model import Profile
    from subkit.spotting.cue_timing import CueLimits
    from subkit.spotting.pieces import Speech
    from subkit.spotting.search import Stretch

__all__ = ["Turns", "dashes_of", "share_cues", "spoken_of"]

Turns = tuple["Stretch", ...]
"""What one cue holds: one stretch, or one of each of two speakers."""


def dashes_of(profile: Profile) -> tuple[str, str]:
    """Return the prefixes of the first and the second speaker's line.

    As the style writes it; ``"- "`` before both where its guide does not speak of dashes.
    """
    where, _, spaced = (profile.text.dash or "both spaced").partition(" ")
    dash = "- " if spaced else "-"
    return ("" if where == "second" else dash, dash)


def share_cues(
    speech: Speech, stretches: list[Stretch], limits: CueLimits, profile: Profile
) -> list[Turns]:
    """The stretches, each a cue of its own but for turns too short for one.

    A turn that cannot have its minimum duration between its neighbours shares a cue with that of
    the other speaker beside it, if each is whole and fits one line and both fit the maximum
    duration.
    """
    alone: list[Turns] = [(stretch,) for stretch in stretches]
    if profile.max_lines < 2 or len(alone) < 2:
        return alone
    times = time_cues([spoken_of(speech, turns) for turns in alone], limits)
    short = [out - start < limits.shortest for start, out in times]
    fit = [False] * len(alone)
    for place in range(len(alone) - 1):
        if short[place] or short[place + 1]:
            fit[place] = _can_share(speech, stretches[place], stretches[place + 1], limits, profile)
    shared: list[Turns] = []
    place = 0
    while place < len(alone):
        if fit[place] and not (not short[place] and short[place + 1] and _next(fit, short, place)):
            shared.append((stretches[place], stretches[place + 1]))
            place += 2
        else:
            shared.append(alone[place])
            place += 1
    return shared


def spoken_of(speech: Speech, turns: Turns) -> Spoken:
    """Frames and width of what a cue holds."""
    width = sum(speech.row.width(first, last) for first, last in turns)
    return Spoken(speech.starts[turns[0][0]], speech.ends[turns[-1][1] - 1], width)


def _next(fit: list[bool], short: list[bool], place: int) -> bool:
    """Return whether the second of two turns fits better with the next one, short as well."""
    return place + 2 < len(fit) and fit[place + 1] and short[place + 2]


def _can_share(
    speech: Speech, upper: Stretch, lower: Stretch, limits: CueLimits, profile: Profile
) -> bool:
    first, last = speech.words[upper[0]], speech.words[lower[0]]
    speakers = {speech.speakers[upper[0]], speech.speakers[lower[0]]}
    return (
        len(speakers) == 2
        and None not in speakers
        and first.language == last.language
        and not speech.silent[lower[0]]
        and speech.ends[lower[1] - 1] - speech.starts[upper[0]] <= limits.longest
        and all(
            _is_line(speech, stretch, dash, profile)
            for stretch, dash in zip((upper, lower), dashes_of(profile), strict=True)
        )
    )


def _is_line(speech: Speech, stretch: Stretch, dash: str, profile: Profile) -> bool:
    """Return whether a stretch is whole sentences, or all of a turn, and fits after its dash."""
    first, last = stretch
    begins = first == 0 or speech.stops[first - 1] or speech.walls[first]
    ends = last == len(speech) or speech.stops[last - 1] or speech.walls[last]
    width = speech.row.width(first, last) + half_units(dash, profile.counting)
    marked = speech.row.texts[first][0] in DASHES
    return begins and ends and not marked and width <= 2 * profile.max_cpl

"""Recognised words -> cues."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.errors import PlanError
from subkit.model import Cue, Span
from subkit.spotting.cost_terms import Costs
from subkit.spotting.cue_timing import limits_of, time_cues
from subkit.spotting.dialogue import Turns, dashes_of, share_cues, spoken_of
from subkit.spotting.line_shape import Shape, best_lines, shape_of
from subkit.spotting.pieces import Speech, prepare
from subkit.spotting.search import Stretch, search_cues
from subkit.spotting.spotting_options import SpottingOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import FrameRate, Profile, Word

__all__ = ["spot"]


def spot(
    words: Sequence[Word],
    *,
    profile: Profile,
    rate: FrameRate,
    language: str,
    end: Fraction | None = None,
    shots: Sequence[Fraction] | None = None,
    voice: Sequence[Span] = (),
    options: SpottingOptions | None = None,
) -> tuple[Cue, ...]:
    """The cues for recognised words, by one search over syntax, pauses, reading speed and shape.

    Every word is in one cue, once and in order. Cues stand on the frame grid, last at least one
    frame and keep ``profile.min_gap_frames``; no line is wider than ``profile.max_cpl`` unless one
    word is, no cue has more than ``profile.max_lines`` or several speakers. In-times are the first
    word's, on the nearest frame; out-times the last word's with the profile's linger. Durations
    and reading speed are kept where the speech leaves room. The same input gives the same cues.

    Args:
        words: In the order spoken; times may be zero long, equal, overlapping or out of order.
        profile: House style for the language.
        rate: Frame rate of the grid.
        language: BCP 47 tag of the track; a word of another language says so itself.
        end: Seconds at which the programme ends; no cue stays longer where that can be helped.
        shots: Seconds of the shot changes, where they have been looked for: cues end there rather
            than go across, and times near one are held to it by the profile's rules.
        voice: Where a voice was heard, in order: no cue begins long before it.
        options: Weights of the cost terms.

    Raises:
        PlanError: the profile leaves no room for text or time.
    """
    options = options or SpottingOptions()
    _check(profile)
    speech = prepare(
        words,
        profile=profile,
        rate=rate,
        language=language,
        options=options,
        shots=shots or (),
        voice=voice,
    )
    if not len(speech):
        return ()
    limits = limits_of(profile, rate, end, options, shots)
    shape = shape_of(profile, options)
    stretches = search_cues(Costs(speech, limits, shape), shape)
    held = share_cues(speech, stretches, limits, profile)
    spoken = [spoken_of(speech, turns) for turns in held]
    cues: list[Cue] = []
    for turns, (start, out) in zip(held, time_cues(spoken, limits), strict=True):
        cue = _cue(speech, turns, shape, dashes_of(profile), language)
        number = f"{options.id_prefix}{len(cues) + 1:04d}"
        cues.append(replace(cue, id=number, span=Span(rate.time(start), rate.time(out))))
    return tuple(cues)


def _check(profile: Profile) -> None:
    if profile.max_lines < 1 or profile.max_cpl < 1 or profile.max_cps <= 0:
        raise PlanError(
            f"Style {profile.id!r} allows {profile.max_lines} lines of {profile.max_cpl} "
            f"characters at {profile.max_cps} a second.",
            remedy="Each must be at least 1.",
            profile=profile.id,
        )


def _cue(speech: Speech, turns: Turns, shape: Shape, dashes: tuple[str, str], language: str) -> Cue:
    """The cue of what it holds, not yet named or timed."""
    words = speech.words[turns[0][0] : turns[-1][1]]
    # Parts of one word follow each other: its confidence counts once.
    once = [words[0], *(after for before, after in pairwise(words) if after is not before)]
    sure = [word.confidence for word in once if word.confidence is not None]
    spoken = words[0].language
    alone = len(turns) == 1
    return Cue(
        id="",
        span=Span(Fraction(0), Fraction(0)),
        lines=_lines(speech, turns[0], shape) if alone else _dialogue(speech, turns, dashes),
        speaker=next((word.speaker for word in words if word.speaker), None) if alone else None,
        language=spoken if spoken and spoken != language else None,
        confidence=sum(sure) / len(sure) if sure else None,
    )


def _lines(speech: Speech, stretch: Stretch, shape: Shape) -> tuple[str, ...]:
    first, last = stretch
    _, cuts = best_lines(speech.row, first, last, shape)
    edges = (first, *cuts, last)
    return tuple(speech.row.text(start, stop) for start, stop in pairwise(edges))


def _dialogue(speech: Speech, turns: Turns, dashes: tuple[str, str]) -> tuple[str, ...]:
    return tuple(
        dash + speech.row.text(*stretch) for dash, stretch in zip(dashes, turns, strict=True)
    )

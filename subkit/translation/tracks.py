"""A track -> the same cues in another language."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import exp, isnan
from typing import TYPE_CHECKING

from subkit.model import Alternative, Cue, Origin, Provenance, Purpose, Review, Track
from subkit.translation.distribution import distribute
from subkit.translation.options import TranslationOptions
from subkit.translation.preferences import MEMORY_TOOL
from subkit.translation.sentences import translate_units
from subkit.translation.staleness import is_current, is_settled, source_digest, succeed
from subkit.translation.units import build_units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from subkit.interfaces import Translator
    from subkit.model import Profile
    from subkit.translation.preferences import Memory, Preference
    from subkit.translation.sentences import Candidate
    from subkit.translation.units import Unit

__all__ = ["translate_track", "translated_id"]

_DEFAULT = TranslationOptions()


def translate_track(
    track: Track,
    *,
    target: str,
    translator: Translator,
    profile: Profile,
    break_lines: Callable[[str], tuple[str, ...]],
    provenance: Provenance,
    options: TranslationOptions = _DEFAULT,
    previous: Track | None = None,
    preferences: Sequence[Preference] = (),
    memory: Memory | None = None,
) -> Track:
    """``track`` in another language: same cue ids, same times, same places in the picture.

    A cue's confidence is the probability of its unit's tokens (the exponential of the score), so a
    doubtful translation has a low one; the candidates not chosen are its alternatives. A line that
    is in the target language already, or has no letters, is copied with its own provenance; what
    the memory gave has a provenance of its own (tool :data:`subkit.translation.MEMORY_TOOL`).
    Every cue names the cues of its unit (``sources``) and their digest (``made_from``).

    Args:
        track: The source track.
        target: BCP 47 language.
        translator: The engine.
        profile: House style of the target.
        break_lines: Gives the lines of one cue's text in that style.
        provenance: Of the translated texts; its digests stand for all that shapes them.
        options: What shapes the result.
        previous: An earlier translation; its cues that are locked or that people made, edited or
            approved come back byte-identical. A unit whose source text, times and provenance are
            as they were is not translated again. Comments stay.
        preferences: What ranks the candidates beside their score.
        memory: Approved translations of before.

    Raises:
        PlanError: the model does not know a direction.
        EngineError: the engine failed.
    """
    sources = {cue.id: cue for cue in track.cues}
    before = {cue.id: cue for cue in previous.cues} if previous else {}
    sought = [(unit, [sources[name] for name in unit.cues]) for unit in build_units(track, options)]
    stale = [(unit, cues) for unit, cues in sought if not _holds(before, cues, provenance)]
    redone = {name for unit, _ in stale for name in unit.cues}
    made = {name: cue for name, cue in before.items() if name not in redone or is_settled(cue)}
    translate = partial(translate_units, preferences=preferences, memory=memory)
    answers = translate([unit for unit, _ in stale], translator, target, options)
    give_back = partial(distribute, profile=profile, language=target, break_lines=break_lines)
    for (unit, cues), found in zip(stale, answers, strict=True):
        for cue in _cues(unit, cues, found, provenance, give_back):
            made.setdefault(cue.id, succeed(before.get(cue.id), cue))
    return Track(
        id=translated_id(track, target),
        language=target,
        purpose=track.purpose,
        profile=profile.id,
        source=track.id,
        cues=tuple(made[cue.id] for cue in track.cues),
    )


def translated_id(track: Track, target: str) -> str:
    """The id that the translation of a track has: the language, or language and purpose."""
    suffix = "" if track.purpose is Purpose.SUBTITLE else f".{track.purpose.value}"
    return target + suffix


def _holds(before: Mapping[str, Cue], unit: Sequence[Cue], provenance: Provenance) -> bool:
    """Whether nothing of a unit has to be made again."""
    earlier = [before.get(cue.id) for cue in unit]
    return all(
        old is not None and (is_settled(old) or is_current(old, cue, unit, provenance))
        for old, cue in zip(earlier, unit, strict=True)
    )


def _cues(
    unit: Unit,
    sources: Sequence[Cue],
    found: list[Candidate],
    provenance: Provenance,
    give_back: Callable[[str, Sequence[Cue]], tuple[tuple[str, ...], ...]],
) -> list[Cue]:
    """The translated cues of a unit, from its candidates."""
    if found[0].copied:
        return [_copied(cue, sources) for cue in sources]
    texts = [_texts(unit, candidate.text, sources, give_back) for candidate in found]
    return _translated(sources, texts, found, provenance)


def _copied(cue: Cue, unit: Sequence[Cue]) -> Cue:
    return replace(
        cue,
        language=None,
        sources=tuple(other.id for other in unit),
        made_from=source_digest(unit),
        review=Review(),
        locked=False,
        comments=(),
    )


def _texts(
    unit: Unit,
    text: str,
    cues: Sequence[Cue],
    give_back: Callable[[str, Sequence[Cue]], tuple[tuple[str, ...], ...]],
) -> tuple[tuple[str, ...], ...]:
    """The lines of each cue under one candidate; a turn of dialogue is a line of its own."""
    if len(unit.turns) > 1 or unit.turns[0].mark:
        return (tuple(text.split("\n")),)
    return give_back(text, cues)


def _translated(
    cues: Sequence[Cue],
    texts: list[tuple[tuple[str, ...], ...]],
    found: list[Candidate],
    provenance: Provenance,
) -> list[Cue]:
    made = [_provenance(candidate, provenance) for candidate in found]
    return [
        replace(
            cue,
            lines=texts[0][place],
            language=None,
            sources=tuple(other.id for other in cues),
            made_from=source_digest(cues),
            confidence=_confidence(found[0].score),
            alternatives=_alternatives([text[place] for text in texts], found, made),
            provenance=made[0],
            review=Review(),
            locked=False,
            comments=(),
        )
        for place, cue in enumerate(cues)
    ]


def _provenance(candidate: Candidate, machine: Provenance) -> Provenance:
    if not candidate.recalled:
        return machine
    return Provenance(origin=Origin.HUMAN, tool=MEMORY_TOOL, time=machine.time)


def _alternatives(
    texts: list[tuple[str, ...]], found: list[Candidate], made: list[Provenance]
) -> tuple[Alternative, ...]:
    """What the cue could say instead: its part of the other candidates, each text once."""
    others: dict[str, Alternative] = {}
    for lines, candidate, provenance in zip(texts[1:], found[1:], made[1:], strict=True):
        text = "\n".join(lines)
        if text and lines != texts[0]:
            alternative = Alternative(text=text, score=candidate.score, provenance=provenance)
            others.setdefault(text, alternative)
    return tuple(others.values())


def _confidence(score: float) -> float | None:
    return None if isnan(score) else min(1.0, exp(min(0.0, score)))

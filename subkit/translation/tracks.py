"""A track -> the same cues in another language."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from subkit.model import Purpose
from subkit.translation.context import add_context
from subkit.translation.cues import CueMaker
from subkit.translation.questions import Questions
from subkit.translation.refining import refine_units
from subkit.translation.sentence_candidates import translate_units
from subkit.translation.staleness import is_current, is_settled, source_digest, succeed
from subkit.translation.translation_options import TranslationOptions
from subkit.translation.units import build_units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from subkit.interfaces import Refiner, Translator
    from subkit.model import Cue, Profile, Provenance, Track
    from subkit.translation.preferences import Memory, Preference
    from subkit.translation.units import Unit

__all__ = ["track_questions", "translate_track", "translated_id"]

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
    refiner: Refiner | None = None,
    wishes: Callable[[Unit], tuple[str, ...]] | None = None,
    only: AbstractSet[str] | None = None,
) -> Track:
    """``track`` in another language: same cue ids, same times, same places in the picture.

    A cue's confidence is the probability of its unit's tokens; candidates not chosen are its
    alternatives. A line in the target language already, or without letters, is copied with its
    provenance. Every cue names its unit's cues (``sources``) and their digest (``made_from``).

    Args:
        track: The source track.
        target: BCP 47 language.
        translator: The engine.
        profile: House style of the target.
        break_lines: Gives the lines of one cue's text in that style.
        provenance: Of the translated texts; its digests stand for all that shapes them.
        options: What shapes the result.
        previous: An earlier translation: what people settled stays, and what would be as it was.
        preferences: What ranks the candidates beside their score.
        memory: Approved translations of before.
        refiner: Gives the chosen texts another wording.
        wishes: What is asked of a unit's text, for the refiner, one instruction each.
        only: Ids of the cues that are wanted; ``None`` wants all. The others are context.

    Raises:
        PlanError: the model does not know a direction.
        EngineError: an engine failed.
    """
    before = {cue.id: cue for cue in previous.cues} if previous else {}
    reach = max(options.context, refiner.lines if refiner is not None else 0)
    stale = _stale(track, before, provenance, options, reach=reach, only=only)
    units = [unit for unit, _ in stale]
    redone = {name for unit in units for name in unit.cues}
    made = {name: cue for name, cue in before.items() if name not in redone or is_settled(cue)}
    ask = partial(translate_units, preferences=preferences, memory=memory)
    answers = ask(units, translator, target, options)
    if refiner is not None:
        answers = refine_units(units, answers, refiner, target, preferences, wishes=wishes)
    maker = CueMaker(target, profile, break_lines, provenance, refiner)
    for (unit, cues), found in zip(stale, answers, strict=True):
        for cue in maker.cues(unit, cues, found):
            made.setdefault(cue.id, succeed(before.get(cue.id), cue))
    all_made = tuple(made[cue.id] for cue in track.cues if only is None or cue.id in made)
    name = translated_id(track, target)
    return replace(
        track, id=name, language=target, profile=profile.id, source=track.id, cues=all_made
    )


def track_questions(
    track: Track,
    *,
    target: str,
    provenance: Provenance,
    options: TranslationOptions = _DEFAULT,
    previous: Track | None = None,
    memory: Memory | None = None,
    lines: int = 0,
) -> Questions:
    """What :func:`translate_track` with the same arguments will ask the translator first.

    Args:
        track: The source track.
        target: BCP 47 language.
        provenance: Of the translated texts.
        options: What shapes the result.
        previous: An earlier translation.
        memory: Approved translations of before.
        lines: How many sentences before each unit the refiner reads.
    """
    before = {cue.id: cue for cue in previous.cues} if previous else {}
    reach = max(options.context, lines)
    stale = _stale(track, before, provenance, options, reach=reach)
    units = [unit for unit, _ in stale]
    return Questions.of(units, target, memory, context=options.context)


def translated_id(track: Track, target: str) -> str:
    """The id that the translation of a track has: the language, or language and purpose."""
    suffix = "" if track.purpose is Purpose.SUBTITLE else f".{track.purpose.value}"
    return target + suffix


def _stale(
    track: Track,
    before: Mapping[str, Cue],
    provenance: Provenance,
    options: TranslationOptions,
    *,
    reach: int = 0,
    only: AbstractSet[str] | None = None,
) -> list[tuple[Unit, list[Cue]]]:
    """The units that must be made, with their source cues.

    A unit's text may be another where another sentence was said before it, so those in reach of a
    changed one are made as well.
    """
    sources = {cue.id: cue for cue in track.cues}
    units = add_context(build_units(track, options), track, reach)
    sought = [(unit, [sources[name] for name in unit.cues]) for unit in units]
    changed: set[str] = set()
    for unit, cues in sought if reach else ():
        if not all(_made_from(before.get(cue.id)) == source_digest(cues) for cue in cues):
            changed.update(unit.cues)
    return [
        (unit, cues)
        for unit, cues in sought
        if (only is None or not only.isdisjoint(unit.cues))
        and not (changed.isdisjoint(unit.before_cues) and _holds(before, cues, provenance))
    ]


def _made_from(cue: Cue | None) -> str | None:
    return None if cue is None else cue.made_from


def _holds(before: Mapping[str, Cue], unit: Sequence[Cue], provenance: Provenance) -> bool:
    """Whether nothing of a unit has to be made again."""
    earlier = [before.get(cue.id) for cue in unit]
    return all(
        old is not None and (is_settled(old) or is_current(old, cue, unit, provenance))
        for old, cue in zip(earlier, unit, strict=True)
    )

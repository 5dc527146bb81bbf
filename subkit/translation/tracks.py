"""A track -> the same cues in another language."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from subkit.model import Cue, Provenance, Purpose, Track
from subkit.translation.cues import CueMaker
from subkit.translation.options import TranslationOptions
from subkit.translation.questions import Questions
from subkit.translation.refining import refine_units
from subkit.translation.sentences import translate_units
from subkit.translation.staleness import is_current, is_settled, succeed
from subkit.translation.units import build_units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from subkit.interfaces import Refiner, Translator
    from subkit.model import Profile
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
) -> Track:
    """``track`` in another language: same cue ids, same times, same places in the picture.

    A cue's confidence is the probability of its unit's tokens (the exponential of the score); the
    candidates not chosen are its alternatives. A line in the target language already, or without
    letters, is copied with its provenance; memory and refiner have one of their own. Every cue
    names the cues of its unit (``sources``) and their digest (``made_from``).

    Args:
        track: The source track.
        target: BCP 47 language.
        translator: The engine.
        profile: House style of the target.
        break_lines: Gives the lines of one cue's text in that style.
        provenance: Of the translated texts; its digests stand for all that shapes them.
        options: What shapes the result.
        previous: An earlier translation; what people settled comes back byte-identical. A unit
            whose source text, times and provenance are as they were is not translated again.
        preferences: What ranks the candidates beside their score.
        memory: Approved translations of before.
        refiner: Gives the chosen texts another wording (:mod:`subkit.translation.refining`).

    Raises:
        PlanError: the model does not know a direction.
        EngineError: an engine failed.
    """
    before = {cue.id: cue for cue in previous.cues} if previous else {}
    stale = _stale(track, before, provenance, options)
    redone = {name for unit, _ in stale for name in unit.cues}
    made = {name: cue for name, cue in before.items() if name not in redone or is_settled(cue)}
    ask = partial(translate_units, preferences=preferences, memory=memory)
    answers = ask([unit for unit, _ in stale], translator, target, options)
    if refiner is not None:
        units = [unit for unit, _ in stale]
        answers = refine_units(units, answers, refiner, target, preferences)
    maker = CueMaker(target, profile, break_lines, provenance, refiner)
    for (unit, cues), found in zip(stale, answers, strict=True):
        for cue in maker.cues(unit, cues, found):
            made.setdefault(cue.id, succeed(before.get(cue.id), cue))
    return Track(
        id=translated_id(track, target),
        language=target,
        purpose=track.purpose,
        profile=profile.id,
        source=track.id,
        cues=tuple(made[cue.id] for cue in track.cues),
    )


def track_questions(
    track: Track,
    *,
    target: str,
    provenance: Provenance,
    options: TranslationOptions = _DEFAULT,
    previous: Track | None = None,
    memory: Memory | None = None,
) -> Questions:
    """What :func:`translate_track` with the same arguments will ask the translator first."""
    before = {cue.id: cue for cue in previous.cues} if previous else {}
    stale = _stale(track, before, provenance, options)
    return Questions.of([unit for unit, _ in stale], target, memory)


def translated_id(track: Track, target: str) -> str:
    """The id that the translation of a track has: the language, or language and purpose."""
    suffix = "" if track.purpose is Purpose.SUBTITLE else f".{track.purpose.value}"
    return target + suffix


def _stale(
    track: Track, before: Mapping[str, Cue], provenance: Provenance, options: TranslationOptions
) -> list[tuple[Unit, list[Cue]]]:
    """The units that must be made, with their source cues."""
    sources = {cue.id: cue for cue in track.cues}
    sought = [(unit, [sources[name] for name in unit.cues]) for unit in build_units(track, options)]
    return [(unit, cues) for unit, cues in sought if not _holds(before, cues, provenance)]


def _holds(before: Mapping[str, Cue], unit: Sequence[Cue], provenance: Provenance) -> bool:
    """Whether nothing of a unit has to be made again."""
    earlier = [before.get(cue.id) for cue in unit]
    return all(
        old is not None and (is_settled(old) or is_current(old, cue, unit, provenance))
        for old, cue in zip(earlier, unit, strict=True)
    )

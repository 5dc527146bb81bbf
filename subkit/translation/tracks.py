"""A track -> the same cues in another language."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import exp, isnan
from typing import TYPE_CHECKING

from subkit.model import Alternative, Cue, Purpose, Review, ReviewState, Track
from subkit.translation.distribution import distribute
from subkit.translation.options import TranslationOptions
from subkit.translation.sentences import is_copy, translate_units
from subkit.translation.units import build_units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.interfaces import Hypothesis, Translator
    from subkit.model import Profile, Provenance
    from subkit.translation.units import Unit

__all__ = ["translate_track"]

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
) -> Track:
    """``track`` in another language: same cue ids, same times, same places in the picture.

    A cue's confidence is the probability of its unit's tokens (the exponential of the score), so a
    doubtful translation has a low one; the hypotheses not chosen are its alternatives. A line that
    is in the target language already, or has no letters, is copied with its own provenance.

    Args:
        track: The source track.
        target: BCP 47 language.
        translator: The engine.
        profile: House style of the target.
        break_lines: Gives the lines of one cue's text in that style.
        provenance: Where the translated texts come from.
        options: What shapes the result.
        previous: An earlier translation; its cues that are locked or that people edited or
            approved come back byte-identical.

    Raises:
        PlanError: the model does not know a direction.
        EngineError: the engine failed.
    """
    kept = {cue.id: cue for cue in previous.cues if _is_settled(cue)} if previous else {}
    units = [unit for unit in build_units(track, options) if not set(unit.cues) <= set(kept)]
    sources = {cue.id: cue for cue in track.cues}
    made = dict(kept)
    give_back = partial(distribute, profile=profile, language=target, break_lines=break_lines)
    for unit, found in zip(units, translate_units(units, translator, target, options), strict=True):
        cues = [sources[cue_id] for cue_id in unit.cues]
        if is_copy(unit, target):
            fresh = [_copied(cue) for cue in cues]
        else:
            texts = [_texts(unit, hypothesis, cues, give_back) for hypothesis in found]
            fresh = _translated(cues, texts, found, provenance)
        for cue in fresh:
            made.setdefault(cue.id, cue)
    suffix = "" if track.purpose is Purpose.SUBTITLE else f".{track.purpose.value}"
    return Track(
        id=target + suffix,
        language=target,
        purpose=track.purpose,
        profile=profile.id,
        source=track.id,
        cues=tuple(made[cue.id] for cue in track.cues),
    )


def _is_settled(cue: Cue) -> bool:
    return cue.locked or cue.review.state is not ReviewState.UNREVIEWED


def _copied(cue: Cue) -> Cue:
    return replace(cue, language=None, sources=(cue.id,), review=Review(), locked=False)


def _texts(
    unit: Unit,
    hypothesis: Hypothesis,
    cues: Sequence[Cue],
    give_back: Callable[[str, Sequence[Cue]], tuple[tuple[str, ...], ...]],
) -> tuple[tuple[str, ...], ...]:
    """The lines of each cue under one hypothesis; a turn of dialogue is a line of its own."""
    if len(unit.turns) > 1 or unit.turns[0].mark:
        return (tuple(hypothesis.text.split("\n")),)
    return give_back(hypothesis.text, cues)


def _translated(
    cues: Sequence[Cue],
    texts: list[tuple[tuple[str, ...], ...]],
    found: list[Hypothesis],
    provenance: Provenance,
) -> list[Cue]:
    return [
        replace(
            cue,
            lines=texts[0][place],
            language=None,
            sources=(cue.id,),
            confidence=_confidence(found[0].score),
            alternatives=_alternatives([text[place] for text in texts], found, provenance),
            provenance=provenance,
            review=Review(),
            locked=False,
        )
        for place, cue in enumerate(cues)
    ]


def _alternatives(
    texts: list[tuple[str, ...]], found: list[Hypothesis], provenance: Provenance
) -> tuple[Alternative, ...]:
    """What the cue could say instead: its part of the other hypotheses, each text once."""
    others: dict[str, Alternative] = {}
    for lines, hypothesis in zip(texts[1:], found[1:], strict=True):
        text = "\n".join(lines)
        if text and lines != texts[0]:
            alternative = Alternative(text=text, score=hypothesis.score, provenance=provenance)
            others.setdefault(text, alternative)
    return tuple(others.values())


def _confidence(score: float) -> float | None:
    return None if isnan(score) else min(1.0, exp(min(0.0, score)))

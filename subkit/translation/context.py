"""The sentences before a sentence, as context for translators and refiners."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.language import DASHES, is_sentence_end, join_words, sentences
from subkit.terminology import scenes
from subkit.translation.sentence_cores import Sentence, cores

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.model import Track
    from subkit.translation.units import Unit

__all__ = ["add_context", "cut_back", "in_context"]

_NEXT = "A"
"""How the sentence after one begins: with a capital."""


def add_context(units: Sequence[Unit], track: Track, most: int) -> tuple[Unit, ...]:
    """Add up to ``most`` preceding sentences to each unit.

    They are of the same scene (no pause of 8 s), the same language and the same place in the
    picture, and nothing that broke off, or goes on in what follows, lies between. Who said them
    does not matter: an answer is understood by its question.

    Args:
        units: All units of the track, in order.
        track: Their track.
        most: Sentences; 0 gives the units as they are.
    """
    if most < 1:
        return tuple(units)
    scene = {cue.id: n for n, run in enumerate(scenes(track.cues)) for cue in run}
    place = {cue.id: cue.placement.vertical for cue in track.cues}
    found: list[Unit] = []
    said: list[tuple[str, tuple[str, ...]]] = []
    known: tuple[object, ...] = ()
    for unit in units:
        first = unit.cues[0]
        if (here := (scene[first], place[first], unit.language)) != known:
            said, known = [], here
        cues = dict.fromkeys(cue for _, several in said for cue in several)
        before = tuple(text for text, _ in said)
        found.append(replace(unit, before=before, before_cues=tuple(cues)))
        for text in _said_on(unit):
            said = [*said, (text, unit.cues)][-most:] if text else []
    return tuple(found)


def in_context(unit: Unit, most: int) -> Iterator[Sentence]:
    """The sentences of a unit with letters, each with up to ``most`` of those before it.

    A sentence that could not be told apart again from those before it is given alone.
    """
    if most < 1:
        yield from map(Sentence, cores(unit))
        return
    said = list(unit.before)
    for core, text in zip(cores(unit), _said_on(unit), strict=True):
        before = tuple(said[-most:])
        whole = (*before, core)
        apart = sentences(join_words(whole, unit.language), unit.language) == whole
        yield Sentence(text=core, before=before if apart else ())
        said = [*said, text] if text else []


def cut_back(text: str, sentence: Sentence, language: str) -> str | None:
    """The translation of the last sentence alone; ``None`` where the sentences are not as many."""
    parts = sentences(text, language)
    return parts[-1] if len(parts) == len(sentence.before) + 1 else None


def _said_on(unit: Unit) -> Iterator[str]:
    """Each sentence with letters as it may stand before another; empty if it broke off."""
    for text in cores(unit):
        last = text.split()[-1]
        ended = is_sentence_end(last, unit.language, following=_NEXT)
        whole = ended and last[-1] not in DASHES
        yield text if whole else ""

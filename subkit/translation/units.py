"""Cues -> units of translation: whole sentences, whole cues."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.language import DASHES, is_sentence_end, join_words, sentences
from subkit.translation.dressing import Dressing, find_mark, is_dialogue, is_picture, undress
from subkit.translation.translation_options import TranslationOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.model import Cue, Track

__all__ = ["MAX_PAUSE", "Turn", "Unit", "build_units"]

MAX_PAUSE = Fraction(2)
"""Seconds of silence over which no sentence goes on."""

_DEFAULT = TranslationOptions()
_BRACKETS = {("[", "]"), ("(", ")"), ("（", "）"), ("［", "］")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one speaker says in a unit.

    Attributes:
        mark: The dash or label that opens it and the space after, as in the source; empty without.
        sentences: Its sentences, each on one line.
    """

    mark: str = ""
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Cues that are translated together.

    A unit begins and ends with a cue, so a cue that ends one sentence and begins another ties both
    to the same unit; within it every sentence is translated for itself.

    Attributes:
        cues: Ids of its cues, in order; every cue of a track is in exactly one unit.
        turns: What is said; more than one only in a single cue with dialogue dashes, none in a cue
            without text.
        language: BCP 47 language of its text.
        seconds: How long its cues are on screen together.
        speaker: Id of the one speaker of its cues, where known.
        before: What was said before it in the scene, sentence by sentence, where that is asked for
            (:func:`subkit.translation.context.add_context`).
        before_cues: Ids of the cues that it was said in.
    """

    cues: tuple[str, ...]
    turns: tuple[Turn, ...]
    language: str
    seconds: Fraction = Fraction(0)
    speaker: str | None = None
    before: tuple[str, ...] = ()
    before_cues: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole text, one line a turn."""
        return "\n".join(
            turn.mark + join_words(turn.sentences, self.language) for turn in self.turns
        )


def build_units(track: Track, options: TranslationOptions = _DEFAULT) -> tuple[Unit, ...]:
    """The units of a track, in order.

    Sentences are joined across cues up to the end that :func:`subkit.language.is_sentence_end`
    finds. Never joined: two speakers, two languages, two places in the picture, cues on screen
    together, cues more than :data:`MAX_PAUSE` apart, a line broken off with a dash and what
    follows, a cue with dialogue dashes and any other, a cue and one that opens with a speaker's
    label, a song and what is not sung, a cue wholly in brackets (a sound) and any other. Where no
    sentence ends within the options' limits, the longest pause ends the unit.

    Tags and labels are no part of a unit's text (:mod:`subkit.translation.dressing`).
    """
    units: list[Unit] = []
    run: list[Cue] = []
    bare = [undress(cue) for cue in track.cues]
    for place, (cue, dressing) in enumerate(bare):
        following, dressed = bare[place + 1] if place + 1 < len(bare) else (None, dressing)
        run.append(cue)
        parted = dressed.label or _song_ends(dressing, dressed)
        if following is None or parted or not _goes_on(cue, following, track.language):
            units.append(_unit(run, track.language))
            run = []
        elif _is_full(run, following, options):
            cut = _longest_pause([*run, following])
            units.append(_unit(run[:cut], track.language))
            run = run[cut:]
    return tuple(units)


def _goes_on(cue: Cue, following: Cue, language: str) -> bool:
    """Whether the last sentence of ``cue`` may go on in ``following``."""
    spoken = cue.language or language
    if spoken != (following.language or language):
        return False
    if cue.speaker and following.speaker and cue.speaker != following.speaker:
        return False
    pause = following.span.start - cue.span.end
    apart = cue.placement.vertical != following.placement.vertical
    if apart or not 0 <= pause <= MAX_PAUSE:
        return False
    if any(is_dialogue(one.lines) or _is_sound(one) for one in (cue, following)):
        return False
    return _is_unfinished(_words(cue), _words(following), spoken)


def _song_ends(dressing: Dressing, following: Dressing) -> bool:
    """Whether music notes close a song after a cue, or open one before the next."""
    before, after = dressing.notes, following.notes
    return (1 in before and not after) or (0 in after and not before)


def _is_sound(cue: Cue) -> bool:
    """Whether all of a cue stands in one pair of brackets: ``[door slams]``."""
    text = cue.text.strip()
    return (text[:1], text[-1:]) in _BRACKETS


def _words(cue: Cue) -> list[str]:
    """The words of a cue; emoji and notes that stand alone are none."""
    return [word for word in cue.text.split() if not all(map(is_picture, word))]


def _is_unfinished(words: list[str], following: list[str], language: str) -> bool:
    """Whether words break off without the end of a sentence, and not with a dash."""
    if not words or not following or words[-1][-1] in DASHES:
        return False
    return not is_sentence_end(words[-1], language, following=following[0])


def _is_full(run: list[Cue], following: Cue, options: TranslationOptions) -> bool:
    characters = sum(len(cue.text) for cue in (*run, following))
    return len(run) >= options.max_cues_per_unit or characters > options.max_characters_per_unit


def _longest_pause(run: list[Cue]) -> int:
    """How many cues come before the longest pause in ``run``, the last of equals."""
    pauses = [b.span.start - a.span.end for a, b in pairwise(run)]
    return max(range(len(pauses)), key=lambda place: (pauses[place], place)) + 1


def _unit(run: list[Cue], language: str) -> Unit:
    spoken = run[0].language or language
    if len(run) == 1 and is_dialogue(run[0].lines):
        turns = tuple(_turns(run[0], spoken))
    else:
        text = join_words((line for cue in run for line in cue.lines), spoken)
        turns = (Turn(sentences=sentences(text, spoken)),) if text else ()
    speakers = {cue.speaker for cue in run if cue.speaker}
    return Unit(
        cues=tuple(cue.id for cue in run),
        turns=turns,
        language=spoken,
        seconds=sum((cue.span.duration for cue in run), Fraction(0)),
        speaker=speakers.pop() if len(speakers) == 1 else None,
    )


def _turns(cue: Cue, language: str) -> Iterator[Turn]:
    """Each line with a dash and the lines after it that have none."""
    groups: list[tuple[str, list[str]]] = []
    for line in cue.lines:
        mark = find_mark(line)
        if mark or not groups:
            groups.append((mark, []))
        groups[-1][1].append(line.lstrip()[len(mark) :])
    for mark, lines in groups:
        if found := sentences(join_words(lines, language), language):
            yield Turn(mark=mark, sentences=found)

"""A transcript -> the lines of the original, as a dubbing track with characters."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.dubbing import (
    TextClock,
    build_utterances,
    cast_speakers,
    closure_offsets,
    kind_of_text,
    script_lines,
    sounds_without_words,
)
from subkit.errors import InputError
from subkit.model import (
    Anchor,
    AnchorKind,
    Character,
    Cue,
    DubLine,
    Project,
    Purpose,
    Track,
)
from subkit.model.anchor_moves import sorted_anchors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.dubbing import ScriptLine, Sound, Utterance
    from subkit.model import FrameRate

__all__ = ["dub_track_id", "original_lines"]

_SUGGESTED = 0.5
"""How sure a sign of the mouth is that letters alone suggest."""

_SOUND_TEXT = "(…)"
"""Stands for a sound without words, until somebody writes what it is."""


def dub_track_id(language: str) -> str:
    """Return the id of the dubbing track in a language."""
    return f"{language}.{Purpose.DUBBING.value}"


def original_lines(project: Project, script: Sequence[ScriptLine] = ()) -> Project:
    """Return the project with the lines of the original as a dubbing track, and its characters.

    Args:
        project: With a transcript.
        script: The screenplay, which names characters; empty without one.

    Raises:
        InputError: there is no transcript, or nothing in it.
    """
    transcript = project.transcript
    words = transcript.attributed_words() if transcript is not None else ()
    if transcript is None or not words:
        raise InputError(
            f"Project {project.title!r} has no words to make lines of.",
            remedy="Run subkit transcribe first.",
        )
    spoken = build_utterances(words, transcript.language)
    characters, cast = cast_speakers(transcript, spoken, existing=project.characters, script=script)
    named = dict(enumerate(script_lines(spoken, script)))
    characters = _with_named(characters, [one for one in named.values() if one is not None])
    ids = {one.name: one.id for one in characters}
    grid = project.media.frame_grid
    cues: list[Cue] = []
    for number, line in enumerate(spoken):
        who = cast.get(line.speaker)
        if line.speaker is None and (given := named.get(number)) is not None:
            who = ids[given[0]]
        cues.append(_cue(line, who, transcript.language, grid))
    cues += [_sound_cue(s, cast, grid) for s in sounds_without_words(transcript, spoken)]
    ordered = sorted(cues, key=lambda cue: (cue.span.start, cue.span.end))
    numbered = tuple(replace(cue, id=f"d{n:04d}") for n, cue in enumerate(ordered, 1))
    used = {cue.dub.character for cue in numbered if cue.dub is not None}
    track = Track(
        id=dub_track_id(transcript.language),
        language=transcript.language,
        purpose=Purpose.DUBBING,
        cues=tuple(replace(cue, provenance=transcript.provenance) for cue in numbered),
    )
    kept = tuple(one for one in characters if one.id in used or one in project.characters)
    return replace(project.with_track(track), characters=kept)


def _with_named(
    characters: Sequence[Character], named: Sequence[tuple[str, float]]
) -> tuple[Character, ...]:
    """Characters with those that only single lines of a screenplay name."""
    found = {one.name: one for one in characters}
    for name, _ in named:
        if name not in found:
            sure = [confidence for other, confidence in named if other == name]
            found[name] = Character(
                id=name.casefold().replace(" ", "-"),
                name=name,
                prefix=name[:3].upper(),
                origin="script",
                confidence=round(sum(sure) / len(sure), 3),
            )
    return tuple(found.values())


def _cue(line: Utterance, who: str | None, language: str, grid: FrameRate) -> Cue:
    words = [anchor for anchor in line.anchors if anchor.kind is AnchorKind.WORD]
    clock = TextClock(line.text, words)
    closes = [
        Anchor(
            kind=AnchorKind.MPB, offset=offset, time=Fraction(time).limit_denominator(1000),
            confidence=_SUGGESTED,
        )
        for offset in closure_offsets(line.text, line.language or language)
        if (time := clock.time(offset)) is not None
    ]  # fmt: skip
    return Cue(
        id="",
        span=grid.whole_frames(line.span),
        lines=(line.text,),
        speaker=line.speaker,
        language=line.language,
        confidence=line.confidence,
        dub=DubLine(
            character=who,
            kind=kind_of_text(line.text),
            anchors=sorted_anchors((*line.anchors, *closes)),
        ),
    )


def _sound_cue(sound: Sound, cast: Mapping[str | None, str], grid: FrameRate) -> Cue:
    return Cue(
        id="",
        span=grid.whole_frames(sound.span),
        lines=(_SOUND_TEXT,),
        speaker=sound.speaker,
        confidence=sound.confidence,
        dub=DubLine(
            character=cast.get(sound.speaker),
            kind=sound.kind,
            note="Voice without words: listen.",
        ),
    )

"""Aligned text -> a track: cues moved to their words, or words spotted into new cues."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from subkit.compliance.provenance import import_provenance
from subkit.edit import without_approvals
from subkit.model import Span, SpeakerTurn, Track, Word
from subkit.pipeline.stage_cache import stage_key
from subkit.quality.fixes import fix_project
from subkit.speakers import with_turns
from subkit.spotting import spot
from subkit.styles import load_profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.alignment import AlignedText, PlacedWord
    from subkit.model import Cue, Project
    from subkit.pipeline.given_texts import KnownText
    from subkit.pipeline.run_options import RunOptions

__all__ = ["moved_cues", "spoken_words", "spotted_track", "with_script_speakers"]

VERSION = 1
SCRIPT = "script"

_MOST_FOUND = Fraction(1, 2)
"""Share of a line that must be found for the rest of it to be shown too."""

_LETTER = Fraction(1, 15)
"""Seconds of a letter, where a word has no time of its own."""

_TURN = Fraction(1)
"""Seconds of pause within which two words of a character are one turn."""


def spoken_words(found: AlignedText, text: KnownText, language: str) -> tuple[Word, ...]:
    """Return what is said of a text, with the names of its characters, in order of time.

    Of a line that was found by half the other words are shown too: they lie between those found,
    with confidence 0. Of any other line only what was found is.
    """
    words: list[Word] = []
    for line, group in groupby(found.words, key=lambda word: word.line):
        mine = list(group)
        speaker = text.lines[line].speaker or None
        placed = [word for word in mine if word.span is not None]
        if len(placed) < _MOST_FOUND * len(mine):
            mine = placed
        for word, span in zip(mine, _filled(mine), strict=True):
            words.append(
                Word(
                    text=word.text,
                    span=span,
                    confidence=word.confidence,
                    speaker=speaker,
                    language=language,
                )
            )
    return tuple(sorted(words, key=lambda word: (word.span.start, word.span.end)))


def _filled(words: Sequence[PlacedWord]) -> Iterator[Span]:
    """The span of each word; one that was not found lies between those beside it."""
    spans = [word.span for word in words]
    for at, span in enumerate(spans):
        if span is not None:
            yield span
            continue
        low = next((n for n in range(at - 1, -1, -1) if spans[n] is not None), None)
        high = next((n for n in range(at + 1, len(spans)) if spans[n] is not None), None)
        before = None if low is None else spans[low]
        after = None if high is None else spans[high]
        first = 0 if low is None else low + 1
        last = len(words) if high is None else high
        letters = [max(1, len(word.text)) for word in words[first:last]]
        done, total = sum(letters[: at - first]), sum(letters)
        if before and after:
            room = max(after.start - before.end, Fraction(0))
            start, step = before.end, room / total
        elif after:
            step = _LETTER
            start = max(after.start - total * step, Fraction(0))
        else:
            assert before is not None
            start, step = before.end, _LETTER
        begin = _milliseconds(start + done * step)
        yield Span(begin, max(begin, _milliseconds(start + (done + letters[at - first]) * step)))


def _milliseconds(time: Fraction) -> Fraction:
    return Fraction(round(time * 1000), 1000)


def spotted_track(
    project: Project, words: Sequence[Word], language: str, ident: str, options: RunOptions
) -> Track:
    """Return the words of a script as cues of a new track, held to shots and house style.

    Args:
        project: Whose film it is.
        words: In order of time.
        language: BCP 47.
        ident: Id of the track.
        options: Style and spotting.

    Raises:
        PlanError: no such profile.
    """
    profile = options.style.load(language)
    media = project.media
    cues = spot(
        words,
        profile=profile,
        rate=media.frame_grid,
        language=language,
        end=media.duration,
        shots=project.shots,
        voice=project.transcript.voice if project.transcript else (),
        options=options.spotting,
    )
    made = import_provenance(stage_key("align", VERSION, media.digest, language, tuple(words)))
    track = Track(
        id=ident,
        language=language,
        profile=profile.id,
        cues=tuple(replace(cue, provenance=made) for cue in cues),
    )
    fixed, _ = fix_project(project.with_track(track), options.style, tracks=[ident])
    return fixed.track(ident)


def moved_cues(
    found: AlignedText, text: KnownText, project: Project
) -> tuple[Track, tuple[str, ...]]:
    """Return a track whose cues begin and end with their words, and the ids of those not found.

    A cue stays for as long as it did, as far as the next one leaves room and at most for the linger
    of its style beyond its last word. Cues that are locked, and those that were not found, keep
    their times; the approvals of the others fall.

    Args:
        found: The words; a line is a cue.
        text: Has the track.
        project: Whose film it is; its frames are the grid.
    """
    track = text.track
    assert track is not None
    spans: dict[str, list[Span]] = {}
    for word in found.words:
        if word.span is not None:
            spans.setdefault(text.lines[word.line].cue, []).append(word.span)
    profile = load_profile("subkit", track.language)
    rate = project.media.frame_grid
    starts = sorted(min(span.start for span in mine) for mine in spans.values())
    missing: list[str] = []
    cues: list[Cue] = []
    for cue in track.cues:
        mine = spans.get(cue.id)
        if mine is None or cue.locked:
            if mine is None and cue.text.strip():
                missing.append(cue.id)
            cues.append(cue)
            continue
        start, end = min(span.start for span in mine), max(span.end for span in mine)
        later = next((one for one in starts if one > start), None)
        out = max(end, min(start + cue.span.duration, end + profile.linger))
        out = max(out, start + profile.min_duration)
        if later is not None:
            out = max(min(out, later - profile.min_gap_frames / rate.rate), min(end, later))
        first = rate.frame(start)
        span = Span(rate.time(first), rate.time(max(rate.frame(out), first + 1)))
        if span != cue.span:
            cue = replace(cue, span=span, review=without_approvals(cue.review))  # noqa: PLW2901
        cues.append(cue)
    cues.sort(key=lambda cue: (cue.span.start, cue.span.end))
    return replace(track, cues=tuple(cues)), tuple(missing)


def with_script_speakers(project: Project, words: Sequence[Word]) -> Project:
    """Return the project in which the transcript's words have the characters of a script.

    Args:
        project: Has a transcript.
        words: Of the script, in order of time.
    """
    transcript = project.transcript
    turns = list(_turns(words))
    if transcript is None or not turns:
        return project
    return replace(project, transcript=with_turns(transcript, turns))


def _turns(words: Sequence[Word]) -> Iterator[SpeakerTurn]:
    run: list[Word] = []
    for word in [*words, None]:
        same = word is not None and run and word.speaker == run[-1].speaker
        if word is not None and same and word.span.start - run[-1].span.end <= _TURN:
            run.append(word)
            continue
        if run and run[0].speaker:
            sure = sum(one.confidence or 0.0 for one in run) / len(run)
            yield SpeakerTurn(
                span=Span(run[0].span.start, max(one.span.end for one in run)),
                speaker=run[0].speaker,
                method=SCRIPT,
                confidence=round(sure, 3),
            )
        run = [] if word is None else [word]

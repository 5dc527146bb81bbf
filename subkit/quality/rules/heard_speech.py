"""Rules on a track and its transcript: speech without cues, cues without speech, speakers.

They run on tracks made from the transcript itself: a translation is held against its source. Times
of recognised words are right to about a fifth of a second, which every rule allows for.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from subkit.language import is_dashed
from subkit.model import SOUND_ONLY_RATE, Purpose, Quantity, Span
from subkit.quality.rule import WARNING, Breach, TrackRule, over
from subkit.quality.rules.sdh import is_sound
from subkit.quality.rules.shot_changes import cuts_for
from subkit.signals import RECOGNITION
from subkit.timing.heard import spoken
from subkit.timing.measures import above, grid, slack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue, Window, Word
    from subkit.timing.cuts import Cuts

__all__ = ["RULES"]

_UNSURE = Fraction(1, 5)
"""Seconds by which a recognised word may be off."""

_VOICE = Fraction(1)
"""Seconds of voice without a cue from which somebody said something."""


def _is_first(subject: Subject) -> bool:
    whole = subject.track.purpose not in (Purpose.FORCED, Purpose.DUBBING)
    return subject.source is None and subject.transcript is not None and whole


def _speech_without_cue(subject: Subject) -> Iterator[Breach]:
    """A second or more of voice during which no cue is on screen."""
    if not _is_first(subject) or subject.transcript is None:
        return
    for start, end in _uncovered(subject.transcript.voice, subject.track.cues):
        if end - start >= _VOICE:
            words = _between(subject.transcript.words, start, end)
            said = f": {' '.join(w.text.strip() for w in words)[:60]!r}" if words else ""
            yield Breach(
                cue=None,
                span=Span(start, end),
                measured=over(end - start, "s"),
                limit=over(_VOICE, "s"),
                fault=f"A voice is heard for {above(end - start)} s without a cue{said}",
            )


def _between(words: tuple[Word, ...], start: Fraction, end: Fraction) -> tuple[Word, ...]:
    return tuple(w for w in words if start <= (w.span.start + w.span.end) / 2 < end)


def _uncovered(voice: Iterable[Span], cues: Iterable[Cue]) -> Iterator[tuple[Fraction, Fraction]]:
    """Return the stretches of voice during which no cue is shown."""
    spans = sorted((cue.span for cue in cues), key=lambda span: span.start)
    place = 0
    for stretch in voice:
        at = stretch.start
        while place and spans[place - 1].end > at:
            place -= 1
        while place < len(spans) and spans[place].start < stretch.end:
            if spans[place].end > at:
                if spans[place].start > at:
                    yield at, spans[place].start
                at = max(at, spans[place].end)
            place += 1
        if at < stretch.end:
            yield at, stretch.end


def _cue_without_speech(subject: Subject) -> Iterator[Breach]:
    """A cue during which no voice was detected: invented text, or a time that slipped.

    Cues of sounds and music, and those at the top (signs, titles), have none.
    """
    transcript = subject.transcript
    if not _is_first(subject) or transcript is None or not transcript.voice:
        return
    voice = sorted(transcript.voice, key=lambda span: span.start)
    ends = [span.end for span in voice]
    for cue in subject.track.cues:
        if is_sound(cue) or cue.placement.vertical == "top" or not cue.text.strip():
            continue
        place = bisect_left(ends, cue.span.start - _UNSURE)
        if place == len(voice) or voice[place].start >= cue.span.end + _UNSURE:
            yield Breach(cue=cue, fault="is on screen while no voice is heard")


def _early(subject: Subject) -> Iterator[Breach]:
    """A cue that appears before its speech by more than the style allows: it gives things away.

    One that appears with a shot may do so as long before as the style moves in-times to it.
    """
    most, cuts, rate = subject.profile.anticipation, cuts_for(subject), grid(subject.media)
    if most is None or not _is_first(subject):
        return
    for cue, words in spoken(subject):
        early = words[0].span.start - cue.span.start if words else Fraction(0)
        allowed = most
        if early > most and cuts and rate and subject.profile.shots:
            frame = rate.frame(cue.span.start)
            on_cut = cuts.after(frame) == frame
            allowed = max(most, subject.profile.shots.in_after) if on_cut else most
        if early > allowed + _UNSURE:
            yield Breach(
                cue=cue,
                measured=over(early, "s", 2),
                limit=over(allowed, "s", 2),
                fault=f"appears {above(early, 2)} s before its speech",
            )


def _late(subject: Subject) -> Iterator[Breach]:
    """A cue that appears after its speech has begun."""
    for cue, words in spoken(subject) if _is_first(subject) else ():
        late = cue.span.start - words[0].span.start if words else Fraction(0)
        if late > _UNSURE:
            yield Breach(
                cue=cue,
                measured=over(late, "s", 2),
                limit=over(_UNSURE, "s"),
                fault=f"appears {above(late, 2)} s after its speech has begun",
            )


def _lingering(subject: Subject) -> Iterator[Breach]:
    """A cue that stays after its speech for longer than the style allows and reading needs.

    One that goes with a shot, or makes room for the next cue, may stay as much longer as the style
    moves out-times there.
    """
    profile = subject.profile
    heard = list(spoken(subject)) if _is_first(subject) else []
    follows = [cue for cue, _ in heard[1:]]
    cuts = cuts_for(subject)
    for (cue, words), after in zip_longest(heard, follows):
        if not words:
            continue
        end = max(word.span.end for word in words)
        needed = max(profile.min_duration, Fraction(len(cue.text)) / profile.max_cps)
        latest = max(end + profile.linger, cue.span.start + needed) + _UNSURE
        if cue.span.end > latest and cue.span.end > latest + _drawn(cue, after, subject, cuts):
            stays = over(cue.span.end - end, "s", 2)
            yield Breach(
                cue=cue,
                measured=stays,
                limit=over(profile.linger, "s", 2),
                fault=f"stays {stays} after its speech",
                span=Span(min(end, cue.span.end), cue.span.end),
            )


def _drawn(cue: Cue, after: Cue | None, subject: Subject, cuts: Cuts | None) -> Fraction:
    """Return how many seconds a shot change or the next cue may have moved an out-time."""
    profile, rate = subject.profile, grid(subject.media)
    drawn = Fraction(0)
    frame = (rate or SOUND_ONLY_RATE).rate
    least = max(profile.min_gap_frames, 2) / frame + slack(subject.media)
    if after is not None and 0 <= after.span.start - cue.span.end <= least:
        drawn = profile.chain
    if cuts and rate and profile.shots:
        out = rate.frame(cue.span.end)
        cut = cuts.after(out)
        if cut is not None and cut - out <= max(cuts.gap, 2):
            drawn = max(drawn, profile.shots.out_before)
    return drawn


def _cut_off(subject: Subject) -> Iterator[Breach]:
    """A cue that ends while its last word is still being spoken."""
    for cue, words in spoken(subject) if _is_first(subject) else ():
        short = words[-1].span.end - cue.span.end if words else Fraction(0)
        if short > _UNSURE:
            yield Breach(
                cue=cue,
                measured=over(short, "s", 2),
                limit=over(_UNSURE, "s"),
                fault=f"is gone {above(short, 2)} s before its speech ends",
            )


def _turns(words: Iterable[Word]) -> list[str]:
    """Return who speaks in turn; one word between two of another speaker is a wrong label."""
    runs = [(who, len(list(run))) for who, run in groupby(words, key=lambda w: w.speaker) if who]
    return [who for who, _ in groupby(who for who, count in runs if count > 1 or len(runs) == 2)]


def _speaker_change(subject: Subject) -> Iterator[Breach]:
    """Two speakers in one cue without the dashes that tell them apart."""
    for cue, words in spoken(subject) if _is_first(subject) else ():
        turns = _turns(words)
        if len(turns) > 1 and not any(map(is_dashed, cue.lines)):
            named = _speaker_names(subject)
            names = " and ".join(named.get(who, who) for who in dict.fromkeys(turns))
            yield Breach(cue=cue, measured=names, fault=f"has the speech of {names} without a dash")


def _needless_dash(subject: Subject) -> Iterator[Breach]:
    """Dashes of two speakers where only one was recognised."""
    for cue, words in spoken(subject) if _is_first(subject) else ():
        speakers = {word.speaker for word in words}
        if sum(map(is_dashed, cue.lines)) > 1 and len(speakers) == 1 and None not in speakers:
            who = str(speakers.pop())
            who = _speaker_names(subject).get(who, who)
            yield Breach(cue=cue, measured=who, fault=f"has dashes, but only {who} speaks")


def _speaker_names(subject: Subject) -> dict[str, str]:
    speakers = subject.transcript.speakers if subject.transcript else ()
    return {one.id: one.name for one in speakers}


def _doubt(reason: str, told: str) -> Callable[[Subject], Iterator[Breach]]:
    """Make a rule for one doubt of the recogniser; each cue is found once, at its worst."""

    def find(subject: Subject) -> Iterator[Breach]:
        transcript = subject.transcript
        windows = transcript.windows if transcript is not None and subject.source is None else ()
        doubted = [window for window in windows if reason in window.warnings]
        for cue in subject.track.cues if doubted else ():
            here = [window for window in doubted if window.overlaps(cue.span)]
            if here:
                worst = min(here, key=_score)
                yield Breach(
                    cue=cue,
                    measured=Quantity.of(worst.score, "log-probability", f"{worst.score:.2f}"),
                    fault=f"should be listened to: {told}",
                )

    find.__doc__ = f"A cue to listen to: {told}."
    return find


def _score(window: Window) -> float:
    return window.score


RULES = (
    TrackRule("speech-without-cue", WARNING, _speech_without_cue),
    TrackRule("cue-without-speech", WARNING, _cue_without_speech),
    TrackRule("early", WARNING, _early, ("anticipation",)),
    TrackRule("late", WARNING, _late),
    TrackRule("lingering", WARNING, _lingering, ("linger",)),
    TrackRule("cut-off", WARNING, _cut_off),
    TrackRule("speaker-change", WARNING, _speaker_change),
    TrackRule("needless-dash", WARNING, _needless_dash),
    *(
        TrackRule(signal.key, signal.severity, _doubt(word, signal.sentence))
        for word, signal in RECOGNITION.items()
        if signal.severity is not None
    ),
)

"""Signs that a cue differs from what was recognised."""

from __future__ import annotations

from difflib import SequenceMatcher
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.language import join_words, resolve_language
from subkit.language.punctuation import tokens
from subkit.quality.accounting import LEAST, REACH, account
from subkit.risk.evidence import Reason
from subkit.signals import RECOGNITION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from difflib import Match

    from subkit.model import Cue, Word
    from subkit.risk.evidence import Evidence

__all__ = ["SIGNS"]

_NEAR, _AROUND = Fraction(1), Fraction(6)
"""Seconds to either side in which a cue's own words are looked for: first, and then."""

_UNSURE_WORD = 0.5
"""Of Whisper's words under this, more than half are wrong (benchmarks/results)."""

_FAR = Fraction(1, 2)
"""Seconds: in-times may lead or trail their words by this much."""


def voice_without_text(evidence: Evidence) -> Iterator[Reason]:
    """A voice, and no cue nor any reason for it."""
    if evidence.source is not None:
        return
    for stretch in account(evidence.project).stretches:
        cue = evidence.cue_before(stretch.span.start)
        if stretch.state != "open" or cue is None:
            continue
        length = float(stretch.span.duration)
        yield Reason(
            cue=cue.id,
            kind="speech-without-cue",
            strength=min(1.0, 0.4 + length / 3),
            message=f"A voice is heard from {evidence.timecode(stretch.span.start)} for"
            f" {length:.1f} s and no cue shows it.",
        )


def words_without_text(evidence: Evidence) -> Iterator[Reason]:
    """Find recognised words that no cue contains."""
    lost: dict[str, list[Word]] = {}
    cues, place = evidence.cues, 0
    for word in evidence.words:
        while place < len(cues) and cues[place].span.end + REACH < word.span.start:
            place += 1
        near = cues[place : place + 3]
        covered = any(
            cue.span.start - REACH < word.span.end and word.span.start < cue.span.end + REACH
            for cue in near
        )
        owner = None if covered else evidence.cue_before(word.span.start)
        if owner is not None:
            lost.setdefault(owner.id, []).append(word)
    for cue, words in lost.items():
        text = join_words([word.text for word in words][:12], evidence.track.language)
        yield Reason(
            cue=cue,
            kind="words-without-cue",
            strength=min(1.0, 0.4 + len(words) / 4),
            message=f"“{text}” was heard at {evidence.timecode(words[0].span.start)} and no cue"
            " shows it.",
        )


def text_without_voice(evidence: Evidence) -> Iterator[Reason]:
    """Find cues during which nobody speaks."""
    if not evidence.voice or evidence.source is not None:
        return
    place = 0
    for cue in evidence.cues:
        while place < len(evidence.voice) and evidence.voice[place].end < cue.span.start - REACH:
            place += 1
        spoken = Fraction(0)
        for span in evidence.voice[place:]:
            if span.start > cue.span.end:
                break
            shared = min(span.end, cue.span.end) - max(span.start, cue.span.start)
            spoken += max(shared, Fraction(0))
        if cue.span.duration > LEAST and spoken < cue.span.duration / 5:
            yield Reason(
                cue=cue.id,
                kind="cue-without-speech",
                strength=1.0 if not spoken else 0.7,
                message=f"Hardly any voice is heard while it is shown ({float(spoken):.1f} of"
                f" {float(cue.span.duration):.1f} s).",
            )


def against_words(evidence: Evidence) -> Iterator[Reason]:
    """Find cues whose text was not recognised, or was recognised at another time."""
    if not evidence.words or not resolve_language(evidence.track.language).spaces:
        return
    for cue in evidence.cues:
        shown = tokens(cue.text)
        if not shown:
            continue
        for reach in (_NEAR, _AROUND):  # the same words may be said again a little later
            around = evidence.heard(cue.span.start - reach, cue.span.end + reach)
            heard = [token for word in around for token in tokens(word.text)[:1] or [""]]
            matcher = SequenceMatcher(None, shown, heard, autojunk=False)
            blocks = [block for block in matcher.get_matching_blocks() if block.size]
            matched = sum(block.size for block in blocks)
            if matched >= len(shown) * 0.7:
                break
        missing = len(shown) - matched
        # A word more or less is a choice of the editor's; a name that is another is not.
        if missing and (missing / len(shown) > 0.25 or _has_name(cue, shown, blocks)):
            found = join_words([word.text for word in _inside(evidence, cue)][:12], "en")
            yield Reason(
                cue=cue.id,
                kind="not-as-heard",
                strength=min(1.0, 0.6 + missing / len(shown)),
                message=f"What was heard is another text: “{found}”."
                if found
                else "Its words were not heard anywhere near.",
            )
        if blocks and matched >= len(shown) / 2:
            yield from _far(
                evidence, cue, around[blocks[0].b], around[blocks[-1].b + blocks[-1].size - 1]
            )


def _has_name(cue: Cue, shown: list[str], blocks: Sequence[Match]) -> bool:
    """Return whether a word inside an unrecognised text has a capital."""
    known = {place for b in blocks for place in range(b.a, b.a + b.size)}
    written = [word for word in cue.text.split() if tokens(word)]
    return any(
        place not in known and place < len(written) and place > 0 and written[place][:1].isupper()
        for place in range(len(shown))
    )


def _inside(evidence: Evidence, cue: Cue) -> list[Word]:
    return [
        w for w in evidence.heard(cue.span.start - 1, cue.span.end) if w.span.overlaps(cue.span)
    ]


def _far(evidence: Evidence, cue: Cue, first: Word, last: Word) -> Iterator[Reason]:
    heard, shown = evidence.timecode(first.span.start), evidence.timecode(cue.span.start)
    late = cue.span.start - first.span.start
    early = last.span.start - cue.span.end
    ahead = first.span.start - cue.span.start
    worst = max(late, early, ahead - _FAR)
    if worst > _FAR:
        yield Reason(
            cue=cue.id,
            kind="far-from-words",
            strength=min(1.0, 0.5 + float(worst) / 2),
            message=f"Its words are heard from {heard}, it is shown from {shown}.",
        )


def unsure(evidence: Evidence) -> Iterator[Reason]:
    """Find cues about which the recogniser was uncertain."""
    transcript = evidence.project.transcript
    if transcript is None or evidence.source is not None:
        return
    windows, place = sorted(transcript.windows, key=lambda window: window.span.end), 0
    for cue in evidence.cues:
        while place < len(windows) and windows[place].span.end <= cue.span.start:
            place += 1
        for window in windows[place : place + 3]:
            if not window.overlaps(cue.span):
                continue
            for warning in window.warnings:
                yield from _warned(cue, warning, window.score)
            other = next(iter(window.alternatives), None)
            inside = tokens(
                " ".join(w.text for w in evidence.heard(window.span.start, window.span.end))
            )
            if other is not None and inside:
                same = SequenceMatcher(None, inside, tokens(other.text), autojunk=False).ratio()
                if same < 0.85:
                    yield Reason(
                        cue=cue.id,
                        kind="decodes-disagree",
                        strength=min(1.0, 1.5 - same),
                        message=f"It may also say “{other.text[:120]}”.",
                    )
        doubtful = [
            w
            for w in _inside(evidence, cue)
            if w.confidence is not None and w.confidence < _UNSURE_WORD
        ]
        if doubtful:
            said = ", ".join(f"“{word.text}”" for word in doubtful[:5])
            yield Reason(
                cue=cue.id,
                kind="unsure-words",
                strength=min(1.0, 0.4 + len(doubtful) / 5),
                message=f"The recogniser was unsure of {said}.",
            )


def _warned(cue: Cue, warning: str, score: float) -> Iterator[Reason]:
    signal = RECOGNITION.get(warning)
    if signal is not None and signal.weight:
        message = f"{signal.sentence[:1].upper()}{signal.sentence[1:]} (score {score:.2f})."
        yield Reason(cue=cue.id, kind=signal.key, strength=0.8, message=message)


SIGNS = (voice_without_text, words_without_text, text_without_voice, against_words, unsure)

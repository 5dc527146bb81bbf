"""Detect the language of each window and smooth it over its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "CERTAIN_PROBABILITY",
    "LEAST_SECONDS",
    "ONE_PROBABILITY",
    "SURE_PROBABILITY",
    "SURE_SECONDS",
    "Heard",
    "Verdict",
    "decide_languages",
    "from_whisper",
    "join_verdicts",
    "sounds_mixed",
    "to_whisper",
]

SURE_PROBABILITY = 0.6
"""Below this a detection is a guess."""

SURE_SECONDS = 2.0
"""A shorter window says little: it must be nearly certain to go against its neighbours."""

CERTAIN_PROBABILITY = 0.9
"""What a short window needs."""

LEAST_SECONDS = 1.0
"""A window shorter than this never goes against its neighbours."""

ONE_PROBABILITY = 0.95
"""Where no language is as likely as this, a window may be in several."""

_MOST_HEARD = 20
"""Languages of a window that are remembered."""

# Whisper's codes are ISO 639-1 with a few old or macro-language ones.
_TO_WHISPER = {"jv": "jw", "he": "he", "iw": "he", "nb": "no", "cmn": "zh", "fil": "tl", "in": "id"}
_FROM_WHISPER = {"jw": "jv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The detected languages of one window with their probabilities, and its length."""

    seconds: float
    probabilities: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The language to decode a window in.

    Attributes:
        language: Whisper's code.
        probability: That the window itself gives it.
        unsure: Whether to doubt it.
        heard: Languages the window sounds like, the likeliest first.
        lines: Whisper's code for each line of a window in which they differ, else empty.
    """

    language: str
    probability: float
    unsure: bool
    heard: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def to_whisper(tag: str) -> str:
    """Whisper's code for a BCP 47 tag: ``"pt-BR"`` is ``"pt"``, ``"jv"`` is ``"jw"``."""
    primary = tag.replace("_", "-").split("-")[0].lower()
    return _TO_WHISPER.get(primary, primary)


def from_whisper(code: str) -> str:
    """BCP 47 tag for one of Whisper's codes."""
    return _FROM_WHISPER.get(code, code)


def sounds_mixed(probabilities: Mapping[str, float], known: Sequence[str] = ()) -> bool:
    """Return whether a window may be in more than one of the known languages."""
    own = _among(probabilities, known)
    return bool(own) and max(own.values()) < ONE_PROBABILITY


def decide_languages(
    heard: Sequence[Heard], *, known: Sequence[str] = (), prior: str | None = None
) -> list[Verdict]:
    """The language of each of some windows that follow one another.

    A window that is sure enough for its length has its own language. Any other takes that of the
    nearest sure one (the earlier of two), else ``prior``, else the one that all windows together
    speak for; it is doubted unless it sounds like that language itself.

    Args:
        heard: In order.
        known: Languages the model knows; others are left out. Empty means any.
        prior: Language of the last sure window before these.
    """
    probabilities = [_among(one.probabilities, known) for one in heard]
    best = [max(p, key=lambda k: (p[k], k)) if p else None for p in probabilities]
    sure = [
        i
        for i, language in enumerate(best)
        if language is not None and probabilities[i][language] >= _needed(heard[i].seconds)
    ]
    common = _common(heard, probabilities)
    verdicts = []
    for i, own in enumerate(probabilities):
        if i in sure:
            language = best[i]
        elif sure:
            language = best[min(sure, key=lambda j: (abs(j - i), j))]
        else:
            language = prior or common
        language = language or "und"
        verdicts.append(
            Verdict(
                language=language,
                probability=own.get(language, 0.0),
                unsure=own.get(language, 0.0) < SURE_PROBABILITY,
                heard=tuple(sorted(own, key=lambda code: (-own[code], code))[:_MOST_HEARD]),
            )
        )
    return verdicts


def join_verdicts(verdicts: Sequence[Verdict], seconds: Sequence[float]) -> Verdict:
    """The verdict on a window whose lines were decided on their own.

    Its language is the one it speaks longest, its probability the mean over the time.

    Args:
        verdicts: Of its lines, in order.
        seconds: How long they are.
    """
    lengths: dict[str, float] = {}
    for verdict, length in zip(verdicts, seconds, strict=True):
        lengths[verdict.language] = lengths.get(verdict.language, 0.0) + length
    language = max(lengths, key=lambda code: (lengths[code], code))
    weighted = sum(v.probability * length for v, length in zip(verdicts, seconds, strict=True))
    probability = weighted / (sum(seconds) or 1.0)
    heard = dict.fromkeys([*sorted(lengths, key=lambda code: (-lengths[code], code))])
    heard |= dict.fromkeys(code for verdict in verdicts for code in verdict.heard)
    return Verdict(
        language=language,
        probability=probability,
        unsure=probability < SURE_PROBABILITY,
        heard=tuple(heard)[:_MOST_HEARD],
        lines=tuple(v.language for v in verdicts) if len(lengths) > 1 else (),
    )


def _needed(seconds: float) -> float:
    """Probability from which a window of that length decides for itself; above 1 never."""
    if seconds >= SURE_SECONDS:
        return SURE_PROBABILITY
    return CERTAIN_PROBABILITY if seconds >= LEAST_SECONDS else 2.0


def _among(probabilities: Mapping[str, float], known: Sequence[str]) -> dict[str, float]:
    """Only the known languages, their probabilities adding up to 1 again."""
    if not known:
        return dict(probabilities)
    kept = {code: p for code, p in probabilities.items() if code in known}
    total = sum(kept.values())
    return {code: p / total for code, p in kept.items()} if total > 0 else {}


def _common(heard: Sequence[Heard], probabilities: Sequence[Mapping[str, float]]) -> str | None:
    """The language with the largest sum of probability times length."""
    votes: dict[str, float] = {}
    for one, own in zip(heard, probabilities, strict=True):
        for code, p in own.items():
            votes[code] = votes.get(code, 0.0) + p * one.seconds
    return max(votes, key=lambda code: (votes[code], code)) if votes else None

"""Give each take its language: asked for, or heard in it, in its lines and in its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.decode.window_language import (
    Heard,
    Verdict,
    decide_languages,
    join_verdicts,
    sounds_mixed,
    to_whisper,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from subkit.decode.taking import Take

__all__ = ["settle_as", "settle_by_ear"]


def settle_as(takes: Iterable[Take], language: str) -> None:
    """Give takes the language that was asked for, BCP 47."""
    for take in takes:
        take.verdict = Verdict(language=to_whisper(language), probability=1.0, unsure=False)


def settle_by_ear(
    titles: Iterable[tuple[Sequence[Take], str | None]],
    listen: Callable[[Sequence[Take]], Mapping[Take, Mapping[str, float]]],
    listen_to_lines: Callable[[Sequence[Take]], Mapping[Take, Mapping[str, float]]],
    known: Sequence[str],
) -> None:
    """Give takes the language that they sound like.

    All are listened to before the first is decided: neighbours decide doubtful ones. Where a take
    may be in several languages its lines are listened to one by one.

    Args:
        titles: The takes of each title without a verdict, in order, and Whisper's code of the last
            sure language before them.
        listen: Tells what languages takes sound like.
        listen_to_lines: The same for the lines of a take, of which not all are decoded by
            themselves.
        known: Whisper's codes of the languages that the model knows; empty means not stated.
    """
    titles = list(titles)
    heard = dict(listen([take for takes, _ in titles for take in takes]))
    lines = {
        take: take.lines
        for take, probabilities in heard.items()
        if not take.window.skipped and sounds_mixed(probabilities, known)
    }
    heard.update(
        listen_to_lines([line for mine in lines.values() for line in mine if line not in heard])
    )
    for takes, prior in titles:
        _decide(takes, [lines.get(take, [take]) for take in takes], heard, known, prior)


def _decide(
    takes: Sequence[Take],
    lines: Sequence[Sequence[Take]],
    heard: Mapping[Take, Mapping[str, float]],
    known: Sequence[str],
    prior: str | None,
) -> None:
    """Give takes that follow one another their languages, by what their lines sound like."""
    verdicts = iter(
        decide_languages(
            [
                Heard(
                    # Where no voice was found there is no telling which language it speaks.
                    seconds=0.0 if line.window.skipped else line.seconds,
                    probabilities=heard.get(line, {}),
                )
                for mine in lines
                for line in mine
            ],
            known=known,
            prior=prior,
        )
    )
    for take, mine in zip(takes, lines, strict=True):
        own = [next(verdicts) for _ in mine]
        take.verdict = join_verdicts(own, [line.seconds for line in mine])

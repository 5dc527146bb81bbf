"""Refine translations, and check refined texts before they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.translation.candidates import Candidate
from subkit.translation.text_guards import doubts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.interfaces import Refiner
    from subkit.translation.preferences import Preference
    from subkit.translation.units import Unit

__all__ = ["refine_units"]


def refine_units(
    units: Sequence[Unit],
    found: Sequence[list[Candidate]],
    refiner: Refiner,
    target: str,
    preferences: Sequence[Preference] = (),
    *,
    wishes: Callable[[Unit], tuple[str, ...]] | None = None,
) -> list[list[Candidate]]:
    """Return the candidates of each unit, with an accepted refined text first.

    A refined text is refused if it fails a guard, has other turns than the source (their number and
    what opens them), or suits a preference, for example the glossary, worse than the translation
    does. Copies and what the memory gave are not asked about. Its score is not known (NaN).

    The refiner reads as many of the source's sentences before the unit as it says it wants. It is
    not told what it made of them: a change would go on through all that follows.

    Raises:
        EngineError: the refiner failed.
    """
    made = []
    for unit, candidates in zip(units, found, strict=True):
        best = candidates[0]
        if best.copied or best.recalled:
            made.append(candidates)
            continue
        text = refiner.refine(
            unit.text,
            best.text,
            unit.language,
            target,
            before=unit.before[-refiner.lines :] if refiner.lines > 0 else (),
            wishes=wishes(unit) if wishes is not None else (),
        )
        refined = _judged(unit, best, text, target, preferences)
        others = [one for one in candidates if refined is None or one.text != refined.text]
        made.append(others if refined is None else [refined, *others])
    return made


def _judged(
    unit: Unit, best: Candidate, text: str | None, target: str, preferences: Sequence[Preference]
) -> Candidate | None:
    """The refined text as a candidate, or ``None`` where it may not stand."""
    lines = [" ".join(line.split()) for line in (text or "").strip().split("\n")]
    marks = [turn.mark for turn in unit.turns]
    if len(lines) != len(marks) or not all(
        line.startswith(mark.strip()) for line, mark in zip(lines, marks, strict=True)
    ):
        return None
    written = "\n".join(
        mark + line[len(mark.strip()) :].lstrip() for line, mark in zip(lines, marks, strict=True)
    )
    if written == best.text:
        return None
    if doubts(unit.text, written, source_language=unit.language, target=target):
        return None
    ours, theirs = (
        sum(judge(unit, unit.text, one) for judge in preferences) for one in (written, best.text)
    )
    if ours > theirs:
        return None
    return Candidate(text=written, score=float("nan"), penalty=ours, refined=True)

"""Find and replace over a track: every change is seen before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.edit.content import is_sealed
from subkit.edit.wording import clean_lines, retext_many
from subkit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.edit.hand import Hand
    from subkit.model import Project, Track

__all__ = ["Replacement", "plan_replacements", "replace_all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What finding and replacing does to one cue.

    Attributes:
        cue: Id of the cue.
        before: Its lines.
        after: Its lines then.
        count: How often the text was found in it.
        refused: Why it is not made; empty where it is.
    """

    cue: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    count: int
    refused: str = ""


def plan_replacements(
    track: Track, replaced: Callable[[Sequence[str]], Sequence[tuple[str, int]]]
) -> list[Replacement]:
    """What would change in a track, in order of time; nothing is changed.

    Locked and approved cues are left as they are, and so is one that would be left without text.

    Args:
        track: Where to look.
        replaced: Gives for each of some lines the line then, and how often the text was found. It
            is called once, with all lines of the track.
    """
    answers = iter(replaced([line for cue in track.cues for line in cue.lines]))
    plans = []
    for cue in track.cues:
        found = [next(answers) for _ in cue.lines]
        count = sum(number for _, number in found)
        after = tuple(line for line, _ in found)
        if not count or after == cue.lines:
            continue
        refused = ""
        if is_sealed(cue):
            refused = "it is locked" if cue.locked else f"it was approved by {cue.review.actor}"
        else:
            try:
                after = clean_lines(after)
            except InputError as error:
                refused = error.message
            if not any(after):
                refused = "it would be left without text"
        plans.append(
            Replacement(cue=cue.id, before=cue.lines, after=after, count=count, refused=refused)
        )
    return plans


def replace_all(project: Project, track: str, plans: Sequence[Replacement], hand: Hand) -> Project:
    """The project with all replacements made that are not refused.

    Raises:
        InputError: a cue is not there, or was locked since.
    """
    texts = {plan.cue: plan.after for plan in plans if not plan.refused}
    return retext_many(project, track, texts, hand)

"""Losses that a writer notices one by one, while it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.formats.losses import counted
from subkit.interfaces.file_contents import Loss
from subkit.model import Feature

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.model import Cue

__all__ = ["LossTally"]

_COLORS = (Feature.COLOR, Feature.OUTLINE)
_SHOWN = 40
"""Letters that a sentence names."""


class LossTally:
    """Collects what a format could not hold, cue by cue."""

    def __init__(self) -> None:
        self._cues: dict[str, list[str]] = {}
        self._told: dict[tuple[str, str], list[str]] = {}
        self._letters: dict[str, None] = {}

    def add(self, feature: str, cue: str) -> None:
        """Note that a feature was lost once from a cue."""
        self._cues.setdefault(feature, []).append(cue)

    def add_once(self, feature: str, cue: str) -> None:
        """Note that a feature was lost from a cue, however often it is said."""
        found = self._cues.setdefault(feature, [])
        if not found or found[-1] != cue:
            found.append(cue)

    def add_letter(self, letter: str, cue: str) -> None:
        """Note that a letter was replaced or left out."""
        self._letters[letter] = None
        self.add("letters", cue)

    def tell(self, feature: str, one: str, many: str, cue: str) -> None:
        """Note a loss that its own words count: ``tell("place", "line", "lines", "4")``."""
        self._told.setdefault((feature, f"{one}\n{many}"), []).append(cue)

    def add_unsaid(self, cue: Cue, *, clear: bool, units: Iterable[str] | None = None) -> None:
        """Note values of colours and sizes that a format cannot say.

        Args:
            cue: The cue.
            clear: Whether colours of letters lose how clear they are.
            units: What ``Mark.how`` of a size may be; ``None`` allows all.
        """
        for mark in cue.marks:
            see_through = mark.feature in _COLORS and mark.value[7:] not in ("", "ff")
            if clear and see_through:
                feature = mark.feature.value
                self.tell(feature, "half-clear colour", "half-clear colours", cue.id)
            if units is not None and mark.feature is Feature.SIZE and mark.how not in units:
                self.add("size", cue.id)

    def losses(self, others: Iterable[Loss] = ()) -> tuple[Loss, ...]:
        """Return the losses, those that were found otherwise first."""
        found = list(others)
        for feature, cues in self._cues.items():
            loss = counted(feature, cues)
            if feature == "letters":
                letters = "".join(list(self._letters)[:_SHOWN])
                more = "" if len(self._letters) <= _SHOWN else " and more"
                loss = Loss(feature=feature, cues=loss.cues, what=f"{loss.what} ({letters}{more})")
            found.append(loss)
        for (feature, words), cues in self._told.items():
            one, many = words.split("\n")
            what = f"{len(cues)} {one if len(cues) == 1 else many}"
            found.append(Loss(feature=feature, cues=tuple(dict.fromkeys(cues)), what=what))
        return tuple(found)

"""Positions in the picture, as formats express them."""

from __future__ import annotations

from subkit.model import Placement

__all__ = ["from_numpad", "from_settings", "numpad", "settings"]

_VERTICAL = ("bottom", "middle", "top")
_HORIZONTAL = ("left", "center", "right")
_EXACT = frozenset({"line:0", "line:50%", "align:left", "align:right", "align:center"})


def numpad(placement: Placement) -> int:
    r"""The place as on a number pad, 1 bottom left to 9 top right, as in ``{\an8}``."""
    return 3 * _VERTICAL.index(placement.vertical) + _HORIZONTAL.index(placement.horizontal) + 1


def from_numpad(number: int) -> Placement:
    """The place of a number from 1 to 9."""
    row, column = divmod(number - 1, 3)
    return Placement(vertical=_VERTICAL[row], horizontal=_HORIZONTAL[column])


def settings(placement: Placement) -> str:
    """The place as WebVTT cue settings, with a space before each; empty at bottom centre.

    Sides are physical (``left``, not ``start``), so they hold for right-to-left text too.
    """
    line = {"bottom": "", "middle": " line:50%", "top": " line:0"}[placement.vertical]
    align = "" if placement.horizontal == "center" else f" align:{placement.horizontal}"
    return line + align


def from_settings(text: str) -> tuple[Placement, bool]:
    """Return the nearest placement for WebVTT cue settings, and whether nothing was lost."""
    vertical, horizontal, exact = "bottom", "center", True
    for setting in text.split():
        key, _, value = setting.partition(":")
        exact = exact and setting in _EXACT
        if key == "line":
            vertical = _row(value.partition(",")[0])
        elif key == "align":
            horizontal = {"start": "left", "left": "left", "end": "right", "right": "right"}.get(
                value, "center"
            )
    return Placement(vertical=vertical, horizontal=horizontal), exact


def _row(value: str) -> str:
    """Third of the picture for a ``line`` value: a percentage, or rows of about fifteen."""
    try:
        number = float(value.removesuffix("%")[:20])
    except ValueError:
        return "bottom"
    if not value.endswith("%"):
        number = (number if number >= 0 else 15 + number) * 100 / 15
    if number < 33:
        return "top"
    return "middle" if number < 67 else "bottom"

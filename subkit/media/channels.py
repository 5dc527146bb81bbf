"""From many channels to one: the centre, where the dialogue is, or a mix of all."""

from __future__ import annotations

from typing import Literal

from subkit.errors import MediaError

__all__ = ["Channel", "Pan", "center_index", "no_centre", "pan"]

Channel = Literal["center", "mix", "left", "right"] | int
"""What to hear of a stream's channels; a number is one channel, counted from 0."""

Pan = str
"""Arguments of libavfilter's ``pan``: how the one channel is made."""

# The surrounds carry echoes of the dialogue at best, the low-frequency channel none.
_WEIGHTS = {"LFE": 0.0, "LFE2": 0.0, "FC": 1.0, "FL": 0.7071, "FR": 0.7071}
_SURROUND = 0.5
_SIDES = {"left": 0, "right": 1}


def center_index(names: tuple[str, ...]) -> int | None:
    """Which channel is the centre of a layout with three or more; ``None`` without one."""
    return names.index("FC") if len(names) > 2 and "FC" in names else None


def pan(names: tuple[str, ...], channel: Channel) -> Pan:
    """Return how one channel is made of a layout.

    Args:
        names: Channel names in order, for example ``("FL", "FR", "FC", "LFE", "BL", "BR")``.
        channel: The one to take, where there is such a one. Else, and for ``"mix"``, it is the
            weighted mean of all, so that nothing clips; the low-frequency channel is left out.
    """
    if isinstance(channel, int):
        index: int | None = channel
    else:
        index = center_index(names) if channel == "center" else _SIDES.get(channel)
    if index is not None and index < len(names):
        return f"mono|c0=c{index}"
    if "FC" in names and len(names) > 2:
        weights = [_WEIGHTS.get(name, _SURROUND) for name in names]
    else:
        weights = [0.0 if name.startswith("LFE") else 1.0 for name in names]
    total = sum(weights)
    if not total:
        weights, total = [1.0] * len(names), float(len(names))
    terms = [f"{weight / total:.6f}*c{i}" for i, weight in enumerate(weights) if weight]
    return "mono|c0=" + "+".join(terms)


def no_centre(path: str, layout: str) -> MediaError:
    """The error for a centre asked of a layout that has none."""
    return MediaError(
        f"The audio of {path} is {layout or 'of unknown layout'} and has no centre channel.",
        remedy="Use the dialogue channel auto or mix, or another audio stream.",
        path=path,
        layout=layout,
    )

"""What a format cannot hold of a track: counted by feature, with the cues it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.interfaces.file_contents import Loss
from subkit.model.styling import Feature

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.model import Cue, Track

__all__ = ["FEATURES", "counted", "loss_facts", "losses_of", "told_losses"]

FEATURES: dict[str, tuple[str, str]] = {
    "italic": ("italic", "italics"),
    "bold": ("bold", "bolds"),
    "underline": ("underline", "underlines"),
    "strike": ("strike-through", "strike-throughs"),
    "color": ("colour", "colours"),
    "background": ("background colour", "background colours"),
    "outline": ("outline", "outlines"),
    "font": ("font", "fonts"),
    "size": ("size", "sizes"),
    "ruby": ("ruby", "rubies"),
    "emphasis": ("emphasis mark", "emphasis marks"),
    "combine": ("upright stretch", "upright stretches"),
    "shear": ("slant", "slants"),
    "language": ("language of a part", "languages of parts"),
    "voice": ("voice of a part", "voices of parts"),
    "css_class": ("class", "classes"),
    "delay": ("delayed part", "delayed parts"),
    "opaque": ("override of another format", "overrides of another format"),
    "place": ("place", "places"),
    "area": ("exact place", "exact places"),
    "vertical": ("vertical line of text", "vertical lines of text"),
    "speaker": ("speaker", "speakers"),
    "cue language": ("language of a cue", "languages of cues"),
    "forced": ("forced mark", "forced marks"),
    "fade": ("fade", "fades"),
    "mode": ("way of coming on screen", "ways of coming on screen"),
    "letters": ("letter", "letters"),
    "line break": ("line break", "line breaks"),
    "overlap": ("overlap", "overlaps"),
    "times": ("time off the format's grid", "times off the format's grid"),
    "style": ("named style", "named styles"),
    "region": ("region", "regions"),
    "carried": ("block of the source file", "blocks of the source file"),
    "cue id": ("cue id", "cue ids"),
    "limit": ("limit of the format exceeded", "limits of the format exceeded"),
}
"""What can be lost, by key, as a sentence names one and several of it."""

_TRACK = {"style": "styles", "region": "regions"}


def losses_of(track: Track, carries: Iterable[str], *, format: str = "") -> tuple[Loss, ...]:  # noqa: A002
    """Return what of a track a format does not hold.

    Args:
        track: What is written.
        carries: Keys of :data:`FEATURES` that the format holds.
        format: Its name: opaque marks and carried blocks of its own are none of its losses.
    """
    kept = frozenset(carries)
    found: dict[str, list[str]] = {}
    for cue in track.cues:
        for feature in _of_cue(cue, format):
            if feature not in kept:
                found.setdefault(feature, []).append(cue.id)
    losses = [counted(key, found[key]) for key in FEATURES if key in found]
    for key, name in _TRACK.items():
        if (count := len(getattr(track, name))) and key not in kept:
            losses.append(Loss(feature=key, cues=(), what=_count(key, count)))
    strange = sum(block.format != format for block in track.carried)
    if strange:
        losses.append(Loss(feature="carried", cues=(), what=_count("carried", strange)))
    return tuple(losses)


def counted(feature: str, cues: Iterable[str]) -> Loss:
    """Return the loss of a feature, one for each time a cue is named."""
    named = list(cues)
    return Loss(feature=feature, cues=tuple(dict.fromkeys(named)), what=_count(feature, len(named)))


def told_losses(losses: Iterable[Loss]) -> str:
    """Return losses as a sentence says them: ``3 colours, 1 ruby (cues 4, 9, 12)``."""
    all_of = list(losses)
    cues = list(dict.fromkeys(cue for loss in all_of for cue in loss.cues))
    told = ", ".join(loss.what for loss in all_of)
    if not cues:
        return told
    shown = ", ".join(cues[:_SHOWN]) + (f" and {len(cues) - _SHOWN} more" if cues[_SHOWN:] else "")
    return f"{told} ({'cue' if len(cues) == 1 else 'cues'} {shown})"


def loss_facts(loss: Loss) -> dict[str, Any]:
    """Return a loss as plain data."""
    return {"feature": loss.feature, "what": loss.what, "cues": list(loss.cues)}


_SHOWN = 12


def _count(feature: str, count: int) -> str:
    one, many = FEATURES[feature]
    return f"{count} {one if count == 1 else many}"


def _of_cue(cue: Cue, own: str) -> Iterator[str]:
    """The features of a cue, each as often as it stands there."""
    for mark in cue.marks:
        if mark.feature is not Feature.OPAQUE or mark.how != own:
            yield mark.feature.value
    place = cue.placement
    if (place.vertical, place.horizontal) != ("bottom", "center"):
        yield "place"
    if place.area is not None or place.cell is not None:
        yield "area"
    if place.writing:
        yield "vertical"
    for name, feature in _CUE:
        if getattr(cue, name) not in _USUAL:
            yield feature


_USUAL = (None, "", False, "pop-on")
"""What every format does anyway: a cue pops on where nothing else is said."""

_CUE = (
    ("speaker", "speaker"),
    ("language", "cue language"),
    ("forced", "forced"),
    ("fade", "fade"),
    ("mode", "mode"),
)

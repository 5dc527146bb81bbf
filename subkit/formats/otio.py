"""OpenTimelineIO timelines (``.otio``, JSON): the clips of the first picture track.

Read here and not with the library of that name: of its many classes a cut needs four, and a file of
a stranger is read within the bounds of ``subkit.files``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.alignment import EditEvent, EditList
from subkit.errors import FormatError
from subkit.files.data_files import parse_json
from subkit.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["read_timeline"]

_MAX_CLIPS = 20_000
_REMEDY = "Export the sequence anew as OTIO, or as CMX3600 EDL."
_USUAL = {
    round(float(rate), 2): rate
    for rate in (Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001))
}


def read_timeline(data: bytes, *, name: str) -> EditList:
    """Return the events of the first video track, or of the first track where there is none.

    Clips with effects of time, and compositions inside of the track, are events with an effect.

    Args:
        data: The file, JSON in UTF-8.
        name: Its name, for errors.

    Raises:
        FormatError: it is no timeline, or its times cannot be read.
    """
    timeline = parse_json(data, name, remedy=_REMEDY)
    if _schema(timeline) != "Timeline":
        raise _fault(name, "it is no timeline of OpenTimelineIO")
    tracks = [one for one in _children(timeline.get("tracks"), name) if _schema(one) == "Track"]
    pictures = [one for one in tracks if str(one.get("kind", "")).lower() == "video"]
    if not tracks:
        raise _fault(name, "it has no track")
    reading = _Reading(name)
    chosen = (pictures or tracks)[0]
    for number, child in enumerate(_children(chosen, name), start=1):
        reading.take(child, number)
    if len(pictures) > 1:
        reading.notes.append(
            f"{name}: {len(pictures)} video tracks; the lowest, {chosen.get('name') or 'V1'!r}, is "
            "read."
        )
    return EditList(
        name=name,
        events=tuple(reading.events),
        duration=reading.at,
        notes=tuple(reading.notes),
    )


@dataclass
class _Reading:
    """A track being read: how far, and what was found."""

    name: str
    at: Fraction = Fraction(0)
    events: list[EditEvent] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, child: Mapping[str, Any], number: int) -> None:
        """Take the next thing of the track."""
        kind = _schema(child)
        if kind == "Transition":  # lies over its neighbours, whose ranges stay
            return
        if len(self.events) > _MAX_CLIPS:
            raise _fault(self.name, f"it has more than {_MAX_CLIPS} clips")
        place = f"item {number}"
        taken = self._range(child, place)
        record = Span(self.at, self.at + taken.duration)
        self.at = record.end
        if kind == "Gap" or not taken.duration:
            return
        effect = "" if kind == "Clip" else f"a composition ({kind or 'unknown'})"
        self.events.append(
            EditEvent(
                place=place,
                source=_source(child),
                taken=taken,
                record=record,
                effect=effect or "; ".join(_effects(child)),
            )
        )

    def _range(self, child: Mapping[str, Any], place: str) -> Span:
        """Which part of its source is seen."""
        known = child.get("source_range") or _reference(child).get("available_range")
        if not isinstance(known, dict):
            raise _fault(self.name, f"{place} says neither a source nor an available range")
        start, length = (self._time(known.get(key), place) for key in ("start_time", "duration"))
        if start < 0 or length < 0:
            raise _fault(self.name, f"{place} begins or lasts less than nothing")
        return Span(start, start + length)

    def _time(self, told: Any, place: str) -> Fraction:
        """Seconds of a ``RationalTime``."""
        value, rate = (
            _number(told.get(key) if isinstance(told, dict) else None) for key in ("value", "rate")
        )
        if value is None or rate is None or not 0 < rate < 10**6 or abs(value) > 10**12:
            raise _fault(self.name, f"{place} has a time that is none")
        usual = _USUAL.get(round(float(rate), 2), rate)
        return value / (usual if abs(usual - rate) < Fraction(1, 200) else rate)


def _number(told: Any) -> Fraction | None:
    if not isinstance(told, (int, float)) or isinstance(told, bool):
        return None
    return Fraction(told).limit_denominator(10**6)


def _schema(thing: Any) -> str:
    """Name of the class of a thing, without its version."""
    told = thing.get("OTIO_SCHEMA") if isinstance(thing, dict) else None
    return told.partition(".")[0] if isinstance(told, str) else ""


def _children(thing: Any, name: str) -> list[dict[str, Any]]:
    found = thing.get("children") if isinstance(thing, dict) else None
    if not isinstance(found, list) or not all(isinstance(child, dict) for child in found):
        raise _fault(name, "a track or stack in it has no children")
    return found


def _reference(clip: Mapping[str, Any]) -> dict[str, Any]:
    """The media of a clip: version 2 has several under names, version 1 has one."""
    several = clip.get("media_references")
    if isinstance(several, dict):
        key = clip.get("active_media_reference_key") or "DEFAULT_MEDIA"
        one = several.get(key)
    else:
        one = clip.get("media_reference")
    return one if isinstance(one, dict) else {}


def _source(clip: Mapping[str, Any]) -> str:
    """What a clip was taken from: the address of its media, else its name."""
    reference = _reference(clip)
    told = (reference.get("target_url"), reference.get("name"), clip.get("name"))
    return next((one for one in told if isinstance(one, str) and one), "")


def _effects(clip: Mapping[str, Any]) -> Iterator[str]:
    """Effects that change times; those of pictures and of loudness do not matter."""
    effects = clip.get("effects")
    for effect in effects if isinstance(effects, list) else ():
        kind = _schema(effect)
        if kind in {"LinearTimeWarp", "FreezeFrame", "TimeEffect"}:
            scalar = effect.get("time_scalar")
            if kind == "LinearTimeWarp" and scalar == 1:
                continue
            speed = f" ({scalar:g} x)" if isinstance(scalar, (int, float)) else ""
            yield f"time warp{speed}" if kind != "FreezeFrame" else "freeze frame"


def _fault(name: str, what: str) -> FormatError:
    return FormatError(f"{name!r} cannot be read as an edit: {what}.", remedy=_REMEDY)

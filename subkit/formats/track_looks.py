"""Named styles as marks, for formats that have none of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.model import Feature
from subkit.model.mark_moves import sorted_marks

if TYPE_CHECKING:
    from subkit.model import Cue, Mark, Track

__all__ = ["with_looks", "without_names"]

_OF_CUE = frozenset({Feature.ITALIC, Feature.UNDERLINE, Feature.STRIKE, Feature.COLOR})
"""What of a cue's own style is worth a tag: its face, size and weight are those of the film."""
_WHITE = "#ffffff"


def with_looks(track: Track, *formats: str) -> Track:
    """Return a track whose marks say what its named styles say.

    Args:
        track: To be written.
        formats: Names of formats; styles that came from them are left to the writer.
    """
    looks = {
        style.id: style.looks
        for style in track.styles
        if style.looks and style.source.partition(" ")[0] not in formats
    }
    if not looks:
        return track
    cues = tuple(_looking(cue, looks) for cue in track.cues)
    return replace(track, cues=cues)


def _looking(cue: Cue, looks: dict[str, tuple[Mark, ...]]) -> Cue:
    found = list(cue.marks)
    known = {(mark.start, mark.end, mark.feature) for mark in cue.marks}
    length = len(cue.text)
    stretches = [
        (name, mark.start, mark.end, None)
        for mark in cue.marks
        if mark.feature is Feature.CSS_CLASS
        for name in mark.value.split()
    ]
    for name, start, end, only in (*stretches, (cue.style, 0, length, _OF_CUE)):
        for look in looks.get(name, ()):
            plain = look.feature is Feature.COLOR and look.value.startswith(_WHITE)
            wanted = only is None or (look.feature in only and not plain)
            if wanted and start < end and (start, end, look.feature) not in known:
                found.append(replace(look, start=start, end=end))
    return cue if len(found) == len(cue.marks) else replace(cue, marks=sorted_marks(found))


def without_names(track: Track, format: str) -> Track:  # noqa: A002
    """Return a track with the looks of its styles as marks, for formats that cannot name styles.

    Marks that name only styles whose looks the track has are left out: nothing seen is lost.

    Args:
        track: To be written.
        format: Name of the format.
    """
    known = {style.id for style in track.styles if style.looks}
    if not known:
        return track
    cues = tuple(
        replace(cue, marks=tuple(mark for mark in cue.marks if not _names(mark, known)))
        for cue in with_looks(track, format).cues
    )
    return replace(track, cues=cues, styles=())


def _names(mark: Mark, known: set[str]) -> bool:
    return mark.feature is Feature.CSS_CLASS and known.issuperset(mark.value.split())

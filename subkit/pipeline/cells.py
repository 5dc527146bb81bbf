"""Which cells of the sheet of cues and languages are out of date: translated from another text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from subkit.model import Cue, Project, Track

__all__ = ["stale", "stale_reasons"]


def stale(project: Project, track: Track) -> list[tuple[Cue, str]]:
    """The cues of a translated track whose source says something else now, each with the reason."""
    reasons = stale_reasons(project, track)
    return [(cue, reasons[cue.id]) for cue in track.cues if cue.id in reasons]


def stale_reasons(
    project: Project, track: Track, *, cues: Collection[str] | None = None
) -> dict[str, str]:
    """Cue id -> why it is stale, as one sentence.

    Args:
        project: The document.
        track: One of its tracks.
        cues: Look only at these; ``None`` looks at all.
    """
    source = next((known for known in project.tracks if known.id == track.source), None)
    if source is None:
        return {}
    known = {cue.id: cue for cue in source.cues}
    reasons = {}
    for cue in track.cues:
        if cues is not None and cue.id not in cues:
            continue
        if reason := _reason(cue, known):
            reasons[cue.id] = reason
    return reasons


def _reason(cue: Cue, known: dict[str, Cue]) -> str:
    gone = [name for name in cue.sources if name not in known]
    if gone:
        return f"Its source cue {gone[0]} is gone."
    return ""

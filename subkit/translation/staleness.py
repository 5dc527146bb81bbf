"""Find which cues of an earlier translation are stale or decided by people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.language import normalize_spaces
from subkit.model import Origin, ReviewState, digest
from subkit.translation.preferences import MEMORY_TOOL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from subkit.model import Cue, Project, Provenance, Track

__all__ = [
    "is_current",
    "is_settled",
    "source_digest",
    "stale",
    "stale_cues",
    "stale_reasons",
    "succeed",
    "untranslated",
]

_BY_HAND = frozenset({Origin.HUMAN, Origin.IMPORT})


def source_digest(cues: Iterable[Cue]) -> str:
    """Return the digest of a unit's source text: ``Cue.made_from`` of its translation.

    The text of each cue counts, with its language; where its lines break does not.
    """
    return digest([(_whole(normalize_spaces(cue.text)), cue.language or "") for cue in cues])


def _whole(text: str) -> str:
    """The text without halves of characters (lone surrogates), which no digest can be made of."""
    return text.encode("utf-8", "replace").decode()


def stale_cues(track: Track, source: Track) -> tuple[Cue, ...]:
    """The cues of a translated track whose source says something else than when it was translated.

    ``Cue.sources`` names the cues of its unit, ``Cue.made_from`` is their digest. A cue that was
    made in another way has no such digest and is never stale.
    """
    known = {cue.id: cue for cue in source.cues}
    found = []
    for cue in track.cues:
        if cue.made_from is None:
            continue
        there = [known[name] for name in cue.sources if name in known]
        if len(there) < len(cue.sources) or source_digest(there) != cue.made_from:
            found.append(cue)
    return tuple(found)


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
    source = project.source_of(track)
    if source is None:
        return {}
    known = {cue.id: cue for cue in source.cues}
    chosen = (cue for cue in track.cues if cues is None or cue.id in cues)
    return {cue.id: reason for cue in chosen if (reason := _reason(cue, known))}


def untranslated(project: Project, track: Track) -> list[str]:
    """Ids of the source cues that a translated track has no cue for."""
    source = project.source_of(track)
    there = {cue.id for cue in track.cues}
    return [cue.id for cue in source.cues if cue.id not in there] if source else []


def is_settled(cue: Cue) -> bool:
    """Whether people decided on a cue, so that no machine may replace it.

    It is locked, was edited or approved, or was written or imported by a person; a text that the
    memory gave and nobody looked at is not settled.
    """
    if cue.locked or cue.review.state is not ReviewState.UNREVIEWED:
        return True
    made = cue.provenance
    return made is not None and made.origin in _BY_HAND and made.tool != MEMORY_TOOL


def is_current(cue: Cue, source: Cue, unit: Sequence[Cue], provenance: Provenance) -> bool:
    """Whether an earlier cue is what a machine would make again in the same way.

    Args:
        cue: The earlier cue.
        source: Its source cue.
        unit: The source cues that are translated together.
        provenance: What the machine's texts would have; its time does not count.
    """
    if cue.provenance is None or cue.made_from != source_digest(unit):
        return False
    if _undated(cue.provenance) != _undated(provenance):
        return False
    places = [(each.span, each.placement, each.speaker) for each in (source, cue)]
    return places[0] == places[1]


def succeed(before: Cue | None, cue: Cue) -> Cue:
    """``cue`` with the comments of the one it replaces, which stays if only its date differs."""
    if before is None:
        return cue
    cue = replace(cue, comments=before.comments)
    same = _undated_cue(replace(cue, review=before.review)) == _undated_cue(before)
    return before if same else cue


def _undated_cue(cue: Cue) -> Cue:
    return replace(
        cue,
        provenance=_undated(cue.provenance),
        alternatives=tuple(
            replace(other, provenance=_undated(other.provenance)) for other in cue.alternatives
        ),
    )


def _undated(provenance: Provenance | None) -> Provenance | None:
    return provenance and replace(provenance, time="")


def _reason(cue: Cue, known: dict[str, Cue]) -> str:
    gone = [name for name in cue.sources if name not in known]
    if gone:
        return f"Its source cue {gone[0]} is gone."
    if cue.made_from is None or not cue.sources:
        return ""
    if source_digest(known[name] for name in cue.sources) == cue.made_from:
        return ""
    names = " and ".join(cue.sources)
    return f"The text of its source ({names}) was changed after it was translated."

"""What of an earlier translation still holds, and what people decided in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.language import normalize_spaces
from subkit.model import Origin, ReviewState, digest
from subkit.translation.preferences import MEMORY_TOOL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.model import Cue, Provenance, Track

__all__ = ["is_current", "is_settled", "source_digest", "stale_cues", "succeed"]

_BY_HAND = frozenset({Origin.HUMAN, Origin.IMPORT})


def source_digest(cues: Iterable[Cue]) -> str:
    """Digest of what is said in the source cues of a unit: ``Cue.made_from`` of its translation.

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

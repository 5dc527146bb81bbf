"""What the projects of a batch hold: tracks, approvals, findings, and what a person should see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.batch.output_names import project_name
from subkit.compliance.disclosure import disclosure_note
from subkit.compliance.signoff import Gate, missing_approvals
from subkit.edit import standing
from subkit.errors import SubkitError
from subkit.model import Severity
from subkit.quality.project_check import check_track
from subkit.risk import risk_queue
from subkit.store import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from subkit.model import Project, Track
    from subkit.styles import Styles

__all__ = ["CatalogueTrack", "RiskyCue", "riskiest", "title_tracks"]

_MAX_RISKY = 20
"""Cues of one track that may stand in the queue over all titles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskyCue:
    """A cue that nobody has looked at yet, with the reason for which somebody should.

    Attributes:
        title: Id of its title in the batch.
        track: Id of its track.
        cue: Its id.
        time: Its in-time as timecode.
        text: What it says.
        risk: 0 to 1.
        reason: The weightiest reason, a sentence.
    """

    title: str
    track: str
    cue: str
    time: str
    text: str
    risk: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueTrack:
    """A track of a title, as a catalogue shows it.

    Attributes:
        id: Its id.
        cues: How many cues it has.
        approved: How many of them are approved as they are now.
        errors: Findings of severity error.
        warnings: The other findings.
        people: Who approved cues, and how many, the busiest first.
        missing: What keeps it from passing the gate, a sentence each; empty where it passes.
        disclosure: How it was made, in a sentence.
        risky: The riskiest cues that nobody has looked at.
    """

    id: str
    cues: int
    approved: int
    errors: int
    warnings: int
    people: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]
    disclosure: str
    risky: tuple[RiskyCue, ...]


def title_tracks(
    folder: Path, row: Mapping[str, Any], style: Styles, gate: Gate
) -> list[CatalogueTrack]:
    """Return the tracks of a title that is done; none where its project cannot be read.

    Args:
        folder: The output folder of the batch.
        row: What the ledger knows of the title.
        style: The house style.
        gate: What a track must pass.
    """
    try:
        project = load(folder / project_name(row["id"]))
        return [_track(project, track, row["id"], style, gate) for track in project.tracks]
    except SubkitError:
        return []


def riskiest(tracks: Iterable[CatalogueTrack], count: int) -> list[RiskyCue]:
    """Return the cues of a whole catalogue that people should look at first."""
    risky = (cue for track in tracks for cue in track.risky)
    return sorted(risky, key=lambda cue: (-cue.risk, cue.title, cue.track, cue.cue))[:count]


def _track(project: Project, track: Track, title: str, style: Styles, gate: Gate) -> CatalogueTrack:
    found = check_track(project, track, style)
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    people = Counter(who.actor for cue in track.cues for who in standing(cue))
    return CatalogueTrack(
        id=track.id,
        cues=len(track.cues),
        approved=sum(bool(standing(cue)) for cue in track.cues),
        errors=errors,
        warnings=len(found) - errors,
        people=tuple(people.most_common()),
        missing=tuple(one.message for one in missing_approvals(project, track, gate, style)),
        disclosure=disclosure_note(project, track),
        risky=tuple(_risky(project, track, title, style)),
    )


def _risky(project: Project, track: Track, title: str, style: Styles) -> Iterator[RiskyCue]:
    cues = {cue.id: cue for cue in track.cues}
    unseen = [item for item in risk_queue(project, track, style) if not item.looked_at]
    for item in unseen[:_MAX_RISKY]:
        cue = cues[item.cue]
        yield RiskyCue(
            title=title,
            track=track.id,
            cue=cue.id,
            time=project.timecode(cue.span.start),
            text=cue.text,
            risk=item.risk,
            reason=item.reasons[0].message,
        )

"""Combine all signs into one risk for each cue, highest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.model import ReviewState
from subkit.quality.project_check import check_track
from subkit.risk import name_signs as names
from subkit.risk import speech_signs as speech
from subkit.risk import text_signs as text
from subkit.risk.evidence import Evidence, Reason
from subkit.signals import signal_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.model import Finding, Project, Track
    from subkit.styles import Styles

__all__ = ["Reason", "Risk", "risk_queue"]

_SIGNS = (*speech.SIGNS, *text.SIGNS, *names.SIGNS)
_DOUBTFUL = 0.6
"""Risk of a source cue from which its translation is to be looked at too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A cue to look at.

    Attributes:
        cue: Its id.
        risk: 0 to 1.
        looked_at: A person saw it, or decided on it.
        reasons: The weightiest first.
        weights: What each of the reasons weighs here.
    """

    cue: str
    risk: float
    looked_at: bool
    reasons: tuple[Reason, ...]
    weights: tuple[float, ...]


def risk_queue(
    project: Project,
    track: Track,
    style: Styles,
    *,
    findings: Sequence[Finding] | None = None,
) -> list[Risk]:
    """The cues of a track that have reasons to be looked at, the riskiest first.

    The risk is 1 less the product of what each group of reasons leaves: independent signs add up,
    the same sign twice does not.

    Args:
        project: The document.
        track: One of its tracks.
        style: The house style.
        findings: Of the quality check, where they are known already.

    Raises:
        PlanError: no such profile.
    """
    evidence = Evidence(project, track, project.media.frame_grid)
    listed = check_track(project, track, style) if findings is None else findings
    reasons = [reason for sign in _SIGNS for reason in sign(evidence)]
    reasons += text.from_findings(listed)
    reasons += _from_source(project, evidence, style)
    by_cue: dict[str, dict[str, Reason]] = {}
    for reason in reasons:
        groups = by_cue.setdefault(reason.cue, {})
        group = signal_of(reason.kind).group
        if group not in groups or _weight(groups[group]) < _weight(reason):
            groups[group] = reason
    places = {cue.id: place for place, cue in enumerate(evidence.cues)}
    looked = {
        c.id: c.review.seen or c.review.state is not ReviewState.UNREVIEWED for c in track.cues
    }
    queue = [
        _risk(cue, looked[cue], found.values()) for cue, found in by_cue.items() if cue in places
    ]
    return sorted(queue, key=lambda item: (-item.risk, places[item.cue]))


def _from_source(project: Project, evidence: Evidence, style: Styles) -> list[Reason]:
    """A translation of a doubtful source is doubtful."""
    if evidence.source is None or evidence.source.source is not None:
        return []
    there = {cue.id for cue in evidence.cues}
    return [
        Reason(
            cue=item.cue,
            kind="doubtful-source",
            strength=item.risk,
            message=f"Its source is doubtful: {item.reasons[0].message}",
        )
        for item in risk_queue(project, evidence.source, style, findings=())
        if item.risk >= _DOUBTFUL and item.cue in there and not item.looked_at
    ]


def _weight(reason: Reason) -> float:
    return signal_of(reason.kind).weight * reason.strength


def _risk(cue: str, looked_at: bool, reasons: Iterable[Reason]) -> Risk:
    weighed = sorted(((_weight(r), r) for r in reasons), key=lambda x: -x[0])
    left = 1.0
    for weight, _ in weighed:
        left *= 1 - weight
    return Risk(
        cue=cue,
        risk=round(1 - left, 4),
        looked_at=looked_at,
        reasons=tuple(reason for _, reason in weighed),
        weights=tuple(round(weight, 4) for weight, _ in weighed),
    )

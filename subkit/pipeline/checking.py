"""Findings of a whole project: the profile's rules, and what the recogniser was unsure of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.model import Finding, Severity
from subkit.quality import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.model import Project, Track, Window
    from subkit.pipeline.options import StyleOptions

__all__ = ["check_project", "check_track"]

_REASONS = {
    "low-score": "the recogniser was unsure of its words here",
    "loop": "the recogniser repeated itself here",
    "no-speech": "the recogniser heard no speech here",
    "language-unsure": "the language was not certain here",
}


def check_project(project: Project, style: StyleOptions) -> dict[str, list[Finding]]:
    """Findings of every track, by track id.

    Raises:
        PlanError: no such profile.
    """
    return {track.id: check_track(project, track, style) for track in project.tracks}


def check_track(project: Project, track: Track, style: StyleOptions) -> list[Finding]:
    """Findings of one track, in order of time.

    Raises:
        PlanError: no such profile.
    """
    findings = check(track, profile=style.load(track.language), media=project.media)
    windows = project.transcript.windows if project.transcript else ()
    for window in windows:
        findings += _doubts(window, track)
    return sorted(findings, key=lambda f: (f.span.start, f.span.end, f.rule))


def _doubts(window: Window, track: Track) -> Iterator[Finding]:
    for cue in track.cues:
        if not cue.span.overlaps(window.span):
            continue
        for reason in window.warnings:
            yield Finding(
                rule=f"recognition-{reason}",
                severity=Severity.WARNING,
                cue=cue.id,
                span=cue.span,
                measured=f"{window.score:.2f}",
                limit="",
                message=f"Cue {cue.id}: {_REASONS.get(reason, reason)}; listen to it.",
            )

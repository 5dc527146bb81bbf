"""Findings of a whole project: the profile's rules, and what the recogniser was unsure of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.interfaces import Subject
from subkit.model import Finding, Severity
from subkit.pipeline.translation_findings import translation_findings
from subkit.quality import check

if TYPE_CHECKING:
    from subkit.model import Cue, Project, Track, Window
    from subkit.pipeline.options import StyleOptions

__all__ = ["check_project", "check_track", "subject_of"]

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
    findings = check(subject_of(project, track, style))
    if track.source is None and project.transcript is not None:
        findings += _doubts(track, project.transcript.windows)
    findings += translation_findings(track, subject_of(project, track, style).source)
    return sorted(findings, key=lambda f: (f.span.start, f.span.end, f.rule))


def subject_of(project: Project, track: Track, style: StyleOptions) -> Subject:
    """What the quality check looks at for one track of a project.

    Raises:
        PlanError: no such profile.
    """
    return Subject(
        track=track,
        profile=style.load(track.language),
        media=project.media,
        source=next((t for t in project.tracks if t.id == track.source), None),
        shots=project.shots,
        transcript=project.transcript,
        glossary=project.glossary,
        register=project.register,
    )


def _doubts(track: Track, windows: tuple[Window, ...]) -> list[Finding]:
    """What the recogniser was unsure of, once for each cue and reason, at its worst."""
    worst: dict[tuple[str, str], Finding] = {}
    for window in windows if any(window.warnings for window in windows) else ():
        for cue in track.cues:
            for reason in window.warnings if cue.span.overlaps(window.span) else ():
                known = worst.get((cue.id, reason))
                if known is None or float(known.measured) > window.score:
                    worst[cue.id, reason] = _doubt(cue, window, reason)
    return list(worst.values())


def _doubt(cue: Cue, window: Window, reason: str) -> Finding:
    return Finding(
        rule=f"recognition-{reason}",
        severity=Severity.WARNING,
        cue=cue.id,
        span=cue.span,
        measured=f"{window.score:.2f}",
        limit="",
        message=f"Cue {cue.id}: {_REASONS.get(reason, reason)}; listen to it.",
    )

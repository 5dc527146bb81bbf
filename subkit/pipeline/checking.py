"""Findings of a whole project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.interfaces import Subject
from subkit.pipeline.translation_findings import translation_findings
from subkit.quality import check

if TYPE_CHECKING:
    from subkit.model import Finding, Project, Track
    from subkit.pipeline.options import StyleOptions

__all__ = ["check_project", "check_track", "subject_of"]

_SAME = {
    "translation-copied": "untranslated",
    "translation-empty": "empty",
    "translation-numbers": "changed-number",
    "translation-repeated": "loop",
    "translation-wrong-script": "wrong-script",
}
"""A guard of translation and the rule that says the same of a cue: it is said once."""


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
    subject = subject_of(project, track, style)
    findings = check(subject)
    said = {(finding.rule, finding.cue) for finding in findings}
    findings += [
        finding
        for finding in translation_findings(track, subject.source)
        if (_SAME.get(finding.rule), finding.cue) not in said
    ]
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

"""Findings of a whole project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.interfaces import Subject
from subkit.quality.checks import check
from subkit.quality.report import Checked
from subkit.quality.rules import RULES
from subkit.quality.translation_guards import translation_findings
from subkit.signals import STYLE, signal_of
from subkit.styles import profile_name
from subkit.timing.measures import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.interfaces import Rule
    from subkit.model import Finding, Project, Track
    from subkit.styles import Styles

__all__ = ["check_project", "check_track", "checked_tracks", "findings_of", "subject_of"]


def check_project(
    project: Project, style: Styles, rules: Sequence[Rule] = ()
) -> dict[str, list[Finding]]:
    """Findings of every track, by track id.

    Args:
        project: What the tracks are of.
        style: The house style.
        rules: Rules beside subkit's own.

    Raises:
        PlanError: no such profile.
    """
    return {track.id: check_track(project, track, style, rules) for track in project.tracks}


def checked_tracks(
    project: Project,
    style: Styles,
    *,
    tracks: Sequence[Track] | None = None,
    rules: Sequence[Rule] = RULES,
) -> list[Checked]:
    """Tracks with their findings, for a report.

    Args:
        project: What the tracks are of.
        style: The house style.
        tracks: Which tracks; ``None`` is all.
        rules: Which rules to run, beside the guards of translation.

    Raises:
        PlanError: no such profile.
    """
    found = []
    for track in project.tracks if tracks is None else tracks:
        subject = subject_of(project, track, style)
        name = profile_name(subject.profile.id, own=style.own)
        found.append(Checked(subject=subject, findings=findings_of(subject, rules), style=name))
    return found


def check_track(
    project: Project, track: Track, style: Styles, rules: Sequence[Rule] = ()
) -> list[Finding]:
    """Return the findings of one track in order of time; ``rules`` are additional rules.

    Raises:
        PlanError: no such profile.
    """
    return findings_of(subject_of(project, track, style), (*RULES, *rules))


def findings_of(subject: Subject, rules: Sequence[Rule]) -> list[Finding]:
    """Return the findings of rules and translation guards in order of time, without duplicates."""
    findings = check(subject, rules=rules)
    said = {(signal_of(finding.rule).group, finding.cue) for finding in findings}
    findings += [
        finding
        for finding in translation_findings(subject.track, subject.source)
        if (group := signal_of(finding.rule).group) == STYLE or (group, finding.cue) not in said
    ]
    return sorted(findings, key=lambda f: (instant(f.span.start), instant(f.span.end), f.rule))


def subject_of(project: Project, track: Track, style: Styles) -> Subject:
    """What the quality check looks at for one track of a project.

    Raises:
        PlanError: no such profile.
    """
    return Subject(
        track=track,
        profile=style.load(track.language, made_for=track.profile),
        media=project.media,
        source=project.source_of(track),
        shots=project.shots,
        transcript=project.transcript,
        glossary=project.glossary,
        register=project.register,
    )

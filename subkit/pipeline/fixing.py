"""Fixes over a project or a subtitle file: what the check finds and what has one right answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from subkit.edit import is_sealed
from subkit.pipeline.checking import findings_of, subject_of
from subkit.quality import RULES
from subkit.quality.fixes import fix_track
from subkit.spotting import break_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.model import Finding, Project, Track
    from subkit.pipeline.options import StyleOptions
    from subkit.quality.fixes import Fix
    from subkit.store import ProjectFile

__all__ = ["TrackFixes", "commit_fixes", "fix_project"]

TOOL = "subkit fix"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFixes:
    """The fixes of one track, in the order of its cues."""

    track: str
    fixes: tuple[Fix, ...]


def fix_project(
    project: Project, style: StyleOptions, *, tracks: Iterable[str] | None = None
) -> tuple[Project, list[TrackFixes]]:
    """The project with the mechanical faults of its tracks put right.

    Tracks come after the one they were translated from, and their cues that had its times move
    along with it.

    Args:
        project: The project.
        style: The house style.
        tracks: Ids of the tracks; ``None`` is all.

    Raises:
        PlanError: no such profile.
        InputError: no such track.
    """
    wanted = [project.track(name).id for name in tracks] if tracks is not None else None
    done = []
    for track in sorted(project.tracks, key=lambda track: track.source is not None):
        if wanted is not None and track.id not in wanted:
            continue
        now = project.track(track.id)
        subject = subject_of(project, now, style)
        found = fix_track(
            subject,
            check=partial(_findings, project, style),
            break_lines=partial(break_lines, profile=subject.profile, language=now.language),
        )
        if found.fixes:
            project = _moved_along(project.with_track(found.track), found.fixes, track.id)
        done.append(TrackFixes(track=track.id, fixes=found.fixes))
    return project, done


def _findings(project: Project, style: StyleOptions, track: Track) -> list[Finding]:
    return findings_of(subject_of(project, track, style), RULES)


def _moved_along(project: Project, fixes: Sequence[Fix], source: str) -> Project:
    """Cues of other tracks that had the times of a source cue get its new ones."""
    moved = {fix.before.id: fix for fix in fixes if fix.before.span != fix.after.span}
    for track in project.tracks if moved else ():
        if track.source != source:
            continue
        cues = tuple(
            replace(cue, span=fix.after.span)
            if (fix := moved.get(cue.id)) and cue.span == fix.before.span and not is_sealed(cue)
            else cue
            for cue in track.cues
        )
        project = project.with_track(replace(track, cues=cues))
    return project


def commit_fixes(
    store: ProjectFile, project: Project, done: Iterable[TrackFixes], *, actor: str
) -> int:
    """Write fixes into the project, each cue an entry of the ledger that names its rules.

    Args:
        store: The project file, open for writing.
        project: The project as it was read, that the fixes were made from.
        done: What :func:`fix_project` found.
        actor: Who asked for it.

    Returns:
        How many cues were fixed.

    Raises:
        StoreError: the file cannot be written.
    """
    count = 0
    for one in done:
        by_rules: dict[tuple[str, ...], list[Fix]] = {}
        for fix in one.fixes:
            by_rules.setdefault(fix.rules, []).append(fix)
        for rules, fixes in by_rules.items():
            after = {fix.before.id: fix.after for fix in fixes}
            track = project.track(one.track)
            cues = tuple(after.get(cue.id, cue) for cue in track.cues)
            project = _moved_along(project.with_track(replace(track, cues=cues)), fixes, one.track)
            action = f"fix {', '.join(rules) or 'lines'}"
            store.commit(project, actor=actor, action=action, tool=TOOL)
            count += len(fixes)
    return count

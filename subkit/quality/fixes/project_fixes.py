"""Fix a project or a subtitle file: apply all fixes to what the check finds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from subkit.edit import is_sealed
from subkit.model import Purpose
from subkit.quality.fixes.fix import fix_track
from subkit.quality.project_check import findings_of, subject_of
from subkit.quality.rules import RULES
from subkit.spotting import break_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.model import Finding, Project, Track
    from subkit.quality.fixes.fix import Fix
    from subkit.styles import Styles

__all__ = ["TrackFixes", "fix_project", "move_along"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFixes:
    """The fixes of one track, in the order of its cues."""

    track: str
    fixes: tuple[Fix, ...]


def fix_project(
    project: Project, style: Styles, *, tracks: Iterable[str] | None = None
) -> tuple[Project, list[TrackFixes]]:
    """Fix all tracks of a project but those to be dubbed, which nobody reads.

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
        if track.purpose is Purpose.DUBBING:
            continue
        now = project.track(track.id)
        subject = subject_of(project, now, style)
        found = fix_track(
            subject,
            check=partial(_findings, project, style),
            break_lines=partial(break_lines, profile=subject.profile, language=now.language),
        )
        if found.fixes:
            project = move_along(project.with_track(found.track), found.fixes, track.id)
        done.append(TrackFixes(track=track.id, fixes=found.fixes))
    return project, done


def _findings(project: Project, style: Styles, track: Track) -> list[Finding]:
    return findings_of(subject_of(project, track, style), RULES)


def move_along(project: Project, fixes: Sequence[Fix], source: str) -> Project:
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

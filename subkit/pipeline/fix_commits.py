"""Fixes written into the project file, one ledger entry a cue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.quality.fixes.project_fixes import move_along

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.model import Project
    from subkit.quality.fixes import Fix
    from subkit.quality.fixes.project_fixes import TrackFixes
    from subkit.store import ProjectFile

__all__ = ["commit_fixes"]

TOOL = "subkit fix"


def commit_fixes(
    store: ProjectFile, project: Project, done: Iterable[TrackFixes], *, actor: str
) -> int:
    """Write fixes into the project, each cue an entry of the ledger that names its rules.

    All of them are one transaction: they are undone together.

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
    count, transaction = 0, None
    for one in done:
        by_rules: dict[tuple[str, ...], list[Fix]] = {}
        for fix in one.fixes:
            by_rules.setdefault(fix.rules, []).append(fix)
        for rules, fixes in by_rules.items():
            after = {fix.before.id: fix.after for fix in fixes}
            track = project.track(one.track)
            cues = tuple(after.get(cue.id, cue) for cue in track.cues)
            project = move_along(project.with_track(replace(track, cues=cues)), fixes, one.track)
            action = f"fix {', '.join(rules) or 'lines'}"
            entries = store.commit(
                project, actor=actor, action=action, tool=TOOL, transaction=transaction
            )
            transaction = entries[0].transaction if entries else transaction
            count += len(fixes)
    return count

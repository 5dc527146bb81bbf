"""Fixes for findings that have only one right answer.

A fix is one function of a rule's name: what the cue should say, or when it should stand. All are
tried together and the track is checked again; a cue for which the check now finds something new is
left as it was. So a fix never trades one fault for another.
"""

from subkit.quality.fixes.fix import Fix, FixedTrack, fix_track
from subkit.quality.fixes.line_fixes import TEXT_FIXES
from subkit.quality.fixes.project_fixes import TrackFixes, fix_project
from subkit.quality.fixes.time_fixes import TIME_FIXES

__all__ = [
    "TEXT_FIXES",
    "TIME_FIXES",
    "Fix",
    "FixedTrack",
    "TrackFixes",
    "fix_project",
    "fix_track",
]

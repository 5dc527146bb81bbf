"""Time, as the algorithms share it: shot changes, snapping to them, what is measured of a cue."""

from subkit.timing.cuts import Cuts, ShotFault, cuts_of, shot_faults, snap_in, snap_out
from subkit.timing.snapping import Bounds, Times, snap_cues

__all__ = [
    "Bounds",
    "Cuts",
    "ShotFault",
    "Times",
    "cuts_of",
    "shot_faults",
    "snap_cues",
    "snap_in",
    "snap_out",
]

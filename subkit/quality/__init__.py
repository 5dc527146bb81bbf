"""Quality: a track and its profile -> findings.

==============  ========  ====================================================================
rule            severity  finds
==============  ========  ====================================================================
order           error     a cue that starts before the one before it
overlap         error     a cue on screen together with an earlier one in the same place
gap             error     fewer frames than ``min_gap_frames`` between two cues in one place
min-duration    error     a cue shorter than ``min_duration``
max-duration    warning   a cue longer than ``max_duration``
lines           error     more lines than ``max_lines``
cpl             error     a line wider than ``max_cpl`` in the profile's counting
reading-speed   warning   more characters a second than ``max_cps``
empty           error     a cue without text
off-grid        warning   an in- or out-time between two frames
==============  ========  ====================================================================

Hard limits (what spotting never breaks) are errors; recommendations, which speech itself may
force one to leave, are warnings.
"""

from subkit.quality.check import check, summarize
from subkit.quality.rules import RULES, CueRule, TrackRule

__all__ = ["RULES", "CueRule", "TrackRule", "check", "summarize"]

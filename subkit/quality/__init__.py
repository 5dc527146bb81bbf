"""Quality: a track and its profile -> findings.

Each rule is a small function in a module of :mod:`subkit.quality.rules`; `docs/quality.md` has the
table. Hard limits (what spotting never breaks) and broken text are errors; recommendations, which
speech itself may force one to leave, and what a person must judge are warnings.
"""

from subkit.quality.accounting import Accounting, account
from subkit.quality.checks import check, summarize
from subkit.quality.project_check import check_project, check_track, checked_tracks
from subkit.quality.readability import ReadingShare, reading_shares
from subkit.quality.rule import Breach, CueRule, TrackRule
from subkit.quality.rules import RULES
from subkit.quality.rules.word_lists import word_rules
from subkit.quality.spelling import spelling_rule

__all__ = [
    "RULES",
    "Accounting",
    "Breach",
    "CueRule",
    "ReadingShare",
    "TrackRule",
    "account",
    "check",
    "check_project",
    "check_track",
    "checked_tracks",
    "reading_shares",
    "spelling_rule",
    "summarize",
    "word_rules",
]

"""Quality: a track and its profile -> findings.

Each rule is a small function in a module of :mod:`subkit.quality.rules`; `docs/quality.md` has the
table. Hard limits (what spotting never breaks) and broken text are errors; recommendations, which
speech itself may force one to leave, and what a person must judge are warnings.
"""

from subkit.quality.checks import check, summarize
from subkit.quality.rule import Breach, CueRule, TrackRule
from subkit.quality.rules import RULES
from subkit.quality.rules.word_lists import word_rules

__all__ = ["RULES", "Breach", "CueRule", "TrackRule", "check", "summarize", "word_rules"]

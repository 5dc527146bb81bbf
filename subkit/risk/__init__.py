"""The queue: which cues to look at first, and why.

Every sign is a small function over a :class:`~subkit.risk.evidence.Evidence`; what a sign weighs
stands in one table, :data:`~subkit.risk.sign_weights.WEIGHTS`. Signs are reasons to look, never
verdicts: loops, for one, come with high scores.
"""

from subkit.risk.queue import Reason, Risk, risk_queue
from subkit.risk.sign_weights import WEIGHTS

__all__ = ["WEIGHTS", "Reason", "Risk", "risk_queue"]

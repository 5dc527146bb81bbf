"""The queue: which cues to look at first, and why.

Every sign is a small function over a :class:`~subkit.pipeline.risk.sheet.Sheet`; what a sign weighs
stands in one table, :data:`~subkit.pipeline.risk.weights.WEIGHTS`. Signs are reasons to look, never
verdicts: loops, for one, come with high scores.
"""

from subkit.pipeline.risk.queue import Reason, Risk, risk_queue
from subkit.pipeline.risk.weights import WEIGHTS

__all__ = ["WEIGHTS", "Reason", "Risk", "risk_queue"]

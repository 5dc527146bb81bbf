"""The queue: which cues to look at first, and why.

Every sign is a small function over a :class:`~subkit.risk.evidence.Evidence`; what a sign weighs
stands in one table, :data:`subkit.signals.SIGNALS`. Signs are reasons to look, never
verdicts: loops, for one, come with high scores.
"""

from subkit.risk.queue import Reason, Risk, risk_queue

__all__ = ["Reason", "Risk", "risk_queue"]

"""What can be wrong with a cue: one key, one sentence and one weight for each."""

from subkit.signals.loops import find_loop, most_rounds
from subkit.signals.registry import (
    GUARDS,
    RECOGNITION,
    SIGNALS,
    STYLE,
    Signal,
    signal_of,
)

__all__ = [
    "GUARDS",
    "RECOGNITION",
    "SIGNALS",
    "STYLE",
    "Signal",
    "find_loop",
    "most_rounds",
    "signal_of",
]

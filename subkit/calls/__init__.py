"""The calls of the public API: each does one thing and gives one kind of result.

``subkit`` has them at its top; ``docs/python.md`` shows them.
"""

from subkit.calls.align_calls import align
from subkit.calls.conform_calls import conform
from subkit.calls.editor import Editor, open_for_editing
from subkit.calls.engine_set import Engines
from subkit.calls.film_calls import run, spot, transcribe
from subkit.calls.outcome import Findings, Result
from subkit.calls.sync_calls import sync
from subkit.calls.track_calls import check, export, fix, load, translate

__all__ = [
    "Editor",
    "Engines",
    "Findings",
    "Result",
    "align",
    "check",
    "conform",
    "export",
    "fix",
    "load",
    "open_for_editing",
    "run",
    "spot",
    "sync",
    "transcribe",
    "translate",
]

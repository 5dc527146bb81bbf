"""Exit codes: one table, also in the README."""

from __future__ import annotations

from subkit import errors
from subkit_cli.interrupts import Interrupted

__all__ = ["DONE", "FAULT", "GATE", "INTERRUPTED", "PARTLY", "USAGE", "exit_code", "kind_of"]

DONE = 0
FAULT = 1
USAGE = 2
BAD_INPUT = 3
MISSING = 4
GATE = 5
NOT_APPROVED = 6
PARTLY = 7
SIGNALLED = 128
INTERRUPTED = 130

# The first class that fits decides, so the more special come first.
_CODES: tuple[tuple[type[errors.SubkitError], int], ...] = (
    (errors.ApprovalError, NOT_APPROVED),
    (errors.LossError, GATE),
    (errors.EvidenceError, GATE),
    (errors.BatchError, PARTLY),
    (errors.PlanError, USAGE),
    (errors.ModelNotFound, MISSING),
    (errors.DeviceError, MISSING),
    (errors.PluginError, MISSING),
    (errors.EngineError, FAULT),
    (errors.InputError, BAD_INPUT),
    (errors.MediaError, BAD_INPUT),
    (errors.StoreError, BAD_INPUT),
)


def exit_code(error: BaseException) -> int:
    """The exit code for an error: 1 for anything subkit did not raise on purpose.

    What a signal stopped ends with 128 and the signal's number, as a shell counts.
    """
    if isinstance(error, Interrupted):
        return SIGNALLED + error.signal
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    return next((code for kind, code in _CODES if isinstance(error, kind)), FAULT)


def kind_of(error: errors.SubkitError) -> str:
    """The name of an error's class, as programs see it in JSON."""
    return error.kind

"""The error tree of subkit.

::

    SubkitError
    ├── InputError            what the user gave cannot be used
    │   ├── FormatError       a file is not what its format demands (line and column)
    │   ├── TimecodeError     a text is not a timecode, or not one at this frame rate
    │   └── SchemaError       a document does not have the shape subkit writes
    ├── MediaError            a media file cannot be opened, probed or decoded
    ├── EngineError           a model or a device failed
    │   ├── ModelNotFound     no such model here; says how to fetch it
    │   └── DeviceError       the device or compute type asked for is not there
    ├── PlanError             the work asked for cannot be planned (unknown option, direction…)
    ├── PluginError           a plug-in is missing or is not of its kind
    ├── StoreError            the project file or an output could not be read or written
    │   ├── LockedError       another process is writing to the project
    │   └── StaleError        the change was made against an older state
    ├── ApprovalError         people have not approved what was asked for
    └── BatchError            some of several media failed

Every error is one sentence with the value in it, and a ``remedy``: what to do about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ApprovalError",
    "BatchError",
    "DeviceError",
    "EngineError",
    "FormatError",
    "InputError",
    "LockedError",
    "MediaError",
    "ModelNotFound",
    "PlanError",
    "PluginError",
    "SchemaError",
    "StaleError",
    "StoreError",
    "SubkitError",
    "TimecodeError",
]


class SubkitError(Exception):
    """Base of every error that subkit raises on purpose.

    Attributes:
        message: One sentence that names the file or value and what is wrong with it.
        remedy: What to do about it, one sentence; empty where nothing can be said.
        facts: The values in the message, for programs.
    """

    def __init__(self, message: str, *, remedy: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.facts = facts

    def __str__(self) -> str:
        """The message and the remedy, as a person reads them."""
        return f"{self.message} {self.remedy}".rstrip()

    def __reduce__(self) -> tuple[Callable[..., SubkitError], tuple[Any, ...]]:
        """Survive pickling with all facts: a worker's error reaches the caller whole."""
        return _rebuild, (type(self), self.message, self.remedy, self.facts)


def _rebuild(
    kind: type[SubkitError], message: str, remedy: str, facts: dict[str, object]
) -> SubkitError:
    return kind(message, remedy=remedy, **facts)


class InputError(SubkitError):
    """What the user gave cannot be used."""


class FormatError(InputError):
    """A file is not what its format demands; ``facts`` carry ``line`` and ``column``."""


class TimecodeError(InputError):
    """A text is not a timecode, or not a legal one at this frame rate."""


class SchemaError(InputError):
    """A document does not have the shape that subkit writes; ``facts`` carry ``path``."""


class MediaError(SubkitError):
    """A media file cannot be opened, probed or decoded."""


class EngineError(SubkitError):
    """A model or a device failed."""


class ModelNotFound(EngineError):  # noqa: N818 - the name reads as what happened
    """No such model on this machine; the remedy says how to get it."""


class DeviceError(EngineError):
    """The device or compute type asked for is not there."""


class PlanError(SubkitError):
    """The work asked for cannot be planned: unknown option, language or direction."""


class PluginError(SubkitError):
    """A plug-in is missing or is not of its kind."""


class StoreError(SubkitError):
    """The project file or an output could not be read or written."""


class LockedError(StoreError):
    """Another process is writing to the project."""


class StaleError(StoreError):
    """The change was made against an older state of the project."""


class ApprovalError(SubkitError):
    """People have not approved what was asked for; ``facts['cues']`` lists what is missing."""


class BatchError(SubkitError):
    """Some of several media failed; ``facts['failures']`` maps each to its error."""

"""The error tree of subkit.

::

    SubkitError
    ├── InputError            what the user gave cannot be used
    │   ├── FormatError       a file is not what its format demands (line and column)
    │   ├── TimecodeError     a text is not a timecode, or not one at this frame rate
    │   ├── SchemaError       a document does not have the shape subkit writes
    │   ├── NotFoundError     the track, cue or file that was named is not there
    │   └── CueLockedError    the cue is locked or approved
    ├── MediaError            a media file cannot be opened, probed or decoded
    │   └── NoSpeechError     nobody speaks in it
    ├── EngineError           a model or a device failed
    │   ├── ModelNotFound     no such model here; says how to fetch it
    │   └── DeviceError       the device or compute type asked for is not there
    ├── PlanError             the work asked for cannot be planned (unknown option, direction…)
    ├── PluginError           a plug-in is missing or is not of its kind
    ├── StoreError            the project file or an output could not be read or written
    │   ├── LockedError       another process is writing to the project
    │   ├── DamagedError      the file is not what subkit wrote
    │   └── StaleError        the change was made against an older state
    │       └── ConflictError somebody changed the same cue (both versions)
    ├── ApprovalError         people have not approved what was asked for
    ├── LossError             a format cannot hold all of a track, and nothing may be lost
    ├── EvidenceError         what was asked for cannot be believed: reasons
    └── BatchError            some of several media failed (which, and why)

Every error is one sentence with the value in it, and a ``remedy``: what to do about it. What a
program may need to decide is a field of the error's class; ``facts`` hold more for people to read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from typing_extensions import Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "ApprovalError",
    "BatchError",
    "ConflictError",
    "CueLockedError",
    "DamagedError",
    "DeviceError",
    "EngineError",
    "EvidenceError",
    "FormatError",
    "InputError",
    "LockedError",
    "LossError",
    "MediaError",
    "ModelNotFound",
    "NoSpeechError",
    "NotFoundError",
    "PlanError",
    "PluginError",
    "SchemaError",
    "StaleError",
    "StoreError",
    "SubkitError",
    "TimecodeError",
]


_Error = TypeVar("_Error", bound="SubkitError")


class SubkitError(Exception):
    """Base of every error that subkit raises on purpose.

    Attributes:
        message: One sentence that names the file or value and what is wrong with it.
        remedy: What to do about it, one sentence; empty where nothing can be said.
        facts: The values in the message, to be printed; nothing is decided by them.
        kind: What JSON output calls the error: the name of its class, or of the class that it
            refines where programs know that one.
    """

    kind = "SubkitError"

    def __init_subclass__(cls) -> None:
        """Name the kind after the class, unless the class says otherwise."""
        cls.kind = cls.__dict__.get("kind", cls.__name__)

    def __init__(self, message: str, *, remedy: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.facts = facts

    def __str__(self) -> str:
        """The message and the remedy, as a person reads them."""
        return f"{self.message} {self.remedy}".rstrip()

    def with_remedy(self, remedy: str) -> Self:
        """Return the same error with another remedy, all its fields kept."""
        return _rebuild(type(self), self.message, {**vars(self), "remedy": remedy})

    def __reduce__(self) -> tuple[Callable[..., SubkitError], tuple[Any, ...]]:
        """Survive pickling with all fields: a worker's error reaches the caller whole."""
        return _rebuild, (type(self), self.message, dict(vars(self)))


def _rebuild(kind: type[_Error], message: str, fields: dict[str, object]) -> _Error:
    error = kind(message)
    vars(error).update(fields)
    return error


def _told(**fields: str) -> dict[str, str]:
    """The fields that say something: they are facts to print, too."""
    return {name: value for name, value in fields.items() if value}


class InputError(SubkitError):
    """What the user gave cannot be used."""


class FormatError(InputError):
    """A file is not what its format demands.

    Attributes:
        line: On which line, from 1; 0 where no line can be named.
        column: At which character of it, from 1; 0 likewise.
    """

    def __init__(
        self, message: str, *, remedy: str = "", line: int = 0, column: int = 0, **facts: object
    ) -> None:
        places = {name: n for name, n in (("line", line), ("column", column)) if n}
        super().__init__(message, remedy=remedy, **places, **facts)
        self.line = line
        self.column = column


class TimecodeError(InputError):
    """A text is not a timecode, or not a legal one at this frame rate."""


class SchemaError(InputError):
    """A document does not have the shape that subkit writes.

    Attributes:
        path: Which part of the document; empty where the whole.
    """

    def __init__(self, message: str, *, remedy: str = "", path: str = "", **facts: object) -> None:
        super().__init__(message, remedy=remedy, **_told(path=path), **facts)
        self.path = path


class NotFoundError(InputError):
    """The track, cue or file that was named is not there."""

    kind = "InputError"


class CueLockedError(InputError):
    """A cue is locked or approved, so it cannot be changed.

    Attributes:
        cue: Id of the cue.
        state: ``"locked"`` or ``"approved"``.
    """

    kind = "InputError"

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        cue: str = "",
        state: str = "locked",
        **facts: object,
    ) -> None:
        super().__init__(message, remedy=remedy, **_told(cue=cue), **facts)
        self.cue = cue
        self.state = state


class MediaError(SubkitError):
    """A media file cannot be opened, probed or decoded."""


class NoSpeechError(MediaError):
    """Nobody speaks in a media file that is otherwise sound."""

    kind = "MediaError"


class EngineError(SubkitError):
    """A model or a device failed.

    Attributes:
        reason: In a few words, where another sentence may quote it; else empty.
        path: The file or directory at fault; empty where none is.
    """

    def __init__(
        self, message: str, *, remedy: str = "", reason: str = "", path: str = "", **facts: object
    ) -> None:
        told = _told(reason=reason, path=path)
        super().__init__(message, remedy=remedy, **told, **facts)
        self.reason = reason
        self.path = path


class ModelNotFound(EngineError):  # noqa: N818 - the name reads as what happened
    """No such model on this machine; the remedy says how to get it."""


class DeviceError(EngineError):
    """The device or compute type asked for is not there."""


class PlanError(SubkitError):
    """The work asked for cannot be planned: unknown option, language or direction.

    Attributes:
        option: Name of the option that has a wrong value; empty where it is not one option.
        language: The language that cannot be worked with; empty where it is not a language.
        model: Name of the model that was asked for too much; empty where it is not a model.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        option: str = "",
        language: str = "",
        model: str = "",
        **facts: object,
    ) -> None:
        told = _told(option=option, language=language, model=model)
        super().__init__(message, remedy=remedy, **told, **facts)
        self.option = option
        self.language = language
        self.model = model


class PluginError(SubkitError):
    """A plug-in is missing or is not of its kind."""


class StoreError(SubkitError):
    """The project file or an output could not be read or written."""


class LockedError(StoreError):
    """Another process is writing to the project.

    Attributes:
        pid: Its process id; ``None`` where not known.
    """

    def __init__(
        self, message: str, *, remedy: str = "", pid: int | None = None, **facts: object
    ) -> None:
        super().__init__(message, remedy=remedy, pid=pid, **facts)
        self.pid = pid


class DamagedError(StoreError):
    """A project file or a register is not what subkit wrote."""

    kind = "StoreError"


class StaleError(StoreError):
    """The change was made against an older state of the project."""


class ConflictError(StaleError):
    """Another person has changed the same cue since it was read.

    Attributes:
        track: Id of the track; empty where not known.
        cue: Id of the cue; empty where not known.
        yours: What was asked for; ``None`` where it was not an edit of one cue.
        theirs: The cue as it is now, as plain data; ``None`` if it is gone.
        entries: What was done to it since, as plain data.
    """

    kind = "StaleError"

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        track: str = "",
        cue: str = "",
        yours: dict[str, Any] | None = None,
        theirs: dict[str, Any] | None = None,
        entries: tuple[dict[str, Any], ...] = (),
        **facts: object,
    ) -> None:
        super().__init__(message, remedy=remedy, **_told(track=track, cue=cue), **facts)
        self.track = track
        self.cue = cue
        self.yours = yours
        self.theirs = theirs
        self.entries = entries


class ApprovalError(SubkitError):
    """People have not approved what was asked for.

    Attributes:
        cues: The cues concerned, as ``track/cue``.
        missing: What stands in the way: track, gate, message and cues of each.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        cues: Sequence[str] = (),
        missing: Sequence[Mapping[str, Any]] = (),
        **facts: object,
    ) -> None:
        told = {name: list(v) for name, v in (("cues", cues), ("missing", missing)) if v}
        super().__init__(message, remedy=remedy, **told, **facts)
        self.cues = tuple(cues)
        self.missing = tuple(missing)


class EvidenceError(SubkitError):
    """Evidence is too weak for a result that could be believed.

    Attributes:
        reasons: Why, a sentence each.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        reasons: Sequence[str] = (),
        **facts: object,
    ) -> None:
        super().__init__(message, remedy=remedy, **facts)
        self.reasons = tuple(reasons)


class LossError(SubkitError):
    """A format cannot hold all of a track, and nothing may be lost.

    Attributes:
        files: File that was to be written -> what it would have lost.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        files: Mapping[str, str] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(message, remedy=remedy, **facts)
        self.files = dict(files or {})


class BatchError(SubkitError):
    """Some of several media failed.

    Attributes:
        failures: Media file -> why.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        failures: Mapping[str, SubkitError] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(message, remedy=remedy, **facts)
        self.failures = dict(failures or {})

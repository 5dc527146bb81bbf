"""subkit: from a film to reviewable subtitle tracks.

>>> import subkit
>>> project = subkit.run("film.mkv", to=["ko"])       # doctest: +SKIP
>>> project.track("ko").cues                           # doctest: +SKIP
>>> subkit.export(project, "film.ko.srt")              # doctest: +SKIP

Public names are loaded on first use, so that importing costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subkit.errors import (
        ApprovalError,
        BatchError,
        ConflictError,
        CueLockedError,
        DamagedError,
        DeviceError,
        EngineError,
        FormatError,
        InputError,
        LockedError,
        MediaError,
        ModelNotFound,
        NotFoundError,
        PlanError,
        PluginError,
        SchemaError,
        StaleError,
        StoreError,
        SubkitError,
        TimecodeError,
    )
    from subkit.model import Cue, Finding, Profile, Project, Track
    from subkit.pipeline import RunOptions, export, translate_subtitle
    from subkit.pipeline.title_runs import run
    from subkit.store import load

__all__ = [
    "ApprovalError",
    "BatchError",
    "ConflictError",
    "Cue",
    "CueLockedError",
    "DamagedError",
    "DeviceError",
    "EngineError",
    "Finding",
    "FormatError",
    "InputError",
    "LockedError",
    "MediaError",
    "ModelNotFound",
    "NotFoundError",
    "PlanError",
    "PluginError",
    "Profile",
    "Project",
    "RunOptions",
    "SchemaError",
    "StaleError",
    "StoreError",
    "SubkitError",
    "TimecodeError",
    "Track",
    "export",
    "load",
    "run",
    "translate_subtitle",
]

_HOMES = {
    "ApprovalError": "subkit.errors",
    "BatchError": "subkit.errors",
    "ConflictError": "subkit.errors",
    "Cue": "subkit.model",
    "CueLockedError": "subkit.errors",
    "DamagedError": "subkit.errors",
    "DeviceError": "subkit.errors",
    "EngineError": "subkit.errors",
    "Finding": "subkit.model",
    "FormatError": "subkit.errors",
    "InputError": "subkit.errors",
    "LockedError": "subkit.errors",
    "MediaError": "subkit.errors",
    "ModelNotFound": "subkit.errors",
    "NotFoundError": "subkit.errors",
    "PlanError": "subkit.errors",
    "PluginError": "subkit.errors",
    "Profile": "subkit.model",
    "Project": "subkit.model",
    "RunOptions": "subkit.pipeline",
    "SchemaError": "subkit.errors",
    "StaleError": "subkit.errors",
    "StoreError": "subkit.errors",
    "SubkitError": "subkit.errors",
    "TimecodeError": "subkit.errors",
    "Track": "subkit.model",
    "export": "subkit.pipeline",
    "load": "subkit.store",
    "run": "subkit.pipeline.title_runs",
    "translate_subtitle": "subkit.pipeline",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'subkit' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)

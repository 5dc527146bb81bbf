"""subkit: from a film to reviewable subtitle tracks.

>>> import subkit
>>> result = subkit.run("film.mkv", to="ko")           # doctest: +SKIP
>>> result.track("ko").cues                            # doctest: +SKIP
>>> subkit.export(result, "film.ko.srt")               # doctest: +SKIP

Public names are loaded on first use, so that importing costs nothing. docs/python.md shows each.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subkit.calls import (
        Engines,
        Result,
        align,
        check,
        conform,
        export,
        fix,
        load,
        run,
        spot,
        sync,
        transcribe,
        translate,
    )
    from subkit.calls import open_for_editing as open  # noqa: A004 - subkit.open, as gzip.open
    from subkit.errors import (
        ApprovalError,
        BatchError,
        ConflictError,
        CueLockedError,
        DamagedError,
        DeviceError,
        EngineError,
        EvidenceError,
        FormatError,
        InputError,
        LockedError,
        LossError,
        MediaError,
        ModelNotFound,
        NoSpeechError,
        NotFoundError,
        PlanError,
        PluginError,
        SchemaError,
        StaleError,
        StoreError,
        SubkitError,
        TimecodeError,
    )
    from subkit.formats.pysubs2_scripts import from_pysubs2, to_pysubs2
    from subkit.interfaces import (
        Hypothesis,
        ModelFacts,
        SpeechWindow,
        SpokenText,
        Subject,
        WindowResult,
    )
    from subkit.interfaces.file_contents import (
        FileContent,
        Loss,
        ReadRequest,
        WriteRequest,
        WrittenFile,
    )
    from subkit.model import (
        Area,
        Cue,
        Feature,
        Finding,
        FrameRate,
        Mark,
        Placement,
        Profile,
        Project,
        Quantity,
        Severity,
        Span,
        Track,
        Window,
        Word,
    )
    from subkit.pipeline import RunOptions

__all__ = [
    "ApprovalError",
    "Area",
    "BatchError",
    "ConflictError",
    "Cue",
    "CueLockedError",
    "DamagedError",
    "DeviceError",
    "EngineError",
    "Engines",
    "EvidenceError",
    "Feature",
    "FileContent",
    "Finding",
    "FormatError",
    "FrameRate",
    "Hypothesis",
    "InputError",
    "LockedError",
    "Loss",
    "LossError",
    "Mark",
    "MediaError",
    "ModelFacts",
    "ModelNotFound",
    "NoSpeechError",
    "NotFoundError",
    "Placement",
    "PlanError",
    "PluginError",
    "Profile",
    "Project",
    "Quantity",
    "ReadRequest",
    "Result",
    "RunOptions",
    "SchemaError",
    "Severity",
    "Span",
    "SpeechWindow",
    "SpokenText",
    "StaleError",
    "StoreError",
    "Subject",
    "SubkitError",
    "TimecodeError",
    "Track",
    "Window",
    "WindowResult",
    "Word",
    "WriteRequest",
    "WrittenFile",
    "align",
    "check",
    "conform",
    "export",
    "fix",
    "from_pysubs2",
    "load",
    "open",
    "run",
    "spot",
    "sync",
    "to_pysubs2",
    "transcribe",
    "translate",
]

_PLACES = {
    "subkit.calls": (
        "Engines Result align check conform export fix load run spot sync transcribe translate"
    ),
    "subkit.errors": (
        "ApprovalError BatchError ConflictError CueLockedError DamagedError DeviceError "
        "EngineError EvidenceError FormatError InputError LockedError LossError MediaError "
        "ModelNotFound NoSpeechError NotFoundError PlanError PluginError SchemaError StaleError "
        "StoreError SubkitError TimecodeError"
    ),
    "subkit.formats.pysubs2_scripts": "from_pysubs2 to_pysubs2",
    "subkit.interfaces": "Hypothesis ModelFacts SpeechWindow SpokenText Subject WindowResult",
    "subkit.interfaces.file_contents": "FileContent Loss ReadRequest WriteRequest WrittenFile",
    "subkit.model": (
        "Area Cue Feature Finding FrameRate Mark Placement Profile "
        "Project Quantity Severity Span Track Window Word"
    ),
    "subkit.pipeline": "RunOptions",
}

_HOMES = {
    **{name: (home, name) for home, names in _PLACES.items() for name in names.split()},
    "open": ("subkit.calls", "open_for_editing"),
}
"""Public name -> the module it is loaded from, and what it is called there."""


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOMES:
        message = f"module 'subkit' has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=sys.modules[__name__])
    module, real = _HOMES[name]
    return getattr(import_module(module), real)


def __dir__() -> list[str]:
    return sorted(__all__)

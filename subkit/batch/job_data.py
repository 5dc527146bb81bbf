"""The job of a title as text that a ledger keeps and a worker process reads back.

Only what differs from the defaults is written. Classes are named, and only those listed here are
made again: the text comes from a file that anybody may have changed.
"""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

from subkit.decode import RecognitionOptions, WindowOptions
from subkit.engines import RefineOptions, TranslatorOptions
from subkit.errors import PlanError, SchemaError, SubkitError
from subkit.media import AudioOptions, ShotOptions
from subkit.pipeline import RunOptions
from subkit.spotting import SpottingOptions
from subkit.styles import Styles
from subkit.styles.numbers import Layer, Note, StyleNumber
from subkit.translation import TranslationOptions

__all__ = ["TitleJob", "job_from_text", "job_text"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TitleJob:
    """What is to be done with one title of a batch.

    Attributes:
        id: Its name in the batch, also the path of its results below the output folder.
        media: The media file, absolute.
        options: Options of all stages.
        formats: Names of the formats to write.
        names: Template of the names of its subtitle files.
        overwrite: Replace subtitle files that are there; a project is never replaced.
        undisclosed_by: Who leaves out the disclosures; ``None`` writes them.
        strict: Write nothing where a format cannot hold all of a track.
        priority: Higher is done first.
        deadline: Day or time in ISO 8601 by which it is needed; empty for none.
    """

    id: str
    media: Path
    options: RunOptions = RunOptions()  # noqa: RUF009 - a frozen value
    formats: tuple[str, ...] = ("srt",)
    names: str = "{id}.{language}"
    overwrite: bool = False
    undisclosed_by: str | None = None
    strict: bool = False
    priority: int = 0
    deadline: str = ""


_CLASSES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        TitleJob, RunOptions, AudioOptions, Layer, Note, RecognitionOptions, RefineOptions,
        ShotOptions, SpottingOptions, StyleNumber, Styles, TranslationOptions, TranslatorOptions,
        WindowOptions,
    )
}  # fmt: skip


def job_text(job: TitleJob) -> str:
    """Return a job as JSON; equal jobs have equal texts.

    Raises:
        PlanError: a plug-in is given as an object, which no other process can have.
    """
    return json.dumps(_plain(job), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def job_from_text(text: str) -> TitleJob:
    """Return the job that :func:`job_text` wrote.

    Raises:
        SchemaError: the text is no job.
    """
    try:
        job = _value(json.loads(text))
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError, SubkitError) as error:
        raise SchemaError(
            "The ledger of the batch holds a job that cannot be read.",
            remedy="It was made by another version, or changed: begin a new batch with -o.",
        ) from error
    if not isinstance(job, TitleJob):
        raise SchemaError("The ledger of the batch holds something that is no job.")
    return job


def _plain(value: Any) -> Any:
    if value is None or type(value) in {bool, int, float, str}:
        return value
    if isinstance(value, (Path, Fraction)):
        return {"path" if isinstance(value, Path) else "fraction": str(value)}
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {"pairs": [[_plain(key), _plain(item)] for key, item in value.items()]}
    if type(value).__name__ in _CLASSES and dataclasses.is_dataclass(value):
        return {"class": type(value).__name__, **_changed(value)}
    raise PlanError(
        f"A batch cannot hold {type(value).__name__}: its titles are run in other processes.",
        remedy="Name the plug-in instead of giving an object.",
    )


def _changed(value: Any) -> dict[str, Any]:
    """The fields of a dataclass that differ from their defaults."""
    found = {}
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        usual = field.default
        if field.default_factory is not dataclasses.MISSING:
            usual = field.default_factory()
        if usual is dataclasses.MISSING or item != usual:
            found[field.name] = _plain(item)
    return {"fields": found}


def _value(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(_value(item) for item in data)
    if not isinstance(data, dict):
        return data
    if "class" in data:
        fields = {name: _value(item) for name, item in data["fields"].items()}
        return _CLASSES[data["class"]](**fields)
    if "path" in data:
        return Path(data["path"])
    if "fraction" in data:
        return Fraction(data["fraction"])
    return {_value(key): _value(item) for key, item in data["pairs"]}

"""Who made what, for the ledger and for the disclosure of every export."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from subkit.model import Origin, Provenance, Track
from subkit.model.clock import utc_seconds

if TYPE_CHECKING:
    from subkit.interfaces import ModelFacts
    from subkit.model import Project

__all__ = [
    "ACTOR",
    "DEMO_WARNING",
    "import_provenance",
    "is_demo",
    "makers",
    "recognition_provenance",
    "tool_version",
    "translation_provenance",
]

ACTOR = "subkit"
"""Who changed a project when subkit did it by itself, for the ledger."""

DEMO_WARNING = (
    "The demo models know only a small domain of invented film dialogue in synthetic voices; "
    "outside it they write fluent sentences that nobody said."
)


@cache
def tool_version(package: str) -> str:
    """The installed version of a package, or an empty text."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def recognition_provenance(model: ModelFacts, key: str, mode: str, task: str) -> Provenance:
    """Provenance of words that ``model`` recognised in ``mode`` under the options of ``key``.

    Where its task was to translate, that is told as well: nobody said these words.
    """
    made = _machine(Origin.ASR, "faster-whisper", model, key)
    if model.plugin:
        return made
    how = f"{mode} mode, translating into English" if task == "translate" else f"{mode} mode"
    return replace(made, version=f"{made.version} ({how})")


def translation_provenance(model: ModelFacts, key: str) -> Provenance:
    """Provenance of text that ``model`` translated under the options of ``key``."""
    return replace(_machine(Origin.MT, "ctranslate2", model, key), low_score=model.low_score)


def import_provenance(key: str) -> Provenance:
    """Provenance of text that was read from a file; ``key`` names its content and language.

    Who or what made the text is not known.
    """
    return Provenance(
        origin=Origin.IMPORT,
        tool="subkit",
        version=tool_version("subkit"),
        options_digest=key,
        time=utc_seconds(),
    )


def _machine(origin: Origin, tool: str, model: ModelFacts, key: str) -> Provenance:
    return Provenance(
        origin=origin,
        tool=model.plugin or tool,
        version=model.plugin_version if model.plugin else tool_version(tool),
        model=model.name,
        model_digest=model.digest,
        options_digest=key,
        time=utc_seconds(),
        demo=model.demo,
    )


def makers(project: Project, track: Track) -> set[Provenance]:
    """The provenances that took part in a track: its cues' and the transcript's."""
    made = {cue.provenance for cue in track.cues if cue.provenance is not None}
    if project.transcript is not None:
        made.add(project.transcript.provenance)
    return made


def is_demo(project: Project, track: Track) -> bool:
    """Whether an embedded demo model took part in a track."""
    return any(made.demo for made in makers(project, track))

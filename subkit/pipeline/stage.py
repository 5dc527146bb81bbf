"""What a stage is: what it needs of a project, what it makes, and the function that does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from subkit.interfaces import ModelFacts, Progress
    from subkit.interfaces.file_contents import Loss
    from subkit.model import Project
    from subkit.pipeline.loaded_engines import LoadedRecognizer, LoadedTranslator
    from subkit.pipeline.run_options import RunOptions
    from subkit.pipeline.track_files import Output
    from subkit.store import ProjectFile

__all__ = ["Environment", "Part", "Stage"]

Part = Literal["media", "shots", "transcript", "tracks", "files"]
"""What stages hand to each other: parts of the project, and the files made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the stages of one title work with.

    Attributes:
        store: The project file, open for writing.
        options: Options of all stages.
        progress: Is told how far the work is.
        recognizer: The recogniser's facts; ``None`` where nothing is transcribed.
        translator: The translator's facts; ``None`` where nothing is translated.
        recognizers: Loads the recogniser when the first window needs it.
        translators: Loads the translator, and remembers its answers; ``None`` loads its own.
        translation: Translates this title, where that was checked already.
        output: Where the files of the tracks go; ``None`` writes none.
        written: The stage ``write`` adds each file here.
        losses: And here what each could not hold.
    """

    store: ProjectFile
    options: RunOptions
    progress: Progress
    recognizer: ModelFacts | None = None
    translator: ModelFacts | None = None
    recognizers: LoadedRecognizer | None = None
    translators: LoadedTranslator | None = None
    translation: Callable[[Progress], Project] | None = None
    output: Output | None = None
    written: list[Path] = field(default_factory=list)
    losses: dict[Path, tuple[Loss, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step from a project to a new one.

    Attributes:
        name: Also the action of its ledger entries.
        version: Part of the key of what it keeps; raised when the same input gives another result.
        needs: What the project must have before.
        makes: What it has after.
        run: Takes the project and its environment, gives a new project; the old one is unchanged.
    """

    name: str
    version: int
    needs: tuple[Part, ...]
    makes: tuple[Part, ...]
    run: Callable[[Project, Environment], Project]

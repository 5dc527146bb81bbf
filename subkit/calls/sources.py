"""What a call works on: a project or subtitle file, a document, a result, an open project."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from subkit.calls.editor import Editor
from subkit.calls.outcome import Result
from subkit.compliance.provenance import ACTOR
from subkit.errors import InputError
from subkit.model import Project
from subkit.pipeline import RunOptions, subtitle_project
from subkit.pipeline.project_files import read_version
from subkit.store import ProjectFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.interfaces import Progress, Reader

    Source: TypeAlias = str | os.PathLike[str] | Project | Result | Editor

__all__ = ["Read", "is_subtitle", "opened", "read_document", "settled", "texts"]

PROJECT = ".subkit"


def texts(given: str | Iterable[str]) -> tuple[str, ...]:
    """Return one text or several as a tuple."""
    return (given,) if isinstance(given, str) else tuple(given)


def settled(
    options: RunOptions | None,
    *,
    to: str | Iterable[str] = (),
    language: str | None = None,
    profile: str | None = None,
) -> RunOptions:
    """Return the options of a call with what it was told beside them."""
    options = options or RunOptions()
    targets = tuple(dict.fromkeys((*options.to, *texts(to))))
    options = replace(options, to=targets)
    if language is not None:
        options = replace(options, recognition=replace(options.recognition, language=language))
    if profile is not None:
        options = replace(options, style=replace(options.style, profile=profile))
    return options


def is_subtitle(source: object) -> bool:
    """Return whether it is the name of a file that is no project."""
    if not isinstance(source, (str, os.PathLike)):
        return False
    name = Path(source).name
    return not name.lower().rpartition("@")[0].endswith(PROJECT) and not name.lower().endswith(
        PROJECT
    )


@dataclass(frozen=True, slots=True)
class Read:
    """A document that was read.

    Attributes:
        project: The document.
        path: Its project file; ``None`` where there is none.
        repairs: What the reader of a subtitle file repaired.
    """

    project: Project
    path: Path | None = None
    repairs: tuple[str, ...] = ()


def read_document(
    source: Source,
    *,
    reader: Reader | None = None,
    progress: Progress | None = None,
    **said: Any,
) -> Read:
    """Return the document of whatever it is.

    Args:
        source: A file, a project, a result, or an editor.
        reader: Reads a subtitle file.
        progress: Hears what it repaired.
        said: More that the caller knows of a subtitle file, as ``subtitle_project`` takes it.

    Raises:
        InputError: the file cannot be read, or it is nothing of the kind.
        StoreError: the project file cannot be read.
    """
    given: object = source  # whatever the caller's types say
    if isinstance(given, Project):
        return Read(given)
    if isinstance(given, Editor):
        return Read(given.project, given.path)
    if isinstance(given, Result):
        return Read(given.project, given.path, given.repairs)
    if not isinstance(given, (str, os.PathLike)):
        raise InputError(
            f"A {type(given).__name__} is not a project.",
            remedy="Give a file, a project, a result, or what subkit.open gave.",
        )
    if reader is None and not is_subtitle(source):
        file = Path(given)
        return Read(read_version(os.fspath(given)), file if file.exists() else None)
    project, repairs = subtitle_project(Path(given), reader=reader, **said)
    for repair in repairs:
        if progress is not None:
            progress.warn(repair)
    return Read(project, repairs=tuple(repairs))


@contextmanager
def opened(source: Source) -> Iterator[tuple[ProjectFile, Path | None]]:
    """Give the project file of a source, open for writing, and its path.

    A document without a file is worked on in a temporary one, so nothing is written for it.

    Raises:
        InputError: it is a subtitle file, or nothing of the kind.
        StoreError: the project file cannot be opened.
        LockedError: somebody else writes to it.
    """
    if isinstance(source, Editor):
        yield source.store, source.path
        return
    path = source.path if isinstance(source, Result) else None
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
    if path is not None:
        with ProjectFile.open(path) as store:
            yield store, path
        return
    project = read_document(source).project
    with tempfile.TemporaryDirectory(prefix="subkit-") as folder:
        draft = Path(folder) / "project.subkit"
        with ProjectFile.create(draft, project, actor=ACTOR) as store:
            yield store, None

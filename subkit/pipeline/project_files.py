"""The project file of a title: gone on with where it is there, else made."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance.provenance import ACTOR
from subkit.errors import StoreError, SubkitError
from subkit.model import Origin, Project, small_number
from subkit.pipeline.subtitle_files import subtitle_project
from subkit.store import ProjectFile, load_version, made_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from subkit.model import Media

__all__ = ["open_project", "open_subtitle", "read_version"]


@contextmanager
def open_project(path: Path, media: Media) -> Iterator[ProjectFile]:
    """The project file of a media file, made if it is not there, open for writing.

    A file made here, and its folder, go again when the work fails before anything was worth
    keeping.

    Raises:
        StoreError: it belongs to another media file, is locked or broken.
    """

    def require(store: ProjectFile) -> None:
        _require_media(store, store.load().media, media)

    with _gone_on_or_made(path, Project(title=path.stem, media=media), require) as store:
        yield store


@contextmanager
def open_subtitle(path: Path, project: Project) -> Iterator[ProjectFile]:
    """The project file of a subtitle file, made if it is not there, open for writing.

    A file made here goes again when the work fails before anything was worth keeping. One that is
    there is tied to the media of ``project``, where it was made without any.

    Args:
        path: The project file.
        project: The subtitle file as a project (``subtitle_project``).

    Raises:
        StoreError: it was made from something else, is locked or broken.
    """

    def require(store: ProjectFile) -> None:
        _require_text(store, project)
        _tie_media(store, project.media)

    with _gone_on_or_made(path, replace(project, title=path.stem), require) as store:
        yield store


@contextmanager
def _gone_on_or_made(
    path: Path, first: Project, require: Callable[[ProjectFile], None]
) -> Iterator[ProjectFile]:
    if os.path.lexists(path):
        with ProjectFile.open(path) as store:
            require(store)
            yield store
        return
    with made_folder(path.parent), ProjectFile.create(path, first, actor=ACTOR) as store:
        try:
            yield store
        except SubkitError:
            worthless = store.pristine()
            store.close()
            if worthless:
                path.unlink()
            raise


def _require_media(store: ProjectFile, known: Media, media: Media) -> None:
    if known.digest == media.digest:
        return
    if not known.path:
        raise StoreError(
            f"{str(store.path)!r} was made from a subtitle file and is not tied to any media.",
            remedy=f"Tie it: subkit review SUBTITLE --media {media.path}; or name another folder "
            "with -o.",
        )
    raise StoreError(
        f"{str(store.path)!r} is the project of {known.path!r}, not of {media.path!r}.",
        remedy="Name another folder with -o.",
    )


def _require_text(store: ProjectFile, project: Project) -> None:
    """Return if the project file was made from the text that ``project`` holds."""
    made = _first_texts(store)
    cues = (cue for track in project.tracks for cue in track.cues)
    if made == {c.provenance.options_digest for c in cues if c.provenance is not None}:
        return
    if not made:
        raise StoreError(
            f"{str(store.path)!r} was not made from a subtitle file.",
            remedy="Go on with that project itself, or name another folder with -o.",
        )
    tracks = ", ".join(track.id for track in store.load().tracks if track.source is None)
    raise StoreError(
        f"{str(store.path)!r} was made from another subtitle file (its track: {tracks}), or this "
        "one has changed since.",
        remedy="Change texts in the project itself (subkit review, subkit edit), or name another "
        "folder with -o for a new project.",
    )


def _first_texts(store: ProjectFile) -> set[str]:
    """Digests of the subtitle files that a project began with, whatever became of them since."""
    first = takewhile(lambda entry: entry.action == "create", store.ledger())
    made = ((entry.after or {}).get("provenance") or {} for entry in first)
    return {m["options_digest"] for m in made if m.get("origin") == Origin.IMPORT.value}


def _tie_media(store: ProjectFile, media: Media) -> None:
    """Give a project the media or the frame grid that it has not, or the place its media is now."""
    project = store.load()
    known = project.media
    if known.path and media.path:
        _require_media(store, known, media)
    if media.path or (media.frame_rate and not known.path):
        store.commit(replace(project, media=media), actor=ACTOR, action="media")


def read_version(name: str, *, language: str | None = None) -> Project:
    """A project, ``PROJECT@N`` (as it was behind ledger entry N), or a subtitle file as a project.

    Args:
        name: Path, with ``@`` and a number for an earlier version.
        language: Of a subtitle file; ``None`` takes the last part but one of its name.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is not what its name says.
        StoreError: no project, or no such version.
    """
    stem, at, told = name.rpartition("@")
    version = small_number(told)
    if at and version is not None and not Path(name).exists():
        with ProjectFile.open(Path(stem), writable=False) as store:
            return load_version(store, version)
    path = Path(name)
    if path.suffix.lower() == ".subkit":
        with ProjectFile.open(path, writable=False) as store:
            return store.load()
    return subtitle_project(path, language=language)[0]

"""The call that carries finished cues to a new cut of their film: conform."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.calls.outcome import Result
from subkit.calls.progress_lines import progress_for
from subkit.calls.sources import is_subtitle, opened, read_document
from subkit.errors import PlanError
from subkit.pipeline import commit_conformed, conform_to, read_recut
from subkit.store.ledger import require_names

if TYPE_CHECKING:
    from os import PathLike

    from subkit.alignment import ConformResult
    from subkit.calls.sources import Source
    from subkit.interfaces import Progress
    from subkit.model import Project

    _File = PathLike[str] | str

__all__ = ["conform"]


def conform(
    source: Source,
    *,
    to: PathLike[str] | str,
    old: PathLike[str] | str | None = None,
    film: PathLike[str] | str | None = None,
    force: bool = False,
    by: str | None = None,
    progress: Progress | bool | None = None,
) -> Result:
    """Carry finished cues, with their approvals, to a new cut of their film.

    A project file is changed, all of it undone together; of everything else the carried document
    is in the result and nothing is written.

    Args:
        source: A project or subtitle file, a project, a result, or what ``subkit.open`` gave.
        to: The new cut: an EDL, an OTIO timeline, or a media file.
        old: The old cut, likewise; ``None`` is the film of the project.
        film: Media file of the new cut where ``to`` is its edit.
        force: Take what was found where the evidence is weak.
        by: Your name in the ledger, for a project file.
        progress: Yours, or ``False`` for none; by default a line in terminals and notebooks.

    Returns:
        A result whose ``conform`` has the cut map, and each cue that somebody should look at.

    Raises:
        EvidenceError: the evidence is weak, and not forced.
        InputError: a file cannot be read, or the two are not of a kind.
        CueLockedError: a cue that would change is locked.
        MediaError: the media cannot be read, or has no sound.
        PlanError: a project file and no name.
        StoreError: the project file cannot be written.
    """
    began = time.monotonic()
    is_file = isinstance(source, (str, os.PathLike)) and not is_subtitle(source)
    if is_file and by is None:
        raise PlanError("To conform a project needs a name for the ledger.", remedy="Give by=.")

    cut = partial(_carried, to=to, old=old, film=film, force=force)
    with progress_for(progress) as shown:
        if not is_file:
            read = read_document(source, progress=shown)
            found = cut(read.project, shown)
            done = Result(project=found.project, conform=found, repairs=read.repairs)
        else:
            assert by is not None
            require_names(by=by)
            with opened(source) as (store, path):
                head, before = store.head(), store.load()
                found = cut(before, shown)
                commit_conformed(store, before, found, by=by, expected=head)
                done = Result(project=found.project, conform=found, path=path)
    return replace(done, seconds=time.monotonic() - began)


def _carried(
    project: Project,
    progress: Progress,
    *,
    to: _File,
    old: _File | None,
    film: _File | None,
    force: bool,
) -> ConformResult:
    old, film = (None if path is None else Path(path) for path in (old, film))
    recut = read_recut(project, Path(to), old=old, film=film, progress=progress)
    return conform_to(project, recut, force=force)

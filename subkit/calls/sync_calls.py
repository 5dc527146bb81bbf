"""The call that moves cues to another film: sync."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.calls.outcome import Result
from subkit.calls.progress_lines import progress_for
from subkit.calls.sources import is_subtitle, opened, read_document, texts
from subkit.errors import InputError, PlanError
from subkit.pipeline import read_reference, resync_project, sync_tracks
from subkit.pipeline.resyncing import TOOL
from subkit.store.ledger import require_names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from subkit.calls.sources import Source
    from subkit.interfaces import Progress
    from subkit.model import Project, Track

__all__ = ["sync"]


def sync(
    source: Source,
    *,
    to: PathLike[str] | str,
    tracks: str | Iterable[str] | None = None,
    force: bool = False,
    by: str | None = None,
    progress: Progress | bool | None = None,
) -> Result:
    """Move cues to where their speech is in a film, or in a subtitle that fits it.

    Frame rate, offset and cuts are found; only times change. A project file is changed, one entry
    of its ledger a cue, all undone together; of everything else the moved document is in the
    result and nothing is written.

    Args:
        source: A project or subtitle file, a project, a result, or what ``subkit.open`` gave.
        to: A media file, a subtitle file in any language, or a project.
        tracks: Ids or languages, the first of which is looked for; ``None`` is all.
        force: Take the best guess where the evidence is weak.
        by: Your name in the ledger, for a project file.
        progress: Yours, or ``False`` for none; by default a line in terminals and notebooks.

    Returns:
        A result whose ``resync`` says what was found and how sure it is.

    Raises:
        EvidenceError: the evidence is weak, and not forced.
        InputError: a file cannot be read, or there is no such track.
        CueLockedError: a cue is locked.
        MediaError: the media cannot be read, or has no sound.
        PlanError: a project file and no name.
        StoreError: the project file cannot be written.
    """
    began = time.monotonic()
    is_file = isinstance(source, (str, os.PathLike)) and not is_subtitle(source)
    if is_file and by is None:
        raise PlanError("A sync of a project needs a name for the ledger.", remedy="Give by=.")
    with progress_for(progress) as shown:
        if not is_file:
            read = read_document(source, progress=shown)
            done = _synced(read.project, Path(to), tracks, shown, force=force)
            done = replace(done, repairs=read.repairs)
        else:
            assert by is not None
            require_names(by=by)
            with opened(source) as (store, path):
                head, before = store.head(), store.load()
                done = _synced(before, Path(to), tracks, shown, force=force)
                store.commit(done.project, actor=by, action="sync", tool=TOOL, expected=head)
                done = replace(done, path=path)
    return replace(done, seconds=time.monotonic() - began)


def _synced(
    project: Project,
    to: Path,
    tracks: str | Iterable[str] | None,
    progress: Progress,
    *,
    force: bool,
) -> Result:
    chosen = _chosen(project, tracks)
    reference = read_reference(to, project=project, progress=progress)
    found = sync_tracks(chosen, reference, force=force)
    moved = resync_project(project, chosen, found, grid=project.media.frame_rate)
    return Result(project=moved, resync=found)


def _chosen(project: Project, tracks: str | Iterable[str] | None) -> list[Track]:
    if tracks is not None:
        return [project.track(name) for name in texts(tracks)]
    if not project.tracks:
        raise InputError(f"Project {project.title!r} has no track to sync.")
    return list(project.tracks)

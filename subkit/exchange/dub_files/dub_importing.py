"""Import a file of the dubbing stage into the project file, as edits of whoever brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.edit import Hand
from subkit.exchange.dub_files.dub_formats import read_dub_file
from subkit.exchange.dub_files.dub_merging import take_dub
from subkit.exchange.importing import read_bytes
from subkit.exchange.merging import require_reviewer
from subkit.interfaces.file_contents import ReadRequest

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.exchange.merging import Import
    from subkit.store import ProjectFile

__all__ = ["import_dub_file"]


def import_dub_file(
    store: ProjectFile,
    path: Path,
    *,
    by: str,
    track: str = "",
    format: str = "",  # noqa: A002 - what it is called everywhere
    dry_run: bool = False,
) -> Import:
    """Take a file of the dubbing stage into the project file; all of it is one transaction.

    Args:
        store: Open for writing, unless ``dry_run``.
        path: The file.
        by: Who answers for the changes; ledger entries bear this name.
        track: Id or language of the dubbing track; empty takes that of the file's language. Where
            the project has none, the file becomes one.
        format: Name of the format; empty judges it by the file.
        dry_run: Only say what would happen.

    Raises:
        InputError: the file cannot be read, or most of its lines are not of the track
            (``FormatError`` where it is bad).
        PlanError: no such format, or one that is not read.
        StaleError: another program changed the project meanwhile; nothing was written.
    """
    head, project, time = store.head(), store.load(), store.now()
    require_reviewer(by)
    media = project.media
    asked = ReadRequest(name=path.name, rate=media.frame_grid, start=media.programme_start)
    reply = read_dub_file(read_bytes(path), asked, format)
    done = take_dub(project, reply, Hand(actor=by.strip(), time=time), track=track)
    if not dry_run and done.project != project:
        store.commit(
            done.project,
            actor=by.strip(),
            action="import",
            tool="subkit dub import",
            expected=head,
            time=time,
        )
    return done

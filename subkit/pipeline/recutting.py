"""Finished tracks carried to a new cut of their programme: by its edit, or by its sound."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.alignment import conform_project, map_edits, old_cut_as_source
from subkit.errors import EvidenceError, InputError
from subkit.files.regular_files import open_regular
from subkit.formats.cut_lists import EDIT_FILES, read_edit
from subkit.interfaces import Silent
from subkit.media import probe
from subkit.model import Media
from subkit.pipeline.sound_comparing import compare_sound
from subkit.store.kept_transcripts import keep_transcripts

if TYPE_CHECKING:
    from subkit.alignment import ConformResult, CutMap, EditList
    from subkit.interfaces import Progress
    from subkit.model import FrameRate, Project
    from subkit.store import ProjectFile

__all__ = ["Recut", "commit_conformed", "conform_to", "read_recut"]

TOOL = "subkit conform"
_MAX_BYTES = 64 << 20
_SILENT = Silent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recut:
    """A new cut of a programme, held against the old one.

    Attributes:
        path: The file that tells of it.
        basis: ``"edit"`` or ``"sound"``.
        cuts: Where the times of the old cut are in it.
        media: Of the new cut; without a path where only its edit is known.
    """

    path: Path
    basis: str
    cuts: CutMap
    media: Media


def read_recut(
    project: Project,
    to: Path,
    *,
    old: Path | None = None,
    film: Path | None = None,
    rate: FrameRate | None = None,
    start: Fraction | None = None,
    progress: Progress = _SILENT,
) -> Recut:
    """Hold a new cut against the one that a document was made for.

    Args:
        project: The document.
        to: The new cut: an EDL, an OTIO timeline, or a media file.
        old: The old cut, likewise. ``None`` is the document's film; of an EDL or timeline alone
            the source timecodes are then taken for times of the old cut.
        film: Media file of the new cut where ``to`` is its edit.
        rate: Frames a second of an EDL; ``None`` takes those of the new film, else of the old.
        start: Timecode of the first frame of the new cut in an EDL; ``None`` takes the full hour.
        progress: Hears how it goes.

    Raises:
        InputError: a file cannot be read, or the two are not of a kind.
        MediaError: a media file cannot be read, or has no sound.
    """
    by_sound = not _is_edit(to)
    if old is not None and _is_edit(old) == by_sound:
        edit, other = (old, to) if by_sound else (to, old)
        raise InputError(
            f"{str(edit)!r} is an edit and {str(other)!r} is none.",
            remedy="Give two edits (EDL, OTIO) or two media files.",
        )
    if by_sound:
        before, after = _old_film(project, old, to), probe(to, warn=progress.warn)
        cuts = compare_sound(before, after, progress)
        return Recut(path=to, basis="sound", cuts=cuts, media=after)
    known = project.media
    media = None if film is None else probe(film, warn=progress.warn)
    grid = rate or (media and media.frame_rate) or known.frame_rate
    if grid is None and ".edl" in {path.suffix.lower() for path in (to, old or to)}:
        raise InputError(
            f"{str(to)!r} has timecodes, and nothing says at which frame rate.",
            remedy="Give the frame rate of the edit with --edit-fps.",
        )
    new = _edit(to, grid or known.frame_grid, start)
    cuts = map_edits(_old_edit(known, old, new, grid), new)
    return Recut(
        path=to, basis="edit", cuts=cuts, media=media or _unseen(known, cuts, rate or grid)
    )


def _is_edit(path: Path) -> bool:
    return path.suffix.lower() in EDIT_FILES


def _old_edit(known: Media, old: Path | None, new: EditList, grid: FrameRate | None) -> EditList:
    """The old cut as its own edit, or as what the new one was taken from."""
    if old is None:
        return old_cut_as_source(new, start=known.programme_start, duration=known.duration)
    return _edit(old, known.frame_rate or grid or known.frame_grid, known.programme_start or None)


def _unseen(known: Media, cuts: CutMap, rate: FrameRate | None) -> Media:
    """The new cut, where only its edit is known."""
    return Media(
        path="",
        digest="",
        duration=cuts.duration,
        frame_rate=rate or known.frame_rate,
        programme_start=known.programme_start,
    )


def _edit(path: Path, rate: FrameRate, start: Fraction | None) -> EditList:
    try:
        with open_regular(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{str(path)!r} cannot be read: {reason}.") from error
    if len(data) > _MAX_BYTES:
        raise InputError(f"{str(path)!r} is larger than 64 MiB, too large for an edit.")
    return read_edit(data, name=path.name, rate=rate, start=start)


def _old_film(project: Project, old: Path | None, to: Path) -> Media:
    path = old or (Path(project.media.path) if project.media.path else None)
    if path is None:
        raise InputError(
            f"{project.title!r} has no film to hold {str(to)!r} against.",
            remedy="Name the film of the old cut with --from.",
        )
    if not path.exists():
        raise InputError(
            f"{str(path)!r}, the film of the old cut, is not there.",
            remedy="Say where it is now with --from.",
        )
    return probe(path)


def conform_to(project: Project, recut: Recut, *, force: bool = False) -> ConformResult:
    """Carry a document to a new cut.

    Args:
        project: The document.
        recut: The new cut.
        force: Although the evidence is weak.

    Raises:
        EvidenceError: it is, and not forced; or the new cut has nothing of the old one at all.
        CueLockedError: a cue that would change is locked.
    """
    cuts = recut.cuts
    if cuts.reasons and not (force and cuts.passages):
        raise EvidenceError(
            f"{project.title!r} cannot be conformed to {str(recut.path)!r}: "
            + " ".join(cuts.reasons),
            remedy="Check that both are of the same programme"
            + ("; force takes what was found (--force)." if cuts.passages else "."),
            reasons=cuts.reasons,
        )
    return conform_project(project, cuts, recut.media)


def commit_conformed(
    store: ProjectFile, before: Project, done: ConformResult, *, by: str, expected: str
) -> None:
    """Make a conformed document that of its project file, so that it can be undone.

    Args:
        store: Open for writing.
        before: The document in it.
        done: What became of that.
        by: Who, for the ledger.
        expected: The ledger's head when ``before`` was read.

    Raises:
        StaleError: another program changed the project meanwhile; nothing was written.
        StoreError: the file could not be written.
    """
    keep_transcripts(store, before.transcript, done.project.transcript)
    store.commit(done.project, actor=by, action="conform", tool=TOOL, expected=expected)

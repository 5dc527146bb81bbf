"""Tracks -> files, published whole or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.alignment import bilingual_track
from subkit.compliance.disclosure import (
    MAX_SIDECAR,
    SIDECAR,
    disclose,
    is_own_sidecar,
    sidecar,
)
from subkit.errors import InputError, PlanError
from subkit.exchange import BILINGUAL, SHEETS, is_sheet
from subkit.exchange.dub_files import DUB_FILES, is_dub_file
from subkit.formats import format_facts
from subkit.interfaces.file_contents import WriteRequest
from subkit.model import Project, Purpose, Track
from subkit.pipeline.dubbing_changes import stage_facts
from subkit.pipeline.track_writing import format_and_variant, require_no_loss, written_track
from subkit.plugins import writer_for
from subkit.store import made_folder, mark_of, publish_all
from subkit.store.publication import require_name
from subkit.store.rows import track_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from subkit.exchange.dub_files import StageFacts
    from subkit.interfaces import Writer
    from subkit.interfaces.file_contents import Loss
    from subkit.store import LedgerMark, ProjectFile

__all__ = [
    "Exported",
    "Output",
    "export_files",
    "export_from",
    "export_tracks",
    "file_suffix",
    "file_suffixes",
    "note_undisclosed",
    "require_format",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Where the files of tracks go, and which there are.

    Attributes:
        folder: Where to; made if it is not there.
        stem: What the files' names begin with.
        formats: Names of formats.
        overwrite: Replace files that are there.
        undisclosed_by: Who leaves out the disclosures and the notes in files (what a demo model
            made always says so); ``None`` writes them.
        strict: Write nothing at all where a format cannot hold all of a track.
        variant: Of the formats, where none is named with them.
        reel: Number of the reel, for formats of cinemas.
        facts: What dubbing files say beside the document, see ``stage_facts``; ``None``: nothing.
    """

    folder: Path
    stem: str
    formats: tuple[str, ...]
    overwrite: bool = False
    undisclosed_by: str | None = None
    strict: bool = False
    variant: str = ""
    reel: int = 1
    facts: StageFacts | None = None

    @property
    def disclosed(self) -> bool:
        """Whether the disclosures are written."""
        return self.undisclosed_by is None

    def path(self, track: Track, extension: str) -> Path:
        """The file of a track: ``film.ko.srt``, ``film.ko.forced.srt``, as players look for it."""
        purpose = "" if track.purpose is Purpose.SUBTITLE else f".{track.purpose.value}"
        suffix = file_suffixes(self.formats).get(extension) or file_suffix(extension)
        return self.folder / f"{self.stem}.{track.language}{purpose}.{suffix}"

    def paths(self, languages: Iterable[str]) -> Iterator[Path]:
        """Yield the files of subtitles in some languages."""
        for language in languages:
            for suffix in file_suffixes(self.formats).values():
                yield self.folder / f"{self.stem}.{language}.{suffix}"

    def require_names(self) -> None:
        """Return if the files can have their names, whatever two letters the language has.

        Raises:
            StoreError: a name is too long.
        """
        sidecar_suffix = (SIDECAR,) if self.disclosed else ()
        for suffix in (*file_suffixes(self.formats).values(), *sidecar_suffix):
            require_name(self.folder / f"{self.stem}.xx.{suffix}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Files of tracks.

    Attributes:
        files: Whether written now or already right, disclosures included.
        losses: What each could not hold of its track; files that lost nothing are not in it.
    """

    files: tuple[Path, ...] = ()
    losses: Mapping[Path, tuple[Loss, ...]] = field(default_factory=dict)


def file_suffix(name: str) -> str:
    """The extension of the files of a format, or of a sheet, by its name."""
    name, _ = format_and_variant(name)
    if is_dub_file(name):
        return DUB_FILES[name].suffix
    facts = format_facts(name)
    return name if facts is None else facts.extension


def file_suffixes(names: Iterable[str]) -> dict[str, str]:
    """Return what the files of formats that are written together end in, by format.

    Formats that share an extension have their name before it: ``ebuttd.xml``, ``smptett.xml``. The
    one that is called as its files end stays as it is alone.
    """
    suffixes = {name: file_suffix(name) for name in names}
    shared = Counter(suffixes.values())
    return {
        name: suffix
        if shared[suffix] == 1 or name == suffix
        else f"{name.replace(':', '-')}.{suffix}"
        for name, suffix in suffixes.items()
    }


def export_files(
    project: Project,
    path: Path,
    *,
    track: str | None = None,
    above: str | None = None,
    writer: Writer | str | None = None,
    overwrite: bool = False,
    strict: bool = False,
) -> Exported:
    """Write one track, and its disclosure beside it: ``film.ko.disclosure.json``.

    Args:
        project: The document.
        path: File to write.
        track: Id or language of the track; ``None`` takes the file's last name part but one
            (``film.ko.srt`` is the track ``ko``), else the first track.
        above: Id or language of a track whose lines stand above those of the other: bilingual.
        writer: Writes the file, or the name of its format; ``None`` takes the one of its
            extension.
        overwrite: Replace files that are there.
        strict: Write nothing where the format cannot hold all of the track.

    Returns:
        The files written, the track's first.

    Raises:
        LossError: the format cannot hold all of the track, and ``strict``.
        NotFoundError: no such track.
        PlanError: no such format.
        StoreError: a file is in the way, or it cannot be written.
    """
    *_, extension = path.name.split(".")
    chosen = _track_for(project, path) if track is None else project.track(track)
    if above is not None:
        chosen = bilingual_track(project.track(above), chosen)
    beside = path.with_name(f"{path.name.removesuffix(f'.{extension}')}.{SIDECAR}")
    made = written_track(project, chosen, extension if writer is None else writer)
    losses = {path: made.losses} if made.losses else {}
    if strict:
        require_no_loss(losses)
    _publish({path: made.data, beside: sidecar(disclose(project, chosen))}, overwrite=overwrite)
    return Exported(files=(path, beside), losses=losses)


def export_tracks(
    project: Project,
    output: Output,
    *,
    tracks: Iterable[Track] | None = None,
    ledger: LedgerMark | None = None,
) -> Exported:
    """Write tracks in formats: every file is checked before the first is written.

    A file that is there with the very same bytes is left as it is. Beside the files of each track
    stands its disclosure; an older one is replaced if it is still as subkit wrote it.

    Args:
        project: The document.
        output: Where to, and in which formats.
        tracks: Which; ``None`` means all.
        ledger: Of the project file it is from, for the disclosures.

    Raises:
        LossError: a format cannot hold all of a track, and ``output.strict``.
        PlanError: no such format.
        StoreError: a file is in the way, or one cannot be written.
    """
    chosen = tuple(project.tracks if tracks is None else tracks)
    fitting = {ext: _fitting(project, chosen, ext) for ext in output.formats}
    asked = WriteRequest(profile=output.variant, reel=output.reel, strict=output.strict)
    files: dict[Path, bytes] = {}
    losses: dict[Path, tuple[Loss, ...]] = {}
    for track in chosen:
        own = [extension for extension in output.formats if track in fitting[extension]]
        for extension in own:
            path = output.path(track, extension)
            _require_own_name(path, files)
            made = written_track(
                project,
                track,
                extension,
                disclosed=output.disclosed,
                asked=asked,
                facts=output.facts,
            )
            files[path] = made.data
            if made.losses:
                losses[path] = made.losses
        if own and output.disclosed:
            files[output.path(track, SIDECAR)] = sidecar(disclose(project, track), ledger)
    if output.strict:
        require_no_loss(losses)
    changed = {path: data for path, data in files.items() if not _holds(path, data)}
    with made_folder(output.folder):
        _publish(changed, overwrite=output.overwrite)
    return Exported(files=tuple(files), losses=losses)


def _require_own_name(path: Path, files: Mapping[Path, bytes]) -> None:
    if path in files:
        raise PlanError(
            f"Two of the files would be {str(path)!r}.",
            remedy="Write tracks of one language one by one.",
        )


def export_from(
    store: ProjectFile, output: Output, *, tracks: Iterable[Track] | None = None
) -> Exported:
    """Write tracks of a project file, see :func:`export_tracks`.

    Where somebody leaves the disclosures out, the ledger notes that before there is any file.

    Raises:
        InputError: ``output.undisclosed_by`` is no name.
        LossError: a format cannot hold all of a track, and ``output.strict``.
        PlanError: no such format.
        StoreError: a file is in the way, or one cannot be written.
    """
    project = store.load()
    chosen = tuple(project.tracks if tracks is None else tracks)
    if output.undisclosed_by is not None:
        note_undisclosed(store, chosen, by=output.undisclosed_by)
    if output.facts is None and any(is_dub_file(format_and_variant(n)[0]) for n in output.formats):
        output = replace(output, facts=stage_facts(store))
    return export_tracks(project, output, tracks=chosen, ledger=mark_of(store))


def note_undisclosed(store: ProjectFile, tracks: Iterable[Track], *, by: str) -> None:
    """Note in the ledger that files of these tracks go out without their disclosure.

    Raises:
        InputError: ``by`` is no name.
        StoreError: the file is open for reading only, or could not be written.
    """
    targets = [track_target(track.id) for track in tracks]
    store.commit(store.load(), actor=by, action="export without disclosure", noting=targets)


def _publish(files: Mapping[Path, bytes], *, overwrite: bool) -> None:
    """Publish files; replace an old disclosure that nobody has edited."""
    own = {path for path in files if path.name.endswith(SIDECAR) and _is_own(path)}
    publish_all({path: files[path] for path in files if path not in own}, overwrite=overwrite)
    publish_all({path: files[path] for path in files if path in own}, overwrite=True)


def _is_own(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_own_sidecar(file.read(MAX_SIDECAR + 1))
    except OSError:
        return False


def _track_for(project: Project, path: Path) -> Track:
    parts = path.name.split(".")[1:-1]
    names = {name for track in project.tracks for name in (track.id, track.language)}
    for part in reversed(parts):
        if part in names:
            return project.track(part)
    if not project.tracks:
        raise InputError(f"Project {project.title!r} has no track to export yet.")
    if parts:
        return project.track(parts[-1])
    return project.tracks[0]


def require_format(extension: str) -> None:
    """Return if tracks can be written as ``extension``.

    Raises:
        PlanError: they cannot; names the nearest format.
    """
    extension, _ = format_and_variant(extension)
    if is_sheet(extension) or is_dub_file(extension):
        return
    try:
        writer_for(extension)
    except PlanError as error:
        others = ", ".join((*SHEETS, *DUB_FILES))
        raise error.with_remedy(f"{error.remedy} And: {others}.") from error


def _fitting(project: Project, tracks: Sequence[Track], extension: str) -> list[Track]:
    """The tracks that a format has something to say of: some hold pairs of source and target."""
    require_format(extension)
    if is_dub_file(format_and_variant(extension)[0]):
        return _dubbed(tracks, extension)
    if extension.lower() not in BILINGUAL:
        return list(tracks)
    found = [track for track in tracks if project.source_of(track) is not None]
    if not found:
        names = ", ".join(track.id for track in tracks) or "none"
        raise PlanError(
            f"{extension} holds pairs of source and target; of the tracks chosen ({names}) none "
            "was translated from another.",
            remedy="Choose a translated track with --track, or another format.",
        )
    return found


def _dubbed(tracks: Sequence[Track], extension: str) -> list[Track]:
    found = [track for track in tracks if track.purpose is Purpose.DUBBING]
    if not found:
        names = ", ".join(track.id for track in tracks) or "none"
        raise PlanError(
            f"{extension} holds lines to be dubbed; of the tracks chosen ({names}) none has any.",
            remedy="Choose a dubbing track with --track; subkit dub prepare makes one.",
        )
    return found


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False

"""A film and subtitle files -> a folder for HTTP Live Streaming, with the text in segments."""

from __future__ import annotations

import secrets
import shutil
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import StoreError
from subkit.formats.hls_segments import (
    main_playlist,
    segment_lengths,
    text_playlist,
    track_parts,
    with_clock,
)
from subkit.language import resolve_language
from subkit.media import probe
from subkit.media.long_runs import run_long
from subkit.media.text_streams import find_text
from subkit.model import Purpose
from subkit.pipeline.film_muxing import MuxedFilm, read_texts
from subkit.pipeline.track_writing import require_no_loss, written_track
from subkit.store import publish_all, sync_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from subkit.interfaces import Progress
    from subkit.interfaces.file_contents import Loss
    from subkit.pipeline.film_muxing import AddedText, TextFile

__all__ = ["hls_folder"]

STAGE = "segments"
_SECONDS = 6
_COPIED = ["-map", "0:V:0?", "-map", "0:a?", "-c", "copy", "-f", "hls", "-hls_time", str(_SECONDS)]
_NAMED = ["-hls_playlist_type", "vod", "-hls_segment_filename", "film%05d.ts", "film.m3u8"]


def hls_folder(
    path: Path,
    texts: Sequence[AddedText],
    folder: Path,
    progress: Progress,
    *,
    strict: bool = False,
) -> MuxedFilm:
    """Write a film and subtitle files as segments, with playlists; ``main.m3u8`` names all.

    Args:
        path: The film; picture and sound are copied into transport streams.
        texts: The subtitle files.
        folder: To make; it must not be there.
        progress: Hears how far it is.
        strict: Write nothing where WebVTT cannot hold all of a track.

    Raises:
        InputError: a file cannot be read.
        LossError: WebVTT cannot hold all of a track, and ``strict``.
        MediaError: not media, or its picture or sound cannot be in a transport stream.
        StoreError: the folder is there already, or cannot be made.
    """
    if folder.exists():
        raise StoreError(f"{folder} already exists.", remedy="Name a folder that is not there.")
    media = probe(path, warn=progress.warn)
    read, notes = read_texts(texts, media)
    losses: dict[Path, tuple[Loss, ...]] = {}
    for text in read:
        written = written_track(text.project, text.track, "vtt", disclosed=False)
        if written.losses:
            losses[text.path] = (*losses.get(text.path, ()), *written.losses)
    if strict:
        require_no_loss(losses)
    draft = folder.parent / f".subkit-{secrets.token_hex(8)}.part"
    try:
        draft.mkdir()
        progress.begin(STAGE, float(media.duration), "s")
        run_long(
            ["-i", path.absolute(), *_COPIED, *_NAMED],
            lambda done: progress.advance(STAGE, done),
            folder=draft,
        )
        progress.end(STAGE)
        _write_texts(draft, read)
        draft.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise StoreError(f"{folder} cannot be made: {error.strerror}.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return MuxedFilm(path=folder / "main.m3u8", losses=losses, notes=tuple(notes))


def _write_texts(draft: Path, read: Sequence[TextFile]) -> None:
    """Write the segments of the texts as long as those of the film, and the playlists."""
    lengths = segment_lengths((draft / "film.m3u8").read_text(encoding="utf-8"))
    segments = sorted(draft.glob("film*.ts"))
    zero = find_text(segments[0]).zero
    files: dict[Path, bytes] = {}
    told = []
    for number, text in enumerate(read):
        names = [f"text{number}-{part:05}.vtt" for part in range(len(lengths))]
        for name, part in zip(names, track_parts(text.track, lengths), strict=True):
            data = written_track(text.project, part, "vtt", disclosed=False).data
            files[draft / name] = with_clock(data, zero)
        files[draft / f"text{number}.m3u8"] = text_playlist(names, lengths).encode()
        forced = text.track.purpose is Purpose.FORCED
        told.append((f"text{number}.m3u8", _name(text, number), text.track.language, forced))
    sizes = zip(segments, lengths, strict=False)
    bandwidth = max(round(Fraction(p.stat().st_size * 8) / length) for p, length in sizes if length)
    files[draft / "main.m3u8"] = main_playlist("film.m3u8", bandwidth, told).encode()
    publish_all(files)


def _name(text: TextFile, number: int) -> str:
    """What players show of a track: no two are alike, and no quote ends it."""
    name = text.title or resolve_language(text.track.language).name
    clean = " ".join(name.replace('"', "'").split())
    return clean if not number else f"{clean} ({number + 1})"

"""Text tracks out of media files: each to a file in its own format, or in another."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import MediaError, NotFoundError, PlanError
from subkit.files.plain_text import Repairs
from subkit.formats.file_reading import file_content, track_in
from subkit.formats.format_table import format_facts
from subkit.formats.mov_text import track_of_mov_text
from subkit.formats.packet_files import FILE_FORMATS, file_of_packets
from subkit.interfaces.file_contents import ReadRequest, WriteRequest
from subkit.language import parse_language
from subkit.media import probe
from subkit.media.text_streams import find_text, read_packets
from subkit.model import Media, Project, Purpose, small_number
from subkit.pipeline.track_writing import format_and_variant, require_no_loss, written_track
from subkit.plugins import reader_for
from subkit.store import made_folder, publish_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from subkit.interfaces import Progress
    from subkit.interfaces.file_contents import Loss
    from subkit.interfaces.text_packets import PacketTrack
    from subkit.media.text_streams import Attachment, TextStream, TextStreams
    from subkit.model import Track

__all__ = ["ExtractedText", "Extraction", "chosen_streams", "extract_text", "track_of_packets"]

STAGE = "extract"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*.]+')
_MAX_TITLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What to take out, and where to.

    Attributes:
        folder: Where the files go; made if it is not there.
        streams: Which: numbers of streams and languages; none is every text track.
        output_format: Name of a format for all of them; empty takes each one's own.
        overwrite: Replace files that are there.
        strict: Write nothing where a format cannot hold all of a track.
    """

    folder: Path
    streams: tuple[str, ...] = ()
    output_format: str = ""
    overwrite: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedText:
    """A text track that was taken out.

    Attributes:
        stream: The track in the media file.
        path: Its file.
        losses: What the file could not hold of it.
        repairs: What was mended or left out, a sentence each.
    """

    stream: TextStream
    path: Path
    losses: tuple[Loss, ...] = ()
    repairs: tuple[str, ...] = ()


def extract_text(
    path: Path, asked: Extraction, progress: Progress
) -> tuple[tuple[ExtractedText, ...], tuple[Path, ...]]:
    """Take text tracks out of a media file; every file is made before the first is written.

    Fonts go to a folder beside the scripts that need them (``film.fonts``).

    Returns:
        What was taken out, and the files of fonts.

    Raises:
        InputError: the media cannot be read.
        LossError: a format cannot hold all of a track, and ``asked.strict``.
        MediaError: not media, or no text in it: pictures are named.
        NotFoundError: no such track.
        PlanError: no such format.
        StoreError: a file is in the way, or cannot be written.
    """
    found = find_text(path)
    chosen = chosen_streams(found.streams, asked.streams, path)
    progress.begin(STAGE, float(found.duration) or None, "s")
    tracks = read_packets(
        path, chosen, found.zero, tell=lambda seconds: progress.advance(STAGE, seconds)
    )
    progress.end(STAGE)
    files: dict[Path, bytes] = {}
    taken: list[ExtractedText] = []
    for stream in chosen:
        name = asked.output_format or FILE_FORMATS[stream.codec]
        target = _free(_target(path, stream, name, asked.folder), files)
        data, losses, repairs = _file(path, stream, tracks[stream.index], name)
        files[target] = data
        taken.append(ExtractedText(stream=stream, path=target, losses=losses, repairs=repairs))
    if asked.strict:
        require_no_loss({text.path: text.losses for text in taken if text.losses})
    fonts = _fonts(path, found, taken, asked.folder)
    with made_folder(asked.folder):
        if fonts:
            with made_folder(next(iter(fonts)).parent):
                publish_all(files | fonts, overwrite=asked.overwrite)
        else:
            publish_all(files, overwrite=asked.overwrite)
    return tuple(taken), tuple(fonts)


def chosen_streams(
    streams: Sequence[TextStream], names: Iterable[str], path: Path
) -> tuple[TextStream, ...]:
    """Return the text tracks that are meant.

    Args:
        streams: All subtitle tracks of the file.
        names: Numbers of streams and languages; none means every text track.
        path: Of the media, for errors.

    Raises:
        MediaError: there is no text: none at all, or pictures.
        NotFoundError: no such track.
    """
    wanted = tuple(names)
    if not wanted:
        chosen = tuple(stream for stream in streams if stream.codec in FILE_FORMATS)
        if chosen:
            return chosen
        named = ", ".join(f"{s.index} ({s.called})" for s in streams)
        raise MediaError(
            f"{str(path)!r} has no text to take out: "
            + (f"its subtitle tracks are {named}." if named else "it has no subtitle track."),
            remedy="Pictures need text recognition, which subkit does not do."
            if any(stream.kind == "pictures" for stream in streams)
            else "",
        )
    found: list[TextStream] = []
    for name in wanted:
        meant = [stream for stream in streams if _is_meant(stream, name)]
        text = [stream for stream in meant if stream.codec in FILE_FORMATS]
        if meant and not text:
            raise MediaError(
                f"{str(path)!r}, stream {meant[0].index} is {meant[0].called}, no text.",
                remedy="Pictures need text recognition, which subkit does not do."
                if meant[0].kind == "pictures"
                else "subkit cannot read it.",
            )
        if not text:
            known = ", ".join(f"{s.index} ({s.language or 'no language'})" for s in streams)
            raise NotFoundError(
                f"{str(path)!r} has no subtitle track {name!r}.",
                remedy=f"It has: {known or 'none'}.",
            )
        found += [stream for stream in text if stream not in found]
    return tuple(found)


def _is_meant(stream: TextStream, name: str) -> bool:
    if (number := small_number(name)) is not None:
        return stream.index == number
    try:
        wanted = parse_language(name)
        own = parse_language(stream.language or "und")
    except PlanError:
        return stream.language == name
    return wanted.tag in (own.tag, own.base)


def track_of_packets(track: PacketTrack, repairs: Repairs) -> Track:
    """Return the cues of a text track.

    Raises:
        FormatError: a packet is not what its codec demands.
        PlanError: subkit does not read the format.
    """
    if track.codec == "mov_text":
        return track_of_mov_text(track, repairs)
    reader = reader_for(FILE_FORMATS[track.codec])
    asked = ReadRequest(name=track.name, language=track.language)
    content = file_content(reader, file_of_packets(track, repairs), asked)
    for repair in content.repairs:
        repairs.add(repair.removesuffix("."))
    return track_in(content, track.language)


def _file(
    path: Path, stream: TextStream, packets: PacketTrack, name: str
) -> tuple[bytes, tuple[Loss, ...], tuple[str, ...]]:
    """The bytes of a track's file, what it could not hold, and what was mended."""
    repairs = Repairs()
    if format_and_variant(name)[0] == FILE_FORMATS[stream.codec] and stream.codec != "mov_text":
        data = file_of_packets(packets, repairs)
        return data, (), tuple(repairs.sentences())
    track = track_of_packets(packets, repairs)
    purpose = _purpose(stream)
    ident = track.language if purpose is Purpose.SUBTITLE else f"{track.language}.{purpose.value}"
    track = replace(track, id=ident, purpose=purpose)
    project = Project(title=path.stem, media=_media(path), tracks=(track,))
    # The text is somebody else's: subkit made nothing that it could disclose.
    written = written_track(project, track, name, disclosed=False, asked=WriteRequest())
    return written.data, written.losses, tuple(repairs.sentences())


def _media(path: Path) -> Media:
    """The film, for formats that count frames or pixels; a file of subtitles only has neither."""
    try:
        return probe(path)
    except MediaError:
        return Media(path="", digest="", duration=Fraction(0))


def _purpose(stream: TextStream) -> Purpose:
    return Purpose.FORCED if stream.forced else Purpose.SDH if stream.sdh else Purpose.SUBTITLE


def _target(path: Path, stream: TextStream, name: str, folder: Path) -> Path:
    """``film.Commentary.ko.forced.srt``: language and purpose stand where readers look for them."""
    own, _ = format_and_variant(name)
    facts = format_facts(own)
    title = " ".join(_UNSAFE.sub(" ", stream.title).split())[:_MAX_TITLE].strip()
    purpose = _purpose(stream)
    parts = (
        path.stem,
        title,
        stream.language or "und",
        "" if purpose is Purpose.SUBTITLE else purpose.value,
        own if facts is None else facts.extension,
    )
    return folder / ".".join(part for part in parts if part)


def _free(target: Path, files: Iterable[Path]) -> Path:
    """A name that no other track has: the second Korean one is ``film.2.ko.srt``."""
    taken = set(files)
    if target not in taken:
        return target
    stem, *rest = target.name.rsplit(".", 2 if target.name.count(".") < 3 else 3)
    names = (target.with_name(".".join((f"{stem}.{n}", *rest))) for n in range(2, len(taken) + 3))
    return next(name for name in names if name not in taken)


def _fonts(
    path: Path, found: TextStreams, taken: Iterable[ExtractedText], folder: Path
) -> dict[Path, bytes]:
    """The fonts that came with ASS, by the names of their files."""
    if not any(text.stream.codec == "ass" for text in taken):
        return {}
    place = folder / f"{path.stem}.fonts"
    files: dict[Path, bytes] = {}
    for attachment in found.attachments:
        if attachment.is_font:
            files[place / _font_name(attachment, len(files))] = attachment.data
    return files


def _font_name(attachment: Attachment, number: int) -> str:
    stem, _, ending = attachment.name.rpartition(".")
    clean = _UNSAFE.sub(" ", stem).strip()[:100].strip() or f"font-{number + 1}"
    return f"{clean}.{ending.lower() if ending.isalnum() else 'ttf'}"

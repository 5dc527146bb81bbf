"""A film and subtitle files -> one file with all of them; picture and sound are copied."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError, MediaError, NotFoundError, PlanError
from subkit.files.plain_text import MAX_BYTES, read_small_file
from subkit.formats import format_facts
from subkit.formats.losses import counted, losses_of
from subkit.formats.overlap_splitting import one_at_a_time
from subkit.interfaces.file_contents import Loss, WrittenFile
from subkit.language import parse_language, three_letters
from subkit.media import probe
from subkit.media.long_runs import run_long
from subkit.media.muxing import MuxedText, kept_streams, mux_arguments
from subkit.media.text_streams import find_text
from subkit.model import Placement, Purpose
from subkit.pipeline.subtitle_files import reader_of, subtitle_project
from subkit.pipeline.track_writing import require_no_loss, written_track
from subkit.store import staged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.interfaces import Progress
    from subkit.media.text_streams import TextStreams
    from subkit.model import Cue, Media, Project, Track

__all__ = [
    "AddedText",
    "MuxOptions",
    "MuxedFilm",
    "TextFile",
    "chosen_text",
    "film_timecode",
    "mux_film",
    "read_texts",
    "require_other",
    "utf8_of",
]

STAGE = "mux"
_CONTAINERS = {".mkv": "mkv", ".mp4": "mp4", ".m4v": "mp4"}
_IN_MKV = {"ass": "ass", "ssa": "ass", "vtt": "vtt", "srt": "srt"}
_TIMED_TEXT = frozenset({"italic", "bold", "underline"})
"""What ffmpeg writes into MP4 timed text beside lines and times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedText:
    """A subtitle file to put into a film.

    Attributes:
        path: The file.
        language: BCP 47; ``None`` takes what its name tells.
        title: Its name for viewers; empty takes the language's where its code says too little.
    """

    path: Path
    language: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MuxOptions:
    """How a film is put together.

    Attributes:
        default: Language of the new track that is shown unless the viewer chooses; empty for none.
        output_format: ``srt``, ``vtt`` or ``ass`` in MKV; empty takes what each file is.
        fonts: Files to attach, in MKV.
        overwrite: Replace a file that is there.
        strict: Write nothing where the container cannot hold all of a track.
    """

    default: str = ""
    output_format: str = ""
    fonts: tuple[Path, ...] = ()
    overwrite: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A track of a subtitle file, as it was read.

    Attributes:
        project: The document of its file.
        track: The track.
        format: Name of the file's format.
        title: Its name for viewers.
        path: The file it is from.
    """

    project: Project
    track: Track
    format: str
    title: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class MuxedFilm:
    """A film that was put together.

    Attributes:
        path: The file.
        losses: What it could not hold, by the file it came from.
        notes: What a person should know, a sentence each.
    """

    path: Path
    losses: Mapping[Path, tuple[Loss, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_texts(texts: Sequence[AddedText], media: Media) -> tuple[list[TextFile], list[str]]:
    """Return the tracks of subtitle files, and what their readers repaired.

    Raises:
        InputError: a file cannot be read, or holds no cue.
        PlanError: no such language, or subkit does not read the format.
    """
    found: list[TextFile] = []
    repairs: list[str] = []
    for text in texts:
        project, mended = subtitle_project(text.path, language=text.language, media=media)
        repairs += mended
        if not any(track.cues for track in project.tracks):
            raise InputError(
                f"{str(text.path)!r} holds no cue.", remedy="Check that it is the right file."
            )
        facts = format_facts(reader_of(text.path).extension)
        name = "" if facts is None else facts.name
        found += [
            TextFile(
                project=project,
                track=track,
                format=name,
                title=text.title or _language_title(track),
                path=text.path,
            )
            for track in project.tracks
        ]
    return found, repairs


def mux_film(
    path: Path,
    texts: Sequence[AddedText],
    out: Path,
    progress: Progress,
    options: MuxOptions | None = None,
) -> MuxedFilm:
    """Write a film with subtitle files in it as tracks.

    Args:
        path: The film.
        texts: What to add.
        out: The file to write, ``.mkv`` or ``.mp4``.
        progress: Hears how far it is.
        options: Everything else.

    Raises:
        InputError: a file cannot be read.
        LossError: the container cannot hold all of a track, and ``options.strict``.
        MediaError: not media, or ffmpeg cannot put it into this container.
        PlanError: no such container, language or format.
        StoreError: a file is in the way, or cannot be written.
    """
    options = options or MuxOptions()
    container = _container(out)
    require_other(path, out)
    if container == "mp4" and (options.fonts or options.output_format):
        raise PlanError("MP4 holds timed text only, and no fonts.", remedy="Write an MKV file.")
    media = probe(path, warn=progress.warn)
    found = find_text(path)
    read, notes = read_texts(texts, media)
    _require_default(options.default, read)
    with tempfile.TemporaryDirectory(prefix="subkit-") as place:
        files, losses = _written_texts(read, container, options, Path(place))
        if options.strict:
            require_no_loss(losses)
        kept = kept_streams(found.streams, container)
        notes += _left_out(path, found, container)
        with staged(out, overwrite=options.overwrite) as draft:
            arguments = mux_arguments(
                path,
                container,
                files,
                kept=kept,
                fonts=options.fonts,
                attached=len(found.attachments),
                offset=found.zero - found.began,
                timecode=film_timecode(media),
                out=draft,
            )
            progress.begin(STAGE, float(media.duration), "s")
            _run(arguments, path, container, progress)
            _require_tracks(draft, len(kept) + len(files), found)
            progress.end(STAGE)
    return MuxedFilm(path=out, losses=losses, notes=tuple(notes))


def _written_texts(
    read: Sequence[TextFile], container: str, options: MuxOptions, place: Path
) -> tuple[list[MuxedText], dict[Path, tuple[Loss, ...]]]:
    """Write each track as the container takes it; with what it could not hold, by source."""
    files: list[MuxedText] = []
    losses: dict[Path, tuple[Loss, ...]] = {}
    for number, text in enumerate(read):
        name = _format(text, container, options.output_format)
        written = text_for_mp4(text) if container == "mp4" else _text_for_mkv(text, name)
        file = place / f"{number}.{name}"
        file.write_bytes(written.data)
        if written.losses:
            losses[text.path] = (*losses.get(text.path, ()), *written.losses)
        files.append(_muxed(text, file, options.default))
    return files, losses


def _left_out(path: Path, found: TextStreams, container: str) -> list[str]:
    kept = kept_streams(found.streams, container)
    return [
        f"{path.name}: its subtitle track {stream.index} ({stream.called}) is left out: "
        f"{container.upper()} does not take it as it is."
        for stream in found.streams
        if stream not in kept
    ]


def text_for_mp4(text: TextFile) -> WrittenFile:
    """Return SubRip that ffmpeg makes MP4 timed text of, and what that cannot hold."""
    losses = losses_of(text.track, _TIMED_TEXT, format="mov_text")
    track, cut = one_at_a_time(text.track)
    track = replace(track, cues=tuple(map(_plain, track.cues)), styles=(), regions=(), carried=())
    if cut:
        losses = (*losses, counted("overlap", cut))
    written = written_track(text.project, track, "srt", disclosed=False)
    return WrittenFile(data=written.data, losses=losses)


def _plain(cue: Cue) -> Cue:
    """A cue with what MP4 timed text holds."""
    marks = tuple(mark for mark in cue.marks if mark.feature.value in _TIMED_TEXT)
    return replace(cue, marks=marks, placement=Placement(), style="", speaker=None, fade=None)


def _text_for_mkv(text: TextFile, name: str) -> WrittenFile:
    if name == text.format == "ass" and (script := utf8_of(text.path)) is not None:
        return WrittenFile(data=script)  # every player reads it as it is
    written = written_track(text.project, text.track, name, disclosed=False)
    if name != "vtt":
        return written
    # ffmpeg copies cues with ids and settings, and none of the blocks before them.
    blocks = sum(block.format == "vtt" for block in text.track.carried)
    blocks += len(text.track.regions)
    if not blocks:
        return written
    what = f"{blocks} {'block' if blocks == 1 else 'blocks'} of the source file"
    more = Loss(feature="carried", cues=(), what=what)
    return WrittenFile(data=written.data, losses=(*written.losses, more))


def utf8_of(path: Path) -> bytes | None:
    """Return the bytes of a file, if it is UTF-8."""
    data = read_small_file(path, MAX_BYTES)
    try:
        data.decode()
    except UnicodeDecodeError:
        return None
    return data


def _container(out: Path) -> str:
    container = _CONTAINERS.get(out.suffix.lower())
    if container is None:
        raise PlanError(
            f"{str(out)!r} is no name of a film that subkit writes.",
            remedy="End it in .mkv or .mp4.",
        )
    return container


def chosen_text(read: Sequence[TextFile], language: str | None) -> TextFile:
    """Return the track of a language; without one, the only track.

    Raises:
        PlanError: there are several, and no language.
        NotFoundError: there is none of this language.
    """
    if len(read) == 1:
        return read[0]
    languages = ", ".join(text.track.language for text in read)
    if language is None:
        raise PlanError(
            f"{str(read[0].path)!r} holds several languages: {languages}.",
            remedy="Name one with --language.",
        )
    found = [text for text in read if _is_of(text.track, language)]
    if not found:
        raise NotFoundError(
            f"{str(read[0].path)!r} holds no {language!r}.", remedy=f"It has: {languages}."
        )
    return found[0]


def require_other(path: Path, out: Path) -> None:
    """Return if an output is not the film itself.

    Raises:
        PlanError: it is.
    """
    if os.path.exists(out) and out.samefile(path):  # noqa: PTH110 - no error for a long name
        raise PlanError(f"{str(out)!r} is the film itself.", remedy="Choose another name.")


def _require_default(default: str, read: Sequence[TextFile]) -> None:
    if default and not any(_is_of(text.track, default) for text in read):
        languages = ", ".join(text.track.language for text in read)
        raise PlanError(
            f"None of the subtitle files is {default!r}.", remedy=f"They are: {languages}."
        )


def _is_of(track: Track, language: str) -> bool:
    wanted, own = parse_language(language), parse_language(track.language)
    return wanted.tag in (own.tag, own.base)


def _format(text: TextFile, container: str, asked: str) -> str:
    if container == "mp4":
        return "srt"
    name = asked or _IN_MKV.get(text.format, "srt")
    if name not in _IN_MKV:
        raise PlanError(f"MKV holds no {name!r}.", remedy="It takes srt, vtt or ass.")
    return _IN_MKV[name]


def _muxed(text: TextFile, file: Path, default: str) -> MuxedText:
    return MuxedText(
        path=file,
        language=three_letters(text.track.language),
        title=text.title,
        default=bool(default) and _is_of(text.track, default),
        forced=text.track.purpose is Purpose.FORCED,
        sdh=text.track.purpose is Purpose.SDH,
    )


def _language_title(track: Track) -> str:
    """A title for a language that its three letters do not tell: ``Portuguese (BR)``."""
    try:
        language = parse_language(track.language)
    except PlanError:
        return ""
    more = track.language[len(language.base) + 1 :]
    return f"{language.name} ({more})" if more else ""


def film_timecode(media: Media) -> str:
    """Return the timecode of the first frame; empty where the film does not say one."""
    if not media.programme_start or media.frame_rate is None:
        return ""
    return media.frame_rate.timecode(Fraction(0), media.programme_start)


def _run(arguments: Sequence[str | Path], path: Path, container: str, progress: Progress) -> None:
    try:
        run_long(arguments, lambda seconds: progress.advance(STAGE, seconds))
    except MediaError as error:
        raise MediaError(
            f"{str(path)!r} could not be put into {container.upper()}: {error.message}",
            remedy="MKV takes nearly everything: name a file that ends in .mkv."
            if container == "mp4"
            else "Check that the film plays to its end.",
        ) from error


def _require_tracks(draft: Path, count: int, before: TextStreams) -> None:
    """Return if a file holds as many subtitle tracks as it should.

    Raises:
        MediaError: it does not.
    """
    made = find_text(draft)
    if len(made.streams) != count:
        raise MediaError(
            f"ffmpeg wrote {len(made.streams)} subtitle tracks instead of {count}; "
            f"the film has {len(before.streams)}.",
            remedy="Nothing was kept. Please report it.",
        )

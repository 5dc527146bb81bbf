"""A subtitle file on its own -> a project, so that it can be treated like any other."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance.provenance import import_provenance
from subkit.errors import InputError, PlanError
from subkit.files.encodings import recode
from subkit.files.plain_text import Repairs
from subkit.files.regular_files import open_regular
from subkit.formats import format_facts, known_formats
from subkit.formats.file_reading import file_content
from subkit.formats.sniffing import format_of
from subkit.interfaces.file_contents import ReadRequest
from subkit.language import parse_language
from subkit.model import SOUND_ONLY_RATE, Media, Project, Purpose
from subkit.pipeline.stage_cache import stage_key
from subkit.plugins import reader_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.interfaces import Reader
    from subkit.interfaces.file_contents import FileContent
    from subkit.model import FrameRate, Track

__all__ = ["SubtitleName", "format_name", "read_name", "reader_of", "subtitle_project"]

VERSION = 1
_MAX_BYTES = 64 * 1024 * 1024
_PURPOSES = {
    "sdh": Purpose.SDH,
    "cc": Purpose.SDH,
    "hi": Purpose.SDH,
    "forced": Purpose.FORCED,
    "bilingual": Purpose.BILINGUAL,
}
_HEAD = 64 * 1024
_LANGUAGES_TOO = frozenset({"hi"})
"""Marks that are a language where no other stands beside them: ``film.hi.srt`` is Hindi."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleName:
    """What the name of a subtitle file tells.

    Attributes:
        stem: Of the title: what is left of the name.
        language: BCP 47, ``"und"`` where it does not say.
        purpose: What the track is for.
    """

    stem: str
    language: str
    purpose: Purpose


def subtitle_project(
    path: Path,
    *,
    language: str | None = None,
    media: Media | None = None,
    frame_rate: FrameRate | None = None,
    source: Path | None = None,
    reader: Reader | None = None,
    encoding: str | None = None,
    start: str | None = None,
) -> tuple[Project, list[str]]:
    """A subtitle file as a project: a track for each of its languages.

    The file that it was translated from stands before them.

    Args:
        path: The file, in any format that is read.
        language: Of its text; ``None`` takes what stands in the name (``film.ko.sdh.srt``), where
            ``sdh``, ``cc``, ``hi`` and ``forced`` say what it is for.
        media: What it belongs to, as it was probed; ``None`` does without.
        frame_rate: The frame grid, where there is no media; ``None`` takes what the file says.
        source: The subtitle file it was translated from.
        reader: Reads the file; ``None`` takes the one of its extension.
        encoding: Of the files' text; ``None`` judges each from its bytes.
        start: Timecode of the programme's first frame; ``None`` takes what the file says.

    Returns:
        The project, and a sentence for each thing that the readers repaired.

    Raises:
        InputError: a file cannot be read (``FormatError`` where it is not of its format).
        PlanError: no such language or encoding, or no format of that name is read.
    """
    rate = frame_rate or (None if media is None else media.frame_rate)
    opened = _Opened.of(path, reader, encoding)
    content, began = opened.content(read_name(path, language).language, rate, start)
    tracks, repairs = _tracks(opened, content, language)
    if source is not None:
        other = _Opened.of(source, None, encoding)
        first, _ = other.content(read_name(source).language, rate, start)
        (original, *_), more = _tracks(other, first, None)
        original = replace(original, id=f"source.{original.id}")
        tracks = (original, *(replace(track, source=original.id) for track in tracks))
        repairs = [*more, *repairs]
    if media is None:
        last = max((cue.span.end for track in tracks for cue in track.cues), default=Fraction(0))
        media = Media(
            path="",
            digest="",
            duration=last,
            frame_rate=frame_rate or content.rate,
            programme_start=began,
        )
    return Project(title=path.stem, media=media, tracks=tracks), repairs


def read_name(path: Path, language: str | None = None) -> SubtitleName:
    """What the name of a file tells: ``film.ko.sdh.srt`` is of ``film``, Korean, for SDH.

    Args:
        path: The file; it is not opened.
        language: What the user says of it; another one in the name is part of the stem then.

    Raises:
        PlanError: no such language.
    """
    given = None if language is None else parse_language(language).tag
    parts = path.name.split(".")[:-1]
    spoken, mark = _told(parts[1:])
    named = _language(parts[spoken]) if spoken else None
    if given not in (None, named):
        spoken = 0
    told = {len(parts) + place for place in (spoken, mark) if place}
    return SubtitleName(
        stem=".".join(part for place, part in enumerate(parts) if place not in told),
        language=given or named or "und",
        purpose=_PURPOSES[parts[mark].lower()] if mark else Purpose.SUBTITLE,
    )


def _told(parts: list[str]) -> tuple[int, int]:
    """Where, counted from the end, the language and the purpose stand; 0 where they do not."""
    known = [(_language(part) is not None, part.lower() in _PURPOSES) for part in parts]
    for language, mark in ((-2, -1), (-1, -2)):
        if len(parts) > 1 and known[language][0] and known[mark][1]:
            return language, mark
    if parts and known[-1][1] and parts[-1].lower() not in _LANGUAGES_TOO:
        return 0, -1
    return (-1, 0) if parts and known[-1][0] else (0, 0)


def format_name(path: Path) -> str:
    """The name of a subtitle file's format: by what stands at its beginning, else by its name.

    Of formats with one reader the extension tells which: ``film.itt`` is iTunes Timed Text. What a
    plug-in reads is known by its name alone.

    Raises:
        PlanError: subkit reads no such files.
    """
    extension = path.suffix.lstrip(".").lower()
    head = b""
    with suppress(OSError, ValueError), open_regular(path) as file:
        head = file.read(_HEAD)
    found, named = format_of(head), format_facts(extension)
    if found is None or named is None or not named.reads:
        try:
            reader_for(extension)
        except PlanError as error:
            if found is not None:
                return found
            raise PlanError(
                f"{str(path)!r} is not a subtitle file that subkit reads.",
                remedy=error.remedy,
            ) from error
        return extension if named is None else named.name
    alone = sum(facts.extension == named.extension for facts in known_formats()) == 1
    return named.name if alone and _reads_alike(named.name, found) else found


def reader_of(path: Path) -> Reader:
    """The reader of a subtitle file; see :func:`format_name`."""
    return reader_for(format_name(path))


def _reads_alike(first: str, second: str) -> bool:
    readers = [facts.reader for facts in map(format_facts, (first, second)) if facts is not None]
    return len(readers) == 2 and readers[0] == readers[1]


def _language(part: str) -> str | None:
    try:
        return parse_language(part).tag
    except PlanError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A subtitle file whose bytes are here, and what reads them."""

    path: Path
    reader: Reader
    data: bytes
    text: bytes
    mended: tuple[str, ...]

    @classmethod
    def of(cls, path: Path, given: Reader | None, encoding: str | None) -> _Opened:
        """Read the bytes of a file.

        Raises:
            InputError: it cannot be read.
            PlanError: no such encoding, or no format of that name is read.
        """
        name = "" if given is not None else format_name(path)
        reader = reader_for(given if given is not None else name)
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise InputError(
                    f"{str(path)!r} is larger than 64 MiB, too large for a subtitle file."
                )
            with open_regular(path) as file:
                data = file.read(_MAX_BYTES + 1)
        except OSError as error:
            raise InputError(f"{str(path)!r} cannot be read: {error.strerror}.") from error
        mended = Repairs()
        facts = format_facts(path.suffix)
        found = format_facts(name)
        if name and found is not None and (facts is None or facts.extension != found.extension):
            mended.add(f"It was read as {name.upper()}, by what stands in it")
        text = data if encoding is None else recode(data, encoding, mended)
        return cls(path=path, reader=reader, data=data, text=text, mended=tuple(mended.sentences()))

    def content(
        self, language: str, rate: FrameRate | None, start: str | None
    ) -> tuple[FileContent, Fraction]:
        """Return what the file holds, and the timecode of the first frame as seconds.

        A timecode means another time at another frame rate: where nobody said that, the file is
        read for it first.
        """
        asked = ReadRequest(name=self.path.name, language=language, rate=rate)
        content = file_content(self.reader, self.text, asked)
        if start is None:
            return content, content.start or Fraction(0)
        began = (rate or content.rate or SOUND_ONLY_RATE).parse_timecode(start)
        asked = replace(asked, start=began)
        return file_content(self.reader, self.text, asked), began


def _tracks(
    opened: _Opened, content: FileContent, language: str | None
) -> tuple[tuple[Track, ...], list[str]]:
    """The tracks of a file with ids and provenance, that of the language asked for first."""
    name = read_name(opened.path, language)
    digest = sha256(opened.data).hexdigest()
    tracks: list[Track] = []
    for track in content.tracks:
        if language is not None and len(content.tracks) == 1:
            track = replace(track, language=name.language)  # noqa: PLW2901
        purpose = track.purpose if name.purpose is Purpose.SUBTITLE else name.purpose
        ident = _free_id(track.language, purpose, tracks)
        made = import_provenance(stage_key("subtitle", VERSION, digest, ident))
        cues = tuple(replace(cue, provenance=made) for cue in track.cues)
        tracks.append(replace(track, id=ident, purpose=purpose, cues=cues))
    tracks.sort(key=lambda track: track.language != name.language)
    repairs = [*opened.mended, *content.repairs]
    if tracks[0].language == "und":
        repairs.append("The language is not known; name it with --language.")
    return tuple(tracks), [f"{opened.path}: {repair}" for repair in repairs]


def _free_id(language: str, purpose: Purpose, others: Sequence[Track]) -> str:
    ident = language if purpose is Purpose.SUBTITLE else f"{language}.{purpose.value}"
    known = {track.id for track in others}
    numbers = (f"{ident}.{number}" for number in range(2, len(others) + 3))
    return next(name for name in (ident, *numbers) if name not in known)

"""Import an edited sheet into the project file, as edits of the given reviewer."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.edit import Hand
from subkit.errors import FormatError, InputError, PlanError, TimecodeError
from subkit.exchange.edited_subtitles import nearest_export, take_subtitles
from subkit.exchange.given_translations import take_translation
from subkit.exchange.merging import Import, require_reviewer, take_rows
from subkit.exchange.sheet_formats import read_sheet
from subkit.exchange.sheet_rows import Basis, Returned
from subkit.files.encodings import recode
from subkit.files.plain_text import Repairs
from subkit.files.regular_files import open_regular
from subkit.formats import (
    format_facts,
    known_formats,
    reader_for,
    writer_for,
)
from subkit.formats.file_reading import file_content, track_in
from subkit.formats.sniffing import format_of
from subkit.interfaces.file_contents import ReadRequest
from subkit.model import FrameRate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from subkit.exchange.sheet_rows import Reply, TimedRemark
    from subkit.formats import FormatFacts
    from subkit.model import Media, Project, Track
    from subkit.store import ProjectFile

__all__ = ["import_file", "place_remarks", "read_bytes"]

REACTION = Fraction(1)
"""Seconds for which a comment still belongs to the cue that has just gone: people stop late."""

_SUBTITLES = frozenset(
    extension
    for known in known_formats()
    if known.reads
    for extension in (known.extension, *known.also)
)
_MAX_BYTES = 64 * 2**20
_HEAD = 64 * 1024
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,9})?)")


def import_file(
    store: ProjectFile,
    path: Path,
    *,
    by: str,
    track: str | None = None,
    role: str | None = None,
    delete_absent: bool = False,
    dry_run: bool = False,
    encoding: str | None = None,
    translation_of: str | None = None,
) -> Import:
    """Take what came back into the project file; all that is taken is one transaction.

    Args:
        store: Open for writing, unless ``dry_run``.
        path: XLSX, DOCX, CSV, XLIFF 2, TMX, comments of Frame.io as CSV, or a subtitle file.
        by: The reviewer; ledger entries bear this name.
        track: Id or language of the track where the file names none.
        role: Approve, in this role, what the file calls final; ``None`` approves nothing.
        delete_absent: Delete cues that an edited subtitle file does not have.
        dry_run: Only say what would happen.
        encoding: Of a CSV or subtitle file's text; ``None`` judges it from its bytes.
        translation_of: Id or language of the track that a subtitle file translates: it becomes a
            track of its own, in the language that ``track`` or its name says.

    Raises:
        InputError: the file cannot be read, or names no track (``FormatError`` where it is bad).
        PlanError: no such format or encoding.
        StaleError: another program changed the project meanwhile; nothing was written.
    """
    head, project, time = store.head(), store.load(), store.now()
    extension = path.suffix.lstrip(".").lower()
    mended = Repairs()
    data = read_bytes(path)
    if encoding is not None and extension in {"csv", *_SUBTITLES}:
        data = recode(data, encoding, mended)
    if extension in _SUBTITLES:
        require_reviewer(by)
        if role is not None:
            raise PlanError(f"{path.name!r} is a subtitle file, which calls nothing final.")
        if translation_of is not None:
            done = take_translation(project, translation_of, data, path, language=track)
        else:
            hand = Hand(actor=by.strip(), time=time)
            wanted = _subtitle_track(project, track, path)
            done = _take_subtitles(project, data, path, wanted, hand, delete_absent=delete_absent)
    elif translation_of is not None:
        raise PlanError(f"{path.name!r} is no subtitle file, and only one is a translation.")
    else:
        reply = read_sheet(data, path.name, extension)
        rows = (*reply.rows, *_remarks(project, reply, track, path))
        done = take_rows(project, rows, by=by, time=time, track=track, role=role)
        absent = () if reply.timed else done.absent  # comments are never about every cue
        done = replace(done, absent=absent, repairs=reply.repairs)
    done = replace(done, repairs=(*mended.sentences(), *done.repairs))
    if not dry_run and done.project is not project:
        by, tool = by.strip(), f"subkit import {extension}"
        store.commit(done.project, actor=by, action="import", tool=tool, expected=head, time=time)
    return done


def _remarks(project: Project, reply: Reply, track: str | None, path: Path) -> tuple[Returned, ...]:
    if not reply.timed:
        return ()
    return place_remarks(project, reply.timed, _only_track(project, track, path))


def _take_subtitles(
    project: Project, data: bytes, path: Path, track: Track, hand: Hand, *, delete_absent: bool
) -> Import:
    known = format_facts(format_of(data[:_HEAD]) or path.suffix)
    reader = reader_for(path.suffix if known is None else known.name)
    media = project.media
    asked = ReadRequest(name=path.name, language=track.language, rate=media.frame_grid)
    content = file_content(reader, data, asked)
    if media.programme_start:  # times of the file may be timecodes, or count from the first frame
        timed = replace(asked, start=media.programme_start)
        near = _off(track, track_in(content, track.language))
        other = file_content(reader, data, timed)
        if _off(track, track_in(other, track.language)) < near:
            content, asked = other, timed
    found = track_in(content, track.language)
    done = take_subtitles(
        project,
        track,
        found,
        hand,
        exported=nearest_export(_exports(project, track, known, path, asked), found),
        delete_absent=delete_absent,
    )
    return replace(done, repairs=content.repairs)


def _off(track: Track, found: Track) -> Fraction:
    """How far the first cue of a file is from that of the track."""
    first = (min((c.span.start for c in t.cues), default=Fraction(0)) for t in (track, found))
    return abs(next(first) - next(first))


def _exports(
    project: Project, track: Track, known: FormatFacts | None, path: Path, asked: ReadRequest
) -> Iterator[Track]:
    """The track as files of the format held it when they were written, a variant after the other.

    The variant that the file's extension names comes first.
    """
    if known is None:
        return
    reader = reader_for(known.name)
    alike = [facts for facts in known_formats() if facts.writes and facts.reader == known.reader]
    for facts in sorted(alike, key=lambda facts: f".{facts.extension}" != path.suffix.lower()):
        with suppress(FormatError):  # some formats hold no such track, or none without a cue
            data = writer_for(facts.name).write(track, project.media)
            yield track_in(file_content(reader, data, asked), track.language)


def _subtitle_track(project: Project, name: str | None, path: Path) -> Track:
    """The track as named, else the one that the file is named after: ``film.ko.srt``."""
    if name is None:
        for part in reversed(path.name.split(".")[:-1]):
            for track in project.tracks:
                if part in (track.id, track.language):
                    return track
    return _only_track(project, name, path)


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file, and one more than it may have.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with open_regular(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error.strerror}.", remedy="Name another file."
        ) from error
    return data


def _only_track(project: Project, name: str | None, path: Path) -> Track:
    if name is not None:
        return project.track(name)
    if len(project.tracks) == 1:
        return project.tracks[0]
    known = ", ".join(track.id for track in project.tracks) or "none yet"
    raise InputError(
        f"{str(path)!r} does not say which track its comments are about.",
        remedy=f"Name it with --track; tracks: {known}.",
    )


def place_remarks(
    project: Project, remarks: Sequence[TimedRemark], track: Track
) -> tuple[Returned, ...]:
    """Each comment as a row of the cue that was on screen at its time.

    Else of the first cue in the stretch it is about, else of the cue that had gone at most
    ``REACTION`` before. One that belongs to no cue has a row without one, to be listed.
    """
    cues = sorted(track.cues, key=lambda cue: cue.span.start)
    found = []
    for timed in remarks:
        time, end = _times(timed, project.media)
        cue = None
        if time is not None:
            on_screen = (c for c in cues if c.span.start <= time < c.span.end)
            within = (c for c in cues if end is not None and time <= c.span.start < end)
            just_gone = (c for c in reversed(cues) if 0 <= time - c.span.end <= REACTION)
            cue = next((c for kind in (on_screen, within, just_gone) for c in kind), None)
        said = timed.timecode or timed.source_timecode or f"frame {timed.frame}"
        found.append(
            Returned(
                place=f"{timed.place} ({said})",
                track=track.id,
                cue="" if cue is None else cue.id,
                basis=Basis(),
                remarks=(timed.remark,),
                problem="" if time is not None else f"{said!r} is not a time at this frame rate",
            )
        )
    return tuple(found)


def _times(timed: TimedRemark, media: Media) -> tuple[Fraction | None, Fraction | None]:
    """Seconds in the media of a comment's begin and end; ``None`` where it does not say."""
    rate, start = media.frame_grid, media.programme_start
    order = [timed.source_timecode, timed.timecode]
    if not start:
        order.reverse()
    time = next((t for text in order if (t := _time(text, rate, start)) is not None), None)
    if time is None and timed.frame is not None:
        time = rate.time(timed.frame)
    return time, _time(timed.timecode_out, rate, start)


def _time(text: str, rate: FrameRate, start: Fraction) -> Fraction | None:
    """Seconds from the first frame; a time from the programme start on is counted from there."""
    if not text.strip():
        return None
    try:
        dropping = FrameRate(rate.rate, drop_frame=True) if ";" in text else rate
        time = dropping.parse_timecode(text)
    except TimecodeError:
        match = _CLOCK.fullmatch(text.strip())
        if match is None:
            return None
        hours, minutes, rest = match.groups()
        time = int(hours or 0) * 3600 + int(minutes) * 60 + Fraction(rest.replace(",", "."))
    return time - start if start and time >= start else time

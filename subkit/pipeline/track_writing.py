"""One track -> the bytes of a file, and what its format could not hold."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.compliance.disclosure import disclosure_note
from subkit.compliance.provenance import DEMO_WARNING, is_demo
from subkit.errors import LossError, PlanError
from subkit.exchange import is_sheet, write_sheet
from subkit.exchange.dub_files import dub_script, is_dub_file, write_dub_file
from subkit.exchange.track_sheets import track_sheet
from subkit.formats import format_facts
from subkit.formats.cue_text import DEMO_LINES
from subkit.formats.losses import losses_of, told_losses
from subkit.interfaces import WordWriter
from subkit.interfaces.file_contents import FileWriter, WriteRequest, WrittenFile
from subkit.model import Cue, Placement, Span
from subkit.plugins import writer_for
from subkit.styles import DEFAULT_STYLE, load_profile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from subkit.exchange.dub_files import StageFacts
    from subkit.interfaces import Writer
    from subkit.interfaces.file_contents import Loss
    from subkit.model import Profile, Project, Track, Word

__all__ = ["format_and_variant", "require_no_loss", "written_track"]

_DEMO_MARK = Cue(
    id="demo",
    span=Span(Fraction(0), Fraction(3)),
    lines=DEMO_LINES,
    placement=Placement(vertical="top"),
)
"""Stands at the top of the picture in demo files of a format that has no place for a note."""

_NO_LOOKS = ("speaker", "cue language")
"""What is no styling: a writer that gives no account of its losses is not held to it."""

_ASKED = WriteRequest()


def written_track(
    project: Project,
    track: Track,
    output_format: str | Writer,
    *,
    disclosed: bool = True,
    asked: WriteRequest = _ASKED,
    facts: StageFacts | None = None,
) -> WrittenFile:
    """Return a track as a file.

    Args:
        project: The document that it is of.
        track: The track.
        output_format: Name of a format, of a sheet or of a dubbing file, with a variant behind a
            colon if it has any (``"ttml:netflix"``), or a writer.
        disclosed: Whether the file says how it was made, where its format has a place for that.
        asked: Reel and so on; the note, title and words come from the project.
        facts: What dubbing files say beside the document; ``None``: nothing.

    Raises:
        PlanError: no such format.
        FormatError: the track cannot be written in it at all.
    """
    note = DEMO_WARNING if is_demo(project, track) else ""
    if disclosed:
        note = disclosure_note(project, track)
    variant = asked.profile
    if isinstance(output_format, str):
        output_format, own_variant = format_and_variant(output_format)
        variant = own_variant or variant
        if is_sheet(output_format):
            sheet = track_sheet(project, track, _profile(track), note=note)
            return WrittenFile(data=write_sheet(sheet, output_format))
        if is_dub_file(output_format):
            script = dub_script(project, track, note=note, facts=facts)
            return write_dub_file(script, output_format, variant)
    writer = writer_for(output_format)
    named = output_format if isinstance(output_format, str) else writer.extension
    shown = _with_demo_mark(project, _with_speaker_names(project, track), named)
    words = _heard(project, track)
    if isinstance(writer, FileWriter):
        title = asked.title or project.title
        asked = replace(asked, note=note, title=title, words=words, profile=variant)
        return writer.write_file(shown, project.media, asked)
    losses = losses_of(track, _NO_LOOKS)
    if isinstance(writer, WordWriter):
        data = writer.write_words(shown, project.media, words, note=note)
    else:
        data = writer.write(shown, project.media, note=note)
    return WrittenFile(data=data, losses=losses)


def format_and_variant(name: str) -> tuple[str, str]:
    """Return the name of a format and of a variant of it: ``"ttml:netflix"``."""
    own, _, variant = name.partition(":")
    return own, variant


def require_no_loss(losses: Mapping[Path, Sequence[Loss]]) -> None:
    """Return if files hold all of their tracks.

    Raises:
        LossError: one does not; nothing was written.
    """
    lossy = {str(path): told_losses(lost) for path, lost in losses.items() if lost}
    if not lossy:
        return
    path, what = next(iter(lossy.items()))
    others = len(lossy) - 1
    more = f" So would {others} more {'file' if others == 1 else 'files'}." if others else ""
    raise LossError(
        f"{path!r} would lose {what}; nothing was written.{more}",
        remedy="Choose a format that holds them, or leave --strict (strict=) out.",
        files=lossy,
    )


def _with_speaker_names(project: Project, track: Track) -> Track:
    """The track with the names of its speakers, as files show them, in place of their ids."""
    speakers = project.transcript.speakers if project.transcript else ()
    names = {one.id: one.name for one in speakers if one.name != one.id}
    if not any(cue.speaker in names for cue in track.cues):
        return track
    named = (
        replace(cue, speaker=names[cue.speaker]) if cue.speaker in names else cue
        for cue in track.cues
    )
    return replace(track, cues=tuple(named))


def _with_demo_mark(project: Project, track: Track, name: str) -> Track:
    facts = format_facts(name)
    has_place = facts is not None and facts.note
    if has_place or not is_demo(project, track):
        return track
    rate = project.media.frame_grid
    gone = rate.time(rate.frame(_DEMO_MARK.span.end))
    mark = replace(_DEMO_MARK, span=Span(_DEMO_MARK.span.start, gone))
    return replace(track, cues=(mark, *track.cues))


def _heard(project: Project, track: Track) -> tuple[Word, ...]:
    """The words that a track was made of; none for a translation."""
    transcript = project.transcript
    if transcript is None or track.source is not None or track.language != transcript.language:
        return ()
    return transcript.words


def _profile(track: Track) -> Profile:
    """The track's house style; the default one where its own is not known here."""
    try:
        return load_profile(track.profile, track.language)
    except PlanError:
        return load_profile(DEFAULT_STYLE, track.language)

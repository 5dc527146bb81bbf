"""A film and a subtitle file -> the film with its subtitles drawn into the picture."""

from __future__ import annotations

import tempfile
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import MediaError, PlanError
from subkit.formats.script_fonts import font_trial, letters_shown, with_font
from subkit.media import probe
from subkit.media.burning import (
    SCRIPT,
    burn_arguments,
    drawn_fonts,
    link_fonts,
    recoded_audio,
    require_encoder,
)
from subkit.media.long_runs import run_long
from subkit.media.text_streams import find_text
from subkit.pipeline.film_muxing import (
    AddedText,
    chosen_text,
    film_timecode,
    read_texts,
    require_other,
    utf8_of,
)
from subkit.pipeline.track_writing import require_no_loss, written_track
from subkit.store import staged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from subkit.interfaces import Progress
    from subkit.interfaces.file_contents import Loss
    from subkit.model import Media
    from subkit.pipeline.film_muxing import TextFile

__all__ = ["BurnOptions", "BurnedFilm", "burn_film", "require_font_name"]

STAGE = "burn"
_NAMED = 8
"""Letters and cues that a sentence names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnOptions:
    """How subtitles are drawn into a film.

    Attributes:
        font: Family of all styles; empty takes that of the file, else Arial.
        fonts: Folder with fonts that go before those of the system.
        crf: Quality of H.264, from 0 (lossless) to 51.
        overwrite: Replace a file that is there.
        strict: Write nothing where not all of the text can be drawn.
    """

    font: str = ""
    fonts: Path | None = None
    crf: int = 18
    overwrite: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnedFilm:
    """A film with its subtitles in the picture.

    Attributes:
        path: The file.
        fonts: Font asked for -> the fonts that it was drawn with.
        losses: What of the text could not be drawn.
        notes: What a person should know, a sentence each.
    """

    path: Path
    fonts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()
    notes: tuple[str, ...] = ()


def burn_film(
    path: Path,
    text: AddedText,
    out: Path,
    progress: Progress,
    options: BurnOptions | None = None,
) -> BurnedFilm:
    """Write a film with the subtitles of a file in its picture, as MP4 with H.264.

    Before the first picture, the encoder is looked for, and every letter in the fonts.

    Args:
        path: The film.
        text: The subtitle file; of one with several languages, the one that it names.
        out: The file to write, ``.mp4``.
        progress: Hears how far it is.
        options: Everything else.

    Raises:
        InputError: a file cannot be read.
        LossError: ASS cannot hold all of the text, and ``options.strict``.
        MediaError: not media, no picture, no encoder, or no font for a letter.
        PlanError: no such language, quality or container.
        StoreError: a file is in the way, or cannot be written.
    """
    options = options or BurnOptions()
    _require_sense(path, out, options)
    require_encoder()
    media = _with_picture(path, progress)
    read, notes = read_texts([text], media)
    chosen = chosen_text(read, text.language)
    script, losses = _script(chosen, options.font)
    if options.strict:
        require_no_loss({chosen.path: losses})
    found = find_text(path)
    with tempfile.TemporaryDirectory(prefix="subkit-") as place:
        folder = Path(place)
        if options.fonts is not None:
            link_fonts(options.fonts, folder)
        drawn = drawn_fonts(font_trial(script).encode(), folder)
        if drawn.missing:
            raise _no_font(drawn.missing, chosen, script)
        (folder / SCRIPT).write_text(script, encoding="utf-8")
        with staged(out, overwrite=options.overwrite) as draft:
            arguments = burn_arguments(
                media,
                folder,
                offset=found.zero - found.began,
                crf=options.crf,
                timecode=film_timecode(media),
                out=draft,
            )
            progress.begin(STAGE, float(media.duration), "s")
            run_long(arguments, lambda done: progress.advance(STAGE, done), folder=folder)
            progress.end(STAGE)
    return BurnedFilm(path=out, fonts=drawn.fonts, losses=losses, notes=(*notes, *_recoded(media)))


def _with_picture(path: Path, progress: Progress) -> Media:
    media = probe(path, warn=progress.warn)
    if not media.width:
        raise MediaError(f"{str(path)!r} has no picture to draw into.", remedy="Name the film.")
    return media


def _recoded(media: Media) -> list[str]:
    return [
        f"{Path(media.path).name}: its audio stream {index} was encoded anew as AAC: MP4 does not "
        "hold it."
        for index in recoded_audio(media)
    ]


def require_font_name(font: str) -> None:
    """Return if a name of a font can stand in a script.

    Raises:
        PlanError: it holds signs of ASS.
    """
    if any(sign in font for sign in ",{}\\\r\n"):
        raise PlanError(f"{font!r:.60} is no name of a font.")


def _require_sense(path: Path, out: Path, options: BurnOptions) -> None:
    if out.suffix.lower() not in {".mp4", ".m4v"}:
        raise PlanError(f"{str(out)!r} does not end in .mp4.", remedy="Burned-in films are MP4.")
    if not 0 <= options.crf <= 51:
        raise PlanError(
            f"{options.crf} is no quality of H.264.", remedy="Give 0 to 51; 18 is good."
        )
    require_font_name(options.font)
    require_other(path, out)


def _script(text: TextFile, font: str) -> tuple[str, tuple[Loss, ...]]:
    """The text as ASS: the file itself where it is ASS, and what could not be held."""
    losses: tuple[Loss, ...] = ()
    data = utf8_of(text.path) if text.format == "ass" else None
    if data is None:
        written = written_track(text.project, text.track, "ass", disclosed=False)
        data, losses = written.data, written.losses
    script = data.decode().replace("\r\n", "\n").removeprefix("\ufeff")
    return (with_font(script, font) if font else script), losses


def _no_font(missing: str, text: TextFile, script: str) -> MediaError:
    """The sentence for letters without a font: which, of which scripts, in which cues."""
    if "\0" in missing:  # the letter that stands for all that a font lacks
        return MediaError(
            "There is no font on this machine; nothing was written.",
            remedy="Install one, or name a folder that has one with --fontsdir.",
        )
    named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:_NAMED])
    more = f" and {len(missing) - _NAMED} more letters" if len(missing) > _NAMED else ""
    wanted = set(missing)
    cues = [cue.id for cue in text.track.cues if wanted & set(cue.text)]
    where = (
        f" (cues {', '.join(cues[:_NAMED])}{' …' if len(cues) > _NAMED else ''})" if cues else ""
    )
    writing = {unicodedata.name(letter, "unknown").split()[0].title() for letter in missing}
    fonts = sorted({font for _, font in letters_shown(script) if font})
    asked = f" The text names {', '.join(fonts)}." if fonts else ""
    return MediaError(
        f"No font here has {named}{more}{where}; nothing was written.{asked}",
        remedy=f"Install a font for {', '.join(sorted(writing))}, or name a folder that has one "
        "with --fontsdir.",
    )

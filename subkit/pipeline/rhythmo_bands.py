"""A dubbing track -> its rhythmo band, as a script and burned into the film."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance.disclosure import SIDECAR, disclose, disclosure_note, sidecar
from subkit.errors import PlanError
from subkit.exchange.dub_files import dub_script
from subkit.exchange.dub_files.rhythmo_band import BandLook, band_script, band_words
from subkit.media.burning import link_fonts
from subkit.media.drawn_words import word_widths
from subkit.pipeline.burning_in import BurnOptions, burn_film, require_font_name
from subkit.pipeline.film_muxing import AddedText
from subkit.store import publish_all

if TYPE_CHECKING:
    from subkit.interfaces import Progress
    from subkit.model import Project, Track
    from subkit.store import LedgerMark

__all__ = ["BandOptions", "write_band"]

_SECONDS = (Fraction(2), Fraction(30))


@dataclass(frozen=True, slots=True, kw_only=True)
class BandOptions:
    """How a band is made.

    Attributes:
        seconds: How long a word takes from edge to edge.
        font: Family of its font.
        fonts: Folder with fonts that go before those of the system.
        overwrite: Replace files that are there.
        ledger: Of the project file it is from, for the disclosure.
    """

    seconds: Fraction = Fraction(8)
    font: str = "Arial"
    fonts: Path | None = None
    overwrite: bool = False
    ledger: LedgerMark | None = None


def write_band(
    project: Project,
    track: Track,
    out: Path,
    progress: Progress,
    options: BandOptions | None = None,
) -> tuple[Path, ...]:
    """Write the band of a dubbing track, and its disclosure beside it; return the files.

    Args:
        project: The document.
        track: One of its dubbing tracks.
        out: ``.ass`` for the script, ``.mp4`` for the film with the band in its picture.
        progress: Hears how far the film is.
        options: Everything else.

    Raises:
        InputError: the track has no lines to be dubbed, or a folder of fonts has none.
        MediaError: ffmpeg cannot draw or encode, or no font has a letter.
        PlanError: another extension, or a speed that nobody can read.
        StoreError: a file is in the way, or cannot be written.
    """
    options = options or BandOptions()
    kind = out.suffix.lower()
    if kind not in (".ass", ".mp4"):
        raise PlanError(f"{str(out)!r} ends in neither .ass nor .mp4.", remedy="A band is either.")
    require_font_name(options.font)
    low, high = _SECONDS
    if not low <= options.seconds <= high:
        raise PlanError(f"A word cannot take {float(options.seconds):g} s from edge to edge.",
                        remedy=f"Give {low} to {high} seconds.")  # fmt: skip
    script = dub_script(project, track, note=disclosure_note(project, track))
    media = project.media
    look = BandLook(seconds=options.seconds, font=options.font)
    if media.width and media.height:
        look = replace(look, width=media.width, height=media.height)
    with tempfile.TemporaryDirectory(prefix="subkit-") as place:
        folder = Path(place)
        if options.fonts is not None:
            link_fonts(options.fonts, folder)
        widths = word_widths(band_words(script), folder, font=options.font)
        text = band_script(script, widths, media.duration, look)
        files = {out.with_suffix(f".{SIDECAR}"): sidecar(disclose(project, track), options.ledger)}
        if kind == ".ass":
            publish_all({out: text.encode(), **files}, overwrite=options.overwrite)
            return (out, *files)
        band = folder / "band.ass"
        band.write_text(text, encoding="utf-8")
        burned = BurnOptions(fonts=options.fonts, overwrite=options.overwrite)
        burn_film(Path(media.path), AddedText(path=band, language="und"), out, progress, burned)
        publish_all(files, overwrite=True)
    return (out, *files)

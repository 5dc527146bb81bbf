"""Draw subtitles into the picture with libass, through ffmpeg.

All that ffmpeg's filter reads lies in one folder under plain names, and ffmpeg runs there: it takes
quotes, colons and brackets in a filter's paths for its own signs, whatever is done to escape them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError, MediaError
from subkit.media.ffmpeg import ffmpeg_facts
from subkit.media.long_runs import run_long

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from subkit.model import Media

__all__ = [
    "SCRIPT",
    "DrawnText",
    "ass_filter",
    "burn_arguments",
    "drawn_fonts",
    "link_fonts",
    "recoded_audio",
    "require_encoder",
]

SCRIPT = "text.ass"
_FONTS = "fonts"
_ENDINGS = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_MOST_FONTS = 500
_IN_MP4 = frozenset({"aac", "ac3", "eac3", "mp3", "alac", "opus", "flac"})
_ENCODER = "libx264"
_CHOSEN = re.compile(r"fontselect: \((.+), \d+, \d+\) -> .+, -?\d+, (\S+)$")
_MISSING = re.compile(r"failed to find any fallback with glyph 0x([0-9A-Fa-f]{1,6}) ")
_NO_FILTER = re.compile(r"No such filter|Filter not found|No option name near", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnText:
    """What the renderer draws a text with.

    Attributes:
        fonts: Font asked for -> the fonts that it is drawn with, by their PostScript names.
        missing: Letters that no font has.
    """

    fonts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: str = ""


def require_encoder() -> None:
    """Return if ffmpeg can encode the picture.

    Raises:
        MediaError: there is no ffmpeg, or it lacks the encoder.
    """
    if _ENCODER not in ffmpeg_facts().encoders:
        raise MediaError(
            f"The ffmpeg here cannot encode H.264: it lacks {_ENCODER}.",
            remedy="Install another ffmpeg, or: pip install imageio-ffmpeg.",
        )


def link_fonts(fonts: Path, folder: Path) -> None:
    """Make the fonts of a folder known to what runs in ``folder``.

    Raises:
        InputError: there is no such folder, or no font in it.
    """
    try:
        found = sorted(path for path in fonts.iterdir() if path.suffix.lower() in _ENDINGS)
    except OSError as error:
        raise InputError(
            f"The folder of fonts {str(fonts)!r} cannot be read: {error.strerror}."
        ) from error
    if not found:
        raise InputError(
            f"{str(fonts)!r} holds no font.", remedy="Fonts end in .ttf, .otf, .ttc or .otc."
        )
    place = folder / _FONTS
    place.mkdir()
    for number, path in enumerate(found[:_MOST_FONTS]):
        (place / f"{number}{path.suffix.lower()}").symlink_to(path.absolute())


def drawn_fonts(trial: bytes, folder: Path) -> DrawnText:
    """Return which fonts the renderer takes, by drawing one small picture.

    Args:
        trial: A script that shows every letter once within its first second.
        folder: Where it runs; fonts were linked there before.

    Raises:
        MediaError: ffmpeg cannot draw subtitles.
    """
    (folder / "trial.ass").write_bytes(trial)
    chosen: dict[str, list[str]] = {}
    missing: set[str] = set()

    def hear(line: str) -> None:
        if match := _CHOSEN.search(line):
            names = chosen.setdefault(match[1], [])
            if match[2] not in names:
                names.append(match[2])
        elif match := _MISSING.search(line):
            missing.add(chr(int(match[1], 16)))

    source = ["-f", "lavfi", "-i", "color=size=64x36:rate=1:duration=1", "-loglevel", "verbose"]
    drawn = ["-vf", ass_filter("trial.ass", folder), "-frames:v", "1", "-f", "null", "-"]
    try:
        run_long([*source, *drawn], lambda _: None, folder=folder, hear=hear)
    except MediaError as error:
        if _NO_FILTER.search(error.message):
            raise MediaError(
                "The ffmpeg here cannot draw subtitles: it lacks libass.",
                remedy="Install another ffmpeg, or: pip install imageio-ffmpeg.",
            ) from error
        raise
    return DrawnText(
        fonts={name: tuple(names) for name, names in chosen.items()},
        missing="".join(sorted(missing)),
    )


def ass_filter(script: str, folder: Path) -> str:
    """Return the filter that draws a script of a folder, with the fonts that were linked there."""
    fonts = f":fontsdir={_FONTS}" if (folder / _FONTS).is_dir() else ""
    return f"ass=filename={script}{fonts}"


def burn_arguments(
    media: Media, folder: Path, *, offset: Fraction, crf: int, timecode: str, out: Path
) -> list[str | Path]:
    """Return what ffmpeg is told to draw the script of a folder into a film.

    Args:
        media: The film.
        folder: Where it runs, with the script.
        offset: How much later than the earliest stream the first picture comes, in seconds; times
            of the script count from the first picture.
        crf: Quality of H.264, from 0 (lossless) to 51.
        timecode: Of the first frame; may be empty.
        out: The file to write, MP4.
    """
    steps = [ass_filter(SCRIPT, folder)]
    if offset:
        shift = f"{float(offset):.6f}/TB"
        steps = [f"setpts=PTS-{shift}", *steps, f"setpts=PTS+{shift}"]
    if media.width % 2 or media.height % 2:  # H.264 halves its colours both ways
        steps.append("pad=w=ceil(iw/2)*2:h=ceil(ih/2)*2")
    told: list[str | Path] = ["-i", Path(media.path), "-map", "0:V:0", "-map", "0:a?"]
    told += ["-vf", ",".join(steps), "-c:v", _ENCODER, "-crf", str(crf), "-pix_fmt", "yuv420p"]
    for stream in media.audio:
        codec = "copy" if stream.codec in _IN_MP4 else "aac"
        told += [f"-c:a:{stream.index}", codec]
    told += ["-sn", "-dn", "-movflags", "+faststart"]
    told += ["-metadata", f"timecode={timecode}"] if timecode else []
    return [*told, "-f", "mp4", out]


def recoded_audio(media: Media) -> Sequence[int]:
    """Return the audio streams that MP4 does not hold as they are."""
    return [stream.index for stream in media.audio if stream.codec not in _IN_MP4]

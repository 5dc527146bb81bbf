"""Put text tracks into a film: what ffmpeg is told. Picture and sound are copied as they are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.media.text_streams import TextStream

__all__ = ["MUXED", "MuxedText", "film_inputs", "kept_streams", "mux_arguments"]

MUXED = {
    "mkv": {"srt", "webvtt", "ass", "pgssub", "dvdsub", "dvbsub"},
    "mp4": {"mov_text"},
}
"""Container -> codecs of subtitle tracks that it takes as they are."""

_MUXERS = {"mkv": "matroska", "mp4": "mp4"}
_FONT_TYPES = {
    "ttf": "font/ttf",
    "otf": "font/otf",
    "ttc": "font/collection",
    "otc": "font/collection",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MuxedText:
    """A text track to put into a film.

    Attributes:
        path: Its file: SubRip, WebVTT or ASS.
        language: Three letters (ISO 639-2).
        title: Its name for viewers; may be empty.
        default: It is shown unless the viewer chooses.
        forced: It is shown also to viewers who want no subtitles.
        sdh: It is for the deaf and hard of hearing.
    """

    path: Path
    language: str
    title: str = ""
    default: bool = False
    forced: bool = False
    sdh: bool = False


def kept_streams(streams: Iterable[TextStream], container: str) -> list[TextStream]:
    """Return the subtitle tracks of a film that another container takes as they are."""
    return [stream for stream in streams if stream.codec in MUXED[container]]


def film_inputs(media: Path, texts: Sequence[MuxedText], offset: Fraction) -> list[str | Path]:
    """Return the input arguments: the film, then the texts.

    Args:
        media: The film; ffmpeg counts its times from its earliest stream.
        texts: Their times count from the first picture.
        offset: How much later than the earliest stream the first picture comes, in seconds.
    """
    told: list[str | Path] = ["-i", media]
    for text in texts:
        told += ["-itsoffset", f"{float(offset):.6f}"] if offset else []
        told += ["-i", text.path]
    return told


def mux_arguments(
    media: Path,
    container: str,
    texts: Sequence[MuxedText],
    *,
    kept: Sequence[TextStream],
    fonts: Sequence[Path],
    attached: int,
    offset: Fraction,
    timecode: str,
    out: Path,
) -> list[str | Path]:
    """Return what ffmpeg is told to put texts into a film.

    Args:
        media: The film.
        container: ``"mkv"`` or ``"mp4"``.
        texts: The new tracks.
        kept: Subtitle tracks of the film that stay.
        fonts: Files to attach, in MKV.
        attached: How many attachments the film has already.
        offset: As :func:`film_inputs` takes it.
        timecode: Of the first frame, written anew into MP4; may be empty.
        out: The file to write.
    """
    # Picture and sound by name: a timecode track cannot be copied; MP4 gets a new one.
    maps = ["-map", "0:v?", "-map", "0:a?"]
    for stream in kept:
        maps += ["-map", f"0:{stream.index}"]
    for number in range(len(texts)):
        maps += ["-map", f"{number + 1}:s:0"]
    told: list[str | Path] = [*film_inputs(media, texts, offset), *maps]
    if container == "mkv":
        told += ["-map", "0:t?", "-default_mode", "passthrough"]
    told += ["-c", "copy", "-max_interleave_delta", "0"]
    for place, text in enumerate(texts, start=len(kept)):
        told += _described(text, place, container)
    if any(text.default for text in texts):
        for place, stream in enumerate(kept):
            flags = (("forced", stream.forced), ("hearing_impaired", stream.sdh))
            told += [f"-disposition:s:{place}", "+".join(n for n, on in flags if on) or "0"]
    for number, font in enumerate(fonts, start=attached):
        kind = _FONT_TYPES.get(font.suffix.lower().lstrip("."), "application/octet-stream")
        told += ["-attach", font, f"-metadata:s:t:{number}", f"mimetype={kind}"]
        told += [f"-metadata:s:t:{number}", f"filename={font.name}"]
    if container == "mp4":
        told += ["-movflags", "+faststart"]
        told += ["-metadata", f"timecode={timecode}"] if timecode else []
    return [*told, "-f", _MUXERS[container], out]


def _described(text: MuxedText, place: int, container: str) -> list[str | Path]:
    """Codec, language, title and flags of a new track."""
    flags = {"default": text.default, "forced": text.forced, "hearing_impaired": text.sdh}
    named = "+".join(name for name, on in flags.items() if on) or "0"
    told: list[str | Path] = [f"-metadata:s:s:{place}", f"language={text.language}"]
    told += [f"-disposition:s:{place}", named, f"-metadata:s:s:{place}", f"title={text.title}"]
    if container == "mp4":
        told += [f"-c:s:{place}", "mov_text"]
        told += [f"-metadata:s:s:{place}", f"handler_name={text.title or 'SubtitleHandler'}"]
    return told

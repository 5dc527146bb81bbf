r"""Advanced SubStation Alpha (``.ass``), through pysubs2.

Recipe: the note as comments under ``[Script Info]``; ``PlayResX/Y`` from the picture (1920x1080
where there is none), so sizes in the one style are shares of the picture height; a place other than
bottom centre as ``{\an1}`` to ``{\an9}``; lines apart by ``\N``; the speaker in ``Name``.

Times have centiseconds. A frame shows a cue from the first frame at or after its in-time, so a time
is rounded down, unless that is nearer to the frame before (from 50 frames a second on); then to the
nearest. Read back to the nearest frame every time on the frame grid gives its frame again, below
100 frames a second, and cues that did not overlap do not overlap.

``{`` is written ``\{{}``: libass shows a brace, and VSFilter, which knows no escape, loses only the
brace; a word joiner (U+2060) follows every backslash, so none begins a line break. ffmpeg makes ASS
of plain text the same way (libavcodec/ass.c).
The format ends at 10 hours: later times raise instead of being clamped.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.files.plain_text import split_lines
from subkit.formats.cue_text import cue_lines, in_order
from subkit.formats.placement import numpad
from subkit.model import Cue, FrameRate, Media, Placement, Track

if TYPE_CHECKING:
    from pysubs2 import SSAEvent, SSAStyle

__all__ = ["AssWriter", "centiseconds"]

_LIMIT = 36_000_00
_PICTURE = (1920, 1080)


class AssWriter:
    """Writes Advanced SubStation Alpha; see the module for the recipe."""

    extension = "ass"

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """Return the bytes of the file; ``note`` becomes comments at the top.

        Raises:
            FormatError: a cue ends at or after 10 hours.
        """
        from pysubs2 import SSAFile

        width, height = (media.width, media.height) if media.width and media.height else _PICTURE
        script = SSAFile()
        script.info.update(
            {
                "Title": " ".join(track.id.split()),
                "Language": " ".join(track.language.split()),
                "PlayResX": str(width),
                "PlayResY": str(height),
                "WrapStyle": "0",
                "ScaledBorderAndShadow": "yes",
            }
        )
        script.styles = {"Default": _style(width, height)}
        script.events = [_event(cue, media.frame_rate) for cue in in_order(track)]
        notice = "\n".join(line for line in split_lines([note]) if line)
        return str(script.to_string("ass", header_notice=notice)).encode()


def centiseconds(time: Fraction, rate: FrameRate | None) -> int:
    """The centisecond that stands for a time: the one before it, if that is in the same frame."""
    before = floor(time * 100)
    if rate is not None and rate.frame(Fraction(before, 100)) == rate.frame(time):
        return before
    return floor(time * 100 + Fraction(1, 2))


def _style(width: int, height: int) -> SSAStyle:
    """White, sans serif, outlined: a cap height near 1/27 of the picture, safe-area margins."""
    from pysubs2 import SSAStyle

    unit = min(width, height * 16 // 9) / 1920
    return SSAStyle(
        fontname="Arial",
        fontsize=round(58 * unit, 1),
        outline=round(3 * unit, 1),
        shadow=round(1 * unit, 1),
        marginl=width // 20,
        marginr=width // 20,
        marginv=height // 20,
    )


def _event(cue: Cue, rate: FrameRate | None) -> SSAEvent:
    from pysubs2 import SSAEvent

    start, end = centiseconds(cue.span.start, rate), centiseconds(cue.span.end, rate)
    if end >= _LIMIT:
        raise FormatError(
            f"Cue {cue.id!r} ends at {float(cue.span.end):.2f} s; ASS holds times below 10 hours.",
            remedy="Export this track as SRT or WebVTT.",
            cue=cue.id,
        )
    text = "\\N".join(_escaped(line) for line in cue_lines(cue))
    if cue.placement != Placement():
        text = f"{{\\an{numpad(cue.placement)}}}{text}"
    name = " ".join((cue.speaker or "").replace(",", " ").split())
    return SSAEvent(start=start * 10, end=end * 10, text=text, name=name)


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\u2060").replace("{", "\\{{}")

"""How wide words are drawn: asked of the renderer itself, which alone knows its fonts.

Each word is drawn once, on a row of its own in pictures of grey, and the ink is measured. So a
word's width is right in every script and font, shaped as it will be shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.errors import MediaError
from subkit.media.burning import ass_filter
from subkit.media.long_runs import run_long

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["word_widths"]

_SIZE = 40
_ROW = 64
_ROWS = 24
_WIDTH = 1920
_LEFT = 40
_PICTURES = 40
"""Pictures of a run: 113 MB."""

_HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Bold, BorderStyle, Outline, Shadow, Alignment
Style: word,{font},{size},&H00FFFFFF,0,1,0,0,7

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def word_widths(words: Iterable[str], folder: Path, *, font: str) -> dict[str, float]:
    """Return the width of words in sizes of their font: 1.5 is half as wide again as it is high.

    Args:
        words: What is drawn; signs of overrides were taken out before.
        folder: Where ffmpeg runs, with room for pictures; fonts were linked there before.
        font: Family of the font.

    Raises:
        MediaError: ffmpeg cannot draw subtitles.
    """
    found: dict[str, float] = {}
    each, most = list(dict.fromkeys(words)), _ROWS * _PICTURES
    for begin in range(0, len(each), most):
        found |= _drawn(each[begin : begin + most], folder, font)
    return found


def _drawn(words: Sequence[str], folder: Path, font: str) -> dict[str, float]:
    height = _ROW * _ROWS
    lines = [_HEAD.format(width=_WIDTH, height=height, font=font, size=_SIZE)]
    for number, word in enumerate(words):
        picture, row = divmod(number, _ROWS)
        begin, end = (f"0:{n // 60:02d}:{n % 60:02d}.00" for n in (picture, picture + 1))
        place = f"{{\\pos({_LEFT},{row * _ROW})}}"
        lines.append(f"Dialogue: 0,{begin},{end},word,,0,0,0,,{place}{word}\n")
    import numpy as np

    (folder / "words.ass").write_text("".join(lines), encoding="utf-8")
    count = -(-len(words) // _ROWS)
    source = f"color=black:size={_WIDTH}x{height}:rate=1:duration={count}"
    drawn = folder / "words.gray"
    told: list[str | Path] = ["-f", "lavfi", "-i", source, "-vf", ass_filter("words.ass", folder)]
    told += ["-frames:v", str(count), "-f", "rawvideo", "-pix_fmt", "gray", "-y", drawn]
    run_long(told, lambda _: None, folder=folder)
    pictures = np.fromfile(drawn, np.uint8)
    drawn.unlink()
    if pictures.size != count * height * _WIDTH:
        raise MediaError("ffmpeg drew fewer pictures of words than it was asked for.")
    inked = pictures.reshape(count * _ROWS, _ROW, _WIDTH).max(axis=1) > 60
    widths: dict[str, float] = {}
    for row, word in zip(inked, words, strict=False):
        places = np.flatnonzero(row)
        widths[word] = float(places[-1] - places[0] + 1) / _SIZE if places.size else 0.0
    return widths

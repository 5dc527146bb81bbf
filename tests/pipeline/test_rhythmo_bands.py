"""The rhythmo band: every word stands at the reading line when it begins, as long as it lasts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from subkit.errors import PlanError
from subkit.exchange.dub_files import DubScript
from subkit.exchange.dub_files.rhythmo_band import BandLook, band_script, band_words
from subkit.interfaces import Silent
from subkit.media.drawn_words import word_widths
from subkit.media.long_runs import run_long
from subkit.model import Anchor, AnchorKind, Media, OnScreen, Project
from subkit.pipeline import BandOptions, write_band
from tests.exchange.dub_files.dub_builders import MARA, RATE, line, script, word

if TYPE_CHECKING:
    from pathlib import Path

LOOK = BandLook(width=1280, height=720, seconds=Fraction(8))
PLAIN = replace(MARA, colour="#00ff00")


def drawn(text: str, folder: Path, time: Fraction) -> np.ndarray:
    """The picture of a band at a time, over black."""
    (folder / "band.ass").write_text(text, encoding="utf-8")
    source = f"color=black:size={LOOK.width}x{LOOK.height}:rate=25:duration=10"
    out = folder / "frame.raw"
    told = ["-f", "lavfi", "-i", source, "-vf", "ass=filename=band.ass", "-ss", str(float(time))]
    told += ["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-y"]
    run_long([*told, out], lambda _: None, folder=folder)
    return np.fromfile(out, np.uint8).reshape(LOOK.height, LOOK.width, 3)


def green(picture: np.ndarray) -> np.ndarray:
    """Columns with green ink in the middle of the first row of words."""
    middle = LOOK.top + LOOK.size * 11 // 10
    row = picture[middle - LOOK.size // 3 : middle + LOOK.size // 3].astype(int)
    ink = (row[..., 1] > 120) & (row[..., 0] < 100) & (row[..., 2] < 100)
    return np.flatnonzero(ink.any(axis=0))


def made(text: str, language: str = "ko") -> DubScript:
    anchors = (word(0, 4.0, 5.5),)
    one = script(line("d1", 96, 132, text, anchors=anchors))
    return replace(one, characters=(PLAIN,), track=replace(one.track, loops=(), language=language))


@pytest.mark.parametrize("text", ["Hello!", "안녕하세요", "ありがとう", "مرحبا"])
def test_a_word_begins_and_ends_at_the_reading_line(text: str, tmp_path: Path) -> None:
    what = made(text)
    widths = word_widths(band_words(what), tmp_path, font="Arial")
    if not all(widths.values()):
        pytest.skip("no font here has these letters")
    band = band_script(what, widths, Fraction(10), LOOK)
    columns = green(drawn(band, tmp_path, Fraction(4)))
    a_frame = float(LOOK.speed) / 25
    margin = 0.12 * LOOK.size  # what a letter leaves free before its ink
    left, right = columns[0], columns[-1]
    begins = float(LOOK.at)
    # Ink under the reading line itself is red: the first green column may be right of it.
    assert begins - a_frame <= left <= begins + a_frame + margin
    assert abs(right - (begins + 1.5 * float(LOOK.speed))) <= a_frame + margin
    later = green(drawn(band, tmp_path, Fraction(11, 2)))
    assert abs(later[-1] - begins) <= a_frame + margin


def test_who_speaks_and_how_is_said_above_the_line() -> None:
    off = line("d1", 96, 132, "x {b}", on_screen=OnScreen.OFF, note="n")
    text = band_script(replace(script(off), title="A\\b{c}"), {}, Fraction(10), LOOK)
    assert "Mara (off)" in text
    assert "\\i1" in text
    assert "x" in text
    assert "{b}" not in text
    assert "Title: A/b(c)" in text


def test_signs_of_lips_and_loops_are_shapes() -> None:
    closed = Anchor(kind=AnchorKind.MPB, offset=0, time=Fraction(9, 2))
    text = band_script(
        script(line("d1", 96, 132, "mum", anchors=(closed,))), {"mum": 1.5}, Fraction(10), LOOK
    )
    assert text.count(",sign,") == 1
    assert text.count(",bar,") == 1


def test_a_band_has_its_disclosure_and_no_other_endings(tmp_path: Path) -> None:
    media = Media(path="/a.mkv", digest="", duration=Fraction(10), frame_rate=RATE)
    track = script(line("d1", 96, 132, "hello")).track
    project = Project(title="Film", media=media, tracks=(track,), characters=(MARA,))
    files = write_band(project, track, tmp_path / "band.ass", Silent())
    assert [path.name for path in files] == ["band.ass", "band.disclosure.json"]
    with pytest.raises(PlanError, match="neither"):
        write_band(project, track, tmp_path / "band.mov", Silent())
    with pytest.raises(PlanError, match="edge to edge"):
        write_band(project, track, tmp_path / "b.ass", Silent(), BandOptions(seconds=Fraction(1)))

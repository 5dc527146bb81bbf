"""No line of a stranger's takes longer than its length: regular expressions do not run away."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from subkit.errors import FormatError
from subkit.formats import reader_for
from subkit.interfaces import Subject
from subkit.language import sentences
from subkit.model import Cue, FrameRate, Media, Span, Track
from subkit.quality import check
from subkit.quality.translation_guards import translation_findings
from subkit.styles import load_profile
from subkit.terminology import read_levels
from subkit.translation import build_units, undress

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTH = 40_000
"""What grows with the square of it takes tens of seconds here, what grows with it none."""

UNITS = (" ", "\t", "a", "<", "<i>", "{", "(", "([", "-", "- ", ". ", "a:", "A: ", "♪", "♪ ", "가 ")
MEDIA = Media(path="", digest="", duration=Fraction(9), frame_rate=FrameRate(Fraction(25)))


def _read(text: str) -> None:
    times = "00:00:01{0}000 --> 00:00:03{0}000"
    for extension, data in {
        "srt": f"1\n{times.format(',')}\n{text}\n\n{text}->\n",
        "vtt": f"WEBVTT {text}\n\nNOTE {text}\n\n{times.format('.')}\n{text}\n\n{text}-->\n",
    }.items():
        with suppress(FormatError):
            reader_for(extension).read(data.encode(), name="x", language="en")


def _track(text: str, language: str = "en") -> Track:
    cues = (
        Cue(id="c1", span=Span(Fraction(1), Fraction(3)), lines=(text,)),
        Cue(id="c2", span=Span(Fraction(4), Fraction(6)), lines=("Yes.",)),
    )
    return Track(id=language, language=language, cues=cues)


def _check(text: str) -> None:
    check(Subject(track=_track(text), profile=load_profile("netflix", "en"), media=MEDIA))


def _translate(text: str) -> None:
    track = _track(text)
    undress(track.cues[0])
    build_units(track)
    sources = tuple(replace(cue, sources=(cue.id,)) for cue in track.cues)
    translation_findings(Track(id="ko", language="ko", source="en", cues=sources), track)


def _levels(text: str) -> None:
    for language in ("ko", "ja", "fr"):
        read_levels(text, language)
        sentences(text, language)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("work", [_read, _check, _translate, _levels])
@pytest.mark.parametrize("unit", UNITS)
def test_a_long_line_costs_little(unit: str, work: Callable[[str], None]) -> None:
    line = (unit * LENGTH)[:LENGTH]
    for text in (line, f"x{line}x"):
        work(text)

"""Edits as EDL and OTIO: what each event was taken from, and what cannot be followed."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from subkit.errors import FormatError
from subkit.formats.cut_lists import read_edit
from subkit.model import FrameRate, Span

FILM = FrameRate(Fraction(24))
EDL = """TITLE: FINAL
FCM: NON-DROP FRAME

001  A001     V     C        01:00:10:00 01:00:20:00 01:00:00:00 01:00:10:00
* FROM CLIP NAME: scene 1
002  A001     AA    C        01:00:10:00 01:00:20:00 01:00:00:00 01:00:10:00
003  AX       V     C        00:00:05:00 00:00:07:12 01:00:10:00 01:00:12:12
* FROM CLIP NAME: titles.mov
004  A002     V     C        02:00:00:00 02:00:00:00 01:00:12:12 01:00:12:12
004  A001     V     D    024 01:00:20:00 01:00:25:00 01:00:12:12 01:00:17:12
005  A001     V     C        01:00:30:00 01:00:32:00 01:00:17:12 01:00:18:12
M2   A001             048.0                01:00:30:00
"""


def span(start: Fraction | float, end: Fraction | float) -> Span:
    return Span(Fraction(start), Fraction(end))


def test_events_of_the_picture_count_from_the_full_hour() -> None:
    edit = read_edit(EDL.encode(), name="final.edl", rate=FILM)
    assert [(e.source, e.taken, e.record, e.effect) for e in edit.events] == [
        ("A001", span(3610, 3620), span(0, 10), ""),
        ("titles.mov", span(5, 7.5), span(10, 12.5), ""),
        ("A001", span(3620, 3625), span(12.5, 17.5), ""),
        ("A001", span(3630, 3632), span(17.5, 18.5), "time warp (048.0 frames a second)"),
    ]
    assert edit.duration == Fraction(37, 2)
    assert "times count from 01:00:00:00" in edit.notes[0]
    assert "1 dissolve or wipe" in edit.notes[1]


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001)])
@pytest.mark.parametrize("hour", ["00", "01", "10"])
def test_an_hour_is_one_of_timecode(rate: Fraction, hour: str) -> None:
    data = EDL.replace(" 01:00:", f" {hour}:00:").replace(" 01:00:1", f" {hour}:00:1").encode()
    edit = read_edit(data, name="final.edl", rate=FrameRate(rate))
    assert edit.events[0].record.start == 0


def test_a_start_that_is_given_counts() -> None:
    edit = read_edit(EDL.encode(), name="final.edl", rate=FILM, start=Fraction(3605))
    assert edit.events[0].record == span(0, 5)
    assert edit.events[0].taken == span(3615, 3620)


def clip(start: float, length: float, rate: float = 24, **more: Any) -> dict[str, Any]:
    time = {"OTIO_SCHEMA": "RationalTime.1", "rate": rate}
    return {
        "OTIO_SCHEMA": "Clip.2",
        "name": "scene",
        "source_range": {
            "OTIO_SCHEMA": "TimeRange.1",
            "start_time": {**time, "value": start},
            "duration": {**time, "value": length},
        },
        "media_references": {"DEFAULT_MEDIA": {"OTIO_SCHEMA": "ExternalReference.1",
                                               "target_url": "film.mov"}},
        **more,
    }  # fmt: skip


def timeline(*children: dict[str, Any], kind: str = "Video") -> bytes:
    track = {"OTIO_SCHEMA": "Track.1", "kind": kind, "children": list(children)}
    stack = {"OTIO_SCHEMA": "Stack.1", "children": [track]}
    return json.dumps({"OTIO_SCHEMA": "Timeline.1", "name": "t", "tracks": stack}).encode()


def test_clips_gaps_and_transitions_of_a_timeline() -> None:
    gap = {**clip(0, 12), "OTIO_SCHEMA": "Gap.1"}
    fade = {"OTIO_SCHEMA": "Transition.1"}
    warp = clip(240, 24, effects=[{"OTIO_SCHEMA": "LinearTimeWarp.1", "time_scalar": 2}])
    data = timeline(clip(24, 48), fade, gap, clip(96, 24), warp)
    edit = read_edit(data, name="cut.otio", rate=FILM)
    assert [(e.source, e.taken, e.record, e.effect) for e in edit.events] == [
        ("film.mov", span(1, 3), span(0, 2), ""),
        ("film.mov", span(4, 5), span(2.5, 3.5), ""),
        ("film.mov", span(10, 11), span(3.5, 4.5), "time warp (2 x)"),
    ]


def test_a_timeline_without_clips_is_an_edit_without_events() -> None:
    assert read_edit(timeline(), name="cut.otio", rate=FILM).events == ()


def test_rates_as_programs_write_them_are_the_exact_ones() -> None:
    edit = read_edit(timeline(clip(0, 24000, rate=23.976)), name="cut.otio", rate=FILM)
    assert edit.duration == 1001


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"Hello", "neither an EDL nor an OTIO timeline"),
        (b"{", "cut"),
        (b'{"OTIO_SCHEMA": "Clip.1"}', "no timeline"),
        (timeline({"OTIO_SCHEMA": "Clip.1"}), "neither a source nor an available range"),
        (timeline(clip(-5, 3)), "less than nothing"),
        (timeline(clip(0, 1, rate=0)), "a time that is none"),
        (timeline(clip(float("nan"), 1)), "NaN"),
        (timeline(clip(1e300, 1)), "a time that is none"),
        (b'{"OTIO_SCHEMA": "Timeline.1", "tracks": {"children": [[1]]}}', "no children"),
        (b"TITLE: x\n001 A V C 01:00:00:99 01:00:01:00 01:00:00:00 01:00:01:00\n", "line 2"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(data: bytes, told: str) -> None:
    with pytest.raises(FormatError, match=told) as caught:
        read_edit(data, name="cut.otio", rate=FILM)
    assert "cut.otio" in caught.value.message

"""Lists of shot changes: EDLs as editing systems write them, plain lists, JSON."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.errors import FormatError
from subkit.formats import read_shots
from subkit.formats.edl import read_events
from subkit.model import FrameRate

FILM = FrameRate(Fraction(24000, 1001))
PAL = FrameRate(Fraction(25))
NTSC = FrameRate(Fraction(30000, 1001), drop_frame=True)

EDL = """\
TITLE: REEL_1
FCM: NON-DROP FRAME

001  A001C003 V     C        00:10:00:00 00:10:04:00 01:00:00:00 01:00:04:00
* FROM CLIP NAME: A001C003.MOV
M2   A001C003       048.0                00:10:00:00
002  A001C003 AA    C        00:10:00:00 00:10:09:00 01:00:00:00 01:00:09:00
003  BL       V     C        00:00:00:00 00:00:00:00 01:00:04:00 01:00:04:00
003  A002C001 V     D    024 05:00:00:00 05:00:02:00 01:00:04:00 01:00:06:00
004  B_1      B     C        06:00:00:00 06:00:03:12 01:00:06:00 01:00:09:12
* LOC: 01:00:07:00 RED NOTE
005  AX       AA/V  C        06:00:00:00 06:00:03:12 01:00:09:12 01:00:10:00
"""


def shots(text: str, rate: FrameRate = FILM, **more: Fraction) -> list[int]:
    """Frames of the shot changes."""
    return [rate.frame(t) for t in read_shots(text.encode(), name="list", rate=rate, **more)]


def test_events_of_the_picture_begin_shots() -> None:
    lines = [event.line for event in read_events(EDL, name="x.edl", rate=FILM)]
    assert lines == [4, 9, 10, 12]


def test_record_times_count_from_the_programme_start() -> None:
    hour = FILM.time(86400)
    # The dissolve of 24 frames counts at its middle.
    wanted = [96 + 12, 144, 9 * 24 + 12]
    assert shots(EDL, programme_start=hour) == wanted
    # Media without a start timecode: the list begins with its first event.
    assert shots(EDL, duration=Fraction(60)) == wanted
    assert shots(EDL) == wanted


def test_a_list_that_begins_at_zero_is_taken_as_it_is() -> None:
    text = EDL.replace(" 01:00:", " 00:00:")
    assert shots(text, duration=Fraction(60)) == [108, 144, 228]


def test_drop_frame_counts_as_the_list_says() -> None:
    head = "TITLE: X\nFCM: DROP FRAME\n"
    event = "001 AX V C 00:00:00:00 00:00:01:00 00:01:00:02 00:01:02:00\n"
    assert shots(head + event, NTSC) == [1800]
    plain = FrameRate(NTSC.rate)
    assert shots(head + event, plain) == [1800]
    assert shots(
        event.replace("00:01:00:02", "00:01:00;02").replace(":02:00", ":02;00"), plain
    ) == [1800]
    assert shots("FCM: NON-DROP FRAME\n" + event, NTSC) == [1802]
    with pytest.raises(FormatError, match=r"list, line 2: it counts drop-frame.*24000/1001"):
        shots(head + event, FILM)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("002 AX V C 00:00:00:00 00:00:01:00 00:00:05:24 00:00:07:00", "'00:00:05:24' is not a"),
        ("002 AX V C 00:00:00:00 00:00:01:00 00:61:05:20 00:00:07:00", "'00:61:05:20' is not a"),
        ("002 AX V Q 00:00:00:00 00:00:01:00 00:00:05:20 00:00:07:00", "is not an event"),
        ("002 AX V C 00:00:00:00 00:00:01:00 00:00:05:20", "is not an event"),
    ],
)
def test_a_bad_event_is_named_with_its_line(line: str, said: str) -> None:
    with pytest.raises(FormatError, match=said) as caught:
        shots(f"{EDL}{line}\n")
    assert caught.value.line == 13
    assert "list, line 13" in str(caught.value)


def test_plain_lists() -> None:
    text = "# shots\n7.5\n00:00:10:12 a comment\n\n00:00:12.500, 1\n15015/1000\n1:00,25\r\n"
    times = read_shots(text.encode(), name="list", rate=PAL)
    assert times == tuple(map(Fraction, ("7.5", "10.48", "12.5", "15.015", "60.25")))


def test_only_timecodes_count_from_the_programme_start() -> None:
    text = "01:00:05:00\n01:00:07:12\n12\n"
    assert shots(text, PAL, programme_start=Fraction(3600)) == [125, 187, 300]
    assert shots("12\n15\n", PAL, programme_start=Fraction(10)) == [300, 375]
    assert shots("00:00:05:00\n", PAL, programme_start=Fraction(3600)) == [125]


def test_json_lists() -> None:
    wanted = (Fraction("1.1"), Fraction(47047, 6000), Fraction(12))
    for text in (
        '[1.1, "47047/6000", 12]',
        '{"shots": [{"time": "11/10", "score": 3}, "47047/6000", "00:00:12:00"], "other": 1}',
    ):
        assert read_shots(text.encode(), name="list", rate=PAL) == wanted


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("1\n2\nthree\n", "list, line 3: 'three' is not a time", 3),
        ("1\n-2\n", "list, line 2: '-2' is not a time", 2),
        ("00:00:01:25\n", "list, line 1: '00:00:01:25' is not a timecode at 25", 1),
        ("[1,\n 2,,]", "'list' is not JSON: Expecting value: line 2", 2),
        ('{"cuts": []}', "not a list of times", 1),
        ('[1, {"at": 2}]', "item 2 is {'at': '2'} and not a time", 1),
        ("[[1]]", "item 1", 1),
        ("[true]", "item 1", 1),
        ('["x"]', "list, item 1: 'x' is not a time", 1),
        ("[" * 100000, "'list' is nested more than 64 deep", 0),
        ("9" * 5000, "is not a time", 1),
    ],
)
def test_faults_name_their_place(text: str, said: str, line: int) -> None:
    with pytest.raises(FormatError) as caught:
        shots(text, PAL)
    assert said in str(caught.value)
    assert caught.value.line == line


def test_a_list_of_another_programme_is_refused() -> None:
    with pytest.raises(FormatError, match="no shot change lies in the programme"):
        shots("100\n200\n", duration=Fraction(60))
    assert shots("100\n50\n", PAL, duration=Fraction(60)) == [1250]


def test_an_empty_list_is_a_programme_of_one_shot() -> None:
    assert shots("") == []
    assert shots("[]") == []
    assert shots("0\n") == []


def outcome(text: str) -> str:
    """What a list comes to: ``"in order"``, or the fault's sentence."""
    try:
        found = read_shots(text.encode("utf-8", "replace"), name="list", rate=NTSC)
    except FormatError as error:
        return str(error)
    return "in order" if list(found) == sorted(set(found)) else f"not in order: {found}"


@given(st.text(max_size=200))
def test_any_text_gives_times_or_one_clear_fault(text: str) -> None:
    assert outcome(text).startswith(("in order", "list", "'list'"))


@given(st.lists(st.integers(1, 10**6), max_size=20, unique=True))
def test_a_list_written_as_fractions_is_read_exactly(frames: list[int]) -> None:
    text = "".join(f"{FILM.time(frame)}  # {FILM.timecode(FILM.time(frame))}\n" for frame in frames)
    assert shots(text) == sorted(frames)

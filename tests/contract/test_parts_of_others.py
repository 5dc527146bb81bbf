"""What every rule, reader and writer keeps: subkit's own, a small sample, or an author's."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from subkit.errors import FormatError
from subkit.interfaces import Subject
from subkit.model import Cue, Finding, FrameRate, Media, Span, Track, from_plain, to_plain
from subkit.plugins import give_object
from subkit.styles import load_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[[], Any]

RATE = FrameRate(Fraction(25))
MEDIA = Media(path="", digest="", duration=Fraction(60), frame_rate=RATE)
CUES = (
    Cue(id="c1", span=Span(Fraction(1), Fraction(3)), lines=("Who are you?", "Go away!!")),
    Cue(id="c2", span=Span(Fraction(3), Fraction(7, 2)), lines=("정원에 열두 남자가 있어!",)),
    Cue(id="c3", span=Span(Fraction(5), Fraction(5)), lines=()),
    Cue(id="c4", span=Span(Fraction(4), Fraction(40)), lines=("x" * 99, "  ", "y")),
)
TRACK = Track(id="en", language="en", cues=CUES)
EMPTY = Track(id="en", language="en")


@pytest.mark.parametrize("track", [TRACK, EMPTY], ids=["track", "empty"])
def test_a_rule_finds_places_in_its_track_and_changes_nothing(
    make_rules: Make, track: Track
) -> None:
    rule = make_rules()
    give_object("rules", rule)
    assert rule.name
    subject = Subject(track=track, profile=load_profile("netflix", "en"), media=MEDIA)
    findings = list(rule.check(subject))
    assert findings == list(rule.check(subject))
    known = {cue.id for cue in track.cues} | {""}
    for finding in findings:
        assert isinstance(finding, Finding)
        assert from_plain(Finding, to_plain(finding)) == finding
        assert finding.cue in known
        assert finding.message.endswith(".")


def test_a_writer_gives_the_same_bytes_for_the_same_track(make_writers: Make) -> None:
    writer = make_writers()
    give_object("writers", writer)
    cues = tuple(cue for cue in CUES[:2])
    for track in (Track(id="en", language="en", cues=cues), EMPTY):
        data = writer.write(track, MEDIA, note="A note.")
        assert isinstance(data, bytes)
        assert data == writer.write(track, MEDIA, note="A note.")


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"nonsense\n" * 50, "¿é한".encode()])
def test_a_reader_gives_a_track_or_says_what_is_wrong(make_readers: Make, data: bytes) -> None:
    reader = make_readers()
    give_object("readers", reader)
    try:
        track, repairs = reader.read(data, name=f"a.{reader.extension}", language="en")
    except FormatError as error:
        assert error.message  # noqa: PT017 - either is right
        return
    assert track.language == "en"
    assert len({cue.id for cue in track.cues}) == len(track.cues)
    assert all(isinstance(repair, str) for repair in repairs)

"""Who speaks is told by the channel where each person has one, and not from a mix."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from subkit.interfaces import Recording
from subkit.model import Media, Span
from subkit.speakers import ChannelBackend, TrackBackend

RATE = 16000
MEDIA = Media(path="", digest="", duration=Fraction(12))


def recording(*channels: NDArray[np.float32], names: tuple[str, ...] = ("FL", "FR")) -> Recording:
    return Recording(
        media=MEDIA,
        voice=(Span(Fraction(0), Fraction(12)),),
        channels=names,
        sound=lambda: iter([sum(channels)]),  # type: ignore[list-item]
        channel=lambda number: iter(np.array_split(channels[number], 7)),
    )


def speech(*spans: tuple[float, float], level: float = 0.1) -> NDArray[np.float32]:
    sound = np.random.default_rng(3).normal(0, 1e-4, 12 * RATE)
    for start, end in spans:
        piece = slice(round(start * RATE), round(end * RATE))
        sound[piece] += np.random.default_rng(7).normal(0, level, len(sound[piece]))
    return sound.astype(np.float32)


def test_a_microphone_a_side_tells_who_speaks() -> None:
    left, right = speech((0, 4), (8, 10)), speech((4, 8), level=0.02)
    bleed = recording(left + right * 0.1, right + left * np.float32(0.02))
    found = ChannelBackend().turns(bleed)
    assert [(t.speaker, float(t.span.start), float(t.span.end)) for t in found] == [
        ("left", 0, 4),
        ("right", 4, 8),
        ("left", 8, 10),
    ]
    assert all(turn.method == "channel" and turn.confidence > 0.85 for turn in found)


def test_people_who_speak_at_once_have_turns_that_overlap() -> None:
    found = ChannelBackend().turns(recording(speech((0, 6)), speech((4, 10))))
    assert [(t.speaker, float(t.span.start), float(t.span.end)) for t in found] == [
        ("left", 0, 6),
        ("right", 4, 10),
    ]


def test_a_mix_tells_nothing() -> None:
    same = speech((0, 10))
    assert ChannelBackend().turns(recording(same, same)) == []


def test_one_channel_and_silence_tell_nothing() -> None:
    assert ChannelBackend().turns(recording(speech((0, 4)), names=("FC",))) == []
    nobody = recording(speech(), speech())
    assert ChannelBackend().turns(nobody) == []


def test_tracks_have_their_own_names_and_those_beyond_the_stream_are_left_out() -> None:
    found = TrackBackend({0: "ANNA", 1: "BEN", 7: "NOBODY"}).turns(
        recording(speech((0, 4)), speech((5, 9)))
    )
    assert [turn.speaker for turn in found] == ["ANNA", "BEN"]
    assert {turn.method for turn in found} == {"ixml"}
    assert TrackBackend({0: "ANNA"}).turns(recording(speech((0, 4)), speech((5, 9)))) == []


def test_two_channels_without_names_are_left_and_right() -> None:
    found = ChannelBackend().turns(recording(speech((0, 4)), speech((5, 9)), names=("0", "1")))
    assert [turn.speaker for turn in found] == ["left", "right"]

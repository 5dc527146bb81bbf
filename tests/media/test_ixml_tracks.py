"""Track names of production recordings, read from any WAV and from nothing that is none."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from subkit.errors import FormatError, InputError
from subkit.media.ixml_tracks import read_track_names

if TYPE_CHECKING:
    from pathlib import Path

XML = """<?xml version="1.0" encoding="UTF-8"?>
<BWFXML><IXML_VERSION>2.10</IXML_VERSION><TRACK_LIST><TRACK_COUNT>5</TRACK_COUNT>{}</TRACK_LIST>
</BWFXML>"""
TRACK = (
    "<TRACK><CHANNEL_INDEX>{}</CHANNEL_INDEX><INTERLEAVE_INDEX>{}</INTERLEAVE_INDEX>"
    "<NAME>{}</NAME></TRACK>"
)


def ixml(*names: str) -> bytes:
    rows = (TRACK.format(n + 3, n, name) for n, name in enumerate(names, 1))
    return XML.format("".join(rows)).encode()


def wav(path: Path, *chunks: tuple[bytes, bytes], form: bytes = b"RIFF") -> Path:
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        for name, data in chunks
    )
    path.write_bytes(form + struct.pack("<I", len(body) + 4) + b"WAVE" + body)
    return path


def test_tracks_of_people_are_named_and_mixes_are_not(tmp_path: Path) -> None:
    data = ixml("MIX L", "Boom 1", "ANNA", "Ben K.", "Track 3", "")
    path = wav(tmp_path / "a.wav", (b"fmt ", b"x" * 15), (b"data", b"\0" * 9), (b"iXML", data))
    assert read_track_names(path) == {2: "ANNA", 3: "Ben K."}


def test_long_files_say_the_length_of_their_sound_elsewhere(tmp_path: Path) -> None:
    sizes = struct.pack("<QQQI", 0, 8, 0, 0)
    body = b"ds64" + struct.pack("<I", len(sizes)) + sizes
    body += b"data" + struct.pack("<I", 0xFFFFFFFF) + b"\0" * 8
    data = ixml("ANNA", "BEN")
    body += b"iXML" + struct.pack("<I", len(data)) + data
    path = tmp_path / "long.wav"
    path.write_bytes(b"RF64" + struct.pack("<I", 0xFFFFFFFF) + b"WAVE" + body)
    assert read_track_names(path) == {0: "ANNA", 1: "BEN"}


@pytest.mark.parametrize("data", [b"", b"RIFF", b"not a wav file at all", b"RIFF\0\0\0\0WAVEdata"])
def test_what_is_no_wav_has_no_tracks(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    assert read_track_names(path) == {}


def test_hostile_chunks_are_refused_or_passed_over(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><BWFXML>&a;</BWFXML>'
    for name, data in (("bomb.wav", bomb), ("torn.wav", b"<BWFXML><TRACK_LIST>")):
        with pytest.raises(FormatError):
            read_track_names(wav(tmp_path / name, (b"iXML", data)))
    path = tmp_path / "huge.wav"
    path.write_bytes(b"RIFF\0\0\0\0WAVEiXML" + struct.pack("<I", 1 << 30) + b"<x/>")
    with pytest.raises(FormatError, match="longer than"):
        read_track_names(path)
    with pytest.raises(InputError):
        read_track_names(tmp_path / "nowhere.wav")

"""The lines of MacCaption files: the head, and ancillary data as hexadecimal with short letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.errors import FormatError

if TYPE_CHECKING:
    from subkit.files.plain_text import Repairs

__all__ = ["MCC_HEAD", "DataLine", "MccText", "hex_data", "parse_mcc"]

MCC_HEAD = """File Format=MacCaption_MCC V1.0

///////////////////////////////////////////////////////////////////////////////////
// Computer Prompting and Captioning Company
// Ancillary Data Packet Transfer File
//
// Permission to generate this format is granted provided that
//   1. This ANC Transfer file format is used on an as-is basis and no warranty is given, and
//   2. This entire descriptive information text is included in a generated .mcc file.
//
// General file format:
//   HH:MM:SS:FF(tab)[Hexadecimal ANC data in groups of 2 characters]
//     Hexadecimal data starts with the Ancillary Data Packet DID (Data ID defined in S291M)
//       and concludes with the Check Sum following the User Data Words.
//     Each time code line must contain at most one complete ancillary data packet.
//     To transfer additional ANC Data successive lines may contain identical time code.
//     Time Code Rate=[24, 25, 30, 30DF, 50, 60]
//
//   ANC data bytes may be represented by one ASCII character according to the following schema:
//     G  FAh 00h 00h
//     H  2 x (FAh 00h 00h)
//     I  3 x (FAh 00h 00h)
//     J  4 x (FAh 00h 00h)
//     K  5 x (FAh 00h 00h)
//     L  6 x (FAh 00h 00h)
//     M  7 x (FAh 00h 00h)
//     N  8 x (FAh 00h 00h)
//     O  9 x (FAh 00h 00h)
//     P  FBh 80h 80h
//     Q  FCh 80h 80h
//     R  FDh 80h 80h
//     S  96h 69h
//     T  61h 01h
//     U  E1h 00h 00h 00h
//     Z  00h
//
///////////////////////////////////////////////////////////////////////////////////
"""
"""The head that a file must have, with the text that its owners ask for."""

_LETTERS = {
    **{chr(ord("G") + i): b"\xfa\0\0" * (i + 1) for i in range(9)},
    "P": b"\xfb\x80\x80",
    "Q": b"\xfc\x80\x80",
    "R": b"\xfd\x80\x80",
    "S": b"\x96\x69",
    "T": b"\x61\x01",
    "U": b"\xe1\0\0\0",
    "Z": b"\0",
}
_HEX = {letter: data.hex().upper() for letter, data in _LETTERS.items()}
_WRITTEN = {bytes((value,)): f"{value:02X}" for value in range(256)} | {
    data: letter for letter, data in _LETTERS.items() if letter != "U"
}
"""Bytes -> how they are written; readers disagree on how many bytes U stands for."""
_GROUP = re.compile(
    b"|".join(re.escape(data) for data in sorted(_WRITTEN, key=len, reverse=True)), re.DOTALL
)
_LINE = re.compile(
    r"[ \t]*(\d{2,3}):(\d\d):(\d\d)([:;.,])(\d\d)(?:[.,][0-9.,]{1,8})?[ \t]+(\S+)[ \t]*"
)
_FIELD = re.compile(r"([A-Za-z][A-Za-z ]{1,40})=(.*)")


@dataclass(frozen=True, slots=True)
class DataLine:
    """A line of data: its number, its time code's fields, and its bytes."""

    line: int
    timecode: tuple[int, int, int, int]
    data: bytes


@dataclass(frozen=True, slots=True)
class MccText:
    """A file: its head's fields in order, its rate in words, whether it drops, its data."""

    fields: tuple[tuple[str, str], ...]
    rate: str
    drop: bool
    lines: tuple[DataLine, ...]


def parse_mcc(text: str, name: str, repairs: Repairs) -> MccText:
    """Return what the lines of a file say.

    Raises:
        FormatError: neither its first line nor a line of data is one of MacCaption.
    """
    fields: list[tuple[str, str]] = []
    found: list[DataLine] = []
    semicolons = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip("\ufeff \t").startswith("//") or not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is not None:
            data = _bytes(match[6], number, repairs)
            timecode = (int(match[1]), int(match[2]), int(match[3]), int(match[5]))
            found.append(DataLine(number, timecode, data))
            semicolons += match[4] == ";"
        elif field := _FIELD.fullmatch(line.strip(" \t\ufeff")):
            fields.append((field[1], field[2].strip()))
        else:
            place = f"line {number} ({line.strip()[:60]!r})"
            repairs.add("A line that is not a time code and data was left out", place)
    known = dict(fields)
    if not found and "MacCaption" not in known.get("File Format", ""):
        raise FormatError(
            f"{name!r}, line 1, column 1: neither the first line nor data of MacCaption was found.",
            remedy="Check that it is a caption file.",
            line=1,
            column=1,
        )
    rate = known.get("Time Code Rate", "").upper()
    return MccText(tuple(fields), rate, "DF" in rate or semicolons * 2 > len(found), tuple(found))


def _bytes(text: str, line: int, repairs: Repairs) -> bytes:
    """The bytes of a line, as far as they can be read."""
    digits = "".join(_HEX.get(letter, letter) for letter in text)
    match = re.match(r"[0-9A-Fa-f]*", digits)
    whole = match[0] if match is not None else ""
    if len(whole) != len(digits) or len(whole) % 2:
        repairs.add("Letters that are no data ended a line", f"line {line}")
    return bytes.fromhex(whole[: len(whole) // 2 * 2])


def hex_data(data: bytes) -> str:
    """Return bytes as the format writes them, with one letter for frequent groups."""
    return "".join(_WRITTEN[group] for group in _GROUP.findall(data))

"""The blocks of EBU STL: a head of 1024 bytes (GSI), and text blocks of 128 bytes (TTI)."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.files.plain_text import Repairs

__all__ = [
    "BLOCK",
    "EMPTY",
    "FIELD",
    "HEAD",
    "LANGUAGES",
    "LAST",
    "MOST_BLOCKS",
    "USER_DATA",
    "StlHead",
    "TextBlock",
    "cut_blocks",
    "decoded_block",
]

HEAD, BLOCK, FIELD = 1024, 128, 112
EMPTY = 0x8F
MOST_BLOCKS = 240
"""Blocks of a subtitle that the format can number (EBU Tech 3264, EBN)."""
LAST, USER_DATA = 0xFF, 0xFE
"""Numbers of extension blocks: the last of a subtitle, and data of a user."""

_PAGES = {"437", "850", "860", "863", "865"}
_FIELDS = {
    "CPN": (0, 3),
    "DFC": (3, 8),
    "DSC": (11, 1),
    "CCT": (12, 2),
    "LC": (14, 2),
    "OPT": (16, 32),
    "TPT": (80, 32),
    "CD": (224, 6),
    "RD": (230, 6),
    "RN": (236, 2),
    "TNB": (238, 5),
    "TNS": (243, 5),
    "TNG": (248, 3),
    "MNC": (251, 2),
    "MNR": (253, 2),
    "TCS": (255, 1),
    "TCP": (256, 8),
    "TCF": (264, 8),
    "TND": (272, 1),
    "DSN": (273, 1),
    "UDA": (448, 576),
}
"""Name of a field -> where it begins and how long it is."""

_TAGS = """
01=sq 02=br 03=ca 04=hr 05=cy 06=cs 07=da 08=de 09=en 0A=es 0B=eo 0C=et 0D=eu 0E=fo 0F=fr 10=fy
11=ga 12=gd 13=gl 14=is 15=it 17=la 18=lv 19=lb 1A=lt 1B=hu 1C=mt 1D=nl 1E=no 1F=oc 20=pl 21=pt
22=ro 23=rm 24=sr 25=sk 26=sl 27=fi 28=sv 29=tr 2B=wa 45=zu 46=vi 47=uz 48=ur 49=uk 4A=th 4B=te
4D=ta 4F=sw 51=so 52=si 56=ru 58=ps 59=pa 5A=fa 5D=ne 5F=mr 61=ms 63=mk 65=ko 66=km 67=kk 68=kn
69=ja 6A=id 6B=hi 6C=he 6D=ha 6F=gu 70=el 71=ka 75=zh 76=my 77=bg 78=bn 79=be 7B=az 7D=hy 7E=ar
7F=am
"""
LANGUAGES = {pair[:2]: pair[3:] for pair in _TAGS.split()}
"""Codes of Appendix 3 -> BCP 47."""


@dataclass(frozen=True, slots=True)
class StlHead:
    """The head of a file, byte by byte."""

    data: bytes

    @staticmethod
    def blank() -> StlHead:
        """Return a head of spaces."""
        return StlHead(b" " * HEAD)

    @property
    def page(self) -> str:
        """Codec of the head's texts."""
        number = self.raw("CPN")
        return f"cp{number}" if number in _PAGES else "cp850"

    @property
    def has_page(self) -> bool:
        """Whether the head names a code page of the standard."""
        return self.raw("CPN") in _PAGES

    def raw(self, name: str) -> str:
        """Return a field as Latin letters, without spaces around."""
        start, length = _FIELDS[name]
        return self.data[start : start + length].decode("latin-1").strip(" \0")

    def text(self, name: str) -> str:
        """Return a field in the code page of the head."""
        start, length = _FIELDS[name]
        return self.data[start : start + length].decode(self.page, "replace").strip(" \0")

    def number(self, name: str, default: int) -> int:
        """Return a field as a number; the default where it is none."""
        text = self.raw(name)
        return int(text) if text.isascii() and text.isdigit() else default

    def put(self, **fields: str) -> StlHead:
        """Return a head with some fields changed; texts are cut to their length."""
        data = bytearray(self.data)
        page = fields["CPN"] if fields.get("CPN") in _PAGES else self.page.removeprefix("cp")
        for name, text in fields.items():
            start, length = _FIELDS[name]
            value = text.encode(f"cp{page}", "replace")[:length].ljust(length)
            data[start : start + length] = value
        return replace(self, data=bytes(data))


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A text block: numbers, times as hours, minutes, seconds and frames, place, and its text."""

    group: int
    number: int
    extension: int
    cumulative: int
    start: tuple[int, int, int, int]
    end: tuple[int, int, int, int]
    row: int
    justify: int
    is_comment: bool
    text: bytes

    def packed(self) -> bytes:
        """Return the 128 bytes."""
        head = bytes((self.group, self.number & 0xFF, self.number >> 8, self.extension))
        times = bytes((self.cumulative, *self.start, *self.end))
        place = bytes((self.row, self.justify, int(self.is_comment)))
        return head + times + place + self.text[:FIELD].ljust(FIELD, bytes((EMPTY,)))


def cut_blocks(data: bytes, repairs: Repairs) -> Iterator[TextBlock]:
    """Yield the blocks behind the head; one that is cut short is filled up."""
    for number, start in enumerate(range(HEAD, len(data), BLOCK), start=1):
        block = data[start : start + BLOCK]
        if len(block) < BLOCK:
            place = f"block {number}"
            if len(block) < 17:
                repairs.add("Bytes behind the last block were left out", place)
                return
            repairs.add("A block that is cut short was read as far as it goes", place)
            block = block.ljust(BLOCK, bytes((EMPTY,)))
        yield TextBlock(
            group=block[0],
            number=block[1] | block[2] << 8,
            extension=block[3],
            cumulative=block[4],
            start=(block[5], block[6], block[7], block[8]),
            end=(block[9], block[10], block[11], block[12]),
            row=block[13],
            justify=block[14],
            is_comment=block[15] == 1,
            text=block[16:],
        )


def decoded_block(text: str) -> bytes:
    """Return the bytes of a carried block; empty where they were spoilt."""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""

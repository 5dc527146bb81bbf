"""Bytes made wrong in the ways that files are: by a seed, so that what fails can be had again."""

from __future__ import annotations

import io
import random
import re
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["mutated"]

_VALUES = re.compile(rb'"[^"<>]*"|>[^<>]*<|[0-9]+|= *[^\n]*')
"""What a format that is well formed all the same says otherwise: values and texts."""

TOKENS = (
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\r",
    b"\n\n",
    b"\x1b[2J",
    b"\x85",
    "\u202e".encode(),
    "\u2028".encode(),
    "\U0010ffff".encode(),
    b"-->",
    b"->",
    b"00:00:01,000",
    b"99:99:99.999",
    b"-1",
    b"1e999",
    b"1e999999999",
    b"9" * 30,
    b"9" * 5000,
    b"nan",
    b"inf",
    b"1/0",
    b"0/0",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b"[" * 300,
    b'{"a":' * 100,
    b"]" * 100,
    b'"',
    b"'",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"&#0;",
    b"&#x110000;",
    b"&e;",
    b"<![CDATA[",
    b"<!DOCTYPE x>",
    b"<!--",
    b"]]>",
    b"<x:y>",
    b"xmlns='x'",
    b"=1+1",
    b"\t",
    b",",
    b";",
    b"a.b.c",
    b"[[address]]",
    b"{\\an8}",
    b"<v ",
    b"<i>",
    b"WEBVTT",
    b"NOTE",
    b"X-TIMESTAMP-MAP",
    b"_x0000_",
    b"_xD800_",
    b"01:00:00:00",
    b"10:00:00;02",
    b"AX",
    b"FROM CLIP NAME",
)
"""What readers take for more than letters."""


def mutated(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """One of the seeds with one to a few things wrong."""
    data = chance.choice(seeds)
    if data.startswith(b"PK\3\4") and chance.random() < 0.7:
        return _mutated_archive(data, chance)
    return _mutated(data, seeds, chance)


def _mutated(data: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    found = bytearray(data)
    if chance.random() < 0.5:
        return _with_other_values(data, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4, 8, 30))):
        at = chance.randrange(len(found) + 1)
        end = min(len(found), at + chance.choice((1, 1, 2, 8, 40, 400)))
        match chance.randrange(8):
            case 0 if at < len(found):
                found[at] = chance.randrange(256)
            case 1:
                del found[at:end]
            case 2:
                found[at:at] = found[at:end] * chance.choice((1, 1, 2, 50))
            case 3:
                del found[at:]
            case 4:
                other = chance.choice(seeds)
                start = chance.randrange(len(other) + 1)
                found[at:end] = other[start : start + (end - at)]
            case 5:
                found[at:end] = bytes(chance.randrange(256) for _ in range(end - at))
            case _:
                found[at : chance.choice((at, end))] = chance.choice(TOKENS)
        if len(found) > 200_000:
            break
    return bytes(found)


def _with_other_values(data: bytes, chance: random.Random) -> bytes:
    """A few values replaced by tokens, escaped as XML asks, so that the frame stays right."""
    places = list(_VALUES.finditer(data))
    for match in sorted(
        chance.sample(places, min(len(places), chance.choice((1, 1, 2, 5)))),
        key=lambda match: match.start(),
        reverse=True,
    ):
        first, last = match[0][:1], match[0][-1:]
        token = chance.choice(TOKENS)
        if first in b'">':
            text = quoteattr(token.decode("utf-8", "replace"))[1:-1].encode()
            token = first + text.replace(b'"', b"") + last
        data = data[: match.start()] + token + data[match.end() :]
    return data


def _mutated_archive(data: bytes, chance: random.Random) -> bytes:
    """A zip whose parts are wrong and whose frame is right."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name in chance.sample(sorted(members), min(len(members), chance.choice((1, 1, 2)))):
        members[name] = _mutated(members[name], list(members.values()), chance)
    if chance.random() < 0.1:
        members.pop(chance.choice(sorted(members)))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()

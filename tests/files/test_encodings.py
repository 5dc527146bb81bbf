"""Bytes that mean nothing: each costs its letter, wherever it stands and however long the file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subkit.files import encodings
from subkit.files.encodings import recode
from subkit.files.plain_text import Repairs

TEXTS = {
    "utf-8": "Écoute, garçon. 한국어 😀\n",
    "cp949": "한국어 자막이다. abc\n",
    "cp932": "日本語の字幕 abc\n",
    "utf-16-le": "Écoute 한국 😀\n",
    "cp1252": "Écoute, garçon.\n",
    "iso2022_jp": "日本語の字幕 abc\n",
}


def parts_of(data: bytes, encoding: str, step: int) -> list[tuple[str, bytes]]:
    """Text and wrong bytes, where so many bytes are decoded at once; text between them joined."""
    before, encodings._STEP = encodings._STEP, step
    try:
        found: list[tuple[str, bytes]] = [("", b"")]
        for text, wrong in encodings._decoded(data, encoding):
            found[-1] = (found[-1][0] + text, wrong)
            if wrong:
                found.append(("", b""))
        return found
    finally:
        encodings._STEP = before


@given(
    encoding=st.sampled_from(sorted(TEXTS)),
    lines=st.integers(1, 8),
    wrong=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=5),
    step=st.integers(24, 80),
)
def test_the_places_do_not_depend_on_the_steps(
    encoding: str, lines: int, wrong: list[tuple[int, int]], step: int
) -> None:
    data = bytearray((TEXTS[encoding] * lines).encode(encoding))
    for place, byte in wrong:
        data[place % len(data)] = byte
    assert parts_of(bytes(data), encoding, step) == parts_of(bytes(data), encoding, 1 << 20)


def test_a_letter_across_two_steps_stays_whole() -> None:
    filling = "a" * (encodings._STEP - 1)
    data = f"{filling}é".encode() + b"\xff" + "é".encode()
    assert recode(data, "utf-8", Repairs()).decode() == f"{filling}éÿé"

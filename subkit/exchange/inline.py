"""Line breaks and tags inside texts, for formats with inline codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_code", "pieces"]

_CODE = re.compile(r"(\n|</?[A-Za-z][^<>\n]{0,200}>|\{\\[^{}\n]{1,200}\})")


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    r"""A text in its pieces, and whether each is a code: a line break, ``<i>`` or ``{\\an8}``."""
    for number, piece in enumerate(_CODE.split(text)):
        if piece:
            yield piece, bool(number % 2)


def is_code(text: str) -> bool:
    """Whether a text is one code and nothing else."""
    return _CODE.fullmatch(text) is not None

"""How Japanese is read: kana for Han characters, by fugashi and unidic-lite where they are there.

They are an extra (``pip install "subkit[ja]"``). Without them a Han character counts as one mora:
東京へ行きます has 7 instead of 9, and what is counted so is marked as an estimate.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from typing import Any

from subkit.language.tags import resolve_language

__all__ = ["has_readings", "is_estimated", "kana_reading"]

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff々〆]")
_READ = ("pron", "kana")
"""Features of a word that hold its reading: as spoken, as written."""


@cache
def has_readings() -> bool:
    """Whether the packages that read Japanese are installed."""
    return find_spec("fugashi") is not None and find_spec("unidic_lite") is not None


def is_estimated(text: str, language: str) -> bool:
    """Whether the syllables of a text can only be estimated: how it is read is not known."""
    return (
        resolve_language(language).base == "ja"
        and not has_readings()
        and _HAN.search(text) is not None
    )


def kana_reading(text: str) -> str:
    """Return a Japanese text as it is read, in kana; unchanged where nothing can read it.

    What the dictionary has no reading for stays as it is written.
    """
    if _HAN.search(text) is None or not has_readings():
        return text
    return "".join(_reading(word) for word in _tagger()(text))


def _reading(word: Any) -> str:
    for name in _READ:
        found = getattr(word.feature, name, None)
        if found and found != "*":
            return str(found)
    return str(word.surface)


@cache
def _tagger() -> Any:
    import fugashi
    import unidic_lite

    return fugashi.Tagger(f'-d "{unidic_lite.DICDIR}" -r "{unidic_lite.DICDIR}/mecabrc"')

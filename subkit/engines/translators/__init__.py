"""Translators on CTranslate2 and SentencePiece: one module a family.

Public names are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subkit.engines.translators.opening import detect_family, open_single, open_translator
    from subkit.engines.translators.options import TranslatorOptions
    from subkit.engines.translators.pivot import PIVOT_NOTICE, PivotTranslator
    from subkit.engines.translators.sentences import SentenceTranslator

__all__ = [
    "PIVOT_NOTICE",
    "PivotTranslator",
    "SentenceTranslator",
    "TranslatorOptions",
    "detect_family",
    "open_single",
    "open_translator",
]

_HOMES = {
    "PIVOT_NOTICE": "subkit.engines.translators.pivot",
    "PivotTranslator": "subkit.engines.translators.pivot",
    "SentenceTranslator": "subkit.engines.translators.sentences",
    "TranslatorOptions": "subkit.engines.translators.options",
    "detect_family": "subkit.engines.translators.opening",
    "open_single": "subkit.engines.translators.opening",
    "open_translator": "subkit.engines.translators.opening",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)

"""Translators on CTranslate2 and SentencePiece: one module a family."""

from subkit.engines.translators.opening import open_single, open_translator
from subkit.engines.translators.options import TranslatorOptions
from subkit.engines.translators.pivot import PIVOT_NOTICE
from subkit.engines.translators.sentences import SentenceTranslator

__all__ = [
    "PIVOT_NOTICE",
    "SentenceTranslator",
    "TranslatorOptions",
    "open_single",
    "open_translator",
]

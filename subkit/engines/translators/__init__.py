"""Translators on CTranslate2 and SentencePiece: one module a family."""

from subkit.engines.translators.opening import open_single, open_translator
from subkit.engines.translators.pivot import PIVOT_NOTICE
from subkit.engines.translators.sentence_translator import SentenceTranslator
from subkit.engines.translators.translator_options import TranslatorOptions

__all__ = [
    "PIVOT_NOTICE",
    "SentenceTranslator",
    "TranslatorOptions",
    "open_single",
    "open_translator",
]

"""Translators on CTranslate2 and SentencePiece: one module a family."""

from subkit.engines.translators.opening import detect_family, open_translator
from subkit.engines.translators.options import TranslatorOptions
from subkit.engines.translators.sentences import UNFINISHED, SentenceTranslator

__all__ = [
    "UNFINISHED",
    "SentenceTranslator",
    "TranslatorOptions",
    "detect_family",
    "open_translator",
]

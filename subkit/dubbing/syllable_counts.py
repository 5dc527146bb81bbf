"""Syllables of texts that are counted again and again."""

from __future__ import annotations

from functools import lru_cache

from subkit.language import count_syllables

__all__ = ["syllables_of"]


@lru_cache(maxsize=65536)
def syllables_of(text: str, language: str) -> int:
    """Syllables of a text, morae in Japanese; each text is counted once."""
    return count_syllables(text, language)

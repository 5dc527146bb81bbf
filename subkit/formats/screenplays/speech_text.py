"""What of a written speech is said: without directions, labels and marks of emphasis."""

from __future__ import annotations

import re

__all__ = ["character_name", "said"]

_BRACKETS = re.compile(r"\[[^\[\]]{0,300}\]")
_DIRECTION = re.compile(r"\([^()]{0,300}\)|（[^（）]{0,300}）")
_EXTENSION = re.compile(r"\s*(?:\([^()]*\)?|（[^（）]*）?)\s*")
_SPACES = re.compile(r"\s+")


def said(text: str, *, directions: bool = True) -> str:
    """Return a text without what stands in brackets, white space made single.

    Args:
        text: A speech.
        directions: Also what stands in round brackets is left out.
    """
    kept = _BRACKETS.sub(" ", text)
    if directions:
        kept = _DIRECTION.sub(" ", kept)
    return _SPACES.sub(" ", kept).strip()


def character_name(text: str) -> str:
    """Return the name of a character cue: ``ANNA (V.O.) (CONT'D)`` is ``ANNA``."""
    return _SPACES.sub(" ", _EXTENSION.sub(" ", text)).strip(" ^:@")

"""What each sign weighs: how probable it makes it that a person would change the cue."""

from __future__ import annotations

__all__ = ["WEIGHTS"]

WEIGHTS: dict[str, float] = {
    # what was heard, against what is shown
    "voice-without-text": 0.85,
    "words-without-text": 0.9,
    "text-without-voice": 0.8,
    "not-as-heard": 0.7,
    "far-from-words": 0.85,
    "decodes-disagree": 0.35,
    "low-score": 0.4,
    "unsure-words": 0.3,
    "language-unsure": 0.3,
    # the text itself
    "loop": 0.9,
    "wrong-script": 0.85,
    "odd-name": 0.75,
    # a translation, against its source
    "empty": 0.95,
    "copied": 0.7,
    "repeated": 0.9,
    "numbers": 0.75,
    "glossary": 0.75,
    "name-differs": 0.7,
    "length": 0.55,
    "not-translated": 0.9,
    "times-differ": 0.85,
    "stale": 0.8,
    "source": 0.4,
    # the house style, and people
    "reading-speed": 0.3,
    "register": 0.4,
    "style": 0.25,
    "comment": 0.5,
}
"""Kind of reason -> weight, 0 to 1, at its strongest. Own proposal, checked on seeded errors."""

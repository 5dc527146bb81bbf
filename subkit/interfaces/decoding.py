"""Measured decoding settings of a recogniser's model."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Decoding", "LanguageDecoding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageDecoding:
    """How a model was measured to decode one language best.

    Attributes:
        language: BCP 47 primary language; empty for all without an entry of their own.
        doubt: Mean log-probability of one beam below which the full beam is tried.
        timestamps: Whether the decoder should say times itself.
    """

    language: str = ""
    doubt: float = -0.25
    timestamps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """How to decode with a recogniser's model, from its card.

    Attributes:
        padding: Heard after a window: ``"silence"``, or ``"zeros"`` as faster-whisper pads.
        shift_ms: Milliseconds to add to the word times that alignment gives.
        second_opinion: Whether its scores tell words from inventions where nobody speaks.
        languages: What was measured; empty: nothing was.
    """

    padding: str = "silence"
    shift_ms: int = 0
    second_opinion: bool = True
    languages: tuple[LanguageDecoding, ...] = ()

    def of(self, language: str) -> LanguageDecoding:
        """Return the entry for a language, else the one for all others, else the defaults."""
        known = {entry.language: entry for entry in self.languages}
        return known.get(language) or known.get("") or LanguageDecoding()

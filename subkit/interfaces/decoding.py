"""A model with its measured decoding settings, and the stretches of audio that it decodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.model.styling import sparse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from subkit.model import Span

    Samples = NDArray[np.float32]

__all__ = ["Decoding", "LanguageDecoding", "ModelFacts", "SpeechWindow"]


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
        letters_ms: Milliseconds to add to the time between two words that touch, for each letter of
            the first, for each of the second, and always; empty where nobody measured.
        second_opinion: Whether its scores tell words from inventions where nobody speaks.
        languages: What was measured; empty: nothing was.
    """

    padding: str = "silence"
    shift_ms: int = 0
    letters_ms: tuple[int, ...] = sparse(())
    second_opinion: bool = True
    languages: tuple[LanguageDecoding, ...] = ()

    def of(self, language: str) -> LanguageDecoding:
        """Return the entry for a language, else the one for all others, else the defaults."""
        known = {entry.language: entry for entry in self.languages}
        return known.get(language) or known.get("") or LanguageDecoding()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What is known of a loaded model.

    Attributes:
        name: As the user named it, for example ``"large-v3"`` or ``"demo"``.
        directory: Where its files lie; empty where it has none.
        digest: Digest over its files; empty where nothing but the version tells it apart.
        license: SPDX id or name, empty where unknown.
        demo: An embedded demo model: one small domain, invents elsewhere.
        languages: BCP 47 languages it knows; empty means not stated.
        window_seconds: Longest window of audio it should decode at once (recognisers).
        pause_seconds: Pause that should end a window (recognisers); ``None`` leaves it open.
        low_score: Mean log-probability of a window or a translated sentence below which it should
            be doubted; ``None`` takes the number for such models in general.
        decoding: How to decode with it (recognisers).
        parts: The models it is made of, in order, where it is several (translators by pivot).
        sentences: How many it was trained to read at once (translators); what is more than one can
            be context.
        plugin: Name of the plug-in that it is of; empty for subkit's own.
        plugin_version: Its version.
    """

    name: str
    directory: str = ""
    digest: str = ""
    license: str = ""
    demo: bool = False
    languages: tuple[str, ...] = ()
    window_seconds: float = 30.0
    pause_seconds: float | None = None
    low_score: float | None = None
    decoding: Decoding = Decoding()
    parts: tuple[ModelFacts, ...] = ()
    sentences: int = 1
    plugin: str = ""
    plugin_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeechWindow:
    """A stretch of audio with speech in it, to be decoded at once.

    Attributes:
        index: Place in the programme, from 0.
        span: Time in the media, seconds.
        samples: Mono float32 at 16 kHz in [-1, 1], shape ``(n,)``.
        digest: Digest of the samples.
        parts: Where in the media the samples come from, in order, where pauses inside the window
            were shortened; empty where they are the whole span.
        voice: Stretches of the media in which a voice was detected; empty where nobody listened.
        skipped: No voice was detected in it: it is listened to for a second opinion, and only sure
            words count.
    """

    index: int
    span: Span
    samples: Samples
    digest: str
    parts: tuple[Span, ...] = ()
    voice: tuple[Span, ...] = ()
    skipped: bool = False

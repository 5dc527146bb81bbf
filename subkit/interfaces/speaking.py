"""Who speaks when: what a backend hears, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from subkit.model import Media, Span, SpeakerTurn

    Samples = NDArray[np.float32]

__all__ = ["Recording", "SpeakerBackend"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """What a speaker backend hears: the sound of one title, and where somebody speaks in it.

    Attributes:
        media: The media; its times are those of all spans.
        voice: Where a voice was detected, in order.
        channels: Names of the channels of the stream, for example ``("FL", "FR")``.
        sound: Gives the mono sound that was recognised: 16 kHz float32 blocks, streamed anew at
            each call.
        channel: Gives one channel by number, likewise.
    """

    media: Media
    voice: tuple[Span, ...]
    channels: tuple[str, ...]
    sound: Callable[[], Iterator[Samples]]
    channel: Callable[[int], Iterator[Samples]]


@runtime_checkable
class SpeakerBackend(Protocol):
    """Tells who speaks when."""

    @property
    def method(self) -> str:
        """How it knows, in one word: stands in each turn (``"channel"``, ``"diarization"``)."""
        ...

    def turns(self, recording: Recording, *, count: int | None = None) -> Sequence[SpeakerTurn]:
        """Who speaks when, in order of time.

        Args:
            recording: The title.
            count: How many people speak, where somebody knows; ``None`` finds it out.

        Returns:
            Turns with ids of the backend's own, such as a name or ``"speaker-1"``; none where it
            cannot tell. Turns that overlap are people who speak at once.

        Raises:
            EngineError: it failed.
        """
        ...

"""The waveform of the media under review, read once in the background and kept in the project."""

from __future__ import annotations

import logging
import threading
import zlib
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import SubkitError
from subkit.media import audio_blocks
from subkit.media.peaks import PEAKS_PER_SECOND, peak_blocks, reduce_peaks
from subkit.pipeline.stage_cache import shaping, stage_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.media import AudioOptions
    from subkit.model import Media
    from subkit.store import ProjectFile

__all__ = ["Waveform"]

VERSION = 1
_TELL_SECONDS = 30
_SPARE_SECONDS = 60
"""Sound may go on behind the end that its file states."""

_MOST_SECONDS = 48 * 3600
"""Of kept peaks; a project may state any duration."""

_LOG = logging.getLogger(__name__)


class Waveform:
    """Peaks of a media file as far as they are known.

    Args:
        store: Where they are kept.
        media: The media.
        options: Which sound.
        tell: Hears how many seconds are known; ``None`` when all are.
    """

    def __init__(
        self,
        store: ProjectFile,
        media: Media,
        options: AudioOptions,
        tell: Callable[[float | None], None],
    ) -> None:
        self._store = store
        self._media = media
        self._options = options
        self._tell = tell
        self._key = stage_key("peaks", VERSION, media.digest, shaping(options))
        self._peaks = bytearray()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.complete = False
        self.failed = ""

    def start(self) -> None:
        """Take what the project keeps, else begin to read the media."""
        known = self._store.cached(self._key)
        if known is not None and (peaks := self._unpacked(known)):
            self._peaks = peaks
            self.complete = True
            return
        self._thread = threading.Thread(target=self._read, name="waveform", daemon=True)
        self._thread.start()

    def _unpacked(self, known: bytes) -> bytearray | None:
        """Return the saved peaks, or ``None`` if a project holds something else."""
        seconds = min(int(self._media.duration), _MOST_SECONDS) + _SPARE_SECONDS
        unpacking = zlib.decompressobj()
        try:
            peaks = bytearray(unpacking.decompress(known, 2 * PEAKS_PER_SECOND * seconds))
        except zlib.error:
            return None
        return peaks if unpacking.eof else None

    def stop(self) -> None:
        """End the reading; what is not complete is read again next time."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    @property
    def seconds(self) -> Fraction:
        """How much is known."""
        return Fraction(len(self._peaks) // 2, PEAKS_PER_SECOND)

    def part(self, start: float, end: float, points: int) -> bytes:
        """Pairs of signed bytes for ``points`` equal parts; fewer where they are not known yet."""
        import numpy as np

        size = len(self._peaks) // 2 * 2
        first = max(0, int(start * PEAKS_PER_SECOND))
        last = min(size // 2, int(end * PEAKS_PER_SECOND) + 2)
        if last <= first:
            return b""
        window = np.frombuffer(bytes(self._peaks[first * 2 : last * 2]), np.int8).reshape(-1, 2)
        if self.complete and last == size // 2:  # a part may end a little behind the sound
            window = np.concatenate([window, np.zeros((1, 2), np.int8)])
        begin = start * PEAKS_PER_SECOND - first
        return reduce_peaks(window, begin, end * PEAKS_PER_SECOND - first, points).tobytes()

    def _read(self) -> None:
        told = 0.0
        try:
            if not Path(self._media.path).is_file():
                name = self._media.path
                self.failed = f"{name} is not there." if name else "The project has no media."
                return
            for peaks in peak_blocks(audio_blocks(self._media, self._options)):
                if self._stop.is_set():
                    return
                self._peaks += peaks.tobytes()
                if float(self.seconds) >= told + _TELL_SECONDS:
                    told = float(self.seconds)
                    self._tell(told)
            self._store.remember(self._key, zlib.compress(bytes(self._peaks), 1))
            self.complete = True
            self._tell(None)
        except SubkitError as error:
            self.failed = str(error)
            _LOG.info("no waveform: %s", error)

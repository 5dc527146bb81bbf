"""The spectrogram of the media under review: read once, when somebody asks, and kept as a file.

Ten hours are 74 MB on disk and never in memory: a block at a time is written, a piece is read.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from subkit.errors import SubkitError
from subkit.media import audio_blocks
from subkit.media.spectrum import BANDS, COLUMNS_PER_SECOND, spectrum_blocks
from subkit.pipeline.stage_cache import shaping, stage_key
from subkit.review.proxies import draft_path

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.media import AudioOptions
    from subkit.model import Media

__all__ = ["PIECE_SECONDS", "Spectrogram"]

VERSION = 1
PIECE_SECONDS = 16
"""A piece is what one request gets: 512 columns of 64 bytes."""

_PIECE_BYTES = PIECE_SECONDS * COLUMNS_PER_SECOND * BANDS
_MAX_BYTES = 48 * 3600 * COLUMNS_PER_SECOND * BANDS
_LOG = logging.getLogger(__name__)


class Spectrogram:
    """The spectrogram as far as it is known.

    Args:
        media: The media.
        options: Which sound.
        folder: Where it is kept; made when the first one is.
        project: The project that is open, which nobody else has open for review.
    """

    def __init__(self, media: Media, options: AudioOptions, folder: Path, project: Path) -> None:
        self._media = media
        self._options = options
        key = stage_key("spectrum", VERSION, media.digest, shaping(options))
        self._file = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.spectrum"
        self._draft = draft_path(self._file, project)
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.complete = False
        self.failed = ""

    def part(self, piece: int) -> bytes:
        """Columns of a piece, those that are known; the first call begins to read the media."""
        self._begin()
        path = self._file if self.complete else self._draft
        try:
            with path.open("rb") as file:
                file.seek(piece * _PIECE_BYTES)
                found = file.read(_PIECE_BYTES)
        except OSError:
            return b""
        return found[: len(found) // BANDS * BANDS]

    def stop(self) -> None:
        """End the reading; what is not complete is read again next time."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _begin(self) -> None:
        with self._guard:
            if self.complete or self._thread is not None:
                return
            if self._file.is_file():
                self.complete = True
                return
            self._thread = threading.Thread(target=self._read, name="spectrogram", daemon=True)
            self._thread.start()

    def _read(self) -> None:
        written = 0
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._draft.open("wb", buffering=0) as file:
                for columns in spectrum_blocks(audio_blocks(self._media, self._options)):
                    if self._stop.is_set() or written > _MAX_BYTES:
                        break
                    written += file.write(columns.tobytes())
            if not self._stop.is_set():
                self._draft.replace(self._file)
                self.complete = True
        except (SubkitError, OSError) as error:
            self.failed = str(error)
            _LOG.info("no spectrogram: %s", error)
        finally:
            if not self.complete:
                with suppress(OSError):
                    self._draft.unlink(missing_ok=True)

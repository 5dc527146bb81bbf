"""Content digests of media files: whole for small ones, sampled for films.

A film has tens of gigabytes and often lies on a network; reading it whole only to name it could
take longer than recognising it. Above :data:`WHOLE_LIMIT` the digest covers the size and
:data:`SAMPLES` stretches of :data:`SAMPLE_BYTES`, evenly spaced, the first at the head and the last
at the tail. The text says which: ``sha256:…`` or ``sampled-sha256:…``.

Limits: a change of the same length that falls between the samples is not noticed. It is a name for
"the same media as before", not a seal against forgery.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from subkit.errors import InputError
from subkit.media.container import require_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SAMPLES", "SAMPLE_BYTES", "WHOLE_LIMIT", "media_digest"]

SAMPLE_BYTES = 1 << 20
SAMPLES = 64
WHOLE_LIMIT = SAMPLES * SAMPLE_BYTES


def media_digest(path: Path) -> str:
    """Digest of a file's content, as ``sha256:`` or ``sampled-sha256:`` and 64 hex digits.

    Raises:
        InputError: no such file, not a regular file, empty or not readable.
    """
    found = require_file(path)
    try:
        size = found.stat().st_size
        digest = hashlib.sha256()
        with found.open("rb") as file:
            if size <= WHOLE_LIMIT:
                while block := file.read(SAMPLE_BYTES):
                    digest.update(block)
                return f"sha256:{digest.hexdigest()}"
            digest.update(f"{size}\n".encode())
            for index in range(SAMPLES):
                file.seek((size - SAMPLE_BYTES) * index // (SAMPLES - 1))
                digest.update(file.read(SAMPLE_BYTES))
    except OSError as error:
        raise InputError(
            f"{found} could not be read: {error.strerror or error}.",
            remedy="Check the disk or the network share it lies on.",
            path=str(found),
        ) from error
    return f"sampled-sha256:{digest.hexdigest()}"

"""Short films of a test picture and a tone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.media import run_ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["make_film"]


def make_film(path: Path, *more: str | Path, seconds: float = 2, size: str = "64x48") -> Path:
    """Write two seconds of picture and sound; returns the path.

    Args:
        path: Its ending chooses the container.
        more: Further arguments of ffmpeg for the output.
        seconds: How long it is.
        size: Of the picture.
    """
    picture = ("-f", "lavfi", "-i", f"testsrc=size={size}:rate=25:duration={seconds}")
    sound = ("-f", "lavfi", "-i", f"sine=sample_rate=48000:duration={seconds}")
    coded = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
    run_ffmpeg([*picture, *sound, *coded, "-threads", "1", *more, path], timeout=60)
    return path

"""Small media made with ffmpeg: a picture, and a tone that starts at a known time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from subkit.media import AudioOptions, audio_blocks, probe, run_ffmpeg
from subkit.model import Media

Make = Callable[..., Path]
Samples = NDArray[np.float32]

PICTURE: tuple[str | Path, ...] = (
    "-f",
    "lavfi",
    "-i",
    "testsrc=size=64x48:rate=24000/1001:duration=3",
)


def tone(at: float = 1.0, *, length: float = 3.0, rate: int = 48000) -> tuple[str | Path, ...]:
    """Input arguments for silence with 0.2 s of 1 kHz at ``at`` seconds."""
    text = f"aevalsrc='if(gte(t,{at})*lt(t,{at}+0.2),0.5*cos(2*PI*1000*(t-{at})),0)'"
    return ("-f", "lavfi", "-i", f"{text}:s={rate}:d={length}")


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """``make(name, *ffmpeg arguments)``: the file, made once a session."""
    done: dict[tuple[str | Path, ...], Path] = {}

    def build(name: str, *args: str | Path) -> Path:
        key = (name, *args)
        if key not in done:
            place = tmp_path_factory.mktemp("media")
            run_ffmpeg([*args, "-threads", "1", place / name], timeout=1200)
            done[key] = place / name
        return done[key]

    return build


def hear(media: Media | Path, options: AudioOptions | None = None) -> tuple[Samples, list[str]]:
    """All samples, and what was warned of."""
    found = probe(media) if isinstance(media, Path) else media
    notes: list[str] = []
    blocks = list(audio_blocks(found, options, warn=notes.append))
    assert all(block.dtype == np.float32 and block.ndim == 1 for block in blocks)
    return np.concatenate(blocks), notes


def onset(samples: Samples, level: float = 0.2) -> float:
    """Seconds until the tone begins."""
    loud = np.flatnonzero(np.abs(samples) > level)
    assert loud.size, "no tone"
    return float(loud[0]) / 16000

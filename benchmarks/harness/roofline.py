"""How much arithmetic a run was, and what this machine can do at most."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness.systems import TUNED

if TYPE_CHECKING:
    from benchmarks.model.shapes import Shape

__all__ = ["find_peak", "operations"]

_SCRIPT = Path(__file__).resolve().parents[1] / "peak.py"


def operations(shape: Shape, work: dict[str, int], beams: int) -> float:
    """Multiplications and additions of a run's matrix products, after what was counted of it.

    The encoder's layers take 12 d² weights a position and two products with all positions; the
    decoder's 14 d² a token and beam, its vocabulary, keys and values of the sound (2 d² a position)
    once a window, and two products with the window's positions. Word times are left out.
    """
    d, layers = shape.width, shape.encoder_layers
    positions, squares, tokens = work["positions"], work["squares"], work["tokens"] * beams
    mean = squares / max(positions, 1)
    encoder = positions * (2 * 3 * d * (2 * shape.bands + d) + layers * 24 * d * d)
    encoder += layers * 4 * d * squares
    decoder = tokens * (shape.decoder_layers * (28 * d * d + 4 * d * mean))
    decoder += tokens * 2 * shape.vocabulary * d + positions * shape.decoder_layers * 4 * d * d
    return float(encoder + decoder)


def find_peak(compute_type: str, threads: int, device: str) -> float:
    """Operations a second of CTranslate2's own wide matrix products, in a process of its own."""
    words = [sys.executable, str(_SCRIPT), "--threads", str(threads), "--device", device]
    words += ["--compute-type", compute_type, "--plain"]
    done = subprocess.run(
        words, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **TUNED}
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return float(found["operations_per_second"])

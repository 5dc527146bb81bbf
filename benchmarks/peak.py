"""What can this machine multiply at most?

    python benchmarks/peak.py --compute-type int8 --threads 1

Measured as CTranslate2 itself reaches it: one encoder layer of 2048 channels with a feed-forward
part 8 times as wide, where matrix products are nearly all there is to do. Other benchmarks tell
their share of it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.model import writers
from benchmarks.model.arrays import make_arrays
from benchmarks.model.shapes import Shape

_WIDE, _TIMES, _POSITIONS = 2048, 8, 1500
_SHAPE = Shape("wide", _WIDE, 32, 1, 1, 80, 99, ((0, 1),))


def make_wide_model(folder: Path) -> Path:
    """One layer, very wide."""
    import numpy as np

    arrays = make_arrays(_SHAPE)
    hidden = _WIDE * _TIMES
    name = "encoder.blocks.0.mlp"
    random = np.random.default_rng(0)
    scale = np.float32(1 / 32)
    arrays[f"{name}.0.weight"] = random.standard_normal((hidden, _WIDE), np.float32) * scale
    arrays[f"{name}.0.bias"] = np.zeros(hidden, np.float32)
    arrays[f"{name}.2.weight"] = random.standard_normal((_WIDE, hidden), np.float32) * scale
    tokens = [str(number) for number in range(_SHAPE.vocabulary)]
    writers.write_ctranslate2(folder, arrays, _SHAPE, tokens, "float32")
    return folder


def measure(compute_type: str, threads: int, device: str, rounds: int = 5) -> float:
    """Operations a second, the best of some rounds: what is possible, not what is usual."""
    import ctranslate2
    import numpy as np

    with tempfile.TemporaryDirectory(prefix="peak-") as name:
        model: Any = ctranslate2.models.Whisper(
            str(make_wide_model(Path(name))),
            device=device,
            compute_type=compute_type,
            intra_threads=threads,
        )
    d, n = _WIDE, _POSITIONS
    count = 2 * 3 * d * (2 * 80 + d) * n + n * (8 * d * d + 4 * _TIMES * d * d) + 4 * d * n * n
    features = ctranslate2.StorageView.from_array(np.zeros((1, 80, 2 * n), np.float32))
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        np.array(model.encode(features, to_cpu=True))
        times.append(time.perf_counter() - began)
    return float(count / min(times))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--compute-type", default="int8")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--plain", action="store_true", help="JSON, for other programs")
    arguments = parser.parse_args()
    found = measure(arguments.compute_type, arguments.threads, arguments.device)
    if arguments.plain:
        print(json.dumps({"operations_per_second": found}))
    else:
        print(f"{arguments.compute_type}, {arguments.threads} threads: {found / 1e9:.0f} GOP/s")


if __name__ == "__main__":
    main()

"""Whisper models of true size with random weights, as fast or slow as the real ones.

    python benchmarks/weights.py tiny base --into models

Hubs are not needed. Text comes at about 2.5 tokens a second of audio, so that the decoder works as
it would; the words mean nothing (no word error rate can be measured with them). What was built into
the random weights is told in ``benchmarks/model/arrays.py``. ``--format openai ggml`` writes the
same weights for openai-whisper (needs PyTorch) and whisper.cpp too.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.model import tokens, writers
from benchmarks.model.arrays import make_arrays
from benchmarks.model.shapes import LANGUAGES, SHAPES, Shape, shape_of

FORMATS = ("ctranslate2", "openai", "ggml")


def make_model(
    shape: Shape, into: Path, *, formats: tuple[str, ...], precision: str, seed: int = 0
) -> Path:
    """Write a model's files; returns its CTranslate2 directory.

    ``model.pt`` and ``ggml-model.bin`` for the other formats are put beside it, into
    ``<directory>-openai`` and ``<directory>-ggml``.
    """
    folder = into / shape.name
    folder.mkdir(parents=True, exist_ok=True)
    arrays = make_arrays(shape, seed)
    if "openai" in formats:
        other = into / f"{shape.name}-openai"
        other.mkdir(exist_ok=True)
        writers.write_openai(other / "model.pt", arrays, shape)
    if "ggml" in formats:
        other = into / f"{shape.name}-ggml"
        other.mkdir(exist_ok=True)
        letters = {letter: byte for byte, letter in _bytes_of_letters()}
        spelled = [bytes(letters[c] for c in token) for token in tokens.text_tokens()[0]]
        writers.write_ggml(other / "ggml-model.bin", arrays, shape, spelled)
    if "ctranslate2" in formats:
        listed = tokens.write(folder, shape, LANGUAGES[: shape.languages])
        writers.write_ctranslate2(folder, arrays, shape, listed, precision)
    return folder


def _bytes_of_letters() -> list[tuple[int, str]]:
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    order = [*plain, *(byte for byte in range(256) if byte not in plain)]
    return list(zip(order, tokens.byte_letters(), strict=True))


def main() -> None:
    """Make the models asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="+", choices=sorted(SHAPES), metavar="NAME")
    parser.add_argument("--into", type=Path, default=Path("models"))
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=["ctranslate2"])
    parser.add_argument("--precision", default="float16", help="as stored, in CTranslate2's words")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    for name in arguments.models:
        shape = shape_of(name)
        chosen = tuple(arguments.format)
        folder = make_model(
            shape,
            arguments.into,
            formats=chosen,
            precision=arguments.precision,
            seed=arguments.seed,
        )
        print(f"{folder}: {shape.parameters / 1e6:.0f} million weights", flush=True)


if __name__ == "__main__":
    main()

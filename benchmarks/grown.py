"""Translators of true size that write true text: the demo translator, grown.

    python benchmarks/grown.py opus-mt m2m100-418m --into models
    python benchmarks/grown.py opus-mt --into models --format ctranslate2 transformers

Hubs are not needed. A grown translator has the width, heads, layers and vocabulary of the one it
is named for and writes what the demo writes, with the same scores (``benchmarks/model/growing.py``
says how): its cost is that of the large model, its text can be held against references. Weights are
kept in 32-bit floats, CTranslate2 makes of them what it is asked for. ``--format transformers``
writes the same weights for the Transformers library as well and needs the package safetensors: the
environment that ``benchmarks/peers/setup.py transformers`` makes has all that this script needs.

Two things are not as published: the activation is GELU (as the demo's), where M2M-100 has ReLU and
OPUS-MT SiLU, and layers are normalised before each part, as in M2M-100; OPUS-MT does it after.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.model.translators import FORMATS, TRANSLATORS, folder_of, write_translator


def main() -> None:
    """Grow the translators asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="+", choices=sorted(TRANSLATORS), metavar="NAME")
    parser.add_argument("--into", type=Path, default=Path("models"))
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=["ctranslate2"])
    arguments = parser.parse_args()
    for name in arguments.models:
        folder, size = folder_of(name, arguments.into), TRANSLATORS[name]
        write_translator(size, folder, tuple(arguments.format))
        print(f"{folder}: {size.parameters / 1e6:.0f} million weights", flush=True)


if __name__ == "__main__":
    main()

"""Which placeholders does a translator bring back, and what does it cost to find out?

    python benchmarks/placeholders.py                                # the embedded demo model
    python benchmarks/placeholders.py --model DIR --pair en-ko --pair en-de

For each direction: the share of probing sentences in which a placeholder came back exactly once,
whether its SentencePiece model gives it back unchanged, and the processor seconds of the probe.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.tables import table
from subkit.engines import TranslatorOptions, find_model, open_translator
from subkit.translation import probe_placeholders

if TYPE_CHECKING:
    from collections.abc import Sequence


def survives_pieces(directory: Path, text: str) -> bool:
    """Whether the model's SentencePiece gives ``text`` back as it was."""
    import sentencepiece

    path = next(p for pattern in ("*.model", "*.spm") for p in sorted(directory.glob(pattern)))
    processor = sentencepiece.SentencePieceProcessor()
    processor.LoadFromSerializedProto(path.read_bytes())
    return bool(processor.decode(processor.encode(text)) == text)


def main(argv: Sequence[str] | None = None) -> int:
    """Probe and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--model", default="demo", help="name or directory of a translator")
    parser.add_argument("--pair", action="append", help="a direction, e.g. en-ko; may be repeated")
    arguments = parser.parse_args(argv)
    facts = find_model(arguments.model, "translator", models_folder=Path("models"), offline=True)
    translator = open_translator(facts, TranslatorOptions(device="cpu", threads=1))
    rows = []
    for pair in arguments.pair or ["en-ko", "en-es", "ko-en"]:
        source, target = pair.split("-", 1)
        began = time.process_time()
        probed = probe_placeholders(translator, source, target)
        seconds = time.process_time() - began
        for one in probed:
            form = one.placeholder.source
            whole = "yes" if survives_pieces(Path(facts.directory), form) else "no"
            rows.append([pair, f"`{form}`", f"{one.survived}/{one.tried}", whole, f"{seconds:.2f}"])
    print(table(["direction", "placeholder", "came back", "pieces keep it", "probe, s"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())

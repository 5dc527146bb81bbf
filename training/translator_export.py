"""Writes a translator as a CTranslate2 model folder (int8) with its SentencePiece model.

``python -m training.translator_export --checkpoint CKPT --out subkit/demo/models/translator``
"""

from __future__ import annotations

import argparse
from pathlib import Path

import sentencepiece
from ctranslate2.specs import transformer_spec

from training.checkpoints import load_checkpoint
from training.ct2_layers import translator_specification
from training.model_folder import replace_folder, write_json
from training.translator_data import DEFAULT_PIECES, LANGUAGE_CODES
from training.translator_model import Translator, TranslatorConfig

PIECES_NAME = "sentencepiece.bpe.model"
LOW_SCORE = -0.2
"""Mean log-probability of a text's tokens below which it should be doubted: of what the model wrote
for dialogue outside its domain 99 % lie below, of what it translated exactly none
(``training.translator_scores``)."""
MOST_SENTENCES = 3
"""Sentences in a row that it was trained to read at once (``draw_passage``)."""


def build_specification(
    model: Translator, pieces: sentencepiece.SentencePieceProcessor
) -> transformer_spec.TransformerSpec:
    """Fills CTranslate2's specification of a pre-norm Transformer."""
    config = model.config
    return translator_specification(
        {name: value.float().numpy() for name, value in model.state_dict().items()},
        model.positions.numpy(),
        (config.encoder_layers, config.decoder_layers),
        config.heads,
        [pieces.id_to_piece(index) for index in range(pieces.get_piece_size())],
    )


def export_translator(
    checkpoint: Path, pieces_path: Path, out: Path, quantization: str = "int8"
) -> None:
    """Writes the model folder.

    Args:
        checkpoint: the translator's checkpoint.
        pieces_path: its SentencePiece model.
        out: folder to write; an older one is replaced.
        quantization: CTranslate2's number type, e.g. ``int8`` or ``float32``.
    """
    pieces_data = pieces_path.read_bytes()
    pieces = sentencepiece.SentencePieceProcessor(model_proto=pieces_data)
    weights, metadata = load_checkpoint(checkpoint)
    model = Translator(TranslatorConfig(**metadata["config"])).eval()
    model.load_state_dict(weights)
    specification = build_specification(model, pieces)
    specification.validate()
    specification.optimize(quantization=quantization)
    with replace_folder(out) as folder:
        specification.save(str(folder))
        (folder / PIECES_NAME).write_bytes(pieces_data)
        card = {
            "kind": "translator",
            "family": "nllb",
            "name": "demo",
            "version": "1",
            "demo": True,
            "languages": {name: LANGUAGE_CODES[name] for name in ("en", "es", "ko")},
            "low_score": LOW_SCORE,
            "sentences": MOST_SENTENCES,
            "license": "MIT",
        }
        write_json(folder / "subkit.json", card)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="model folder")
    parser.add_argument("--pieces", type=Path, default=DEFAULT_PIECES)
    parser.add_argument("--quantization", default="int8")
    options = parser.parse_args()
    export_translator(options.checkpoint, options.pieces, options.out, options.quantization)
    for path in sorted(options.out.iterdir()):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""Writes a recogniser as a faster-whisper model folder (CTranslate2, int8).

``python -m training.recognizer_export --checkpoint CKPT --out subkit/demo/models/recognizer``

The specification is filled directly: CTranslate2's converter for Transformers models loses the
language tokens and the alignment heads.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import numpy as np
import tokenizers
from ctranslate2.specs import whisper_spec

from training.checkpoints import load_checkpoint
from training.ct2_layers import copy_decoder_layer, copy_encoder_layer, copy_linear, copy_norm
from training.model_folder import replace_folder, write_json
from training.recognizer_model import Recognizer, RecognizerConfig
from training.tokenizer import DEFAULT_TOKENIZER, LANGUAGE_ORDER

ALIGNMENT_HEADS = [[1, 1], [2, 0], [3, 0]]
"""(layer, head) of the heads taught to look at the token to be written; word times come from
their attention."""

WINDOW_SECONDS = 10
PAUSE_SECONDS = 0.6
"""A pause that ends a window: a window is decoded in one language."""
LOW_SCORE = -0.22
"""Mean log-probability of a window below which its text should be doubted: the model is surer of
what it invents than it should be. All windows of a human speech from outside the domain lie below,
and few of its own domain."""
DECODING = {
    "padding": "zeros",
    "second_opinion": False,
    "languages": {"other": {"timestamps": True}},
}
"""It was trained on features padded with 0, and to say times; it is sure of what it invents."""
_MULTILINGUAL_MARK = ""
_UNUSED_PIECE = "ÿ"
_SPACE = "Ġ"


def folded_weights(model: Recognizer) -> dict[str, np.ndarray]:
    """All weights under their Whisper names, with the training-time additions folded in."""
    weights = {name: value.float().numpy() for name, value in model.state_dict().items()}
    weights["encoder.positions"] = model.encoder.position_table().detach().numpy()
    weights["decoder.embed_tokens.weight"] = model.decoder.token_table().detach().numpy()
    return weights


def vocabulary_list(tokenizer: tokenizers.Tokenizer) -> list[str]:
    """The token strings for ``vocabulary.json``.

    CTranslate2 takes a Whisper model for multilingual only if the vocabulary holds the empty
    string, so an unused token is renamed there.
    """
    tokens = [tokenizer.id_to_token(index) for index in range(tokenizer.get_vocab_size())]
    if _MULTILINGUAL_MARK not in tokens:
        tokens[tokenizer.token_to_id(_UNUSED_PIECE)] = _MULTILINGUAL_MARK
    return tokens


def build_specification(
    model: Recognizer, tokenizer: tokenizers.Tokenizer
) -> whisper_spec.WhisperSpec:
    """Fills CTranslate2's specification of a Whisper model."""
    config = model.config
    weights = folded_weights(model)
    specification = whisper_spec.WhisperSpec(
        config.encoder_layers, config.heads, config.decoder_layers, config.heads
    )
    encoder, decoder = specification.encoder, specification.decoder
    for target, name in ((encoder.conv1, "encoder.conv1"), (encoder.conv2, "encoder.conv2")):
        copy_linear(target, weights, name)
    encoder.position_encodings.encodings = weights["encoder.positions"]
    copy_norm(encoder.layer_norm, weights, "encoder.layer_norm")
    for index, layer in enumerate(encoder.layer):
        copy_encoder_layer(layer, weights, f"encoder.layers.{index}")
    decoder.embeddings.weight = weights["decoder.embed_tokens.weight"]
    decoder.position_encodings.encodings = weights["decoder.embed_positions.weight"]
    copy_norm(decoder.layer_norm, weights, "decoder.layer_norm")
    for index, layer in enumerate(decoder.layer):
        copy_decoder_layer(layer, weights, f"decoder.layers.{index}")
    decoder.projection.weight = weights["decoder.embed_tokens.weight"]
    specification.register_vocabulary(vocabulary_list(tokenizer))
    _configure(specification, tokenizer)
    return specification


def _configure(specification: whisper_spec.WhisperSpec, tokenizer: tokenizers.Tokenizer) -> None:
    number = tokenizer.token_to_id
    config = specification.config
    config.suppress_ids = []
    config.suppress_ids_begin = [number(_SPACE), number("<|endoftext|>")]
    config.lang_ids = [number(f"<|{language}|>") for language in LANGUAGE_ORDER]
    config.alignment_heads = ALIGNMENT_HEADS


def export_recognizer(
    checkpoint: Path, tokenizer_path: Path, out: Path, quantization: str = "int8"
) -> None:
    """Writes the model folder.

    Args:
        checkpoint: the recogniser's checkpoint.
        tokenizer_path: its ``tokenizer.json``.
        out: folder to write; an older one is replaced.
        quantization: CTranslate2's number type, e.g. ``int8`` or ``float32``.
    """
    tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_path))
    weights, metadata = load_checkpoint(checkpoint)
    model = Recognizer(RecognizerConfig(**metadata["config"])).eval()
    model.load_state_dict(weights)
    specification = build_specification(model, tokenizer)
    specification.validate()
    specification.optimize(quantization=quantization)
    with replace_folder(out) as folder:
        specification.save(str(folder))
        shutil.copyfile(tokenizer_path, folder / "tokenizer.json")
        features = {
            "chunk_length": 30,
            "feature_size": model.config.mels,
            "hop_length": 160,
            "n_fft": 400,
            "sampling_rate": 16000,
        }
        write_json(folder / "preprocessor_config.json", features, compact=True)
        card = {
            "kind": "recognizer",
            "name": "demo",
            "version": "1",
            "demo": True,
            "languages": ["en", "es", "ko"],
            "window_seconds": WINDOW_SECONDS,
            "pause_seconds": PAUSE_SECONDS,
            "low_score": LOW_SCORE,
            "decoding": DECODING,
            "license": "MIT",
        }
        write_json(folder / "subkit.json", card)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="model folder")
    parser.add_argument("--tokenizer", type=Path, default=DEFAULT_TOKENIZER)
    parser.add_argument("--quantization", default="int8")
    options = parser.parse_args()
    export_recognizer(options.checkpoint, options.tokenizer, options.out, options.quantization)
    for path in sorted(options.out.iterdir()):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

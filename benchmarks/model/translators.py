"""Sizes of known translators, and the demo translator grown to them, as files."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.model.growing import Size, grow
from subkit.demo import model_directory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.model.growing import Arrays

__all__ = [
    "FORMATS",
    "POSITIONS",
    "TRANSLATORS",
    "folder_of",
    "grow_demo",
    "read_demo",
    "write_translator",
]

FORMATS = ("ctranslate2", "transformers")
POSITIONS = 1024
TRANSLATORS = {
    "opus-mt": Size(512, 8, 2048, 6, 6, 58_101),
    "m2m100-418m": Size(1024, 16, 4096, 12, 12, 128_112),
    "m2m100-1.2b": Size(1024, 16, 8192, 24, 24, 128_112),
}
"""As published with their weights: OPUS-MT en-es (Marian), M2M-100 in two sizes."""

# fmt: off
_LANGUAGES = (
    "af", "am", "ar", "ast", "az", "ba", "be", "bg", "bn", "br", "bs", "ca", "ceb", "cs", "cy",
    "da", "de", "el", "en", "es", "et", "fa", "ff", "fi", "fr", "fy", "ga", "gd", "gl", "gu", "ha",
    "he", "hi", "hr", "ht", "hu", "hy", "id", "ig", "ilo", "is", "it", "ja", "jv", "ka", "kk",
    "km", "kn", "ko", "lb", "lg", "ln", "lo", "lt", "lv", "mg", "mk", "ml", "mn", "mr", "ms", "my",
    "ne", "nl", "no", "ns", "oc", "or", "pa", "pl", "ps", "pt", "ro", "ru", "sd", "si", "sk", "sl",
    "so", "sq", "sr", "ss", "su", "sv", "sw", "ta", "th", "tl", "tn", "tr", "uk", "ur", "uz", "vi",
    "wo", "xh", "yi", "yo", "zh", "zu",
)
# fmt: on
_KNOWN = {"eng_Latn": "en", "spa_Latn": "es", "kor_Hang": "ko"}
_MADE_UP = 8
_OFFSET = 2
"""Rows of positions that M2M-100 keeps before the first."""

_CHECKPOINT = Path(__file__).resolve().parents[2] / "training" / "checkpoints" / "translator.npz"
_PIECES = "sentencepiece.bpe.model"


def folder_of(name: str, models: Path) -> Path:
    """Where a grown translator lies; ``<folder>-transformers`` is the same for Transformers."""
    return models / f"grown-{name}"


def read_demo() -> tuple[Arrays, Size, list[str]]:
    """The demo translator as it was trained: weights, size, tokens."""
    with np.load(_CHECKPOINT, allow_pickle=False) as archive:
        config = json.loads(str(archive["__metadata__"]))["config"]
        arrays = {
            name: archive[name].astype(np.float32) for name in archive.files if name[0] != "_"
        }
    hidden = len(arrays["encoder_layers.0.fc1.weight"])
    path = model_directory("translator") / "shared_vocabulary.json"
    return arrays, Size(hidden=hidden, **config), json.loads(path.read_text(encoding="utf-8"))


def grow_demo(size: Size) -> tuple[Arrays, NDArray[np.float32], list[str]]:
    """The demo translator in another size: its weights, positions and tokens.

    Tokens stand as M2M-100's tokenizer expects them: four special ones, pieces, a mark for each of
    its hundred languages, eight made-up words. Pieces that the demo lacks are named ``filler…``.

    Raises:
        ValueError: the demo does not grow to that size.
    """
    arrays, old, listed = read_demo()
    marks = {_KNOWN[token]: number for number, token in enumerate(listed) if token in _KNOWN}
    number_of = {token: number for number, token in enumerate(listed) if token not in _KNOWN}
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    pieces = [*special, *(token for token in number_of if token not in special)]
    fillers = size.vocabulary - len(pieces) - len(_LANGUAGES) - _MADE_UP
    if fillers < 0:
        raise ValueError(f"{size.vocabulary} tokens are too few")
    tokens = [*pieces, *(f"filler{number}" for number in range(fillers))]
    rows: list[int | None] = [number_of.get(token) for token in tokens]
    rows += [marks.get(language) for language in _LANGUAGES] + [None] * _MADE_UP
    tokens += [f"__{language}__" for language in _LANGUAGES]
    tokens += [f"madeupword{number:04d}" for number in range(_MADE_UP)]
    grown, positions = grow(arrays, old, size, rows=rows, positions=POSITIONS)
    return grown, positions, tokens


def write_translator(size: Size, folder: Path, formats: tuple[str, ...]) -> None:
    """Write a grown demo translator in 32-bit floats.

    Args:
        size: Its size.
        folder: For CTranslate2; ``<folder>-transformers`` for Transformers.
        formats: Which of :data:`FORMATS`; ``"transformers"`` needs the package safetensors.

    Raises:
        ValueError: the demo does not grow to that size.
    """
    arrays, positions, tokens = grow_demo(size)
    pieces = (model_directory("translator") / _PIECES).read_bytes()
    if "ctranslate2" in formats:
        folder.mkdir(parents=True, exist_ok=True)
        _write_ctranslate2(folder, size, arrays, positions, tokens)
        (folder / _PIECES).write_bytes(pieces)
    if "transformers" in formats:
        other = folder.with_name(f"{folder.name}-transformers")
        other.mkdir(parents=True, exist_ok=True)
        _write_transformers(other, size, arrays, positions, tokens)
        (other / _PIECES).write_bytes(pieces)


def _write_ctranslate2(
    folder: Path, size: Size, arrays: Arrays, positions: NDArray[np.float32], tokens: list[str]
) -> None:
    from training.ct2_layers import translator_specification

    layers = (size.encoder_layers, size.decoder_layers)
    specification = translator_specification(arrays, positions, layers, size.heads, tokens)
    specification.validate()
    specification.optimize(quantization="float32")
    specification.save(str(folder))
    card = json.loads((model_directory("translator") / "subkit.json").read_text(encoding="utf-8"))
    languages = {tag: f"__{tag}__" for tag in _KNOWN.values()}
    own = {"family": "m2m100", "name": folder.name, "demo": False, "languages": languages}
    _write_json(folder / "subkit.json", {**card, **own})


def _write_transformers(
    folder: Path, size: Size, arrays: Arrays, positions: NDArray[np.float32], tokens: list[str]
) -> None:
    from safetensors.numpy import save_file  # type: ignore[import-not-found,unused-ignore]

    named = {_transformers_name(name): np.ascontiguousarray(a) for name, a in arrays.items()}
    save_file(named, folder / "model.safetensors", metadata={"format": "pt"})
    # Transformers computes its positions for the full width: the worker puts these in their place.
    np.save(folder / "positions.npy", np.pad(positions, ((_OFFSET, 0), (0, 0))))
    specials = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2}
    numbers = {**specials, "decoder_start_token_id": 2}
    _write_json(folder / "config.json", {**_config(size), **numbers})
    # As published with M2M-100; the beam is given with each call.
    generation = {**numbers, "max_length": 200, "early_stopping": True, "num_beams": 5}
    _write_json(folder / "generation_config.json", generation)
    # The tokenizer itself adds the marks of languages and the made-up words.
    pieces = tokens[: len(tokens) - len(_LANGUAGES) - _MADE_UP]
    _write_json(folder / "vocab.json", {token: number for number, token in enumerate(pieces)})
    tokenizer = {
        "tokenizer_class": "M2M100Tokenizer",
        "additional_special_tokens": [f"__{language}__" for language in _LANGUAGES],
    }
    _write_json(folder / "tokenizer_config.json", tokenizer)


def _config(size: Size) -> dict[str, Any]:
    sides = ("encoder", "decoder")
    return {
        "architectures": ["M2M100ForConditionalGeneration"],
        "model_type": "m2m_100",
        "activation_function": "gelu",
        "d_model": size.width,
        "vocab_size": size.vocabulary,
        "max_position_embeddings": POSITIONS,
        "scale_embedding": True,
        "is_encoder_decoder": True,
        "tie_word_embeddings": True,
        **{f"{side}_layers": asdict(size)[f"{side}_layers"] for side in sides},
        **{f"{side}_attention_heads": size.heads for side in sides},
        **{f"{side}_ffn_dim": size.hidden for side in sides},
    }


def _transformers_name(name: str) -> str:
    if name == "embed_tokens.weight":
        return "model.shared.weight"
    side, _, rest = name.partition("_")
    parts = {"norm": "layer_norm", "layers": "layers"}
    first, _, last = rest.partition(".")
    return f"model.{side}.{parts[first]}.{last}"


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

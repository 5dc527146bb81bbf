"""Sizes of Whisper's models, as published with their weights (Radford et al. 2022 and later)."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["LANGUAGES", "SHAPES", "Shape", "shape_of"]

# fmt: off
LANGUAGES = [
    "en", "zh", "de", "es", "ru", "ko", "fr", "ja", "pt", "tr", "pl", "ca", "nl", "ar", "sv", "it",
    "id", "hi", "fi", "vi", "he", "uk", "el", "ms", "cs", "ro", "da", "hu", "ta", "no", "th", "ur",
    "hr", "bg", "lt", "la", "mi", "ml", "cy", "sk", "te", "fa", "lv", "bn", "sr", "az", "sl", "kn",
    "et", "mk", "br", "eu", "is", "hy", "ne", "mn", "bs", "kk", "sq", "sw", "gl", "mr", "pa", "si",
    "km", "sn", "yo", "so", "af", "oc", "ka", "be", "tg", "sd", "gu", "am", "yi", "lo", "uz", "fo",
    "ht", "ps", "tk", "nn", "mt", "sa", "lb", "my", "bo", "tl", "mg", "as", "tt", "haw", "ln",
    "ha", "ba", "jw", "su", "yue",
]
# fmt: on
"""In the order of their tokens; the last came with large-v3."""


@dataclass(frozen=True)
class Shape:
    """Size of one model.

    Attributes:
        name: As it is known.
        width: Of the residual stream.
        heads: Attention heads, 64 wide each.
        encoder_layers: Of the encoder.
        decoder_layers: Of the decoder.
        bands: Mel bands.
        languages: Language tokens.
        alignment_heads: (layer, head) of the decoder whose attention gives word times.
    """

    name: str
    width: int
    heads: int
    encoder_layers: int
    decoder_layers: int
    bands: int
    languages: int
    alignment_heads: tuple[tuple[int, int], ...]

    @property
    def vocabulary(self) -> int:
        """Tokens in all: 50 257 of text, specials, languages, 1501 timestamps."""
        return 50_257 + 8 + self.languages + 1501

    @property
    def parameters(self) -> int:
        """Weights of all matrices (norms and biases left out)."""
        d = self.width
        encoder = self.encoder_layers * 12 * d * d + 3 * d * (self.bands + d)
        decoder = self.decoder_layers * 16 * d * d + self.vocabulary * d
        return encoder + decoder


_TINY = ((2, 2), (3, 0), (3, 2), (3, 3), (3, 4), (3, 5))
_BASE = ((3, 1), (4, 2), (4, 3), (4, 7), (5, 1), (5, 2), (5, 4), (5, 6))
_SMALL = ((5, 3), (5, 9), (8, 0), (8, 4), (8, 7), (8, 8), (9, 0), (9, 7), (9, 9), (10, 5))
_TURBO = ((2, 4), (2, 11), (3, 3), (3, 6), (3, 11), (3, 14))
_LARGE = (
    *((7, 0), (10, 17), (12, 18), (13, 12), (16, 1), (17, 14), (19, 11)),
    *((21, 4), (24, 1), (25, 6)),
)

SHAPES = {
    shape.name: shape
    for shape in (
        Shape("tiny", 384, 6, 4, 4, 80, 99, _TINY),
        Shape("base", 512, 8, 6, 6, 80, 99, _BASE),
        Shape("small", 768, 12, 12, 12, 80, 99, _SMALL),
        Shape("large-v3-turbo", 1280, 20, 32, 4, 128, 100, _TURBO),
        Shape("large-v3", 1280, 20, 32, 32, 128, 100, _LARGE),
    )
}


def shape_of(name: str, layers: int | None = None) -> Shape:
    """The shape of a model, cut to ``layers`` for tests.

    Raises:
        KeyError: no such model.
    """
    shape = SHAPES[name]
    if layers is None:
        return shape
    heads = tuple((min(layer, layers - 1), head) for layer, head in shape.alignment_heads)
    return replace(
        shape,
        encoder_layers=layers,
        decoder_layers=layers,
        # The first head of the first layer has other work (see arrays.py).
        alignment_heads=tuple(one for one in dict.fromkeys(heads) if one != (0, 0)),
    )

"""Measured decoding settings of a model, from its own card or from ``cards.toml``."""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from subkit.interfaces import Decoding, LanguageDecoding

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["read_decoding"]

_OTHER = "other"
"""Stands for all languages without an entry."""

_PADDINGS = ("silence", "zeros")


def read_decoding(card: Mapping[str, Any], weights_sha256: str) -> Decoding:
    """Return how to decode with a model.

    Args:
        card: The model's own card; its table ``decoding`` counts where there is one.
        weights_sha256: Digest of its ``model.bin``, for weights that were measured here.
    """
    own = card.get("decoding")
    row = own if isinstance(own, dict) else _measured().get(weights_sha256, {})
    languages = row.get("languages")
    padding, shift = row.get("padding"), row.get("shift_ms")
    return Decoding(
        padding=padding if padding in _PADDINGS else _PADDINGS[0],
        second_opinion=row.get("second_opinion") is not False,
        shift_ms=shift if type(shift) is int and abs(shift) <= 500 else 0,
        letters_ms=_letters(row.get("letters_ms")),
        languages=tuple(
            _language(name, entry)
            for name, entry in (languages.items() if isinstance(languages, dict) else ())
            if isinstance(entry, dict)
        ),
    )


def _letters(given: object) -> tuple[int, ...]:
    """Three numbers of milliseconds, or none."""
    if not isinstance(given, list) or len(given) != 3:
        return ()
    numbers = tuple(n for n in given if type(n) is int and abs(n) <= 200)
    return numbers if len(numbers) == len(given) else ()


def _language(name: str, entry: Mapping[str, Any]) -> LanguageDecoding:
    usual = LanguageDecoding()
    doubt = entry.get("doubt")
    return LanguageDecoding(
        language="" if name == _OTHER else name,
        doubt=doubt if isinstance(doubt, float) else usual.doubt,
        timestamps=entry.get("timestamps") is True,
    )


@lru_cache(maxsize=1)
def _measured() -> dict[str, dict[str, Any]]:
    """The rows of ``cards.toml`` by the digest of their weights."""
    text = files("subkit.engines").joinpath("cards.toml").read_text(encoding="utf-8")
    return {row["weights_sha256"]: row for row in tomllib.loads(text).values()}

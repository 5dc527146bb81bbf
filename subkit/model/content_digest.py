"""Digests of values: the same content gives the same text, on every machine."""

from __future__ import annotations

import hashlib
import json

from subkit.model.plain import to_plain
from subkit.model.quick_text import canonical_text

__all__ = ["canonical", "canonical_json", "digest", "digest_json"]

_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def canonical(value: object) -> str:
    """``value`` as JSON with sorted keys, no spaces and no escapes: one text for one content."""
    try:
        return canonical_text(value)
    except TypeError:
        return canonical_json(to_plain(value))


def canonical_json(plain: object) -> str:
    """What :func:`canonical` gives, for data that is plain already: nothing is looked through."""
    return _ENCODER.encode(plain)


def digest_json(text: str) -> str:
    """What :func:`digest` gives of one value, from its canonical text."""
    return "sha256:" + hashlib.sha256(f"[{text}]".encode()).hexdigest()


def digest(*values: object) -> str:
    """SHA-256 over the canonical JSON of ``values``, as ``sha256:`` and 64 hex digits."""
    return "sha256:" + hashlib.sha256(canonical(values).encode()).hexdigest()

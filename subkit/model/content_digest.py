"""Digests of values: the same content gives the same text, on every machine."""

from __future__ import annotations

import hashlib
import json

from subkit.model.plain import to_plain

__all__ = ["canonical", "digest"]


def canonical(value: object) -> str:
    """``value`` as JSON with sorted keys, no spaces and no escapes: one text for one content."""
    return json.dumps(
        to_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(*values: object) -> str:
    """SHA-256 over the canonical JSON of ``values``, as ``sha256:`` and 64 hex digits."""
    return "sha256:" + hashlib.sha256(canonical(values).encode()).hexdigest()

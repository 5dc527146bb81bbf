"""The house styles included in subkit."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from subkit.styles.numbers import Layer, Note, StyleNumber, read_value

__all__ = ["BOTTOM", "confidence_texts", "language_aliases", "shipped_layers", "source_texts"]

BOTTOM = "subkit"
"""The style that lies under all others: our own proposal."""


@cache
def shipped_layers() -> dict[str, Layer]:
    """The styles by id, in the order in which they are listed."""
    return {key: _layer(key, facts) for key, facts in _data()["profiles"].items()}


@cache
def confidence_texts() -> dict[str, str]:
    """Return the meaning of each confidence letter."""
    return dict(_data()["confidence"])


@cache
def source_texts() -> dict[str, str]:
    """Return the full text for each short name of a source."""
    return dict(_data()["sources"])


@cache
def language_aliases() -> dict[str, str]:
    """Return language tags that use the rules of another tag: ``zh-TW`` those of ``zh-Hant``."""
    return dict(_data()["language_of"])


@cache
def _data() -> dict[str, Any]:
    text = (files("subkit.styles") / "data" / "profiles.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def _layer(key: str, facts: dict[str, Any]) -> Layer:
    bottom = None if key == BOTTOM else BOTTOM
    return Layer(
        id=key,
        name=facts["name"],
        inherits=facts["inherits"] or bottom,
        general=_rules(facts["general"]),
        languages={tag: _rules(rules) for tag, rules in facts["languages"].items()},
        notes=tuple(
            Note(**{**note, "sources": tuple(note["sources"])}) for note in facts.get("notes", ())
        ),
    )


def _rules(facts: dict[str, Any]) -> dict[str, StyleNumber]:
    return {
        field: StyleNumber(
            value=read_value(field, rule["value"]),
            confidence=rule["confidence"],
            sources=tuple(rule["sources"]),
            note=rule.get("note", ""),
        )
        for field, rule in facts.items()
    }

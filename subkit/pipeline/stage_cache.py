"""Work is done once: results are kept under a key made of everything that shapes them.

A key is stage name, stage version, inputs, options and model digest. Same key, same bytes. Units
(an audio window, a sentence) are kept one by one, so a run that was stopped goes on where it was.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, TypeVar

from subkit.errors import SubkitError
from subkit.model import canonical, digest, from_plain
from subkit.model.styling import SPARSE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from subkit.store import ProjectFile

__all__ = ["recall", "remember", "remember_all", "shaping", "stage_key", "through_cache"]

T = TypeVar("T")

_SPEED_ONLY = frozenset({"threads", "replicas", "device_index", "batch_size", "batch_tokens"})


def stage_key(stage: str, version: int, *inputs: object) -> str:
    """The key of one result: ``stage`` and a digest over its version and all that shapes it."""
    return f"{stage}/{digest(stage, version, *inputs)}"


def shaping(options: object) -> dict[str, Any]:
    """The fields of an options dataclass that shape results: all but those for speed alone.

    A sparse field that says nothing is left out: results of before there was one stay valid.
    """
    assert dataclasses.is_dataclass(options)
    return {
        field.name: value
        for field in dataclasses.fields(options)
        if field.name not in _SPEED_ONLY
        and not ((value := getattr(options, field.name)) == field.default and _is_sparse(field))
    }


def _is_sparse(field: dataclasses.Field[Any]) -> bool:
    return SPARSE in field.metadata


def recall(store: ProjectFile, key: str, kind: type[T]) -> T | None:
    """Return the value stored under ``key``, or ``None`` if there is none of this kind."""
    data = store.cached(key)
    if data is None:
        return None
    try:
        return from_plain(kind, json.loads(data))
    except (ValueError, RecursionError, SubkitError):  # what a stranger's project may hold
        return None


def remember(store: ProjectFile, key: str, value: object) -> None:
    """Keep ``value`` (a document value) under ``key``."""
    store.remember(key, canonical(value).encode())


def remember_all(store: ProjectFile, values: Mapping[str, object]) -> None:
    """Keep several values by key, all or none: for the disk that is as much work as one."""
    store.remember_all({key: canonical(value).encode() for key, value in values.items()})


def through_cache(store: ProjectFile, key: str, kind: type[T], compute: Callable[[], T]) -> T:
    """Return the value stored under ``key``; compute and store it if there is none."""
    value = recall(store, key, kind)
    if value is None:
        value = compute()
        remember(store, key, value)
    return value

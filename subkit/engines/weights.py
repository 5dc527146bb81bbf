"""Read the header of a CTranslate2 ``model.bin`` without loading the model."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO

from subkit.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["WeightsFacts", "read_weights"]

_MAX_VERSION = 64
_MAX_TEXT = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsFacts:
    """The head of a ``model.bin``.

    Attributes:
        version: Version of the binary format.
        spec: Name of the architecture, for example ``"WhisperSpec"``.
        revision: Revision of that architecture.
        variables: Number of weights.
        shapes: Shape of each weight by its name; weights that share another's have none.
    """

    version: int
    spec: str
    revision: int
    variables: int
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def read_weights(path: Path) -> WeightsFacts:
    """Read the head and walk over all weights, so that a cut file is found before loading.

    The format (CTranslate2 ``model_spec.py``, ``_serialize``; versions 2 and up): version, spec
    name, revision and number of variables; for each variable its name, shape, type and bytes;
    then aliases (version 3 and up). Integers are little-endian, texts have a 16-bit length.

    Raises:
        EngineError: Not a CTranslate2 model, or cut short.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        try:
            facts = _head(stream)
            shapes = dict(_skip_variable(stream, facts.version) for _ in range(facts.variables))
        except (struct.error, UnicodeDecodeError, ValueError) as error:
            raise _damaged(path, size) from error
        if stream.tell() > size:
            raise _damaged(path, size)
        if facts.version >= 3 and size - stream.tell() < 4:
            raise _damaged(path, size)
    return replace(facts, shapes=shapes)


def _head(stream: BinaryIO) -> WeightsFacts:
    (version,) = _take(stream, "<I")
    if not 2 <= version <= _MAX_VERSION:
        raise ValueError(version)
    spec = _text(stream)
    revision, variables = _take(stream, "<II")
    if not spec.isidentifier():
        raise ValueError(spec)
    return WeightsFacts(version=version, spec=spec, revision=revision, variables=variables)


def _skip_variable(stream: BinaryIO, version: int) -> tuple[str, tuple[int, ...]]:
    name = _text(stream)
    (rank,) = _take(stream, "<B")
    shape = _take(stream, f"<{rank}I")
    if version >= 4:
        _, count = _take(stream, "<BI")
    else:
        item, items = _take(stream, "<BI")
        count = item * items
    stream.seek(count, 1)
    return name, shape


def _text(stream: BinaryIO) -> str:
    (length,) = _take(stream, "<H")
    if not 0 < length <= _MAX_TEXT:
        raise ValueError(length)
    data = stream.read(length)
    if len(data) != length:
        raise ValueError(length)
    return data.rstrip(b"\0").decode("utf-8")


def _take(stream: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, stream.read(struct.calcsize(layout)))


def _damaged(path: Path, size: int) -> EngineError:
    message = (
        f'"{path}" is not a whole CTranslate2 model ({size} bytes): it is cut short or damaged.'
    )
    remedy = "Fetch or convert the model again."
    return EngineError(message, remedy=remedy, path=str(path), size=size)

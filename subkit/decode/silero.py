"""Silero's network, reorganised to process eight chunks at once with bit-identical results.

As it comes, the network hears each chunk of 512 samples by itself. A chunk has four positions at
most, and a matrix product over four columns leaves three quarters of the processor's lanes empty.
Here eight chunks are the rows of one picture, so that each of the large convolutions is one product
over 32 columns. It adds in the same order, and so the bits are the same; over more columns
onnxruntime would add in blocks, and over the one column of the small convolutions it adds in an
order of its own: those stay as they are.

The weights are read from the file that faster-whisper carries. An ONNX file is a protocol buffer,
and only its outermost fields are read: some nodes are written anew, the rest is passed on.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from subkit.decode.blocks import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CONTEXT", "SIDE_BY_SIDE", "lay_side_by_side"]

CONTEXT = 64
"""Samples before a chunk that the network hears with it."""

SIDE_BY_SIDE = 8
"""Chunks a picture: the network takes multiples of this."""

_KNOWN = "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2"
"""SHA-256 of ``silero_vad_v6.onnx``: what is known here of its nodes is known of this file."""

# Numbers of fields in onnx.proto: of a model, a graph, a node and an attribute.
_GRAPH = 7
_NODE = 1
_INPUT, _OUTPUT, _KIND, _ATTRIBUTE = 1, 2, 4, 5
_NAME, _INT, _TEXT, _INTS, _TYPE = 1, 3, 4, 8, 20
_TYPE_INT, _TYPE_TEXT, _TYPE_INTS = 2, 3, 7

_FILTERS = "encoder.feature_extractor.forward_basis_buffer"
_LAYER = "encoder.conv_layers."
_LAST = "/encoder/relu_1/Relu_output_0"
"""What the last node that is replaced gives: shape (chunks, 64, 2)."""

_REACH, _STEP, _PADDED = 256, 128, CHUNK + CONTEXT + 128
"""Samples of a spectrum, from one to the next, and of a chunk with its context and reflected end"""


def lay_side_by_side(data: bytes) -> bytes | None:
    """The network with its first layers over eight chunks at once; ``None`` if it is another one.

    It takes and gives what it did, but a multiple of eight chunks. Run it with onnxruntime's
    "extended" optimizations: those beyond change how convolutions over pictures round.

    Args:
        data: The ONNX file.
    """
    if hashlib.sha256(data).hexdigest() != _KNOWN:
        return None
    model = []
    for number, raw, content in _fields(data):
        model.append(_field(number, _replace_nodes(content)) if number == _GRAPH else raw)
    return b"".join(model)


def _replace_nodes(graph: bytes) -> bytes:
    """The graph with the nodes up to the one that gives ``_LAST`` replaced."""
    fields = list(_fields(graph))
    last = max(
        place
        for place, (number, _, content) in enumerate(fields)
        if number == _NODE
        and any(n == _OUTPUT and name == _LAST.encode() for n, _, name in _fields(content))
    )
    kept = [raw for place, (number, raw, _) in enumerate(fields) if number != _NODE or place > last]
    return b"".join([*(_field(_NODE, node) for node in _nodes()), *kept])


def _nodes() -> Iterator[bytes]:
    """Spectrum and the first two layers, shape (chunks, 576) to (chunks, 64, 2)."""
    yield _constant("pads", 0, 0, 0, _PADDED - CHUNK - CONTEXT)
    yield _node("Pad", ("input", "pads"), ("padded",), mode="reflect")
    yield _constant("picture", -1, 1, SIDE_BY_SIDE, _PADDED)
    yield _node("Reshape", ("padded", "picture"), ("rows",))
    yield from _convolution("rows", _FILTERS, None, "waves", (_REACH, _STEP, 0))
    yield _node("Split", ("waves",), ("real", "imaginary"), axis=1, num_outputs=2)
    yield _node("Mul", ("real", "real"), ("real2",))
    yield _node("Mul", ("imaginary", "imaginary"), ("imaginary2",))
    yield _node("Add", ("real2", "imaginary2"), ("power",))
    yield _node("Sqrt", ("power",), ("spectrum",))
    yield from _layer(0, "spectrum", "first", step=1)
    yield from _layer(1, "first", "second", step=2)
    yield _node("Transpose", ("second",), ("parted",), perm=(0, 2, 1, 3))
    yield _constant("chunks", -1, 64, 2)
    yield _node("Reshape", ("parted", "chunks"), (_LAST,))


def _layer(number: int, given: str, result: str, *, step: int) -> Iterator[bytes]:
    name = f"{_LAYER}{number}"
    summed = f"{result} summed"
    yield from _convolution(given, f"{name}.weight", f"{name}.bias", summed, (3, step, 1))
    yield _node("Relu", (summed,), (result,))


def _convolution(
    given: str, weights: str, bias: str | None, result: str, shape: tuple[int, int, int]
) -> Iterator[bytes]:
    """A convolution along the rows of a picture; ``shape``: its reach, step and padding."""
    reach, step, padding = shape
    yield _constant(f"{weights} axis", 2)
    yield _node("Unsqueeze", (weights, f"{weights} axis"), (f"{weights} flat",))
    inputs = (given, f"{weights} flat", *([bias] if bias else []))
    yield _node(
        "Conv",
        inputs,
        (result,),
        kernel_shape=(1, reach),
        strides=(1, step),
        pads=(0, padding, 0, padding),
    )


def _constant(name: str, *values: int) -> bytes:
    return _node("Constant", (), (name,), value_ints=values)


def _node(
    kind: str,
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    **attributes: int | str | tuple[int, ...],
) -> bytes:
    parts = [_field(_INPUT, name.encode()) for name in inputs]
    parts += [_field(_OUTPUT, name.encode()) for name in outputs]
    parts.append(_field(_KIND, kind.encode()))
    for name, value in attributes.items():
        if isinstance(value, int):
            content = _field(_INT, value) + _field(_TYPE, _TYPE_INT)
        elif isinstance(value, str):
            content = _field(_TEXT, value.encode()) + _field(_TYPE, _TYPE_TEXT)
        else:
            content = b"".join(_field(_INTS, one) for one in value) + _field(_TYPE, _TYPE_INTS)
        parts.append(_field(_ATTRIBUTE, _field(_NAME, name.encode()) + content))
    return b"".join(parts)


def _field(number: int, value: int | bytes) -> bytes:
    """A field of a protocol buffer: a number, or bytes with their length before them."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value & (1 << 64) - 1)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*found, value))


def _fields(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, whole bytes and content of each field; of one that is a number no content."""
    at = 0
    while at < len(data):
        start = at
        key, at = _read_varint(data, at)
        length, at = _read_varint(data, at)
        end = at + length if key & 7 == 2 else at
        yield key >> 3, data[start:end], data[at:end]
        at = end


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Read the number at a place; return it and the place after it."""
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at

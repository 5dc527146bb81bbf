"""Reading the head of a model.bin."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.engines import demo_directory
from subkit.engines.weights import read_weights
from subkit.errors import EngineError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("kind", "spec"), [("recognizer", "WhisperSpec"), ("translator", "TransformerSpec")]
)
def test_the_spec_is_read(kind: str, spec: str) -> None:
    facts = read_weights(demo_directory(kind) / "model.bin")
    assert facts.spec == spec
    assert facts.version >= 6
    assert facts.variables > 10


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.3, 0.999])
def test_a_cut_file_is_damaged(share: float, copied: Path) -> None:
    path = copied / "model.bin"
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(EngineError, match="cut short or damaged") as caught:
        read_weights(path)
    assert str(path) in caught.value.message


def test_the_last_byte_counts(copied: Path) -> None:
    path = copied / "model.bin"
    data = path.read_bytes()
    (aliases,) = struct.unpack("<I", data[-4:])
    path.write_bytes(data[:-1] if aliases == 0 else data)
    if aliases == 0:
        with pytest.raises(EngineError, match="cut short"):
            read_weights(path)


@settings(max_examples=60)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_refused_quickly(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("weights") / "model.bin"
    path.write_bytes(data)
    with pytest.raises(EngineError):
        read_weights(path)


def test_a_head_that_promises_billions_of_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    name = b"TransformerSpec\0"
    head = struct.pack("<IH", 6, len(name)) + name + struct.pack("<II", 7, 2**32 - 1)
    path.write_bytes(head)
    with pytest.raises(EngineError):
        read_weights(path)

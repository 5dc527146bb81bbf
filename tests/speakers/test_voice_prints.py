"""A voice is known again where it is alike enough, and its file is read with suspicion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from subkit.errors import InputError
from subkit.speakers import make_print, prints_text, read_prints, recognise_voices


def voice(seed: int) -> NDArray[np.float32]:
    values = np.maximum(np.random.default_rng(seed).normal(size=256), 0).astype(np.float32)
    return np.asarray(values / np.linalg.norm(values), dtype=np.float32)


def near(vector: NDArray[np.float32], noise: float) -> NDArray[np.float32]:
    other = vector + np.random.default_rng(9).normal(size=256).astype(np.float32) * noise / 16
    return np.asarray(other / np.linalg.norm(other), dtype=np.float32)


def test_prints_are_read_as_they_were_written_and_know_their_people(tmp_path: Path) -> None:
    prints = [make_print(name, "e01", "g1", voice(seed)) for seed, name in enumerate(("Ann", "Bo"))]
    path = tmp_path / "cast.json"
    path.write_text(prints_text(prints), encoding="utf-8")
    assert list(read_prints(path)) == prints
    voices = {"x": near(voice(1), 0.3), "y": voice(7), "z": near(voice(0), 0.3)}
    found = recognise_voices(voices, prints)
    assert {who: one.name for who, one in found.items()} == {"x": "Bo", "z": "Ann"}


def test_nobody_is_two_speakers() -> None:
    prints = [make_print("Ann", "e01", "g1", voice(0)), make_print("Ann", "e02", "g1", voice(0))]
    found = recognise_voices({"x": voice(0), "y": near(voice(0), 0.2)}, prints)
    assert list(found) == ["x"]


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"},
        {"encoder": "other"},
        {"voices": [{"name": "Ann"}]},
        {"voices": [{"name": "Ann", "title": "", "grant": "", "vector": "AAAA"}]},
        {"voices": [{"name": "Ann", "title": "", "grant": "", "vector": "!"}]},
        {"voices": [{"name": 1, "title": "", "grant": "", "vector": "AAAA"}]},
        {"voices": ["Ann"]},
    ],
)
def test_another_file_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    plain = json.loads(prints_text([]))
    path = tmp_path / "cast.json"
    path.write_text(json.dumps({**plain, **change}))
    with pytest.raises(InputError):
        read_prints(path)
    path.write_bytes(b"\xff\x00 no json")
    with pytest.raises(InputError):
        read_prints(path)

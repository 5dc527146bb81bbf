"""The diarization error that is published is pyannote's."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason='pip install "subkit[benchmarks]"')

from benchmarks.diarization_error import diarization_error
from benchmarks.speaker_cases import Turn
from benchmarks.speakers import _by_pyannote


def turns(seed: int, names: str) -> tuple[Turn, ...]:
    """Turns that overlap those of others, but none of one's own."""
    chance = np.random.default_rng(seed)
    found: list[Turn] = []
    for who in names:
        edges = np.round(np.cumsum(chance.uniform(0.6, 4, 12)), 2).tolist()
        found += [(a, b, who) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return tuple(sorted(found))


def test_what_is_right_has_no_error_whatever_speakers_are_called() -> None:
    true = turns(1, "abc")
    told = [(a, b, who.upper()) for a, b, who in true]
    assert diarization_error(true, told).rate < 0.002
    assert diarization_error(true, []).rate == 1


def test_two_speakers_who_are_taken_for_one_are_confused() -> None:
    true = [(0.0, 4.0, "a"), (5.0, 7.0, "b")]
    found = diarization_error(true, [(a, b, "x") for a, b, _ in true], collar=0)
    assert (found.missed, found.false) == (0, 0)
    assert found.confused == pytest.approx(2, abs=0.02)


@pytest.mark.parametrize("seed", range(8))
def test_it_is_what_pyannote_measures(seed: int) -> None:
    pytest.importorskip("pyannote.metrics", reason='pip install "subkit[benchmarks]"')
    true, told = turns(seed, "ab"), turns(seed + 100, "wxyz")
    rate = _by_pyannote(true, list(told))
    assert rate == pytest.approx(diarization_error(true, told, collar=0.25).rate, abs=0.015)

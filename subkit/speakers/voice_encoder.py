"""The voice encoder of Resemblyzer (GE2E), run in numpy: sound -> a direction for each voice.

Wan et al., "Generalized End-to-End Loss for Speaker Verification", 2018. Three LSTM layers of 256
units and a linear layer hear 1.6 s of mel spectrum; the last state, without its negative values and
scaled to length 1, is the voice.

The weights lie in ``pretrained.pt`` of the package Resemblyzer (Apache-2.0). It is a pickle of
torch, and neither is needed: the file is known to the byte by its digest, so where each matrix
lies is known too, and nothing in it is run.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.errors import EngineError
from subkit.speakers.mel import BANDS

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.interfaces import Samples

__all__ = ["DIMENSIONS", "FRAMES", "WEIGHTS_SHA256", "VoiceEncoder"]

FRAMES = 160
"""Frames of mel spectrum that a voice is taken from: 1.6 s."""

DIMENSIONS = 256
WEIGHTS_SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
"""SHA-256 of ``resemblyzer/pretrained.pt`` in Resemblyzer 0.1.4."""

_UNITS = 256
_LAYERS = 3
_LSTM_OFFSET = 269_883
_LINEAR_OFFSET, _LINEAR_BIAS_OFFSET = 7_731, 6_699
"""Where the matrices of the LSTM begin, one after the other, and those of the linear layer."""

_BATCH = 256
"""Windows heard at once: 65 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """Weights of one LSTM layer, transposed; the four gates stand side by side: i, f, o, g.

    The first three are halved: ``sigmoid(x) = tanh(x / 2) / 2 + 1 / 2``, so that one call of tanh
    serves all four.
    """

    entering: Samples
    recurrent: Samples
    bias: Samples


class VoiceEncoder:
    """Hears windows of 1.6 s and gives a vector of length 1 for each.

    Args:
        path: ``pretrained.pt`` of Resemblyzer 0.1.4.

    Raises:
        EngineError: it cannot be read, or is another file.
    """

    def __init__(self, path: Path) -> None:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise EngineError(f'"{path}" cannot be read: {error.strerror}.') from error
        if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
            raise EngineError(
                f'"{path}" is not the voice encoder of Resemblyzer 0.1.4.',
                remedy="Remove it and run: subkit models fetch voices",
                path=str(path),
            )
        self._layers, self._linear, self._linear_bias = _read(data)

    def voices(self, frames: Samples) -> Samples:
        """Return the voice in each window.

        Args:
            frames: Mel spectra, shape ``(windows, 160, 40)``; fewer frames make shorter windows.

        Returns:
            Shape ``(windows, 256)``; each row has length 1.
        """
        import numpy as np

        found = np.empty((len(frames), DIMENSIONS), dtype=np.float32)
        for first in range(0, len(frames), _BATCH):
            found[first : first + _BATCH] = self._batch(frames[first : first + _BATCH])
        return found

    def _batch(self, frames: Samples) -> Samples:
        import numpy as np

        count, steps, _ = frames.shape
        given = np.ascontiguousarray(frames.transpose(1, 0, 2), dtype=np.float32)
        for layer in self._layers:
            gates = given.reshape(steps * count, -1) @ layer.entering
            gates += layer.bias
            given = _recur(gates.reshape(steps, count, -1), layer.recurrent)
        raw = np.maximum(given[-1] @ self._linear + self._linear_bias, 0)
        lengths = np.linalg.norm(raw, axis=1, keepdims=True)
        voices: Samples = raw / np.maximum(lengths, 1e-9)
        return voices


def _recur(gates: Samples, recurrent: Samples) -> Samples:
    """Return the states of a layer, shape ``(steps, count, 256)``; ``gates`` is used up."""
    import numpy as np

    steps, count, _ = gates.shape
    states = np.empty((steps, count, _UNITS), dtype=np.float32)
    state = np.zeros((count, _UNITS), dtype=np.float32)
    cell = np.zeros((count, _UNITS), dtype=np.float32)
    for step in range(steps):
        now = gates[step]
        if step:
            now += state @ recurrent
        np.tanh(now, out=now)
        opened = now[:, : 3 * _UNITS]
        opened *= 0.5
        opened += 0.5
        cell *= now[:, _UNITS : 2 * _UNITS]
        cell += now[:, :_UNITS] * now[:, 3 * _UNITS :]
        state = states[step]
        np.tanh(cell, out=state)
        state *= now[:, 2 * _UNITS : 3 * _UNITS]
    return states


def _read(data: bytes) -> tuple[list[_Layer], Samples, Samples]:
    import numpy as np

    def take(rows: int, columns: int, at: int) -> Samples:
        flat = np.frombuffer(data, dtype="<f4", count=rows * columns, offset=at)
        return flat.reshape(rows, columns).astype(np.float32)

    at, matrices = _LSTM_OFFSET, []
    gates = 4 * _UNITS
    for layer in range(_LAYERS):
        for columns in (_UNITS if layer else BANDS, _UNITS):
            matrices.append(take(gates, columns, at))
            at += 4 * gates * columns
    biases = take(2 * _LAYERS, gates, at)
    layers = [
        _Layer(
            _arranged(matrices[2 * layer]).T.copy(),
            _arranged(matrices[2 * layer + 1]).T.copy(),
            _arranged(biases[2 * layer] + biases[2 * layer + 1]),
        )
        for layer in range(_LAYERS)
    ]
    linear = take(DIMENSIONS, _UNITS, _LINEAR_OFFSET).T.copy()
    return layers, linear, take(1, DIMENSIONS, _LINEAR_BIAS_OFFSET)[0]


def _arranged(weights: Samples) -> Samples:
    """From torch's order of the gates (i, f, g, o) to ours, the first three halved."""
    import numpy as np

    enter, forget, new, out = np.split(weights, 4)
    arranged: Samples = np.concatenate([enter / 2, forget / 2, out / 2, new])
    return arranged

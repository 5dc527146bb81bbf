"""Voice activity: Silero's network, streamed.

The weights are the ones that faster-whisper carries (Silero VAD 6, MIT). faster-whisper runs them
over a whole file in memory; here state and context are carried from block to block, and the
probabilities are the same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.decode.blocks import CHUNK, regroup
from subkit.decode.silero import CONTEXT, SIDE_BY_SIDE, lay_side_by_side
from subkit.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.interfaces import Samples

__all__ = ["SileroVoiceDetector"]

_CHUNKS_AT_ONCE = 64
_ASSET = "silero_vad_v6.onnx"


class SileroVoiceDetector:
    """Tells speech from the rest, 512 samples at a time.

    The network was trained on loud speech and overlooks it under music; heard 30 dB softer it finds
    some of it. So it listens at several levels, and the highest probability counts. Memory is
    bounded: two seconds of audio, whatever the length of the stream and of its blocks.

    Args:
        levels: Factors of the sound, one listening each.

    Raises:
        EngineError: the weights or the onnxruntime package are missing or broken.
    """

    def __init__(self, levels: tuple[float, ...] = (1.0, 0.03)) -> None:
        self._session = _load_session()
        self._levels = levels

    def probabilities(self, blocks: Iterable[Samples]) -> Iterator[tuple[Samples, Samples]]:
        """Probability of speech, streamed.

        Args:
            blocks: 16 kHz mono float32 blocks of any length, in order.

        Yields:
            ``(audio, probability)``: audio of ``512 * k`` samples (the last one zero-padded) and
            ``k`` probabilities from 0 to 1, in order and without gaps. They do not depend on how
            the stream is cut into blocks.

        Raises:
            EngineError: the network failed.
        """
        import numpy as np

        start: tuple[Any, Any] = (
            np.zeros((1, 1, 128), np.float32),
            np.zeros((1, 1, 128), np.float32),
        )
        states = [start] * len(self._levels)
        context = np.zeros((1, CONTEXT), np.float32)
        for block in regroup(blocks, CHUNK * _CHUNKS_AT_ONCE):
            audio = np.pad(block, (0, -block.size % CHUNK))
            heard = audio.reshape(-1, CHUNK)
            if audio.size != block.size:
                # faster-whisper blanks the end of a file's last chunk: the view it takes for the
                # context is written to. Done alike, so that the probabilities are its own.
                heard = heard.copy()
                heard[-1, -CONTEXT:] = 0
            contexts = np.concatenate([context, heard[:-1, -CONTEXT:]])
            context = heard[-1:, -CONTEXT:].copy()
            rows = np.concatenate([contexts, heard], axis=1)
            probability = np.zeros(len(rows), np.float32)
            for number, level in enumerate(self._levels):
                louder = rows if level == 1.0 else rows * np.float32(level)
                found, states[number] = self._run(louder, states[number])
                np.maximum(probability, found, out=probability)
            yield audio, probability

    def _run(self, rows: Samples, state: tuple[Any, Any]) -> tuple[Samples, tuple[Any, Any]]:
        """Probabilities of ``rows``, shape ``(k, 576)``, and the state after them.

        Only where ``k`` is a multiple of eight is that the state after these rows: the last rows of
        a stream are made as many.
        """
        import numpy as np

        count = len(rows)
        rows = np.pad(rows, ((0, -count % SIDE_BY_SIDE), (0, 0)))
        inputs = {"input": rows, "h": state[0], "c": state[1]}
        try:
            probability, h, c = self._session.run(None, inputs)
        except _onnx_errors() as error:
            raise EngineError(f"Voice detection failed: {error}") from error
        return probability.reshape(-1)[:count], (h, c)


def _onnx_errors() -> tuple[type[Exception], ...]:
    """What onnxruntime raises: its errors have no common base of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    names = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "RuntimeException")
    return (RuntimeError, *(getattr(state, name) for name in names))


def _load_session() -> Any:
    import os
    from importlib.util import find_spec
    from pathlib import Path

    # onnxruntime writes an identifier below HOME and reports to its maker, unless this is set
    # before it is imported; who wants that may set it to 0.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    remedy = "Install faster-whisper again: pip install --force-reinstall faster-whisper."
    try:
        import onnxruntime
    except ImportError as error:
        raise EngineError(f"onnxruntime cannot be imported: {error}", remedy=remedy) from error
    # Found, not imported: with CTranslate2 and what else it needs it takes 40 MB.
    package = find_spec("faster_whisper")
    if package is None or package.origin is None:
        raise EngineError("There is no package faster-whisper.", remedy=remedy)
    path = Path(package.origin).with_name("assets") / _ASSET
    # As faster-whisper sets them.
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    try:
        network = path.read_bytes()
        wide = lay_side_by_side(network)
        if wide is not None:
            level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
            options.graph_optimization_level = level
        return onnxruntime.InferenceSession(
            wide or network, options, providers=["CPUExecutionProvider"]
        )
    except OSError as error:
        raise EngineError(
            f"The voice detector's weights {path} cannot be read: {error.strerror}.", remedy=remedy
        ) from error
    except _onnx_errors() as error:
        raise EngineError(f"The voice detector cannot be loaded: {error}", remedy=remedy) from error

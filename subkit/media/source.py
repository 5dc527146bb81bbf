"""Resampling an unbroken run of frames of sound."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from subkit.media.channels import pan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from subkit.media.channels import Channel

    Samples = NDArray[np.float32]
    Frame = Any

__all__ = ["Run", "shape"]

# Samples taken out of the filters at once. Frames hold some twenty milliseconds, and to hand each
# of them through by itself costs more than all the filters do.
_CHUNK = 32_768


def shape(frame: Frame) -> tuple[str, str, int]:
    """What must not change within a run: sample format, layout and rate."""
    return frame.format.name, frame.layout.name, frame.sample_rate


class Run:
    """Frames of one shape without gaps, on their way to mono at another rate.

    Attributes:
        shape: What every frame of the run shares.
    """

    def __init__(self, frame: Frame, sample_rate: int, channel: Channel) -> None:
        import av

        self.shape = shape(frame)
        names = tuple(channel.name for channel in frame.layout.channels)
        graph = av.filter.Graph()
        self._entry = graph.add_abuffer(
            sample_rate=frame.sample_rate,
            format=frame.format.name,
            layout=frame.layout.name,
            time_base=frame.time_base,
        )
        # Mixing in floats, so that nothing clips or loses bits on the way.
        chain = [
            graph.add("aformat", "sample_fmts=fltp"),
            graph.add("pan", pan(names, channel)),
            graph.add("aresample", str(sample_rate)),
            graph.add("aformat", f"sample_fmts=flt:sample_rates={sample_rate}"),
            graph.add("asetnsamples", f"n={_CHUNK}:p=0"),
        ]
        self._exit = graph.add("abuffersink")
        graph.link_nodes(self._entry, *chain, self._exit).configure()
        self._graph = graph
        self._waiting = 0

    def feed(self, frame: Frame) -> Samples | None:
        """The samples that are ready after ``frame``, if any are; a second of frames is held."""
        self._entry.push(frame)
        self._waiting += frame.samples
        if self._waiting < frame.sample_rate:
            return None
        self._waiting = 0
        return self._ready()

    def finish(self) -> Samples:
        """The samples still held back; the run is over."""
        self._entry.push(None)
        return self._ready()

    def _ready(self) -> Samples:
        import av
        import numpy as np

        parts: list[Samples] = []
        with suppress(av.error.BlockingIOError, av.error.EOFError):  # "no more for now"
            while True:
                parts.append(self._exit.pull().to_ndarray()[0])
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

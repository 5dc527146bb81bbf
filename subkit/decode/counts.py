"""Counts of a recogniser's work."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Counts"]


@dataclass(slots=True)
class Counts:
    """What the work came to, in windows; one that is gone over in passes counts for each.

    Attributes:
        encoded: By the encoder.
        decoded: By the decoder with one beam.
        doubted: Decoded again with the full beam.
        divided: Failed, so decoded again in two halves.
        retried: Loops, tried at higher temperatures.
        holes: Stretches of voice without words, decoded on their own.
        wordless: Skipped by voice detection, and without words at a glance; in no other number.
        batches: Of the decoder.
        backed_off: Batches halved because memory ran out.
    """

    encoded: int = 0
    decoded: int = 0
    doubted: int = 0
    divided: int = 0
    retried: int = 0
    holes: int = 0
    wordless: int = 0
    batches: int = 0
    backed_off: int = 0

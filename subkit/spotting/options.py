"""What shapes the cues."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["SpottingOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpottingOptions:
    """Weights of the cost terms and the limits of timing; own proposals, not from a guide.

    A break between two words of which nothing is known costs 5 (``subkit.language.NEUTRAL``). The
    weights of shape and syntax, ``new_cue`` to ``inner_sentence``, are tuned to human breaks by
    ``benchmarks/tune_spotting.py``.

    Attributes:
        new_cue: Cost of every cue; higher gives fewer and fuller cues.
        new_line: Cost of every line after a cue's first.
        cue_break: Weight of the break cost between two cues.
        line_break: Weight of the break cost between two lines.
        imbalance: Weight of the squared departure of lines from even length (1 is a full line).
        bottom_heavy: How much longer the last line of two should be, as a share of the text.
        buried: Cost of a better break inside a line than at its ends, by how much better it is.
        buried_cue: The same for a cue: a better break inside it than at its ends.
        inner_clause: Cost of a good break inside a cue, by how much better it is than one of which
            nothing is known.
        orphan: Cost of a line, or a cue inside a sentence, of one word.
        inner_sentence: Cost of a sentence end inside a cue of whole sentences.
        torn_sentence: Cost of a sentence end inside a cue that begins or ends within a sentence.
        crossed_pause: Cost of each second of pause inside a cue.
        crossed_shot: Cost of each shot change inside the speech of a cue.
        used_pause: Gain of each second of pause (up to one) between two cues.
        reading: Cost of a full line at twice the reading speed allowed.
        short: Cost of a cue with no room at all for its minimum duration.
        max_pause: Seconds of pause that always end a cue after a sentence or clause; twice as long,
            anywhere.
        lead: Seconds that a cue may begin before its speech if it would be too short otherwise.
        delay: Seconds that a cue may begin after its speech if the one before would be too short.
        id_prefix: Start of the cue ids.
    """

    new_cue: float = 0.5
    new_line: float = 0.22
    cue_break: float = 1.47
    line_break: float = 0.2
    imbalance: float = 35.0
    bottom_heavy: float = 0.012
    buried: float = 0.41
    buried_cue: float = 0.1
    inner_clause: float = 0.075
    orphan: float = 2.5
    inner_sentence: float = 0.4
    torn_sentence: float = 5.0
    crossed_pause: float = 8.0
    crossed_shot: float = 8.0
    used_pause: float = 4.0
    reading: float = 12.0
    short: float = 30.0
    max_pause: Fraction = Fraction(1)
    lead: Fraction = Fraction(1, 5)
    delay: Fraction = Fraction(1, 4)
    id_prefix: str = "c"

"""What shapes the cues."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["SpottingOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpottingOptions:
    """Weights of the cost terms and the limits of timing; own proposals, not from a guide.

    A break between two words of which nothing is known costs 5 (``subkit.language.NEUTRAL``). The
    weights of shape and syntax, ``new_cue`` to ``scrap`` but for ``new_line`` and ``top_heavy``,
    were fitted to human breaks, English and French: ``training/spotting_weights.py`` finds them.

    Attributes:
        new_cue: Cost of every cue; higher gives fewer and fuller cues.
        one_line: Cost of a cue of one line.
        new_line: Cost of every line after a cue's first.
        cue_break: Weight of the break cost between two cues.
        cue_marks: Cost of a cue that ends with a comma, a colon or semicolon, a dash or ellipsis,
            besides the cost of the break there.
        line_break: Weight of the break cost between two lines, squared.
        line_marks: The same as ``cue_marks`` for a line that is not its cue's last.
        uneven: Cost of each full line (of 42 characters at least) by which lines depart from even
            length.
        top_heavy: Cost of each full line by which a first line is longer than that.
        full: Cost of the squared width of a cue, in full lines.
        opening: Cost of a cue of one line that begins a sentence.
        closing: Cost of each full line in the cue that ends a sentence.
        inner_clause: Cost of a good break inside a cue, by how much better it is than one of which
            nothing is known.
        orphan: Cost of a short line of one word.
        scrap: Cost of a cue inside a sentence that does not fill half a line.
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

    new_cue: float = 0.79
    one_line: float = 2.41
    new_line: float = 0.0
    cue_break: float = 1.4
    cue_marks: tuple[float, float, float] = (-0.9, -0.79, -0.9)
    line_break: float = 0.36
    line_marks: tuple[float, float, float] = (0.14, 0.06, 0.68)
    uneven: float = 9.71
    top_heavy: float = 0.98
    full: float = 3.39
    opening: float = 0.4
    closing: float = 0.6
    inner_clause: float = 0.41
    orphan: float = 0.85
    scrap: float = 1.27
    inner_sentence: float = 0.4
    torn_sentence: float = 5.0
    crossed_pause: float = 8.0
    crossed_shot: float = 12.0
    used_pause: float = 4.0
    reading: float = 12.0
    short: float = 30.0
    max_pause: Fraction = Fraction(1)
    lead: Fraction = Fraction(1, 5)
    delay: Fraction = Fraction(1, 4)
    id_prefix: str = "c"

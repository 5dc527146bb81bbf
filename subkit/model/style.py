"""House style and what was found against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.model.clock import clock_time
from subkit.model.display import Shown
from subkit.model.time import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Finding", "Profile", "Quantity", "RuleSource", "Severity", "ShotRules", "TextRules"]


class Severity(str, Enum):
    """How much a finding matters: an error breaks a hard limit, a warning a recommendation."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSource:
    """Where a number of a profile comes from.

    Attributes:
        rule: Field of the profile, for example ``"max_cpl"`` or ``"shots.in_after"``.
        confidence: A read in the guide, B quoted, C from a tool or secondary, D own proposal.
        sources: Short names of the guides.
    """

    rule: str
    confidence: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotRules:
    """How in- and out-times stand to shot changes; seconds, frames where the name says so.

    Attributes:
        in_after: An in-time up to this long after a shot change moves to its first frame.
        in_before: An in-time up to this long before a shot change moves to its first frame.
        in_clear: An in-time nearer than this before a shot change, but not within ``in_before``,
            moves back to this distance.
        out_before: An out-time up to this long before a shot change is extended to it.
        out_after: An out-time up to this long after a shot change is trimmed to it, unless speech
            goes on.
        gap_frames: Frames between an out-time that belongs to a shot change and the change.
    """

    in_after: Fraction = Fraction(1, 2)
    in_before: Fraction = Fraction(7, 24)
    in_clear: Fraction = Fraction(1, 2)
    out_before: Fraction = Fraction(1, 2)
    out_after: Fraction = Fraction(1, 2)
    gap_frames: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRules:
    """How a style writes; what is empty, zero, false or ``None`` its guide does not speak of.

    Attributes:
        ellipsis: ``"…"`` or ``"..."``.
        dash: Lines of dialogue that begin with a hyphen, and what follows it: ``"both"``,
            ``"both spaced"``, ``"second"`` or ``"second spaced"``.
        quotes: The opening and the closing quotation mark.
        italics: Whether italics may be used.
        spell_to: Whole numbers up to this one are spelled out.
        not_last: Marks that do not end a line.
        not_used: Characters that the style never uses.
        repertoire: Characters that the carrier has: ``"ebu-stl"`` or ``"cea-608"``.
        one_line: A text that fits on one line stands on one.
        balance: The shorter of two lines is at least this part of the longer.
        bottom_heavy: The upper line is rather the shorter one.
        whole_sentences: A cue does not end with the start of the next sentence.
        label: The marks around a label in SDH: ``"[]"``, ``"()"`` or ``"**"``.
        label_case: ``"lower"`` or ``"upper"``.
        music: The mark around sung text.
    """

    ellipsis: str = ""
    dash: str = ""
    quotes: str = ""
    italics: bool | None = None
    spell_to: int = 0
    not_last: str = ""
    not_used: str = ""
    repertoire: str = ""
    one_line: bool = False
    balance: Fraction = Fraction(0)
    bottom_heavy: bool = False
    whole_sentences: bool = False
    label: str = ""
    label_case: str = ""
    music: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A house style for one language.

    Attributes:
        id: Name of the style, for example ``"netflix"``.
        language: BCP 47 language these numbers hold for.
        max_lines: Lines in one cue.
        max_cpl: Characters per line, in the counting below.
        max_cps: Characters per second over the whole cue, in the counting below.
        counting: ``"characters"`` (each counts 1, spaces included) or ``"half-width"``
            (a full-width character counts 1, Latin, space and punctuation one half).
        min_duration: Seconds.
        max_duration: Seconds.
        min_gap_frames: Frames between two cues that do not touch a shot change.
        linger: Seconds a cue may stay after the speech, where reading needs it.
        chain: Seconds of gap below which a cue stays until the next one; 0 leaves gaps alone.
        shots: How times stand to shot changes; ``None`` for a style that says nothing of them.
        rule_sources: Where the numbers come from.
        max_chars: Characters in one cue, all lines together; ``None`` where no guide counts them.
        max_wpm: Words per minute, where the guide counts words.
        word_duration: Seconds that a cue stays for each of its words at the least.
        anticipation: Seconds a cue may appear before its speech.
        max_cover: Part of the programme that the cues may cover; above it a track for forced
            narrative is hardly one.
        text: How the style writes.
    """

    id: str
    language: str
    max_lines: int = 2
    max_cpl: int = 42
    max_cps: Fraction = Fraction(17)
    counting: str = "characters"
    min_duration: Fraction = Fraction(5, 6)
    max_duration: Fraction = Fraction(7)
    min_gap_frames: int = 2
    linger: Fraction = Fraction(1, 2)
    chain: Fraction = Fraction(1, 2)
    shots: ShotRules | None = ShotRules()
    rule_sources: tuple[RuleSource, ...] = ()
    max_chars: int | None = None
    max_wpm: Fraction | None = None
    word_duration: Fraction | None = None
    anticipation: Fraction | None = None
    max_cover: Fraction | None = None
    text: TextRules = TextRules()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit.

    Attributes:
        value: Exact.
        unit: For example ``"s"``, ``"frames"`` or ``"characters/s"``.
        text: How a person reads it; rounded so that it is seen to be over or under its limit.
    """

    value: Fraction
    unit: str
    text: str

    @classmethod
    def of(cls, value: Fraction | float, unit: str, text: str = "") -> Quantity:
        """Return a number with its unit; without a text it is written with three decimals."""
        exact = Fraction(value)
        return cls(exact, unit, text or f"{round(float(exact), 3):g} {unit}".rstrip())

    def __float__(self) -> float:
        """The value, to the nearest float."""
        return float(self.value)

    def __str__(self) -> str:
        """How a person reads it."""
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Finding(Shown):
    """A place where a cue departs from its profile: computed, never stored.

    Attributes:
        rule: Name of the rule, for example ``"reading-speed"``.
        severity: Error or warning.
        cue: Id of the cue; empty where there is none, as for speech without a cue.
        span: Where, seconds.
        measured: What was measured; ``None`` where the rule measures nothing.
        limit: What it is held against, in the same unit; ``None`` where there is no number.
        message: One sentence.
        found: What was found, where that is a text: a word, a mark.
        wanted: What should stand there, likewise.
    """

    rule: str
    severity: Severity
    cue: str
    span: Span
    measured: Quantity | None = None
    limit: Quantity | None = None
    message: str
    found: str = ""
    wanted: str = ""

    @property
    def measured_text(self) -> str:
        """What was measured or found, as reports print it."""
        return self.found if self.measured is None else str(self.measured)

    @property
    def limit_text(self) -> str:
        """Return the limit, or the required text, as reports print it."""
        return self.wanted if self.limit is None else str(self.limit)

    def headline(self) -> str:
        """Severity, rule and sentence."""
        return f"{self.severity.value} {self.rule}: {self.message}"

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """One row."""
        cells = (self.severity.value, self.rule, self.cue, clock_time(self.span.start))
        row = (*cells, self.measured_text, self.limit_text, self.message)
        return ("severity", "rule", "cue", "in", "measured", "limit", "message"), [row]

"""House style and what was found against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from subkit.model.time import Span

__all__ = ["Finding", "Profile", "RuleSource", "Severity", "ShotRules", "TextRules"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A place where a cue departs from its profile: computed, never stored.

    Attributes:
        rule: Name of the rule, for example ``"reading-speed"``.
        severity: Error or warning.
        cue: Id of the cue; empty where there is none, as for speech without a cue.
        span: Where, seconds.
        measured: What was measured, in the rule's unit, as text a person can read.
        limit: The profile's number, likewise.
        message: One sentence.
    """

    rule: str
    severity: Severity
    cue: str
    span: Span
    measured: str
    limit: str
    message: str

"""A track with its findings and their summary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.model import Severity, to_plain
from subkit.timing.measures import grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from subkit.interfaces import Subject
    from subkit.model import Cue, Finding, Media

__all__ = ["COLUMNS", "Checked", "clock", "finding_rows", "plain_finding", "statement"]

COLUMNS = (
    "track", "severity", "rule", "cue", "in", "out", "start", "end", "measured", "limit", "message",
    "text",
)  # fmt: skip
"""Columns of the table of findings."""

_TEXT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A track with its findings.

    Attributes:
        subject: The track and what it was held against.
        findings: In order of time.
        style: What people call the house style.
    """

    subject: Subject
    findings: Sequence[Finding]
    style: str

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(finding.severity is severity for finding in self.findings)


def statement(checked: Checked) -> str:
    """Summarise the check of a track in one sentence.

    A style is never called met as a whole: the sentence says how many of its numbers are only known
    from tools and secondary texts, or are proposals of subkit's own (confidence C and D).
    """
    # "shots" alone is no number: it says that the style has no shot rules.
    sources = [s for s in checked.subject.profile.rule_sources if s.rule != "shots"]
    doubtful = sum(source.confidence in ("C", "D") for source in sources)
    of_them = f"{doubtful} of them" if doubtful != 1 else "1 of them"
    origin = f"{of_them} from secondary sources or own proposals"
    name = f"{checked.style} for {checked.subject.profile.language}"
    if not checked.findings:
        return f"Within the {len(sources)} numbers of {name}; {origin}."
    errors, warnings = checked.count(Severity.ERROR), checked.count(Severity.WARNING)
    found = f"{_count(errors, 'error')} and {_count(warnings, 'warning')}"
    return f"{found} against the {len(sources)} numbers of {name}; {origin}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def clock(time: Fraction, media: Media) -> str:
    """A time as people read it: timecode where there is a frame grid, else ``H:MM:SS.mmm``."""
    rate = grid(media)
    if rate is not None:
        return rate.timecode(time, media.programme_start)
    thousandths = round((time + media.programme_start) * 1000)
    seconds, rest = divmod(thousandths, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"


def plain_finding(finding: Finding) -> dict[str, Any]:
    """A finding as the JSON of reports and of the review has it: numbers as they are printed."""
    plain: dict[str, Any] = to_plain(finding)
    del plain["found"], plain["wanted"]
    return {**plain, "measured": finding.measured_text, "limit": finding.limit_text}


def finding_rows(checked: Sequence[Checked]) -> Iterator[dict[str, str]]:
    """A row of text for each finding, by :data:`COLUMNS`; times as timecode and in seconds."""
    for one in checked:
        media = one.subject.media
        cues: dict[str, Cue] = {cue.id: cue for cue in one.subject.track.cues}
        for finding in one.findings:
            cue = cues.get(finding.cue)
            yield {
                "track": one.subject.track.id,
                "severity": finding.severity.value,
                "rule": finding.rule,
                "cue": finding.cue,
                "in": clock(finding.span.start, media),
                "out": clock(finding.span.end, media),
                "start": f"{float(finding.span.start):.3f}",
                "end": f"{float(finding.span.end):.3f}",
                "measured": finding.measured_text,
                "limit": finding.limit_text,
                "message": finding.message,
                "text": " | ".join(cue.lines)[:_TEXT] if cue else "",
            }

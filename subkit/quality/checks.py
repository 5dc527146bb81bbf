"""Run the rules and count their findings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from subkit.model import Purpose, Severity
from subkit.quality.rules import RULES, SHOWN_ONLY
from subkit.timing.measures import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.interfaces import Rule, Subject
    from subkit.model import Finding

__all__ = ["check", "summarize"]


def check(subject: Subject, *, rules: Sequence[Rule] = RULES) -> list[Finding]:
    """Where a track departs from what is asked of it, in order of time.

    Args:
        subject: The track, its profile and what else there is to hold it against.
        rules: Which rules to run.
    """
    if subject.track.purpose is Purpose.DUBBING:
        rules = [rule for rule in rules if rule.name not in SHOWN_ONLY]
    findings = [finding for rule in rules for finding in rule.check(subject)]
    places = {cue.id: place for place, cue in enumerate(subject.track.cues)}
    return sorted(findings, key=lambda f: (instant(f.span.start), places.get(f.cue, 0)))


def summarize(findings: Iterable[Finding]) -> dict[str, Any]:
    """How many findings there are: all, by severity (both named even if 0), and by rule.

    Returns:
        ``{"findings": n, "severity": {"error": n, "warning": n}, "rules": {rule: n, …}}``, rules
        by name.
    """
    listed = list(findings)
    severities = Counter(finding.severity for finding in listed)
    rules = Counter(finding.rule for finding in listed)
    return {
        "findings": len(listed),
        "severity": {severity.value: severities[severity] for severity in Severity},
        "rules": dict(sorted(rules.items())),
    }

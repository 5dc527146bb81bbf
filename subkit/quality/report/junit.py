"""JUnit XML: a suite for each track, a case for each rule."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from subkit.model import Severity
from subkit.quality.report.checked import clock, statement
from subkit.quality.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.model import Finding
    from subkit.quality.report.checked import Checked

__all__ = ["junit_xml"]

_LISTED = 500
"""Findings of one rule that are listed; the number of all is in the message."""

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (its production 2)."""


def junit_xml(checked: Sequence[Checked], *, fail_on: Severity = Severity.ERROR) -> str:
    """The findings as JUnit XML, which build servers read.

    Args:
        checked: The tracks.
        fail_on: Gravity from which a rule with findings has failed; what is less grave stands in
            the output of its case.
    """
    suites = [_suite(one, fail_on) for one in checked]
    cases, failed = sum(n for _, n, _ in suites), sum(f for _, _, f in suites)
    head = f'<testsuites name="subkit qc" tests="{cases}" failures="{failed}" errors="0">'
    return "\n".join(
        ('<?xml version="1.0" encoding="UTF-8"?>', head, *(s for s, _, _ in suites))
    ) + ("\n</testsuites>\n")


def _suite(one: Checked, fail_on: Severity) -> tuple[str, int, int]:
    """Return the XML of a track, the number of its cases, and how many of them failed."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in one.findings:
        by_rule[finding.rule].append(finding)
    names = list(dict.fromkeys((*(rule.name for rule in RULES), *by_rule)))
    track = one.subject.track.id
    lines: list[str] = []
    failed = 0
    for name in names:
        bad = any(fail_on is Severity.WARNING or f.severity is fail_on for f in by_rule[name])
        failed += bad
        lines += _case(name, one, by_rule[name], failed=bad)
    head = (
        f'<testsuite name={_attribute(track)} tests="{len(names)}" failures="{failed}" '
        'errors="0" skipped="0" time="0">'
    )
    told = f"<system-out>{_text(statement(one))}</system-out>"
    return "\n".join((head, *lines, told, "</testsuite>")), len(names), failed


def _case(name: str, one: Checked, found: list[Finding], *, failed: bool) -> Iterator[str]:
    track = one.subject.track.id
    head = f'<testcase classname={_attribute(f"subkit.{track}")} name={_attribute(name)} time="0"'
    if not found:
        yield f"{head}/>"
        return
    listed = [
        f"{clock(f.span.start, one.subject.media)} {f.severity.value}: {f.message}"
        for f in found[:_LISTED]
    ]
    if len(found) > _LISTED:
        listed.append(f"… and {len(found) - _LISTED} more")
    message = f"{len(found)} findings" if len(found) > 1 else found[0].message
    body = _text("\n".join(listed))
    kind = found[0].severity.value
    yield f"{head}>"
    if failed:
        yield f'<failure type="{kind}" message={_attribute(message)}>{body}</failure>'
    else:
        yield f"<system-out>{body}</system-out>"
    yield "</testcase>"


def _text(text: str) -> str:
    return escape(_ILLEGAL.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("\ufffd", text))

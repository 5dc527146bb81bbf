"""Trying fixes, and keeping those after which the check finds nothing new."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.edit import is_sealed
from subkit.model import Severity
from subkit.quality.fixes.line_fixes import LAYOUT_RULES, TEXT_FIXES
from subkit.quality.fixes.time_fixes import AT_THE_ONE_BEFORE, TIME_FIXES, Neighbours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from subkit.interfaces import Subject
    from subkit.model import Cue, Finding, Track

    Check = Callable[[Track], list[Finding]]
    Propose = Callable[[Subject, dict[str, set[str]]], dict[str, Cue]]

__all__ = ["Fix", "FixedTrack", "fix_track"]

_TRIES = 6
"""How often cues are given back until nothing new is found; then all of the kind are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What was done to one cue.

    Attributes:
        rules: The findings that it ended or made fewer.
        before: The cue as it was.
        after: The cue as it is.
    """

    rules: tuple[str, ...]
    before: Cue
    after: Cue


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedTrack:
    """A track after its fixes, and each of them in the order of the cues."""

    track: Track
    fixes: tuple[Fix, ...]


def fix_track(
    subject: Subject, *, check: Check, break_lines: Callable[[str], tuple[str, ...]]
) -> FixedTrack:
    """The track with its mechanical faults put right: characters, then lines, then times.

    Locked and approved cues stay as they are. A fix stands only if the check finds fewer faults in
    its cue and nothing new anywhere: neither a new finding nor, for a finding that was there, a
    greater number of them. A new warning is let pass where an error went.

    Args:
        subject: The track, its profile, and what it is held against.
        check: Findings of the track in another state.
        break_lines: Gives the lines of one cue's text in the profile.
    """

    def lines_anew(subject: Subject, wrong: dict[str, set[str]]) -> dict[str, Cue]:
        return _break_anew(subject, wrong, break_lines)

    track, findings = subject.track, check(subject.track)
    at_first = findings
    for propose in (_retyped, lines_anew, _retimed):
        track, findings = _improved(replace(subject, track=track), findings, check, propose)
    rules = _rules_by_cue(at_first, findings, subject.track)
    fixes = [
        Fix(rules=tuple(sorted(rules.get(old.id, ()))), before=old, after=new)
        for old, new in zip(subject.track.cues, track.cues, strict=True)
        if old is not new
    ]
    return FixedTrack(track=track, fixes=tuple(fixes))


def _improved(
    subject: Subject, findings: list[Finding], check: Check, propose: Propose
) -> tuple[Track, list[Finding]]:
    """The track with the proposals that stand, and its findings; ``findings`` are the subject's."""
    wrong: dict[str, set[str]] = {}
    for finding in findings:
        wrong.setdefault(finding.cue, set()).add(finding.rule)
    open_ids = {cue.id for cue in subject.track.cues if not is_sealed(cue)}
    twice = {one for one, count in Counter(c.id for c in subject.track.cues).items() if count > 1}
    proposals = {
        one: cue for one, cue in propose(subject, wrong).items() if one in open_ids - twice
    }
    for _ in range(_TRIES):
        if not proposals:
            break
        track = _with(subject.track, proposals)
        found = check(track)
        worse = _worse(findings, found)
        if not worse:
            return track, found
        back = _beside(subject.track, worse) & set(proposals) or set(proposals)
        proposals = {one: cue for one, cue in proposals.items() if one not in back}
    return subject.track, findings


def _with(track: Track, cues: dict[str, Cue]) -> Track:
    return replace(track, cues=tuple(cues.get(cue.id, cue) for cue in track.cues))


def _worse(before: Iterable[Finding], after: Iterable[Finding]) -> set[str]:
    """Ids of cues with findings that were not there; the empty id stands for no cue."""
    had, has = _counts(before), _counts(after)
    errors_had, errors_have = _errors(before), _errors(after)
    new = has - had
    return {
        cue
        for cue, _, severity in new
        if severity is Severity.ERROR or errors_had[cue] <= errors_have[cue]
    }


def _counts(findings: Iterable[Finding]) -> Counter[tuple[str, str, Severity]]:
    return Counter((finding.cue, finding.rule, finding.severity) for finding in findings)


def _errors(findings: Iterable[Finding]) -> Counter[str]:
    return Counter(f.cue for f in findings if f.severity is Severity.ERROR)


def _beside(track: Track, ids: set[str]) -> set[str]:
    """These cues and their neighbours; all of them where a finding stands at no cue."""
    if "" in ids:
        return {cue.id for cue in track.cues}
    near = set(ids)
    for place, cue in enumerate(track.cues):
        if cue.id in ids:
            near.update(other.id for other in track.cues[max(0, place - 2) : place + 3])
    return near


def _rules_by_cue(before: list[Finding], after: list[Finding], track: Track) -> dict[str, set[str]]:
    """The rules whose findings went, by the cue they stood at and the one before it."""
    gone = _counts(before) - _counts(after)
    earlier = {b.id: a.id for a, b in zip(track.cues, track.cues[1:], strict=False)}
    rules: dict[str, set[str]] = {}
    for cue, rule, _ in gone:
        rules.setdefault(cue, set()).add(rule)
        if rule in AT_THE_ONE_BEFORE and cue in earlier:
            rules.setdefault(earlier[cue], set()).add(rule)
    return rules


def _retyped(subject: Subject, wrong: dict[str, set[str]]) -> dict[str, Cue]:
    found = {}
    for cue in subject.track.cues:
        lines = cue.lines
        for rule in [rule for rule in TEXT_FIXES if rule in wrong.get(cue.id, ())]:
            lines = tuple(TEXT_FIXES[rule](line, subject.profile) for line in lines)
        lines = tuple(line for line in lines if line.strip()) or cue.lines
        if lines != cue.lines:
            found[cue.id] = replace(cue, lines=lines)
    return found


def _break_anew(
    subject: Subject,
    wrong: dict[str, set[str]],
    break_lines: Callable[[str], tuple[str, ...]],
) -> dict[str, Cue]:
    found = {}
    for cue in subject.track.cues:
        if wrong.get(cue.id, set()) & set(LAYOUT_RULES):
            lines = break_lines(cue.text)
            if lines and lines != cue.lines:
                found[cue.id] = replace(cue, lines=lines)
    return found


def _retimed(subject: Subject, wrong: dict[str, set[str]]) -> dict[str, Cue]:
    cues = list(subject.track.cues)
    asked: dict[int, set[str]] = {}
    for place, cue in enumerate(cues):
        for rule in wrong.get(cue.id, ()):
            moved = _before(cues, place) if rule in AT_THE_ONE_BEFORE else place
            if rule in TIME_FIXES and moved is not None:
                asked.setdefault(moved, set()).add(rule)
    found = {}
    for place in sorted(asked):
        for rule in [rule for rule in TIME_FIXES if rule in asked[place]]:
            before, after = _before(cues, place), _after(cues, place)
            near = Neighbours(
                None if before is None else cues[before],
                cues[place],
                None if after is None else cues[after],
            )
            cues[place] = replace(cues[place], span=TIME_FIXES[rule](near, subject))
        if cues[place].span != subject.track.cues[place].span:
            found[cues[place].id] = cues[place]
    return found


def _before(cues: list[Cue], place: int) -> int | None:
    """The cue before in the same place of the picture."""
    where = cues[place].placement.vertical
    return next((i for i in range(place - 1, -1, -1) if cues[i].placement.vertical == where), None)


def _after(cues: list[Cue], place: int) -> int | None:
    where = cues[place].placement.vertical
    later = range(place + 1, len(cues))
    return next((i for i in later if cues[i].placement.vertical == where), None)

"""Try fixes, and keep those that cause no new findings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from subkit.edit import is_sealed
from subkit.model import Severity
from subkit.model.mark_moves import with_lines
from subkit.quality.fixes.line_fixes import LAYOUT_RULES, TEXT_FIXES
from subkit.quality.fixes.time_fixes import AT_THE_ONE_BEFORE, TIME_FIXES, Neighbours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from subkit.interfaces import Subject
    from subkit.model import Cue, Finding, Track

    Check = Callable[[Track], list[Finding]]
    Wrong = dict[str, set[str]]
    Propose = Callable[[Subject, Wrong], dict[str, "_Proposal"]]

__all__ = ["Fix", "FixedTrack", "fix_track"]

_TRIES = 8
"""How often proposals are given back until nothing new is found; then all of the kind are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What was done to one cue.

    Attributes:
        rules: The findings that it ended or made fewer, at least one.
        before: The cue as it was.
        after: The cue as it is.
    """

    rules: tuple[str, ...]
    before: Cue
    after: Cue


@dataclass(slots=True)
class _Proposal:
    """A cue as it might be, and the findings for which: the cue they stand at, and their rule."""

    cue: Cue
    causes: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedTrack:
    """A track after its fixes, and each of them in the order of the cues."""

    track: Track
    fixes: tuple[Fix, ...]


def fix_track(
    subject: Subject, *, check: Check, break_lines: Callable[[str], tuple[str, ...]]
) -> FixedTrack:
    """Fix a track: characters first, then lines, then times.

    Locked and approved cues stay as they are. A fix stands only if the finding that it was made for
    is gone or there are fewer of it, and nothing new is found anywhere: neither a new finding nor,
    for a finding that was there, a greater number of them. A new warning is let pass where an error
    went.

    Args:
        subject: The track, its profile, and what it is held against.
        check: Findings of the track in another state.
        break_lines: Gives the lines of one cue's text in the profile.
    """

    def lines_anew(subject: Subject, wrong: Wrong) -> dict[str, _Proposal]:
        return _break_anew(subject, wrong, break_lines)

    track, findings = subject.track, check(subject.track)
    at_first = findings
    causes: dict[str, set[tuple[str, str]]] = {}
    for propose in (_retyped, lines_anew, _retimed):
        now = replace(subject, track=track)
        track, findings, done = _improved(now, findings, check, propose)
        for one, proposal in done.items():
            causes.setdefault(one, set()).update(proposal.causes)
    still = _as_many(set().union(*causes.values()), at_first, findings)
    fixes = [
        Fix(rules=_named(causes[old.id] - still or causes[old.id]), before=old, after=new)
        for old, new in zip(subject.track.cues, track.cues, strict=True)
        if old is not new
    ]
    return FixedTrack(track=track, fixes=tuple(fixes))


def _improved(
    subject: Subject, findings: list[Finding], check: Check, propose: Propose
) -> tuple[Track, list[Finding], dict[str, _Proposal]]:
    """Apply the proposals that stand; return the track, its findings, and these proposals.

    What makes something worse is given back with its neighbours; what ends no finding is proposed
    again without it.
    """
    open_ids = {cue.id for cue in subject.track.cues if not is_sealed(cue)}
    open_ids -= {
        one for one, count in Counter(c.id for c in subject.track.cues).items() if count > 1
    }
    wrong = _rules_by_cue(findings)
    for _ in range(_TRIES):
        found = {one: made for one, made in propose(subject, wrong).items() if one in open_ids}
        if not found:
            break
        track = _with(subject.track, {one: made.cue for one, made in found.items()})
        after = check(track)
        worse = _worse(findings, after)
        if worse:
            open_ids -= _beside(subject.track, worse) & set(found) or set(found)
            continue
        causes = {cause for made in found.values() for cause in made.causes}
        idle = _as_many(causes, findings, after)
        if not idle:
            return track, after, found
        for cue, rule in idle:
            wrong[cue].discard(rule)
    return subject.track, findings, {}


def _as_many(
    causes: set[tuple[str, str]], before: list[Finding], after: list[Finding]
) -> set[tuple[str, str]]:
    """Return the findings, each a cue and a rule, that occur as often as before."""
    had = Counter((finding.cue, finding.rule) for finding in before)
    has = Counter((finding.cue, finding.rule) for finding in after)
    return {cause for cause in causes if has[cause] >= had[cause]}


def _named(causes: set[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted({rule for _, rule in causes}))


def _rules_by_cue(findings: list[Finding]) -> Wrong:
    wrong: dict[str, set[str]] = {}
    for finding in findings:
        wrong.setdefault(finding.cue, set()).add(finding.rule)
    return wrong


def _with(track: Track, cues: dict[str, Cue]) -> Track:
    return replace(track, cues=tuple(cues.get(cue.id, cue) for cue in track.cues))


def _worse(before: Iterable[Finding], after: Iterable[Finding]) -> set[str]:
    """Return the ids of cues with new findings; the empty id stands for findings on no cue."""
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
    """Return these cues and their neighbours; all cues where a finding stands at none."""
    if "" in ids:
        return {cue.id for cue in track.cues}
    near = set(ids)
    for place, cue in enumerate(track.cues):
        if cue.id in ids:
            near.update(other.id for other in track.cues[max(0, place - 2) : place + 3])
    return near


def _retyped(subject: Subject, wrong: Wrong) -> dict[str, _Proposal]:
    found = {}
    for cue in subject.track.cues:
        lines, causes = cue.lines, set()
        for rule in [rule for rule in TEXT_FIXES if rule in wrong.get(cue.id, ())]:
            mended = tuple(TEXT_FIXES[rule](line, subject.profile) for line in lines)
            if mended != lines:
                causes.add((cue.id, rule))
            lines = mended
        lines = tuple(line for line in lines if line.strip()) or cue.lines
        if lines != cue.lines:
            found[cue.id] = _Proposal(with_lines(cue, lines), causes)
    return found


def _break_anew(
    subject: Subject, wrong: Wrong, break_lines: Callable[[str], tuple[str, ...]]
) -> dict[str, _Proposal]:
    found = {}
    for cue in subject.track.cues:
        if rules := wrong.get(cue.id, set()) & set(LAYOUT_RULES):
            lines = break_lines(cue.text)
            if lines and lines != cue.lines:
                causes = {(cue.id, rule) for rule in rules}
                found[cue.id] = _Proposal(with_lines(cue, lines), causes)
    return found


def _retimed(subject: Subject, wrong: Wrong) -> dict[str, _Proposal]:
    cues = list(subject.track.cues)
    asked: dict[int, dict[str, set[tuple[str, str]]]] = {}
    for place, cue in enumerate(cues):
        for rule in wrong.get(cue.id, ()):
            moved = _before(cues, place) if rule in AT_THE_ONE_BEFORE else place
            if rule in TIME_FIXES and moved is not None:
                asked.setdefault(moved, {}).setdefault(rule, set()).add((cue.id, rule))
    found = {}
    for place in sorted(asked):
        proposal = _Proposal(cues[place])
        for rule in [rule for rule in TIME_FIXES if rule in asked[place]]:
            before, after = _before(cues, place), _after(cues, place)
            near = Neighbours(
                None if before is None else cues[before],
                cues[place],
                None if after is None else cues[after],
            )
            span = TIME_FIXES[rule](near, subject)
            if span != cues[place].span:
                proposal.causes |= asked[place][rule]
                cues[place] = proposal.cue = replace(cues[place], span=span)
        if cues[place].span != subject.track.cues[place].span:
            found[cues[place].id] = proposal
    return found


def _before(cues: list[Cue], place: int) -> int | None:
    """Return the cue before it in the same place of the picture."""
    where = cues[place].placement.vertical
    return next((i for i in range(place - 1, -1, -1) if cues[i].placement.vertical == where), None)


def _after(cues: list[Cue], place: int) -> int | None:
    where = cues[place].placement.vertical
    later = range(place + 1, len(cues))
    return next((i for i in later if cues[i].placement.vertical == where), None)

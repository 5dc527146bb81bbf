"""Sign-off: who approved what, and the requirements a track must meet before delivery."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from subkit.edit import standing
from subkit.errors import ApprovalError, InputError
from subkit.files.data_files import MAX_TOML, parse_toml
from subkit.files.plain_text import read_small_file
from subkit.model import ReviewState, Severity
from subkit.quality.project_check import check_track
from subkit.risk import risk_queue
from subkit.translation.staleness import stale_reasons

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from subkit.model import Cue, Project, Track
    from subkit.styles import Styles

__all__ = [
    "ROLES",
    "Gate",
    "Missing",
    "missing_approvals",
    "read_gate",
    "require_gate",
    "review_level",
]

ROLES = ("translator", "reviewer", "producer")
"""In which role a person signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a track must pass before it may go out.

    Attributes:
        roles: Each of them must have approved every cue as it is now.
        errors: No finding of severity error is open.
        risk: Every cue with at least this risk was seen (0 to 1); 2 asks for none.
        comments: No comment is open.
        stale: No cue was translated from a text that changed since.
    """

    roles: tuple[str, ...] = ()
    errors: bool = False
    risk: float = 2.0
    comments: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An unmet requirement, and the cues that it concerns.

    Attributes:
        gate: ``"approval"``, ``"roles"``, ``"errors"``, ``"risk"``, ``"comments"``, ``"stale"``.
        message: One sentence.
        cues: Ids of the cues concerned.
    """

    gate: str
    message: str
    cues: tuple[str, ...]


def read_gate(path: Path) -> Gate:
    """A gate from a TOML file, for example ``roles = ["reviewer"]`` and ``errors = true``.

    Raises:
        InputError: the file cannot be read, is not TOML, or has unknown keys or values.
    """
    table = parse_toml(read_small_file(path, MAX_TOML), str(path))
    known = {field.name for field in fields(Gate)}
    if strangers := sorted(set(table) - known):
        raise InputError(
            f"{str(path)!r} has unknown keys: {', '.join(strangers)}.",
            remedy=f"Known: {', '.join(sorted(known))}.",
        )
    roles, risk = table.pop("roles", []), table.pop("risk", 2.0)
    right = (
        isinstance(roles, list)
        and set(map(str, roles)) <= set(ROLES)
        and isinstance(risk, (int, float))
        and all(isinstance(value, bool) for value in table.values())
    )
    if not right:
        raise InputError(
            f"{str(path)!r} has a value that is not right.",
            remedy=f"roles is a list of {', '.join(ROLES)}; risk a number; the rest true or false.",
        )
    return Gate(roles=tuple(roles), risk=float(risk), **table)


def missing_approvals(project: Project, track: Track, gate: Gate, style: Styles) -> list[Missing]:
    """What keeps a track from passing a gate; empty if it passes.

    Every cue must be approved as it is now: an approval of other words or times does not count.
    """
    found = [
        Missing(gate="approval", message=_not_approved(len(open_)), cues=open_)
        for open_ in [tuple(cue.id for cue in track.cues if not _is_approved(cue))]
        if open_
    ]
    found += [*_roles(track, gate), *_comments(track, gate), *_stale(project, track, gate)]
    if gate.errors:
        listed = check_track(project, track, style)
        wrong = dict.fromkeys(f.cue for f in listed if f.severity is Severity.ERROR)
        if wrong:
            message = "They break hard limits of the house style."
            found.append(Missing(gate="errors", message=message, cues=tuple(wrong)))
    if gate.risk <= 1:
        seen = {cue.id for cue in track.cues if cue.review.seen}
        risky = [item.cue for item in risk_queue(project, track, style) if item.risk >= gate.risk]
        unseen = tuple(cue for cue in risky if cue not in seen)
        if unseen:
            message = f"Their risk is {gate.risk:g} or more and nobody looked at them."
            found.append(Missing(gate="risk", message=message, cues=unseen))
    return found


def require_gate(project: Project, tracks: Iterable[Track], gate: Gate, style: Styles) -> None:
    """Return if all tracks pass.

    Raises:
        ApprovalError: not so; it has the cues and what is missing.
    """
    missing = {track.id: missing_approvals(project, track, gate, style) for track in tracks}
    cues = list(
        dict.fromkeys(f"{track}/{cue}" for track, m in missing.items() for x in m for cue in x.cues)
    )
    if not cues:
        return
    count = "1 cue is" if len(cues) == 1 else f"{len(cues)} cues are"
    shown = ", ".join(cues[:10]) + (", …" if len(cues) > 10 else "")
    reasons = sorted({x.gate for found in missing.values() for x in found})
    raise ApprovalError(
        f"{project.title!r}: {count} not approved ({', '.join(reasons)}): {shown}.",
        remedy="Have them reviewed, or export without --require approved.",
        cues=cues,
        missing=[
            {"track": track, "gate": x.gate, "message": x.message, "cues": list(x.cues)}
            for track, found in missing.items()
            for x in found
        ],
    )


def review_level(track: Track) -> str:
    """How much of a track people looked at, as it happened: ``none``, ``spot`` or ``full``.

    Full: every cue was on a reviewer's screen and its stretch was played meanwhile.
    """
    reviews = [cue.review for cue in track.cues]
    if reviews and all(review.seen and review.played for review in reviews):
        return "full"
    return "spot" if any(review.seen for review in reviews) else "none"


def _not_approved(count: int) -> str:
    cues = "1 cue is" if count == 1 else f"{count} cues are"
    return f"{cues} not approved by a person in the words and times of now."


def _is_approved(cue: Cue) -> bool:
    return cue.review.state is ReviewState.APPROVED and bool(standing(cue))


def _roles(track: Track, gate: Gate) -> Iterable[Missing]:
    for role in gate.roles:
        without = tuple(cue.id for cue in track.cues if role not in {a.role for a in standing(cue)})
        if without:
            yield Missing(gate="roles", message=f"No {role} approved them.", cues=without)


def _comments(track: Track, gate: Gate) -> Iterable[Missing]:
    open_ = tuple(c.id for c in track.cues if any(not said.resolved for said in c.comments))
    if gate.comments and open_:
        yield Missing(gate="comments", message="A comment is open.", cues=open_)


def _stale(project: Project, track: Track, gate: Gate) -> Iterable[Missing]:
    reasons = stale_reasons(project, track) if gate.stale else {}
    if reasons:
        message = "They were translated from another text."
        yield Missing(gate="stale", message=message, cues=tuple(reasons))

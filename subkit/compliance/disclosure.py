"""Disclosure: which parts of a track machines made, with which models, and who reviewed them.

The JSON beside an export is the source of truth (its shape: ``docs/disclosure.schema.json``);
:func:`disclosure_note` is the same in plain lines, for formats with a place for a note. Nothing is
stated that the project does not know: what was not recorded is null.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from subkit.compliance.provenance import DEMO_WARNING, is_demo
from subkit.compliance.signoff import review_level
from subkit.errors import InputError
from subkit.model import Origin, Provenance, ReviewState, digest, from_plain, to_plain
from subkit.store import LedgerMark
from subkit.translation import MEMORY_TOOL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.model import Cue, Project, Track

__all__ = [
    "MAX_SIDECAR",
    "SIDECAR",
    "DisclosedStage",
    "Disclosure",
    "Reviewer",
    "disclose",
    "disclosure_note",
    "is_own_sidecar",
    "sidecar",
    "sidecar_ledger",
]

SCHEMA = "urn:subkit:disclosure:1"

_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MACHINE = f"{_TYPES}trainedAlgorithmicMedia"
MIXED = f"{_TYPES}compositeWithTrainedAlgorithmicMedia"
RULES = f"{_TYPES}algorithmicMedia"
PEOPLE = f"{_TYPES}digitalCreation"
"""IPTC Digital Source Type, https://cv.iptc.org/newscodes/digitalsourcetype/."""

_SOURCE_TYPES = {
    Origin.ASR: MACHINE,
    Origin.MT: MACHINE,
    Origin.RULE: RULES,
    Origin.HUMAN: PEOPLE,
    Origin.IMPORT: None,
}
_STAGES = {
    Origin.ASR: "recognition",
    Origin.MT: "translation",
    Origin.RULE: "rule",
    Origin.HUMAN: "editing",
    Origin.IMPORT: "import",
}
_LOCAL = frozenset({"faster-whisper", "ctranslate2", "subkit", "espeak-ng", MEMORY_TOOL})
"""Tools that subkit runs on its own machine: nothing is sent anywhere."""
SIDECAR = "disclosure.json"
"""Ends the name of the disclosure beside the files of a track: ``film.ko.disclosure.json``."""

MAX_SIDECAR = 2**20
"""Longest disclosure, bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedStage:
    """One way in which texts of the track, or what they were made from, came into being.

    Attributes:
        stage: ``recognition``, ``translation``, ``memory``, ``editing``, ``import`` or ``rule``.
        track: Id of the track it is in; the transcript's words are of the source track.
        tool: Program or component.
        version: Of the tool; ``None`` where not recorded.
        model: Name of the model, ``None`` without one.
        digest: Over the model's files.
        options_digest: Over the options that shaped the result.
        offline: Nothing left the machine; ``None`` where that is not known.
        digital_source_type: IPTC address of the kind; ``None`` where it is not known.
        actors: The people, for what people did.
        cues: How many cues of the track have their text from it.
        since: Earliest time, ISO 8601 in UTC; ``None`` where not recorded.
        until: Latest time, likewise.
        demo: An embedded demo model, which invents outside its small domain.
    """

    stage: str
    track: str
    tool: str
    version: str | None
    model: str | None
    digest: str | None
    options_digest: str | None
    offline: bool | None
    digital_source_type: str | None
    actors: tuple[str, ...]
    cues: int
    since: str | None
    until: str | None
    demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """A person who edited or approved; ``role`` is empty for who only edited, ``cues`` how many."""

    actor: str
    role: str
    cues: int
    time: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Everything disclosed of one track.

    Attributes:
        schema: Names the shape.
        title: Of the project.
        track: Id of the track.
        language: BCP 47.
        purpose: What the track is for.
        media: Name of the media file, without its folder.
        media_digest: Digest of the media file.
        digital_source_type: IPTC address for the track as a whole.
        demo: An embedded demo model took part.
        stages: How its texts came into being, those of the source track first.
        review_level: How much of it people looked at: ``none``, ``spot`` or ``full``.
        cues: How many cues it has.
        seen: How many were on a reviewer's screen.
        played: How many were played there.
        edited: How many people edited.
        approved: How many are approved.
        reviewers: Who edited and approved.
        statement: The same for people.
    """

    schema: str = SCHEMA
    title: str
    track: str
    language: str
    purpose: str
    media: str
    media_digest: str
    digital_source_type: str | None
    demo: bool
    stages: tuple[DisclosedStage, ...]
    review_level: str
    cues: int
    seen: int
    played: int
    edited: int
    approved: int
    reviewers: tuple[Reviewer, ...]
    statement: str


def disclose(project: Project, track: Track) -> Disclosure:
    """What is disclosed of a track."""
    stages = _stages(project, track)
    states = Counter(cue.review.state for cue in track.cues)
    known = Disclosure(
        title=project.title,
        track=track.id,
        language=track.language,
        purpose=track.purpose.value,
        media=PurePath(project.media.path).name,
        media_digest=project.media.digest,
        digital_source_type=_whole_type(track, stages),
        demo=is_demo(project, track),
        stages=stages,
        review_level=review_level(track),
        cues=len(track.cues),
        seen=sum(cue.review.seen for cue in track.cues),
        played=sum(cue.review.played for cue in track.cues),
        edited=states[ReviewState.EDITED],
        approved=states[ReviewState.APPROVED],
        reviewers=_reviewers(track),
        statement="",
    )
    return replace(known, statement="\n".join(_statement(known)))


def disclosure_note(project: Project, track: Track) -> str:
    """The disclosure of a track in plain lines, for a note in a file, a tag or a description."""
    return disclose(project, track).statement


def sidecar(known: Disclosure, ledger: LedgerMark | None = None) -> bytes:
    """The JSON that goes beside an export; its ``digest`` is over all the rest.

    Args:
        known: What is disclosed.
        ledger: Of the project as it is now, for ``subkit verify --against``; ``None`` where the
            document is in no project file.
    """
    plain = {**to_plain(known), "ledger": to_plain(ledger)}
    plain["digest"] = digest(plain)
    return (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode()


def is_own_sidecar(data: bytes) -> bool:
    """Return whether a file is an unchanged disclosure of subkit, which may be replaced."""
    return _unchanged(data) is not None


def sidecar_ledger(data: bytes, name: str) -> LedgerMark | None:
    """Return the mark of the ledger in a disclosure; ``None`` where it has none.

    Raises:
        InputError: it is no disclosure, or not as subkit wrote it.
    """
    plain = _unchanged(data)
    if plain is None:
        raise InputError(
            f"{name!r} is not a disclosure as subkit wrote it: it witnesses nothing.",
            remedy="Give the one that went out, unchanged.",
        )
    ledger = plain.get("ledger")
    return None if ledger is None else from_plain(LedgerMark, ledger)


def _unchanged(data: bytes) -> dict[str, Any] | None:
    """Return a disclosure without schema and digest; ``None`` unless it is as subkit wrote it."""
    if len(data) > MAX_SIDECAR:
        return None
    try:
        plain: dict[str, Any] = json.loads(data)
        own = plain.pop("schema", "") == SCHEMA
        whole = own and plain.pop("digest", "") == digest({"schema": SCHEMA, **plain})
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None
    return plain if whole else None


def _stages(project: Project, track: Track) -> tuple[DisclosedStage, ...]:
    found: list[DisclosedStage] = []
    source = project.source_of(track)
    words = project.transcript.provenance if project.transcript is not None else None
    for part in (source, track):
        if part is None:
            continue
        groups: dict[tuple[Any, ...], list[Provenance]] = {}
        if words is not None and part.source is None:
            groups.setdefault(_kind(words), [])
        for cue in part.cues:
            if cue.provenance is not None:
                groups.setdefault(_kind(cue.provenance), []).append(cue.provenance)
        for kind, made in groups.items():
            first = made[0] if made else words
            assert first is not None
            assert kind == _kind(first)
            found.append(_stage(part.id, first, made))
    return tuple(found)


def _kind(made: Provenance) -> tuple[Any, ...]:
    """Return what two provenances must have in common to count as one stage."""
    return (made.origin, made.tool, made.version, made.model, made.model_digest)


def _stage(track: str, first: Provenance, made: list[Provenance]) -> DisclosedStage:
    times = sorted(known.time for known in (made or [first]) if known.time)
    shapes = {known.options_digest for known in (made or [first])}
    people = {known.actor for known in made if known.origin is Origin.HUMAN}
    remembered = first.tool == MEMORY_TOOL
    return DisclosedStage(
        stage="memory" if remembered else _STAGES[first.origin],
        track=track,
        tool=first.tool,
        version=first.version or None,
        model=first.model,
        digest=first.model_digest,
        options_digest=shapes.pop() if len(shapes) == 1 else None,
        offline=True if first.tool in _LOCAL or first.origin is Origin.HUMAN else None,
        digital_source_type=_SOURCE_TYPES[first.origin],
        actors=() if remembered else tuple(sorted(people)),
        cues=len(made),
        since=times[0] if times else None,
        until=times[-1] if times else None,
        demo=first.demo,
    )


def _whole_type(track: Track, stages: Iterable[DisclosedStage]) -> str | None:
    """Return one source type for the whole track: made by machines, by people, or by both."""
    types = {stage.digital_source_type for stage in stages}
    own = {_SOURCE_TYPES[cue.provenance.origin] for cue in track.cues if cue.provenance is not None}
    if any(cue.provenance is None for cue in track.cues) or None in types:
        return MIXED if MACHINE in types else None
    edited = any(_by_people(cue) for cue in track.cues)
    if MACHINE in types:
        return MACHINE if own <= {MACHINE} and not edited else MIXED
    return own.pop() if len(own) == 1 else None


def _by_people(cue: Cue) -> bool:
    return cue.review.state is ReviewState.EDITED


def _reviewers(track: Track) -> tuple[Reviewer, ...]:
    acts: dict[tuple[str, str], list[str]] = {}
    for cue in track.cues:
        review = cue.review
        for approval in review.approvals:
            acts.setdefault((approval.actor, approval.role), []).append(approval.time)
        if review.actor and not (review.approvals and review.state is ReviewState.APPROVED):
            acts.setdefault((review.actor, ""), []).append(review.time or "")
    return tuple(
        Reviewer(actor=actor, role=role, cues=len(times), time=max(times) or None)
        for (actor, role), times in sorted(acts.items())
    )


def _statement(known: Disclosure) -> list[str]:
    """Write the lines that a reader of the file must know."""
    verbs = {"recognition": "recognised by machine", "translation": "translated by machine"}
    lines = [f"DEMO. {DEMO_WARNING}"] if known.demo else []
    machines = [stage for stage in known.stages if stage.stage in verbs]
    lines += sorted(
        {
            f"{verbs[s.stage]}: {' '.join(filter(None, (s.tool, s.version)))}, model {s.model}"
            for s in machines
        }
    )
    remembered = sum(s.cues for s in known.stages if s.stage == "memory")
    if remembered:
        lines.append(f"from a translation memory: {remembered} cues")
    imported = sum(s.cues for s in known.stages if s.stage == "import")
    if imported:
        lines.append(f"read from a subtitle file, its makers not recorded: {imported} cues")
    lines.append(f"approved by a person: {known.approved} of {known.cues} cues")
    lines.append(f"review: {known.review_level}")
    if known.digital_source_type is not None:
        lines.append(f"digital source type: {known.digital_source_type}")
    return lines

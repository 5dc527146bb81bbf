"""Document values in the form of the API: plain data, with times as exact text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.edit import is_standing, standing
from subkit.language import resolve_language
from subkit.model import to_plain
from subkit.quality.report import plain_finding
from subkit.speakers import label_of
from subkit.translation import MEMORY_TOOL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from subkit.model import Alternative, Cue, Finding, Profile, Project, Provenance, Track
    from subkit.quality.accounting import Stretch
    from subkit.risk import Risk

__all__ = [
    "view_cue",
    "view_finding",
    "view_profile",
    "view_risk",
    "view_signoffs",
    "view_speaker",
    "view_stretch",
    "view_track",
    "view_words",
]


def view_cue(cue: Cue, revision: int, stale: str | None) -> dict[str, Any]:
    """A cue as the list of cues has it."""
    review = cue.review
    made = cue.provenance
    return {
        "id": cue.id,
        "revision": revision,
        "start": _time(cue.span.start),
        "end": _time(cue.span.end),
        "lines": list(cue.lines),
        "placement": {
            "vertical": cue.placement.vertical,
            "horizontal": cue.placement.horizontal,
        },
        "marks": _marks(cue),
        "forced": cue.forced,
        "speaker": cue.speaker,
        "language": cue.language,
        "sources": list(cue.sources),
        "confidence": cue.confidence,
        "origin": made.origin.value if made else None,
        "made_by": _maker(made),
        "alternatives": [_alternative(other) for other in cue.alternatives],
        "review": {
            "state": review.state.value,
            "actor": review.actor,
            "time": review.time,
            "seen": review.seen,
            "played": review.played,
            "roles": [approval.role for approval in standing(cue)],
        },
        "locked": cue.locked,
        "stale": stale,
        "comments": [to_plain(comment) for comment in cue.comments],
    }


def _marks(cue: Cue) -> list[dict[str, Any]]:
    """Return marks with offsets as browsers count them, in UTF-16."""
    if not cue.marks:
        return []
    units = [0]
    for letter in cue.text:
        units.append(units[-1] + (2 if letter > "\uffff" else 1))
    return [
        {
            "start": units[min(mark.start, len(cue.text))],
            "end": units[min(mark.end, len(cue.text))],
            "feature": mark.feature.value,
            "value": mark.value,
            "how": mark.how,
        }
        for mark in cue.marks
    ]


def _time(time: Any) -> str:
    return f"{time.numerator}/{time.denominator}"


def _maker(made: Provenance | None) -> str | None:
    return None if made is None else made.model or made.actor


def _alternative(other: Alternative) -> dict[str, Any]:
    made = other.provenance
    return {
        "text": other.text,
        "score": other.score,
        "origin": made.origin.value if made else None,
        "from_memory": made is not None and made.tool == MEMORY_TOOL,
        "actor": made.actor if made else None,
    }


def view_finding(finding: Finding) -> dict[str, Any]:
    """A finding of the quality check."""
    return plain_finding(finding)


def view_risk(item: Risk) -> dict[str, Any]:
    """A cue of the queue with its reasons."""
    return {
        "cue": item.cue,
        "risk": item.risk,
        "looked_at": item.looked_at,
        "reasons": [
            {"kind": reason.kind, "weight": weight, "message": reason.message}
            for reason, weight in zip(item.reasons, item.weights, strict=True)
        ],
    }


def view_stretch(stretch: Stretch) -> dict[str, Any]:
    """A stretch of voice."""
    return {
        "start": _time(stretch.span.start),
        "end": _time(stretch.span.end),
        "state": stretch.state,
        "cues": list(stretch.cues),
        "reason": stretch.reason or None,
        "actor": stretch.actor or None,
    }


def view_profile(profile: Profile) -> dict[str, Any]:
    """Return the numbers of a house style that the page shows."""
    plain = to_plain(profile)
    names = (
        *("id", "max_lines", "max_cpl", "max_cps", "counting"),
        *("min_duration", "max_duration", "min_gap_frames"),
    )
    return {name: plain[name] for name in names}


def view_track(track: Track, profile: Profile, progress: Mapping[str, Any]) -> dict[str, Any]:
    """A track without its cues."""
    return {
        "id": track.id,
        "language": track.language,
        "direction": resolve_language(track.language).direction,
        "purpose": track.purpose.value,
        "source": track.source,
        "cues": len(track.cues),
        "profile": view_profile(profile),
        "progress": dict(progress),
    }


def view_signoffs(project: Project) -> list[dict[str, Any]]:
    """Return the sign-offs, and whether each is still valid."""
    return [
        {**to_plain(signed), "stands": is_standing(project, signed)} for signed in project.signoffs
    ]


def view_speaker(project: Project, cue: Cue) -> dict[str, Any] | None:
    """Who speaks in a cue, how that is known and how sure; ``None`` where nobody knows."""
    if project.transcript is None:
        return None
    label = label_of(project.transcript, cue.span, speaker=cue.speaker)
    if label is None:
        return None
    sure = {"method": label.method, "confidence": label.confidence}
    return {"speaker": label.speaker, **sure, "also": list(label.also)}


def view_words(project: Project, cues: Iterable[Cue]) -> list[dict[str, Any]]:
    """Return the words recognised while any of these cues is on screen."""
    spans = [cue.span for cue in cues]
    words = project.transcript.words if project.transcript else ()
    return [to_plain(word) for word in words if any(word.span.overlaps(span) for span in spans)]

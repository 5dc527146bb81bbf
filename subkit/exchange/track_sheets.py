"""Convert a track of a project to a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.exchange.sheet_rows import Limits, Remark, Sheet, SheetRow
from subkit.model import ReviewState, TermKind
from subkit.terminology import Glossary
from subkit.timing.measures import reading_width
from subkit.translation import stale_cues

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from subkit.model import Cue, Profile, Project, Track

__all__ = ["source_text", "track_sheet"]

_STALE = "stale: the source text has changed since this was translated"


def source_text(cue: Cue, texts: Mapping[str, str]) -> str:
    """What a cue translates: the source cue of its id, else all that it was made from."""
    if cue.id in texts:
        return texts[cue.id]
    return "\n".join(texts[name] for name in cue.sources if name in texts)


def track_sheet(project: Project, track: Track, profile: Profile, *, note: str = "") -> Sheet:
    """Return the rows of a track, with everything that reviewers need.

    A cue whose source has changed since is shown as one that nobody has looked at, with a note:
    what was approved stood for another source text.

    Args:
        project: The document.
        track: One of its tracks.
        profile: House style whose limits are shown.
        note: How the track was made, plain lines.
    """
    source = project.source_of(track)
    originals = () if source is None else source.cues
    texts = {cue.id: cue.text for cue in originals}
    said_in = {cue.id: cue.language for cue in originals if cue.language}
    speakers = {s.id: s.name for s in project.transcript.speakers} if project.transcript else {}
    rate, start = project.media.frame_grid, project.media.programme_start
    spoken = track.language if source is None else source.language
    glossary = Glossary(project.glossary, spoken, track.language)
    stale = set() if source is None else {cue.id for cue in stale_cues(track, source)}
    rows = []
    for cue in sorted(track.cues, key=lambda cue: cue.span.start):
        original = source_text(cue, texts)
        state = ReviewState.UNREVIEWED if cue.id in stale else cue.review.state
        approved = state is ReviewState.APPROVED
        notes = _notes(original, glossary)
        rows.append(
            SheetRow(
                track=track.id,
                cue=cue.id,
                start=rate.timecode(cue.span.start, start),
                end=rate.timecode(cue.span.end, start),
                speaker=speakers.get(cue.speaker or "", cue.speaker or ""),
                source=original,
                source_language=said_in.get(cue.id, spoken) if original else "",
                text=cue.text,
                state=state,
                approved_by=(cue.review.actor or "") if approved else "",
                approved_at=(cue.review.time or "") if approved else "",
                cps=_speed(cue, profile),
                room=_room(cue, profile),
                notes=(_STALE, *notes) if cue.id in stale else notes,
                comments=tuple(
                    Remark(text=comment.text, who=comment.actor, time=comment.time)
                    for comment in cue.comments
                ),
            )
        )
    return Sheet(
        title=project.title,
        track=track.id,
        language=track.language,
        source_language="" if source is None else source.language,
        limits=_limits(profile),
        note=note,
        rows=tuple(rows),
    )


def _limits(profile: Profile) -> Limits:
    return Limits(
        profile=profile.id,
        max_lines=profile.max_lines,
        max_cpl=profile.max_cpl,
        max_cps=profile.max_cps,
        half_width=profile.counting == "half-width",
    )


def _speed(cue: Cue, profile: Profile) -> Fraction | None:
    if not cue.span.duration:
        return None
    return reading_width(cue, profile.counting) / cue.span.duration


def _room(cue: Cue, profile: Profile) -> int:
    """Most characters that keep both the lines and the reading speed of the profile."""
    return min(profile.max_lines * profile.max_cpl, int(profile.max_cps * cue.span.duration))


def _notes(source: str, glossary: Glossary) -> tuple[str, ...]:
    """What the glossary says of the words in a source text."""
    notes = []
    for demand in dict.fromkeys(found.key for found in glossary.demands(source)):
        words = f"{demand.source} → {demand.target}" if demand.target else demand.source
        kind = "" if demand.term.kind is TermKind.TERM else f"{demand.term.kind.value}: "
        notes.append(f"{kind}{words}" + (f" ({demand.term.note})" if demand.term.note else ""))
    return tuple(notes)

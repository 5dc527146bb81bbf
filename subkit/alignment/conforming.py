"""A document carried to another edit of its programme: one function of it and of a cut map."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.alignment.carried_evidence import carried_shots, carried_transcript
from subkit.edit import content_digest, standing, without_approvals
from subkit.errors import CueLockedError
from subkit.model import Span, to_plain
from subkit.model.clock import clock_time
from subkit.model.display import shorten

if TYPE_CHECKING:
    from subkit.alignment.cut_map import CarriedSpan, CutMap
    from subkit.model import Anchor, Cue, FrameRate, Loop, Media, Project, Track

__all__ = ["ConformResult", "ConformRow", "Fate", "carried_cue", "conform_project"]


class Fate(str, Enum):
    """What became of a cue in another edit, where it did not simply move."""

    GONE = "gone"
    """Nothing of its time is in the new edit: it is taken out of its track."""
    PARTLY = "partly cut"
    """An end of it is not in the new edit: it is as long as what is left."""
    SPLIT = "split"
    """A cut goes through it: it stands where the longest part is."""
    REPEATED = "repeated"
    """The new edit has it in several places: it stands in the first."""
    UNPROVEN = "unproven"
    """It lies where nothing shows that the sound is the same."""
    DURATION = "duration changed"
    """It is shorter or longer, since the new edit runs at another speed."""


_SENTENCES = {
    Fate.GONE: "it is not in the new cut",
    Fate.PARTLY: "part of it is not in the new cut",
    Fate.SPLIT: "a cut goes through it",
    Fate.REPEATED: "the new cut has it in several places",
    Fate.UNPROVEN: "nothing shows that the sound there is the same",
    Fate.DURATION: "it does not last as long",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformRow:
    """A cue that somebody should look at, and why.

    Attributes:
        track: Id of its track.
        cue: Its id.
        fate: What became of it.
        old: When it was.
        new: When it is; ``None`` where it is gone.
        text: Its text, shortened.
        approved: It had an approval that fell.
    """

    track: str
    cue: str
    fate: Fate
    old: Span
    new: Span | None
    text: str
    approved: bool = False

    @property
    def why(self) -> str:
        """What became of it, as part of a sentence."""
        return _SENTENCES[self.fate]

    @property
    def message(self) -> str:
        """One sentence."""
        where = "" if self.new is None else f" It is at {clock_time(self.new.start)} now."
        return f"Cue {self.cue!r} at {clock_time(self.old.start)}: {self.why}.{where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformResult:
    """A document in another edit, and what of it should be looked at.

    Attributes:
        project: The document.
        cuts: Where its times went.
        rows: The cues that did not simply move, in order of the track and of the old edit.
        moved: How many cues were carried.
        kept: How many approvals of cues stand as before.
        fresh: Stretches of the new edit that no cue was made for.
    """

    project: Project
    cuts: CutMap
    rows: tuple[ConformRow, ...]
    moved: int
    kept: int
    fresh: tuple[Span, ...]

    def counts(self) -> dict[str, int]:
        """Return how many cues each fate has."""
        found = Counter(row.fate for row in self.rows)
        return {fate.value: found[fate] for fate in Fate if found[fate]}

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the document as plain data."""
        return {
            "cuts": self.cuts.to_dict(),
            "cues": [{**to_plain(row), "message": row.message} for row in self.rows],
            "counts": self.counts(),
            "moved": self.moved,
            "approvals_kept": self.kept,
        }


def conform_project(project: Project, cuts: CutMap, media: Media) -> ConformResult:
    """Return a document carried to another edit, with all its tracks.

    Cues, anchors, loops, words, speaker turns, shot changes and omissions go where their frames
    are. A cue whose length and text are as before keeps its approvals, bound to its new times; all
    others are rows of the result.

    Args:
        project: The document.
        cuts: Where the times of its edit are in the other.
        media: Of the other edit; cues stand on its frames.

    Raises:
        CueLockedError: a cue that would change is locked; nothing is carried.
    """
    rows: list[ConformRow] = []
    moved = kept = 0
    for track in project.tracks:
        done = [_Carried.of(cue, cuts, media.frame_grid) for cue in track.cues]
        rows += [row for one in done if (row := one.row(track.id)) is not None]
        project = project.with_track(_track(track, done))
        moved += sum(one.new is not None for one in done)
        kept += sum(one.kept for one in done)
    project = replace(
        project,
        media=media,
        shots=None if project.shots is None else carried_shots(project.shots, cuts, media),
        transcript=project.transcript and carried_transcript(project.transcript, cuts),
        omissions=tuple(
            replace(one, span=part.new)
            for one in project.omissions
            for part in cuts.carried(one.span)
        ),
    )
    return ConformResult(
        project=project, cuts=cuts, rows=tuple(rows), moved=moved, kept=kept, fresh=cuts.fresh()
    )


@dataclass(frozen=True, slots=True)
class _Carried:
    """A cue before and after, and why it should be looked at."""

    old: Cue
    new: Cue | None
    fate: Fate | None
    kept: bool = False

    @classmethod
    def of(cls, cue: Cue, cuts: CutMap, grid: FrameRate) -> _Carried:
        new, fate = carried_cue(cue, cuts, grid)
        if cue.locked and new != cue:
            raise CueLockedError(
                f"Cue {cue.id!r} is locked and would move or go.",
                remedy="Unlock it first: a track is conformed as a whole.",
                cue=cue.id,
            )
        approvals = standing(cue)
        if new is None or new == cue:
            return cls(cue, new, fate, kept=new is not None and bool(approvals))
        if fate is None and approvals:
            digest = content_digest(new)
            bound = tuple(replace(approval, digest=digest) for approval in approvals)
            return cls(
                cue, replace(new, review=replace(cue.review, approvals=bound)), None, kept=True
            )
        return cls(cue, replace(new, review=without_approvals(cue.review)), fate)

    def row(self, track: str) -> ConformRow | None:
        if self.fate is None:
            return None
        return ConformRow(
            track=track,
            cue=self.old.id,
            fate=self.fate,
            old=self.old.span,
            new=None if self.new is None else self.new.span,
            text=shorten(self.old.text),
            approved=bool(standing(self.old)),
        )


def carried_cue(cue: Cue, cuts: CutMap, grid: FrameRate) -> tuple[Cue | None, Fate | None]:
    """Return a cue in another edit, and what a person should know of that.

    Args:
        cue: The cue.
        cuts: Where the times of its edit are in the other.
        grid: Frames of the other edit.

    Returns:
        The cue, ``None`` where it is gone, its review as it was; and its fate, ``None`` where it
        moved as it is.
    """
    parts = cuts.carried(cue.span)
    if not parts:
        return None, Fate.GONE
    whole = [part for part in parts if part.old == cue.span]
    part = whole[0] if whole else max(parts, key=lambda one: one.old.duration)
    span = grid.whole_frames(part.new)
    new = replace(cue, span=span)
    if cue.dub is not None:
        anchors = cue.dub.anchors
        # A sign of the mouth may stand a little outside its line, and goes with a whole one.
        kept = (
            anchors if whole else [a for a in anchors if part.old.start <= a.time <= part.old.end]
        )
        anchors = tuple(_anchor(anchor, part) for anchor in kept)
        new = replace(new, dub=replace(cue.dub, anchors=anchors))
    return new, _fate(cue, part, parts, span, grid)


def _fate(
    cue: Cue, part: CarriedSpan, parts: tuple[CarriedSpan, ...], span: Span, grid: FrameRate
) -> Fate | None:
    if part.old != cue.span:
        return Fate.SPLIT if len(parts) > 1 else Fate.PARTLY
    if sum(one.old == cue.span for one in parts) > 1:
        return Fate.REPEATED
    if not part.proven:
        return Fate.UNPROVEN
    # Half a frame at each end is what a grid of other frames does to any cue.
    if abs(span.duration - cue.span.duration) * grid.rate > 1:
        return Fate.DURATION
    return None


def _anchor(anchor: Anchor, part: CarriedSpan) -> Anchor:
    """An anchor where its frame is."""
    latest = max(part.old.end, anchor.time)
    end = None if anchor.end is None else _at(min(anchor.end, latest), part)
    return replace(anchor, time=_at(anchor.time, part), end=end)


def _at(time: Fraction, part: CarriedSpan) -> Fraction:
    if not part.old.duration:
        return part.new.start
    ratio = part.new.duration / part.old.duration
    return part.new.start + (time - part.old.start) * ratio


def _track(track: Track, done: list[_Carried]) -> Track:
    """The track with the cues that are left, in order, and all that names them."""
    cues = [one.new for one in done if one.new is not None]
    cues.sort(key=lambda cue: (cue.span.start, cue.span.end))
    spans = {cue.id: cue.span for cue in cues}
    return replace(
        track,
        cues=tuple(cues),
        loops=tuple(moved for loop in track.loops if (moved := _loop(loop, spans)) is not None),
    )


def _loop(loop: Loop, spans: dict[str, Span]) -> Loop | None:
    """A loop around those of its lines that are left; ``None`` where none is."""
    ids = sorted((key for key in loop.cues if key in spans), key=lambda key: spans[key].start)
    if not ids:
        return None
    hull = Span(spans[ids[0]].start, max(spans[key].end for key in ids))
    return replace(loop, span=hull, cues=tuple(ids))

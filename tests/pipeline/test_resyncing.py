"""Tracks that are moved: what changes, and what does not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from subkit.alignment import Reference, find_resync
from subkit.model import (
    Approval,
    Carried,
    Fade,
    FrameRate,
    Media,
    Project,
    Review,
    ReviewState,
    Span,
    Track,
)
from subkit.pipeline import resync_project
from tests.alignment.activity import film, moved

CUES = film(3, minutes=4)
HEARD = Reference(spans=tuple(cue.span for cue in CUES), duration=Fraction(400), subtitle=True)
APPROVAL = Approval(actor="Ana", role="", time="2026-01-01T00:00:00Z", digest="x")


def _project() -> Project:
    cues = [
        replace(
            cue,
            fade=Fade(up=Fraction(1, 5)),
            review=Review(state=ReviewState.APPROVED, approvals=(APPROVAL,)),
        )
        for cue in moved(CUES, Fraction(1), (0, 33))
    ]
    blank = replace(cues[4], id="blank", lines=("",), span=cues[4].span.shifted(Fraction(1, 3)))
    cues.insert(5, blank)
    note = Carried(format="vtt", kind="note", text="Kept.", before=cues[2].id)
    track = Track(id="en", language="en", cues=tuple(cues), carried=(note,))
    media = Media(path="", digest="", duration=Fraction(400))
    return Project(title="film", media=media, tracks=(track, replace(track, id="ko")))


def test_nothing_but_times_and_approvals_changes() -> None:
    project = _project()
    found = find_resync(project.tracks[0].cues, HEARD)
    done = resync_project(project, project.tracks, found, grid=None)
    for old, new in zip(project.tracks, done.tracks, strict=True):
        assert replace(old, cues=new.cues) == new
        assert [cue.id for cue in old.cues] == [cue.id for cue in new.cues]
        for before, after in zip(old.cues, new.cues, strict=True):
            assert after.span == before.span.shifted(Fraction(-33))
            assert replace(before, span=after.span, review=after.review) == after
            assert after.review == Review(state=ReviewState.EDITED)


def test_times_are_put_on_frames_and_no_cue_is_lost_between_them() -> None:
    project, grid = _project(), FrameRate(Fraction(24000, 1001))
    short = replace(project.tracks[0].cues[0], id="short", span=Span(Fraction(60), Fraction(60)))
    track = replace(project.tracks[0], cues=(*project.tracks[0].cues, short))
    found = find_resync(track.cues, HEARD)
    done = resync_project(project.with_track(track), [track], found, grid=grid)
    for cue in done.track("en").cues:
        frames = [time * grid.rate for time in (cue.span.start, cue.span.end)]
        assert all(frame.denominator == 1 for frame in frames)
        assert frames[0] < frames[1]
    assert done.track("ko") == project.track("ko")

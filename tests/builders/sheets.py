"""A translated project, and sheets of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from subkit.exchange import Sheet
from subkit.exchange.track_sheets import track_sheet
from subkit.model import (
    Comment,
    Cue,
    FrameRate,
    Media,
    Origin,
    Profile,
    Project,
    Provenance,
    Span,
    Term,
    TermKind,
    Track,
)

RATE = FrameRate(Fraction(24000, 1001))
PAIRS = (
    ("I was only twelve,\nbrother.", "난 겨우 열두 살이었어,\n형."),
    ("=SUM(A1:A9)", "- 뭐라고?\n- 아무것도 아냐."),
    ("R&B <i>{curly}</i> 1 < 2", "+82 <i>알앤비</i>"),
    ("_x0041_ “quoted”", "'=따옴표"),
    ("And then?", "그리고?"),
)


def project(pairs: tuple[tuple[str, str], ...] = PAIRS) -> Project:
    """Two tracks, ``ko`` translated from ``en``; the programme starts at ten hours."""
    made = Provenance(origin=Origin.MT, tool="ctranslate2", version="1", model="m")
    spans = [Span(RATE.time(48 * i), RATE.time(48 * i + 40)) for i in range(len(pairs))]

    def cues(side: int) -> tuple[Cue, ...]:
        return tuple(
            Cue(
                id=f"c{i:04d}",
                span=span,
                lines=tuple(pair[side].split("\n")),
                provenance=made,
                sources=(f"c{i:04d}",) if side else (),
            )
            for i, (span, pair) in enumerate(zip(spans, pairs, strict=True))
        )

    return Project(
        title="film",
        media=Media(
            path="/film.mkv",
            digest="sha256:0",
            duration=Fraction(600),
            frame_rate=RATE,
            programme_start=Fraction(36000) * Fraction(1001, 1000),
        ),
        tracks=(
            Track(id="en", language="en", cues=cues(0)),
            Track(id="ko", language="ko", source="en", cues=cues(1)),
        ),
        glossary=(
            Term(
                source="brother",
                target="형",
                source_language="en",
                language="ko",
                kind=TermKind.CULTURAL,
                note="elder, said by a man",
            ),
        ),
    )


def with_cue(document: Project, cue_id: str, track: str = "ko", **changes: Any) -> Project:
    """``document`` with other fields in one cue."""
    old = document.track(track)
    cues = tuple(replace(cue, **changes) if cue.id == cue_id else cue for cue in old.cues)
    return document.with_track(replace(old, cues=cues))


def commented(document: Project) -> Project:
    """``document`` with a comment at its first cue."""
    said = Comment(text="Too formal?", actor="Lee", time="2026-01-01T00:00:00+00:00")
    return with_cue(document, "c0000", comments=(said,))


def sheet(document: Project | None = None, track: str = "ko") -> Sheet:
    """The track as it goes out."""
    document = project() if document is None else document
    profile = Profile(id="subkit", language="ko", max_cpl=16, counting="half-width")
    return track_sheet(document, document.track(track), profile, note="Made by machine.\nCheck it.")

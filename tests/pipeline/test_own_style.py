"""What a run writes has no finding that ``fix`` would mend in its own style."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.edit import Hand, retext
from subkit.model import Span
from subkit.pipeline.run_options import RunOptions
from subkit.pipeline.stages.project_translation import _fixed
from subkit.quality.fixes import fix_project
from subkit.styles import Styles

if TYPE_CHECKING:
    from subkit.pipeline import Outcome


def test_fix_finds_nothing_to_do_in_any_track_of_a_run(demo: Outcome) -> None:
    assert len(demo.project.tracks) == 3
    _, done = fix_project(demo.project, Styles())
    assert [fix for one in done for fix in one.fixes] == []


SHOUTED = ("Vámonos ,  amigo", "de el puerto...")
"""Spaces that no style wants, as a translator might give them."""


def test_a_translation_is_fixed_but_not_what_people_wrote(demo: Outcome) -> None:
    project = demo.project
    track = project.track("es")
    first, second, *others = track.cues
    faulty = replace(first, lines=SHOUTED)
    edited = retext(
        project.with_track(replace(track, cues=(faulty, second, *others))),
        "es",
        second.id,
        SHOUTED,
        Hand(actor="Kim", time="2026-12-01T00:00:00Z"),
    )
    fixed = _fixed(edited, edited.track("es"), RunOptions())
    assert fixed.cues[0].lines != SHOUTED
    assert fixed.cues[1].lines == SHOUTED
    assert fixed.cues[2:] == track.cues[2:]
    again = edited.with_track(fixed)
    assert faulty.provenance is not None
    later = replace(faulty, provenance=replace(faulty.provenance, time="2027-01-01T00:00:00Z"))
    made = replace(fixed, cues=(later, *fixed.cues[1:]))
    assert _fixed(again, made, RunOptions()) == fixed, "what only its date tells apart stays"


def test_cues_of_a_subtitle_file_keep_its_times(demo: Outcome) -> None:
    project = replace(demo.project, transcript=None)
    track = project.track("es")
    short = replace(
        track.cues[0], span=Span(track.cues[0].span.start, track.cues[0].span.start + 1)
    )
    odd = replace(track, cues=(short, *track.cues[1:]))
    assert _fixed(project, odd, RunOptions()) is odd

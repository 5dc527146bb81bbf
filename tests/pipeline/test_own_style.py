"""What a run writes has no finding that ``fix`` would mend in its own style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.quality.fixes import fix_project
from subkit.styles import Styles

if TYPE_CHECKING:
    from subkit.pipeline import Outcome


def test_fix_finds_nothing_to_do_in_the_source_track_of_a_run(demo: Outcome) -> None:
    project = demo.project
    track = next(track for track in project.tracks if track.source is None)
    _, done = fix_project(project, Styles(), tracks=[track.id])
    assert [fix for one in done for fix in one.fixes] == []

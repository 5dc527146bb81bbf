"""Which house style a track is held to."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.model import Cue, FrameRate, Media, Project, Span, Track
from subkit.quality import checked_tracks
from subkit.quality.fixes import fix_project
from subkit.styles import Styles, read_own_styles

if TYPE_CHECKING:
    from pathlib import Path


def _project(profile: str) -> Project:
    """Two cues without a gap, as BBC's guide has them and Netflix' does not."""
    spans = (Span(Fraction(1), Fraction(3)), Span(Fraction(3), Fraction(5)))
    cues = tuple(
        Cue(id=text[:5], span=span, lines=(text,))
        for span, text in zip(spans, ("Where did you hide it?", "I gave it to Tom."), strict=True)
    )
    media = Media(path="", digest="", duration=Fraction(9), frame_rate=FrameRate(Fraction(25)))
    track = Track(id="en", language="en", profile=profile, cues=cues)
    return Project(title="film", media=media, tracks=(track,))


def _found(project: Project, style: Styles) -> tuple[str, set[str]]:
    (one,) = checked_tracks(project, style)
    return one.subject.profile.id, {finding.rule for finding in one.findings}


def test_a_track_is_held_to_the_style_it_was_made_for() -> None:
    assert _found(_project("bbc"), Styles()) == ("bbc", set())
    assert _found(_project("netflix"), Styles()) == ("netflix", {"gap"})
    assert not fix_project(_project("bbc"), Styles())[1][0].fixes


def test_a_style_that_is_named_goes_before() -> None:
    assert _found(_project("bbc"), Styles(profile="netflix")) == ("netflix", {"gap"})


def test_a_style_of_somebody_elses_gives_way_until_its_file_is_given(tmp_path: Path) -> None:
    style = Styles()
    assert not style.knows("acme")
    assert _found(_project("acme"), style)[0] == "subkit"
    file = tmp_path / "acme.toml"
    file.write_text('id = "acme"\ninherits = "bbc"\n', encoding="utf-8")
    assert _found(_project("acme"), Styles(own=read_own_styles(file))) == ("acme", set())

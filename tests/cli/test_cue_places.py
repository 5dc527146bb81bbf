"""Cues and times as people name them."""

from __future__ import annotations

import shutil
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from subkit.edit.media_times import media_time
from subkit.errors import InputError, NotFoundError
from subkit.model import Cue, FrameRate, Media, Span, Track
from subkit.store import load
from subkit_cli.cue_places import cue_named

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from subkit.pipeline import Outcome

MEDIA = Media(
    path="film.mkv",
    digest="",
    duration=Fraction(100),
    frame_rate=FrameRate(Fraction(25)),
    programme_start=Fraction(36000),
)
TRACK = Track(
    id="en",
    language="en",
    cues=tuple(
        Cue(id=name, span=Span(Fraction(start), Fraction(start + 2)), lines=("x",))
        for name, start in (("c0001", 1), ("c0006", 10), ("c0006.1", 12), ("c0012", 20))
    ),
)


@pytest.mark.parametrize(
    "name",
    ["c0006", "c6", "C6", "6", "006", "10:00:10:00", "10:00:11:24", "00:00:11", "10.5", "11,9"],
)
def test_one_cue_has_many_names(name: str) -> None:
    assert cue_named(TRACK, name, MEDIA).id == "c0006"


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("7", "c0001 to c0012"),
        ("the big one", "c0001 to c0012"),
        ("10:00:15:00", "nearest is c0006.1, from 10:00:12:00"),
        ("99.5", "nearest is c0012"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(name: str, remedy: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        cue_named(TRACK, name, MEDIA)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("12.5", "25/2"),
        ("00:00:12,500", "25/2"),
        ("10:00:12.500", "25/2"),
        ("1:02", "62"),
        ("10:00:12:12", "312/25"),
    ],
)
def test_times_as_people_write_them(text: str, time: str) -> None:
    assert media_time(text, MEDIA) == Fraction(time)


@pytest.mark.parametrize("text", ["-1", "noon", "1e3", "1/0", "", "09:59:59:00"])
def test_no_time_of_the_media(text: str) -> None:
    with pytest.raises(InputError, match="not a time of this media"):
        media_time(text, MEDIA)


@pytest.fixture
def project(demo: Outcome, tmp_path: Path) -> Path:
    """A copy of the demo's project file."""
    copy = tmp_path / "scene.subkit"
    shutil.copy(demo.path, copy)
    return copy


def test_commands_find_the_cue_and_the_project(subkit: Callable[..., Any], project: Path) -> None:
    first = load(project).tracks[0].cues[5]
    time = f"{float(first.span.start):.3f}"
    for number, name in enumerate(("6", "c6", time)):
        answer = subkit("edit", "scene", name, "--comment", f"note {number}", "--json")
        assert answer.json()["cue"]["id"] == first.id, answer.err
    entries = subkit("history", "scene", "--cue", "6", "--json").json()["entries"]
    assert entries[-1]["target"].endswith(first.id)
    answer = subkit("approve", "scene", "--track", "en", "--range", "c2..4", "--json")
    assert answer.json()["cues"] == 3


@pytest.mark.parametrize("text", ["", "  ", r"\n"])
def test_a_cue_is_not_left_without_text(
    text: str, subkit: Callable[..., Any], project: Path
) -> None:
    before = load(project)
    answer = subkit("edit", project, "6", "--text", text)
    assert answer.code == 3
    assert "would be left without text" in answer.err
    assert load(project) == before


def test_a_style_is_found_in_any_case_and_by_its_name(
    subkit: Callable[..., Any], project: Path
) -> None:
    for name in ("Netflix", "NETFLIX", "netflix timed text style guide", "netflix"):
        answer = subkit("qc", project, "--profile", name)
        assert "numbers of Netflix Timed Text Style Guide" in answer.out, answer.err
    assert subkit("styles", "show", "BBC Vertical").out.startswith("bbc-vertical: ")
    answer = subkit("qc", project, "--profile", "netflx")
    assert (answer.code, "Nearest: netflix" in answer.err) == (2, True)

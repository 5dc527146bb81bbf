"""What new cuts changed, told line by line, and together where lines fared alike."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.model import Media, Project, Span, TakeStatus
from subkit.pipeline import cut_changes
from subkit.store import ProjectFile
from tests.exchange.dub_files.dub_builders import line, script

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from subkit.model import Cue

LINES = tuple(line(f"d{n}", 48 * n, 48 * n + 40, f"line {n}") for n in range(1, 8))
JITTER = Fraction(1, 30)


def log(folder: Path, change: Callable[[Sequence[Cue]], Sequence[Cue]]) -> list[str]:
    """What is told of lines after a new cut, without its date."""
    track = replace(script(*LINES).track, loops=())
    media = Media(path="film.mov", digest="", duration=Fraction(60))
    project = Project(title="Film", media=media, tracks=(track,))
    with ProjectFile.create(folder / "film.subkit", project, actor="Kim") as store:
        assert cut_changes(store) == {}
        after = project.with_track(replace(track, cues=tuple(change(LINES))))
        store.commit(after, actor="Kim", action="conform")
        return [told.partition(", new cut: ")[2] for told in cut_changes(store)[track.id]]


def moved(cue: Cue, by: Fraction) -> Cue:
    return replace(cue, span=Span(cue.span.start + by, cue.span.end + by))


def test_lines_that_moved_by_the_same_time_to_a_frame_are_one_sentence(tmp_path: Path) -> None:
    told = log(
        tmp_path,
        lambda cues: [
            *cues[:2],
            *(moved(cue, 2 + (n % 2) * JITTER) for n, cue in enumerate(cues[2:5])),
            *(moved(cue, Fraction(5)) for cue in cues[5:]),
        ],
    )
    assert told == [
        "lines d3 to d5 (3) moved by +2.000 s; the first is at 00:00:08.006 now.",
        "lines d6 to d7 (2) moved by +5.000 s; the first is at 00:00:17.012 now.",
    ]


def test_lines_that_are_gone_or_cut_are_told_with_where_they_were(tmp_path: Path) -> None:
    def change(cues: Sequence[Cue]) -> list[Cue]:
        cut = replace(cues[0], span=Span(cues[0].span.start, cues[0].span.start + 1))
        return [cut, *cues[3:]]

    start = "00:00:02.002"
    assert log(tmp_path, change) == [
        f"line d1 is from {start} to 00:00:03.002 now, and was from {start} to 00:00:03.670.",
        "lines d2 to d3 (2) are not in it; the first was at 00:00:04.004.",
    ]


def test_a_film_at_another_speed_is_one_sentence_and_not_one_for_each_line(tmp_path: Path) -> None:
    def faster(cues: Sequence[Cue]) -> list[Cue]:
        spans = [Span(cue.span.start * 24 / 25, cue.span.end * 24 / 25) for cue in cues]
        return [replace(cue, span=span) for cue, span in zip(cues, spans, strict=True)]

    assert log(tmp_path, faster) == [
        "lines d1 to d7 (7) run at another speed, from 00:00:01.922 to 00:00:13.453 now."
    ]


def test_a_recording_that_no_longer_fits_is_a_retake_by_itself(tmp_path: Path) -> None:
    def change(cues: Sequence[Cue]) -> list[Cue]:
        last = cues[-1]
        assert last.dub is not None
        return [*cues[:-1], replace(last, dub=replace(last.dub, take=TakeStatus.RETAKE))]

    (told,) = log(tmp_path, change)
    assert told.startswith("line d7 is from")
    assert told.endswith("and needs a retake.")

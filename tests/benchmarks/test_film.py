"""The drawn film: its truth is where its cuts are, and scoring counts what it says it counts."""

from __future__ import annotations

from pathlib import Path

from benchmarks.harness.film import RATE, Change, make_pictures, match
from subkit.media import find_shots, probe


def test_hard_cuts_of_a_drawn_film_are_where_it_says(tmp_path: Path) -> None:
    path = tmp_path / "drawn.mp4"
    truth = make_pictures(path, 12, seed=3)
    media = probe(path)
    assert abs(float(media.duration) - 12) < 7
    found = [round(change.time * RATE) for change in find_shots(media)]
    kinds, false = match(found, truth)
    assert false == 0
    assert kinds["cut"][0] > 0


def test_a_change_found_twice_is_false_once() -> None:
    truth = [Change("cut", 50, 50), Change("fade", 100, 120)]
    assert match([50, 104, 110], truth) == ({"cut": (1, 1), "fade": (1, 1)}, 1)
    assert match([51], truth) == ({"cut": (0, 1), "fade": (0, 1)}, 1)
    assert match([], []) == ({}, 0)

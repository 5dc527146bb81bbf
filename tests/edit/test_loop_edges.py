"""Edges of loops that a person sets: no line is in two loops, none is lost, locked ones stay."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.edit import lock_loop, set_loop_edge
from subkit.errors import InputError, NotFoundError
from subkit.model import Cue, Loop, Media, Project, Purpose, Span, Track


def project(*loops: tuple[int, int], lines: int = 9) -> Project:
    cues = tuple(
        Cue(id=f"d{n}", span=Span(2 * Fraction(n), 2 * Fraction(n) + 1), lines=("a",))
        for n in range(lines)
    )
    made = tuple(
        Loop(
            id=f"loop-{n}",
            name=str(n),
            span=Span(cues[a].span.start, cues[b].span.end),
            cues=tuple(cue.id for cue in cues[a : b + 1]),
        )
        for n, (a, b) in enumerate(loops, start=1)
    )
    track = Track(id="ko", language="ko", purpose=Purpose.DUBBING, cues=cues, loops=made)
    return Project(
        title="film",
        media=Media(path="film.mp4", digest="", duration=Fraction(60)),
        tracks=(track,),
    )


def cues(project: Project) -> dict[str, tuple[str, ...]]:
    return {loop.name: loop.cues for loop in project.track("ko").loops}


def test_lines_that_a_loop_loses_go_to_the_loop_beside_it() -> None:
    done = set_loop_edge(project((0, 2), (3, 5)), "ko", "loop-1", "end", "d1")
    assert cues(done) == {"1": ("d0", "d1"), "2": ("d2", "d3", "d4", "d5")}
    first, second = done.track("ko").loops
    assert first.span == Span(Fraction(0), Fraction(3))
    assert second.span.start == 4
    assert (first.locked, second.locked) == (True, False)


def test_lines_that_a_loop_gains_leave_theirs_and_an_empty_loop_goes() -> None:
    done = set_loop_edge(project((0, 2), (3, 3), (4, 5)), "ko", "loop-1", "end", "d4")
    assert cues(done) == {"1": ("d0", "d1", "d2", "d3", "d4"), "3": ("d5",)}


def test_lines_that_the_outer_loop_loses_are_a_loop_of_their_own() -> None:
    done = set_loop_edge(project((0, 5)), "ko", "loop-1", "end", "d2")
    assert cues(done) == {"1": ("d0", "d1", "d2"), "1b": ("d3", "d4", "d5")}


def test_a_locked_neighbour_stays_as_it_is() -> None:
    held = lock_loop(project((0, 2), (3, 5)), "ko", "loop-2")
    for line in ("d1", "d4"):
        with pytest.raises(InputError, match="Loop '2' is locked"):
            set_loop_edge(held, "ko", "loop-1", "end", line)
    assert not lock_loop(held, "ko", "loop-2", locked=False).track("ko").loops[1].locked


def test_a_loop_keeps_a_line_and_must_be_there() -> None:
    with pytest.raises(InputError, match="would have no line"):
        set_loop_edge(project((0, 2), (3, 5)), "ko", "loop-2", "end", "d2")
    with pytest.raises(NotFoundError, match="no loop '9'"):
        lock_loop(project((0, 2)), "ko", "9")


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["start", "end"]), st.integers(0, 8)),
        max_size=8,
    )
)
def test_no_line_is_lost_or_in_two_loops(steps: list[tuple[int, str, int]]) -> None:
    now = project((0, 2), (3, 5), (6, 8))
    for place, edge, line in steps:
        loops = now.track("ko").loops
        try:
            now = set_loop_edge(now, "ko", loops[place % len(loops)].id, edge, f"d{line}")
        except InputError:
            continue
        found = [name for loop in now.track("ko").loops for name in loop.cues]
        assert sorted(found) == [f"d{n}" for n in range(9)]
        assert all(loop.cues for loop in now.track("ko").loops)

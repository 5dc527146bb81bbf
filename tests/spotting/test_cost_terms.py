"""Each term of a cue's cost by itself, to the number: none can be lost or weighed otherwise."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from subkit.language import NEUTRAL
from subkit.model import Span, Word
from subkit.spotting import cost_terms
from subkit.spotting.cost_terms import CUE_TERMS, Costs, boundary_costs
from subkit.spotting.cue_timing import CueLimits
from subkit.spotting.line_shape import LineRow, Shape
from subkit.spotting.pieces import Speech
from subkit.spotting.spotting_options import SpottingOptions
from subkit.timing.cuts import Cuts

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT = 8
LIMITS = CueLimits(
    shortest=20, longest=175, gap=2, linger=25, usual_linger=8, chain=12, lead=5, delay=6,
    frames_per_half_unit=1.0, end=None,
)  # fmt: skip
BASE = Speech(
    row=LineRow(
        texts=("wordy",) * COUNT,
        joins=(" ",) * COUNT,
        ends=tuple(12 * n for n in range(COUNT + 1)),
        gaps=(0, *(2,) * (COUNT - 1)),
        costs=(0.0, *(NEUTRAL,) * (COUNT - 1)),
        marks=(0,) * COUNT,
    ),
    words=(Word(text="wordy", span=Span(Fraction(0), Fraction(1)), confidence=1.0),) * COUNT,
    starts=tuple(10 * n for n in range(COUNT)),
    ends=tuple(10 * n + 10 for n in range(COUNT)),
    pauses=(0.0,) * COUNT,
    walls=(True, *(False,) * (COUNT - 1)),
    silent=(False,) * COUNT,
    speakers=(None,) * COUNT,
    stops=(*(False,) * (COUNT - 1), True),
    shots=(0,) * COUNT,
)
"""Eight words of ten half characters, a third of a second each at 30 fps, one sentence."""

OPTIONS = SpottingOptions(
    cue_break=2.0, cue_marks=(-1.0, -2.0, -3.0), used_pause=4.0, full=3.0, opening=0.5,
    closing=0.25, inner_clause=0.1, scrap=7.0, inner_sentence=0.75, torn_sentence=5.0,
    crossed_pause=8.0, crossed_shot=11.0, reading=12.0, short=30.0,
)  # fmt: skip
LINE = 80


def costs(
    *, limits: dict[str, Any] | None = None, row: dict[str, Any] | None = None, **speech: Any
) -> Costs:
    """The sums over the eight words, with what is different in them."""
    made = replace(BASE, row=replace(BASE.row, **(row or {})), **speech)
    shape = Shape(limit=LINE, max_lines=2, options=OPTIONS)
    return Costs(made, replace(LIMITS, **(limits or {})), shape)


def at(*places: int, of: int = COUNT, put: Any = True, rest: Any = False) -> tuple[Any, ...]:
    return tuple(put if place in places else rest for place in range(of))


def term(name: str) -> Callable[[Costs, int, int], float]:
    (found,) = [one for one in CUE_TERMS if one.__name__ == name]
    return found


def test_every_term_is_in_the_table() -> None:
    defined = {
        name
        for name, value in vars(cost_terms).items()
        if name.startswith("_") and getattr(value, "__module__", "") == cost_terms.__name__
    }
    assert {one.__name__ for one in CUE_TERMS} == defined
    assert len(CUE_TERMS) == len(defined)


def test_a_boundary_costs_its_break_less_its_pause_and_nothing_at_a_wall() -> None:
    made = costs(
        pauses=(0.0, 0.0, 0.5, 3.0, 0.0, 0.0, 0.0, 0.0),
        walls=at(0, 4),
        row={"costs": (0.0, 5, 1, 5, 5, 5, 5, 5), "marks": (0, 0, 0, 0, 3, 1, 2, 3)},
    )
    assert boundary_costs(made) == [
        0.0, 10.0, 2 - 4 * 0.5, 10 - 4.0, 0.0, 10 - 1.0, 10 - 2.0, 10 - 3.0, 0.0
    ]  # fmt: skip


def test_reading_speed_counts_from_its_limit_and_by_lines() -> None:
    too_fast, made = term("_too_fast"), costs(limits={"linger": 0})
    # Half characters of the words 0 to 2: 34; frames until the next words may begin: 30 - 2.
    assert made.readable[3] == 28
    assert too_fast(made, 0, 3) == pytest.approx(12 * (36 / 28 - 1) * 36 / LINE)
    slow = costs(limits={"linger": 0, "frames_per_half_unit": 28 / 36})
    assert too_fast(slow, 0, 3) == 0
    later = costs(limits={"linger": 0, "frames_per_half_unit": 2.0})
    assert later.readable[5] - later.speech.starts[2] == 28
    assert too_fast(later, 2, 5) == pytest.approx(12 * (2 * 34 / 28 - 1) * 34 / LINE)
    one = costs(limits={"gap": 9, "linger": 0, "frames_per_half_unit": 0.2})
    assert one.readable[1] - one.speech.starts[0] == 1
    assert too_fast(one, 0, 1) == pytest.approx(12 * (0.2 * 12 - 1) * 12 / LINE), "one frame is one"
    hopeless = costs(limits={"frames_per_half_unit": 100.0})
    assert too_fast(hopeless, 0, 3) == 12 * 3 * 36 / LINE, "three times is the worst"
    no_time = costs(limits={"gap": 10, "linger": 0}, starts=BASE.starts)
    assert no_time.readable[1] == no_time.speech.starts[0]
    assert too_fast(no_time, 0, 1) == 12 * 3 * 12 / LINE, "no frame to read in is the worst"
    none = costs(starts=(*BASE.starts[:2], 18, *BASE.starts[3:]), ends=at(1, put=18, rest=18))
    assert too_fast(none, 2, 3) >= 0


def test_reading_may_take_the_linger_and_no_more() -> None:
    far = (0, 10, 20, *(200 + 10 * n for n in range(5)))
    ends = tuple(start + 10 for start in far)
    made = costs(starts=far, ends=ends)
    assert made.readable[3] == 30 + 25
    assert made.room[3] == 198
    assert made.room[COUNT] == ends[-1] + 20 + 25
    assert costs(limits={"end": 85}).room[COUNT] == 85
    assert costs(limits={"end": 70}).room[COUNT] == 80, "never before its speech ends"


def test_a_cue_with_less_room_than_the_shortest_costs_by_what_is_missing() -> None:
    too_short, made = term("_too_short"), costs()
    assert too_short(made, 1, 2) == 30 * (20 - 8) / 20
    assert too_short(made, 1, 3) == 30 * (20 - 18) / 20
    assert too_short(made, 1, 4) == 0
    assert too_short(costs(limits={"shortest": 19}), 1, 3) == 30 * 1 / 19, "one frame counts"
    assert too_short(costs(limits={"gap": 30}), 1, 2) == 30, "no room at all is the worst"


def test_sentences_that_end_inside_cost_more_where_one_is_torn() -> None:
    inside = term("_sentence_ends_inside")
    made = costs(stops=at(1, 3, 7))
    assert inside(made, 0, 2) == 0
    assert inside(made, 0, 4) == 0.75
    assert inside(made, 0, 8) == 2 * 0.75
    assert inside(made, 2, 8) == 0.75
    assert inside(made, 1, 4) == 5.0, "begins within a sentence"
    assert inside(made, 0, 3) == 5.0, "ends within one"
    assert inside(costs(stops=at(1, 4, 7)), 2, 8) == 0.75
    assert inside(costs(stops=at(3, 5, 7)), 2, 8) == 2 * 5.0
    walled = costs(stops=at(1, 3, 7), walls=at(0, 1))
    assert inside(walled, 1, 4) == 0.75


def test_the_best_break_inside_costs_what_it_is_better_than_nothing_known() -> None:
    clauses = term("_clauses_inside")
    made = costs(row={"costs": (0.0, 1.0, 3.0, 2.0, 5.0, 9.0, 5.0, 5.0)})
    assert clauses(made, 0, 1) == clauses(made, 4, 5) == 0
    assert clauses(made, 0, 2) == pytest.approx(0.1 * 4)
    assert clauses(made, 1, 4) == pytest.approx(0.1 * 3)
    assert clauses(made, 4, 6) == 0, "a worse one is no gain"


def test_full_cues_cost_by_the_square_of_their_lines() -> None:
    assert term("_fullness")(costs(), 0, 8) == pytest.approx(3.0 * (96 / LINE) ** 2)
    assert term("_fullness")(costs(), 2, 3) == pytest.approx(3.0 * (10 / LINE) ** 2)


def test_edges_of_sentences() -> None:
    edges, made = term("_edges"), costs(stops=at(2, 7))
    assert edges(made, 0, 2) == 0.5, "one line opens a sentence"
    assert edges(made, 3, 5) == 0.5
    assert edges(made, 4, 6) == 0
    assert edges(made, 1, 2) == edges(made, 2, 3) - 0.25 * 10 / LINE == 0
    assert edges(made, 4, 8) == pytest.approx(0.25 * 46 / LINE)
    assert edges(made, 0, 3) == pytest.approx(0.5 + 0.25 * 36 / LINE)
    assert edges(made, 0, 8) == pytest.approx(0.25 * 96 / LINE), "more than a line opens nothing"
    assert edges(costs(stops=at(7), walls=at(0, 4)), 4, 6) == 0.5
    full = costs(row={"ends": tuple(10 * n for n in range(COUNT + 1)), "gaps": (0,) * COUNT})
    assert edges(full, 0, 8) == pytest.approx(0.5 + 0.25), "a full line is one line"


def test_pauses_inside_cost_beyond_what_anyone_makes() -> None:
    pauses, made = term("_pauses_inside"), costs(pauses=(0.0, 0.7, 0.1, 1.2, 0.0, 0.0, 0.0, 0.0))
    assert pauses(made, 0, 1) == 0
    assert pauses(made, 0, 2) == pytest.approx(8 * 0.5)
    assert pauses(made, 1, 3) == pytest.approx(0)
    assert pauses(made, 0, 4) == pytest.approx(8 * 1.5)


def test_shot_changes_inside_cost_each() -> None:
    shots = term("_shots_inside")
    made = costs(shots=(1, 0, 1, 1, 0, 0, 0, 0))
    assert shots(made, 0, 2) == 0, "one at its beginning is not inside"
    assert shots(made, 0, 3) == 11
    assert shots(made, 0, 4) == 22
    assert shots(made, 2, 4) == 11


def test_a_shot_that_ends_too_soon_is_crossed() -> None:
    cuts = Cuts(frames=(12,), in_after=0, in_before=2, in_clear=0, out_before=0, out_after=0, gap=2)
    made = costs(limits={"cuts": cuts})
    assert made.shot_ends[1] == 10
    assert term("_shots_inside")(made, 0, 1) == 11
    assert term("_shots_inside")(costs(limits={"cuts": cuts, "lead": 10}), 0, 1) == 0
    late = replace(cuts, frames=(42,))
    third = costs(limits={"cuts": late})
    assert third.shot_ends[4] == 40
    assert term("_shots_inside")(third, 3, 4) == 11, "ten frames are too few for a cue"
    assert term("_shots_inside")(third, 2, 4) == 0, "twenty are enough"
    assert made.room[1] == 8
    wide = costs(limits={"cuts": cuts}, starts=(0, *(100 + 10 * n for n in range(7))))
    assert wide.room[1] == 10, "the shot ends before the next words"


def test_a_scrap_of_a_sentence() -> None:
    scrap, made = term("_scrap"), costs(stops=at(2, 7))
    assert scrap(made, 4, 5) == 7
    assert scrap(made, 0, 2) == 7, "begins one and does not end it"
    assert scrap(made, 1, 3) == 7
    assert scrap(made, 3, 6) == 7, "34 of 80 are less than half a line"
    assert scrap(made, 0, 3) == 0, "a whole sentence may be short"
    assert scrap(made, 3, 7) == 0, "half a line and more"
    exact = costs(row={"ends": tuple(10 * n for n in range(COUNT + 1)), "gaps": (0,) * COUNT})
    assert scrap(exact, 1, 5) == 0
    assert scrap(costs(stops=at(2, 7), walls=at(0, 1)), 1, 3) == 0

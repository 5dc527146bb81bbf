"""Loops by the rules of a territory, and the work that they are."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit.dubbing import (
    Territory,
    count_work,
    counted_lines,
    counted_words,
    find_territory,
    fit_track,
    fits_one_loop,
    own_territory,
    suggest_loops,
    territory_ids,
)
from subkit.errors import InputError, PlanError
from subkit.model import Character, Cue, DubLine, Loop
from tests.dubbing.lines import line, seconds, span, track

OWN = Territory(id="own", name="own", max_lines=4, max_lines_character=3, max_seconds=Fraction(20))


def talk(*starts: float, who: str = "ab") -> list[Cue]:
    """Lines of a second at these times, of two characters by turns."""
    return [
        line(f"c{number}", start, start + 1, "Come in.", who=who[number % len(who)])
        for number, start in enumerate(starts)
    ]


def divided(cues: list[Cue], rules: Territory, shots: tuple[float, ...] = ()) -> list[list[str]]:
    found = suggest_loops(track(*cues), rules, [seconds(shot) for shot in shots])
    return [list(loop.cues) for loop in found]


def test_every_line_is_in_one_loop_and_no_loop_is_over_a_limit() -> None:
    cues = talk(*[number * 1.5 for number in range(23)])
    loops = divided(cues, OWN)
    assert [name for loop in loops for name in loop] == [cue.id for cue in cues]
    by_id = {cue.id: cue for cue in cues}
    assert all(fits_one_loop([by_id[name] for name in loop], OWN) for loop in loops)


def test_loops_end_in_the_longest_pauses() -> None:
    assert divided(talk(0, 1.1, 2.2, 4.5, 5.6), OWN) == [["c0", "c1", "c2"], ["c3", "c4"]]


def test_a_long_pause_ends_a_loop_and_a_short_one_need_not() -> None:
    rules = replace(OWN, new_loop_pause=Fraction(6))
    assert divided(talk(0, 7), rules) == [["c0"], ["c1"]]
    assert divided(talk(0, 6.9), rules) == [["c0", "c1"]]


def test_a_shot_change_ends_a_loop_only_in_three_seconds_of_silence() -> None:
    rules = replace(OWN, scene_change=True)
    assert divided(talk(0, 4), rules, (2,)) == [["c0"], ["c1"]]
    assert divided(talk(0, 3.9), rules, (2,)) == [["c0", "c1"]]
    assert divided(talk(0, 4), rules) == [["c0", "c1"]]


def test_a_character_and_a_monologue_have_limits_of_their_own() -> None:
    alone = talk(0, 1, 2, 3, who="a")
    assert not fits_one_loop(alone, OWN)
    assert fits_one_loop(alone[:3], OWN)
    assert not fits_one_loop(alone[:3], replace(OWN, max_lines_monologue=2))
    assert fits_one_loop(talk(0, 1, 2), replace(OWN, max_lines_monologue=2))
    assert not fits_one_loop(talk(0, 19.5), OWN)


def test_a_line_that_breaks_a_limit_by_itself_is_a_loop_of_its_own() -> None:
    cues = [line("long", 0, 30, "Long."), *talk(31)]
    assert divided(cues, OWN) == [["long"], ["c0"]]


def test_a_locked_loop_stays_and_the_rest_is_divided_around_it() -> None:
    cues = talk(0, 1.5, 3, 4.5, 6)
    locked = Loop(id="x", span=span(1.5, 4), name="1", cues=("c1", "c2"), locked=True)
    made = suggest_loops(replace(track(*cues), loops=(locked,)), OWN)
    assert locked in made
    assert [list(loop.cues) for loop in made] == [["c0"], ["c1", "c2"], ["c3", "c4"]]
    assert [loop.name for loop in made] == ["2", "1", "3"], "the name of the locked one is taken"
    assert len({loop.id for loop in made}) == 3


def test_a_locked_loop_whose_lines_are_all_gone_goes() -> None:
    locked = Loop(id="x", span=span(0, 1), name="1", cues=("gone",), locked=True)
    assert [list(one.cues) for one in suggest_loops(
        replace(track(*talk(0)), loops=(locked,)), OWN
    )] == [["c0"]]  # fmt: skip


def test_a_territory_that_takes_line_by_line_has_a_loop_for_each() -> None:
    assert divided(talk(0, 1, 2), replace(OWN, single=True)) == [["c0"], ["c1"], ["c2"]]


def test_spain_counts_60_characters_and_italy_50_spaces_included_and_directions_not() -> None:
    text = "a" * 30 + " " + "b" * 29
    spain, italy = find_territory("ES"), find_territory("it")
    assert counted_lines(line("c", 0, 1, text), spain) == 1
    assert counted_lines(line("c", 0, 1, text + "c"), spain) == 2
    assert counted_lines(line("c", 0, 1, text), italy) == 2
    directed = line("c", 0, 1, f"[laughing out loud in the dark] {text}")
    assert counted_lines(directed, spain) == 1
    noted = replace(directed, dub=DubLine(note="quietly"))
    assert counted_lines(noted, replace(spain, count_directions=True)) == 2


def test_letters_are_counted_as_people_see_them() -> None:
    assert counted_lines(line("c", 0, 1, "e\u0301" * 60), find_territory("ES")) == 1
    assert counted_words("두 사람", "ko") == 2
    assert counted_words("二人です", "ja") is None


def test_each_rule_of_each_territory_says_where_it_comes_from_and_how_sure_it_is() -> None:
    assert {"ES", "DE", "FR", "IT", "US"} <= set(territory_ids())
    for name in ("", *territory_ids()):
        for rule in find_territory(name).rules:
            assert rule.source
            assert rule.sure in "ABCD"


def test_an_unknown_territory_names_the_nearest() -> None:
    with pytest.raises(PlanError, match="no territory 'ESP'") as told:
        find_territory("ESP")
    assert "Did you mean ES?" in str(told.value.remedy)


def test_own_rules_inherit_and_say_so() -> None:
    own = own_territory({"inherits": "ES", "name": "Us", "max_lines": 10}, path="us.toml")
    assert (own.name, own.max_lines, own.line_characters) == ("Us", 10, 60)
    assert next(r.source for r in own.rules if r.field == "max_lines") == "your own file"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"max_line": 3}, "max_line"),
        ({"max_lines": -1}, "max_lines"),
        ({"max_lines": True}, "max_lines"),
        ({"max_lines": 1.5}, "max_lines"),
        ({"max_seconds": float("nan")}, "max_seconds"),
        ({"max_seconds": float("inf")}, "max_seconds"),
        ({"scene_change": 1}, "scene_change"),
        ({"min_seconds": 40, "max_seconds": 30}, "contradict"),
        ({"max_lines": 2, "max_lines_character": 3}, "contradict"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_name(data: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        own_territory(data, path="us.toml")


def test_the_grid_adds_up() -> None:
    cues = [*talk(0, 1.5, 3, 9, 10.5), line("c9", 20, 21, "Nobody knows.", who=None)]
    rules = find_territory("ES")
    made = track(*cues)
    made = replace(made, loops=suggest_loops(made, rules))
    people = (Character(id="a", name="Anna"), Character(id="b", name="Ben"))
    grid = count_work(made, people, rules, fit_track(made, made))
    total = grid.total
    for rows in (grid.rows, grid.loops):
        assert sum(row.tally.cues for row in rows) == total.cues == 6
        assert sum(row.tally.takes for row in rows) == total.takes
        assert sum(row.tally.lines for row in rows) == total.lines
        assert sum(row.tally.syllables for row in rows) == total.syllables
    assert [(r.character.name if r.character else None) for r in grid.rows] == ["Anna", "Ben", None]
    assert sum(grid.rows[0].cells.values()) == 3
    assert set(grid.rows[0].cells) <= {loop.name for loop in made.loops}
    assert total.seconds == pytest.approx(6)
    spent = total.takes * float(rules.setup_seconds) + 6 * float(rules.work_ratio)
    assert total.hours == pytest.approx(spent / 3600)
    assert sum(total.bands.values()) == 6

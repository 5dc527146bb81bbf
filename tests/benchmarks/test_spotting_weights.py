"""The fit of the search's weights: what it sees is what the search weighs."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.segmentation.references import OWN, Reference, parse_marked, read_references
from benchmarks.segmentation.systems import split_by_subkit
from subkit.spotting import SpottingOptions
from subkit.styles import load_profile
from training.spotting_weights import (
    FITTED,
    MARKS,
    NAMES,
    Lattice,
    fit,
    options_of,
    read_lattice,
    surprise,
)


def lattice_of(text: str, *, worst: float = 10.0) -> Lattice:
    found = read_lattice(Reference("en", parse_marked(text)), worst=worst)
    assert found is not None
    return found


def shipped() -> np.ndarray:
    options = SpottingOptions()
    marks = [weight for name in MARKS for weight in getattr(options, name)]
    return np.array([*(getattr(options, name) for name in FITTED), *marks, 1.0])


def cheapest(lattice: Lattice, weights: np.ndarray) -> list[tuple[int, int, int]]:
    """The cheapest cues of a lattice, found without the search."""
    costs = lattice.features @ weights
    best: dict[int, tuple[float, list[tuple[int, int, int]]]] = {0: (0.0, [])}
    for last in range(1, lattice.size + 1):
        ways = [
            (
                best[int(lattice.firsts[at])][0] + costs[at],
                [
                    *best[int(lattice.firsts[at])][1],
                    (int(lattice.firsts[at]), last, int(lattice.cuts[at])),
                ],
            )
            for at in np.flatnonzero(lattice.lasts == last)
            if int(lattice.firsts[at]) in best
        ]
        if ways:
            best[last] = min(ways, key=lambda way: way[0])
    return best[lattice.size][1]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_costs_of_the_lattice_are_those_of_the_search(language: str) -> None:
    profile = load_profile("subkit", language)
    for reference in read_references(OWN / f"{language}.txt", language)[:40]:
        found = read_lattice(reference, worst=100.0)
        if found is None:
            continue
        made = split_by_subkit(reference.text, profile, language)
        words = reference.text.split()
        ours = [
            ["".join(words[first:cut]), "".join(words[cut:last])]
            if cut
            else ["".join(words[first:last])]
            for first, last, cut in cheapest(found, shipped())
        ]
        assert ours == [[line.replace(" ", "") for line in cue] for cue in made]


def test_slope_of_the_surprise_is_its_slope() -> None:
    found = lattice_of(
        "When the storm came in, <eob> we had nowhere left to hide, <eol> and nobody to ask. <eob>"
    )
    weights = np.linspace(-0.4, 0.6, len(NAMES))
    _, slope = surprise(found, weights)
    for place in range(len(NAMES)):
        step = np.zeros(len(NAMES))
        step[place] = 1e-5
        up, down = surprise(found, weights + step)[0], surprise(found, weights - step)[0]
        assert slope[place] == pytest.approx((up - down) / 2e-5, rel=1e-4, abs=1e-6)


def test_breaks_that_no_search_may_make_are_left_out() -> None:
    three = parse_marked("one two <eol> three four <eol> five six <eob>")
    wide = parse_marked("word " * 12 + "<eob>")
    needless = parse_marked("a short line <eol> and another <eob>")
    for cues in (three, wide, needless):
        assert read_lattice(Reference("en", cues)) is None


def test_weights_keep_their_names() -> None:
    numbers = np.arange(len(NAMES) - 1) / 8
    options = options_of(numbers)
    for name, number in zip(FITTED, numbers, strict=False):
        assert getattr(options, name) == pytest.approx(number, abs=0.006)
    assert options.line_marks[2] == pytest.approx(numbers[-1], abs=0.006)


def test_a_fit_makes_its_own_breaks_likelier() -> None:
    pytest.importorskip("scipy")
    found = [
        lattice
        for reference in read_references(OWN / "en.txt", "en")[:30:2]
        if (lattice := read_lattice(reference)) is not None
    ]
    options = fit(found)
    marks = [weight for name in MARKS for weight in getattr(options, name)]
    fitted = np.array([*(getattr(options, name) for name in FITTED), *marks, 1.0]) / 2
    blank = np.append(np.zeros(len(NAMES) - 1), 0.5)
    likelier = sum(surprise(one, fitted)[0] < surprise(one, blank)[0] for one in found)
    assert likelier >= 0.8 * len(found)

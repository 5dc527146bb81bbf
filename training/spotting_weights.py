"""Texts with human breaks -> the weights of the spotting search (``subkit.spotting``).

    python training/spotting_weights.py
    python training/spotting_weights.py --more en=amara.en fr=amara.fr

The search takes the cheapest cues; here each cost is taken as a log-likelihood (Lafferty, McCallum,
Pereira: Conditional Random Fields, ICML 2001; cues and their lines are the segments), and the
weights are those under which the breaks of people are the most likely ones, drawn a little towards
nothing. The costs are the search's own, asked for weights that are vectors: since every term is
linear in its weight, what comes back is how much of each weight there is in a cue.

Only the tuning half of every set is looked at (``benchmarks.segmentation.references.halves``). The
shipped weights were fitted with ``--more`` to two sets that their licence keeps out of the project
(see ``benchmarks/spotting.py``). What is printed is put into ``SpottingOptions`` by hand.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.segmentation.metrics import boundaries, sigma
from benchmarks.segmentation.references import OWN, Reference, halves, read_references
from benchmarks.segmentation.systems import RATE, split_by_subkit, spoken_words
from subkit.spotting import SpottingOptions
from subkit.spotting.cost_terms import CUE_TERMS, Costs, boundary_costs
from subkit.spotting.cue_timing import limits_of
from subkit.spotting.line_shape import cost_of_two, shape_of
from subkit.spotting.pieces import Speech, prepare
from subkit.styles import load_profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from benchmarks.segmentation.references import Cues

    Numbers = NDArray[np.float64]

FITTED = (
    "new_cue", "one_line", "cue_break", "line_break", "uneven", "full", "opening", "closing",
    "inner_clause", "orphan", "scrap",
)  # fmt: skip
MARKS = ("cue_marks", "line_marks")
"""Three weights each, by the mark."""

GIVEN = (
    "top_heavy", "inner_sentence", "torn_sentence", "crossed_pause", "crossed_shot", "used_pause",
    "reading", "short",
)  # fmt: skip
"""Weights that are not fitted: single sentences without times say nothing of the others, and a
longer line below is what style guides ask for, not what people are seen to do."""

SHARE = 0.5
"""The weight of what is given in the likelihood, and so the scale of what is fitted: our choice."""

_WORST = 10.0
"""No break counts as worse than this. The search weighs what must not be split twice, and people
split it now and then: a fit that saw the whole cost would trust no cost at all."""

_PENALTY = 0.005
_LOOSE = {"uneven": 20.0}
"""Weights whose term is a small number are drawn towards nothing by that much less."""

NAMES = (*FITTED, *(f"{name} {place}" for name in MARKS for place in (1, 2, 3)), "given")


@dataclass(frozen=True)
class Lattice:
    """Every cue that a sentence could have, and those that it has.

    Attributes:
        features: A row for each cue: how much of each weight (:data:`NAMES`) there is in its cost.
        firsts: The first piece of each.
        lasts: The piece after the last of each.
        cuts: The piece that begins its second line; 0 for one line.
        chosen: The cues of the reference.
        size: Pieces of the sentence.
    """

    features: Numbers
    firsts: NDArray[np.int_]
    lasts: NDArray[np.int_]
    cuts: NDArray[np.int_]
    chosen: tuple[int, ...]
    size: int


def vector_options() -> SpottingOptions:
    """Options whose weights are vectors: costs under them are rows of :class:`Lattice`."""
    unit = dict(zip(NAMES, np.eye(len(NAMES)), strict=True))
    weights: dict[str, Any] = {name: unit[name] for name in FITTED}
    weights.update({name: tuple(unit[f"{name} {place}"] for place in (1, 2, 3)) for name in MARKS})
    shipped = SpottingOptions()
    weights.update({name: getattr(shipped, name) * unit["given"] for name in GIVEN})
    return SpottingOptions(**weights)


def read_lattice(reference: Reference, *, worst: float = _WORST) -> Lattice | None:
    """The lattice of a sentence; ``None`` where people broke it as no search may.

    Args:
        reference: The sentence with its breaks.
        worst: The most that a break counts.
    """
    profile = load_profile("subkit", reference.language)
    options = vector_options()
    speech = prepare(
        spoken_words(reference.text, reference.language),
        profile=profile,
        rate=RATE,
        language=reference.language,
        options=SpottingOptions(),
    )
    row = replace(speech.row, costs=tuple(min(cost, worst) for cost in speech.row.costs))
    speech = replace(speech, row=row)
    shape = shape_of(profile, options)
    costs = Costs(speech, limits_of(profile, RATE, None, SpottingOptions()), shape)
    boundaries_of: list[Any] = boundary_costs(costs)
    found: dict[tuple[int, int, int], Numbers] = {}
    for first, last, cuts in _cues(speech, shape.limit):
        terms: Any = sum(term(costs, first, last) for term in CUE_TERMS)
        cue = terms + boundaries_of[last] + options.new_cue
        for cut in cuts:
            lines = cost_of_two(row, (first, cut, last), shape) if cut else options.one_line
            found[first, last, cut] = cue + lines
    places = {cue: place for place, cue in enumerate(found)}
    chosen = [places.get(cue) for cue in _human(reference.cues)]
    kept = tuple(place for place in chosen if place is not None)
    if len(kept) < len(chosen):
        return None
    firsts, lasts, line_cuts = (np.array(column) for column in zip(*found, strict=True))
    features = np.array([*found.values()])
    return Lattice(features, firsts, lasts, line_cuts, kept, len(speech))


def _cues(speech: Speech, limit: int) -> Iterator[tuple[int, int, list[int]]]:
    """First, last and cuts of every cue of one line, or of two where one does not hold it."""
    row = speech.row
    for first in range(len(speech)):
        for last in range(first + 1, len(speech) + 1):
            width = row.width(first, last)
            if width > 2 * limit:
                break
            cuts = [0]
            if width > limit and last - first > 1:
                cuts = [
                    cut
                    for cut in range(first + 1, last)
                    if max(row.width(first, cut), row.width(cut, last)) <= limit
                ]
            yield first, last, cuts


def _human(cues: Cues) -> Iterator[tuple[int, int, int]]:
    """First, last and cut of each cue of a reference; a cut of -1 for more than two lines."""
    first = 0
    for cue in cues:
        sizes = [len(line.split()) for line in cue]
        cut = (0, first + sizes[0])[len(cue) > 1] if len(cue) <= 2 else -1
        yield first, first + sum(sizes), cut
        first += sum(sizes)


def surprise(lattice: Lattice, weights: Numbers) -> tuple[float, Numbers]:
    """How unlikely the human breaks are under the weights (negative log), and its gradient."""
    scores = -(lattice.features @ weights)
    forward = _sums(scores, lattice.firsts, lattice.lasts, range(1, lattice.size + 1))
    backward = _sums(scores, lattice.lasts, lattice.firsts, range(lattice.size - 1, -1, -1))
    whole = forward[lattice.size]
    shares = np.exp(forward[lattice.firsts] + scores + backward[lattice.lasts] - whole)
    chosen = list(lattice.chosen)
    wanted = lattice.features[chosen].sum(axis=0)
    return float(whole - scores[chosen].sum()), wanted - shares @ lattice.features


def _sums(scores: Numbers, near: Any, far: Any, order: range) -> Numbers:
    """Log of the summed likelihood of all ways from one end to each piece."""
    sums = np.full(len(order) + 1, -np.inf)
    sums[order[0] - order.step] = 0.0
    for place in order:
        arriving = np.flatnonzero(far == place)
        if arriving.size:
            ways = scores[arriving] + sums[near[arriving]]
            most = ways.max()
            sums[place] = most + np.log(np.exp(ways - most).sum()) if most > -np.inf else most
    return sums


def fit(lattices: Sequence[Lattice]) -> SpottingOptions:
    """The weights under which the human breaks are most likely; the same input, the same weights.

    Raises:
        RuntimeError: the search for them did not end.
    """
    from scipy.optimize import minimize

    free = len(NAMES) - 1
    penalty = len(lattices) * np.array([_PENALTY / _LOOSE.get(name, 1.0) for name in NAMES[:free]])

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        total, slope = float(penalty @ weights**2), 2 * penalty * weights
        for lattice in lattices:
            more, steeper = surprise(lattice, np.append(weights, SHARE))
            total += more
            slope = slope + steeper[:free]
        return total, slope

    found = minimize(loss, np.zeros(free), jac=True, method="L-BFGS-B")
    if not found.success:
        raise RuntimeError(f"The fit did not end: {found.message}.")
    return options_of(found.x / SHARE)


def options_of(weights: Numbers) -> SpottingOptions:
    """The weights as options, to two decimals."""
    named = {name: round(float(weight), 2) for name, weight in zip(NAMES, weights, strict=False)}
    fields: dict[str, Any] = {name: named[name] for name in FITTED}
    fields.update({name: tuple(named[f"{name} {place}"] for place in (1, 2, 3)) for name in MARKS})
    return SpottingOptions(**fields)


def score(
    references: Sequence[Reference], options: Sequence[SpottingOptions]
) -> tuple[float, float]:
    """Sigma and F1 in percent of sentences, each broken with options of its own."""
    language = references[0].language
    profile = load_profile("subkit", language)
    made = [
        split_by_subkit(one.text, profile, language, mine)
        for one, mine in zip(references, options, strict=True)
    ]
    wanted = [one.cues for one in references]
    return sigma(made, wanted, language), 100 * boundaries(made, wanted, ends=True).f1


def main() -> None:
    """Fit, print the weights, and say how well they do, also on sentences left out of the fit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--more", nargs="*", default=[], metavar="LANGUAGE=FILE")
    parser.add_argument("--folds", type=int, default=4, help="of the cross-validation")
    arguments = parser.parse_args()
    sets = {
        f"own {language}": halves(read_references(OWN / f"{language}.txt", language), own=True)[0]
        for language in ("en", "fr")
    }
    for one in arguments.more:
        language, _, path = one.partition("=")
        sets[Path(path).name] = halves(read_references(Path(path), language), own=False)[0]
    lattices = {name: [read_lattice(one) for one in sets[name]] for name in sets}
    options = fit([one for found in lattices.values() for one in found if one is not None])
    for name in (*FITTED, *MARKS):
        print(f"{name} = {getattr(options, name)}")
    places = {name: _folds(len(sets[name]), arguments.folds) for name in sets}
    left_out = [
        fit(
            [
                lattice
                for name, found in lattices.items()
                for lattice, fold in zip(found, places[name], strict=True)
                if lattice is not None and fold != out
            ]
        )
        for out in range(arguments.folds)
    ]
    print("Sigma and F1, tuning halves: shipped, fitted, fitted to other sentences")
    for name, references in sets.items():
        ways = (
            [SpottingOptions()] * len(references),
            [options] * len(references),
            [left_out[fold] for fold in places[name]],
        )
        numbers = ("{:.2f} {:.2f}".format(*score(references, way)) for way in ways)
        print(f"{name} ({len(references)}): {', '.join(numbers)}")


def _folds(count: int, folds: int) -> list[int]:
    """The fold of each sentence: neighbours, who may be of one talk, together."""
    return [place * folds // count for place in range(count)]


if __name__ == "__main__":
    main()

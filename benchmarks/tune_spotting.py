"""Weights of the spotting search, tuned to references with human breaks.

    python benchmarks/tune_spotting.py
    python benchmarks/tune_spotting.py --more en=amara.en fr=amara.fr

Coordinate descent from the weights as they are: each in turn a little up or down, kept where the
mean score over all sets rises. The weights it starts from (``cue_marks`` and ``line_marks`` among
them) are those of a conditional random field over cues and lines with the same terms, fitted to the
same halves by maximum likelihood; that fit is not repeated here. Only the tuning half of every set
is looked at (see ``benchmarks.segmentation.references.halves``). Prints the weights; what is in
``subkit.spotting.SpottingOptions`` is put there by hand.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.segmentation.metrics import boundaries, sigma
from benchmarks.segmentation.references import OWN, Reference, halves, read_references
from benchmarks.segmentation.systems import split_by_subkit
from subkit.spotting import SpottingOptions, break_lines
from subkit.styles import load_profile

WEIGHTS = (
    "new_cue",
    "one_line",
    "cue_break",
    "line_break",
    "uneven",
    "top_heavy",
    "full",
    "opening",
    "closing",
    "inner_clause",
    "orphan",
    "scrap",
    "inner_sentence",
)
FACTORS = (0.75, 1.33, 0.9, 1.11)


def score(references: list[Reference], options: SpottingOptions) -> float:
    """The mean of Sigma, F1 and, for the lines of a cue that is given, their F1; in percent."""
    language = references[0].language
    profile = load_profile("subkit", language)
    made = [split_by_subkit(one.text, profile, language, options) for one in references]
    wanted = [one.cues for one in references]
    cues = [(cue,) for one in wanted for cue in one if len(cue) > 1]
    lines = [
        (break_lines(" ".join(cue), profile=profile, language=language, options=options),)
        for (cue,) in cues
    ]
    found = boundaries(made, wanted, ends=True).f1 + boundaries(lines, cues).f1
    return (sigma(made, wanted, language) + 100 * found) / 3


def tune(sets: list[list[Reference]], rounds: int) -> SpottingOptions:
    """The best weights that coordinate descent finds."""
    options = SpottingOptions()
    with ProcessPoolExecutor() as pool:

        def mean(candidate: SpottingOptions) -> float:
            return sum(pool.map(score, sets, [candidate] * len(sets))) / len(sets)

        best = mean(options)
        print(f"{best:.2f} as they are", flush=True)
        for _ in range(rounds):
            before = best
            for name in WEIGHTS:
                for factor in FACTORS:
                    candidate = replace(
                        options, **{name: round(getattr(options, name) * factor, 4)}
                    )
                    found = mean(candidate)
                    if found > best:
                        best, options = found, candidate
                        print(f"{best:.2f} {name} {getattr(options, name)}", flush=True)
                        break
            if best == before:
                break
    return options


def main() -> None:
    """Tune and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--more", nargs="*", default=[], metavar="LANGUAGE=FILE")
    parser.add_argument("--rounds", type=int, default=6)
    arguments = parser.parse_args()
    sets = [
        halves(read_references(OWN / f"{language}.txt", language), own=True)[0]
        for language in ("en", "fr")
    ]
    for one in arguments.more:
        language, _, path = one.partition("=")
        sets.append(halves(read_references(Path(path), language), own=False)[0])
    options = tune(sets, arguments.rounds)
    for name in WEIGHTS:
        print(f"{name} = {getattr(options, name)}")


if __name__ == "__main__":
    main()

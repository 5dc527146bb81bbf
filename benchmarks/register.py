"""How often is the speech level of a line of dialogue told right?

    python benchmarks/register.py                       # both halves of all languages
    python benchmarks/register.py ko --half heldout --matrix

The lines and their gold labels were written for this (`data/register_*.toml`). The tuning half was
looked at while the rules were made; the held-out half was written before them. A line without a
mark of level is labelled `unknown`, and saying a level of it counts as an error. `wrong` is the
share of lines for which a false level was named, `silent` those with a level that got none;
`family` takes levels that may stand for each other (합니다 and 해요) as one.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from subkit.terminology import classify, family_of, register_languages

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA = Path(__file__).parent / "data"
HALVES = ("heldout", "tuning")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Score:
    """What became of the lines of one half: ``(gold, said) -> lines``."""

    language: str
    half: str
    pairs: Counter[tuple[str, str]]
    missed: tuple[tuple[str, str, str], ...]

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return sum(self.pairs.values())

    @property
    def right(self) -> float:
        """Share of lines whose label was said."""
        return self._share(lambda gold, said: gold == said)

    @property
    def family(self) -> float:
        """Share of lines whose family was said."""
        return self._share(
            lambda gold, said: family_of(self.language, gold) == family_of(self.language, said)
        )

    @property
    def wrong(self) -> float:
        """Share of lines of which a false level was said."""
        return self._share(lambda gold, said: said not in (UNKNOWN, gold))

    @property
    def silent(self) -> float:
        """Share of lines whose level was not said."""
        return self._share(lambda gold, said: said == UNKNOWN != gold)

    def _share(self, holds: object) -> float:
        assert callable(holds)
        return sum(n for pair, n in self.pairs.items() if holds(*pair)) / self.lines


def read_lines(language: str, half: str) -> list[tuple[str, str]]:
    """The lines of a half: ``(gold label, sentence)``."""
    text = (DATA / f"register_{language}.toml").read_text(encoding="utf-8")
    rows: dict[str, list[str]] = tomllib.loads(text)[half]
    return [(level, sentence) for level, sentences in rows.items() for sentence in sentences]


def measure(language: str, half: str) -> Score:
    """Classify the lines of a half."""
    pairs: Counter[tuple[str, str]] = Counter()
    missed = []
    for gold, sentence in read_lines(language, half):
        said = classify(sentence, language) or UNKNOWN
        pairs[gold, said] += 1
        if said != gold:
            missed.append((gold, said, sentence))
    return Score(language, half, pairs, tuple(missed))


def matrix(score: Score) -> str:
    """The confusion matrix: a row a gold label, a column what was said."""
    labels = list(dict.fromkeys(gold for gold, _ in score.pairs))
    labels += sorted({said for _, said in score.pairs} - set(labels))
    rows = [
        [f"**{gold}**", *(score.pairs[gold, said] or "" for said in labels)]
        for gold in labels
        if any(pair[0] == gold for pair in score.pairs)
    ]
    return table(["gold \\ said", *labels], rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("languages", nargs="*", default=list(register_languages()))
    parser.add_argument("--half", choices=HALVES, help="one half only")
    parser.add_argument("--matrix", action="store_true", help="print the confusion matrices")
    parser.add_argument("--missed", action="store_true", help="print the lines told wrong (tuning)")
    parser.add_argument("--json", type=Path, help="write the results there")
    arguments = parser.parse_args(argv)
    halves = (arguments.half,) if arguments.half else HALVES
    scores = [measure(language, half) for language in arguments.languages for half in halves]
    head = ["language", "half", "lines", "right", "family", "wrong", "silent"]
    rows = [
        [s.language, s.half, s.lines, *(f"{x:.1%}" for x in (s.right, s.family, s.wrong, s.silent))]
        for s in scores
    ]
    print(table(head, rows))
    for score in scores:
        if arguments.matrix:
            print(f"\n{score.language}, {score.half}:\n\n{matrix(score)}")
        if arguments.missed and score.half == "tuning":
            for gold, said, sentence in score.missed:
                print(f"{score.language}: {gold}, said {said}: {sentence}")
    if arguments.json:
        results = [dict(zip(head, row, strict=True)) for row in rows]
        write_results(arguments.json, sys.argv, machine_facts(), results=results)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Treebanks -> the table of break costs of a language (see ``subkit.language.syntax``).

    python training/break_costs.py en UD_English-EWT/*.conllu \
        --source "UD English EWT, CC BY-SA 4.0" --into subkit/language/data

Reads CoNLL-U (https://universaldependencies.org/format.html). The cost of a gap is that of the
tightest dependency that crosses it; how tight each relation is, is our own judgement (``TIGHT``)
after the rules of segmentation that all style guides share: never article and noun, preposition and
object, auxiliary and verb, name and name; between clauses rather than inside them. A linear model
then learns to tell that cost from the words around the gap. The same input gives the same table.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from subkit.language.punctuation import bare
from subkit.language.syntax import Context, gap_features

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TIGHT = {
    **dict.fromkeys(("det", "fixed", "goeswith", "det:predet"), 12.0),
    **dict.fromkeys(("case", "expl"), 11.0),
    **dict.fromkeys(("cc", "aux", "flat", "cc:preconj"), 10.0),
    "compound": 9.5,
    **dict.fromkeys(("mark", "nummod", "compound:prt", "nmod:poss"), 9.0),
    "amod": 8.5,
    "cop": 8.0,
    **dict.fromkeys(("iobj", "nmod:npmod"), 7.0),
    **dict.fromkeys(("obj", "xcomp", "advmod", "obl:npmod", "nmod:unmarked"), 6.0),
    "nmod": 5.5,
    **dict.fromkeys(("nmod:tmod", "obl:tmod", "obl:unmarked"), 5.0),
    **dict.fromkeys(("nsubj", "acl", "obl:arg"), 4.5),
    **dict.fromkeys(("ccomp", "dep"), 4.0),
    **dict.fromkeys(("obl", "csubj"), 3.5),
    **dict.fromkeys(("obl:mod", "acl:relcl", "conj", "discourse", "dislocated", "orphan"), 3.0),
    "advcl": 2.5,
    **dict.fromkeys(("appos", "vocative", "list", "advcl:relcl"), 2.0),
    "parataxis": 1.0,
}
"""Cost of a break across a relation; the others as their part before the colon, else 4."""

_RELATIVES = {"who", "which", "that", "whom", "what", "qui", "que", "dont"}
_NEGATIONS = {"not", "n't", "never", "ne", "n'", "pas", "plus", "jamais", "nicht", "no", "nunca"}
_MARKS = ".?!…,;:–—"

_COMMON, _SEEN, _ROUNDS, _RATE, _SHRINK = 400, 5, 4, 0.5, 0.02

Pairs = list[tuple[Context, float]]


@dataclass(frozen=True)
class Token:
    """A syntactic word: its number, form, part of speech, head and relation."""

    number: int
    form: str
    part: str
    features: str
    head: int
    relation: str


@dataclass(frozen=True)
class Sentence:
    """Written words, each with the last syntactic word it holds, and all syntactic words."""

    words: list[str]
    ends: list[int]
    tokens: list[Token]


def read_sentences(lines: Iterable[str]) -> Iterator[Sentence]:
    """The sentences of a CoNLL-U file; empty nodes are left out."""
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        if line.strip() and not line.startswith("#"):
            rows.append(line.rstrip("\n").split("\t"))
        elif not line.strip() and rows:
            yield _sentence(rows)
            rows = []


def _sentence(rows: list[list[str]]) -> Sentence:
    words, ends, tokens = [""], [0], []
    inside = 0
    for row in rows:
        if "." in row[0]:
            continue
        first, _, last = row[0].partition("-")
        if not last:
            tokens.append(Token(int(first), row[1], row[3], row[5], int(row[6] or 0), row[7]))
        if last or int(first) > inside:
            words[-1] += row[1]
            inside = int(last or first)
            ends[-1] = inside
            if "SpaceAfter=No" not in row[9]:
                words.append("")
                ends.append(0)
    if not words[-1]:
        del words[-1], ends[-1]
    return Sentence(words, ends, tokens)


def gap_costs(sentence: Sentence) -> list[float]:
    """The cost of the gap after each written word but the last."""
    costs = [0.0] * (len(sentence.words) - 1)
    by_number = {token.number: token for token in sentence.tokens}
    for token in sentence.tokens:
        head = by_number.get(token.head)
        if head is None or token.relation == "punct":
            continue
        low, high = sorted((token.number, head.number))
        cost = _tightness(token, head)
        for place, end in enumerate(sentence.ends[:-1]):
            if low <= end < high:
                costs[place] = max(costs[place], cost)
    return costs


def _tightness(token: Token, head: Token) -> float:
    relation, plain = token.relation, token.relation.partition(":")[0]
    form = token.form.lower()
    if plain in ("nsubj", "obj", "iobj") and token.part == "PRON":
        if form in _RELATIVES:
            return 9.0 if plain == "nsubj" else 7.0
        return 10.0 if plain == "nsubj" else 9.0
    if relation == "advmod":
        if form in _NEGATIONS or "Polarity=Neg" in token.features:
            return 10.0
        if head.part in ("ADJ", "ADV", "DET", "NUM"):
            return 9.0
    return TIGHT.get(relation, TIGHT.get(plain, 4.0))


def examples(sentences: Iterable[Sentence]) -> Pairs:
    """Every gap that no mark decides, with its cost."""
    found = []
    for sentence in sentences:
        words = ["", *sentence.words, "", ""]
        for place, cost in enumerate(gap_costs(sentence)):
            first, left, right, last = words[place : place + 4]
            if bare(left) and bare(right) and left[-1] not in _MARKS:
                found.append(((first, left, right, last), cost))
    return found


@dataclass(frozen=True)
class Model:
    """The cost of a gap: a mean, and what each feature adds."""

    common: frozenset[str]
    mean: float
    weights: dict[str, float]

    def cost(self, context: Context) -> float:
        """The cost of a gap, without bounds."""
        features = gap_features(context, self.common)
        return self.mean + sum(self.weights.get(feature, 0.0) for feature in features)

    def explained(self, pairs: Pairs) -> float:
        """Share of the variance of the costs that the model explains."""
        goal = sum(cost for _, cost in pairs) / len(pairs)
        wrong = sum((self.cost(context) - cost) ** 2 for context, cost in pairs)
        return 1 - wrong / sum((cost - goal) ** 2 for _, cost in pairs)


def fit(pairs: Pairs, common: frozenset[str], size: int) -> Model:
    """The best model of ``size`` features: all that are seen, then again those that matter."""
    rows = [(gap_features(context, common), cost) for context, cost in pairs]
    counts = Counter(feature for features, _ in rows for feature in features)
    mean = sum(cost for _, cost in rows) / len(rows)
    weights = _descend(rows, mean, {feature for feature in counts if counts[feature] >= _SEEN})
    ranked = sorted(weights, key=lambda one: (-abs(weights[one]) * sqrt(counts[one]), one))
    return Model(common, mean, _descend(rows, mean, set(ranked[:size])))


def _descend(
    rows: list[tuple[tuple[str, ...], float]], mean: float, kept: set[str]
) -> dict[str, float]:
    """Weights by AdaGrad on the squared error, with a little shrinkage."""
    rows = [(tuple(feature for feature in row if feature in kept), cost) for row, cost in rows]
    weights: dict[str, float] = defaultdict(float)
    steps: dict[str, float] = defaultdict(lambda: 1.0)
    shuffled = random.Random(0)
    for _ in range(_ROUNDS):
        shuffled.shuffle(rows)
        for features, cost in rows:
            error = mean + sum(weights[feature] for feature in features) - cost
            for feature in features:
                slope = error + _SHRINK * weights[feature]
                steps[feature] += slope * slope
                weights[feature] -= _RATE * slope / sqrt(steps[feature])
    return weights


def main() -> None:
    """Write the table of one language."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("language")
    parser.add_argument("treebanks", nargs="+", type=Path)
    parser.add_argument("--source", action="append", required=True, help="name and licence")
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--features", type=int, default=9000)
    arguments = parser.parse_args()
    sentences = [
        sentence
        for path in sorted(arguments.treebanks)
        for sentence in read_sentences(path.open(encoding="utf-8"))
    ]
    pairs = examples(sentences)
    words = Counter(bare(word) for sentence in sentences for word in sentence.words)
    common = frozenset(word for word, _ in words.most_common(_COMMON) if word)
    random.Random(1).shuffle(pairs)
    tenth = len(pairs) // 10
    share = fit(pairs[tenth:], common, arguments.features).explained(pairs[:tenth])
    model = fit(pairs, common, arguments.features)
    table: dict[str, dict[str, int]] = defaultdict(dict)
    for feature in sorted(model.weights):
        if weight := round(10 * model.weights[feature]):
            table[feature[0]][feature[1:]] = weight
    facts = {
        "sources": arguments.source,
        "licence": "CC BY-SA 4.0, as its sources",
        "made_by": "training/break_costs.py",
        "gaps": len(pairs),
        "explained": round(share, 3),
        "mean": round(model.mean, 3),
        "common": " ".join(sorted(common)),
        "weights": table,
    }
    path = arguments.into / f"syntax-{arguments.language}.json"
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path}: {len(pairs)} gaps, {share:.3f} explained, {len(text.encode())} bytes")


if __name__ == "__main__":
    main()

"""Measures where the demo translator's scores tell invention from translation.

``python -m training.translator_scores`` translates held-out sentences of the domain, and film
dialogue outside it (the texts of the benchmarks of line breaks and of registers), in all directions
with beam 4, and prints what share of each falls below a threshold of the mean log-probability.
"""

from __future__ import annotations

import argparse
import re
from itertools import permutations
from pathlib import Path

import numpy as np
import tomllib

from subkit.engines import TranslatorOptions, find_model
from subkit.engines.translators import open_single
from training.grammar import LANGUAGES, held_out_sentences

TEXTS = Path("benchmarks/data")
THRESHOLDS = (-1.0, -0.8, -0.6, -0.4, -0.3, -0.25, -0.2, -0.15, -0.1)
KINDS = ("held out, exact", "held out, not exact", "outside the domain")
MOST = 300


def read_outside(language: str) -> list[str]:
    """Sentences of film dialogue that the grammar did not make."""
    lines = (TEXTS / "breaks" / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    found = [" ".join(re.sub("<eo.>", "", line).split()) for line in lines if line[:1] != "#"]
    register = TEXTS / f"register_{language}.toml"
    if register.is_file():
        for table in tomllib.loads(register.read_text(encoding="utf-8")).values():
            found += [text for several in table.values() for text in several]
    return list(dict.fromkeys(filter(None, found)))[:MOST]


def measure(folder: str, inputs: int) -> dict[str, list[float]]:
    """The scores of the best hypotheses, by kind of text.

    Args:
        folder: the model folder, or ``demo``.
        inputs: held-out sentences for each direction.
    """
    model = find_model(folder, "translator", models_folder=Path(), offline=True)
    translator = open_single(model, TranslatorOptions(device="cpu", threads=1))
    sentences = held_out_sentences(inputs)
    scores: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for source, target in permutations(LANGUAGES, 2):
        inside = translator.translate([one[source] for one in sentences], source, target)
        for sentence, (best, *_) in zip(sentences, inside, strict=True):
            scores[KINDS[best.text != sentence[target]]].append(best.score)
        outside = translator.translate(read_outside(source), source, target)
        scores[KINDS[2]] += [best.score for best, *_ in outside]
    return scores


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="demo", help="the model folder")
    parser.add_argument("--inputs", type=int, default=400)
    options = parser.parse_args()
    scores = measure(options.model, options.inputs)
    for kind, found in scores.items():
        low, middle, high = np.percentile(found, (1, 50, 99))
        print(f"{kind}: {len(found)} texts, 1 % {low:.2f}, median {middle:.3f}, 99 % {high:.3f}")
    for threshold in THRESHOLDS:
        shares = (f"{np.mean(np.array(found) < threshold):6.1%}" for found in scores.values())
        print(f"below {threshold:5.2f}: {'  '.join(shares)}")


if __name__ == "__main__":
    main()

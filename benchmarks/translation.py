"""How fast is translation of cues, against plain CTranslate2 and the Transformers pipeline?

    python benchmarks/translation.py --json benchmarks/results/translation.json
    python benchmarks/grown.py opus-mt --into models --format ctranslate2 transformers
    python benchmarks/translation.py --model opus-mt --sentences 60 --splits 0

A film of held-out sentences of the demo domain, each with its reference, no sentence twice; a part
of them goes over two cues. ``--model`` is the demo, one that ``grown.py`` made (its text is the
demo's, its cost the large model's), or the directory of any translator. All systems use the same
weights, beam and threads, at 32-bit floats and at 8-bit integers where they can; each runs in a
process of its own, in interleaved rounds; loading and a few cues to warm up are left out. Ratios
are taken inside a round against ``per cue`` at the same precision.

``per cue`` calls CTranslate2's ``translate_batch`` for each cue as it stands, as many tools do;
``one call`` gives it all cues at once. subkit joins sentences, translates each once in batches by
length, and gives the words back to the cues: the time of all that counts. The pipeline gets all
cues in one list with its batch size; it needs the weights in Transformers' format and its own
environment (``benchmarks/peers/setup.py transformers``). chrF is over whole sentences, so that it
does not matter in which cue a word stands; the last column is the share of sentences whose text is
that of ``per cue`` at the first precision.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.cues import LANGUAGES, make_film
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.rounds import run_rounds
from benchmarks.harness.systems import System, find_python
from benchmarks.harness.translators import (
    TRANSLATING,
    Part,
    named,
    plain,
    speed_table,
    summarize,
)
from benchmarks.model.translators import TRANSLATORS, folder_of
from benchmarks.peers.setup import ENVIRONMENTS
from subkit.engines import find_model
from subkit.engines.translators.vocabulary import load_processor

if TYPE_CHECKING:
    from subkit.interfaces import ModelFacts

    Contenders = list[tuple[System, dict[str, Any], Path]]


def contenders(
    arguments: argparse.Namespace, model: ModelFacts, parts: list[Part]
) -> tuple[Contenders, dict[str, tuple[str, str]], dict[str, str]]:
    """Who runs, each with its job and interpreter; system and precision by name; who is absent."""
    other = Path(f"{model.directory}-transformers")
    job = {
        "model": arguments.model if model.demo else model.directory,
        "models": str(arguments.models),
        "weights": str(other),
        "device": arguments.device,
        "threads": arguments.threads,
        "beam_size": arguments.beam,
        "warm_up": arguments.warm_up,
        "parts": [part.job() for part in parts],
    }
    found: Contenders = []
    kinds: dict[str, tuple[str, str]] = {}
    absent: dict[str, str] = {}
    for precision in arguments.precisions:
        for name in arguments.systems:
            system = TRANSLATING[name]
            python = find_python(system, arguments.environments)
            if system.weights == "transformers":
                if precision.startswith("int8"):
                    absent[named(name, precision)] = "it has no such numbers on its own"
                    continue
                if not (other / "model.safetensors").is_file():
                    absent[name] = f"no weights in {other.name}; benchmarks/grown.py writes them"
                    continue
            if python is None:
                absent[name] = f"no environment: benchmarks/peers/setup.py {system.peer} makes it"
                continue
            called = named(name, precision)
            kinds[called] = (name, precision)
            found.append((replace(system, name=called), {**job, "precision": precision}, python))
    return found, kinds, absent


def main() -> int:
    """Measure and report."""
    arguments = _parser().parse_args()
    facts = machine_facts()
    folder = folder_of(arguments.model, arguments.models)
    wanted = str(folder.resolve()) if arguments.model in TRANSLATORS else arguments.model
    model = find_model(wanted, "translator", models_folder=arguments.models, offline=True)
    parts = [
        Part(make_film(arguments.sentences, arguments.source, split), arguments.source, to, split)
        for split in arguments.splits
        for to in arguments.targets
    ]
    systems, kinds, absent = contenders(arguments, model, parts)
    with tempfile.TemporaryDirectory() as jobs:
        rounds, failed = run_rounds(
            systems, arguments.rounds, Path(jobs), tell=lambda line: print(line, file=sys.stderr)
        )
    absent |= failed
    pieces = load_processor(Path(model.directory), "target.spm", "sentencepiece.bpe.model")
    rows = summarize(rounds, parts, kinds, lambda text: len(pieces.encode(text)))
    heading = f"{model.name}, beam {arguments.beam}, {arguments.threads} threads"
    print(f"{facts['machine']}, {facts['cores']} cores, {facts['date']}; {heading}\n")
    print(speed_table(rows))
    for what, why in absent.items():
        print(f"\nabsent: {what}: {why}")
    if arguments.json:
        names = ("sentences", "beam", "threads", "rounds", "device", "warm_up")
        write_results(
            arguments.json,
            sys.argv,
            facts,
            model=model.name,
            settings={name: getattr(arguments, name) for name in names},
            speed=[plain(row) for row in rows],
            absent=absent,
        )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    known = ", ".join(TRANSLATORS)
    add("--model", default="demo", help=f"demo, {known}, or the directory of a translator")
    add("--models", type=Path, default=Path("models"), help="where grown and fetched models lie")
    add("--environments", type=Path, default=ENVIRONMENTS, help="where the peers are")
    add("--systems", nargs="+", default=list(TRANSLATING), choices=TRANSLATING, metavar="NAME")
    add("--source", default="en", choices=LANGUAGES)
    add("--targets", nargs="+", default=["es", "ko"], choices=LANGUAGES)
    add("--splits", nargs="+", type=float, default=[0.0, 0.5], help="sentences over two cues")
    add("--sentences", type=int, default=400)
    add("--device", default="cpu", choices=("cpu", "cuda"))
    add("--precisions", nargs="+", default=["float32", "int8"], help="the first is compared with")
    add("--threads", type=int, default=len(os.sched_getaffinity(0)))
    add("--beam", type=int, default=4)
    add("--rounds", type=int, default=3)
    add("--warm-up", type=int, default=8, help="cues before each film that are not counted")
    add("--json", type=Path, metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())

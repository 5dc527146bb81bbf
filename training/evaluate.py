"""Measures both demo models on held-out sentences and prints tables.

``python -m training.evaluate --seen WORK/seen --unseen WORK/unseen`` (corpora made by
``python -m training.corpus --held-out --equal-languages``, the second with ``--unseen-voices``).
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from training.model_folder import write_json
from training.recognizer_evaluate import RecognizerEvaluation, make_long_files
from training.translator_evaluate import evaluate_translator

MODELS = Path("subkit/demo/models")
WINDOW_LENGTHS = (5, 8, 10, 15, 30)


def evaluate_recognizer(options: argparse.Namespace) -> dict[str, Any]:
    """Runs all measurements of the recogniser.

    Args:
        options: the command line's options.

    Returns:
        Measurement's name to its numbers; word error rates in percent.
    """
    evaluation = RecognizerEvaluation(options.recognizer, options.threads)
    results: dict[str, Any] = {}

    def note(name: str, value: Any) -> None:
        results[name] = value
        print(f"{name}: {value}", flush=True)

    note("short clips, voices of the training", evaluation.short_clips(options.seen, options.clips))
    if options.unseen:
        unseen = evaluation.short_clips(options.unseen, options.clips)
        note("short clips, other voices", unseen)
    files = make_long_files(options.seen, options.files, options.utterances, disturbed=False)
    for seconds in WINDOW_LENGTHS:
        note(f"cut at pauses, at most {seconds} s", evaluation.cut(files, seconds))
    disturbed = make_long_files(options.seen, options.files, options.utterances, disturbed=True)
    for seconds in (8, 10):
        name = f"cut at pauses, at most {seconds} s, music and noise"
        note(name, evaluation.cut(disturbed, seconds))
    for words in (False, True):
        name = f"30 s in sequence, {'with' if words else 'without'} word times"
        note(name, evaluation.sequential(files, words))
    note("text invented without speech", evaluation.without_speech())
    return results


def parse_options() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recognizer", type=Path, default=MODELS / "recognizer")
    parser.add_argument("--translator", type=Path, default=MODELS / "translator")
    parser.add_argument("--only", choices=("recognizer", "translator"))
    parser.add_argument("--seen", type=Path, help="held-out sentences, voices of the training")
    parser.add_argument("--unseen", type=Path, help="held-out sentences, other voices")
    parser.add_argument("--clips", type=int, default=300, help="short clips a corpus")
    parser.add_argument("--files", type=int, default=2, help="long files a language")
    parser.add_argument("--utterances", type=int, default=24, help="utterances a long file")
    parser.add_argument("--sentences", type=int, default=200, help="inputs a direction and length")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write all numbers here")
    return parser.parse_args()


def main() -> None:
    """Command line."""
    options = parse_options()
    started = time.monotonic()
    results: dict[str, Any] = {}
    if options.only != "translator":
        results["recognizer"] = evaluate_recognizer(options)
    if options.only != "recognizer":
        results["translator"] = evaluate_translator(options.translator, options.sentences)
    print(f"{time.monotonic() - started:.0f} s")
    if options.json:
        write_json(options.json, results)


if __name__ == "__main__":
    main()

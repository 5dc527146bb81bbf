"""How good and how fast is recognition on real speech with real weights, ours and the peers'?

    python benchmarks/real.py ggml --model base                   # the same weights for whisper.cpp
    python benchmarks/real.py films --language en --into FOLDER   # WAV files with their references
    python benchmarks/real.py errors --model base                 # words, their times, confidence
    python benchmarks/real.py speed --model base                  # time and memory, interleaved
    python benchmarks/real.py noise --model base                  # what is said where nobody speaks
    python benchmarks/real.py whole --model base                  # subkit run and the usual script
    python benchmarks/real.py all --model base                    # these four, one after the other
    python benchmarks/real.py tables                              # results into the pages

Weights are a name that subkit finds, or a CTranslate2 directory. Films are built from the
recordings in ``../shared/cases``, the same each time; their half ``fit`` is for choosing
thresholds, ``test`` for what is told of them. What systems heard is kept in ``--work``, so that
scoring them again takes seconds; give another folder for new runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.results import machine_facts, write_results
from benchmarks.model.ggml import convert
from benchmarks.peers.setup import ENVIRONMENTS
from benchmarks.speech.errors import films_on_disk, measure_errors
from benchmarks.speech.films import CONDITIONS, FilmSpec, programme
from benchmarks.speech.noise import measure_noise
from benchmarks.speech.pages import draw_pictures, write_pages
from benchmarks.speech.recordings import CASES, HALVES
from benchmarks.speech.running import Setting, model_facts, ready_systems
from benchmarks.speech.speed import cores, measure_speed
from benchmarks.speech.systems import SYSTEMS, TUNED_PEER
from benchmarks.speech.whole import measure_whole

RESULTS = Path(__file__).with_name("results")

SECONDS = {"en": 130.0}
"""Speech in each film of the programme: English has more recordings than one film needs."""

FEWER = {
    "de": tuple(name for name in CONDITIONS if name != "pink 20 dB"),
    "ko": ("clean", "music 10 dB"),
    "mixed": ("clean",),
}
"""Conditions of languages that are not in all of them."""

TIMED = (("en", "music 10 dB", 90.0), ("de", "clean", 50.0))
"""Films on which speed is measured, with their seconds of speech."""

PADDED, SEQUENTIAL = "faster-whisper batched, silence in the mel", "faster-whisper sequential"
UNASKED = {
    "errors": (
        TUNED_PEER,
    ),  # other words than the peer's own only where its kernels round otherwise
    "speed": (PADDED, SEQUENTIAL),
    "noise": (TUNED_PEER, PADDED, SEQUENTIAL),
}
"""What is left out where no systems are named, since it takes long and tells little."""

ELSEWHERE = {SEQUENTIAL: ("ko", "mixed")}
"""Languages of systems that take long, where no systems are named."""


def main() -> int:
    """Do what is asked; 0 if no system failed."""
    arguments = _parser().parse_args()
    if arguments.what == "tables":
        write_pages(arguments.results)
        draw_pictures(arguments.results)
        return 0
    if arguments.what == "ggml":
        folder = Path(model_facts(arguments.model, arguments.models)[0]["ctranslate2"])
        print(convert(folder, folder.with_name(f"{folder.name}-ggml") / "ggml-model.bin"))
        return 0
    if arguments.what == "films":
        for film, path in films_on_disk(_specs(arguments), arguments.into, arguments.cases):
            print(f"{path}: {film.seconds:.0f} s, {len(film.utterances)} utterances")
        return 0
    steps = ("errors", "speed", "noise", "whole") if arguments.what == "all" else [arguments.what]
    failures = [_measure(step, arguments) for step in steps]
    return 1 if any(failures) else 0


def _measure(step: str, arguments: argparse.Namespace) -> dict[str, str]:
    """One measurement, written to its file; what failed in it."""
    weights, model = model_facts(arguments.model, arguments.models)
    names = arguments.systems or [
        name for name in SYSTEMS if not SYSTEMS[name].peer and name not in UNASKED.get(step, ())
    ]
    systems, absent = ready_systems(names, weights, arguments.environments)
    for name, why in absent.items():
        print(f"{name}: {why}", flush=True)
    setting = Setting(
        weights=weights,
        environments=arguments.environments,
        work=arguments.work / "heard",
        threads=1,
        jobs=arguments.jobs if step == "errors" else 1,
        device=arguments.device,
        compute_type=arguments.compute_type,
        tell=lambda line: print(line, flush=True),
    )
    facts = machine_facts()
    found = _STEPS[step](arguments, systems, setting)
    failed: dict[str, str] = found.get("failed", {})
    path = arguments.results / f"real-{arguments.name or step}.json"
    about = {"model": model, "half": arguments.half, "absent": absent}
    about |= {"device": arguments.device, "compute_type": arguments.compute_type}
    write_results(path, sys.argv, facts, **about, **found)
    print(f"wrote {path}", flush=True)
    return failed


def _errors(
    arguments: argparse.Namespace, systems: Sequence[Any], setting: Setting
) -> dict[str, Any]:
    films = films_on_disk(_specs(arguments), arguments.work / "films", arguments.cases)
    return measure_errors(systems, films, setting, {} if arguments.systems else ELSEWHERE)


def _speed(
    arguments: argparse.Namespace, systems: Sequence[Any], setting: Setting
) -> dict[str, Any]:
    specs = [
        FilmSpec(language, condition, arguments.half, 900, arguments.seconds or seconds)
        for language, condition, seconds in TIMED
        if language in arguments.language
    ]
    films = films_on_disk(specs, arguments.work / "films", arguments.cases)
    threads = sorted({1, cores()})
    return measure_speed(systems, films, setting, rounds=arguments.rounds, threads=threads)


def _noise(
    arguments: argparse.Namespace, systems: Sequence[Any], setting: Setting
) -> dict[str, Any]:
    return measure_noise(systems, arguments.cases, arguments.work / "noise", setting)


def _whole(
    arguments: argparse.Namespace, systems: Sequence[Any], setting: Setting
) -> dict[str, Any]:
    del systems
    spec = FilmSpec("en", "music 10 dB", arguments.half, 901, arguments.seconds or 220)
    [(film, path)] = films_on_disk([spec], arguments.work / "films", arguments.cases)
    return measure_whole(film, path, setting, rounds=arguments.rounds, modes=("", "fast"))


_STEPS = {"errors": _errors, "speed": _speed, "noise": _noise, "whole": _whole}


def _specs(arguments: argparse.Namespace) -> list[FilmSpec]:
    return [
        spec
        for language in arguments.language
        for spec in programme(
            language,
            arguments.half,
            conditions=tuple(arguments.conditions or FEWER.get(language, tuple(CONDITIONS))),
            seconds=arguments.seconds or SECONDS.get(language, 0.0),
            seed=arguments.seed,
        )
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = ("ggml", "films", "errors", "speed", "noise", "whole", "all", "tables")
    parser.add_argument("what", choices=what)
    parser.add_argument("--model", default="base", help="name or CTranslate2 directory")
    parser.add_argument("--models", type=Path, default=Path("models"), help="made models")
    parser.add_argument("--language", nargs="+", default=["en", "de", "ko", "mixed"])
    parser.add_argument("--conditions", nargs="+", choices=list(CONDITIONS))
    parser.add_argument("--half", choices=HALVES, default="test")
    parser.add_argument("--seconds", type=float, default=0.0, help="of speech in each film")
    parser.add_argument("--seed", type=int, default=1, help="another one is another programme")
    known = ", ".join(SYSTEMS)
    parser.add_argument("--systems", nargs="+", metavar="NAME", help=f"of {known}")
    parser.add_argument("--name", default="", help="of the results: real-NAME.json")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--compute-type", default="int8", help="as CTranslate2 names them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time where none is timed")
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--environments", type=Path, default=ENVIRONMENTS)
    parser.add_argument("--work", type=Path, default=Path("real-work"))
    parser.add_argument("--into", type=Path, default=Path("real-films"))
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser


if __name__ == "__main__":
    sys.exit(main())

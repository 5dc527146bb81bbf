"""What do many short titles cost if their sentences are put to the translator together?

    python benchmarks/titles.py --titles 16 --rounds 7 --json benchmarks/results/titles.json
    python benchmarks/titles.py --model DIR --titles 64 --cues 4

Titles of a few held-out sentences of the demo domain each, from project files with a source track
to project files with all targets; the translator is loaded before. ``title by title`` asks the
engine for one after the other, ``together`` puts the sentences of several into one call. Both must
make the same cues, or there is no table. The wall time has every write to the disk in it, the
processor time of the engine only its calls.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.cues import Film, make_film
from benchmarks.harness.numbers import ratios, spread
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.rounds import order_of
from benchmarks.harness.tables import table
from subkit.engines import TranslatorOptions, find_model
from subkit.engines.translators import open_single
from subkit.interfaces import Retrying, Silent
from subkit.model import Media, Project
from subkit.pipeline import LoadedTranslator, RunOptions, translate_project
from subkit.pipeline.stages.project_translation import ProjectTranslation
from subkit.pipeline.title_queue import ask_together
from subkit.store import ProjectFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.interfaces import ModelFacts, Translator


def title_rows(
    arguments: argparse.Namespace, model: ModelFacts, options: TranslatorOptions
) -> list[dict[str, Any]]:
    """One row for each way of translating several short titles."""
    film = make_film(arguments.titles * arguments.cues, arguments.source, 0.0)
    ways = {"title by title": False, "together": True}
    rounds: dict[str, list[_Titles]] = {name: [] for name in ways}
    for number in range(arguments.rounds + 1):  # the first one warms up
        made = {}
        for at in order_of(len(ways), number):
            name = list(ways)[at]
            with TemporaryDirectory() as folder, ExitStack() as stack:
                stores = [
                    stack.enter_context(_project(Path(folder), film, n, arguments))
                    for n in range(arguments.titles)
                ]
                made[name] = translate_titles(stores, model, options, arguments, ways[name])
            if number:
                rounds[name].append(made[name])
        if made["together"].cues != made["title by title"].cues:
            raise SystemExit("together is not title by title")
    count = arguments.titles * arguments.cues * len(arguments.targets)
    base = rounds["title by title"]
    return [
        {
            "system": name,
            "titles": arguments.titles,
            "cues_each": arguments.cues,
            "sentences_per_second": spread([count / one.wall for one in found]),
            "cpu_seconds": spread([one.processor for one in found]),
            "engine_cpu_seconds": spread([one.engine for one in found]),
            "calls": found[0].calls,
            "wall_ratio": ratios([one.wall for one in base], [one.wall for one in found]),
            "cpu_ratio": ratios([one.processor for one in base], [one.processor for one in found]),
            "engine_ratio": ratios([one.engine for one in base], [one.engine for one in found]),
        }
        for name, found in rounds.items()
    ]


@dataclass(frozen=True)
class _Titles:
    """What translating the titles took, in seconds, and what came of it."""

    wall: float
    processor: float
    engine: float
    calls: int
    cues: list[list[tuple[str, ...]]]


class _Timed:
    """An engine whose calls are counted, with their processor seconds."""

    def __init__(self, engine: Translator) -> None:
        self.model = engine.model
        self.check = engine.check
        self.seconds, self.calls = 0.0, 0
        self._engine = engine

    def translate(self, texts: Sequence[str], source: str, target: str, **options: int) -> Any:
        """The engine's answer."""
        return self._timed(self._engine.translate, texts, source, target, **options)

    def retry(self, texts: Sequence[str], source: str, target: str, **options: int) -> Any:
        """The answer to another try."""
        again = self._engine.retry if isinstance(self._engine, Retrying) else self._engine.translate
        return self._timed(again, texts, source, target, **options)

    def _timed(self, ask: Callable[..., Any], *asked: Any, **options: int) -> Any:
        began = time.process_time()
        found = ask(*asked, **options)
        self.seconds += time.process_time() - began
        self.calls += 1
        return found


class _Loaded(LoadedTranslator):
    """With an engine that was loaded before."""

    def __init__(self, engine: Translator) -> None:
        super().__init__()
        self._engine = engine

    def get(self, _options: RunOptions, _model: ModelFacts) -> Translator:
        """The engine."""
        return self._engine


def translate_titles(
    stores: Sequence[ProjectFile],
    model: ModelFacts,
    engine: TranslatorOptions,
    arguments: argparse.Namespace,
    together: bool,
) -> _Titles:
    """Translate projects that have a source track."""
    options = RunOptions(to=tuple(arguments.targets), engine=engine, offline=True)
    timed = _Timed(open_single(model, engine))
    loaded = _Loaded(timed)
    wall, processor = time.perf_counter(), time.process_time()
    if together:
        titles = [ProjectTranslation(store, options, model, loaded) for store in stores]
        ask_together({title: title.questions() for title in titles}, loaded, Silent())
        made = [title.run(Silent()) for title in titles]
    else:
        made = [translate_project(store, options, model, Silent(), loaded) for store in stores]
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    cues = [[cue.lines for track in one.tracks for cue in track.cues] for one in made]
    return _Titles(wall, processor, timed.seconds, timed.calls, cues)


def _project(folder: Path, film: Film, number: int, arguments: argparse.Namespace) -> ProjectFile:
    cues = film.track.cues[number * arguments.cues : (number + 1) * arguments.cues]
    media = Media(path=f"/{number}", digest=f"sha256:{number}", duration=cues[-1].span.end)
    track = replace(film.track, cues=cues)
    project = Project(title=str(number), media=media, tracks=(track,))
    return ProjectFile.create(folder / f"{number}.subkit", project, actor="benchmark")


def title_table(rows: Sequence[dict[str, Any]]) -> str:
    """Many short titles."""
    head = ["titles", "system", "sentences / s", "CPU s", "of it engine", "calls"]
    head += ["× wall", "× CPU", "× engine"]
    return table(
        head,
        [
            [
                f"{row['titles']} of {row['cues_each']} cues",
                row["system"],
                row["sentences_per_second"].text(0),
                row["cpu_seconds"].text(2),
                row["engine_cpu_seconds"].text(2),
                str(row["calls"]),
                row["wall_ratio"].text(2, sign="×"),
                row["cpu_ratio"].text(2, sign="×"),
                row["engine_ratio"].text(2, sign="×"),
            ]
            for row in rows
        ],
    )


def main() -> int:
    """Measure and report."""
    arguments = _parser().parse_args()
    facts = machine_facts()
    model = find_model(arguments.model, "translator", models_folder=arguments.models, offline=True)
    options = TranslatorOptions(
        device=arguments.device,
        compute_type=arguments.compute_type,
        threads=arguments.threads,
        beam_size=arguments.beam,
    )
    rows = title_rows(arguments, model, options)
    heading = f"{model.name}, beam {arguments.beam}, {arguments.compute_type}"
    print(f"{facts['machine']}, {facts['cores']} cores, {facts['date']}; {heading}\n")
    print(title_table(rows))
    if arguments.json:
        write_results(
            arguments.json,
            sys.argv,
            facts,
            model=model.name,
            settings={"translator": asdict(options)},
            titles=[
                {k: asdict(v) if hasattr(v, "median") else v for k, v in row.items()}
                for row in rows
            ],
        )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--model", default="demo", help="demo, or the directory of a translator")
    add("--models", type=Path, default=Path("models"), help="where fetched models lie")
    add("--source", default="en", choices=("en", "es", "ko"))
    add("--targets", nargs="+", default=["es", "ko"], choices=("en", "es", "ko"))
    add("--titles", type=int, default=16)
    add("--cues", type=int, default=10, help="of each title")
    add("--device", default="cpu", choices=("cpu", "cuda"))
    add("--compute-type", default="int8")
    add("--threads", type=int, default=len(os.sched_getaffinity(0)))
    add("--beam", type=int, default=4)
    add("--rounds", type=int, default=5)
    add("--json", type=Path, metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())

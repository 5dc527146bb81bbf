"""How fast is translation of cues, how good, and how many cues can be read in their time?

    python benchmarks/translation.py --rounds 7 --json benchmarks/results/translation.json
    python benchmarks/translation.py --model DIR --source en --targets es

A film of held-out sentences of the demo domain, each with its reference, no sentence twice; a part
of them goes over two cues. All systems use the same weights, beam, compute type and threads, in
interleaved rounds in one process; loading is left out. ``per cue`` calls CTranslate2's
``translate_batch`` for each cue as it stands, as many tools do; ``one call`` gives it all cues at
once. subkit joins sentences, translates each once in batches by length, and gives the words back to
the cues: the time of all that counts. chrF is over whole sentences, so that it does not matter
in which cue a word stands.

The second table is what fitting to reading speed does: the share of cues that can be read in
their time and chrF, with and without, in cues as short as the sentence's reading time needs.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.chrf import chrf
from benchmarks.harness.numbers import ratios, spread
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.rounds import order_of
from benchmarks.harness.tables import table
from subkit.engines import TranslatorOptions, find_model
from subkit.engines.translators import open_single
from subkit.language import join_words, width
from subkit.model import Cue, Origin, Provenance, Span, Track
from subkit.spotting import break_lines
from subkit.styles import load_profile
from subkit.translation import ReadingSpeed, TranslationOptions, translate_track
from training.grammar import Grammar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from subkit.engines import SentenceTranslator
    from subkit.model import Profile

BASE = "per cue"
_SPEED = 15  # characters a second at which cues are timed


@dataclass(frozen=True)
class Film:
    """Cues, the ids of the cues of each sentence, and its references by language."""

    track: Track
    sentences: list[tuple[tuple[str, ...], dict[str, str]]]


def make_film(count: int, language: str, split: float, pace: float = 1.0) -> Film:
    """A film of ``count`` different sentences; ``split`` of those with five words take two cues.

    Args:
        count: Sentences.
        language: Language spoken.
        split: Share of longer sentences that go over two cues.
        pace: How long cues are on screen, against 15 characters a second.
    """
    draw = random.Random(11)  # noqa: S311 - which sentences, not a secret
    grammar = Grammar()
    drawn: dict[str, dict[str, str]] = {}
    while len(drawn) < count:
        sentence = grammar.sample_split(draw, held_out=True)
        drawn.setdefault(sentence[language], sentence)
    cues: list[Cue] = []
    sentences, at = [], Fraction(0)
    for sentence in drawn.values():
        words = sentence[language].split()
        half = len(words) // 2 if len(words) >= 5 and draw.random() < split else len(words)
        ids = []
        for part in filter(None, (words[:half], words[half:])):
            text = " ".join(part)
            seconds = Fraction(max(1, round(24 * pace * len(text) / _SPEED)), 24)
            span = Span(at, at + seconds)
            cues.append(Cue(id=f"c{len(cues) + 1}", span=span, lines=(text,)))
            ids.append(cues[-1].id)
            at = span.end + Fraction(1, 12)
        sentences.append((tuple(ids), sentence))
    return Film(Track(id=language, language=language, cues=tuple(cues)), sentences)


def texts_of(film: Film, said: dict[str, str], language: str) -> list[str]:
    """What a system wrote for each sentence of the film."""
    return [join_words((said[name] for name in ids), language) for ids, _ in film.sentences]


class Plain:
    """CTranslate2 alone: cues as they stand, one by one or in one call."""

    def __init__(self, translator: SentenceTranslator, *, together: bool) -> None:
        self._family = translator.family
        self._engine = translator.engine
        self._beam = translator.options.beam_size
        self._together = together

    def run(self, track: Track, target: str) -> dict[str, str]:
        """The text of each cue."""
        direction = self._family.direction(track.language, target)
        prefix = self._family.prefix(direction)
        tokens = [self._family.source_tokens(cue.text, direction) for cue in track.cues]
        batches = [tokens] if self._together else [[one] for one in tokens]
        written = [
            self._family.text(result.hypotheses[0][len(prefix) :])
            for batch in batches
            for result in self._engine.translate_batch(
                batch,
                target_prefix=[prefix] * len(batch) if prefix else None,
                beam_size=self._beam,
            )
        ]
        return {cue.id: text for cue, text in zip(track.cues, written, strict=True)}


class Ours:
    """The stage of subkit: cues in, cues out."""

    def __init__(self, translator: SentenceTranslator, options: TranslationOptions) -> None:
        self._translator = translator
        self._options = options

    def run(self, track: Track, target: str) -> dict[str, str]:
        """The text of each cue."""
        made = self.track(track, target, load_profile("subkit", target))
        return {cue.id: " ".join(cue.lines) for cue in made.cues}

    def track(self, track: Track, target: str, profile: Profile) -> Track:
        """The translated track."""
        fit = (ReadingSpeed(profile),) if self._options.fit == "reading" else ()
        return translate_track(
            track,
            target=target,
            translator=self._translator,
            profile=profile,
            break_lines=lambda text: break_lines(text, profile=profile, language=target),
            provenance=Provenance(origin=Origin.MT, tool="benchmark"),
            options=self._options,
            preferences=fit,
        )


def measure(
    systems: Mapping[str, Callable[[], dict[str, str]]], rounds: int
) -> tuple[dict[str, list[tuple[float, float]]], dict[str, dict[str, str]]]:
    """Wall and processor seconds of each system, round by round, and what it wrote."""
    names = list(systems)
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    said: dict[str, dict[str, str]] = {}
    for number in range(rounds + 1):  # the first one warms up
        for at in order_of(len(names), number):
            wall, processor = time.perf_counter(), time.process_time()
            said[names[at]] = systems[names[at]]()
            took = (time.perf_counter() - wall, time.process_time() - processor)
            if number:
                seconds[names[at]].append(took)
    return seconds, said


def speed_rows(
    arguments: argparse.Namespace, translator: SentenceTranslator, split: float
) -> list[dict[str, Any]]:
    """One row for each target and system."""
    film = make_film(arguments.sentences, arguments.source, split)
    rows = []
    for target in arguments.targets:
        systems: dict[str, Any] = {
            BASE: Plain(translator, together=False),
            "one call": Plain(translator, together=True),
            "subkit": Ours(translator, TranslationOptions(alternatives=1, fit="none")),
            "subkit, 3 alternatives": Ours(translator, TranslationOptions()),
        }
        run = {name: partial(system.run, film.track, target) for name, system in systems.items()}
        seconds, said = measure(run, arguments.rounds)
        references = [sentence[target] for _, sentence in film.sentences]
        for name, rounds in seconds.items():
            texts = texts_of(film, said[name], target)
            tokens = sum(len(translator.family.target_pieces.encode(text)) for text in texts)
            wall = [one[0] for one in rounds]
            row = {
                "target": target,
                "split": split,
                "system": name,
                "sentences": len(texts),
                "cues": len(film.track.cues),
                "sentences_per_second": spread([len(texts) / one for one in wall]),
                "tokens_per_second": spread([tokens / one for one in wall]),
                "cpu_seconds": spread([one[1] for one in rounds]),
                "wall_ratio": ratios([one[0] for one in seconds[BASE]], wall),
                "cpu_ratio": ratios([one[1] for one in seconds[BASE]], [o[1] for o in rounds]),
                "chrf": chrf(texts, references),
            }
            rows.append(row)
    return rows


def fit_rows(arguments: argparse.Namespace, translator: SentenceTranslator) -> list[dict[str, Any]]:
    """Share of cues within the profile's reading speed, with and without fitting."""
    film = make_film(arguments.sentences, arguments.source, 0.0, pace=arguments.pace)
    diverse = open_single(translator.model, replace(translator.options, diverse=True))
    rows = []
    for target in arguments.targets:
        profile = load_profile("subkit", target)
        references = [sentence[target] for _, sentence in film.sentences]
        for name, engine, fit in (
            ("best score", translator, "none"),
            ("fitted", translator, "reading"),
            ("fitted, diverse", diverse, "reading"),
        ):
            options = TranslationOptions(alternatives=arguments.alternatives, fit=fit)
            track = Ours(engine, options).track(film.track, target, profile)
            said = {cue.id: " ".join(cue.lines) for cue in track.cues}
            inside = sum(_readable(cue, profile) for cue in track.cues)
            best = max(1, sum(bool(cue.confidence) for cue in track.cues))
            rows.append(
                {
                    "target": target,
                    "choice": name,
                    "max_cps": float(profile.max_cps),
                    "within_reading_speed": inside / len(track.cues),
                    "chrf": chrf(texts_of(film, said, target), references),
                    "mean_confidence": sum(cue.confidence or 0 for cue in track.cues) / best,
                }
            )
    return rows


def _readable(cue: Cue, profile: Profile) -> bool:
    wide = width(" ".join(cue.lines), profile.counting)
    return wide <= profile.max_cps * cue.span.duration


def speed_table(rows: Sequence[dict[str, Any]]) -> str:
    """Speed and adequacy of each system."""
    head = ["to", "over two cues", "system", "sentences / s", "tokens / s", "CPU s"]
    head += [f"× {BASE}, wall", f"× {BASE}, CPU", "chrF"]
    return table(
        head,
        [
            [
                row["target"],
                f"{row['split']:.0%}",
                row["system"],
                row["sentences_per_second"].text(0),
                row["tokens_per_second"].text(0),
                row["cpu_seconds"].text(2),
                row["wall_ratio"].text(2, sign="×"),
                row["cpu_ratio"].text(2, sign="×"),
                f"{row['chrf']:.1f}",
            ]
            for row in rows
        ],
    )


def fit_table(rows: Sequence[dict[str, Any]]) -> str:
    """Reading speed before and after."""
    head = ["to", "choice", "cues within reading speed", "chrF", "mean probability"]
    return table(
        head,
        [
            [
                row["target"],
                f"{row['choice']} ({row['max_cps']:g} cps)",
                f"{row['within_reading_speed']:.1%}",
                f"{row['chrf']:.1f}",
                f"{row['mean_confidence']:.2f}",
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
    translator = open_single(model, options)
    speed = [row for share in (0.0, 0.5) for row in speed_rows(arguments, translator, share)]
    fits = fit_rows(arguments, translator)
    absent = {"transformers pipeline": "no weights that both read were measured"}
    heading = f"{model.name}, beam {arguments.beam}, {arguments.compute_type}"
    print(f"{facts['machine']}, {facts['cores']} cores, {facts['date']}; {heading}\n")
    print(f"{speed_table(speed)}\n\n{fit_table(fits)}")
    for what, why in absent.items():
        print(f"\nabsent: {what}: {why}")
    if arguments.json:
        write_results(
            arguments.json,
            sys.argv,
            facts,
            model=model.name,
            settings={"translator": asdict(options), "sentences": arguments.sentences},
            speed=[_plain(row) for row in speed],
            fit=fits,
            absent=absent,
        )
    return 0


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: asdict(v) if hasattr(v, "median") else v for k, v in row.items()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--model", default="demo", help="demo, or the directory of a translator")
    add("--models", type=Path, default=Path("models"), help="where fetched models lie")
    add("--source", default="en", choices=("en", "es", "ko"))
    add("--targets", nargs="+", default=["es", "ko"], choices=("en", "es", "ko"))
    add("--sentences", type=int, default=400)
    add("--pace", type=float, default=0.85, help="time of cues in the second table")
    add("--alternatives", type=int, default=5, help="hypotheses in the second table")
    add("--device", default="cpu", choices=("cpu", "cuda"))
    add("--compute-type", default="int8")
    add("--threads", type=int, default=len(os.sched_getaffinity(0)))
    add("--beam", type=int, default=4)
    add("--rounds", type=int, default=5)
    add("--json", type=Path, metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())

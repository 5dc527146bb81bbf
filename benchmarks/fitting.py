"""How many translated cues can be read in their time, and what does choosing for that cost?

    python benchmarks/fitting.py --json benchmarks/results/fitting.json

A film of held-out sentences of the demo domain in cues as short as the sentence's reading time
needs, translated with the best score alone, and with alternatives chosen by reading speed: the
share of cues within the profile's reading speed, chrF, and the mean probability of the texts.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.chrf import chrf
from benchmarks.harness.cues import LANGUAGES, make_film, texts_of
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from subkit.engines import TranslatorOptions, find_model
from subkit.engines.translators import open_single
from subkit.language import width
from subkit.model import Origin, Provenance
from subkit.spotting import break_lines
from subkit.styles import load_profile
from subkit.translation import ReadingSpeed, TranslationOptions, translate_track

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.engines import SentenceTranslator
    from subkit.model import Cue, Profile, Track


def translated(
    track: Track,
    target: str,
    translator: SentenceTranslator,
    profile: Profile,
    options: TranslationOptions,
) -> Track:
    """The track as subkit translates it."""
    return translate_track(
        track,
        target=target,
        translator=translator,
        profile=profile,
        break_lines=lambda text: break_lines(text, profile=profile, language=target),
        provenance=Provenance(origin=Origin.MT, tool="benchmark"),
        options=options,
        preferences=(ReadingSpeed(profile),) if options.fit == "reading" else (),
    )


def fit_rows(arguments: argparse.Namespace, translator: SentenceTranslator) -> list[dict[str, Any]]:
    """Share of cues within the profile's reading speed, with and without fitting."""
    film = make_film(arguments.sentences, arguments.source, pace=arguments.pace)
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
            track = translated(film.track, target, engine, profile, options)
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
    fits = fit_rows(arguments, open_single(model, options))
    heading = f"{model.name}, beam {arguments.beam}, {arguments.compute_type}"
    print(f"{facts['machine']}, {facts['cores']} cores, {facts['date']}; {heading}\n")
    print(fit_table(fits))
    if arguments.json:
        write_results(
            arguments.json,
            sys.argv,
            facts,
            model=model.name,
            settings={"translator": asdict(options), "sentences": arguments.sentences},
            fit=fits,
        )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--model", default="demo", help="demo, or the directory of a translator")
    add("--models", type=Path, default=Path("models"), help="where fetched models lie")
    add("--source", default="en", choices=LANGUAGES)
    add("--targets", nargs="+", default=["es", "ko"], choices=LANGUAGES)
    add("--sentences", type=int, default=400)
    add("--pace", type=float, default=0.85, help="time of cues against 15 characters a second")
    add("--alternatives", type=int, default=5, help="hypotheses for each sentence")
    add("--device", default="cpu", choices=("cpu", "cuda"))
    add("--compute-type", default="int8")
    add("--threads", type=int, default=len(os.sched_getaffinity(0)))
    add("--beam", type=int, default=4)
    add("--json", type=Path, metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())

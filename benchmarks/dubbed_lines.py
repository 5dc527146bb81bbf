"""Lines that fit: the likeliest text against the fittest alternative, on the same candidates.

    python benchmarks/dubbed_lines.py --json benchmarks/results/dubbed-lines.json

The demo's scene, and dialogues that are generated from its grammar: the words last as long as their
syllables, a third more or less, and every third line has a pause. **The translator is the demo's**:
a toy that knows this small domain and whose alternatives are often wrong sentences, so what counts
is the ratio of the columns and not their height. Candidates are those of ``subkit dub prepare``.

``first best`` is the candidate with the highest score per token; ``ranked`` what the preparation
chose; ``equal score`` the fittest of those whose score is within 0.05 nats a token of the first
best. A line of the plain cascade (first best, spoken through) has one phrase; phrases comply that
are within 10 % of those of the original, and there are as many.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from math import log
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from subkit.dubbing import Tempo, calibrate_speakers, fit_line, phrases
from subkit.interfaces import Silent
from subkit.language import count_syllables
from subkit.model import Media, Origin, Project, Provenance, Span, Transcript, Word
from subkit.pipeline import DubOptions, RunOptions, plan_translation, prepare_dubbing, with_lengths
from subkit.pipeline.dubbing_adaptation import laid_out
from subkit.store import ProjectFile, load
from tests.conftest import run_demo
from training.grammar import Grammar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Cue, Track

_EQUAL = 0.05
_RATE = 6.19
_SENTENCES = 200
_COLUMNS = ("first best", "ranked", "equal score")


def generated(seed: int, sentences: int) -> Project:
    """Return a project whose transcript is dialogue of two speakers."""
    chance, grammar = random.Random(seed), Grammar()  # noqa: S311 - repeatable
    words: list[Word] = []
    now = 1.0
    for number in range(sentences):
        texts = grammar.sample_split(chance, held_out=True)["en"].split()
        pace = chance.uniform(0.85, 1.15)
        pause = len(texts) // 2 if number % 3 == 0 and len(texts) > 3 else 0
        for place, text in enumerate(texts):
            now += chance.uniform(0.4, 0.8) if pause and place == pause else 0.0
            length = max(1, count_syllables(text, "en")) / _RATE * pace * chance.uniform(0.67, 1.33)
            span = Span(_exact(now), _exact(now + length))
            words.append(Word(text=text, span=span, confidence=0.9, speaker=f"s{number % 2}"))
            now += length
        now += chance.uniform(0.8, 2.5)
    made = Provenance(origin=Origin.IMPORT, tool="benchmark", actor="benchmark", time="")
    media = Media(path="generated.wav", digest="", duration=_exact(now + 1))
    transcript = Transcript(language="en", words=tuple(words), provenance=made)
    return Project(title="generated", media=media, transcript=transcript)


def _exact(seconds: float) -> Fraction:
    return Fraction(round(seconds * 1000), 1000)


def scene() -> Project:
    """Return the demo's scene as it is recognised."""
    with tempfile.TemporaryDirectory() as folder:
        project = load(run_demo(Path(folder) / "demo").path)
    return replace(project, tracks=())


def adapted(project: Project, language: str) -> tuple[Track, Track]:
    """Return the lines of the original and of the adaptation."""
    asked = with_lengths(RunOptions(to=(language,), translator="demo", model="demo", offline=True))
    options, model = plan_translation(asked, progress=Silent())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.subkit"
        ProjectFile.create(path, project, actor="benchmark").close()
        with ProjectFile.open(path) as store:
            done = prepare_dubbing(store, options, DubOptions(), model, Silent())
    track = done.track(f"{language}.dubbing")
    source = done.source_of(track)
    assert source is not None
    return source, track


def candidates(cue: Cue) -> list[tuple[str, float]]:
    """Return the texts that a line could have had, with their scores: the chosen one first."""
    found = [(cue.text, log(cue.confidence))] if cue.confidence else []
    return found + [(one.text, one.score) for one in cue.alternatives if one.score is not None]


def chosen(cue: Cue, source: Cue, language: str, tempo: Tempo) -> dict[str, tuple[str, float]]:
    """Return the text and the score that each way takes."""
    several = candidates(cue)
    best = max(several, key=lambda one: one[1])

    def misfit(one: tuple[str, float]) -> float:
        fit = fit_line(laid_out(replace(cue, lines=(one[0],)), source, language), language, tempo)
        return abs(log(max(fit.ratio, 0.01)))

    near = [one for one in several if one[1] >= best[1] - _EQUAL]
    return dict(zip(_COLUMNS, (best, several[0], min(near, key=misfit)), strict=True))


def measure(name: str, project: Project, language: str) -> list[dict[str, Any]]:
    """Return a row for each way to choose."""
    source, track = adapted(project, language)
    tempos = calibrate_speakers(source.cues, source.language)
    lines = {cue.id: cue for cue in source.cues}
    bands = {way: Counter[str]() for way in _COLUMNS}
    complying = Counter[str]()
    scores: dict[str, list[float]] = {way: [] for way in _COLUMNS}
    total = plain = 0
    for cue in track.cues:
        if not cue.dub or not candidates(cue):
            continue
        heard = lines[cue.id]
        tempo = tempos.get(cue.dub.character) or tempos[None]
        count = len(phrases(heard))
        total += count
        for way, (text, score) in chosen(cue, heard, language, tempo).items():
            laid = laid_out(replace(cue, lines=(text,)), heard, language)
            fit = fit_line(laid, language, tempo)
            bands[way][fit.band.value] += 1
            complying[way] += fit.compliant_phrases
            scores[way].append(score)
            plain += way == "first best" and count == 1 and fit.compliant_phrases
    rows = []
    for way in _COLUMNS:
        known = sum(bands[way].values())
        rows.append(
            {"lines": name, "language": language, "chosen": way, "count": known}
            | {band: round(bands[way][band] / known, 3) for band in ("green", "amber", "red")}
            | {"phrases comply": round(complying[way] / total, 3)}
            | {"cascade complies": round(plain / total, 3)}
            | {"mean score": round(mean(scores[way]), 3)}
        )
    return rows


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--sentences", type=int, default=_SENTENCES)
    parser.add_argument("--json", type=Path, help="write the results there")
    arguments = parser.parse_args(argv)
    rows = []
    for language in ("ko", "es"):
        rows += measure("scene", scene(), language)
        rows += measure("generated", generated(arguments.seed, arguments.sentences), language)
    print(table(list(rows[0]), [[str(value) for value in row.values()] for row in rows]))
    if arguments.json:
        write_results(arguments.json, sys.argv, machine_facts(), lines=rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())

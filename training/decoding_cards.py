"""Fit how to decode with a model's weights: thresholds for each language, and the shift of words.

    python -m training.decoding_cards --model base

Films are built from the recordings of the half ``fit`` (benchmarks/speech), so that what is told of
the thresholds in benchmarks/results comes from other recordings. Each window is decoded with one
beam and with all; then every threshold is tried on what both gave. The cheapest is taken that costs
no more than :data:`WORSE` errors in a hundred words against the full beam everywhere. The shift of
word times is the mean by which words start and end too early against times made by hand.

It prints the table for ``subkit/engines/cards.toml``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speech.films import Film, FilmSpec, build_film
from benchmarks.speech.recordings import CASES
from benchmarks.speech.running import model_facts
from benchmarks.speech.score import Heard, score_film
from benchmarks.speech.times import word_edges
from subkit.decode import (
    RecognitionOptions,
    SileroVoiceDetector,
    WhisperRecognizer,
    WindowOptions,
    fit_windows,
    speech_windows,
)
from subkit.interfaces import Decoding, LanguageDecoding, ModelFacts

WORSE = 0.6
"""Errors in a hundred words that a cheaper threshold may cost."""

THRESHOLDS = (-0.15, -0.2, -0.25, -0.3, -0.35, -0.4, -0.5)
CONDITIONS = ("clean", "pink 10 dB", "music 10 dB", "room")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="base", help="name or CTranslate2 directory")
    parser.add_argument("--language", nargs="+", default=["en", "de"])
    parser.add_argument("--seconds", type=float, default=130.0, help="of speech in each film")
    parser.add_argument("--cases", type=Path, default=CASES)
    options = parser.parse_args()
    weights, about = model_facts(options.model, Path("models"))
    model = ModelFacts(name="fitted", directory=weights["ctranslate2"], digest=str(about))
    shifts: list[float] = []
    for language in options.language:
        films = [
            build_film(FilmSpec(language, one, "fit", 700 + number, options.seconds), options.cases)
            for number, one in enumerate(CONDITIONS)
        ]
        tried = fit_language(model, language, films, shifts)
        print(f"[languages.{language}]  # errors of {tried.words}: {tried.table()}")
        print(f"doubt = {tried.best()}", flush=True)
    if shifts:
        print(f"shift_ms = {round(-1000 * float(np.mean(shifts)) / 10) * 10}")
    return 0


class Tried:
    """Errors and the share of windows with the full beam, by threshold."""

    def __init__(self, words: int, found: dict[float, tuple[int, float]]) -> None:
        self.words = words
        self._found = found

    def best(self) -> float:
        """The lowest threshold that costs no more than it may."""
        everywhere = self._found[0.0][0]
        most = everywhere + WORSE / 100 * self.words
        return min(limit for limit, (errors, _) in self._found.items() if errors <= most)

    def table(self) -> str:
        """What was tried, for a comment."""
        return ", ".join(
            f"{limit:g}: {errors} ({share:.0%})" for limit, (errors, share) in self._found.items()
        )


def fit_language(
    model: ModelFacts, language: str, films: Sequence[Film], shifts: list[float]
) -> Tried:
    """Try all thresholds on films of a language; add the errors of word edges to ``shifts``."""
    single = _recognizer(model, language, beam_size=1)
    full = _recognizer(model, language, mode="exact")
    cuts = {0.0: np.zeros(3), **{limit: np.zeros(3) for limit in THRESHOLDS}}
    words = 0
    for film in films:
        detector = SileroVoiceDetector()
        cut = fit_windows(WindowOptions(second_opinion=False), model)
        windows = list(speech_windows([film.samples], detector, cut))
        first, wide = single.recognize(windows), full.recognize(windows)
        for limit, sums in list(cuts.items()):
            doubted = [one.window.score < limit for one in first]
            chosen = [b if doubt else a for a, b, doubt in zip(first, wide, doubted, strict=True)]
            heard = [_heard(word) for one in chosen for word in one.words]
            scored = score_film(film.utterances, heard, language)
            cuts[limit] = np.add(sums, (scored.errors, sum(doubted), len(windows)))
        heard = [_heard(word) for one in first for word in one.words]
        scored = score_film(film.utterances, heard, language)
        words += scored.said
        for start, end in word_edges(film.utterances, heard, scored):
            shifts += [start, end]
    single.close()
    full.close()
    return Tried(words, {limit: (int(e), d / n) for limit, (e, d, n) in cuts.items()})


def _recognizer(model: ModelFacts, language: str, **options: Any) -> WhisperRecognizer:
    """A recogniser that says no times and shifts none."""
    plain = replace(model, decoding=Decoding(languages=(LanguageDecoding(doubt=-99.0),)))
    return WhisperRecognizer(plain, RecognitionOptions(language=language, **options))


def _heard(word: Any) -> Heard:
    span = word.span
    return Heard(float(span.start), float(span.end), word.text, word.confidence or 0.0)


if __name__ == "__main__":
    sys.exit(main())

"""Errors of the systems on films, and what can be told from the same runs.

Word times where the recordings have them, confidence, where a voice was detected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness.systems import System
from benchmarks.speech.films import Film, FilmSpec, build_film, write_film
from benchmarks.speech.running import Setting, heard_in, run_films
from benchmarks.speech.score import (
    Difference,
    Scored,
    UtteranceErrors,
    bootstrap,
    rate_interval,
    score_film,
)
from benchmarks.speech.systems import BASE, TUNED_PEER
from benchmarks.speech.times import score_confidence, score_edges, word_edges

__all__ = ["detected", "films_on_disk", "measure_errors", "score_systems"]

_FRAME = 0.02
_AWAY = 0.5


@dataclass(frozen=True)
class _Run:
    """A film as a system heard it."""

    film: Film
    scored: Scored
    told: dict[str, Any]


def films_on_disk(specs: Iterable[FilmSpec], folder: Path, cases: Path) -> list[tuple[Film, Path]]:
    """Build the films and write each as WAV with its reference."""
    built = (build_film(spec, cases) for spec in specs)
    return [(film, write_film(film, folder)) for film in built]


def measure_errors(
    systems: Sequence[System],
    films: Sequence[tuple[Film, Path]],
    setting: Setting,
    elsewhere: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Run the systems on the films and score what they heard.

    Args:
        systems: Which.
        films: With the path of each.
        setting: Of the runs.
        elsewhere: Systems that hear films in these languages alone.
    """
    failed: dict[str, str] = {}
    for language in dict.fromkeys(film.spec.language for film, _ in films):
        hear = [one for one in systems if language in elsewhere.get(one.name, (language,))]
        mine = [(path, language) for film, path in films if film.spec.language == language]
        failed |= run_films(hear, mine, setting)
    return {
        "films": [
            {
                "name": film.spec.name,
                "seconds": round(film.seconds, 1),
                "utterances": len(film.utterances),
            }
            for film, _ in films
        ],
        "failed": failed,
        "languages": score_systems([one.name for one in systems], films, setting.work),
    }


def score_systems(
    names: Sequence[str], films: Sequence[tuple[Film, Path]], work: Path
) -> dict[str, dict[str, Any]]:
    """By language and system: all that can be told from what was heard.

    A system that did not finish every film of a language has no row there.
    """
    found: dict[str, dict[str, Any]] = {}
    for language in dict.fromkeys(film.spec.language for film, _ in films):
        mine = [(film, path) for film, path in films if film.spec.language == language]
        runs = {name: _runs(name, mine, work) for name in names}
        whole = {name: made for name, made in runs.items() if made is not None}
        rows = {name: _row(made) for name, made in whole.items()}
        for against in (BASE, TUNED_PEER, "faster-whisper sequential"):
            if against in whole:
                _add_differences(rows, whole, against)
        found[language] = rows
    return found


def _runs(name: str, films: Sequence[tuple[Film, Path]], work: Path) -> list[_Run] | None:
    made = []
    for film, path in films:
        told = heard_in(work, name, path)
        if told is None:
            return None
        made.append(
            _Run(film, score_film(film.utterances, told["heard"], film.spec.language), told)
        )
    return made


def _row(runs: Sequence[_Run]) -> dict[str, Any]:
    every = _utterances(runs)
    seconds = sum(run.film.seconds for run in runs)
    row: dict[str, Any] = {
        **_sums(run.scored.counts() for run in runs),
        "rate": _interval(rate_interval(every)),
        "conditions": {
            run.film.spec.condition: {
                key: run.scored.counts()[key] for key in ("said", "errors", "lost")
            }
            for run in runs
        },
        "seconds": round(seconds, 1),
        "cpu_seconds": round(sum(run.told["cpu_seconds"] for run in runs), 1),
        "peak_mib": round(max(run.told["peak_mib"] for run in runs)),
        "versions": runs[0].told["versions"],
        "voice": {
            run.film.spec.condition: detected(run.film, run.told["voice"][0])
            for run in runs
            if run.told["voice"][0]
        },
    }
    edges = [
        edge
        for run in runs
        for edge in word_edges(run.film.utterances, run.told["heard"], run.scored)
    ]
    if edges:
        row["starts"] = asdict(score_edges([start for start, _ in edges]))
        row["ends"] = asdict(score_edges([end for _, end in edges]))
    confidence = [word.confidence for run in runs for word in run.told["heard"]]
    right = [one for run in runs for one in run.scored.right]
    if any(one < 1 for one in confidence):
        row["confidence"] = asdict(score_confidence(confidence, right))
    return row


def _sums(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        for key, value in one.items():
            total[key] = total.get(key, 0) + value
    return total


def _utterances(runs: Sequence[_Run]) -> list[UtteranceErrors]:
    return [one for run in runs for one in run.scored.utterances]


def _add_differences(
    rows: dict[str, dict[str, Any]], runs: dict[str, list[_Run]], against: str
) -> None:
    base = _utterances(runs[against])
    for name, row in rows.items():
        if name == against:
            continue
        other = _utterances(runs[name])
        row.setdefault("against", {})[against] = {
            "utterances": _interval(bootstrap(base, other)),
            "recordings": _interval(bootstrap(base, other, clusters=True)),
        }


def _interval(found: Difference) -> list[float]:
    return [round(value, 2) for value in (found.points, found.low, found.high)]


def detected(film: Film, voice: Sequence[Sequence[float]]) -> dict[str, float]:
    """Shares, in per cent, of speech without detected voice and of the rest with one.

    The rest is what is more than half a second from speech.
    """
    count = int(film.seconds / _FRAME) + 1
    speech, near, heard = (np.zeros(count, bool) for _ in range(3))
    for one in film.utterances:
        for start, end in one.speech:
            speech[round(start / _FRAME) : round(end / _FRAME)] = True
            near[max(0, round((start - _AWAY) / _FRAME)) : round((end + _AWAY) / _FRAME)] = True
    for start, end in voice:
        heard[round(start / _FRAME) : round(end / _FRAME)] = True
    missed = (speech & ~heard).sum() / max(1, speech.sum())
    false = (heard & ~near).sum() / max(1, (~near).sum())
    return {"missed": round(100 * float(missed), 2), "false": round(100 * float(false), 2)}

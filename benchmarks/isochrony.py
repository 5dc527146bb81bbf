"""How long lines take to say: predicted seconds against real speech; how fast ranking is.

    python benchmarks/isochrony.py --speech ../shared/cases/speech
    python benchmarks/isochrony.py --speech FOLDER --json benchmarks/results/isochrony.json

``FOLDER/manifest.tsv`` names recordings with their transcripts. A recording's speech is what the
voice detector finds, without pauses of 300 ms and more. The tempo of a speaker is measured on their
first 60 s of speech, and what is left is predicted: by that tempo, and by the rate of the language.
Korean has no speaker with so much speech: there the first 60 s of several speakers stand for all,
which a dubbing of one character would not do. The syllables of the transcripts are counted by rule.
Alternatives for the speed of ranking are generated.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.audio import read_samples
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from subkit.decode.voice import SileroVoiceDetector
from subkit.dubbing import MIN_PAUSE, Tempo, TimeSlot, calibrate, fit_pauses, fit_penalty

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CALIBRATED = 60.0
_LEFT_OUT = {"mixed", "noise", "rir"}
_CHUNK = 512 / 16_000
_VOICED = 0.5
_LINES, _ALTERNATIVES = 1500, 20


@dataclass(frozen=True)
class Recording:
    """One recording: its text between pauses, and how long each part is spoken."""

    language: str
    speaker: str
    parts: tuple[str, ...]
    seconds: tuple[float, ...]

    @property
    def total(self) -> float:
        """Seconds of speech."""
        return sum(self.seconds)

    def error(self, tempo: Tempo) -> float:
        """How far the predicted seconds are from the real ones, as a share."""
        return tempo.predict_all(self.parts, self.language) / self.total - 1


def read_recordings(folder: Path) -> Iterator[Recording]:
    """Yield the recordings of one language that have a transcript."""
    with (folder / "manifest.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for row in rows:
        kind, language, text = row["path"].split("/")[0], row["language"], row["transcript"]
        if kind in _LEFT_OUT or not text or not language.isalpha():
            continue
        lengths = voiced_lengths(folder / row["path"])
        if lengths:
            offsets = fit_pauses(text, language, lengths).offsets
            parts = tuple(text[a:b] for a, b in pairwise((0, *offsets, len(text))))
            yield Recording(language, speaker_of(row["path"]), parts, tuple(lengths))


def speaker_of(path: str) -> str:
    """Return who speaks, by where a recording lies; all Korean ones are taken together."""
    folder, name = str(Path(path).parent), Path(path).name
    if "librispeech" in folder or "timit" in folder:
        return f"{folder}/{name.split('_')[0].split('-1')[0].split('-')[0]}"
    return folder


def voiced_lengths(path: Path) -> list[float]:
    """Return how long each stretch of speech between pauses of 300 ms and more is."""
    voiced = [
        bool(one > _VOICED)
        for _, chances in _detector().probabilities([read_samples(path)])
        for one in chances
    ]
    spans: list[list[int]] = []
    for place, heard in enumerate(voiced):
        if not heard:
            continue
        if spans and (place - spans[-1][1]) * _CHUNK < MIN_PAUSE:
            spans[-1][1] = place + 1
        else:
            spans.append([place, place + 1])
    return [(end - start) * _CHUNK for start, end in spans]


@cache
def _detector() -> SileroVoiceDetector:
    return SileroVoiceDetector()


def predict(recordings: Sequence[Recording]) -> tuple[list[float], list[float], float]:
    """Return errors of what follows 60 s of one speaker: by their tempo, by the language's."""
    heard = 0.0
    spoken: list[tuple[str, float]] = []
    rest: list[Recording] = []
    for one in recordings:
        if heard < _CALIBRATED:
            heard += one.total
            spoken += zip(one.parts, one.seconds, strict=True)
        else:
            rest.append(one)
    tempo = calibrate(spoken, recordings[0].language)
    if tempo is None or heard < _CALIBRATED:
        return [], [], 0.0
    return [x.error(tempo) for x in rest], [x.error(Tempo()) for x in rest], tempo.speed


def predicted_rows(recordings: Sequence[Recording]) -> list[dict[str, Any]]:
    """Return a row for each speaker who is heard for longer than 60 s, and one a language."""
    speakers: dict[tuple[str, str], list[Recording]] = defaultdict(list)
    for one in recordings:
        apart = one.language if one.language == "ko" else one.speaker
        speakers[one.language, apart].append(one)
    rows, pooled = [], defaultdict[str, tuple[list[float], list[float]]](lambda: ([], []))
    for (language, speaker), several in sorted(speakers.items()):
        own, plain, speed = predict(several)
        if not own:
            continue
        rows.append(_row(language, speaker, own, plain) | {"tempo": round(speed, 2)})
        pooled[language][0].extend(own)
        pooled[language][1].extend(plain)
    return rows + [_row(language, "all", *both) for language, both in pooled.items()]


def _row(language: str, speaker: str, own: list[float], plain: list[float]) -> dict[str, Any]:
    return {
        "language": language,
        "speaker": speaker,
        "recordings": len(own),
        "median error": round(median(map(abs, own)), 4),
        "median error without calibration": round(median(map(abs, plain)), 4),
        "within 10 %": round(sum(abs(x) <= 0.1 for x in own) / len(own), 4),
    }


def ranking_seconds() -> float:
    """Return the processor time that ranking 1,500 lines with 20 alternatives each takes."""
    words = ["we", "leave", "the", "old", "house", "before", "my", "brother", "opens", "another"]
    slot = TimeSlot(phrases=((0.0, 1.1), (1.6, 1.4)), closures=(0.2, 1.9), tempo=Tempo())
    texts = [
        [
            " ".join(words[(line + n * k) % len(words)] for k in range(5 + n % 7)) + f" {line}, {n}"
            for n in range(_ALTERNATIVES)
        ]
        for line in range(_LINES)
    ]
    started = time.process_time()
    for several in texts:
        min(several, key=lambda text: fit_penalty(text, "en", slot))
    return time.process_time() - started


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--speech", type=Path, help="folder of recordings with manifest.tsv")
    parser.add_argument("--json", type=Path, help="write the results there")
    arguments = parser.parse_args(argv)
    rows: list[dict[str, Any]] = []
    if arguments.speech:
        rows = predicted_rows(list(read_recordings(arguments.speech)))
        head = list(max(rows, key=len, default={}))
        print(table(head, [[row.get(name, "") for name in head] for row in rows]))
    seconds = ranking_seconds()
    print(f"{_LINES} lines with {_ALTERNATIVES} alternatives each ranked in {seconds:.1f} s of CPU")
    if arguments.json:
        write_results(
            arguments.json, sys.argv, machine_facts(), speech=rows, ranking_seconds=seconds
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""When is each word of a known text said, and is nothing claimed that nobody says?

    python benchmarks/alignment.py text --model base --peers FOLDER --json FILE

Films are built of recordings, half of which nothing was fitted on; some have word times made by
hand. Edges are held against those. Then the script is spoilt: a third of the share named is wrong
words, a third lines that are missing, a third lines in another place. A word is right within 200 ms
of its hand-made times, and without such inside of its recording; a wrong word is false if it is
given any time. Peers run in the same run with the same weights: faster-whisper, whose words count
where they were recognised, and stable-ts, which aligns the same text, in an environment of its own.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

import subkit
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.systems import System, find_python, run_system
from benchmarks.harness.tables import table
from benchmarks.speech.align import align as align_words
from benchmarks.speech.films import FilmSpec, build_film, write_film
from subkit.pipeline import RunOptions, recognizer_model

if TYPE_CHECKING:
    from benchmarks.speech.films import Film, Utterance

_NEAR = 0.2
_PEERS = (
    System("faster-whisper", "run_faster_whisper.py", job={"batch_size": 0}),
    System("stable-ts align", "run_stable_ts_align.py", "stable-ts"),
)


@dataclass
class Line:
    """A line of a script: its words, and for each the truth; ``None`` where nobody says it."""

    words: list[str]
    truth: list[tuple[float, float, bool] | None]


def main(given: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="base")
    parser.add_argument("--language", default="en")
    parser.add_argument("--half", default="test", choices=("fit", "test", "all"))
    parser.add_argument("--conditions", nargs="+", default=["clean", "pink 10 dB"])
    parser.add_argument("--shares", nargs="*", type=float, default=[0.0, 0.1, 0.3, 0.5])
    parser.add_argument("--seconds", type=float, default=0.0, help="of speech; 0 is all there is")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peers", type=Path, metavar="FOLDER")
    parser.add_argument("--work", type=Path, metavar="FOLDER", help="keep films and projects here")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args(given)
    facts = machine_facts()
    edges: list[dict[str, Any]] = []
    spoilt: list[dict[str, Any]] = []
    versions: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="align-") as name:
        for condition in arguments.conditions:
            spec = FilmSpec(
                arguments.language, condition, arguments.half, arguments.seed, arguments.seconds
            )
            measured = _Measured(build_film(spec), arguments.work or Path(name), arguments)
            edges += measured.edges(versions)
            spoilt += [measured.spoilt(share) for share in arguments.shares]
    print(f"Edges of words, {facts['machine']}\n")
    print(table(*_rows(edges)))
    print("\nA script that is partly wrong\n")
    print(table(*_rows(spoilt)))
    if arguments.json:
        command = [str(Path(__file__).with_name("alignment.py")), "text", *given]
        write_results(arguments.json, command, facts, peers=versions, edges=edges, spoilt=spoilt)
    return 0


class _Measured:
    """A film, transcribed once, and what systems make of it."""

    def __init__(self, film: Film, folder: Path, arguments: argparse.Namespace) -> None:
        self._film = film
        self._folder = folder
        self._arguments = arguments
        self._path = write_film(film, folder)
        self._options = RunOptions(model=arguments.model, offline=True)
        self._project = self._path.with_suffix(".subkit")
        heard = subkit.transcribe(self._path, project=self._project, options=self._options,
                                  progress=False)  # fmt: skip
        self._heard = [(float(w.span.start), float(w.span.end), w.text) for w in heard.words]

    def edges(self, versions: dict[str, str]) -> list[dict[str, Any]]:
        lines = [_line(one) for one in self._film.utterances]
        found = self._aligned(lines)
        truth = [word for line in lines for word in line.truth]
        told = [None if s is None else (float(s.start), float(s.end)) for s in found[0]]
        rows = [self._edge_row("subkit align", told, truth)]
        rows.append(self._edge_row("subkit, recognised", self._matched(self._heard, lines), truth))
        for system in _PEERS:
            folder = self._arguments.peers
            python = find_python(system, folder or Path())
            if python is None or (system.peer and folder is None):
                continue
            result = run_system(system, self._job(lines), python, self._folder)
            versions |= result["versions"]
            heard = [(w[0], w[1], w[2]) for w in result["words"][0]]
            rows.append(self._edge_row(system.name, self._matched(heard, lines), truth))
        return rows

    def spoilt(self, share: float) -> dict[str, Any]:
        """Align a script of which a share is wrong, missing or elsewhere."""
        rng = random.Random(self._arguments.seed)  # noqa: S311 - the same script each time
        lines = _spoilt(self._film.utterances, share, rng)
        spans, alignment = self._aligned(lines)
        truth = [word for line in lines for word in line.truth]
        right = false = unfound = 0
        for word, span in zip(truth, spans, strict=True):
            if word is None:
                false += span is not None
            elif span is None:
                unfound += 1
            else:
                right += _is_right((float(span.start), float(span.end)), word)
        said = sum(word is not None for word in truth)
        return {
            "film": self._film.spec.condition,
            "spoilt": f"{share:.0%}",
            "words said": said,
            "right, %": round(100 * right / said, 2),
            "unfound": unfound,
            "elsewhere": said - right - unfound,
            "words nobody says": len(truth) - said,
            "false": false,
            "passages": alignment.passages,
            "moved": alignment.moved,
            "windows asked": alignment.asked,
        }

    def _aligned(self, lines: list[Line]) -> tuple[list[Any], Any]:
        texts = [" ".join(line.words) for line in lines]
        done = subkit.align(texts, to=self._project, language=self._arguments.language, by="x",
                            name=f"x{len(texts)}.{abs(hash(tuple(texts)))}", options=self._options,
                            progress=False)  # fmt: skip
        assert done.alignment is not None
        return [word.span for word in done.alignment.words], done.alignment

    def _job(self, lines: list[Line]) -> dict[str, Any]:
        model = recognizer_model(self._options)
        return {
            "audio": [str(self._path)],
            "texts": {str(self._path): " ".join(word for line in lines for word in line.words)},
            "model": model.directory,
            "language": self._arguments.language,
            "threads": 2,
            "device": "cpu",
            "compute_type": "int8",
            "beam_size": 5,
            "temperatures": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
            "word_times": True,
        }

    def _matched(
        self, heard: list[tuple[float, float, str]], lines: list[Line]
    ) -> list[tuple[float, float] | None]:
        """For each word of the text the times of the same word that a system gave."""
        said = [_plain(word) for line in lines for word in line.words]
        steps = align_words(said, [_plain(word) for *_, word in heard], compounds=False)
        found: list[tuple[float, float] | None] = [None] * len(said)
        for step in steps:
            if step.kind == "match":
                start, end, _ = heard[step.heard[0]]
                found[step.said[0]] = (start, end)
        return found

    def _edge_row(
        self,
        system: str,
        found: list[tuple[float, float] | None],
        truth: list[tuple[float, float, bool] | None],
    ) -> dict[str, Any]:
        pairs = [
            (times, word)
            for times, word in zip(found, truth, strict=True)
            if times and word and word[2]
        ]
        errors = np.array([[a[0] - b[0], a[1] - b[1]] for a, b in pairs]) * 1000
        size = np.abs(errors).ravel()
        row = {
            "film": self._film.spec.condition,
            "system": system,
            "words": len(pairs),
            "of": sum(bool(word and word[2]) for word in truth),
            "median ms": round(float(np.median(size))),
            "p90 ms": round(float(np.percentile(size, 90))),
        }
        shares = {f"in {ms} ms": round(float((size <= ms + 1e-6).mean()), 3)
                  for ms in (50, 100, 200)}  # fmt: skip
        early = {
            "starts": round(float(np.median(errors[:, 0]))),
            "ends": round(float(np.median(errors[:, 1]))),
        }
        return {**row, **shares, **early}


def _line(one: Utterance) -> Line:
    words = one.text.split()
    exact = len(one.words) == len(words)
    truth: list[tuple[float, float, bool] | None] = [
        (one.words[n][0], one.words[n][1], True) if exact else (one.start, one.end, False)
        for n in range(len(words))
    ]
    return Line(words, truth)


def _spoilt(utterances: tuple[Utterance, ...], share: float, rng: random.Random) -> list[Line]:
    """Lines of which a share of the words is wrong, missing or in another place, a third each."""
    lines = [_line(one) for one in utterances]
    words = [word for line in lines for word in line.words]
    part = share * len(words) / 3
    order = list(range(len(lines)))
    rng.shuffle(order)
    missing, order = _drawn(lines, order, part)
    moved, _ = _drawn(lines, order, part)
    kept = [line for n, line in enumerate(lines) if n not in missing and n not in moved]
    wrong = 0
    while wrong < part:
        line = rng.choice(kept)
        first = rng.randrange(len(line.words))
        for at in range(first, min(len(line.words), first + rng.randint(1, 5))):
            other = rng.choice(words)
            if line.truth[at] is not None and _plain(other) != _plain(line.words[at]):
                line.words[at], line.truth[at] = other, None
                wrong += 1
    for number in sorted(moved):
        kept.insert(rng.randrange(len(kept) + 1), lines[number])
    return kept


def _drawn(lines: list[Line], order: list[int], part: float) -> tuple[set[int], list[int]]:
    found: set[int] = set()
    count = 0
    while count < part and order:
        found.add(order[0])
        count += len(lines[order[0]].words)
        order = order[1:]
    return found, order


def _is_right(times: tuple[float, float], word: tuple[float, float, bool]) -> bool:
    start, end, exact = word
    if exact:
        return abs(times[0] - start) <= _NEAR and abs(times[1] - end) <= _NEAR
    return start - _NEAR <= times[0] and times[1] <= end + _NEAR


def _plain(word: str) -> str:
    return "".join(char for char in word.casefold() if char.isalnum())


def _rows(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    head = list(rows[0]) if rows else []
    return head, [[str(row[key]) for key in head] for row in rows]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

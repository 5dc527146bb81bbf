"""Where subtitles are broken: ours against simple splitters and peers, on the same words.

    python benchmarks/spotting.py
    python benchmarks/spotting.py --more en=amara.en fr=amara.fr --json results/spotting.json

Texts with human breaks: our own (``benchmarks/data/breaks``), and by ``--more`` those of others,
for example the ``amara`` set of MuST-Cinema that comes with EvalSubtitle
(https://github.com/fyvo/EvalSubtitle), which its licence (CC BY-NC-SA 4.0) keeps out of this
project. Of a set that weights were tuned on, the half that was held out is measured; ``--whole``
measures all of it as well. The words get even times without pauses, so that no time tells where the
human broke; ``--timed`` adds what ``benchmarks/timing.py`` measures on sound whose times are known:
in-times and out-times in frames from the truth, and faults by the shot rules. Peers need their
environments (``benchmarks/peers/setup.py``); those without are named.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import timing
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from benchmarks.peers.setup import ENVIRONMENTS
from benchmarks.segmentation.metrics import boundaries, conformity, sigma
from benchmarks.segmentation.references import OWN, Reference, halves, read_references
from benchmarks.segmentation.systems import (
    PEERS,
    RATE,
    SIMPLE,
    AbsentError,
    split_by_peer,
    split_by_subkit,
    spoken_words,
    words,
)
from subkit.spotting import spot
from subkit.styles import load_profile

if TYPE_CHECKING:
    from benchmarks.segmentation.references import Cues
    from subkit.model import Profile

_TUNED = ("en", "fr")
_FILM_WORDS = 18_000


@dataclass(frozen=True)
class Set:
    """References to measure on."""

    name: str
    language: str
    references: list[Reference]

    @property
    def profile(self) -> Profile:
        """The style that breaks must keep."""
        return load_profile("subkit", self.language)


def own_sets() -> list[Set]:
    """Our own references: the held-out half where there is one, else all."""
    found = []
    for path in sorted(OWN.glob("*.txt"), key=lambda path: (path.stem not in _TUNED, path.stem)):
        language = path.stem.partition("-")[0]
        references = read_references(path, language)
        if path.stem in _TUNED:
            found.append(
                Set(f"own {path.stem}, held out", path.stem, halves(references, own=True)[1])
            )
        else:
            found.append(Set(f"own {path.stem}", language, references))
    return found


def more_sets(given: list[str], *, whole: bool) -> list[Set]:
    """Sets of others, as ``LANGUAGE=FILE``: the second half, and all if asked for."""
    found = []
    for one in given:
        language, _, path = one.partition("=")
        references = read_references(Path(path), language)
        name = Path(path).name
        found.append(Set(f"{name}, second half", language, halves(references, own=False)[1]))
        if whole:
            found.append(Set(name, language, references))
    return found


def systems(one: Set, into: Path) -> dict[str, list[Cues] | str]:
    """What each system makes of a set; for a peer that cannot run, why."""
    profile, language = one.profile, one.language
    texts = [reference.text for reference in one.references]
    made: dict[str, list[Cues] | str] = {
        "subkit": [split_by_subkit(text, profile, language) for text in texts]
    }
    for name, split in SIMPLE.items():
        made[name] = [split(words(text, language), profile, language) for text in texts]
    for name in PEERS:
        made[name] = peer(name, texts, one, into)
    return made


def peer(name: str, texts: list[str], one: Set, into: Path) -> list[Cues] | str:
    """What a peer makes of a set, or why it cannot run."""
    try:
        return split_by_peer(name, texts, one.profile, one.language, into)[0]
    except AbsentError as absent:
        return str(absent)


def measure(made: list[Cues], one: Set) -> dict[str, float]:
    """All numbers of a system on a set."""
    wanted = [reference.cues for reference in one.references]
    kinds = {kind: boundaries(made, wanted, kind) for kind in ("any", "eob", "eol")}
    return {
        "sigma": sigma(made, wanted, one.language),
        "f1": boundaries(made, wanted, ends=True).f1,
        "precision_inside": kinds["any"].precision,
        "recall_inside": kinds["any"].recall,
        "f1_inside": kinds["any"].f1,
        "f1_cues": kinds["eob"].f1,
        "f1_lines": kinds["eol"].f1,
        **conformity(made, one.profile),
        "cues": sum(len(cues) for cues in made),
        "cues_wanted": sum(len(cues) for cues in wanted),
    }


def film_seconds() -> float:
    """Processor seconds that spotting a two-hour film of 18,000 words takes."""
    text = " ".join(one.text for one in read_references(OWN / "en.txt", "en"))
    spoken = spoken_words(text, "en")
    laps = -(-_FILM_WORDS // len(spoken))
    film = [
        replace(word, span=word.span.shifted(lap * spoken[-1].span.end))
        for lap in range(laps)
        for word in spoken
    ][:_FILM_WORDS]
    began = time.process_time()
    spot(film, profile=load_profile("subkit", "en"), rate=RATE, language="en")
    return time.process_time() - began


def show(name: str, found: dict[str, dict[str, float] | str]) -> str:
    """One set as a table."""
    head = ["system", "Sigma", "F1", "F1 inside", "cue breaks", "line breaks", "CPL %", "lines %"]
    rows = []
    for system, numbers in found.items():
        if isinstance(numbers, str):
            rows.append([system, numbers, *["-"] * (len(head) - 2)])
            continue
        shares = (f"{numbers[key]:.3f}" for key in ("f1", "f1_inside", "f1_cues", "f1_lines"))
        limits = (f"{numbers[key]:.1f}" for key in ("cpl", "lines"))
        rows.append([system, f"{numbers['sigma']:.1f}", *shares, *limits])
    return f"**{name}**\n\n{table(head, rows)}\n"


def main() -> None:
    """Measure everything and write it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--more", nargs="*", default=[], metavar="LANGUAGE=FILE")
    parser.add_argument("--whole", action="store_true", help="all of the other sets as well")
    parser.add_argument("--timed", action="store_true", help="in-times, out-times, shot rules too")
    parser.add_argument("--peers", type=Path, default=ENVIRONMENTS, help="their environments")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    facts = machine_facts()
    results: dict[str, Any] = {}
    for one in [*more_sets(arguments.more, whole=arguments.whole), *own_sets()]:
        found = {
            name: made if isinstance(made, str) else measure(made, one)
            for name, made in systems(one, arguments.peers).items()
        }
        results[one.name] = {"sentences": len(one.references), "systems": found}
        print(show(f"{one.name} ({len(one.references)} sentences)", found), flush=True)
    film = film_seconds()
    print(f"{_FILM_WORDS} words: {film:.2f} s of processor time")
    timed = timing.measure() if arguments.timed else {}
    if timed:
        print(timing.show(timed))
    if arguments.json:
        parts = {"sets": results, "film_words": _FILM_WORDS, "film_cpu_seconds": film, **timed}
        write_results(arguments.json, sys.argv, facts, **parts)


if __name__ == "__main__":
    main()

"""Systems that translate cues: who they are, and their rounds as a table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.harness.chrf import chrf
from benchmarks.harness.cues import texts_of
from benchmarks.harness.numbers import ratios, spread
from benchmarks.harness.systems import System
from benchmarks.harness.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.harness.cues import Film

    Rounds = dict[str, list[dict[str, Any]]]

__all__ = ["BASE", "TRANSLATING", "Part", "named", "plain", "speed_table", "summarize"]

BASE = "per cue"
TRANSLATING = {
    system.name: system
    for system in (
        System(BASE, "translate_ctranslate2.py", job={"together": False}),
        System("one call", "translate_ctranslate2.py", job={"together": True}),
        System("subkit", "translate_subkit.py", job={"alternatives": 1}),
        System("subkit, 3 alternatives", "translate_subkit.py", job={"alternatives": 3}),
        *(
            System(
                f"transformers pipeline, batch {size}",
                "translate_transformers.py",
                "transformers",
                job={"batch_size": size},
                weights="transformers",
            )
            for size in (1, 16)
        ),
    )
}


@dataclass(frozen=True)
class Part:
    """One film into one language, of several that each system translates in a row.

    Attributes:
        film: What is translated.
        source: Its language.
        target: Language to write.
        split: Share of its longer sentences that go over two cues.
    """

    film: Film
    source: str
    target: str
    split: float

    def job(self) -> dict[str, Any]:
        """As the systems' scripts read it."""
        cues = [
            (cue.id, str(cue.span.start), str(cue.span.end), cue.text)
            for cue in self.film.track.cues
        ]
        return {"source": self.source, "target": self.target, "cues": cues}


def named(system: str, precision: str) -> str:
    """A system at a precision, as it is called in results."""
    return f"{system} {precision}"


def summarize(
    rounds: Rounds,
    parts: Sequence[Part],
    kinds: dict[str, tuple[str, str]],
    count: Callable[[str], int],
) -> list[dict[str, Any]]:
    """One row for each part and system.

    Args:
        rounds: By name, round by round.
        parts: What was translated.
        kinds: System and precision of each name.
        count: Tokens of a text.
    """
    rows = []
    for at, part in enumerate(parts):
        references = [sentence[part.target] for _, sentence in part.film.sentences]
        first = next((name for name in rounds if kinds[name][0] == BASE), None)
        expected = _texts(rounds[first], at, part) if first else references
        for name, results in rounds.items():
            system, precision = kinds[name]
            base = rounds.get(named(BASE, precision))
            texts = _texts(results, at, part)
            wall = [one["parts"][at]["wall_seconds"] for one in results]
            processor = [one["parts"][at]["cpu_seconds"] for one in results]
            row: dict[str, Any] = {
                "target": part.target,
                "split": part.split,
                "system": system,
                "precision": precision,
                "sentences": len(texts),
                "cues": len(part.film.track.cues),
                "sentences_per_second": spread([len(texts) / one for one in wall]),
                "tokens_per_second": spread([sum(map(count, texts)) / one for one in wall]),
                "wall_seconds": spread(wall),
                "cpu_seconds": spread(processor),
                "peak_mib": spread([one["peak_mib"] for one in results]),
                "load_seconds": spread([one["load_seconds"] for one in results]),
                "loads": [one["load"] for one in results],
                "chrf": chrf(texts, references),
                "as_base": sum(a == b for a, b in zip(texts, expected, strict=True)) / len(texts),
                "versions": results[-1]["versions"],
            }
            if base and len(base) == len(results):
                row["wall_ratio"] = ratios(_of(base, at, "wall_seconds"), wall)
                if all(processor):  # the clock ticks every 10 ms, so a short run may take none
                    row["cpu_ratio"] = ratios(_of(base, at, "cpu_seconds"), processor)
            rows.append(row)
    return rows


def _of(results: Sequence[dict[str, Any]], at: int, what: str) -> list[float]:
    return [one["parts"][at][what] for one in results]


def _texts(results: Sequence[dict[str, Any]], at: int, part: Part) -> list[str]:
    return texts_of(part.film, results[-1]["parts"][at]["said"], part.target)


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON has it."""
    return {key: asdict(v) if hasattr(v, "median") else v for key, v in row.items()}


def speed_table(rows: Sequence[dict[str, Any]]) -> str:
    """Speed, memory and adequacy of each system."""
    head = ["to", "over two cues", "system", "sentences / s", "tokens / s", "CPU s"]
    head += [f"× {BASE}, wall", f"× {BASE}, CPU", "peak MiB", "chrF", f"text as {BASE}"]
    body = []
    for row in rows:
        ratio = [row[name].text(2, sign="×") if name in row else "-" for name in _RATIOS]
        body.append(
            [
                row["target"],
                f"{row['split']:.0%}",
                named(row["system"], row["precision"]),
                row["sentences_per_second"].text(2),
                row["tokens_per_second"].text(1),
                row["cpu_seconds"].text(2),
                *ratio,
                f"{row['peak_mib'].median:.0f}",
                f"{row['chrf']:.1f}",
                f"{row['as_base']:.0%}",
            ]
        )
    return table(head, body)


_RATIOS = ("wall_ratio", "cpu_ratio")

"""Results of interleaved rounds as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.harness.numbers import ratios, spread
from benchmarks.harness.roofline import operations
from benchmarks.harness.systems import SYSTEMS
from benchmarks.harness.tables import table
from benchmarks.harness.text import count_errors, error_rate, plain_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.model.shapes import Shape

    Rounds = dict[str, list[dict[str, Any]]]

__all__ = ["Measured", "speed_table", "stage_table", "summarize", "work_table"]

STAGES = ("audio", "voice", "features", "encode", "detect_language", "generate", "align", "rest")


@dataclass(frozen=True)
class Measured:
    """What the rounds are about.

    Attributes:
        seconds: Of audio in each run.
        base: The system that ratios and divergence are against.
        text: What is said, where the model can know it.
        comparable: Whether the model's words mean something: untrained weights say other words as
            soon as a prompt or a window begins elsewhere, so their texts are not compared.
    """

    seconds: float
    base: str
    text: str = ""
    comparable: bool = True


def _text(result: dict[str, Any]) -> str:
    return " ".join("".join(word[2] for word in words) for words in result["words"])


def divergence(one: str, other: str) -> float:
    """Errors between two texts by the words of the longer: 0 is the same, 1 nothing in common."""
    a, b = plain_words(one), plain_words(other)
    return count_errors(a, b) / max(len(a), len(b), 1)


def summarize(rounds: Rounds, about: Measured) -> list[dict[str, Any]]:
    """One row of numbers for each system."""
    base = rounds.get(about.base)
    rows = []
    for name, results in rounds.items():
        if not results:
            continue
        wall = [one["wall_seconds"] for one in results]
        minutes = about.seconds / 60
        row: dict[str, Any] = {
            "system": name,
            "rounds": len(results),
            "times_real_time": spread([about.seconds / one for one in wall]),
            "cpu_seconds_per_minute": spread([one["cpu_seconds"] / minutes for one in results]),
            "peak_mib": spread([one["peak_mib"] for one in results]),
            "load_seconds": spread([one["load_seconds"] for one in results]),
            "words": sum(len(words) for words in results[-1]["words"]),
            "stages_ms_per_minute": _stages(results, minutes),
            "wall_seconds": wall,
            "loads": [one.get("load") for one in results],
            "work": results[-1].get("work", {}),
            "counts": results[-1].get("counts", {}),
            "versions": results[-1]["versions"],
            "note": SYSTEMS[name].note if name in SYSTEMS else "",
        }
        if base and len(base) == len(results):
            row["ratio"] = ratios([one["wall_seconds"] for one in base], wall)
            if about.comparable:
                row["divergence"] = divergence(_text(base[-1]), _text(results[-1]))
        if about.text:
            row["word_error_rate"] = error_rate(about.text, _text(results[-1]))
        rows.append(row)
    return rows


def _stages(results: Sequence[dict[str, Any]], minutes: float) -> dict[str, float]:
    """Median milliseconds by minute of audio; ``rest`` is what no stage counted.

    Where stages overlap (the front end works ahead in a thread), nothing may be left as rest.
    """
    found = {}
    known = {name for one in results for name in one["stages"]}
    for name in sorted(known):
        seconds = spread([one["stages"].get(name, 0.0) for one in results]).median
        found[name] = 1000 * seconds / minutes
    if known:
        rest = [one["wall_seconds"] - sum(one["stages"].values()) for one in results]
        found["rest"] = max(0.0, 1000 * spread(rest).median / minutes)
    return found


def speed_table(rows: Sequence[dict[str, Any]], base: str) -> str:
    """Speed, ratio to the base, processor time, memory and text of each system."""
    head = ["system", "× real time", f"against {base}", "CPU s / min", "peak MiB", "words"]
    head += ["differs from it", "WER"]
    body = []
    for row in rows:
        cells = [
            row["system"] + ("*" if row["note"] else ""),
            row["times_real_time"].text(1),
            row["ratio"].text(2, sign="×") if "ratio" in row else "-",
            row["cpu_seconds_per_minute"].text(2),
            f"{row['peak_mib'].median:.0f}",
            row["words"],
            f"{row['divergence']:.1%}" if "divergence" in row else "-",
            f"{row['word_error_rate']:.1%}" if "word_error_rate" in row else "-",
        ]
        body.append(cells)
    notes = [f"\\* {row['system']}: {row['note']}." for row in rows if row["note"]]
    return "\n".join([table(head, body), *(["", *notes] if notes else [])])


def work_table(
    rows: Sequence[dict[str, Any]], seconds: float, shape: Shape | None, beams: int, peak: float
) -> str:
    """What CTranslate2 had to do by minute of audio, and its share of the machine's peak."""
    body = []
    for row in rows:
        work = row["work"]
        if not work.get("tokens"):
            continue
        minutes = seconds / 60
        cells = [row["system"], *(f"{work[k] / minutes:.1f}" for k in ("windows", "tokens"))]
        cells.append(f"{work['positions'] / work['windows'] / 50:.1f}")
        if shape is not None and peak:
            count = operations(shape, work, beams)
            wall = seconds / row["times_real_time"].median
            row["share_of_peak"] = count / wall / peak
            cells += [f"{count / minutes / 1e9:.0f}", f"{row['share_of_peak']:.0%}"]
        else:
            cells += ["-", "-"]
        counts = ", ".join(f"{name} {n}" for name, n in row["counts"].items() if n)
        body.append([*cells, counts])
    head = ["work / min", "windows", "tokens", "s a window", "GOP", "of peak", "counted by itself"]
    return table(head, body) if body else ""


def stage_table(rows: Sequence[dict[str, Any]]) -> str:
    """Milliseconds by minute of audio in each stage, where they are known."""
    body = []
    for row in rows:
        stages = row["stages_ms_per_minute"]
        if "generate" in stages:
            cells = [f"{stages[name]:.0f}" if name in stages else "-" for name in STAGES]
            body.append([row["system"], *cells])
    return table(["ms / min", *STAGES], body) if body else ""

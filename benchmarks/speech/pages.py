"""The pages that show results: their numbers are put in from the results' files, never typed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from benchmarks.speech.tables import LANGUAGES, make_parts

__all__ = ["PAGES", "draw_pictures", "fill", "read_results", "write_pages"]

_ROOT = Path(__file__).resolve().parents[2]
PAGES = (_ROOT / "benchmarks" / "results" / "README.md", _ROOT / "README.md")

# Of a table whose other rows are written by hand, the marks stand in the last cell of the row
# before and the first of the row behind.
_PART = re.compile(r"(<!-- real: ([a-z]+) -->(?: \|)?\n).*?((?:\| )?<!-- /real -->)", re.DOTALL)


def read_results(folder: Path) -> dict[str, dict[str, Any]]:
    """The results on real speech by name, as ``errors`` and ``speed``."""
    return {
        path.stem.removeprefix("real-"): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("real-*.json"))
    }


def fill(text: str, parts: dict[str, str]) -> str:
    """A page with its parts put in between their marks; one without results says so."""

    def put(found: re.Match[str]) -> str:
        return f"{found[1]}{parts.get(found[2], 'Not measured yet.')}\n{found[3]}"

    return _PART.sub(put, text)


def write_pages(folder: Path) -> None:
    """Put the results of a folder into the pages."""
    parts = make_parts(read_results(folder))
    for page in PAGES:
        page.write_text(fill(page.read_text(encoding="utf-8"), parts), encoding="utf-8")


def draw_pictures(folder: Path) -> None:
    """Draw errors with their intervals, and errors against processor time, beside the results.

    Raises:
        ImportError: matplotlib is not installed.
    """
    results = read_results(folder)
    if "errors" in results:
        _draw_errors(folder / "real-errors.png", results["errors"]["languages"])
    if "errors" in results and "speed" in results:
        _draw_both(folder / "real-speed.png", results)


def _figure(columns: int) -> tuple[Any, Any]:
    import matplotlib as mpl  # type: ignore[import-not-found,unused-ignore]

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # type: ignore[import-not-found,unused-ignore]

    figure, axes = plt.subplots(
        1, columns, figsize=(4.2 * columns + 2, 4), sharey=True, squeeze=False, layout="constrained"
    )
    return figure, axes


def _draw_errors(path: Path, languages: dict[str, dict[str, Any]]) -> None:
    shown = [one for one in languages if languages[one]]
    figure, axes = _figure(len(shown))
    for column, language in zip(axes[0], shown, strict=True):
        rows = languages[language]
        names = list(rows)
        rates = [rows[name]["rate"] for name in names]
        middle = [rate[0] for rate in rates]
        spans = [[r[0] - r[1] for r in rates], [r[2] - r[0] for r in rates]]
        column.barh(names, middle, xerr=spans, color=_colours(names), ecolor="#555555")
        column.set_title(LANGUAGES[language])
        column.set_xlabel("errors, % (95 % interval)")
        column.spines[["top", "right"]].set_visible(False)
    axes[0][0].invert_yaxis()
    figure.savefig(path, dpi=120)


def _draw_both(path: Path, results: dict[str, dict[str, Any]]) -> None:
    languages, speed = results["errors"]["languages"], results["speed"]["threads"]["1"]["systems"]
    shown = [one for one in languages if languages[one]]
    figure, axes = _figure(len(shown))
    for column, language in zip(axes[0], shown, strict=True):
        rows = languages[language]
        names = [name for name in rows if name in speed]
        times = [speed[name]["cpu_seconds_per_minute"]["median"] for name in names]
        rates = [rows[name]["rate"][0] for name in names]
        column.scatter(times, rates, color=_colours(names))
        for name, x, y in zip(names, times, rates, strict=True):
            column.annotate(name, (x, y), fontsize=7, xytext=(4, 4), textcoords="offset points")
        column.set_title(LANGUAGES[language])
        column.set_xlabel("processor seconds a minute, one thread")
        column.spines[["top", "right"]].set_visible(False)
    axes[0][0].set_ylabel("errors, %")
    figure.savefig(path, dpi=120)


def _colours(names: list[str]) -> list[str]:
    return ["#1f4e79" if name.startswith("subkit") else "#b8c4d0" for name in names]

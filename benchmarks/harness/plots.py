"""Pictures of results, where matplotlib is installed (``pip install matplotlib``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["draw_lines", "draw_speeds"]


def _axes(title: str) -> tuple[Any, Any]:
    import matplotlib as mpl  # type: ignore[import-not-found,unused-ignore]

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # type: ignore[import-not-found,unused-ignore]

    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    axes.set_title(title)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def draw_speeds(path: Path, rows: Sequence[dict[str, Any]], title: str) -> None:
    """Bars of × real time with the spread of the rounds, ours dark.

    Raises:
        ImportError: matplotlib is not installed.
    """
    figure, axes = _axes(title)
    names = [row["system"] for row in rows]
    speeds = [row["times_real_time"] for row in rows]
    colours = ["#1f4e79" if name.startswith("subkit") else "#b8c4d0" for name in names]
    middle = [one.median for one in speeds]
    error = [
        [one.median - one.low for one in speeds],
        [one.high - one.median for one in speeds],
    ]
    axes.barh(names, middle, xerr=error, color=colours, ecolor="#555555")
    axes.invert_yaxis()
    axes.set_xlabel("× real time (median, lowest and highest round)")
    figure.savefig(path, dpi=120)


def draw_lines(
    path: Path, lines: dict[str, list[tuple[float, float]]], title: str, x: str, y: str
) -> None:
    """One line a system, both axes logarithmic.

    Raises:
        ImportError: matplotlib is not installed.
    """
    figure, axes = _axes(title)
    for name, points in lines.items():
        axes.plot(*zip(*points, strict=True), marker="o", label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.legend(frameon=False)
    figure.savefig(path, dpi=120)

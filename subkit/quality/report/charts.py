"""Charts over the programme as SVG: one dot a cue, the limits as lines; bounded in size."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from subkit.model import Severity
from subkit.quality.report.checked import clock
from subkit.timing.measures import on_grid, reading_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.quality.report.checked import Checked

__all__ = ["density_chart", "duration_chart", "speed_chart"]

_WIDTH, _HEIGHT = 1000, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 12, 10, 26
_MOST = 6000
"""Dots in one chart; of more cues the ones over a limit are kept, and of the rest every nth."""
_BINS = 120


@dataclass(frozen=True, slots=True)
class _Limit:
    """A line across a chart; a dot beyond it is bad."""

    value: float
    name: str
    upper: bool = True

    def broken_by(self, value: float) -> bool:
        return value > self.value + 1e-3 if self.upper else value < self.value - 1e-3


def speed_chart(one: Checked) -> str:
    """Reading speed of each cue over the programme, characters a second."""
    subject, profile = one.subject, one.subject.profile
    dots = []
    for cue in subject.track.cues:
        duration = on_grid(cue.span, subject.media).duration
        if duration:
            speed = reading_width(cue, profile.counting) / duration
            dots.append((float(cue.span.start), float(speed)))
    most = float(profile.max_cps)
    limits = (_Limit(most, f"{most:g} CPS"),)
    return _dots(one, dots, limits, "Reading speed, characters a second")


def duration_chart(one: Checked) -> str:
    """Duration of each cue over the programme, seconds."""
    subject, profile = one.subject, one.subject.profile
    dots = [
        (float(cue.span.start), float(on_grid(cue.span, subject.media).duration))
        for cue in subject.track.cues
    ]
    least, most = float(profile.min_duration), float(profile.max_duration)
    limits = (_Limit(most, f"{most:.3g} s"), _Limit(least, f"{least:.3g} s", upper=False))
    return _dots(one, dots, limits, "Duration, seconds")


def density_chart(one: Checked) -> str:
    """How many findings there are along the programme, errors below warnings."""
    end = _end(one)
    counts: dict[Severity, Counter[int]] = {severity: Counter() for severity in Severity}
    for finding in one.findings:
        place = min(_BINS - 1, int(float(finding.span.start) / end * _BINS))
        counts[finding.severity][place] += 1
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    top = max((errors[i] + warnings[i] for i in range(_BINS)), default=0) or 1
    width = (_WIDTH - _LEFT - _RIGHT) / _BINS
    height = 80 - _TOP - _BOTTOM + 20
    base = _TOP + height
    bars = []
    for i in range(_BINS):
        low = base - height * errors[i] / top
        high = low - height * warnings[i] / top
        x = _LEFT + i * width
        for kind, y, bottom in (("bad", low, base), ("warn", high, low)):
            if bottom > y:
                bars.append(
                    f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width - 1:.1f}" '
                    f'height="{bottom - y:.1f}"/>'
                )
    label = f'<text class="y" x="{_LEFT - 6}" y="{_TOP + 8}">{top}</text>'
    return _svg(one, "Findings along the programme", [*bars, label], base, height=base + _BOTTOM)


def _end(one: Checked) -> float:
    last = max((cue.span.end for cue in one.subject.track.cues), default=0)
    return max(float(last), float(one.subject.media.duration), 1.0)


def _dots(
    one: Checked, dots: Sequence[tuple[float, float]], limits: Sequence[_Limit], title: str
) -> str:
    highest = max(limit.value for limit in limits)
    # A cue far over the limit would press all others flat: what is higher is drawn at the top.
    ceiling = min(max([highest * 1.25, *(value for _, value in dots)]), highest * 2.5)
    base, end = _HEIGHT - _BOTTOM, _end(one)

    def y(value: float) -> float:
        return base - (base - _TOP) * min(value, ceiling) / ceiling

    good: list[str] = []
    bad: list[str] = []
    for time, value in dots:
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * time / end
        broken = any(limit.broken_by(value) for limit in limits)
        (bad if broken else good).append(f"M{x:.1f} {y(value):.1f}h0")
    room = max(_MOST - len(bad), 1)
    step = -(-len(good) // room) or 1
    size = "dot few" if len(dots) < 300 else "dot"
    parts = [
        f'<path class="{size}" d="{"".join(good[::step])}"/>',
        f'<path class="{size} bad" d="{"".join(bad[:_MOST])}"/>',
    ]
    for limit in limits:
        height = y(limit.value)
        parts += [
            f'<path class="limit" d="M{_LEFT} {height:.1f}H{_WIDTH - _RIGHT}"/>',
            f'<text class="y" x="{_LEFT - 6}" y="{height + 4:.1f}">{escape(limit.name)}</text>',
        ]
    over = f"; {len(bad)} of {len(dots)} cues beyond the limit" if bad else ""
    return _svg(one, title + over, parts, base, height=_HEIGHT)


def _svg(one: Checked, title: str, parts: Sequence[str], base: float, *, height: float) -> str:
    """Draw a chart with its frame and four times below it."""
    media, end = one.subject.media, _end(one)
    ticks = []
    for place in range(5):
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * place / 4
        time = clock(Fraction(round(end * place * 250), 1000), media)
        anchor = ("start", "middle", "middle", "middle", "end")[place]
        attributes = f'x="{x:.0f}" y="{base + 18:.0f}" text-anchor="{anchor}"'
        ticks.append(f"<text {attributes}>{time[:8]}</text>")
    name = escape(title)
    return (
        f'<figure><figcaption>{name}</figcaption><div class="chart"><svg role="img" '
        f'aria-label="{name}" viewBox="0 0 {_WIDTH} {height:.0f}">'
        f'<path class="axis" d="M{_LEFT} {base:.0f}H{_WIDTH - _RIGHT}"/>'
        f"{''.join(parts)}{''.join(ticks)}</svg></div></figure>"
    )

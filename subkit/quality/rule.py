"""What a rule is: a name, a severity, and a function that finds breaches."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING

from subkit.model import Finding, Quantity, Severity
from subkit.timing.measures import above, below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

    from subkit.interfaces import Subject
    from subkit.model import Cue, Span

__all__ = ["ERROR", "WARNING", "Breach", "CueRule", "TrackRule", "over", "under"]

ERROR, WARNING = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """What a rule found.

    Attributes:
        cue: The cue, ``None`` where there is none (speech without a cue); then ``span`` is given.
        measured: What was measured, or the text that was found.
        limit: What it should be, likewise.
        fault: What is wrong with the cue, to follow its name: ``"has no text"``.
        span: Where, if not over the whole cue.
    """

    cue: Cue | None
    measured: Quantity | str = ""
    limit: Quantity | str = ""
    fault: str
    span: Span | None = None


_WRITTEN = frozenset({"s", "ms", "%"})
"""Units that stand behind their number; of what is counted the column says it."""


def over(value: Fraction | int, unit: str, places: int = 1) -> Quantity:
    """Return a number over its limit, written rounded up so that it is seen to be over it."""
    return _quantity(value, unit, above(value, places))


def under(value: Fraction | int, unit: str, places: int = 3) -> Quantity:
    """Return a number under its limit, written rounded down likewise."""
    return _quantity(value, unit, below(value, places))


def _quantity(value: Fraction | int, unit: str, digits: str) -> Quantity:
    return Quantity.of(value, unit, f"{digits} {unit}" if unit in _WRITTEN else digits)


class _Told:
    """What a rule's function says of itself."""

    __slots__ = ()

    find: Callable[..., Iterator[Breach]]

    @property
    def finds(self) -> str:
        """What the rule finds, in one sentence."""
        return self.about.partition("\n")[0]

    @property
    def about(self) -> str:
        """What the rule finds, why, and by which source."""
        return cleandoc(self.find.__doc__ or "")


@dataclass(frozen=True, slots=True)
class TrackRule(_Told):
    """A rule that looks at cues together, or at more than cues.

    Attributes:
        name: Its name, for example ``"gap"``.
        severity: Of its findings.
        find: What it finds; its docstring explains the rule to a reader of the report.
        fields: The fields of the profile that it measures against.
    """

    name: str
    severity: Severity
    find: Callable[[Subject], Iterator[Breach]]
    fields: tuple[str, ...] = ()

    def check(self, subject: Subject) -> Iterator[Finding]:
        """The places where the track departs from what is asked of it."""
        for breach in self.find(subject):
            yield _finding(self.name, self.severity, breach)


@dataclass(frozen=True, slots=True)
class CueRule(_Told):
    """A rule that looks at one cue at a time; attributes as those of :class:`TrackRule`."""

    name: str
    severity: Severity
    find: Callable[[Cue, Subject], Iterator[Breach]]
    fields: tuple[str, ...] = ()

    def check(self, subject: Subject) -> Iterator[Finding]:
        """The places where the track departs from what is asked of it."""
        for cue in subject.track.cues:
            for breach in self.find(cue, subject):
                yield _finding(self.name, self.severity, breach)


def _finding(rule: str, severity: Severity, breach: Breach) -> Finding:
    span = breach.span
    if span is None:
        if breach.cue is None:
            raise ValueError(f"{rule}: a breach has a cue, a span, or both")
        span = breach.cue.span
    return Finding(
        rule=rule,
        severity=severity,
        cue="" if breach.cue is None else breach.cue.id,
        span=span,
        measured=breach.measured if isinstance(breach.measured, Quantity) else None,
        limit=breach.limit if isinstance(breach.limit, Quantity) else None,
        found=breach.measured if isinstance(breach.measured, str) else "",
        wanted=breach.limit if isinstance(breach.limit, str) else "",
        message=f"{breach.fault}."
        if breach.cue is None
        else f"Cue {breach.cue.id} {breach.fault}.",
    )

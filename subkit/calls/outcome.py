"""What every call gives: the document, where it is, and what should be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from subkit.formats.losses import loss_facts
from subkit.model import Finding
from subkit.model.display import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from subkit.alignment import AlignedText, ConformResult, Resync
    from subkit.interfaces.file_contents import Loss
    from subkit.model import Project, Track, Word

__all__ = ["Findings", "Result"]

_HEADINGS = ("track", "severity", "rule", "cue", "in", "measured", "limit", "message")


class Findings(Sequence[Finding], Shown):
    """Findings of one or several tracks, in the order of the tracks and of time.

    A list of :class:`subkit.Finding`, and a table in a notebook.
    """

    __slots__ = ("_pairs",)

    def __init__(self, by_track: Mapping[str, Iterable[Finding]] | None = None) -> None:
        named = (by_track or {}).items()
        self._pairs = tuple((track, finding) for track, found in named for finding in found)

    def of(self, track: str) -> tuple[Finding, ...]:
        """Return the findings of one track, by its id."""
        return tuple(finding for name, finding in self._pairs if name == track)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return a row for each finding, as a table of data takes them; seconds are floats."""
        return [
            {
                "track": track,
                "severity": finding.severity.value,
                "rule": finding.rule,
                "cue": finding.cue,
                "start": float(finding.span.start),
                "end": float(finding.span.end),
                "measured": None if finding.measured is None else float(finding.measured),
                "limit": None if finding.limit is None else float(finding.limit),
                "unit": "" if finding.measured is None else finding.measured.unit,
                "message": finding.message,
            }
            for track, finding in self._pairs
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the findings of each track as plain data."""
        plain: dict[str, Any] = {}
        for track, finding in self._pairs:
            plain.setdefault(track, []).append(finding.to_dict())
        return plain

    def headline(self) -> str:
        """Return how many there are."""
        errors = sum(finding.severity.value == "error" for finding in self)
        return f"{errors} errors, {len(self) - errors} warnings"

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Return a row for each finding."""
        rows = ((track, *row) for track, finding in self._pairs for row in finding.table()[1])
        return _HEADINGS, rows

    @overload
    def __getitem__(self, index: int) -> Finding: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...

    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        """Return one finding, or a tuple of several."""
        found = tuple(finding for _, finding in self._pairs)
        return found[index]

    def __iter__(self) -> Iterator[Finding]:
        """Yield each finding."""
        return (finding for _, finding in self._pairs)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._pairs)

    def __eq__(self, other: object) -> bool:
        """Return whether the same was found."""
        return isinstance(other, Findings) and self._pairs == other._pairs

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Result(Shown):
    """What a call made.

    Attributes:
        project: The document.
        path: Its project file; ``None`` where there is none.
        files: The files written, disclosures included where ``export`` wrote them.
        findings: What the quality check found.
        repairs: A sentence for each thing that a reader mended or left out.
        losses: What each file written could not hold of its track, as :class:`subkit.Loss`; files
            that lost nothing are not in it.
        resync: How the tracks were moved, where they were.
        conform: What became of each cue in a new cut, where there was one.
        alignment: The words of a text and their times, where one was aligned.
        seconds: Wall time of the call.
    """

    project: Project
    path: Path | None = None
    files: tuple[Path, ...] = ()
    findings: Findings = field(default_factory=Findings)
    repairs: tuple[str, ...] = ()
    losses: Mapping[Path, tuple[Loss, ...]] = field(default_factory=dict)
    resync: Resync | None = None
    conform: ConformResult | None = None
    alignment: AlignedText | None = None
    seconds: float = 0.0

    def track(self, name: str) -> Track:
        """Return a track by its id or language; see :meth:`subkit.Project.track`.

        Raises:
            NotFoundError: there is none.
        """
        return self.project.track(name)

    @property
    def words(self) -> tuple[Word, ...]:
        """The words that were heard; none where nothing was transcribed."""
        transcript = self.project.transcript
        return () if transcript is None else transcript.words

    def headline(self) -> str:
        """Return the project, the findings and the seconds."""
        told = f"{self.project.headline()}, {self.findings.headline()}, {self.seconds:.1f} s"
        return f"{told}, {len(self.losses)} lossy files" if self.losses else told

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Return a row for each track."""
        return self.project.table()

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data; paths as text."""
        return {
            "project": self.project.to_dict(),
            "path": None if self.path is None else str(self.path),
            "files": [str(path) for path in self.files],
            "findings": self.findings.to_dict(),
            "repairs": list(self.repairs),
            "losses": {
                str(p): [loss_facts(one) for one in lost] for p, lost in self.losses.items()
            },
            "resync": None if self.resync is None else self.resync.to_dict(),
            "conform": None if self.conform is None else self.conform.to_dict(),
            "seconds": self.seconds,
        }

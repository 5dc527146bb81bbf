"""Who hears how long work goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from subkit.model import Span

__all__ = ["DetailedProgress", "Progress", "Silent", "details"]


@runtime_checkable
class Progress(Protocol):
    """Hears how long work goes on."""

    def begin(self, stage: str, total: float | None, unit: str) -> None:
        """A stage starts; ``total`` in ``unit`` (``"s"`` of media, ``"cues"``…), if known."""
        ...

    def advance(self, stage: str, done: float) -> None:
        """``done`` of the total is finished."""
        ...

    def end(self, stage: str) -> None:
        """The stage is finished."""
        ...

    def warn(self, message: str) -> None:
        """Something a person should read now."""
        ...


@runtime_checkable
class DetailedProgress(Protocol):
    """What a progress may hear beside, if it has all three methods."""

    def keep(self, stage: str, amount: float) -> None:
        """``amount`` of the total was there from an earlier run: it says nothing of the speed."""
        ...

    def tell(self, stage: str, span: Span, text: str) -> None:
        """A text as it comes, in no order; ``span`` is where in the media it is said."""
        ...

    def note(self, message: str) -> None:
        """Something good to know; nothing is wrong."""
        ...


class Silent:
    """A progress that says nothing: the default."""

    def begin(self, stage: str, total: float | None, unit: str) -> None:
        """Say nothing."""

    def advance(self, stage: str, done: float) -> None:
        """Say nothing."""

    def end(self, stage: str) -> None:
        """Say nothing."""

    def warn(self, message: str) -> None:
        """Say nothing."""

    def keep(self, stage: str, amount: float) -> None:
        """Say nothing."""

    def tell(self, stage: str, span: Span, text: str) -> None:
        """Say nothing."""

    def note(self, message: str) -> None:
        """Say nothing."""


def details(progress: Progress) -> DetailedProgress:
    """The progress itself if it hears details, else one that says nothing."""
    return progress if isinstance(progress, DetailedProgress) else Silent()

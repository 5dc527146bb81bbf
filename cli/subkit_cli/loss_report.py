"""What files could not hold of their tracks, as a person and as a program read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.formats.losses import loss_facts, told_losses
from subkit_cli import console

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from subkit.interfaces.file_contents import Loss

__all__ = ["losses_json", "tell_losses"]


def tell_losses(losses: Mapping[Path, Sequence[Loss]]) -> None:
    """Say what each file lost: ``film.srt: lossy: 3 colours, 1 ruby (cues 4, 9, 12)``."""
    for path, lost in losses.items():
        console.warn(f"{path.name}: lossy: {told_losses(lost)}")


def losses_json(losses: Mapping[Path, Sequence[Loss]]) -> dict[str, Any]:
    """The same for programs, by file."""
    return {str(path): [loss_facts(loss) for loss in lost] for path, lost in losses.items()}

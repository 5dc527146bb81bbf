"""Options of the review server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from subkit.compliance.signoff import ROLES, Gate
from subkit.pipeline import RunOptions

__all__ = ["ROLES", "ReviewOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOptions:
    """Options of ``subkit review``.

    Attributes:
        host: Address to listen on; anything but this machine's own needs ``token``.
        port: 0 takes a free one.
        token: What lets a browser in; empty makes a random one.
        reviewer: Name for the ledger until the page gives another.
        role: In which role this person signs.
        gate: What a track must pass before it may go out.
        enforce_gate: The page exports nothing that does not pass, not even as a draft.
        run: Options of the engines behind re-translate, and the house style.
        cache: Folder for proxies; ``None`` takes one beside the project.
        engine_seconds: How long re-translating a cue may take.
    """

    host: str = "127.0.0.1"
    port: int = 0
    token: str = ""
    reviewer: str = "reviewer"
    role: str = "reviewer"
    gate: Gate = field(default_factory=Gate)
    enforce_gate: bool = False
    run: RunOptions = field(default_factory=RunOptions)
    cache: Path | None = None
    engine_seconds: float = 120.0

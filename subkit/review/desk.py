"""Everything a request may need: the session, and what is computed from its document."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar

from subkit.model import ReviewState, to_plain
from subkit.pipeline import check_track
from subkit.review.screening import Screening
from subkit.review.session import Session
from subkit.review.waveform import Waveform
from subkit.store.reading import view_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.model import Cue, Finding, Track
    from subkit.review.options import ReviewOptions
    from subkit.store import LedgerEntry, ProjectFile

__all__ = ["Desk"]

T = TypeVar("T")


class Desk:
    """A project on the desk.

    Args:
        store: The project file, open for writing.
        options: Of the server.
    """

    def __init__(self, store: ProjectFile, options: ReviewOptions) -> None:
        self.session = Session(store, options)
        self.options = options
        media = self.session.project.media
        self.screening = Screening(media)
        self.waveform = Waveform(store, media, options.run.audio, self._tell_peaks)
        self._computed: dict[tuple[str, str], tuple[Track, Any]] = {}
        self._guard = threading.Lock()

    def start(self) -> None:
        """Begin what goes on in the background."""
        if self.session.project.media.audio:
            self.waveform.start()

    def stop(self) -> None:
        """End it."""
        self.waveform.stop()

    def findings(self, track: Track) -> list[Finding]:
        """What the quality check says of a track; kept while the track stays as it is."""
        return self._once(
            "findings",
            track,
            lambda: check_track(self.session.project, track, self.options.run.style),
        )

    def progress(self, track: Track) -> dict[str, Any]:
        """How far people have come with a track."""
        reviews = [cue.review for cue in track.cues]
        return {
            "cues": len(reviews),
            "seen": sum(review.seen for review in reviews),
            "played": sum(review.played for review in reviews),
            "edited": sum(review.state is ReviewState.EDITED for review in reviews),
            "approved": sum(review.state is ReviewState.APPROVED for review in reviews),
            "locked": sum(cue.locked for cue in track.cues),
            "stale": len(self.session.stale(track.id)),
            "comments": sum(not c.resolved for cue in track.cues for c in cue.comments),
        }

    def abilities(self) -> dict[str, bool]:
        """What the engines here can do."""
        return {"retranslate": False, "realign": False}

    def terms(self, track: Track, cue: Cue, sources: list[Cue]) -> list[dict[str, Any]]:
        """Glossary entries found in the source of a cue, each with whether it was kept."""
        heard = " ".join(" ".join(c.lines) for c in sources or [cue]).casefold()
        said = " ".join(cue.lines).casefold()
        return [
            {
                **to_plain(term),
                "kept": any(form.casefold() in said for form in (term.target, *term.others)),
            }
            for term in self.session.project.glossary
            if term.language == track.language and term.source.casefold() in heard
        ]

    def view_entry(self, entry: LedgerEntry) -> dict[str, Any]:
        """A ledger entry as a person reads it."""
        return view_entry(entry)

    def _once(self, what: str, track: Track, compute: Callable[[], T]) -> T:
        """What was computed from a track; anew when it is another."""
        key = (what, track.id)
        with self._guard:
            known = self._computed.get(key)
        if known is not None and known[0] is track:
            value: T = known[1]
            return value
        value = compute()
        with self._guard:
            self._computed[key] = (track, value)
        return value

    def _tell_peaks(self, done: float | None) -> None:
        self.session.broadcast.publish("peaks", {"done": None if done is None else f"{done:.2f}"})

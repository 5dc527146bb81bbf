"""Everything a request may need: the session, and what is computed from its document."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from subkit.compliance.signoff import missing_approvals, require_gate, review_level
from subkit.exchange import SHEETS
from subkit.formats import known_formats
from subkit.model import ReviewState, to_plain
from subkit.pipeline import Output, export_tracks
from subkit.plugins import plugin_rules
from subkit.quality import check, check_track, spelling_rule
from subkit.quality.project_check import subject_of
from subkit.review.dubbing_views import dubbing_lines
from subkit.review.retranslator import Retranslator
from subkit.review.screening import Screening
from subkit.review.session import Session
from subkit.review.spectrogram import Spectrogram
from subkit.review.waveform import Waveform
from subkit.risk import risk_queue
from subkit.store import mark_of
from subkit.store.entry_view import view_entry
from subkit.store.location import hidden
from subkit.store.project_words import add_words, read_words, words_path
from subkit.terminology import Glossary

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.compliance.signoff import Missing
    from subkit.model import Cue, Finding, Track
    from subkit.pipeline import Exported
    from subkit.review.review_options import ReviewOptions
    from subkit.risk import Risk
    from subkit.store import LedgerEntry, ProjectFile

__all__ = ["Desk", "ExportRequest"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What the page asks to be written.

    Attributes:
        tracks: Their ids.
        formats: Extensions.
        draft: Whether it may go out without passing the gate.
        overwrite: Replace files that are there.
    """

    tracks: tuple[str, ...]
    formats: tuple[str, ...]
    draft: bool = False
    overwrite: bool = False


class Desk:
    """A project on the desk.

    Args:
        store: The project file, open for writing.
        options: Of the server.
    """

    def __init__(self, store: ProjectFile, options: ReviewOptions) -> None:
        self.session = Session(store, options)
        self.options = options
        self._rules = plugin_rules(options.run.rules)
        media = self.session.project.media
        folder = options.cache or hidden(store.path, ".proxies")
        self.screening = Screening(media, folder, store.path, self._tell_proxy)
        self.engines = Retranslator(self.session)
        self.waveform = Waveform(store, media, options.run.audio, self._tell_peaks)
        self.spectrogram = Spectrogram(media, options.run.audio, folder, store.path)
        self._computed: dict[tuple[str, str], tuple[tuple[Any, ...], Any]] = {}
        self._guard = threading.Lock()

    def start(self) -> None:
        """Begin what goes on in the background."""
        if self.session.project.media.audio:
            self.waveform.start()

    def stop(self) -> None:
        """End it."""
        self.waveform.stop()
        self.spectrogram.stop()
        self.screening.proxies.stop()
        self.engines.close()

    def findings(self, track: Track) -> list[Finding]:
        """Return the findings of a track, cached until the track changes."""
        return self._once(
            "findings",
            track,
            lambda: check_track(self.session.project, track, self.options.run.style, self._rules),
        )

    def dubbing(self, track: Track) -> dict[str, Any]:
        """What there is to say of the lines of a dubbing track, cached until it changes."""
        return self._once("dubbing", track, lambda: dubbing_lines(self.session.project, track))

    def spelling(self, track: Track) -> list[Finding]:
        """Words of a track that neither its dictionary nor the project knows."""
        words = read_words(words_path(self.session.store.path))

        def compute() -> list[Finding]:
            subject = subject_of(self.session.project, track, self.options.run.style)
            return check(subject, rules=(spelling_rule(known=words),))

        return self._once(f"spelling {hash(words)}", track, compute)

    def add_words(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Words that the spell check knows from now on, for everybody at this project.

        Raises:
            InputError: one is no word.
            StoreError: the list beside the project cannot be written.
        """
        with self.session.alone():
            return add_words(words_path(self.session.store.path), words)

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
            "level": review_level(track),
        }

    def risk(self, track: Track) -> list[Risk]:
        """Return the queue of a track, cached until the track or its source changes."""
        project = self.session.project
        found = self.findings(track)
        return self._once(
            "risk",
            track,
            lambda: risk_queue(project, track, self.options.run.style, findings=found),
        )

    def gate(self, track: Track) -> list[Missing]:
        """What keeps a track from being approved, by the server's gate."""
        style = self.options.run.style
        return missing_approvals(self.session.project, track, self.options.gate, style)

    def formats(self) -> list[str]:
        """Extensions of the files that tracks can be exported as."""
        return [known.name for known in known_formats() if known.writes] + list(SHEETS)

    def export(self, request: ExportRequest) -> Exported:
        """Write tracks beside the project, as ``subkit export`` does.

        Raises:
            ApprovalError: the gate is not passed, and this is no draft or none may be made.
            PlanError: no such track or format.
            StoreError: a file is in the way, or cannot be written.
        """
        project, path = self.session.project, self.session.store.path
        tracks = [project.track(name) for name in request.tracks]
        if not request.draft or self.options.enforce_gate:
            require_gate(project, tracks, self.options.gate, self.options.run.style)
        output = Output(
            folder=path.parent,
            stem=path.stem,
            formats=request.formats,
            overwrite=request.overwrite,
        )
        ledger = mark_of(self.session.store)
        return export_tracks(project, output, tracks=tracks, ledger=ledger)

    def abilities(self) -> dict[str, bool]:
        """What the engines here can do."""
        words = self.session.project.transcript is not None
        return {"retranslate": self.engines.can_retranslate(), "realign": words}

    def terms(self, track: Track, cue: Cue, sources: list[Cue]) -> list[dict[str, Any]]:
        """Return the glossary entries in the source of a cue, and whether the cue follows each."""
        source = self.session.project.source_of(track)
        if source is None:
            return []
        glossary = Glossary(self.session.project.glossary, source.language, track.language)
        heard = " ".join(line for known in sources for line in known.lines)
        return [
            {**to_plain(use.demand.term), "kept": not (use.is_missing or use.forbidden)}
            for use in glossary.uses(heard, " ".join(cue.lines))
        ]

    def view_entry(self, entry: LedgerEntry) -> dict[str, Any]:
        """A ledger entry as a person reads it."""
        return view_entry(entry)

    def _once(self, what: str, track: Track, compute: Callable[[], T]) -> T:
        """Return what is computed from a track, anew once that or its source changes."""
        project = self.session.project
        source = project.source_of(track)
        basis = (track, source, project.omissions, project.glossary)
        with self._guard:
            known = self._computed.get((what, track.id))
        if known is not None and all(a is b for a, b in zip(known[0], basis, strict=True)):
            value: T = known[1]
            return value
        value = compute()
        with self._guard:
            self._computed[what, track.id] = (basis, value)
        return value

    def _tell_proxy(self, facts: dict[str, Any]) -> None:
        self.session.broadcast.publish("proxy", facts)

    def _tell_peaks(self, done: float | None) -> None:
        self.session.broadcast.publish("peaks", {"done": None if done is None else f"{done:.2f}"})

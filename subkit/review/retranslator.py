"""Translate single cues again for the page, in a separate thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from subkit.edit import Hand
from subkit.edit.content import put_cues
from subkit.errors import EngineError, StaleError, SubkitError
from subkit.interfaces import Silent
from subkit.model import Origin
from subkit.pipeline import translator_model
from subkit.pipeline.engine_cache import RememberingTranslator
from subkit.pipeline.retranslation import retranslate

if TYPE_CHECKING:
    from subkit.model import Project, Track
    from subkit.review.session import Session

__all__ = ["Retranslator"]


class Retranslator:
    """Loaded on first use, kept while the review lasts; asked one after the other.

    Args:
        session: The session they work for.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._options = session.options.run
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        self._translators: dict[str, RememberingTranslator] = {}
        self._able: bool | None = None

    def can_retranslate(self) -> bool:
        """Whether a translator is on this machine; asked once."""
        if self._able is None:
            translated = [t for t in self._session.project.tracks if t.source is not None]
            try:
                self._able = bool(translated) and self._translator(translated[0]) is not None
            except SubkitError:
                self._able = False
        return self._able

    def retranslate(self, key: str, track: str, cue: str) -> dict[str, Any]:
        """Translate the unit of a cue again; what is different now, as the API tells it.

        Raises:
            EngineError: the engine failed or took too long; ModelNotFound if it is not here.
            StaleError: somebody changed a cue of the unit meanwhile.
        """
        before = self._session.project
        future = self._threads.submit(self._work, before, track, cue)
        try:
            made = future.result(self._session.options.engine_seconds)
        except Late as error:
            future.cancel()
            raise EngineError(
                f"Translating took more than {self._session.options.engine_seconds:g} s.",
                remedy="Try again, or translate the track with subkit translate.",
            ) from error

        def change(project: Project, _: Hand) -> Project:
            return _taken_over(project, before.track(track), made.track(track))

        return self._session.apply(key, "retranslate", change)

    def close(self) -> None:
        """Start no more work."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _work(self, project: Project, track: str, cue: str) -> Project:
        translator = self._translator(project.track(track))
        return retranslate(project, track, cue, self._options, translator)

    def _translator(self, track: Track) -> RememberingTranslator:
        """Return the translator asked for, else the track's; nothing is downloaded."""
        makers = (cue.provenance for cue in track.cues if cue.provenance is not None)
        made = (p.model for p in makers if p.origin is Origin.MT and p.model)
        name = self._options.translator or next(made, None)
        known = self._translators.get(name or "")
        if known is None:
            options = replace(self._options, translator=name, offline=True)
            model = translator_model(options)
            known = RememberingTranslator(self._session.store, model, options, Silent())
            self._translators[name or ""] = known
        return known


def _taken_over(project: Project, before: Track, made: Track) -> Project:
    """Put the new translations into the project, where their source texts are still the same."""
    old, now = ({c.id: c for c in t.cues} for t in (before, project.track(before.id)))
    changed = [cue for cue in made.cues if old.get(cue.id) != cue]
    for cue in changed:
        if old.get(cue.id) != now.get(cue.id):
            raise StaleError(
                f"Cue {cue.id!r} was changed while it was translated.",
                remedy="Ask again.",
                track=before.id,
                cue=cue.id,
            )
    return put_cues(project, project.track(before.id), *changed) if changed else project

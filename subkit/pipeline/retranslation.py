"""One cue translated anew, with the unit that it is in; nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from subkit.edit import is_sealed
from subkit.errors import CueLockedError, InputError
from subkit.model import Alternative
from subkit.pipeline.track_translation import TranslationJob, translate
from subkit.translation import TranslationOptions, build_units, is_settled

if TYPE_CHECKING:
    from subkit.interfaces import Translator
    from subkit.model import Cue, Project, Track
    from subkit.pipeline.run_options import RunOptions

__all__ = ["retranslate"]


def retranslate(
    project: Project, track: str, cue: str, options: RunOptions, translator: Translator
) -> Project:
    """Translate the unit of a cue again, without any other change to the project.

    Cues of the unit on which people decided (locked, edited, approved) stay byte-identical, but for
    the cue itself, which may have been edited: its old text becomes an alternative.

    Args:
        project: The document.
        track: Id of the translated track.
        cue: Id of the cue, in it or in its source.
        options: Of the engine and the house style.
        translator: The engine, behind its memory or not.

    Raises:
        InputError: no such track or cue, it is locked or approved, or was not translated.
        PlanError: the model does not know the direction.
        EngineError: the engine failed.
    """
    where = project.track(track)
    source = project.source_of(where)
    if source is None:
        raise InputError(f"Track {track!r} is not a translation.", track=track)
    old = next((known for known in where.cues if known.id == cue), None)
    if old is not None and is_sealed(old):
        state = "locked" if old.locked else "approved"
        raise CueLockedError(
            f"Cue {cue!r} is {state}.", remedy="Open it first.", cue=cue, state=state
        )
    unit = _unit_of(source, cue, options.translation)
    emptied = project.with_track(replace(where, cues=()))
    wanted = {known.id for known in unit}
    job = TranslationJob(
        project=emptied,
        source=source,
        target=where.language,
        options=options,
        model=translator.model,
        only=wanted,
    )
    translated = translate(job, translator)
    fresh = {made.id: made for made in translated.cues}
    kept = {known.id: known for known in where.cues if known.id != cue and is_settled(known)}
    made = {name: _after(old if name == cue else None, new) for name, new in fresh.items()}
    replaced = {known.id: kept.get(known.id) or made.get(known.id, known) for known in where.cues}
    added = [new for name, new in made.items() if name not in replaced]
    cues = sorted((*replaced.values(), *added), key=lambda known: known.span.start)
    return project.with_track(replace(where, cues=tuple(cues)))


def _after(old: Cue | None, new: Cue) -> Cue:
    """A new text for a cue; what people left beside the old one stays, and the old text too."""
    if old is None:
        return new
    if old.lines == new.lines and old.made_from == new.made_from:
        return old
    others = tuple(other for other in new.alternatives if other.text != old.text)
    if old.text and old.lines != new.lines:
        others = (Alternative(text=old.text, provenance=old.provenance), *others)
    return replace(new, comments=old.comments, alternatives=others)


def _unit_of(source: Track, cue: str, options: TranslationOptions) -> tuple[Cue, ...]:
    for unit in build_units(source, options):
        if cue in unit.cues:
            return tuple(known for known in source.cues if known.id in unit.cues)
    raise InputError(f"Track {source.id!r} has no cue {cue!r} to translate.", cue=cue)

"""Requirements of a project's glossary and register on a translation."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from subkit.terminology import (
    Glossary,
    People,
    expected_address,
    glossary_preference,
    idle_entries,
    level_title,
    register_preference,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.model import Address, Project, Track
    from subkit.translation.preferences import Preference
    from subkit.translation.units import Unit

__all__ = ["preferences_for", "register_gaps", "wishes_for"]


def preferences_for(project: Project, source: Track, target: str) -> tuple[Preference, ...]:
    """What the project's glossary and register ask of a translation of ``source``.

    Args:
        project: The document.
        source: The track to translate.
        target: BCP 47 language.
    """
    found: list[Preference] = []
    if project.glossary:

        @cache
        def glossary(language: str) -> Glossary:
            return Glossary(project.glossary, language, target)

        found.append(glossary_preference(glossary))
    if project.register:
        found.append(register_preference(_expected(project, source, target), target))
    return tuple(found)


def wishes_for(project: Project, source: Track, target: str) -> Callable[[Unit], tuple[str, ...]]:
    """The same as instructions in English for each unit, for a refiner.

    Args:
        project: The document.
        source: The track to translate.
        target: BCP 47 language.
    """
    expected = _expected(project, source, target)

    @cache
    def glossary(language: str) -> Glossary:
        return Glossary(project.glossary, language, target)

    def wishes(unit: Unit) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for place in glossary(unit.language).demands(unit.text):
            if place.key.target:
                found[f"Write {place.key.target!r} for {place.key.source!r}."] = None
            for form in place.key.term.forbidden:
                found[f"Do not write {form!r} for {place.key.source!r}."] = None
        asked = {expected[cue] for cue in unit.cues if cue in expected}
        if len(asked) == 1:
            (entry,) = asked
            title = level_title(target, entry.level)
            found[f"The speech level is {title}."] = None
            if entry.term:
                found[f"The speaker calls the listener {entry.term!r}."] = None
        return tuple(found)

    return wishes


def _expected(project: Project, source: Track, target: str) -> dict[str, Address]:
    """The register's entry for each cue, by cue id."""
    return expected_address(project.register, source, target, _people(project, source))


def register_gaps(project: Project, source: Track, target: str) -> tuple[str, ...]:
    """What to say of the register's entries that can hold in no cue: one sentence, or none.

    Args:
        project: The document.
        source: The track to translate.
        target: BCP 47 language.
    """
    idle = idle_entries(project.register, source, target, _people(project, source))
    if not idle:
        return ()
    entries = sum(map(len, idle.values()))
    hold = "entry holds" if entries == 1 else "entries hold"
    said = (
        f"{entries} register {hold} in no cue of {target!r}: {'; '.join(idle)}. Cues name their "
        "speakers by subkit edit --speaker, or as a WebVTT file does (<v NAME>)."
    )
    return (said,)


def _people(project: Project, source: Track) -> People:
    speakers = project.transcript.speakers if project.transcript else ()
    return People.of(source, {one.id: one.name for one in speakers}, project.shots)

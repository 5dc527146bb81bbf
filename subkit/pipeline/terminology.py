"""A title's glossary and register: taken into the project, and what they ask of a translation."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from subkit.errors import InputError
from subkit.pipeline.subtitle import subtitle_project
from subkit.terminology import (
    Glossary,
    People,
    check_terms,
    expected_address,
    glossary_preference,
    idle_entries,
    learn_terms,
    level_title,
    read_glossary,
    read_register,
    register_preference,
    terms_for,
)
from subkit.terminology.glossary_files import refuse_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
    from pathlib import Path

    from subkit.model import Address, Cue, Project, Term, Track
    from subkit.pipeline.options import RunOptions
    from subkit.store import ProjectFile
    from subkit.terminology import Proposal
    from subkit.translation import Preference, Unit

__all__ = [
    "adopt_terminology",
    "learn_from_files",
    "learn_from_project",
    "preferences_for",
    "read_terminology",
    "register_gaps",
    "wishes_for",
    "with_terminology",
]


T = TypeVar("T")
Terminology = tuple[tuple["Term", ...], tuple["Address", ...]]


def read_terminology(options: RunOptions) -> Terminology:
    """The glossary and the register that the options name, empty where they name none.

    Raises:
        InputError: a file cannot be read, or has errors (all are named).
        PlanError: a file is of no known format.
    """
    terms = read_glossary(options.glossary) if options.glossary else ()
    register = read_register(options.register) if options.register else ()
    return terms, register


def adopt_terminology(store: ProjectFile, options: RunOptions, *, actor: str) -> Project:
    """Take the options' glossary and register into the project, each as a change in the ledger.

    Entries of the project stay; one for the same source and direction, or for the same people from
    the same cue on, is replaced.

    Raises:
        InputError: a file cannot be read or has errors, or the entries of file and project together
            lead in a circle; nothing was changed.
    """
    terms, register = read_terminology(options)
    project = store.load()
    for action, changed in (
        ("glossary", with_terminology(project, terms=terms)),
        ("register", with_terminology(project, terms=terms, register=register)),
    ):
        if changed != project:
            store.commit(changed, actor=actor, action=action)
            project = changed
    return project


def with_terminology(
    project: Project, *, terms: Iterable[Term] = (), register: Iterable[Address] = ()
) -> Project:
    """The project with more entries; those for the same thing are replaced where they stand.

    Raises:
        FormatError: the entries together have errors.
    """
    glossary = _merged(project.glossary, terms, _term_key)
    if glossary != project.glossary:
        refuse_faults(
            project.title, check_terms(glossary), "Mend the glossary, or that of the project."
        )
    return replace(
        project,
        glossary=glossary,
        register=_merged(project.register, register, _address_key),
    )


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


def _merged(old: tuple[T, ...], new: Iterable[T], key: Callable[[T], Hashable]) -> tuple[T, ...]:
    merged = {key(item): item for item in old}
    merged.update((key(item), item) for item in new)
    return tuple(merged.values())


def _term_key(term: Term) -> Hashable:
    source = term.source if term.case_sensitive else term.source.casefold()
    return source, term.case_sensitive, term.source_language, term.language


def _address_key(entry: Address) -> Hashable:
    return entry.language, entry.speaker, entry.addressee, entry.start


def learn_from_project(project: Project, track: str | None = None) -> list[Proposal]:
    """What the translated tracks of a project propose for its glossary.

    Args:
        project: The document; what its glossary has already is not proposed.
        track: Id or language of one translated track; ``None`` takes all.

    Raises:
        InputError: there is no such track, or none is translated.
    """
    chosen = [project.track(track)] if track else list(project.tracks)
    found = []
    for target in chosen:
        source = next((one for one in project.tracks if one.id == target.source), None)
        if source is not None:
            known = terms_for(project.glossary, source.language, target.language)
            pairs = _paired(source.cues, target.cues)
            found += learn_terms(pairs, source.language, target.language, known=known)
    if not any(one.source for one in chosen):
        raise InputError(
            f"Project {project.title!r} has no translated track to learn from.",
            remedy="Run subkit translate first.",
        )
    return found


def learn_from_files(
    source: Path, target: Path, *, languages: tuple[str | None, str | None] = (None, None)
) -> list[Proposal]:
    """What a subtitle file and its translation propose; cues are paired by their times.

    Args:
        source: A subtitle file.
        target: Its translation.
        languages: Of both; ``None`` takes it from the file's name (``film.ko.srt``).

    Raises:
        InputError: a file cannot be read, or its language is not said.
    """
    tracks = [_read_track(path, tag) for path, tag in zip((source, target), languages, strict=True)]
    pairs = [
        (" ".join(a.text for a in first), cue.text)
        for cue, first in _overlapping(tracks[1].cues, tracks[0].cues)
    ]
    return learn_terms(pairs, tracks[0].language, tracks[1].language)


def _paired(source: Sequence[Cue], target: Sequence[Cue]) -> list[tuple[str, str]]:
    """Source and target text of each unit: cues that were made from the same ones together."""
    texts = {cue.id: cue.text for cue in source}
    units: dict[tuple[str, ...], list[str]] = {}
    for cue in target:
        names = tuple(name for name in cue.sources or (cue.id,) if name in texts)
        units.setdefault(names, []).append(cue.text)
    return [(" ".join(texts[n] for n in names), " ".join(found)) for names, found in units.items()]


def _overlapping(cues: Sequence[Cue], others: Sequence[Cue]) -> Iterator[tuple[Cue, list[Cue]]]:
    """Each cue with the others that share at least half of the shorter one's time."""
    start = 0
    for cue in cues:
        while start < len(others) and others[start].span.end <= cue.span.start:
            start += 1
        found = []
        for other in others[start:]:
            if other.span.start >= cue.span.end:
                break
            shared = min(cue.span.end, other.span.end) - max(cue.span.start, other.span.start)
            if 2 * shared >= min(cue.span.duration, other.span.duration):
                found.append(other)
        if found:
            yield cue, found


def _read_track(path: Path, language: str | None) -> Track:
    track = subtitle_project(path, language=language)[0].tracks[0]
    if track.language == "und":
        raise InputError(
            f"The language of {path.name!r} is not said.",
            remedy="Name the file like film.ko.srt, or give --from and --to.",
        )
    return track

"""Import the glossary and register of a project, and learn terms from its tracks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from subkit.errors import InputError
from subkit.terminology.faults import check_terms
from subkit.terminology.glossary import terms_for
from subkit.terminology.glossary_files import refuse_faults
from subkit.terminology.learning import learn_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from subkit.model import Address, Cue, Project, Term
    from subkit.terminology.learning import Proposal

__all__ = ["learn_from_project", "overlapping_cues", "with_terminology"]

T = TypeVar("T")


def with_terminology(
    project: Project, *, terms: Iterable[Term] = (), register: Iterable[Address] = ()
) -> Project:
    """Add entries to a project; replace existing entries for the same thing in place.

    Raises:
        FormatError: the entries together have errors.
    """
    glossary = _merged(project.glossary, terms, _term_key)
    if glossary != project.glossary:
        refuse_faults(
            project.title, check_terms(glossary), "Correct the glossary, or that of the project."
        )
    return replace(
        project,
        glossary=glossary,
        register=_merged(project.register, register, _address_key),
    )


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
        source = project.source_of(target)
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


def _paired(source: Sequence[Cue], target: Sequence[Cue]) -> list[tuple[str, str]]:
    """Source and target text of each unit: cues that were made from the same ones together."""
    texts = {cue.id: cue.text for cue in source}
    units: dict[tuple[str, ...], list[str]] = {}
    for cue in target:
        names = tuple(name for name in cue.sources or (cue.id,) if name in texts)
        units.setdefault(names, []).append(cue.text)
    return [(" ".join(texts[n] for n in names), " ".join(found)) for names, found in units.items()]


def overlapping_cues(cues: Sequence[Cue], others: Sequence[Cue]) -> Iterator[tuple[Cue, list[Cue]]]:
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

"""Rules on glossary terms and on how people address each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.model import Cue, ReviewState, TermKind, Track
from subkit.quality.rule import ERROR, WARNING, Breach, TrackRule
from subkit.terminology import (
    Fit,
    Glossary,
    People,
    expected_address,
    fit,
    flips,
    level_title,
    other_terms,
    spoken_levels,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Address
    from subkit.terminology import Demand, Use

__all__ = ["RULES"]

Unit = tuple[list[Cue], list[Cue]]
"""Source cues and target cues of one unit of translation."""


def _missing(subject: Subject) -> Iterator[Breach]:
    """A term in the source whose translation is not in the cue, nor in those of its sentence.

    The glossary of the project asks for it; inflected forms count, and further forms it allows.
    """
    for (sources, targets), glossary, uses in _uses(subject):
        for use in uses:
            if use.is_missing:
                cue = _cue_of(use.demand, sources, targets, glossary)
                asked = " or ".join(use.demand.accepted)
                yield Breach(
                    cue=cue,
                    measured="",
                    limit=asked,
                    fault=f"has no {asked} for {use.demand.source}",
                )


def _forbidden(subject: Subject) -> Iterator[Breach]:
    """A form that the glossary forbids for a term of the source."""
    for (_, targets), glossary, uses in _uses(subject):
        for use in uses:
            for form in use.forbidden:
                holding = (c for c in targets if _stands(glossary, use, form, c))
                asked = f"; asked for is {use.demand.target}" if use.demand.target else ""
                yield Breach(
                    cue=next(holding, targets[0]),
                    measured=form,
                    limit=use.demand.target,
                    fault=f"has {form} for {use.demand.source}, which the glossary forbids{asked}",
                )


def _cultural(subject: Subject) -> Iterator[Breach]:
    """A cultural term in the source: no form is right everywhere, so a person should weigh it.

    Silent once the cue was approved.
    """
    for (sources, targets), glossary, uses in _uses(subject):
        for use in uses:
            term = use.demand.term
            cue = _cue_of(use.demand, sources, targets, glossary)
            if term.kind is TermKind.CULTURAL and cue.review.state is not ReviewState.APPROVED:
                note = f": {term.note.rstrip('. ')}" if term.note else ""
                yield Breach(
                    cue=cue,
                    measured=use.found,
                    limit=" or ".join(use.demand.accepted),
                    fault=f"translates the cultural term {use.demand.source}{note}",
                )


def _register(subject: Subject) -> Iterator[Breach]:
    """Another speech level, or another form of address, than the register asks for here.

    Levels of one family (합니다 and 해요) may stand for each other. The level is read from the
    sentence's ending or pronouns; sentences that show none are passed over.
    """
    language = subject.track.language
    for cue, entry in _asked(subject):
        for reading in spoken_levels(cue, language):
            if fit(language, entry.level, reading.level) is Fit.OTHER:
                said, asked = (level_title(language, x) for x in (reading.level, entry.level))
                yield Breach(
                    cue=cue,
                    measured=said,
                    limit=asked,
                    fault=f"speaks in {said} ({reading.evidence}) where {_who(entry)} {asked}",
                )
                break
        for term in other_terms(subject.register, entry, cue, language):
            yield Breach(
                cue=cue,
                measured=term,
                limit=entry.term,
                fault=f"says {term} where {_who(entry)} {entry.term}",
            )


def _flip(subject: Subject) -> Iterator[Breach]:
    """The same speaker changes the level to the same person inside a scene, and no entry says why.

    A scene is a run of cues without a pause of 8 s, or of 3 s with a shot change in it. A change
    that is meant belongs into the register, with the event that brings it.
    """
    people = _people(subject)
    if not people.speakers:
        return
    expected = expected_address(
        subject.register, subject.source or subject.track, subject.track.language, people
    )
    for flip in flips(subject.track, people, expected, subject.shots):
        now, then = (
            level_title(subject.track.language, reading.level) for reading in (flip.now, flip.then)
        )
        yield Breach(
            cue=flip.cue,
            measured=now,
            limit=then,
            fault=f"turns to {now} ({flip.now.evidence}) after {then} ({flip.then.evidence}) in"
            f" cue {flip.before.id}",
        )


def _uses(subject: Subject) -> Iterator[tuple[Unit, Glossary, list[Use]]]:
    """Say for each unit which terms it uses, and which it lacks."""
    if subject.source is None or not subject.glossary:
        return
    target = subject.track.language
    glossaries: dict[str, Glossary] = {}
    for sources, targets in _units(subject.source, subject.track):
        language = sources[0].language or subject.source.language
        if language not in glossaries:
            glossaries[language] = Glossary(subject.glossary, language, target)
        glossary = glossaries[language]
        texts = ("\n".join(cue.text for cue in cues) for cues in (sources, targets))
        if uses := glossary.uses(*texts):
            yield (sources, targets), glossary, uses


def _units(source: Track, track: Track) -> Iterator[Unit]:
    """Group the cues that were made from the same source cues; every other cue stands alone."""
    known = {cue.id: cue for cue in source.cues}
    grouped: dict[tuple[str, ...], list[Cue]] = {}
    for cue in track.cues:
        names = tuple(name for name in cue.sources or (cue.id,) if name in known)
        if names:
            grouped.setdefault(names, []).append(cue)
    for names, cues in grouped.items():
        yield [known[name] for name in names], cues


def _cue_of(demand: Demand, sources: list[Cue], targets: list[Cue], glossary: Glossary) -> Cue:
    """Return the cue with the id of the source cue in which a term stands."""
    holding = {
        cue.id for cue in sources if any(f.key == demand for f in glossary.demands(cue.text))
    }
    return next((cue for cue in targets if cue.id in holding), targets[0])


def _stands(glossary: Glossary, use: Use, form: str, cue: Cue) -> bool:
    return form in glossary.use(use.demand, cue.text).forbidden


def _asked(subject: Subject) -> Iterator[tuple[Cue, Address]]:
    """Return the cues for which the register has an entry."""
    if not subject.register:
        return
    source = subject.source or subject.track
    expected = expected_address(subject.register, source, subject.track.language, _people(subject))
    for cue in subject.track.cues:
        if cue.id in expected:
            yield cue, expected[cue.id]


def _people(subject: Subject) -> People:
    speakers = subject.transcript.speakers if subject.transcript else ()
    names = {speaker.id: speaker.name for speaker in speakers}
    return People.of(subject.track, names, subject.shots)


def _who(entry: Address) -> str:
    speaker = "everyone" if entry.speaker == "*" else entry.speaker
    to = "" if entry.addressee == "*" else f" to {entry.addressee}"
    return f"the register has {speaker}{to} say"


RULES: tuple[TrackRule, ...] = (
    TrackRule("glossary-missing", WARNING, _missing),
    TrackRule("glossary-forbidden", ERROR, _forbidden),
    TrackRule("cultural-term", WARNING, _cultural),
    TrackRule("register", WARNING, _register),
    TrackRule("register-flip", WARNING, _flip),
)
"""The rules on terminology."""

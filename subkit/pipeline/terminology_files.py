"""Glossary and register files: taken into the project, and learnt from subtitle files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.errors import InputError
from subkit.pipeline.subtitle_files import subtitle_project
from subkit.terminology import learn_terms, read_glossary, read_register
from subkit.terminology.project_terms import overlapping_cues, with_terminology

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.model import Address, Project, Term, Track
    from subkit.pipeline.run_options import RunOptions
    from subkit.store import ProjectFile
    from subkit.terminology import Proposal

__all__ = ["adopt_terminology", "learn_from_files", "read_terminology"]

Terminology = tuple[tuple["Term", ...], tuple["Address", ...]]


def read_terminology(options: RunOptions) -> Terminology:
    """The glossary and the register that the options name, empty where they name none.

    Raises:
        InputError: a file cannot be read, or has errors (all are named).
        PlanError: a file is of no known format.
    """
    terms = read_glossary(options.glossary, options.encoding) if options.glossary else ()
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
    project, transaction = store.load(), None
    for action, changed in (
        ("glossary", with_terminology(project, terms=terms)),
        ("register", with_terminology(project, terms=terms, register=register)),
    ):
        if changed != project:
            entries = store.commit(changed, actor=actor, action=action, transaction=transaction)
            project, transaction = changed, entries[0].transaction
    return project


def learn_from_files(
    source: Path,
    target: Path,
    *,
    languages: tuple[str | None, str | None] = (None, None),
    encoding: str | None = None,
) -> list[Proposal]:
    """What a subtitle file and its translation propose; cues are paired by their times.

    Args:
        source: A subtitle file.
        target: Its translation.
        languages: Of both; ``None`` takes it from the file's name (``film.ko.srt``).
        encoding: Of those that are not UTF-8; ``None`` judges each from its bytes.

    Raises:
        InputError: a file cannot be read, or its language is not said.
        PlanError: no such encoding.
    """
    named = zip((source, target), languages, strict=True)
    tracks = [_read_track(path, tag, encoding) for path, tag in named]
    pairs = [
        (" ".join(a.text for a in first), cue.text)
        for cue, first in overlapping_cues(tracks[1].cues, tracks[0].cues)
    ]
    return learn_terms(pairs, tracks[0].language, tracks[1].language)


def _read_track(path: Path, language: str | None, encoding: str | None) -> Track:
    track = subtitle_project(path, language=language, encoding=encoding)[0].tracks[0]
    if track.language == "und":
        raise InputError(
            f"The language of {path.name!r} is not said.",
            remedy="Name the file like film.ko.srt, or give --from and --to.",
        )
    return track

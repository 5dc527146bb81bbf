"""Load translation memories from TMX files and from approved cues of other projects."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError, PlanError
from subkit.exchange.tmx import read_units
from subkit.files.regular_files import open_regular
from subkit.model import Cue, ReviewState, Span
from subkit.store import load
from subkit.translation import build_units, stale_cues
from subkit.translation.memory import Pair, TranslationMemory, bare_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.model import Project

__all__ = ["load_memory"]

_MAX_BYTES = 64 * 2**20
_ANY_TIME = Span(Fraction(0), Fraction(1))


def load_memory(paths: Sequence[Path], target: str) -> TranslationMemory:
    """What people approved in earlier projects and memories.

    Args:
        paths: TMX files, and project files, whose approved cues count.
        target: BCP 47 language wanted.

    Raises:
        InputError: a file cannot be read (``FormatError`` where it is no TMX).
        StoreError: a project file cannot be read.
        PlanError: a file of another kind.
    """
    pairs: list[Pair] = []
    for path in paths:
        kind = path.suffix.lower()
        if kind == ".subkit":
            pairs += _project_pairs(load(path))
        elif kind == ".tmx":
            pairs += _tmx_pairs(path)
        else:
            raise PlanError(
                f"{str(path)!r} is not a translation memory.",
                remedy="Name TMX files (.tmx) or project files (.subkit).",
            )
    return TranslationMemory(pairs, target)


def _project_pairs(project: Project) -> Iterator[Pair]:
    """Return the units whose cues are all approved, for the current text of the source."""
    tracks = {track.id: track for track in project.tracks}
    for track in project.tracks:
        source = tracks.get(track.source or "")
        if source is None:
            continue
        stale = {cue.id for cue in stale_cues(track, source)}
        cues = {cue.id: cue for cue in track.cues if cue.id not in stale}
        for unit in build_units(source):
            made = [cues[name] for name in unit.cues if name in cues]
            approved = all(cue.review.state is ReviewState.APPROVED for cue in made)
            text = bare_text(made, track.language)
            if text and unit.text and approved and len(made) == len(unit.cues):
                yield Pair(
                    source=unit.text,
                    text=text,
                    source_language=unit.language,
                    language=track.language,
                    actor=made[0].review.actor or "",
                    time=max(cue.review.time or "" for cue in made),
                )


def _tmx_pairs(path: Path) -> Iterator[Pair]:
    try:
        with open_regular(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error.strerror}.", remedy="Name another with --tm."
        ) from error
    for unit in read_units(data, path.name):
        if unit.properties.get("x-subkit-state", "approved") != "approved":
            continue
        for language, source in unit.texts.items():
            for other, text in unit.texts.items():
                if other != language:
                    yield Pair(
                        source=bare_text([_cue(source)], language),
                        text=bare_text([_cue(text)], other),
                        source_language=language,
                        language=other,
                        actor=unit.actor,
                        time=unit.time,
                    )


def _cue(text: str) -> Cue:
    return Cue(id="unit", span=_ANY_TIME, lines=tuple(text.split("\n")))

"""``subkit dub report``: how well lines fit, and the work that a dubbing track is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.dubbing import (
    Bands,
    LineFit,
    Territory,
    WorkGrid,
    count_work,
    fit_track,
    suggest_loops,
)
from subkit.errors import InputError
from subkit.model import Finding, Purpose
from subkit.pipeline.dubbing_preparation import load_territory
from subkit.quality import check_track

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from subkit.model import Loop, Project, Track
    from subkit.styles import Styles

__all__ = ["DubbedWork", "dubbed_track", "relooped", "report_dubbing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DubbedWork:
    """What there is to say of a dubbing track; computed, never stored.

    Attributes:
        track: The track.
        territory: How its lines and hours are counted.
        fits: How well each spoken line fits.
        grid: The work, by character and by loop.
        findings: Of the quality check.
        lips: Closures that agree, weighted by the seconds of lines; ``None`` where none are known.
    """

    track: Track
    territory: Territory
    fits: tuple[LineFit, ...]
    grid: WorkGrid
    findings: tuple[Finding, ...]
    lips: float | None


def dubbed_track(project: Project, name: str = "") -> Track:
    """Return a dubbing track: by id or language, else the first adaptation, else the original.

    Raises:
        InputError: the project has none.
        NotFoundError: none of that name.
    """
    tracks = [track for track in project.tracks if track.purpose is Purpose.DUBBING]
    if not tracks:
        raise InputError(
            f"Project {project.title!r} has no lines to be dubbed.",
            remedy="Run subkit dub prepare first.",
        )
    if not name:
        return next((track for track in tracks if track.source is not None), tracks[0])
    for track in tracks:
        if name in (track.id, track.language):
            return track
    found = project.track(name)
    raise InputError(
        f"Track {found.id!r} is not to be dubbed.",
        remedy=f"Dubbing tracks: {', '.join(track.id for track in tracks)}.",
    )


def report_dubbing(
    project: Project,
    track: Track,
    style: Styles,
    *,
    territory: str = "",
    bands: Bands | None = None,
) -> DubbedWork:
    """Return what there is to say of a dubbing track.

    Args:
        project: The document.
        track: One of its dubbing tracks.
        style: The house style, for the rules of the quality check.
        territory: Id or TOML file; empty takes the one that the loops were made for.
        bands: What is green and amber.

    Raises:
        PlanError: there is no such territory.
    """
    rules = load_territory(territory or track.territory)
    fits = fit_track(track, project.source_of(track) or track, bands)
    heard = [(one.closures, one.source_seconds) for one in fits if one.closures is not None]
    total = sum(seconds for _, seconds in heard)
    return DubbedWork(
        track=track,
        territory=rules,
        fits=fits,
        grid=count_work(track, project.characters, rules, fits),
        findings=tuple(check_track(project, track, style)),
        lips=sum(score * seconds for score, seconds in heard) / total if total else None,
    )


def relooped(
    project: Project,
    track: Track,
    territory: str = "",
    *,
    lock: Iterable[str] = (),
    unlock: Iterable[str] = (),
) -> Project:
    """Return the project with the loops of a track computed anew; locked ones stay.

    Args:
        project: The document.
        track: One of its dubbing tracks.
        territory: Id or TOML file; empty takes the one that they were made for.
        lock: Names of loops that stay from now on.
        unlock: Names of loops that may change again.

    Raises:
        InputError: there is no such loop.
        PlanError: there is no such territory.
    """
    rules = load_territory(territory or track.territory)
    by_name = {loop.name: loop for loop in track.loops}
    wanted = {**dict.fromkeys(lock, True), **dict.fromkeys(unlock, False)}
    for name, locked in wanted.items():
        if name not in by_name:
            raise InputError(
                f"Track {track.id!r} has no loop {name!r:.40}.",
                remedy=f"It has: {_some(by_name)}.",
            )
        by_name[name] = replace(by_name[name], locked=locked)
    held = replace(track, loops=tuple(by_name.values()))
    loops = suggest_loops(held, rules, project.shots)
    named = territory or track.territory
    return project.with_track(replace(held, loops=loops, territory=named))


def _some(loops: Mapping[str, Loop]) -> str:
    names = list(loops)
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "") or "none yet"

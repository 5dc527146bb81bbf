"""What a file for the dubbing stage says, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import InputError, PlanError
from subkit.interfaces.file_contents import Loss

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from subkit.exchange.dub_files.script_layouts import ScriptLayout
    from subkit.model import Character, Cue, DubLine, FrameRate, Project, Track

__all__ = ["DubReply", "DubScript", "StageFacts", "dub_losses", "dub_script", "no_variant"]

FEATURES = {
    "character": ("character", "characters"),
    "cast": ("fact of a character", "facts of characters"),
    "on-screen": ("on-screen state", "on-screen states"),
    "kind": ("kind of line", "kinds of lines"),
    "words": ("time of a word", "times of words"),
    "pauses": ("pause", "pauses"),
    "signs": ("sign of the mouth", "signs of the mouth"),
    "alternate": ("second text", "second texts"),
    "note": ("note for the stage", "notes for the stage"),
    "reason": ("reason to record", "reasons to record"),
    "take": ("state of recording", "states of recording"),
    "loops": ("loop", "loops"),
    "letters": ("line with letters that it cannot hold", "lines with letters that it cannot hold"),
    "marks": ("styled line", "styled lines"),
    "language": ("line in another language", "lines in other languages"),
    "source": ("line of the original", "lines of the original"),
    "shots": ("shot change", "shot changes"),
}
"""What dubbing files may lose, and how one and several of it are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DubScript:
    """Lines to be dubbed, and what belongs to them.

    Attributes:
        title: Of the film.
        track: The lines, with their loops.
        source: The lines of the original that they are adapted from; ``None`` where they are the
            original, or nobody knows.
        source_language: BCP 47 language that is adapted; that of the track for an original.
        characters: Whom the lines name, in order.
        rate: Of the picture; ``None`` where nobody says.
        start: Timecode of the first frame, as seconds.
        media: Name of the film's file; empty where nobody says.
        shots: Times of shot changes, in order.
        changes: What a new cut changed, newest last, one sentence each.
        note: How it was made.
        layout: How it is printed; ``None`` takes that of the language.
    """

    title: str
    track: Track
    source: Track | None = None
    source_language: str = ""
    characters: tuple[Character, ...] = ()
    rate: FrameRate | None = None
    start: Fraction = Fraction(0)
    media: str = ""
    shots: tuple[Fraction, ...] = ()
    changes: tuple[str, ...] = ()
    note: str = ""
    layout: ScriptLayout | None = None

    def originals(self) -> dict[str, Cue]:
        """Return the line of the original of each line that has one, by the id of the line."""
        known = {} if self.source is None else {cue.id: cue for cue in self.source.cues}
        wanted = {cue.id: cue.sources[0] if cue.sources else cue.id for cue in self.track.cues}
        return {cue: known[source] for cue, source in wanted.items() if source in known}


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFacts:
    """What scripts say that does not stand in the document.

    Attributes:
        changes: Track -> what new cuts changed in it, newest last, one sentence each.
        layout: How scripts are printed; ``None`` takes that of the language.
    """

    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    layout: ScriptLayout | None = None


def _as_it_is(line: DubLine) -> DubLine:
    return line


@dataclass(frozen=True, slots=True, kw_only=True)
class DubReply:
    """A dubbing file that was read.

    Attributes:
        script: What it says.
        carries: Keys of :data:`FEATURES` that its format holds: what it does not hold was not
            taken away by whoever sent it.
        repairs: What was not clear in it, one sentence each.
        within: Seconds by which its times may differ from those that were written.
        as_written: What its format makes of a line: two things that it says with one word are the
            same to it.
    """

    script: DubScript
    carries: frozenset[str]
    repairs: tuple[str, ...] = ()
    within: Fraction = Fraction(1, 1000)
    as_written: Callable[[DubLine], DubLine] = _as_it_is


def dub_script(
    project: Project, track: Track, *, note: str = "", facts: StageFacts | None = None
) -> DubScript:
    """Return what a dubbing file of a track says.

    Args:
        project: The document.
        track: One of its dubbing tracks.
        note: How it was made.
        facts: What else it says; ``None``: nothing.

    Raises:
        InputError: the track has no lines to be dubbed.
    """
    if not any(cue.dub is not None for cue in track.cues):
        raise InputError(
            f"Track {track.id!r} has no lines to be dubbed.",
            remedy="Choose a dubbing track with --track; subkit dub prepare makes one.",
        )
    facts = facts or StageFacts()
    source = project.source_of(track)
    media = project.media
    return DubScript(
        title=project.title,
        track=track,
        source=source,
        source_language=source.language if source is not None else track.language,
        characters=project.characters,
        rate=media.frame_grid,
        start=media.programme_start,
        media=media.path.replace("\\", "/").rpartition("/")[2],
        shots=project.shots or (),
        changes=facts.changes.get(track.id, ()),
        note=note,
        layout=facts.layout,
    )


def no_variant(name: str, variant: str) -> PlanError:
    """Return the error of a variant of a format that has none."""
    return PlanError(f"{name} has no variant {variant!r:.40}.", remedy=f"Write {name} alone.")


def dub_losses(lost: Iterable[tuple[str, str]]) -> tuple[Loss, ...]:
    """Return what a file could not hold.

    Args:
        lost: A key of :data:`FEATURES` and the id of the line, each time something was lost; the
            id is empty for what belongs to no line.
    """
    found: dict[str, list[str]] = {}
    for feature, cue in lost:
        found.setdefault(feature, []).append(cue)
    losses = []
    for feature, (one, many) in FEATURES.items():
        if cues := found.get(feature):
            what = f"{len(cues)} {one if len(cues) == 1 else many}"
            named = tuple(dict.fromkeys(cue for cue in cues if cue))
            losses.append(Loss(feature=feature, cues=named, what=what))
    return tuple(losses)

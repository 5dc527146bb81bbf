"""The document: one tree of frozen values that every stage takes and gives back anew.

Findings are not part of it: they are computed from it, so there is never a stale quality report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.errors import NotFoundError
from subkit.model.clock import clock_time
from subkit.model.display import Shown, shorten
from subkit.model.dubbing_parts import Character, DubLine, Loop
from subkit.model.heard_words import Speaker, SpeakerTurn, Unheard, Word
from subkit.model.media_facts import Media, SoundFault
from subkit.model.review_marks import Comment, Omission, Review, SignOff
from subkit.model.styling import (
    Carried,
    Fade,
    Mark,
    NamedStyle,
    Placement,
    Region,
    sparse,
)
from subkit.model.time import Span
from subkit.model.title_terms import Address, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "SCHEMA",
    "Alternative",
    "Cue",
    "Origin",
    "Project",
    "Provenance",
    "Purpose",
    "Track",
    "Transcript",
    "Window",
]

_UNREVIEWED = Review()
_BOTTOM = Placement()

SCHEMA = 3
"""Version of the document's shape; a file of a newer one is refused, one of an older is read.

1 had no styling, 2 no dubbing.
"""


class Purpose(str, Enum):
    """What a track is for."""

    SUBTITLE = "subtitle"
    SDH = "sdh"
    FORCED = "forced"
    TEMPLATE = "template"
    DUBBING = "dubbing"
    BILINGUAL = "bilingual"
    """Lines in two languages at once; made for a file, of two tracks."""


class Origin(str, Enum):
    """What kind of actor made a text."""

    ASR = "asr"
    MT = "mt"
    HUMAN = "human"
    IMPORT = "import"
    RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a text came from.

    Attributes:
        origin: What kind of actor made it.
        tool: Program or component, for example ``"faster-whisper"``.
        version: Version of the tool.
        model: Name of the model, where one was used.
        model_digest: Digest over the model's files.
        options_digest: Digest over the options that shaped the result.
        actor: Person or ``"subkit"``.
        time: When, ISO 8601 in UTC.
        demo: Made by an embedded demo model, which knows one small domain and invents elsewhere.
        low_score: Mean log-probability below which its maker's word is doubted (translators that
            say so of themselves).
    """

    origin: Origin
    tool: str
    version: str = ""
    model: str | None = None
    model_digest: str | None = None
    options_digest: str | None = None
    actor: str = "subkit"
    time: str = ""
    demo: bool = False
    low_score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of audio that was decoded at once, and what the decoder reported.

    Attributes:
        span: Time in the media, seconds.
        language: BCP 47 language that was decoded.
        language_confidence: Probability of that language, 0 to 1.
        score: Mean log-probability of the tokens; near 0 is sure, below -1 is doubtful.
        no_speech: Probability that the window holds no speech, 0 to 1.
        compression_ratio: Text bytes over compressed bytes; above 2.4 suggests a loop.
        temperature: Sampling temperature that produced the accepted text.
        warnings: Short reasons to look at this window, for example ``"low-score"``.
        alternatives: What else it may say, best first, the words themselves left out; empty unless
            asked for, and for a window that was decoded in several passes. Where a loop was
            dropped, the text with it comes first.
        parts: What of the span was heard, in order, where some of it was left out; else empty.
    """

    span: Span
    language: str
    language_confidence: float
    score: float
    no_speech: float
    compression_ratio: float
    temperature: float = 0.0
    warnings: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    parts: tuple[Span, ...] = ()

    def overlaps(self, span: Span) -> bool:
        """Return whether a span overlaps speech in this window."""
        return any(part.overlaps(span) for part in self.parts or (self.span,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The recognised speech: evidence that is never edited by hand.

    Attributes:
        language: BCP 47 language of most of it.
        words: In order of time.
        speakers: Voices that were told apart, with the names that people gave them.
        windows: The stretches that were decoded.
        voice: Where a voice was detected, in order, before windows were made of it.
        unheard: What lies outside all windows, in order; empty where nobody told.
        faults: What is wrong with the sound itself, in order.
        provenance: What recognised it.
        turns: Who speaks when, in order of time, by each method that was asked.
    """

    language: str
    words: tuple[Word, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    windows: tuple[Window, ...] = ()
    voice: tuple[Span, ...] = ()
    unheard: tuple[Unheard, ...] = ()
    faults: tuple[SoundFault, ...] = ()
    provenance: Provenance
    turns: tuple[SpeakerTurn, ...] = sparse(())

    def attributed_words(self) -> tuple[Word, ...]:
        """The words, with speakers whom people made one taken as one."""
        same = {one.id: one.same for one in self.speakers if one.same}
        if not same:
            return self.words
        return tuple(
            replace(word, speaker=same[word.speaker]) if word.speaker in same else word
            for word in self.words
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another text that a cue could have, with the score its maker gave it."""

    text: str
    score: float | None = None
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Cue(Shown):
    """One subtitle event.

    Attributes:
        id: Stable within its track; a translated cue has the id of its source cue.
        span: In-time and out-time, on the project's frame grid.
        lines: Plain text, one entry a line, first line on top.
        placement: Where in the picture.
        speaker: Id of the speaker, where known.
        language: BCP 47 language of the text spoken, where it is not the track's.
        sources: Ids of the cues this one was made from.
        confidence: 0 to 1, as the engine gave it.
        alternatives: Other texts it could have.
        provenance: Where the text came from.
        review: What people did with it.
        locked: Stages leave it byte-identical.
        made_from: Digest of the source text it was translated from; when the source has another
            one now, the cue is stale.
        comments: What people wrote beside it, oldest first.
        marks: How stretches of its text look, by where they begin.
        style: Id of the track's style that it is in.
        forced: Shown even where subtitles are off.
        fade: How it comes and goes.
        mode: ``"pop-on"``, ``"paint-on"`` or ``"roll-up 2"`` to ``"roll-up 4"`` where a format of
            captions says so; else empty.
        dub: What it is as a line to be dubbed, on a dubbing track.
    """

    id: str
    span: Span
    lines: tuple[str, ...]
    placement: Placement = _BOTTOM
    speaker: str | None = None
    language: str | None = None
    sources: tuple[str, ...] = ()
    confidence: float | None = None
    alternatives: tuple[Alternative, ...] = ()
    provenance: Provenance | None = None
    review: Review = _UNREVIEWED
    locked: bool = False
    made_from: str | None = None
    comments: tuple[Comment, ...] = ()
    marks: tuple[Mark, ...] = sparse(())
    style: str = sparse("")
    forced: bool = sparse(False)  # noqa: FBT003 - the default of a field
    fade: Fade | None = sparse(None)
    mode: str = sparse("")
    dub: DubLine | None = sparse(None)

    @property
    def text(self) -> str:
        """The lines joined by a newline."""
        return "\n".join(self.lines)

    def headline(self) -> str:
        """Id, times and text."""
        return f"{self.id} {self.span} {shorten(self.text)}"

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """One row: id, in-time, out-time, text."""
        start, end = clock_time(self.span.start), clock_time(self.span.end)
        return _CUE_HEADINGS, [(self.id, start, end, self.text)]


_CUE_HEADINGS = ("cue", "in", "out", "text")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Track(Shown):
    """Cues in one language for one purpose.

    Attributes:
        id: Unique in the project: the language, or language and purpose (``ko.forced``).
        language: BCP 47.
        purpose: What it is for.
        profile: Id of the house style it was made for.
        source: Id of the track it was translated from.
        cues: In order of in-time.
        styles: Styles that cues and marks name.
        regions: Regions that placements name.
        carried: Parts of the file it was read from that are no cues, in their order.
        loops: How its lines are recorded, in order, on a dubbing track.
        territory: Id of the profile that its loops were made for.
    """

    id: str
    language: str
    purpose: Purpose = Purpose.SUBTITLE
    profile: str = "subkit"
    source: str | None = None
    cues: tuple[Cue, ...] = ()
    styles: tuple[NamedStyle, ...] = sparse(())
    regions: tuple[Region, ...] = sparse(())
    carried: tuple[Carried, ...] = sparse(())
    loops: tuple[Loop, ...] = sparse(())
    territory: str = sparse("")

    def cue(self, cue_id: str) -> Cue:
        """The cue of that id.

        Raises:
            InputError: there is none.
        """
        for cue in self.cues:
            if cue.id == cue_id:
                return cue
        near = get_close_matches(cue_id, [cue.id for cue in self.cues], n=1)
        raise NotFoundError(
            f"Track {self.id!r} has no cue {cue_id!r}.",
            remedy=f"Did you mean {near[0]!r}?" if near else "",
            track=self.id,
            cue=cue_id,
        )

    def headline(self) -> str:
        """Id, language and number of cues."""
        count = len(self.cues)
        return f"{self.id} ({self.language}) {count} {'cue' if count == 1 else 'cues'}"

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """A row for each cue."""
        return _CUE_HEADINGS, (row for cue in self.cues for row in cue.table()[1])


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Project(Shown):
    """The whole document of one title; ``shots`` is ``None`` until shot changes were looked for."""

    schema: int = SCHEMA
    title: str
    media: Media
    shots: tuple[Fraction, ...] | None = None
    transcript: Transcript | None = None
    tracks: tuple[Track, ...] = ()
    glossary: tuple[Term, ...] = ()
    register: tuple[Address, ...] = ()
    signoffs: tuple[SignOff, ...] = ()
    omissions: tuple[Omission, ...] = ()
    characters: tuple[Character, ...] = sparse(())

    def track(self, name: str) -> Track:
        """The track of that id, else the first one in that language.

        A language never means a track of forced narrative: that one is named by its id. It means
        a track to be dubbed only where there is no other.

        Raises:
            InputError: there is none; the message lists those there are.
        """
        for track in self.tracks:
            if track.id == name:
                return track
        for track in sorted(self.tracks, key=lambda track: track.purpose is Purpose.DUBBING):
            if track.language == name and track.purpose is not Purpose.FORCED:
                return track
        known = [track.id for track in self.tracks]
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise NotFoundError(
            f"Project {self.title!r} has no track {name!r}.",
            remedy=f"{hint}Tracks in it: {', '.join(known) or 'none yet'}.",
            track=name,
        )

    def headline(self) -> str:
        """Title, duration and tracks."""
        tracks = ", ".join(track.id for track in self.tracks) or "no tracks"
        return f"{self.title!r} {clock_time(self.media.duration)} ({tracks})"

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """A row for each track."""
        rows = ((t.id, t.language, t.purpose.value, len(t.cues)) for t in self.tracks)
        return ("track", "language", "purpose", "cues"), rows

    def timecode(self, time: Fraction) -> str:
        """A time of the media as SMPTE timecode, from the programme's start."""
        return self.media.frame_grid.timecode(time, self.media.programme_start)

    def source_of(self, track: Track) -> Track | None:
        """The track that ``track`` was translated from; ``None`` where the project has none."""
        return next((known for known in self.tracks if known.id == track.source), None)

    def with_track(self, track: Track) -> Project:
        """A new project in which ``track`` replaces the one of its id, or is added at the end."""
        if any(t.id == track.id for t in self.tracks):
            tracks = tuple(track if t.id == track.id else t for t in self.tracks)
        else:
            tracks = (*self.tracks, track)
        return replace(self, tracks=tracks)

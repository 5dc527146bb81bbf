"""What goes into and comes out of readers and writers that know more than lines and times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from subkit.model import FrameRate, Media, Track, Word

__all__ = [
    "FileContent",
    "FileReader",
    "FileWriter",
    "Loss",
    "ReadRequest",
    "WriteRequest",
    "WrittenFile",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """What is known of a file before it is read.

    Attributes:
        name: Its name, for errors.
        language: BCP 47 language of the text, ``"und"`` where nobody knows.
        rate: Frame rate, for formats that count frames and do not say at which; ``None`` where
            nobody said.
        start: Timecode of the programme's first frame as seconds, taken off the file's times;
            ``None`` takes what the file says of itself.
    """

    name: str
    language: str = "und"
    rate: FrameRate | None = None
    start: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """What a file holds.

    Attributes:
        tracks: One for each language in it, at least one; times count from the programme's start.
        repairs: What was mended or left out, a sentence each.
        rate: The frame rate it says it is for; ``None`` where it does not.
        start: Timecode of the first frame that it says, as seconds; ``None`` where it does not.
        title: The title it names; empty where it names none.
    """

    tracks: tuple[Track, ...]
    repairs: tuple[str, ...] = ()
    rate: FrameRate | None = None
    start: Fraction | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRequest:
    """What a writer may need beside the track and its media.

    Attributes:
        note: Text for the format's own comment place (provenance, disclosure).
        title: Title of the film; empty takes the media's name.
        words: The words the track was made of, as heard.
        profile: Name of a variant of the format, for example ``"netflix-ja"``; empty takes the
            usual one.
        reel: Number of the reel, from 1, for formats of cinemas.
        strict: The user wants no loss: a writer may use it to say more, never to write less.
    """

    note: str = ""
    title: str = ""
    words: Sequence[Word] = ()
    profile: str = ""
    reel: int = 1
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something that a format could not hold.

    Attributes:
        feature: A key of ``subkit.formats.losses.FEATURES``.
        cues: Ids of the cues it was lost from, in order; empty where it was the track's.
        what: How a sentence counts it: ``"3 colours"``.
    """

    feature: str
    cues: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file's bytes, and what it could not hold."""

    data: bytes
    losses: tuple[Loss, ...] = ()


@runtime_checkable
class FileReader(Protocol):
    """What a reader may offer beside ``read``: several tracks, frame rates, start times."""

    extension: str

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """Return what the file holds.

        Raises:
            FormatError: not of this format; line and column (or block) say where.
        """
        ...


@runtime_checkable
class FileWriter(Protocol):
    """What a writer may offer beside ``write``: variants, and an account of what was lost."""

    extension: str

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:
        """Return the file's bytes and what it could not hold.

        Raises:
            FormatError: the track cannot be written in this format at all; names the cue.
        """
        ...

"""Protocols between the parts of subkit, and the values that they exchange.

Algorithms never see an engine: they take one of these. Each kind of plug-in has a contract suite in
``tests/contract`` that every implementation passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from subkit.interfaces.aligning import Aligner, SpokenText
from subkit.interfaces.decoding import Decoding, LanguageDecoding, ModelFacts, SpeechWindow
from subkit.interfaces.progress import DetailedProgress, Progress, Silent, details
from subkit.interfaces.speaking import Recording, SpeakerBackend
from subkit.model import Window, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from fractions import Fraction

    import numpy as np
    from numpy.typing import NDArray

    from subkit.model import Address, Finding, Media, Profile, Term, Track, Transcript

    Samples = NDArray[np.float32]

__all__ = [
    "UNFINISHED",
    "Aligner",
    "Decoding",
    "DetailedProgress",
    "Hypothesis",
    "LanguageDecoding",
    "ModelFacts",
    "Progress",
    "Reader",
    "Recognizer",
    "Recording",
    "Refiner",
    "Retrying",
    "Rule",
    "Silent",
    "SpeakerBackend",
    "SpeechWindow",
    "SpokenText",
    "Subject",
    "Translator",
    "VoiceDetector",
    "WindowResult",
    "WordWriter",
    "Writer",
    "details",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowResult:
    """What was recognised in one window; word times are times in the media.

    Attributes:
        window: The decoder's account of it.
        words: In order.
    """

    window: Window
    words: tuple[Word, ...]


UNFINISHED = -20.0
"""Score of a text that ran on to the limit without an end: it is cut, and must be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """A text and its score: mean log-probability of its tokens, 0 is certain."""

    text: str
    score: float


@runtime_checkable
class VoiceDetector(Protocol):
    """Tells speech from the rest."""

    def probabilities(self, blocks: Iterable[Samples]) -> Iterator[tuple[Samples, Samples]]:
        """Probability of speech, streamed.

        Args:
            blocks: 16 kHz mono float32 blocks of any length, in order.

        Yields:
            ``(audio, probability)``: audio of ``512 * k`` samples (the last one zero-padded) and
            ``k`` probabilities, in order and without gaps.
        """
        ...


@runtime_checkable
class Recognizer(Protocol):
    """Turns windows of audio into words."""

    @property
    def model(self) -> ModelFacts:
        """The model in use."""
        ...

    def recognize(
        self,
        windows: Sequence[SpeechWindow],
        *,
        prior: str | None = None,
        finished: Callable[[int, WindowResult], None] | None = None,
    ) -> list[WindowResult]:
        """The words of each window, in the order given.

        Args:
            windows: In the order of the programme.
            prior: BCP 47 language of the last window before these whose language was sure.
            finished: Called with the number and the result of a window as soon as it is done, in no
                order: what is kept then is not lost when the work is stopped. An engine that has
                nothing to tell before the end need not call it.

        Raises:
            EngineError: the engine failed; only what ``finished`` was told may be used.
        """
        ...

    def close(self) -> None:
        """Give back memory and processes; nothing else is asked of it afterwards."""
        ...


@runtime_checkable
class Translator(Protocol):
    """Turns sentences of one language into another."""

    @property
    def model(self) -> ModelFacts:
        """The model in use."""
        ...

    def check(self, source: str, target: str) -> None:
        """Return if the model knows this direction (BCP 47 tags).

        Raises:
            PlanError: it does not; lists what it knows.
        """
        ...

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Up to ``alternatives`` hypotheses for each text, best first, never an empty list.

        Raises:
            EngineError: the engine failed.
        """
        ...


@runtime_checkable
class Retrying(Protocol):
    """An optional method of translators: try again if a translation is doubtful."""

    def retry(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Like :meth:`Translator.translate`, decoded in other ways, slower and more carefully.

        Raises:
            EngineError: the engine failed.
        """
        ...


@runtime_checkable
class Refiner(Protocol):
    """Gives a translation another wording; what it gives is checked before it is used."""

    @property
    def name(self) -> str:
        """Name of the model, for the provenance."""
        ...

    @property
    def lines(self) -> int:
        """How many sentences before a unit it wants to read; 0 wants none."""
        ...

    def refine(
        self,
        source: str,
        draft: str,
        language: str,
        target: str,
        *,
        before: Sequence[str] = (),
        wishes: Sequence[str] = (),
    ) -> str | None:
        """A better text, one line a turn as in the draft, or ``None``.

        Args:
            source: What is said.
            draft: Its translation.
            language: BCP 47 language of the source.
            target: BCP 47 language of the draft.
            before: What was said before it, in the language of the source, nearest last.
            wishes: What is asked of the text, in English, one instruction each.

        Raises:
            EngineError: the model failed.
        """
        ...


@runtime_checkable
class Writer(Protocol):
    """Writes a track in one format."""

    extension: str

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes.

        Args:
            track: What to write.
            media: The media it belongs to (frame rate, programme start, picture size).
            note: Text for the format's own comment place (provenance, disclosure); formats without
                one leave it out.
        """
        ...


@runtime_checkable
class WordWriter(Protocol):
    """What a writer may offer beside: a file with the times of words."""

    def write_words(
        self, track: Track, media: Media, words: Sequence[Word], *, note: str = ""
    ) -> bytes:
        """Like :meth:`Writer.write`, with the words that the track was made of, as heard."""
        ...


@runtime_checkable
class Reader(Protocol):
    """Reads a track from one format."""

    extension: str

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """The track and a list of what was repaired, one sentence each.

        Args:
            data: The file's bytes.
            name: Its name, for errors.
            language: BCP 47 language of the text.

        Raises:
            FormatError: not of this format; line and column say where.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the quality check looks at: a track, and all that it may be held against.

    Attributes:
        track: The track.
        profile: The house style.
        media: The media; its frame rate is the grid.
        source: The track it was translated from, where there is one.
        shots: Times of shot changes in order, seconds; ``None`` where nobody looked for them.
        transcript: What was heard, where there is one.
        glossary: Terms of the title.
        register: How its people address each other.
    """

    track: Track
    profile: Profile
    media: Media
    source: Track | None = None
    shots: tuple[Fraction, ...] | None = None
    transcript: Transcript | None = None
    glossary: tuple[Term, ...] = ()
    register: tuple[Address, ...] = ()


@runtime_checkable
class Rule(Protocol):
    """One rule of the quality check."""

    @property
    def name(self) -> str:
        """Its name, for example ``"reading-speed"``."""
        ...

    def check(self, subject: Subject) -> Iterator[Finding]:
        """The places where the track departs from what is asked of it."""
        ...

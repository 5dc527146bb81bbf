"""Engines of other packages, held to their protocols: what they give is checked before it is used.

What such an engine is called and its version are part of the digest of its model, and with it of
the key of all that it makes.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from subkit.errors import SchemaError
from subkit.interfaces import Decoding, Hypothesis, ModelFacts, WindowResult
from subkit.model import SpeakerTurn, Word, digest, from_plain, to_plain
from subkit.plugins.guarding import calling, refuse_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from subkit.interfaces import Recording, Samples, SpeechWindow, SpokenText
    from subkit.model import Span
    from subkit.plugins.plugin_table import PluginName

__all__ = [
    "GuardedAligner",
    "GuardedRecognizer",
    "GuardedRefiner",
    "GuardedSpeakers",
    "GuardedTranslator",
    "GuardedVoice",
    "RetryingTranslator",
]

_CHUNK = 512
_MARGIN = 1
"""Seconds that a word may stand outside of its window: engines time the edges roughly."""


class GuardedRecognizer:
    """A recogniser of another package.

    Args:
        name: Which it is.
        make: Gives the recogniser; called again when one that was closed is needed.
        owned: Whether it is closed here; an object that the user gave is theirs to close.
    """

    def __init__(self, name: PluginName, make: Callable[[], Any], *, owned: bool) -> None:
        self.name = name
        self._make = make
        self._owned = owned
        self._made: Any = make()
        self.model = _facts(self._made, name)

    def recognize(
        self,
        windows: Sequence[SpeechWindow],
        *,
        prior: str | None = None,
        finished: Callable[[int, WindowResult], None] | None = None,
    ) -> list[WindowResult]:
        """Return the words of each window; see :class:`subkit.interfaces.Recognizer`.

        Raises:
            EngineError: it failed.
            PluginError: it gave something else.
        """
        if self._made is None:
            self._made = self._make()
        tell = finished

        def told(number: int, result: object) -> None:
            if not 0 <= number < len(windows):
                raise refuse_answer(self.name, f"window {number!r}", f"0 to {len(windows) - 1}")
            if tell is not None:
                tell(number, self._checked(result, windows[number]))

        with calling(self.name, "recognize"):
            found = list(self._made.recognize(windows, prior=prior, finished=told))
        if len(found) != len(windows):
            what = f"{len(found)} results for {len(windows)} windows"
            raise refuse_answer(self.name, what, "one WindowResult for each")
        return [self._checked(*pair) for pair in zip(found, windows, strict=True)]

    def close(self) -> None:
        """Close it, unless it is the user's own object."""
        made, self._made = self._made, None
        if self._owned and made is not None:
            with calling(self.name, "close"):
                made.close()

    def _checked(self, result: object, window: SpeechWindow) -> WindowResult:
        """A result whose every value is of its type, and whose words say their language."""
        wanted = "a WindowResult"
        if not isinstance(result, WindowResult):
            raise refuse_answer(self.name, f"a {type(result).__name__}", wanted)
        try:
            clean = from_plain(WindowResult, to_plain(result))
        except (SchemaError, TypeError, ValueError, AttributeError) as error:
            raise refuse_answer(self.name, f"a WindowResult with {error}", wanted) from error
        for word in clean.words:
            if not _is_near(word.span, window.span):
                place = f"a word from {_seconds(word.span)} for the window {_seconds(window.span)}"
                raise refuse_answer(self.name, place, "times in the media")
        language = clean.window.language
        return replace(
            clean,
            words=tuple(
                word if word.language else _in_language(word, language) for word in clean.words
            ),
        )


def _in_language(word: Word, language: str) -> Word:
    return replace(word, language=language or None)


def _is_near(word: Span, window: Span) -> bool:
    return window.start - _MARGIN <= word.start and word.end <= window.end + _MARGIN


def _seconds(span: Span) -> str:
    return f"{float(span.start):.2f} to {float(span.end):.2f} s"


class GuardedTranslator:
    """A translator of another package.

    Args:
        name: Which it is.
        made: The translator.
    """

    def __init__(self, name: PluginName, made: Any) -> None:
        self.name = name
        self.model = _facts(made, name)
        self._made = made

    def check(self, source: str, target: str) -> None:
        """Return if it knows this direction.

        Raises:
            PlanError: it does not.
        """
        with calling(self.name, "check"):
            self._made.check(source, target)

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Return hypotheses for each text; see :class:`subkit.interfaces.Translator`.

        Raises:
            EngineError: it failed.
            PluginError: it gave something else.
        """
        return self._ask("translate", texts, source, target, alternatives)

    def _ask(
        self, method: str, texts: Sequence[str], source: str, target: str, alternatives: int
    ) -> list[list[Hypothesis]]:
        with calling(self.name, method):
            ask = getattr(self._made, method)
            found = [list(one) for one in ask(texts, source, target, alternatives=alternatives)]
        if len(found) != len(texts):
            what = f"{len(found)} answers for {len(texts)} texts"
            raise refuse_answer(self.name, what, "one list of Hypothesis for each")
        return [[self._checked(one) for one in self._any(answer)] for answer in found]

    def _any(self, answer: list[Any]) -> list[Any]:
        if not answer:
            raise refuse_answer(self.name, "no hypothesis for a text", "one at least")
        return answer

    def _checked(self, one: object) -> Hypothesis:
        wanted = "a Hypothesis with a text and a score"
        if not isinstance(one, Hypothesis):
            raise refuse_answer(self.name, f"a {type(one).__name__}", wanted)
        if not isinstance(one.text, str):
            raise refuse_answer(self.name, f"the text {one.text!r:.60}", wanted)
        try:
            score = float(one.score)
        except (TypeError, ValueError):
            score = math.nan
        if not math.isfinite(score):
            raise refuse_answer(self.name, f"the score {one.score!r:.60}", wanted)
        return Hypothesis(text=one.text, score=score)


class RetryingTranslator(GuardedTranslator):
    """A translator of another package that has another try (``subkit.interfaces.Retrying``)."""

    def retry(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Return hypotheses of another try, checked likewise.

        Raises:
            EngineError: it failed.
            PluginError: it gave something else.
        """
        return self._ask("retry", texts, source, target, alternatives)


class GuardedVoice:
    """A voice detector of another package."""

    def __init__(self, name: PluginName, made: Any) -> None:
        self.name = name
        self._made = made

    def probabilities(self, blocks: Iterable[Samples]) -> Iterator[tuple[Samples, Samples]]:
        """Return probabilities of speech; see :class:`subkit.interfaces.VoiceDetector`.

        Raises:
            EngineError: it failed.
            PluginError: it gave something else.
        """
        with calling(self.name, "probabilities"):
            for given in self._made.probabilities(blocks):
                audio, probability = self._checked(given)
                yield audio, probability

    def _checked(self, given: object) -> tuple[Samples, Samples]:
        import numpy as np

        wanted = f"pairs of {_CHUNK} samples a probability, and probabilities from 0 to 1"
        try:
            audio, probability = (np.asarray(part, dtype=np.float32) for part in given)  # type: ignore[attr-defined]
        except (TypeError, ValueError) as error:
            raise refuse_answer(self.name, f"a {type(given).__name__}", wanted) from error
        if audio.ndim != 1 or probability.ndim != 1 or len(audio) != _CHUNK * len(probability):
            what = f"{audio.size} samples with {probability.size} probabilities"
            raise refuse_answer(self.name, what, wanted)
        if not bool(np.all((probability >= 0) & (probability <= 1))):
            raise refuse_answer(self.name, "a probability outside of 0 to 1", wanted)
        return audio, probability


class GuardedSpeakers:
    """A speaker backend of another package."""

    def __init__(self, name: PluginName, made: Any) -> None:
        self.name = name
        self._made = made
        if not isinstance(made.method, str) or not 0 < len(made.method) <= 40:
            raise refuse_answer(name, f"the method {made.method!r:.60}", "a word")
        self.method: str = made.method

    def turns(self, recording: Recording, *, count: int | None = None) -> list[SpeakerTurn]:
        """Return who speaks when; see :class:`subkit.interfaces.SpeakerBackend`.

        Raises:
            EngineError: it failed.
            PluginError: it gave something else.
        """
        with calling(self.name, "turns"):
            found = list(self._made.turns(recording, count=count))
        return [self._checked(turn, recording) for turn in found]

    def _checked(self, turn: object, recording: Recording) -> SpeakerTurn:
        wanted = "SpeakerTurns with times in the media and a confidence from 0 to 1"
        if not isinstance(turn, SpeakerTurn):
            raise refuse_answer(self.name, f"a {type(turn).__name__}", wanted)
        try:
            clean = from_plain(SpeakerTurn, to_plain(turn))
        except (SchemaError, TypeError, ValueError, AttributeError) as error:
            raise refuse_answer(self.name, f"a SpeakerTurn with {error}", wanted) from error
        known = 0 < len(clean.speaker) <= 200 and clean.speaker.isprintable()
        there = clean.span.start >= 0 and clean.span.end <= recording.media.duration + _MARGIN
        if not (known and there and 0 <= clean.confidence <= 1):
            what = f"{clean.speaker!r:.60} from {_seconds(clean.span)}, {clean.confidence} sure"
            raise refuse_answer(self.name, what, wanted)
        return replace(clean, method=self.method)


class GuardedAligner:
    """An aligner of another package.

    Args:
        name: Which it is.
        made: The aligner.
        owned: Whether it is closed here; an object that the user gave is theirs to close.
    """

    def __init__(self, name: PluginName, made: Any, *, owned: bool) -> None:
        self.name = name
        self.model = _facts(made, name)
        self._made = made
        self._owned = owned

    def align(self, asked: Sequence[SpokenText]) -> list[tuple[Word, ...]]:
        """Return the words of each text; see :class:`subkit.interfaces.Aligner`.

        Raises:
            EngineError: it failed.
            PluginError: it gave something else.
        """
        with calling(self.name, "align"):
            found = [tuple(words) for words in self._made.align(asked)]
        if len(found) != len(asked):
            what = f"{len(found)} answers for {len(asked)} texts"
            raise refuse_answer(self.name, what, "the words of each text")
        return [self._checked(*pair) for pair in zip(found, asked, strict=True)]

    def close(self) -> None:
        """Close it, unless it is the user's own object."""
        if self._owned:
            with calling(self.name, "close"):
                self._made.close()

    def _checked(self, words: tuple[Any, ...], asked: SpokenText) -> tuple[Word, ...]:
        wanted = "a Word for each word of the text, with times in its window and a confidence"
        if len(words) != len(asked.words):
            what = f"{len(words)} words for {len(asked.words)}"
            raise refuse_answer(self.name, what, wanted)
        found = []
        for word in words:
            if not isinstance(word, Word):
                raise refuse_answer(self.name, f"a {type(word).__name__}", wanted)
            try:
                clean = from_plain(Word, to_plain(word))
            except (SchemaError, TypeError, ValueError, AttributeError) as error:
                raise refuse_answer(self.name, f"a Word with {error}", wanted) from error
            sure = clean.confidence
            if sure is None or not 0 <= sure <= 1 or not _is_near(clean.span, asked.window.span):
                what = f"{clean.text!r:.60} at {_seconds(clean.span)}, {sure} sure"
                raise refuse_answer(self.name, what, wanted)
            found.append(clean)
        return tuple(found)


class GuardedRefiner:
    """A refiner of another package."""

    def __init__(self, name: PluginName, made: Any) -> None:
        self.plugin = name
        self._made = made
        if not isinstance(made.name, str) or not made.name:
            raise refuse_answer(name, f"the name {made.name!r:.60}", "a text")
        if not isinstance(made.lines, int) or made.lines < 0:
            raise refuse_answer(name, f"{made.lines!r:.60} lines", "a whole number from 0")
        self.name: str = made.name
        self.lines: int = made.lines

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
        """Return a better text or ``None``; see :class:`subkit.interfaces.Refiner`.

        Raises:
            EngineError: it failed.
            PluginError: it gave something else.
        """
        with calling(self.plugin, "refine"):
            text = self._made.refine(source, draft, language, target, before=before, wishes=wishes)
        if text is not None and not isinstance(text, str):
            raise refuse_answer(self.plugin, f"a {type(text).__name__}", "a text or None")
        return text


def _facts(made: Any, name: PluginName) -> ModelFacts:
    """The facts of a plug-in's model, with the plug-in itself in their digest."""
    with calling(name, "model"):
        model = made.model
    if not isinstance(model, ModelFacts):
        raise refuse_answer(name, f"a {type(model).__name__} as its model", "ModelFacts")
    # What its scores say of stretches without a voice was not measured unless its card says so.
    unmeasured = model.decoding == Decoding()
    decoding = replace(model.decoding, second_opinion=False) if unmeasured else model.decoding
    return replace(
        model,
        digest=digest("plug-in", name.kind, name.name, name.version, model.name, model.digest),
        decoding=decoding,
        plugin=name.name,
        plugin_version=name.version,
    )

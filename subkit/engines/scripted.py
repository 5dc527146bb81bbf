"""Engines that follow a script: for tests of pure logic, never for work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.engines.codes import match_tag
from subkit.errors import EngineError, PlanError
from subkit.interfaces import Hypothesis, ModelFacts, WindowResult
from subkit.model import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from subkit.interfaces import SpeechWindow
    from subkit.model import Word

__all__ = ["ScriptedRecognizer", "ScriptedTranslator"]


class ScriptedTranslator:
    """A translator that looks texts up; what is not in the script is marked with the target.

    Attributes:
        calls: How often :meth:`translate` was called.
        texts: Every text that was translated, in order.
    """

    def __init__(
        self,
        script: Mapping[str, str | Sequence[str]] | None = None,
        *,
        languages: Iterable[str] = ("en", "es", "ko"),
        fail_on: str = "",
        name: str = "scripted",
    ) -> None:
        """Follow a script.

        Args:
            script: Translation, or several, best first, of each text.
            languages: Any of these to any other is known.
            fail_on: A text at which the engine fails.
            name: The model's name.
        """
        self._script = dict(script or {})
        self._codes = {language: language for language in languages}
        self._fail_on = fail_on
        self._model = ModelFacts(
            name=name,
            directory="",
            digest=f"scripted:{name}",
            license="MIT",
            languages=tuple(self._codes),
        )
        self.calls = 0
        self.texts: list[str] = []

    @property
    def model(self) -> ModelFacts:
        """The model in use."""
        return self._model

    def check(self, source: str, target: str) -> None:
        """Return if the direction is known.

        Raises:
            PlanError: It is not.
        """
        found = [match_tag(tag, self._codes) for tag in (source, target)]
        if None in found or found[0] == found[1]:
            message = f"{self._model.name} does not translate from {source} to {target}."
            raise PlanError(message, remedy=f"It knows: {', '.join(sorted(self._codes))}.")

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Look the texts up.

        Raises:
            PlanError: The direction is not known.
            EngineError: The script says to fail.
        """
        self.check(source, target)
        self.calls += 1
        self.texts += texts
        if self._fail_on and self._fail_on in texts:
            message = f'The scripted translator fails at "{self._fail_on}".'
            raise EngineError(message)
        return [self._look_up(text, target)[: max(1, alternatives)] for text in texts]

    def _look_up(self, text: str, target: str) -> list[Hypothesis]:
        if not text.strip():
            return [Hypothesis(text="", score=0.0)]
        found = self._script.get(text, f"[{target}] {text}")
        choices = [found] if isinstance(found, str) else list(found)
        return [
            Hypothesis(text=choice, score=-0.1 * (place + 1))
            for place, choice in enumerate(choices)
        ]


class ScriptedRecognizer:
    """A recogniser that hears what the script says for each window.

    Attributes:
        calls: How often :meth:`recognize` was called.
        windows: Index of every window that was decoded, in order.
    """

    def __init__(
        self,
        script: Mapping[int, Sequence[Word]],
        *,
        language: str = "en",
        fail_on: int | None = None,
        name: str = "scripted",
    ) -> None:
        """Follow a script.

        Args:
            script: Words by index of the window, at times in the media; no entry is silence.
            language: Language of every window.
            fail_on: Index of a window at which the engine fails.
            name: The model's name.
        """
        self._script = dict(script)
        self._language = language
        self._fail_on = fail_on
        self._model = ModelFacts(name=name, directory="", digest=f"scripted:{name}", license="MIT")
        self.calls = 0
        self.windows: list[int] = []

    @property
    def model(self) -> ModelFacts:
        """The model in use."""
        return self._model

    def close(self) -> None:
        """Nothing is held."""

    def recognize(
        self,
        windows: Sequence[SpeechWindow],
        *,
        prior: str | None = None,  # noqa: ARG002 - the script knows the language
        finished: Callable[[int, WindowResult], None] | None = None,
    ) -> list[WindowResult]:
        """Hear what the script says.

        Raises:
            EngineError: The script says to fail.
        """
        self.calls += 1
        self.windows += [window.index for window in windows]
        if any(window.index == self._fail_on for window in windows):
            message = f"The scripted recogniser fails at window {self._fail_on}."
            raise EngineError(message)
        found = [self._hear(window) for window in windows]
        for number, result in enumerate(found):
            if finished is not None:
                finished(number, result)
        return found

    def _hear(self, window: SpeechWindow) -> WindowResult:
        words = tuple(self._script.get(window.index, ()))
        decoded = Window(
            span=window.span,
            language=self._language,
            language_confidence=1.0,
            score=-0.1 if words else 0.0,
            no_speech=0.0 if words else 1.0,
            compression_ratio=1.0,
        )
        return WindowResult(window=decoded, words=words)

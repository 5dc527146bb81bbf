"""Engines of translation that are asked only what they were not asked before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.interfaces import Hypothesis, Retrying, details
from subkit.pipeline.loaded_engines import Answer, LoadedTranslator
from subkit.pipeline.plugin_choice import refiner_name
from subkit.pipeline.stage_cache import recall, remember_all, shaping, stage_key
from subkit.plugins import load_plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from subkit.interfaces import ModelFacts, Progress, Refiner, Translator
    from subkit.pipeline.run_options import RunOptions
    from subkit.store import ProjectFile

__all__ = [
    "SENTENCES_AT_ONCE",
    "VERSION",
    "Question",
    "RememberingRefiner",
    "RememberingTranslator",
    "ask_in_chunks",
    "keep_answers",
]

VERSION = 2
SENTENCES_AT_ONCE = 128
"""Sentences handed to the engine together, at least where there are as many; what is in its hands
is lost when a run is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hypotheses:
    items: tuple[Hypothesis, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A text for the translator, with everything else that affects the answer.

    Attributes:
        key: What the answer is kept under: equal keys, equal answers.
        text: One sentence.
        source: BCP 47 language of it.
        target: BCP 47 language wanted.
        alternatives: Hypotheses wanted.
    """

    key: str
    text: str
    source: str
    target: str
    alternatives: int


class RememberingTranslator:
    """A translator that asks the engine only for what it was not asked before.

    The engine is loaded on the first text that neither the project file knows nor another title
    had; ``loaded`` keeps it and its answers from one title to the next.
    """

    def __init__(
        self,
        store: ProjectFile,
        model: ModelFacts,
        options: RunOptions,
        progress: Progress,
        loaded: LoadedTranslator | None = None,
    ) -> None:
        self.model = model
        self._store = store
        self._options = options
        self._progress = progress
        self._loaded = loaded or LoadedTranslator()

    def engine(self) -> Translator:
        """The engine itself, loaded now if it was not.

        Raises:
            EngineError: the model does not load.
        """
        return self._loaded.get(self._options, self.model)

    def check(self, source: str, target: str) -> None:
        """Return if the model knows this direction.

        Raises:
            PlanError: it does not.
        """
        self.check_all([(source, target)])

    def check_all(self, directions: Iterable[tuple[str, str]]) -> None:
        """Likewise for several; each is asked of the engine once for each model.

        Raises:
            PlanError: the model does not know one of them.
        """
        keys = {d: stage_key("direction", VERSION, self.model.digest, *d) for d in directions}
        new = {d: key for d, key in keys.items() if self._store.cached(key) is None}
        for direction in new:
            self.engine().check(*direction)
        if new:
            self._store.remember_all(dict.fromkeys(new.values(), b"known"))

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Hypotheses for each text, from the project file where it has them.

        Raises:
            EngineError: the engine failed.
        """
        return self._through("sentence", texts, (source, target), alternatives)

    def retry(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Hypotheses of another try, likewise; the first ones of an engine that has no other.

        Raises:
            EngineError: the engine failed.
        """
        return self._through("retry", texts, (source, target), alternatives)

    def unanswered(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[Question]:
        """What :meth:`translate` would ask the engine for these texts."""
        asked = [self._question("sentence", text, (source, target), alternatives) for text in texts]
        known = self._known(asked)
        return [question for question in asked if question.key not in known]

    def _through(
        self, kind: str, texts: Sequence[str], direction: tuple[str, str], alternatives: int
    ) -> list[list[Hypothesis]]:
        asked = [self._question(kind, text, direction, alternatives) for text in texts]
        known = self._known(asked)
        missing = [question for question in asked if question.key not in known]
        if not missing:
            return [list(known[question.key]) for question in asked]
        again = " again" if kind == "retry" else ""
        stage = f"translate {direction[0]}-{direction[1]}{again}"
        self._progress.begin(stage, len(texts), "sentences")
        done = len(texts) - len(missing)
        details(self._progress).keep(stage, done)
        for answers in ask_in_chunks(missing, self.engine, again=kind == "retry"):
            keep_answers(self._store, answers)
            self._loaded.remember(answers)
            known.update(answers)
            done += len(answers)
            self._progress.advance(stage, done)
        self._progress.end(stage)
        return [list(known[question.key]) for question in asked]

    def _known(self, asked: Sequence[Question]) -> dict[str, Answer]:
        """What this title or another has asked before; afterwards both know it."""
        own, others = {}, {}
        for key in (question.key for question in asked):
            found = recall(self._store, key, _Hypotheses)
            if found is not None:
                own[key] = found.items
            elif (answer := self._loaded.recall(key)) is not None:
                others[key] = answer
        self._loaded.remember(own)
        keep_answers(self._store, others)
        return own | others

    def _question(
        self, kind: str, text: str, direction: tuple[str, str], alternatives: int
    ) -> Question:
        shape = shaping(self._options.engine)
        key = stage_key(kind, VERSION, self.model.digest, shape, text, *direction, alternatives)
        return Question(
            key=key,
            text=text,
            source=direction[0],
            target=direction[1],
            alternatives=alternatives,
        )


def ask_in_chunks(
    questions: Iterable[Question], engine: Callable[[], Translator], *, again: bool = False
) -> Iterator[dict[str, Answer]]:
    """Put questions of one direction to an engine; the answers of each chunk, by key.

    Equal ones are asked once, and those of like length together, for a batch takes as long as its
    longest text. Chunks have :data:`SENTENCES_AT_ONCE` sentences, or up to twice as many rather
    than a few in one of their own.

    Args:
        questions: All of one direction and number of alternatives.
        engine: Gives the engine, if there is something to ask.
        again: Whether it is another try, where the engine has one.

    Raises:
        EngineError: the engine failed; what was given before holds.
    """
    different = {question.key: question for question in questions}
    asked = sorted(different.values(), key=lambda question: len(question.text))
    chunks = max(1, len(asked) // SENTENCES_AT_ONCE)
    for number in range(chunks if asked else 0):
        chunk = asked[len(asked) * number // chunks : len(asked) * (number + 1) // chunks]
        one, translator = chunk[0], engine()
        retry = translator.retry if again and isinstance(translator, Retrying) else None
        fresh = (retry or translator.translate)(
            [question.text for question in chunk],
            one.source,
            one.target,
            alternatives=one.alternatives,
        )
        yield {q.key: tuple(found) for q, found in zip(chunk, fresh, strict=True)}


def keep_answers(store: ProjectFile, answers: Mapping[str, Answer]) -> None:
    """Write answers into a project file, by the key of their question."""
    if answers:
        remember_all(store, {key: _Hypotheses(items=found) for key, found in answers.items()})


class RememberingRefiner:
    """A refiner that is asked only what it was not asked before."""

    def __init__(self, store: ProjectFile, options: RunOptions) -> None:
        self._store = store
        self._options = options
        plugin = options.refiner_plugin
        self._refiner: Refiner = (
            load_plugin("refiners", plugin)(options.refine) if isinstance(plugin, str) else plugin
        )
        self._plugin = () if isinstance(plugin, str) else (refiner_name(plugin),)
        self.name = self._refiner.name
        self.lines = self._refiner.lines

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
        """Return the stored answer of the refiner, or ask it.

        Raises:
            EngineError: it failed.
        """
        asked = (source, draft, language, target)
        shape = (self._options.refine, *asked, tuple(before), tuple(wishes), *self._plugin)
        key = stage_key("refine", VERSION, *shape)
        known = self._store.cached(key)
        if known is None:
            text = self._refiner.refine(*asked, before=before, wishes=wishes)
            known = (text or "").encode()
            self._store.remember(key, known)
        return known.decode(errors="replace") or None

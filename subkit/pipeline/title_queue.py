"""Several titles, one after the other, whose sentences are put to the translator together."""

from __future__ import annotations

import os
import time
from collections import Counter
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from subkit.errors import StoreError, SubkitError
from subkit.interfaces import Silent
from subkit.pipeline.engine_cache import SENTENCES_AT_ONCE, ask_in_chunks, keep_answers
from subkit.pipeline.loaded_engines import LoadedRecognizer, LoadedTranslator
from subkit.pipeline.title_runs import Outcome, TitleRun

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from subkit.interfaces import Progress
    from subkit.pipeline.engine_cache import Question
    from subkit.pipeline.loaded_engines import Answer
    from subkit.pipeline.plan import Plan
    from subkit.pipeline.stages.project_translation import ProjectTranslation

__all__ = ["Failure", "ask_together", "run_plans"]

ENOUGH = 2 * SENTENCES_AT_ONCE
"""Sentences of one direction from which no title waits any longer: their batches are full."""
MOST_TITLES = 32
"""Titles that wait at most, each with its project file open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A title that could not be done.

    Attributes:
        media: The media file.
        error: Why.
    """

    media: Path
    error: SubkitError


@contextmanager
def _silently() -> Iterator[Progress]:
    yield Silent()


def run_plans(
    plans: Iterable[Plan | Failure],
    *,
    watch: Callable[[], AbstractContextManager[Progress]] = _silently,
    loaded: LoadedRecognizer | None = None,
    translator: LoadedTranslator | None = None,
) -> Iterator[Outcome | Failure]:
    """Do what was planned for several titles; a broken one never stops the rest.

    Each title is recognised and spotted in its turn. Its sentences wait for those of the next ones
    until there are enough for full batches of the translator, which a long film has by itself; then
    they are asked together. What comes of a title is the same in any company, to the last byte
    where the engine's arithmetic is (int8 on the CPU); its scores in floating point may differ in
    the sixth digit, as they do with the batch.

    Args:
        plans: What to do, planned when it is its turn; what could not be planned comes out again in
            its place.
        watch: Gives the progress of one stretch of work.
        loaded: The recogniser, which the caller closes; without, it is closed as soon as no title
            needs it any more.
        translator: The translator, with what it was asked before.

    Yields:
        What came of each plan, in their order.
    """
    with closing(_Queue(translator or LoadedTranslator(), watch)) as queue:
        with ExitStack() as stack:
            recognizer = loaded or stack.enter_context(LoadedRecognizer())
            for plan in plans:
                if isinstance(plan, Failure):
                    queue.titles.append(plan)
                else:
                    if queue.holds(plan.project):
                        yield from queue.finished()
                    queue.titles.append(queue.begin(plan, recognizer))
                if queue.is_ready():
                    yield from queue.finished()
        yield from queue.finished()


def ask_together(
    asked: Mapping[ProjectTranslation, Sequence[Question]],
    loaded: LoadedTranslator,
    progress: Progress,
) -> None:
    """Put what several titles ask to the translator together, each different question once.

    The answers go into ``loaded`` and into the project files, batch by batch. What the engine does
    not answer now, its title will ask again by itself.

    Args:
        asked: What each title asks.
        loaded: The translator that all of them were made with.
        progress: Hears how it goes.
    """
    owners: dict[str, list[ProjectTranslation]] = {}
    groups: dict[Hashable, list[list[Question]]] = {}
    for title, questions in asked.items():
        new: dict[Hashable, list[Question]] = {}
        for question in questions:
            if question.key not in owners:
                new.setdefault(title.group(question), []).append(question)
            owners.setdefault(question.key, []).append(title)
        for group, found in new.items():
            groups.setdefault(group, []).append(found)
    for several in groups.values():
        first = several[0][0]
        engine = partial(loaded.get, owners[first.key][0].options, owners[first.key][0].model)
        stage, done = f"translate {first.source}-{first.target}", 0
        progress.begin(stage, sum(map(len, several)), "sentences")
        with suppress(SubkitError):  # every title will meet it when it asks by itself
            for questions in _packed(several):
                for answers in ask_in_chunks(questions, engine):
                    loaded.remember(answers)
                    _keep_for_owners(answers, owners)
                    done += len(answers)
                    progress.advance(stage, done)
        progress.end(stage)


def _packed(several: Iterable[list[Question]]) -> Iterator[list[Question]]:
    """What each title asks, put together until there are enough for a chunk.

    So the answers of a short title come all at once, and are written to its file once.
    """
    pack: list[Question] = []
    for questions in several:
        pack += questions
        if len(pack) >= SENTENCES_AT_ONCE:
            yield pack
            pack = []
    yield pack


def _keep_for_owners(
    answers: Mapping[str, Answer], owners: Mapping[str, Sequence[ProjectTranslation]]
) -> None:
    each: dict[ProjectTranslation, dict[str, Answer]] = {}
    for key, answer in answers.items():
        for title in owners[key]:
            each.setdefault(title, {})[key] = answer
    for title, own in each.items():
        with suppress(StoreError):  # the title will fail at it, and no other
            keep_answers(title.store, own)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A title before its translation, and what it will ask."""

    run: TitleRun
    translation: ProjectTranslation
    questions: list[Question]


class _Queue:
    """Titles in their order, some waiting for their translation, some done."""

    def __init__(
        self,
        translator: LoadedTranslator,
        watch: Callable[[], AbstractContextManager[Progress]],
    ) -> None:
        self.titles: list[_Waiting | Outcome | Failure] = []
        self._translator = translator
        self._watch = watch

    def close(self) -> None:
        """Close the project files of those that still wait."""
        for title in self._waiting():
            title.run.__exit__(None, None, None)

    def holds(self, project: Path) -> bool:
        """Whether a title that waits has that project file open."""
        real = os.path.realpath(project)
        return any(os.path.realpath(one.run.plan.project) == real for one in self._waiting())

    def is_ready(self) -> bool:
        """Whether no title has to wait any longer."""
        waiting = self._waiting()
        asked = {q.key: one.translation.group(q) for one in waiting for q in one.questions}
        most = max(Counter(asked.values()).values(), default=0)
        return not waiting or most >= ENOUGH or len(self.titles) >= MOST_TITLES

    def begin(self, plan: Plan, recognizer: LoadedRecognizer) -> _Waiting | Outcome | Failure:
        """A title up to its translation; to its end if nothing has to be asked for it."""
        try:
            with ExitStack() as stack:
                title = stack.enter_context(TitleRun(plan))
                with self._watch() as progress:
                    title.begin(progress, recognizer, self._translator)
                    if title.translation and (asked := title.translation.questions()):
                        stack.pop_all()
                        return _Waiting(title, title.translation, asked)
                    return title.finish(progress)
        except SubkitError as error:
            return Failure(media=plan.media, error=error)

    def finished(self) -> Iterator[Outcome | Failure]:
        """Return the outcomes of all titles in order; translate those that still wait."""
        self._ask()
        while self.titles:
            title = self.titles.pop(0)
            yield self._finish(title.run) if isinstance(title, _Waiting) else title

    def _ask(self) -> None:
        waiting = self._waiting()
        if len(waiting) < 2:
            return
        began = time.monotonic()
        with self._watch() as progress:
            asked = {title.translation: title.questions for title in waiting}
            ask_together(asked, self._translator, progress)
        share = (time.monotonic() - began) / sum(map(len, asked.values()))
        for title in waiting:
            title.run.seconds += share * len(title.questions)

    def _finish(self, title: TitleRun) -> Outcome | Failure:
        try:
            with title, self._watch() as progress:
                return title.finish(progress)
        except SubkitError as error:
            return Failure(media=title.plan.media, error=error)

    def _waiting(self) -> list[_Waiting]:
        return [title for title in self.titles if isinstance(title, _Waiting)]

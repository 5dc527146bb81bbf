"""Two translators in a row: from one language through English to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.engines.codes import tag_ladder
from subkit.errors import PlanError
from subkit.interfaces import Hypothesis, Retrying

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.interfaces import ModelFacts, Translator

__all__ = ["PIVOT_NOTICE", "PivotTranslator"]

PIVOT_NOTICE = (
    "it translates through English: what English does not tell apart (speech levels, tu and vous, "
    "gender, number of you) is guessed, so look at every line"
)

_MIDDLE = "en"
_WIDTH = 2
"""English readings of each sentence that are carried on."""


class PivotTranslator:
    """A translator made of one into English and one out of it; keeps the contract of both.

    The score of a text is the sum of both steps' scores: log-probabilities of one after the other.
    """

    def __init__(self, facts: ModelFacts, first: Translator, second: Translator) -> None:
        self._facts = facts
        self._first = first
        self._second = second

    @property
    def model(self) -> ModelFacts:
        """The pair of models; ``parts`` names them."""
        return self._facts

    def check(self, source: str, target: str) -> None:
        """Return if the first model goes from ``source`` into English and the second on.

        Raises:
            PlanError: One of them does not; says which.
        """
        try:
            if not _is_middle(source):
                self._first.check(source, _MIDDLE)
            if _is_middle(source) or not _is_middle(target):
                self._second.check(_MIDDLE, target)
        except PlanError as error:
            message = f"{self._facts.name} cannot go from {source} through English to {target}"
            raise PlanError(f"{message}: {error.message}", remedy=error.remedy) from error

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Up to ``alternatives`` hypotheses for each text, best first.

        Raises:
            PlanError: The pair does not know this direction.
            EngineError: An engine failed.
        """
        steps = (self._first.translate, self._second.translate)
        return self._through(steps, texts, (source, target), alternatives)

    def retry(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Likewise, decoded in other ways in both steps where the models can.

        Raises:
            PlanError: The pair does not know this direction.
            EngineError: An engine failed.
        """
        steps = tuple(
            step.retry if isinstance(step, Retrying) else step.translate
            for step in (self._first, self._second)
        )
        return self._through(steps, texts, (source, target), alternatives)

    def _through(
        self,
        steps: Sequence[Callable[..., list[list[Hypothesis]]]],
        texts: Sequence[str],
        direction: tuple[str, str],
        count: int,
    ) -> list[list[Hypothesis]]:
        source, target = direction
        self.check(source, target)
        first, second = steps
        if _is_middle(target):
            return first(texts, source, target, alternatives=count)
        if _is_middle(source):
            return second(texts, source, target, alternatives=count)
        read = first(texts, source, _MIDDLE, alternatives=min(_WIDTH, count))
        english = list(dict.fromkeys(one.text for several in read for one in several))
        found = second(english, _MIDDLE, target, alternatives=count)
        written = dict(zip(english, found, strict=True))
        return [_joined(several, written, count) for several in read]


def _is_middle(tag: str) -> bool:
    return tag_ladder(tag)[-1:] == (_MIDDLE,)


def _joined(
    several: list[Hypothesis], written: dict[str, list[Hypothesis]], count: int
) -> list[Hypothesis]:
    both = [
        Hypothesis(text=last.text, score=one.score + last.score)
        for one in several
        for last in written[one.text]
    ]
    found: dict[str, Hypothesis] = {}
    for one in sorted(both, key=lambda one: -one.score):
        found.setdefault(one.text, one)
    return list(found.values())[:count]

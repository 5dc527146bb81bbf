"""Units -> hypotheses: every different sentence goes to the translator once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.errors import EngineError
from subkit.interfaces import Hypothesis
from subkit.language import join_words, normalize_spaces, resolve_language
from subkit.translation.guards import doubts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.interfaces import Translator
    from subkit.translation.options import TranslationOptions
    from subkit.translation.units import Unit

__all__ = ["is_copy", "same_language", "translate_units"]

_EDGES = "♪♫♩♬# \t\u00a0"
"""Marks around sung lines: they stay, and the translator never sees them."""


def translate_units(
    units: Sequence[Unit], translator: Translator, target: str, options: TranslationOptions
) -> list[list[Hypothesis]]:
    """Hypotheses for each unit, the best first, never an empty list.

    Equal sentences are translated once; there is one call of ``translate`` for each language
    spoken. A unit already in the target language, or without letters, is given back as it is with
    score 0. A hypothesis that fails a guard goes behind those that pass all.

    Args:
        units: What to translate.
        translator: The engine.
        target: BCP 47 language.
        options: How many alternatives.

    Raises:
        PlanError: the model does not know a direction.
        EngineError: the engine failed, or did not answer every sentence.
    """
    wanted: dict[str, dict[str, None]] = {}
    for unit in units:
        if not is_copy(unit, target):
            cores = (_Sentence.of(text) for turn in unit.turns for text in turn.sentences)
            known = wanted.setdefault(unit.language, {})
            known.update((core.text, None) for core in cores if core.text)
    for language in wanted:
        translator.check(language, target)
    answers = {
        (language, text): hypotheses
        for language, texts in wanted.items()
        for text, hypotheses in _answers(list(texts), language, translator, target, options)
    }
    return [_hypotheses(unit, answers, target) for unit in units]


def same_language(first: str, second: str) -> bool:
    """Whether two tags name one language in one script: ``ko`` and ``ko-KR``, not ``zh-Hant``."""
    a, b = resolve_language(first), resolve_language(second)
    return first == second or ("und" != a.base == b.base and a.script == b.script)


def is_copy(unit: Unit, target: str) -> bool:
    """Whether a unit needs no translation: in the target language already, or without letters."""
    if same_language(unit.language, target):
        return True
    return not any(map(str.isalpha, unit.text))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence without the marks around it; no text if it has no letters."""

    before: str
    text: str
    after: str

    @classmethod
    def of(cls, sentence: str) -> _Sentence:
        core = sentence.strip(_EDGES)
        if not any(map(str.isalpha, core)):
            return cls(sentence, "", "")
        start = sentence.index(core)
        return cls(sentence[:start], core, sentence[start + len(core) :])


def _answers(
    texts: list[str],
    language: str,
    translator: Translator,
    target: str,
    options: TranslationOptions,
) -> list[tuple[str, list[Hypothesis]]]:
    if not texts:
        return []
    found = translator.translate(texts, language, target, alternatives=options.alternatives)
    if len(found) != len(texts) or not all(found):
        raise EngineError(
            f"The translator {translator.model.name!r} answered {sum(map(bool, found))} of "
            f"{len(texts)} sentences.",
            remedy="Report this to whoever wrote the translator.",
        )
    return [
        (text, _passing_first(text, hypotheses, language, target))
        for text, hypotheses in zip(texts, found, strict=True)
    ]


def _passing_first(
    text: str, hypotheses: list[Hypothesis], language: str, target: str
) -> list[Hypothesis]:
    """The hypotheses in their order, those that fail a guard behind the others."""
    clean = [
        Hypothesis(text=normalize_spaces(hypothesis.text), score=hypothesis.score)
        for hypothesis in hypotheses
    ]
    return sorted(
        clean, key=lambda h: bool(doubts(text, h.text, source_language=language, target=target))
    )


def _hypotheses(
    unit: Unit, answers: dict[tuple[str, str], list[Hypothesis]], target: str
) -> list[Hypothesis]:
    """Texts of the whole unit: the n-th takes the n-th hypothesis of each sentence, or its best."""
    if is_copy(unit, target):
        return [Hypothesis(text=unit.text, score=0.0)]
    most = max(
        len(answers[unit.language, core.text])
        for turn in unit.turns
        for core in map(_Sentence.of, turn.sentences)
        if core.text
    )
    found: dict[str, Hypothesis] = {}
    for rank in range(most):
        hypothesis = _joined(unit, answers, target, rank)
        found.setdefault(hypothesis.text, hypothesis)
    return list(found.values())


def _joined(
    unit: Unit, answers: dict[tuple[str, str], list[Hypothesis]], target: str, rank: int
) -> Hypothesis:
    """One text of a unit; its score is the mean of its sentences', by their length."""
    turns: list[str] = []
    total = length = 0.0
    for turn in unit.turns:
        parts: list[str] = []
        for core in map(_Sentence.of, turn.sentences):
            if not core.text:
                parts.append(core.before)
                continue
            choices = answers[unit.language, core.text]
            chosen = choices[rank] if rank < len(choices) else choices[0]
            parts.append(f"{core.before}{chosen.text}{core.after}")
            total += chosen.score * len(core.text)
            length += len(core.text)
        turns.append(turn.mark + join_words(parts, target))
    return Hypothesis(text="\n".join(turns), score=total / length)

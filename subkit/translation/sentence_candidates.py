"""Units -> candidates: every different sentence goes to the translator once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.errors import EngineError
from subkit.interfaces import Retrying
from subkit.language import join_words, normalize_spaces
from subkit.translation.candidates import Candidate
from subkit.translation.context import cut_back, in_context
from subkit.translation.questions import Questions
from subkit.translation.sentence_cores import Core, Sentence, is_copy
from subkit.translation.text_guards import LOW_SCORE, doubts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.interfaces import Hypothesis, Translator
    from subkit.translation.preferences import Memory, Preference
    from subkit.translation.translation_options import TranslationOptions
    from subkit.translation.units import Unit

__all__ = ["translate_units"]


def translate_units(
    units: Sequence[Unit],
    translator: Translator,
    target: str,
    options: TranslationOptions,
    *,
    preferences: Sequence[Preference] = (),
    memory: Memory | None = None,
) -> list[list[Candidate]]:
    """Candidates for each unit, the best first, never an empty list.

    Equal sentences are translated once; there is one call of ``translate`` for each language
    spoken, and another where what was said before was given and the answer is of no use. A unit
    already in the target language, or without letters, is given back as it is with score 0. What
    the memory knows is not translated again, unless its text fails a guard. Where all texts of a
    sentence fail one, a translator that is :class:`subkit.interfaces.Retrying` gets another try.

    Args:
        units: What to translate.
        translator: The engine.
        target: BCP 47 language.
        options: How many alternatives, and how much of what was said before.
        preferences: What ranks the candidates beside their score.
        memory: Approved translations of before.

    Raises:
        PlanError: the model does not know a direction.
        EngineError: the engine failed, or did not answer every sentence.
    """
    questions = Questions.of(units, target, memory, context=options.context)
    for language in questions.asked:
        translator.check(language, target)
    answers = {place: list(found) for place, found in questions.known.items()}
    for language, sentences in questions.asked.items():
        asking = _Asking(translator, language, target, options.alternatives)
        for sentence, fresh in asking.answers(sentences).items():
            answers[language, sentence] += fresh
    desk = _Desk(answers, target, preferences, options.context)
    return [desk.candidates(unit, questions.wholes.get(unit.cues, [])) for unit in units]


@dataclass(frozen=True, slots=True)
class _Asking:
    """One language's questions to the translator, and the judgement of its answers."""

    translator: Translator
    language: str
    target: str
    count: int

    def answers(self, asked: list[Sentence]) -> dict[Sentence, list[Candidate]]:
        """Candidates for each sentence; where all are doubtful, also those of other tries.

        A sentence in context is tried by itself first, then everything as the translator retries.
        """
        if not asked:
            return {}
        texts = [sentence.asked(self.language) for sentence in asked]
        given = self._asked(self.translator.translate, texts)
        found = {
            sentence: _whole(self._cut_back(sentence, several))
            for sentence, several in zip(asked, given, strict=True)
        }
        self._add(found, [one for one in asked if one.before], self.translator.translate)
        if isinstance(self.translator, Retrying):
            self._add(found, asked, self.translator.retry)
        return found

    def _cut_back(self, sentence: Sentence, given: list[Hypothesis]) -> list[Candidate]:
        """Return the text for the sentence itself, where it can be separated from its context."""
        if not sentence.before:
            return [self._judged(sentence.text, one) for one in given]
        found: dict[str, Candidate] = {}  # some differ only in what was said before
        for one in given:
            if part := cut_back(one.text, sentence, self.target):
                found.setdefault(part, self._judged(sentence.text, replace(one, text=part)))
        return list(found.values())

    def _add(
        self,
        found: dict[Sentence, list[Candidate]],
        asked: list[Sentence],
        ask: Callable[..., list[list[Hypothesis]]],
    ) -> None:
        """To what was found for doubtful ones among the sentences, what each gives by itself."""
        doubtful = [one for one in asked if all(each.doubts for each in found[one])]
        texts = list(dict.fromkeys(one.text for one in doubtful))
        more = dict(zip(texts, self._asked(ask, texts) if texts else [], strict=True))
        for one in doubtful:
            fresh = [self._judged(one.text, each) for each in more[one.text]]
            found[one] = _best(found[one] + fresh, self.count) if found[one] else _whole(fresh)

    def _asked(
        self, ask: Callable[..., list[list[Hypothesis]]], texts: list[str]
    ) -> list[list[Hypothesis]]:
        answers = ask(texts, self.language, self.target, alternatives=self.count)
        if len(answers) != len(texts) or not all(answers):
            raise EngineError(
                f"The translator {self.translator.model.name!r} answered "
                f"{sum(map(bool, answers))} of {len(texts)} sentences.",
                remedy="Report this to whoever wrote the translator.",
            )
        return answers

    def _judged(self, text: str, given: Hypothesis) -> Candidate:
        low = self.translator.model.low_score
        written = normalize_spaces(given.text)
        signs = doubts(
            text,
            written,
            source_language=self.language,
            target=self.target,
            score=given.score,
            low_score=LOW_SCORE if low is None else low,
        )
        return Candidate(text=written, score=given.score, doubts=signs)


def _whole(candidates: list[Candidate]) -> list[Candidate]:
    """Without those that were cut, unless there are no others."""
    return [one for one in candidates if "truncated" not in one.doubts] or candidates


def _best(candidates: list[Candidate], count: int) -> list[Candidate]:
    """The best of several tries, each text once."""
    ranked = sorted(_whole(candidates), key=lambda one: one.rank)
    found: dict[str, Candidate] = {}
    for one in ranked:
        found.setdefault(one.text, one)
    return list(found.values())[:count]


class _Desk:
    """Puts the candidates of sentences together to those of units."""

    def __init__(
        self,
        answers: dict[tuple[str, Sentence], list[Candidate]],
        target: str,
        preferences: Sequence[Preference],
        context: int,
    ) -> None:
        self._answers = answers
        self._target = target
        self._preferences = preferences
        self._context = context

    def candidates(self, unit: Unit, wholes: list[Candidate]) -> list[Candidate]:
        """Of one unit, the best first: the n-th takes the n-th of each sentence, or its best."""
        if is_copy(unit, self._target):
            return [Candidate(text=unit.text, score=0.0, copied=True)]
        found: dict[str, Candidate] = {whole.text: whole for whole in wholes if not whole.doubts}
        if not found:
            choices = [self._ranked(unit, one) for one in in_context(unit, self._context)]
            for rank in range(max(map(len, choices))):
                joined = self._joined(unit, choices, rank)
                found.setdefault(joined.text, joined)
        for whole in wholes:
            found.setdefault(whole.text, whole)
        return list(found.values())

    def _ranked(self, unit: Unit, sentence: Sentence) -> list[Candidate]:
        """The candidates of a sentence in the order that the preferences give them in this unit.

        Without preferences the engine's order holds, the more guards one fails the later.
        """
        known, text = self._answers[unit.language, sentence], sentence.text
        if not self._preferences:
            return sorted(known, key=lambda candidate: len(candidate.doubts))
        judged = [
            replace(
                found, penalty=sum(judge(unit, text, found.text) for judge in self._preferences)
            )
            for found in known
        ]
        return sorted(judged, key=lambda candidate: candidate.rank)

    def _joined(self, unit: Unit, choices: list[list[Candidate]], rank: int) -> Candidate:
        """One text of a unit; its score is the mean of its sentences', by their length."""
        turns: list[str] = []
        chosen: list[tuple[int, Candidate]] = []
        following = iter(choices)
        for turn in unit.turns:
            parts: list[str] = []
            for core in map(Core.of, turn.sentences):
                if not core.text:
                    parts.append(core.before)
                    continue
                several = next(following)
                part = several[rank] if rank < len(several) else several[0]
                parts.append(f"{core.before}{part.text}{core.after}")
                chosen.append((len(core.text), part))
            turns.append(turn.mark + join_words(parts, self._target))
        length = sum(size for size, _ in chosen)
        return Candidate(
            text="\n".join(turns),
            score=sum(part.score * size for size, part in chosen) / length,
            penalty=sum(part.penalty * size for size, part in chosen) / length,
            doubts=tuple(dict.fromkeys(name for _, part in chosen for name in part.doubts)),
            recalled=all(part.recalled for _, part in chosen),
        )

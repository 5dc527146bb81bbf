"""Translate sentences with CTranslate2, whatever the family of the model."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from subkit.engines.translators.family import END
from subkit.engines.translators.search_ways import SearchWidth, by_turns, pooled
from subkit.engines.translators.split import join_parts, split_text
from subkit.errors import EngineError
from subkit.interfaces import UNFINISHED, Hypothesis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.engines.devices import Device
    from subkit.engines.translators.family import Direction, Family
    from subkit.engines.translators.translator_options import TranslatorOptions
    from subkit.interfaces import ModelFacts

__all__ = ["SentenceTranslator"]

_GROWTH = 3
_ROOM = 32
_BATCH_TOKENS = {"cpu": 512, "cuda": 2048}
"""What is fastest: on a CPU more leaves the caches, less reads the weights more often."""
_LEAST_TOKENS = 128
"""A batch is not made smaller than this to give every worker one."""

_log = logging.getLogger(__name__)


class _Draft:
    """One hypothesis as the engine wrote it: tokens, mean log-probability, whether it ended."""

    __slots__ = ("finished", "score", "tokens")

    def __init__(self, tokens: list[str], score: float, *, finished: bool) -> None:
        self.tokens = tokens
        self.score = score
        self.finished = finished


class SentenceTranslator:
    """A translator on CTranslate2 and SentencePiece; see ``subkit.interfaces.Translator``.

    Scores are the mean log-probability of the written tokens, the end token counted and the
    language prefix not; the engine's score is that sum over ``length ** length_penalty``, so any
    length penalty gives the same scale. A text that was split has the mean over all of its tokens.
    Hypotheses stand in the engine's order, which the length penalty shapes.

    Attributes:
        family: How the model writes its tokens.
        engine: CTranslate2's translator.
        options: How it translates.
        device: Where it runs.
    """

    def __init__(
        self,
        *,
        facts: ModelFacts,
        family: Family,
        engine: Any,
        options: TranslatorOptions,
        device: Device,
    ) -> None:
        """Join the parts; :func:`open_translator` does it."""
        self._facts = facts
        self.family = family
        self.engine = engine
        self.options = options
        self.device = device
        self._batch_tokens = options.batch_tokens or _BATCH_TOKENS[device.name]
        self._workers = max(1, engine.num_translators)

    @property
    def model(self) -> ModelFacts:
        """The model in use."""
        return self._facts

    @property
    def languages(self) -> tuple[str, ...]:
        """The BCP 47 languages it knows."""
        return tuple(sorted(self.family.codes))

    def check(self, source: str, target: str) -> None:
        """Return if the model knows this direction (BCP 47 tags).

        Raises:
            PlanError: It does not; lists what it knows.
        """
        self.family.direction(source, target)

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Up to ``alternatives`` different hypotheses for each text, best first.

        A blank text gives one blank hypothesis. Line breaks are read as spaces.

        Raises:
            PlanError: The model does not know this direction.
            EngineError: The engine failed.
        """
        first, *lengths = SearchWidth.all_of(self.options)
        limit = self.options.max_input_tokens
        direction = self.family.direction(source, target)
        count = max(1, alternatives)
        if count == 1 or not (lengths or self.options.diverse):
            return self._translate(texts, direction, count, first, limit)
        others = replace(first, openings=True)
        if lengths:
            ways = (first, *lengths, *((others,) if self.options.diverse else ()))
            found = self._translate_in_ways(texts, direction, count, ways, limit)
            return [by_turns(several, count) for several in zip(*found, strict=True)]
        # The best ones first: what the model prefers must not depend on how much is asked for.
        beam = self._translate(texts, direction, count - count // 2, first, limit)
        more = self._translate(texts, direction, count, others, limit)
        return [pooled(several, count) for several in zip(beam, more, strict=True)]

    def retry(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Hypotheses found in other ways: a wider beam without loops, and the text in parts.

        Raises:
            PlanError: The model does not know this direction.
            EngineError: The engine failed.
        """
        options = self.options
        direction = self.family.direction(source, target)
        count = max(1, alternatives)
        wide = SearchWidth(
            beam_size=min(2 * options.beam_size, 64),
            length_penalty=options.length_penalty,
            repetition_penalty=max(1.1, options.repetition_penalty),
            no_repeat=options.guard_ngram or 4,
        )
        longest = max((self.family.count(_clean(text)) for text in texts), default=0)
        half = max(8, min(options.max_input_tokens, longest) // 2)
        whole = self._translate(texts, direction, count, wide, options.max_input_tokens)
        parts = self._translate(texts, direction, count, wide, half)
        return [pooled(several, 2 * count) for several in zip(whole, parts, strict=True)]

    def _translate(
        self,
        texts: Sequence[str],
        direction: Direction,
        count: int,
        decoding: SearchWidth,
        limit: int,
    ) -> list[list[Hypothesis]]:
        return self._translate_in_ways(texts, direction, count, (decoding,), limit)[0]

    def _translate_in_ways(
        self,
        texts: Sequence[str],
        direction: Direction,
        count: int,
        ways: Sequence[SearchWidth],
        limit: int,
    ) -> list[list[list[Hypothesis]]]:
        """What each way of searching finds of each text; all of them are under way together."""
        cleaned = [_clean(text) for text in texts]
        split = {
            text: split_text(text, limit, self.family.count)
            for text in dict.fromkeys(cleaned)
            if text
        }
        parts = list(dict.fromkeys(part for found in split.values() for part in found))
        blank = [Hypothesis(text="", score=0.0)]
        answers = []
        for decoded in self._decode(parts, direction, count, ways):
            drafts = dict(zip(parts, decoded, strict=True))
            done = {
                text: self._assemble([drafts[part] for part in found], direction, count)
                for text, found in split.items()
            }
            answers.append([list(done[text]) if text else list(blank) for text in cleaned])
        return answers

    def _decode(
        self, parts: list[str], direction: Direction, count: int, ways: Sequence[SearchWidth]
    ) -> list[list[list[_Draft]]]:
        """Drafts of each part in each way; those of like length go together: one limit fits all."""
        tokens = [self.family.source_tokens(part, direction) for part in parts]
        prefix = self.family.prefix(direction)
        groups: dict[int, list[int]] = {}
        for place, found in enumerate(tokens):
            # Up to four times as long: finer groups would leave small batches over.
            groups.setdefault((len(found).bit_length() + 1) // 2, []).append(place)
        batches = [[tokens[place] for place in places] for places in groups.values()]
        answers = []
        for decoding, several in zip(ways, self._run(batches, prefix, count, ways), strict=True):
            drafts = {
                place: draft
                for places, group in zip(groups.values(), several, strict=True)
                for place, draft in zip(places, group, strict=True)
            }
            self._end_endless(drafts, tokens, prefix, count, decoding)
            for place in sorted(drafts):
                if not drafts[place][0].finished:
                    _log.warning("The translation of %r ran on without an end.", parts[place])
            answers.append([drafts[place] for place in range(len(parts))])
        return answers

    def _end_endless(
        self,
        drafts: dict[int, list[_Draft]],
        tokens: list[list[str]],
        prefix: list[str],
        count: int,
        decoding: SearchWidth,
    ) -> None:
        """Try again, without repeated runs of tokens, what ran on without an end."""
        endless = [place for place in sorted(drafts) if not drafts[place][0].finished]
        if endless and self.options.guard_ngram and not decoding.no_repeat:
            guarded = replace(decoding, no_repeat=self.options.guard_ngram)
            ((again,),) = self._run(
                [[tokens[place] for place in endless]], prefix, count, (guarded,)
            )
            retried = zip(endless, again, strict=True)
            drafts.update((place, found) for place, found in retried if found[0].finished)

    def _run(
        self,
        batches: list[list[list[str]]],
        prefix: list[str],
        count: int,
        ways: Sequence[SearchWidth],
    ) -> list[list[list[list[_Draft]]]]:
        """Drafts of each text of each batch in each way; all are under way together."""
        total = sum(len(tokens) for batch in batches for tokens in batch)
        # With little to do, every worker gets a part all the same.
        budget = min(self._batch_tokens, max(_LEAST_TOKENS, -(-total // self._workers)))
        try:
            asked = [
                [self._ask(batch, prefix, count, decoding, budget) for batch in batches]
                for decoding in ways
            ]
            results = [[[one.result() for one in texts] for texts in found] for found in asked]
        except (RuntimeError, ValueError) as error:
            raise self._failed(error) from error
        answers = []
        for decoding, several in zip(ways, results, strict=True):
            penalty = decoding.length_penalty
            drafts = [[self._read(one, len(prefix), penalty) for one in found] for found in several]
            if decoding.shapes_scores:
                for batch, found in zip(batches, drafts, strict=True):
                    self._score(batch, prefix, found)
            answers.append(drafts)
        return answers

    def _ask(
        self,
        batch: list[list[str]],
        prefix: list[str],
        count: int,
        decoding: SearchWidth,
        budget: int,
    ) -> list[Any]:
        """What the engine will answer to the texts, each when it is done."""
        longest = max(len(tokens) for tokens in batch)
        limit = min(_GROWTH * longest + _ROOM, self.family.positions - len(prefix) - 1)
        asked: list[Any] = self.engine.translate_batch(
            batch,
            target_prefix=[prefix] * len(batch) if prefix else None,
            beam_size=max(decoding.beam_size, 1 if decoding.openings else count),
            num_hypotheses=count,
            return_alternatives=decoding.openings,
            length_penalty=decoding.length_penalty,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat,
            disable_unk=True,
            # Texts were split already; 0 keeps the engine from cutting them silently.
            max_input_length=0,
            max_decoding_length=limit,
            max_batch_size=budget,
            batch_type="tokens",
            return_scores=True,
            return_end_token=True,
            asynchronous=True,
        )
        return asked

    def _score(self, batch: list[list[str]], prefix: list[str], drafts: list[list[_Draft]]) -> None:
        """Give drafts the probability of their tokens, which another search does not tell."""
        pairs = [(place, draft) for place, found in enumerate(drafts) for draft in found]
        try:
            results = self.engine.score_batch(
                [batch[place] for place, _ in pairs],
                [[*prefix, *draft.tokens] for _, draft in pairs],
                max_input_length=0,
                max_batch_size=self._batch_tokens,
                batch_type="tokens",
            )
        except (RuntimeError, ValueError) as error:
            raise self._failed(error) from error
        for (_, draft), result in zip(pairs, results, strict=True):
            written = result.log_probs[len(prefix) :]
            draft.score = min(0.0, float(sum(written)) / max(1, len(written)))

    def _read(self, result: Any, skip: int, length_penalty: float) -> list[_Draft]:
        drafts = []
        for tokens, score in zip(result.hypotheses, result.scores, strict=True):
            written = tokens[skip:]
            finished = bool(written) and written[-1] == END
            # The engine counts the prefix as part of the length, at no cost.
            total = float(score) * len(tokens) ** length_penalty
            mean = total / max(1, len(written))
            words = [token for token in written if token != END]
            drafts.append(_Draft(words, min(0.0, mean), finished=finished))
        return drafts

    def _assemble(
        self, parts: list[list[_Draft]], direction: Direction, count: int
    ) -> tuple[Hypothesis, ...]:
        """The n-th hypothesis of a split text is made of the n-th of each part, or its last."""
        found: dict[str, Hypothesis] = {}
        for rank in range(min(count, max(len(part) for part in parts))):
            chosen = [part[min(rank, len(part) - 1)] for part in parts]
            text = join_parts(
                [self.family.text(draft.tokens) for draft in chosen],
                self.family.tag(direction[1]),
            )
            lengths = [len(draft.tokens) + 1 for draft in chosen]
            total = sum(draft.score * length for draft, length in zip(chosen, lengths, strict=True))
            score = total / sum(lengths)
            if not all(draft.finished for draft in chosen):
                score = UNFINISHED
            found.setdefault(text, Hypothesis(text=text, score=score))
        return tuple(found.values())

    def _failed(self, error: Exception) -> EngineError:
        if "out of memory" in str(error):
            message = f"The translator ran out of memory on {self.device}."
            remedy = "Lower batch_tokens or the beam size, or use --device cpu."
            return EngineError(message, remedy=remedy)
        message = f'The translator "{self._facts.name}" failed: {error}.'
        return EngineError(message, remedy="Run: subkit doctor")


def _clean(text: str) -> str:
    # Lone surrogates (from broken files) cannot be encoded; SentencePiece would fail on them.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join(whole.replace("\0", " ").split())

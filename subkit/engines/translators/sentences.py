"""Translate sentences with CTranslate2, whatever the family of the model."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from subkit.engines.translators.family import END
from subkit.engines.translators.split import join_parts, split_text
from subkit.errors import EngineError
from subkit.interfaces import Hypothesis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.engines.devices import Device
    from subkit.engines.translators.family import Direction, Family
    from subkit.engines.translators.options import TranslatorOptions
    from subkit.interfaces import ModelFacts

__all__ = ["UNFINISHED", "SentenceTranslator"]

UNFINISHED = -20.0
"""Score of a translation that ran on to the limit without an end: it is cut, and must be seen."""

_GROWTH = 3
_ROOM = 32

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
        self._family = family
        self._engine = engine
        self._options = options
        self.device = device
        """Where it runs."""

    @property
    def model(self) -> ModelFacts:
        """The model in use."""
        return self._facts

    @property
    def languages(self) -> tuple[str, ...]:
        """The BCP 47 languages it knows."""
        return tuple(sorted(self._family.codes))

    def check(self, source: str, target: str) -> None:
        """Return if the model knows this direction (BCP 47 tags).

        Raises:
            PlanError: It does not; lists what it knows.
        """
        self._family.direction(source, target)

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Up to ``alternatives`` different hypotheses for each text, best first.

        A blank text gives one blank hypothesis. Line breaks are read as spaces.

        Raises:
            PlanError: The model does not know this direction.
            EngineError: The engine failed.
        """
        direction = self._family.direction(source, target)
        count = max(1, alternatives)
        cleaned = [_clean(text) for text in texts]
        split = {
            text: split_text(text, self._options.max_input_tokens, self._family.count)
            for text in dict.fromkeys(cleaned)
            if text
        }
        parts = list(dict.fromkeys(part for found in split.values() for part in found))
        drafts = dict(zip(parts, self._decode(parts, direction, count), strict=True))
        done = {
            text: self._assemble([drafts[part] for part in found], target, count)
            for text, found in split.items()
        }
        blank = [Hypothesis(text="", score=0.0)]
        return [list(done[text]) if text else list(blank) for text in cleaned]

    def _decode(self, parts: list[str], direction: Direction, count: int) -> list[list[_Draft]]:
        """Drafts of each part; those of like length go together, so that one limit fits all."""
        tokens = [self._family.source_tokens(part, direction) for part in parts]
        prefix = self._family.prefix(direction)
        drafts: dict[int, list[_Draft]] = {}
        groups: dict[int, list[int]] = {}
        for place, found in enumerate(tokens):
            groups.setdefault(len(found).bit_length(), []).append(place)
        for places in groups.values():
            batch = [tokens[place] for place in places]
            drafts.update(zip(places, self._run(batch, prefix, count), strict=True))
        endless = [place for place in sorted(drafts) if not drafts[place][0].finished]
        if endless and self._options.guard_ngram:
            batch = [tokens[place] for place in endless]
            guarded = self._run(batch, prefix, count, guard=self._options.guard_ngram)
            retried = zip(endless, guarded, strict=True)
            drafts.update((place, again) for place, again in retried if again[0].finished)
        for place in endless:
            if not drafts[place][0].finished:
                _log.warning("The translation of %r ran on without an end.", parts[place])
        return [drafts[place] for place in range(len(parts))]

    def _run(
        self, batch: list[list[str]], prefix: list[str], count: int, *, guard: int = 0
    ) -> list[list[_Draft]]:
        options = self._options
        longest = max(len(tokens) for tokens in batch)
        limit = min(_GROWTH * longest + _ROOM, self._family.positions - len(prefix) - 1)
        try:
            results = self._engine.translate_batch(
                batch,
                target_prefix=[prefix] * len(batch) if prefix else None,
                beam_size=max(options.beam_size, count),
                num_hypotheses=count,
                length_penalty=options.length_penalty,
                repetition_penalty=options.repetition_penalty,
                no_repeat_ngram_size=guard,
                disable_unk=True,
                # Texts were split already; 0 keeps the engine from cutting them silently.
                max_input_length=0,
                max_decoding_length=limit,
                max_batch_size=options.batch_tokens,
                batch_type="tokens",
                return_scores=True,
                return_end_token=True,
            )
        except (RuntimeError, ValueError) as error:
            raise self._failed(error) from error
        return [self._read(result, len(prefix)) for result in results]

    def _read(self, result: Any, skip: int) -> list[_Draft]:
        drafts = []
        for tokens, score in zip(result.hypotheses, result.scores, strict=True):
            written = tokens[skip:]
            finished = bool(written) and written[-1] == END
            # The engine counts the prefix as part of the length, at no cost.
            total = float(score) * len(tokens) ** self._options.length_penalty
            mean = total / max(1, len(written))
            words = [token for token in written if token != END]
            drafts.append(_Draft(words, min(0.0, mean), finished=finished))
        return drafts

    def _assemble(
        self, parts: list[list[_Draft]], target: str, count: int
    ) -> tuple[Hypothesis, ...]:
        """The n-th hypothesis of a split text is made of the n-th of each part, or its last."""
        found: dict[str, Hypothesis] = {}
        for rank in range(min(count, max(len(part) for part in parts))):
            chosen = [part[min(rank, len(part) - 1)] for part in parts]
            text = join_parts([self._family.text(draft.tokens) for draft in chosen], target)
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

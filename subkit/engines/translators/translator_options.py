"""How to translate."""

from __future__ import annotations

from dataclasses import dataclass

from subkit.errors import PlanError
from subkit.model.styling import sparse

__all__ = ["TranslatorOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatorOptions:
    """How to translate.

    Attributes:
        device: ``"auto"``, ``"cpu"``, ``"cuda"`` or ``"cuda:N"``.
        compute_type: ``"auto"`` or one of CTranslate2's.
        threads: Threads on the CPU; 0 is one for each core there is. Several batches are computed
            side by side, on a thread or more each: that takes less than one batch on all threads.
        beam_size: Hypotheses kept while searching; 1 is greedy.
        length_penalty: Exponent of the length that scores are divided by while searching; above 1
            favours longer texts.
        length_penalties: Others to search with as well: the alternatives are then those of all
            searches by turns, shorter and longer ones among them. All run in one batch.
        batch_tokens: Most tokens of one batch; less needs less memory. 0 is what is fastest on the
            device.
        max_input_tokens: A text with more is split at sentence ends, else at spaces. Translation
            models are trained on sentences and drop parts of long texts.
        repetition_penalty: Above 1 makes tokens that were written before less likely.
        guard_ngram: Where a text runs on without end, it is tried again with no repeated runs of
            that many tokens; 0 tries nothing.
        diverse: Half of the alternatives begin with other words, instead of all being the next best
            of one beam, which often differ in a comma. Takes a second search.
    """

    device: str = "auto"
    compute_type: str = "auto"
    threads: int = 0
    beam_size: int = 4
    length_penalty: float = 1.0
    length_penalties: tuple[float, ...] = sparse(())
    batch_tokens: int = 0
    max_input_tokens: int = 128
    repetition_penalty: float = 1.0
    guard_ngram: int = 4
    diverse: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        limits = {
            "threads": (self.threads, 0, 1024),
            "beam_size": (self.beam_size, 1, 64),
            "length_penalty": (self.length_penalty, 0, 10),
            "batch_tokens": (self.batch_tokens, 0, 1_000_000),
            "max_input_tokens": (self.max_input_tokens, 8, 500),
            "repetition_penalty": (self.repetition_penalty, 0.5, 10),
            "guard_ngram": (self.guard_ngram, 0, 64),
        }
        several = {
            f"length_penalties[{n}]": (v, 0, 10) for n, v in enumerate(self.length_penalties)
        }
        for name, (value, low, high) in (limits | several).items():
            if not low <= value <= high:
                message = f"{name} cannot be {value}."
                remedy = f"Give a value from {low} to {high}."
                raise PlanError(message, remedy=remedy, option=name)

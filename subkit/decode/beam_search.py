"""Beam search with Whisper's guards: what fails is tried again at a higher temperature.

The thresholds and the order of temperatures are those of Radford et al. 2022, section 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.decode.guards import compression_ratio, is_silence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.decode.options import RecognitionOptions

__all__ = ["Decoded", "Job", "build_prompt", "needs_retry", "prefix_tokens", "retry", "search"]

_TIMESTAMPS = 1500
"""Timestamp tokens: 30 s. The first one may be any of them, speech can begin late in a window."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One window's pass: its tokenizer, its prompt, and the text tokens of a prefix."""

    tokenizer: Any
    prompt: list[int]
    given: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Decoded:
    """Tokens of one pass with timestamps, and what the decoder says of them.

    Attributes:
        tokens: Without prompt and end of text; a prefix comes first.
        score: Mean log-probability, end of text included.
        no_speech: Probability that there is no speech.
        ratio: Compression ratio of the text.
        temperature: That gave these tokens.
        text: Of these tokens.
        others: Texts and mean log-probabilities of the other hypotheses, best first.
    """

    tokens: tuple[int, ...]
    score: float
    no_speech: float
    ratio: float
    temperature: float
    text: str
    others: tuple[tuple[str, float], ...] = ()


def build_prompt(
    tokenizer: Any,
    options: RecognitionOptions,
    previous: Sequence[int],
    max_length: int,
    given: Sequence[int] = (),
) -> list[int]:
    """The tokens before the text: what came before (hotwords, prompt, text), then the task.

    With a prefix there are no timestamps: the first token said would have to be one, which would
    end a sentence in its middle.

    Args:
        tokenizer: faster-whisper's, for the window's language.
        options: Hotwords and initial prompt; they come first in what is shortened last.
        previous: Text tokens of earlier passes over the same window.
        max_length: Tokens the decoder has room for; what came before gets just under half.
        given: Text tokens of a prefix; hotwords are not used with it.
    """
    room = max_length // 2 - 1
    hot = tokenizer.encode(" " + options.hotwords.strip()) if options.hotwords and not given else []
    said = tokenizer.encode(" " + options.initial_prompt.strip()) if options.initial_prompt else []
    said = [*said, *previous]
    hot = hot[: room // 2 if said else room]
    said = said[-(room - len(hot)) :]
    before = [tokenizer.sot_prev, *hot, *said] if hot or said else []
    plain = [] if options.timestamps and not given else [tokenizer.no_timestamps]
    return [*before, *tokenizer.sot_sequence, *plain, *given]


def prefix_tokens(tokenizer: Any, options: RecognitionOptions, max_length: int) -> tuple[int, ...]:
    """The prefix as text tokens, at most a quarter of what the decoder has room for."""
    if not options.prefix:
        return ()
    return tuple(tokenizer.encode(" " + options.prefix.strip())[: max_length // 4])


def search(
    model: Any, encoded: Any, jobs: Sequence[Job], options: RecognitionOptions
) -> list[Decoded]:
    """Decode jobs together at the first temperature.

    Args:
        model: The ``faster_whisper.WhisperModel``.
        encoded: Its encoder's output for the jobs, in order.
        jobs: With prompts of equal length.
        options: Search and thresholds.
    """
    return _generate(model, encoded, jobs, options.temperatures[0], options)


def needs_retry(decoded: Decoded, options: RecognitionOptions) -> bool:
    """Whether higher temperatures should be tried: a loop or a low score, and not silence."""
    return len(options.temperatures) > 1 and _failed(decoded, options)


def retry(
    model: Any, encoded: Any, job: Job, failed: Decoded, options: RecognitionOptions
) -> Decoded:
    """The first decoding at a higher temperature that passes, else the best of all.

    Each window is tried alone. The engine's random numbers go on from call to call and cannot be
    set back: what is sampled depends on what was sampled before. The engine process begins with the
    same ones, so that one replica gives the same for the same windows; the decoding at the first
    temperature, which most windows keep, depends on nothing else.

    Args:
        model: The ``faster_whisper.WhisperModel``.
        encoded: Its encoder's output for this job alone.
        job: The job.
        failed: What the first temperature gave.
        options: Search, temperatures and thresholds.
    """
    tried = [failed]
    for temperature in options.temperatures[1:]:
        (decoded,) = _generate(model, encoded, [job], temperature, options)
        if not _failed(decoded, options):
            return decoded
        tried.append(decoded)
    most = options.compression_ratio_threshold
    plain = [one for one in tried if most is None or one.ratio <= most]
    return max(plain or tried, key=lambda one: one.score)


def _failed(decoded: Decoded, options: RecognitionOptions) -> bool:
    if is_silence(decoded.no_speech, decoded.score, options):
        return False
    most, least = options.compression_ratio_threshold, options.log_prob_threshold
    return (most is not None and decoded.ratio > most) or (
        least is not None and decoded.score < least
    )


def _generate(
    model: Any,
    encoded: Any,
    jobs: Sequence[Job],
    temperature: float,
    options: RecognitionOptions,
) -> list[Decoded]:
    if temperature > 0:
        how = {
            "beam_size": 1,
            "num_hypotheses": options.best_of,
            "sampling_topk": 0,
            "sampling_temperature": temperature,
        }
    else:
        how = {
            "beam_size": options.beam_size,
            "patience": options.patience,
            "num_hypotheses": options.alternatives,
        }
    results = model.model.generate(
        encoded,
        [job.prompt for job in jobs],
        length_penalty=options.length_penalty,
        repetition_penalty=options.repetition_penalty,
        no_repeat_ngram_size=options.no_repeat_ngram_size,
        max_length=model.max_length,
        return_scores=True,
        return_no_speech_prob=True,
        suppress_blank=options.suppress_blank,
        suppress_tokens=_suppressed(jobs[0].tokenizer, options),
        max_initial_timestamp_index=_TIMESTAMPS,
        **how,
    )
    return [
        _decoded(result, job, temperature, options)
        for result, job in zip(results, jobs, strict=True)
    ]


def _decoded(result: Any, job: Job, temperature: float, options: RecognitionOptions) -> Decoded:
    hypotheses = []
    for tokens, score in zip(result.sequences_ids, result.scores, strict=True):
        text = job.tokenizer.decode([*job.given, *tokens]).strip()
        total = score * len(tokens) ** options.length_penalty
        hypotheses.append((text, total / (len(tokens) + 1)))
    (text, score), *others = hypotheses
    kept: dict[str, float] = {}
    for other, other_score in others:
        if other != text:
            kept.setdefault(other, other_score)
    return Decoded(
        tokens=(*job.given, *result.sequences_ids[0]),
        score=score,
        no_speech=result.no_speech_prob,
        ratio=compression_ratio(text),
        temperature=temperature,
        text=text,
        others=tuple(kept.items()) if options.alternatives > 1 and not temperature else (),
    )


def _suppressed(tokenizer: Any, options: RecognitionOptions) -> list[int]:
    """Tokens never to be generated: as asked, and those that are no text."""
    from faster_whisper.transcribe import get_suppressed_tokens

    return list(get_suppressed_tokens(tokenizer, list(options.suppress_tokens)))

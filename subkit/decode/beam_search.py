"""Search with Whisper's guards: one beam, the full beam, and higher temperatures for loops.

The thresholds and the order of temperatures are those of Radford et al. 2022, section 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.decode.guards import compression_ratio, is_silence
from subkit.decode.window_language import from_whisper
from subkit.language import parse_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.decode.options import RecognitionOptions

__all__ = [
    "Decoded",
    "Job",
    "build_prompt",
    "choose",
    "has_failed",
    "is_loop",
    "prefix_tokens",
    "retry",
    "search",
]

_TIMESTAMPS = 1500
"""Timestamp tokens: 30 s. The first one may be any of them, speech can begin late in a window."""

_AS_LONG = 0.9
"""The full beam's text is taken if it has this part of the single beam's characters: it gets more
words right, but it skips sentences more often."""

_TOKENS_AT_LEAST = 16
_TOKENS_A_SECOND = {"Latn": 8}
_TOKENS_A_SECOND_ELSEWHERE = 15
"""More is never said, but a loop goes on until it is stopped. Whisper has words for the Latin
alphabet; of other scripts a token is often less than a character."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One window's pass: its tokenizer, its prompt, the text tokens of a prefix, its length."""

    tokenizer: Any
    prompt: list[int]
    given: tuple[int, ...] = ()
    seconds: float = 30.0


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
    *,
    says_times: bool = False,
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
        says_times: Whether the decoder says times itself; not with a prefix.
    """
    room = max_length // 2 - 1
    hot = tokenizer.encode(" " + options.hotwords.strip()) if options.hotwords and not given else []
    said = tokenizer.encode(" " + options.initial_prompt.strip()) if options.initial_prompt else []
    said = [*said, *previous]
    hot = hot[: room // 2 if said else room]
    said = said[-(room - len(hot)) :]
    before = [tokenizer.sot_prev, *hot, *said] if hot or said else []
    plain = [] if says_times and not given else [tokenizer.no_timestamps]
    return [*before, *tokenizer.sot_sequence, *plain, *given]


def prefix_tokens(tokenizer: Any, options: RecognitionOptions, max_length: int) -> tuple[int, ...]:
    """The prefix as text tokens, at most a quarter of what the decoder has room for."""
    if not options.prefix:
        return ()
    return tuple(tokenizer.encode(" " + options.prefix.strip())[: max_length // 4])


def search(
    model: Any, encoded: Any, jobs: Sequence[Job], options: RecognitionOptions, beams: int
) -> list[Decoded]:
    """Decode jobs together at the first temperature.

    Args:
        model: The ``faster_whisper.WhisperModel``.
        encoded: Its encoder's output for the jobs, in order.
        jobs: With prompts of equal length.
        options: Search and thresholds.
        beams: How wide to search.
    """
    return _generate(
        model, encoded, jobs, options, temperature=options.temperatures[0], beams=beams
    )


def choose(single: Decoded, full: Decoded, options: RecognitionOptions) -> Decoded:
    """Return the text of the full beam, unless it is much shorter than that of a single beam."""
    if is_loop(single, options) or is_loop(full, options):
        return single if is_loop(full, options) else full
    return full if len(full.text) >= _AS_LONG * len(single.text) else single


def is_loop(decoded: Decoded, options: RecognitionOptions) -> bool:
    """Return whether the text repeats itself, by how well it compresses."""
    most = options.compression_ratio_threshold
    return most is not None and decoded.ratio > most


def has_failed(decoded: Decoded, options: RecognitionOptions) -> bool:
    """Return whether another way should be tried: a loop or a low score, and not silence."""
    if is_silence(decoded.no_speech, decoded.score, options):
        return False
    least = options.log_prob_threshold
    return is_loop(decoded, options) or (least is not None and decoded.score < least)


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
        (decoded,) = _generate(model, encoded, [job], options, temperature=temperature, beams=1)
        if not has_failed(decoded, options):
            return decoded
        tried.append(decoded)
    plain = [one for one in tried if not is_loop(one, options)]
    return max(plain or tried, key=lambda one: one.score)


def _generate(
    model: Any,
    encoded: Any,
    jobs: Sequence[Job],
    options: RecognitionOptions,
    *,
    temperature: float,
    beams: int,
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
            "beam_size": beams,
            "patience": options.patience,
            "num_hypotheses": min(beams, options.alternatives),
        }
    longest = _TOKENS_AT_LEAST + max(int(job.seconds * _pace(job.tokenizer)) for job in jobs)
    results = model.model.generate(
        encoded,
        [job.prompt for job in jobs],
        length_penalty=options.length_penalty,
        repetition_penalty=options.repetition_penalty,
        no_repeat_ngram_size=options.no_repeat_ngram_size,
        # CTranslate2 says half of it at most, and no more than there is room for behind the prompt.
        max_length=min(model.max_length, max(2 * longest, len(jobs[0].prompt) + longest)),
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


def _pace(tokenizer: Any) -> int:
    """Tokens that a second of speech has at most."""
    script = parse_language(from_whisper(tokenizer.language_code)).script
    return _TOKENS_A_SECOND.get(script, _TOKENS_A_SECOND_ELSEWHERE)


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

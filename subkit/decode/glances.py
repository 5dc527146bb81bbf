"""Leave out what was skipped and holds no words at a glance: a short look costs less.

Nearly everything that voice detection skips holds no speech, and there is seldom much of it between
two lines. Heard in full it costs what a window of 30 s costs. The encoder's output for so short a
sound alone is too poor for the words, but good enough to tell that there are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.decode.beam_search import Job, build_prompt, search
from subkit.decode.encoding import encode_briefly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from subkit.decode.batches import Batches
    from subkit.decode.beam_search import Decoded
    from subkit.decode.options import RecognitionOptions
    from subkit.decode.taking import Take

__all__ = ["Glance", "languages_at_a_glance", "leave_out_wordless"]

_LONGEST = 2000
"""Frames: a longer sound is hardly cheaper to encode for what it is than for 30 s."""

_WORDLESS_SCORE = -1.2
"""Mean log-probability below which there are no words. Heard in full, words of a second opinion are
reported from -0.8 on; on speech the two differ by 0.1 on average (docs/decoding.md)."""


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """What a glance needs.

    Attributes:
        model: The ``faster_whisper.WhisperModel``.
        options: How to recognise.
        known: Whisper's codes of the languages that the model knows; empty means not stated.
        wanted: Whisper's code of the language that all is in; ``None`` to detect it.
        tokenizer: Gives faster-whisper's tokenizer for one of Whisper's codes.
    """

    model: Any
    options: RecognitionOptions
    known: Sequence[str]
    wanted: str | None
    tokenizer: Callable[[str], Any]


def leave_out_wordless(takes: Iterable[Take], how: Glance, batches: Batches) -> int:
    """Finish the takes of skipped sound that have no words at a glance; return how many.

    Only on a CPU: elsewhere a batch of windows is encoded at once, whatever their length.

    Args:
        takes: Of all kinds; those of speech and those too long for a glance stay as they are.
        how: What a glance needs.
        batches: Do the work.

    Raises:
        EngineError: the engine failed; names the time.
    """
    if how.model.model.device != "cpu":
        return 0

    def look(batch: list[Take]) -> list[tuple[Take, Decoded]]:
        return [(take, _glance(take, how)) for take in batch]

    short = [take for take in takes if _is_short(take, how.options)]
    wordless = [
        (take, decoded)
        for found in batches.done(look, batches.of(short, lambda take: take.window.skipped))
        for take, decoded in found
        if decoded.score < _WORDLESS_SCORE
    ]
    for take, decoded in wordless:
        take.note(decoded, accepted=False)
        take.move_on(None)
    return len(wordless)


def languages_at_a_glance(model: Any, take: Take) -> dict[str, float]:
    """Return the languages that a take sounds like, the likeliest first.

    Args:
        model: The ``faster_whisper.WhisperModel``.
        take: Usually a line of a window.
    """
    (found,) = model.model.detect_language(encode_briefly(model, take))
    return {token[2:-2]: float(probability) for token, probability in found}


def _is_short(take: Take, options: RecognitionOptions) -> bool:
    """Whether a take is of skipped sound and short enough; text that was given is decoded on."""
    if take.done or not take.window.skipped or take.frames > _LONGEST:
        return False
    return not (options.prefix and take.opens)


def _glance(take: Take, how: Glance) -> Decoded:
    """Decode a take with one beam, without times, from an output of the encoder of its length."""
    encoded = encode_briefly(how.model, take)
    language = take.verdict.language if take.verdict else how.wanted
    if language is None:
        (found,) = how.model.model.detect_language(encoded)
        codes = [token[2:-2] for token, _ in found]  # the likeliest first
        language = next((code for code in codes if not how.known or code in how.known), codes[0])
    tokenizer = how.tokenizer(language)
    prompt = build_prompt(tokenizer, how.options, (), how.model.max_length)
    job = Job(tokenizer, prompt, seconds=take.frames / 100)
    (decoded,) = search(how.model, encoded, [job], how.options, 1)
    return decoded

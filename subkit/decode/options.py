"""Options of recognition."""

from __future__ import annotations

from dataclasses import dataclass

from subkit.errors import PlanError

__all__ = ["RecognitionOptions"]

_MOST_DEVICES = 64
_MOST_TRIES = 20
_MOST_TEXT = 64 * 1024

# More of these is a mistake, fills the memory or never ends. A comparison with what is no number
# is false, so those are refused too.
_RANGES = {
    "beam_size": (1, 100),
    "best_of": (1, 100),
    "batch_size": (1, 1024),
    "patience": (0.01, 10.0),
    "length_penalty": (0.0, 10.0),
    "repetition_penalty": (0.01, 10.0),
    "no_repeat_ngram_size": (0, 448),
    "threads": (0, 1024),
    "replicas": (0, 64),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionOptions:
    """Options of recognition; names and defaults as in Whisper's own decoder where it has them.

    Attributes:
        language: BCP 47 language spoken; ``None`` or ``"auto"`` detects it in every window.
        task: ``"transcribe"``, or ``"translate"`` into English by the recogniser itself.
        beam_size: Beams at temperature 0.
        best_of: Samples at temperatures above 0, of which the likeliest is taken.
        patience: Beam search goes on until ``beam_size * patience`` hypotheses are finished.
        length_penalty: Exponent of the length in a hypothesis' score.
        temperatures: Tried in order until a decoding passes the three thresholds below.
        compression_ratio_threshold: Text that compresses better is taken for a loop; ``None`` off.
        log_prob_threshold: A lower mean log-probability is a failed decoding; ``None`` off.
        no_speech_threshold: A higher probability of no speech, together with a failed mean
            log-probability, is silence; ``None`` off.
        initial_prompt: Text that might have been said before: names, spelling, style.
        prefix: Text that the first window of a title is known to begin with; it is decoded on from
            there, and is part of the result.
        hotwords: Words that are likely to be said; not used where there is a prefix.
        repetition_penalty: Above 1 makes tokens that were said unlikely.
        no_repeat_ngram_size: No sequence of so many tokens twice; 0 off.
        suppress_blank: No empty text at the start.
        suppress_tokens: Token numbers never to be said; -1 stands for marks that are not speech.
        batch_size: Most windows decoded together; halved where memory runs out. It costs memory
            and changes no result.
        condition_on_previous_text: Later passes over the *same* window see what the earlier ones
            gave. Windows never see each other, so that each can be computed again alone. Such
            windows are decoded one at a time.
        mode: ``"exact"`` decodes every window with all beams; ``"fast"`` only windows that a single
            beam leaves doubtful; ``"auto"`` is fast for a model whose card has measured thresholds.
        padding: What the model hears after a window: ``"silence"``, ``"zeros"`` as faster-whisper
            pads, or ``"auto"`` as the model's card has it.
        timestamps: Whether the decoder says times itself, which costs words in some languages and
            saves some in others; ``None`` is what the model's card has for the language.
        alternatives: Hypotheses kept for each window, at most ``beam_size``.
        device: ``"auto"``, ``"cpu"``, ``"cuda"``, or ``"cuda:1"`` for that one of several.
        compute_type: As CTranslate2 names them; ``"default"`` is int8 on a CPU and float16 on CUDA.
        threads: On the CPU, of each replica, or in all where ``replicas`` is 0; 0 takes all cores.
        device_index: CUDA devices to use.
        replicas: Batches decoded at the same time, on each device; they share the weights. 0 is one
            for each core with one thread on a CPU, which wastes least, and one on CUDA.

    Raises:
        PlanError: a value is out of range.
    """

    language: str | None = None
    task: str = "transcribe"
    beam_size: int = 5
    best_of: int = 5
    patience: float = 1.0
    length_penalty: float = 1.0
    temperatures: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    compression_ratio_threshold: float | None = 2.4
    log_prob_threshold: float | None = -1.0
    no_speech_threshold: float | None = 0.6
    initial_prompt: str | None = None
    prefix: str | None = None
    hotwords: str | None = None
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    suppress_blank: bool = True
    suppress_tokens: tuple[int, ...] = (-1,)
    batch_size: int = 8
    condition_on_previous_text: bool = False
    mode: str = "auto"
    padding: str = "auto"
    timestamps: bool | None = None
    alternatives: int = 1
    device: str = "auto"
    compute_type: str = "default"
    threads: int = 0
    device_index: tuple[int, ...] = (0,)
    replicas: int = 0

    def __post_init__(self) -> None:
        if self.task not in {"transcribe", "translate"}:
            raise PlanError(
                f"{self.task!r} is not a task.",
                remedy="There are transcribe and translate.",
                option="task",
            )
        if self.mode not in {"exact", "fast", "auto"}:
            raise PlanError(
                f"{self.mode!r} is not a mode of decoding.",
                remedy="There are exact, fast and auto.",
                option="mode",
            )
        if self.padding not in {"auto", "silence", "zeros"}:
            raise PlanError(
                f"{self.padding!r} is not a padding.",
                remedy="There are auto, silence and zeros.",
                option="padding",
            )
        for name, (low, high) in _RANGES.items():
            _require(low <= getattr(self, name) <= high, name, getattr(self, name))
        right = 1 <= self.alternatives <= self.beam_size
        _require(right, "alternatives", self.alternatives)
        numbers = self.device_index
        right = 0 < len(numbers) <= _MOST_DEVICES and all(0 <= n < _MOST_DEVICES for n in numbers)
        _require(right, "device_index", numbers)
        cool = 0 < len(self.temperatures) <= _MOST_TRIES and all(
            0 <= t <= 1 for t in self.temperatures
        )
        _require(cool, "temperatures", self.temperatures)
        for name in ("initial_prompt", "prefix", "hotwords"):
            text = getattr(self, name) or ""
            _require(len(text) <= _MOST_TEXT, name, f"{len(text)} characters long")


def _require(right: bool, name: str, value: object) -> None:
    if not right:
        raise PlanError(
            f"Recognition option {name} cannot be {value}.", option=name, value=str(value)
        )

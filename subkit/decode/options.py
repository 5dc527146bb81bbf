"""How to recognise."""

from __future__ import annotations

from dataclasses import dataclass

from subkit.errors import PlanError

__all__ = ["RecognitionOptions"]


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
        hotwords: Words that are likely to be said.
        repetition_penalty: Above 1 makes tokens that were said unlikely.
        no_repeat_ngram_size: No sequence of so many tokens twice; 0 off.
        suppress_blank: No empty text at the start.
        suppress_tokens: Token numbers never to be said; -1 stands for marks that are not speech.
        batch_size: Most windows decoded together; halved where memory runs out. It costs memory
            and changes no result.
        condition_on_previous_text: Later passes over the *same* window see what the earlier ones
            gave. Windows never see each other, so that each can be computed again alone. Such
            windows are decoded one at a time.
        mode: ``"exact"`` pads every window to 30 s as Whisper was trained; ``"fast"`` gives the
            encoder the window's own length, and decodes again what looks doubtful; ``"auto"`` is
            fast only for a model whose card says that it was measured.
        timestamps: Whether the decoder says times itself. Without, it says a little less, and a
            window longer than 30 s or one it does not finish is not gone over again.
        alternatives: Hypotheses kept for each window, at most ``beam_size``.
        device: ``"auto"``, ``"cpu"``, ``"cuda"``, or ``"cuda:1"`` for that one of several.
        compute_type: As CTranslate2 names them; ``"default"`` is how the model was saved.
        threads: On the CPU; 0 leaves it to CTranslate2.
        device_index: CUDA devices to use.
        replicas: Batches decoded at the same time, on each device.

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
    hotwords: str | None = None
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    suppress_blank: bool = True
    suppress_tokens: tuple[int, ...] = (-1,)
    batch_size: int = 8
    condition_on_previous_text: bool = False
    mode: str = "auto"
    timestamps: bool = True
    alternatives: int = 1
    device: str = "auto"
    compute_type: str = "default"
    threads: int = 0
    device_index: tuple[int, ...] = (0,)
    replicas: int = 1

    def __post_init__(self) -> None:
        if self.task not in {"transcribe", "translate"}:
            raise PlanError(
                f"{self.task!r} is not a task.",
                remedy="There are transcribe and translate.",
                value=self.task,
            )
        if self.mode not in {"exact", "fast", "auto"}:
            raise PlanError(
                f"{self.mode!r} is not a mode of decoding.",
                remedy="There are exact, fast and auto.",
                value=self.mode,
            )
        for name in ("beam_size", "best_of", "batch_size", "patience", "length_penalty"):
            _require(getattr(self, name) > 0, name, getattr(self, name))
        for name in ("no_repeat_ngram_size", "threads"):
            _require(getattr(self, name) >= 0, name, getattr(self, name))
        _require(self.repetition_penalty > 0, "repetition_penalty", self.repetition_penalty)
        right = 1 <= self.alternatives <= self.beam_size
        _require(right, "alternatives", self.alternatives)
        right = bool(self.device_index) and all(number >= 0 for number in self.device_index)
        _require(right, "device_index", self.device_index)
        _require(self.replicas > 0, "replicas", self.replicas)
        cool = bool(self.temperatures) and all(0 <= t <= 1 for t in self.temperatures)
        _require(cool, "temperatures", self.temperatures)


def _require(right: bool, name: str, value: object) -> None:
    if not right:
        raise PlanError(
            f"Recognition option {name} cannot be {value}.", option=name, value=str(value)
        )

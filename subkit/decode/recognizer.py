"""Whisper models through faster-whisper and CTranslate2: windows of speech -> words.

A window is encoded once for language, text and word times. faster-whisper's own ``transcribe``
is not used: it seeks again from the last word's end, which costs words, and its batched pipeline
has no guards and no timestamps past the first part of a window.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from subkit.decode.features import LogMel
from subkit.decode.guards import doubts, is_silence
from subkit.decode.language import Heard, Verdict, decide_languages, from_whisper, to_whisper
from subkit.decode.loading import check_plan, load_whisper, model_fault
from subkit.decode.options import RecognitionOptions
from subkit.decode.search import Job, build_prompt, search
from subkit.decode.taking import Take
from subkit.decode.timestamps import split_by_timestamps
from subkit.decode.words import align_words, finish_words
from subkit.interfaces import WindowResult
from subkit.model import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.interfaces import ModelFacts, SpeechWindow

__all__ = ["RecognitionOptions", "WhisperRecognizer"]

_log = logging.getLogger(__name__)


class WhisperRecognizer:
    """A loaded Whisper model.

    Args:
        model: What is known of it; it is loaded from ``model.directory``, never from the network.
        options: How to recognise.

    Raises:
        ModelNotFound: the directory is missing, incomplete, or of another engine.
        EngineError: the model is broken.
        DeviceError: the device or compute type is not there.
        PlanError: the model does not know the language, or cannot translate.
    """

    def __init__(self, model: ModelFacts, options: RecognitionOptions) -> None:
        self._facts = model
        self._options = options
        self._whisper = load_whisper(model, options)
        check_plan(self._whisper, model, options)
        self._extract = LogMel(self._whisper.feature_extractor)
        self._known = tuple(to_whisper(tag) for tag in model.languages)
        self._tokenizers: dict[str, Any] = {}

    @property
    def model(self) -> ModelFacts:
        """The model in use."""
        return self._facts

    def recognize(
        self, windows: Sequence[SpeechWindow], *, prior: str | None = None
    ) -> list[WindowResult]:
        """The words of each window, in the order given.

        Apart from the language of doubtful windows, which neighbours decide, a window's result does
        not depend on the others.

        Args:
            windows: In the order of the programme.
            prior: BCP 47 language of the last sure window before these, if there is one.

        Raises:
            EngineError: the engine failed; no result of this call may be used.
        """
        takes = [Take(window, self._extract) for window in windows]
        try:
            encoded = self._settle_languages(takes, prior)
            while pending := [take for take in takes if not take.done]:
                group = self._next_group(pending)
                if encoded is None or len(group) != len(pending):
                    encoded = self._encode(group)
                self._pass_over(group, encoded)
                encoded = None
        except (RuntimeError, ValueError, MemoryError) as error:
            spans = f"{float(windows[0].span.start):.3f} to {float(windows[-1].span.end):.3f} s"
            raise model_fault(error, f"Decoding failed at {spans}") from error
        return [self._result(take) for take in takes]

    def _next_group(self, pending: list[Take]) -> list[Take]:
        """Takes to decode together: prompts of different length cannot be."""
        alone = self._options.condition_on_previous_text
        return pending[: 1 if alone else self._options.batch_size]

    def _settle_languages(self, takes: list[Take], prior: str | None) -> Any:
        """Give each take its language; returns the encoder's output if it is that of all pending.

        All takes are listened to before the first is decoded: neighbours decide doubtful ones.
        """
        wanted = self._options.language
        if not self._whisper.model.is_multilingual:
            wanted = "en"
        if wanted not in {None, "auto"}:
            fixed = Verdict(language=to_whisper(wanted or ""), probability=1.0, unsure=False)
            for take in takes:
                take.verdict = fixed
            return None
        audible = [take for take in takes if not take.done]
        size = self._options.batch_size
        encoded = None
        heard: dict[int, dict[str, float]] = {}
        for at in range(0, len(audible), size):
            group = audible[at : at + size]
            encoded = self._encode(group)
            for take, found in zip(
                group, self._whisper.model.detect_language(encoded), strict=True
            ):
                heard[id(take)] = {token[2:-2]: float(p) for token, p in found}
        verdicts = decide_languages(
            [Heard(seconds=t.seconds, probabilities=heard.get(id(t), {})) for t in takes],
            known=self._known,
            prior=None if prior is None else to_whisper(prior),
        )
        for take, verdict in zip(takes, verdicts, strict=True):
            take.verdict = verdict
        return encoded if len(audible) <= size else None

    def _encode(self, group: list[Take]) -> Any:
        import numpy as np

        return self._whisper.encode(np.stack([take.features() for take in group]))

    def _pass_over(self, group: list[Take], encoded: Any) -> None:
        """Decode the next 30 s of each take, align its words and move it on."""
        jobs = [self._job(take) for take in group]
        decoded = search(self._whisper, encoded, jobs, self._options)
        heard = [not is_silence(one.no_speech, one.score, self._options) for one in decoded]
        cuts = [
            split_by_timestamps(
                one.tokens,
                text_end=job.tokenizer.eot,
                timestamp_begin=job.tokenizer.timestamp_begin,
            )
            for one, job in zip(decoded, jobs, strict=True)
        ]
        for language in sorted(
            {take.language for take, yes in zip(group, heard, strict=True) if yes}
        ):
            mine = [
                yes and take.language == language for take, yes in zip(group, heard, strict=True)
            ]
            words = align_words(
                self._whisper,
                encoded,
                self._tokenizer(language),
                [pieces if yes else [] for (pieces, _), yes in zip(cuts, mine, strict=True)],
                [take.frames for take in group],
            )
            for take, yes, found in zip(group, mine, words, strict=True):
                if yes:
                    take.add(found)
        for take, one, yes, (_, resume) in zip(group, decoded, heard, cuts, strict=True):
            take.note(one, accepted=yes)
            take.move_on(resume if yes else None)

    def _job(self, take: Take) -> Job:
        tokenizer = self._tokenizer(take.language)
        said = take.said(tokenizer.eot) if self._options.condition_on_previous_text else []
        prompt = build_prompt(tokenizer, self._options, said, self._whisper.max_length)
        return Job(take.features(), tokenizer, prompt)

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._whisper.hf_tokenizer,
                self._whisper.model.is_multilingual,
                task=self._options.task,
                language=language,
            )
        return self._tokenizers[language]

    def _result(self, take: Take) -> WindowResult:
        spoken = from_whisper(take.verdict.language)
        written = "en" if self._options.task == "translate" else spoken
        words = finish_words(take.words, take.window.span, take.activity, written)
        facts = take.facts()
        warnings = doubts(
            words=[word.text for word in words],
            seconds=take.seconds,
            score=facts.score,
            ratio=facts.ratio,
            unsure_language=take.verdict.unsure,
            low_score=self._facts.low_score,
            options=self._options,
        )
        if warnings:
            _log.debug("window %d: %s", take.window.index, ", ".join(warnings))
        window = Window(
            span=take.window.span,
            language=spoken,
            language_confidence=min(1.0, max(0.0, take.verdict.probability)),
            score=facts.score,
            no_speech=facts.no_speech,
            compression_ratio=facts.ratio,
            temperature=facts.temperature,
            warnings=warnings,
        )
        return WindowResult(window=window, words=words)

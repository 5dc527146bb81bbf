"""Measures a recogniser folder on held-out sentences, through faster-whisper.

Ways of decoding: short clips; half-minute windows in sequence (faster-whisper's own loop over long
files); and windows cut at pauses by the product's own planner, each decoded by itself.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from faster_whisper import WhisperModel

from subkit.decode.voice import SileroVoiceDetector
from subkit.decode.windows import WindowOptions, speech_windows
from training.augment import coloured_noise, music
from training.corpus import Clip, load_corpus
from training.grammar import LANGUAGES
from training.scoring import WordErrors, describe_times, normalise
from training.voices import SAMPLE_RATE

LEAD_SECONDS = 0.3
REST_SECONDS = 0.5
TIMESTAMP_SECONDS = 0.02

Decoded = tuple[str, str]
"""Text and language."""


@dataclass
class LongFile:
    """Several utterances in a row.

    Attributes:
        audio: float32 samples at 16 kHz.
        language: its language.
        text: all that is said.
    """

    audio: np.ndarray
    language: str
    text: str


def clip_audio(samples: np.ndarray, clip: Clip) -> np.ndarray:
    """A clip's float32 samples in -1 to 1."""
    part = samples[clip.offset : clip.offset + clip.length]
    return np.asarray(part, np.float32) / 32768


def make_long_files(
    corpus: Path, files_per_language: int, utterances: int, disturbed: bool
) -> list[LongFile]:
    """Strings clips of one language together, with pauses of 0.15 to 4 s.

    Args:
        corpus: held-out clips.
        files_per_language: how many files.
        utterances: clips in each.
        disturbed: put music 12 dB and noise 20 dB under the speech.

    Returns:
        The files.
    """
    samples, clips = load_corpus(corpus)
    draw = random.Random(3)
    files = []
    for index in range(files_per_language * len(LANGUAGES)):
        language = LANGUAGES[index % len(LANGUAGES)]
        chosen = draw.sample([clip for clip in clips if clip.language == language], utterances)
        parts = [np.zeros(int(draw.uniform(0.2, 0.8) * SAMPLE_RATE), np.float32)]
        for clip in chosen:
            pauses = [draw.uniform(0.15, 0.8), draw.uniform(0.3, 2.0), draw.uniform(1, 4)]
            pause = np.zeros(int(draw.choice(pauses) * SAMPLE_RATE), np.float32)
            parts += [clip_audio(samples, clip), pause]
        audio = np.concatenate(parts)
        torch.manual_seed(index)
        noise = coloured_noise(len(audio), draw).numpy()
        background = noise * 0.001
        if disturbed:
            speech_level = np.sqrt(np.mean(audio[np.abs(audio) > 0.01] ** 2))
            background = noise * speech_level * 10 ** (-20 / 20)
            melody = music(len(audio), draw).numpy()
            background = background + melody * speech_level * 10 ** (-12 / 20)
        text = " ".join(clip.text for clip in chosen)
        files.append(LongFile((audio + background).astype(np.float32), language, text))
    return files


class RecognizerEvaluation:
    """Runs the measurements.

    Args:
        folder: the recogniser's model folder.
        threads: CPU threads.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.model = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads
        )
        self.first_timestamp = self.model.hf_tokenizer.token_to_id("<|0.00|>")

    def transcribe(self, audio: np.ndarray, **options: Any) -> tuple[list[Any], str]:
        """Decodes at temperature 0, without earlier text; returns segments and language."""
        segments, information = self.model.transcribe(
            audio, condition_on_previous_text=False, temperature=0.0, **options
        )
        return list(segments), information.language

    def short_clips(self, corpus: Path, limit: int) -> dict[str, Any]:
        """Word errors, languages and times on single clips.

        Args:
            corpus: held-out clips, languages in turn.
            limit: at most so many clips.

        Returns:
            Numbers by name.
        """
        samples, clips = load_corpus(corpus)
        errors: dict[str, WordErrors] = defaultdict(WordErrors)
        right_language = 0
        times: dict[str, list[float]] = defaultdict(list)
        clips = clips[:limit]
        for clip in clips:
            lead = np.zeros(int(LEAD_SECONDS * SAMPLE_RATE), np.float32)
            rest = np.zeros(int(REST_SECONDS * SAMPLE_RATE), np.float32)
            audio = np.concatenate([lead, clip_audio(samples, clip), rest])
            segments, language = self.transcribe(audio, word_timestamps=True)
            text = "".join(segment.text for segment in segments)
            wrong = errors[clip.language].add(clip.text, text)
            if clip.language == "en":
                errors["en flite" if "flite" in clip.voice else "en espeak"].add(clip.text, text)
            right_language += language == clip.language
            if not wrong and len(segments) == 1:
                self._collect_times(clip, segments[0], times)
        result = {name: round(count.percent, 1) for name, count in sorted(errors.items())}
        result["language right"] = f"{right_language}/{len(clips)}"
        return result | {name: describe_times(values) for name, values in times.items()}

    def _collect_times(self, clip: Clip, segment: Any, times: dict[str, list[float]]) -> None:
        """Errors of the segment's timestamp tokens and of the words' starts, seconds."""
        for name, token, true in (
            ("onset", segment.tokens[0], clip.onset),
            ("end", segment.tokens[-1], clip.end),
        ):
            if token >= self.first_timestamp:
                seconds = (token - self.first_timestamp) * TIMESTAMP_SECONDS
                times[name].append(seconds - LEAD_SECONDS - true)
        words = segment.words or []
        if clip.word_starts and len(words) == len(clip.word_starts):
            for word, start in list(zip(words, clip.word_starts, strict=True))[1:]:
                if start is not None:
                    times["word starts, first word left out"].append(
                        word.start - LEAD_SECONDS - start
                    )

    def sequential(self, files: list[LongFile], word_timestamps: bool) -> dict[str, float]:
        """Word error rate a language of faster-whisper's own loop over whole files, percent."""
        errors: dict[str, WordErrors] = defaultdict(WordErrors)
        for file in files:
            segments, _ = self.transcribe(
                file.audio, word_timestamps=word_timestamps, max_initial_timestamp=30.0
            )
            errors[file.language].add(file.text, "".join(part.text for part in segments))
        return {name: round(count.percent, 1) for name, count in errors.items()}

    def decode_windows(self, audio: np.ndarray, seconds: float) -> Iterator[Decoded]:
        """Cuts a file at pauses into windows and decodes each by itself.

        Args:
            audio: float32 samples at 16 kHz.
            seconds: longest window.

        Yields:
            Text and detected language of each window.
        """
        options = WindowOptions(max_seconds=seconds)
        for window in speech_windows([audio], SileroVoiceDetector(), options):
            segments, language = self.transcribe(
                window.samples, word_timestamps=True, max_initial_timestamp=seconds
            )
            yield "".join(part.text for part in segments), language

    def cut(self, files: list[LongFile], seconds: float) -> dict[str, Any]:
        """Word error rate a language of windows cut at pauses, and the share of right languages."""
        errors: dict[str, WordErrors] = defaultdict(WordErrors)
        windows = right = 0
        for file in files:
            decoded = list(self.decode_windows(file.audio, seconds))
            windows += len(decoded)
            right += sum(language == file.language for _, language in decoded)
            errors[file.language].add(file.text, "".join(text for text, _ in decoded))
        result: dict[str, Any] = {name: round(count.percent, 1) for name, count in errors.items()}
        return result | {"language right": f"{right}/{windows}"}

    def without_speech(self, count: int = 24) -> list[str]:
        """Texts invented on 12 s of silence, noise or music (should be none)."""
        draw = random.Random(9)
        invented = []
        length = 12 * SAMPLE_RATE
        for index in range(count):
            torch.manual_seed(index)
            sounds = (
                np.zeros(length, np.float32),
                coloured_noise(length, draw).numpy() * 10 ** draw.uniform(-4, -1.5),
                music(length, draw).numpy() * 10 ** draw.uniform(-2.5, -1),
            )
            segments, _ = self.transcribe(sounds[index % 3])
            text = normalise("".join(segment.text for segment in segments))
            if text:
                invented.append(f"{('silence', 'noise', 'music')[index % 3]}: {text}")
        return invented

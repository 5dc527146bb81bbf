"""Clips with everything the recogniser's losses need: tokens, times, characters, phones."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tokenizers
import torch

from training.corpus import Clip, load_corpus
from training.grammar import LANGUAGES, Grammar
from training.recognizer_model import FRAMES_PER_SECOND
from training.voices import SAMPLE_RATE, SILENT_PHONE

UNKNOWN_PHONE = -100
"""Phone label of frames that the loss skips."""

Span = tuple[float, float]
_PUNCTUATION = re.compile(r"[.,?!]+")


@dataclass
class TrainingClip:
    """One clip, ready to be put into windows.

    Attributes:
        samples: the corpus's int16 samples (shared by all clips of the corpus).
        offset: first sample.
        length: number of samples.
        language: language code.
        onset: start of the speech, seconds from the clip's start.
        end: end of the speech, seconds.
        tokens: text tokens, with a leading space.
        spans: where each token is heard (seconds), None where unknown.
        characters: character labels for CTC.
        phones: phone label of each frame (50 a second), int64.
    """

    samples: np.ndarray
    offset: int
    length: int
    language: str
    onset: float
    end: float
    tokens: list[int]
    spans: list[Span | None]
    characters: list[int]
    phones: torch.Tensor

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.length / SAMPLE_RATE

    def audio(self, limit: int | None = None) -> torch.Tensor:
        """The clip as float32 in -1 to 1, at most ``limit`` samples."""
        count = self.length if limit is None else min(self.length, limit)
        part = self.samples[self.offset : self.offset + count]
        return torch.from_numpy(part.astype(np.float32) / 32768)


class LabelSet:
    """Character and phone labels; label 0 is the CTC blank, resp. silence.

    Args:
        characters: known characters, in order.
        phones: known phones, in order, silence first.
    """

    def __init__(self, characters: list[str], phones: list[str]) -> None:
        self.characters = {character: index for index, character in enumerate(characters)}
        self.phones = {phone: index for index, phone in enumerate(phones)}

    @classmethod
    def collect(cls, clips: Iterable[Clip]) -> LabelSet:
        """Collects the labels that the grammar and some clips use."""
        texts: set[str] = set()
        grammar = Grammar()
        for language in LANGUAGES:
            texts.update(template.patterns[language] for template in grammar.templates)
            texts.update(row[language] for rows in grammar.slots.values() for row in rows)
        characters: set[str] = {" "}
        phones: set[str] = set()
        for clip in clips:
            texts.add(clip.text)
            phones.update(label for _, label in clip.phones)
        for text in texts:
            characters.update(spell(text))
        phones -= {SILENT_PHONE, SILENT_PHONE + ":"}
        return cls(sorted(characters), [SILENT_PHONE, *sorted(phones)])

    @property
    def size(self) -> int:
        """Outputs of the label head: blank, characters, phones."""
        return 1 + len(self.characters) + len(self.phones)


def spell(text: str) -> list[str]:
    """Letters, digits, combining marks and spaces of a text in lower case and NFD form."""
    return [
        character
        for character in unicodedata.normalize("NFD", text.lower())
        if character == " " or character.isalnum() or unicodedata.combining(character)
    ]


def word_spans(clip: Clip) -> list[Span | None]:
    """Where each word of a clip is heard, seconds; a word without a start takes its neighbour's."""
    words = clip.text.split()
    if not clip.word_starts:
        return [None] * len(words)
    spans: list[Span | None] = []
    for index, start in enumerate(clip.word_starts):
        later = (time for time in clip.word_starts[index + 1 :] if time is not None)
        if start is not None:
            spans.append((max(start, clip.onset), next(later, clip.end)))
        else:
            spans.append(spans[-1] if spans else None)
    return spans


def token_spans(clip: Clip, pieces: list[str]) -> list[Span | None]:
    """Where each token is heard: its word's span, or around the word's end for punctuation."""
    words = word_spans(clip)
    spans: list[Span | None] = []
    word = -1
    for piece in pieces:
        word += piece.startswith("Ġ")
        span = words[min(max(word, 0), len(words) - 1)]
        if span is not None and _PUNCTUATION.fullmatch(piece):
            span = (span[1] - 0.08, span[1] + 0.1)
        spans.append(span)
    return spans


def phone_frames(clip: Clip, labels: LabelSet) -> torch.Tensor:
    """Phone label of each 20 ms frame of a clip, shape (frames,)."""
    frames = np.zeros(math.ceil(clip.length / SAMPLE_RATE * FRAMES_PER_SECOND), np.int64)
    bounds = [*clip.phones, (clip.end, SILENT_PHONE)]
    for (start, phone), (end, _) in itertools.pairwise(bounds):
        first = max(0, round(start * FRAMES_PER_SECOND))
        last = max(0, round(end * FRAMES_PER_SECOND))
        silent = phone in (SILENT_PHONE, SILENT_PHONE + ":")
        frames[first:last] = 0 if silent else labels.phones.get(phone, UNKNOWN_PHONE)
    return torch.from_numpy(frames)


def load_clips(
    paths: Iterable[Path], tokenizer: tokenizers.Tokenizer, labels: LabelSet | None = None
) -> tuple[list[TrainingClip], LabelSet]:
    """Reads corpora for training.

    Args:
        paths: corpora, without suffix.
        tokenizer: the recogniser's tokenizer.
        labels: known labels; collected from the corpora when None.

    Returns:
        The clips and the labels.
    """
    corpora = [load_corpus(path) for path in paths]
    if labels is None:
        labels = LabelSet.collect(clip for _, clips in corpora for clip in clips)
    ready = []
    for samples, clips in corpora:
        for clip in clips:
            encoding = tokenizer.encode(" " + clip.text, add_special_tokens=False)
            spelled = spell(clip.text)
            ready.append(
                TrainingClip(
                    samples=samples,
                    offset=clip.offset,
                    length=clip.length,
                    language=clip.language,
                    onset=clip.onset,
                    end=clip.end,
                    tokens=encoding.ids,
                    spans=token_spans(clip, encoding.tokens),
                    characters=[labels.characters[letter] for letter in [" ", *spelled]],
                    phones=phone_frames(clip, labels),
                )
            )
    return ready, labels

"""Synthesises a corpus of clips: ``python -m training.corpus --out FOLDER/train --clips 40000``.

A corpus is two files: ``<out>.npy`` (all clips' int16 samples at 16 kHz, end to end) and
``<out>.json`` (a list with one entry a clip, see :class:`Clip`).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from training.grammar import Grammar, Sentence
from training.voices import (
    ESPEAK_ACCENTS,
    ESPEAK_TRAINING_VARIANTS,
    ESPEAK_UNSEEN_VARIANTS,
    FLITE_VOICES,
    SAMPLE_RATE,
    EspeakSynthesizer,
    FliteSynthesizer,
    Utterance,
)

LANGUAGE_SHARES = {"en": 0.46, "es": 0.20, "ko": 0.34}
FLITE_SHARE = 0.65


@dataclass
class Clip:
    """One clip of a corpus.

    Attributes:
        offset: first sample in the corpus's array.
        length: number of samples.
        language: language code.
        text: what is said.
        voice: name of the voice.
        onset: start of the speech, seconds from the clip's start.
        end: end of the speech, seconds.
        word_starts: see :class:`training.voices.Utterance`.
        phones: see :class:`training.voices.Utterance`.
        sentence: the text in all languages.
    """

    offset: int
    length: int
    language: str
    text: str
    voice: str
    onset: float
    end: float
    word_starts: list[float | None] | None
    phones: list[tuple[float, str]]
    sentence: Sentence


def load_corpus(path: Path) -> tuple[np.ndarray, list[Clip]]:
    """Opens a corpus.

    Args:
        path: the corpus's path without suffix.

    Returns:
        The samples (int16, memory-mapped) and the clips.
    """
    samples = np.load(path.with_suffix(".npy"), mmap_mode="r", allow_pickle=False)
    with path.with_suffix(".json").open(encoding="utf-8") as file:
        return samples, [Clip(**entry) for entry in json.load(file)]


class ClipMaker:
    """Draws sentences and voices and synthesises them.

    Args:
        seed: seed of all choices.
        held_out: draw held-out sentences instead of training ones.
        unseen_voices: use espeak-ng variants that training never uses.
    """

    def __init__(self, seed: int, held_out: bool, unseen_voices: bool) -> None:
        self._random = random.Random(seed)
        self._grammar = Grammar()
        self._espeak = EspeakSynthesizer()
        self._flite = FliteSynthesizer()
        self._held_out = held_out
        self._unseen = unseen_voices

    def make(self, language: str | None = None) -> tuple[Sentence, str, Utterance]:
        """Makes one clip.

        Args:
            language: its language; drawn from ``LANGUAGE_SHARES`` when None.

        Returns:
            The sentence, the language and the utterance.
        """
        draw = self._random
        if language is None:
            language = draw.choices(list(LANGUAGE_SHARES), list(LANGUAGE_SHARES.values()))[0]
        sentence = self._grammar.sample_split(draw, self._held_out)
        return sentence, language, self._speak(sentence[language], language)

    def _speak(self, text: str, language: str) -> Utterance:
        draw = self._random
        if language == "en" and not self._unseen and draw.random() < FLITE_SHARE:
            return self._flite.speak(text, draw.choice(FLITE_VOICES), draw.uniform(0.85, 1.3))
        variants = ESPEAK_UNSEEN_VARIANTS if self._unseen else ESPEAK_TRAINING_VARIANTS
        variant = draw.choice(variants)
        voice = draw.choice(ESPEAK_ACCENTS[language]) + ("+" + variant if variant else "")
        return self._espeak.speak(
            text,
            voice,
            rate=draw.randint(125, 200),
            pitch=draw.randint(25, 75),
            pitch_range=draw.randint(30, 75),
        )


def synthesise(out: Path, maker: ClipMaker, count: int, languages: tuple[str, ...] = ()) -> None:
    """Writes a corpus.

    Args:
        out: path without suffix.
        maker: source of the clips.
        count: number of clips to try (a voice that fails is skipped).
        languages: take turns over these; empty for the training shares.
    """
    parts: list[np.ndarray] = []
    clips: list[Clip] = []
    offset = 0
    for index in range(count):
        language = languages[index % len(languages)] if languages else None
        try:
            sentence, spoken, utterance = maker.make(language)
        except ValueError as error:
            print(f"skipped: {error}", file=sys.stderr)
            continue
        fields = {key: value for key, value in vars(utterance).items() if key != "audio"}
        clips.append(
            Clip(
                offset=offset,
                length=len(utterance.audio),
                language=spoken,
                text=sentence[spoken],
                sentence=sentence,
                **fields,
            )
        )
        parts.append(utterance.audio)
        offset += len(utterance.audio)
        if index % 1000 == 0:
            print(f"{index} clips, {offset / SAMPLE_RATE:.0f} s", flush=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    np.save(out.with_suffix(".npy"), np.concatenate(parts))
    with out.with_suffix(".json").open("w", encoding="utf-8") as file:
        json.dump([asdict(clip) for clip in clips], file, ensure_ascii=False)
    print(f"{len(clips)} clips, {offset / SAMPLE_RATE / 3600:.2f} h")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="path without suffix")
    parser.add_argument("--clips", type=int, default=40000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", action="store_true", help="held-out sentences")
    parser.add_argument("--unseen-voices", action="store_true", help="voices new to the model")
    parser.add_argument("--equal-languages", action="store_true", help="as many clips a language")
    options = parser.parse_args()
    maker = ClipMaker(options.seed, options.held_out, options.unseen_voices)
    languages = tuple(LANGUAGE_SHARES) if options.equal_languages else ()
    synthesise(options.out, maker, options.clips, languages)


if __name__ == "__main__":
    main()

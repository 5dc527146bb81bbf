"""Measures a translator folder on held-out sentences, in all directions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import sacrebleu
import sentencepiece

from training.grammar import LANGUAGES, held_out_sentences
from training.translator_data import DIRECTIONS, LANGUAGE_CODES, strip_punctuation
from training.translator_export import PIECES_NAME

BEAM_SIZE = 2
SENTENCE_COUNTS = (1, 2, 3)


class FolderTranslator:
    """Translates with an exported folder.

    Args:
        folder: the model folder.
    """

    def __init__(self, folder: Path) -> None:
        self._model = ctranslate2.Translator(
            str(folder), device="cpu", compute_type="int8", intra_threads=1
        )
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / PIECES_NAME))

    def translate(
        self, texts: list[str], source: str, target: str
    ) -> tuple[list[str], list[float]]:
        """Translates texts.

        Args:
            texts: texts in the source language.
            source: source language code, e.g. ``en``.
            target: target language code.

        Returns:
            Translations and their mean log-probabilities.
        """
        read = [
            [LANGUAGE_CODES[source], *self._pieces.encode(text, out_type=str), "</s>"]
            for text in texts
        ]
        results = self._model.translate_batch(
            read,
            target_prefix=[[LANGUAGE_CODES[target]]] * len(texts),
            beam_size=BEAM_SIZE,
            max_batch_size=64,
            return_scores=True,
        )
        written = [self._pieces.decode(result.hypotheses[0][1:]) for result in results]
        return written, [result.scores[0] for result in results]


def evaluate_translator(folder: Path, inputs: int) -> dict[str, Any]:
    """Exact matches, chrF and scores in every direction, for one to three sentences.

    Args:
        folder: the model folder.
        inputs: inputs for each direction and length.

    Returns:
        "source-target, n sentences(, without punctuation and capitals)" to its numbers.
    """
    translator = FolderTranslator(folder)
    sentences = held_out_sentences(inputs * max(SENTENCE_COUNTS))
    results: dict[str, Any] = {}
    for source, target in DIRECTIONS:
        for count in SENTENCE_COUNTS:
            passages = [
                {
                    language: " ".join(
                        part[language] for part in sentences[index * count : (index + 1) * count]
                    )
                    for language in LANGUAGES
                }
                for index in range(inputs)
            ]
            references = [passage[target] for passage in passages]
            for rough in (False, True):
                texts = [passage[source] for passage in passages]
                if rough:
                    texts = [strip_punctuation(text).lower() for text in texts]
                written, scores = translator.translate(texts, source, target)
                exact = [one == other for one, other in zip(written, references, strict=True)]
                name = f"{source}-{target}, {count}" + (", unpunctuated" if rough else "")
                results[name] = {
                    "exact": round(float(np.mean(exact)), 3),
                    "chrF": round(sacrebleu.corpus_chrf(written, [references]).score, 1),
                    "score": round(float(np.mean(scores)), 3),
                }
                print(f"{name}: {results[name]}", flush=True)
    return results

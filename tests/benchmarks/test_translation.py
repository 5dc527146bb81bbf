"""The measure of adequacy is the usual one, and the film holds each sentence once."""

from __future__ import annotations

import pytest

from benchmarks.harness.chrf import chrf
from benchmarks.translation import make_film, texts_of


def test_chrf_is_that_of_sacrebleu() -> None:
    written = ["¿Dónde está la llave?", "El viejo espera.", "열쇠가 어디 있어?", "no"]
    references = [
        "¿Dónde está la carta?",
        "El hombre viejo espera aquí.",
        "열쇠가 어디에 있어?",
        "sí",
    ]
    # sacrebleu 2.6.0: corpus_chrf(written, [references]).score
    assert chrf(written, references) == pytest.approx(52.36545691347821)
    assert chrf(written[:1], references[:1]) == pytest.approx(62.66211185328833)
    assert chrf(references, references) == pytest.approx(100)
    assert chrf([""], ["a"]) == 0


def test_a_film_has_each_sentence_once_and_its_cues_in_time() -> None:
    film = make_film(40, "en", 0.5)
    assert len({sentence["en"] for _, sentence in film.sentences}) == 40
    assert len(film.track.cues) > 40
    said = {cue.id: cue.text for cue in film.track.cues}
    assert texts_of(film, said, "en") == [sentence["en"] for _, sentence in film.sentences]
    ends = [cue.span.end for cue in film.track.cues]
    assert ends == sorted(ends)

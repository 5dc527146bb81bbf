"""Hypotheses are kept chunk by chunk: a stopped run loses at most the one in hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from subkit.engines import ScriptedTranslator
from subkit.interfaces import Hypothesis, ModelFacts, Silent
from subkit.model import Cue, Media, Origin, Project, Provenance, Span, Track, Transcript, Word
from subkit.pipeline import LoadedTranslator, RunOptions
from subkit.pipeline import loaded_engines as loading
from subkit.pipeline.engine_cache import SENTENCES_AT_ONCE, RememberingTranslator
from subkit.pipeline.track_translation import TranslationJob, translate
from subkit.store import ProjectFile
from subkit.translation import TranslationOptions

MADE = Provenance(origin=Origin.ASR, tool="test")
FACTS = ModelFacts(name="counting", directory="", digest="sha256:1")
TEXTS = [f"{'very ' * (n % 7)}long sentence {n}." for n in range(3 * SENTENCES_AT_ONCE + 5)]


class Counting:
    """Answers in capitals; stops where it is told to."""

    calls: list[int]
    opened = 0
    stop_after = 10**9

    def __init__(self, model: ModelFacts, _options: object) -> None:
        self.model = model
        Counting.opened += 1

    def check(self, source: str, target: str) -> None:
        """Every direction is known."""

    def translate(
        self, texts: Sequence[str], _source: str, _target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """In capitals."""
        if len(Counting.calls) >= Counting.stop_after:
            raise KeyboardInterrupt
        Counting.calls.append(len(texts))
        return [[Hypothesis(text=text.upper(), score=-0.1)] * alternatives for text in texts]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProjectFile]:
    def load(_kind: str, _name: str) -> Any:
        return Counting

    monkeypatch.setattr(loading, "load_plugin", load)
    Counting.calls, Counting.stop_after, Counting.opened = [], 10**9, 0
    media = Media(path="/film.mkv", digest="sha256:0", duration=Fraction(60))
    project = Project(title="film", media=media)
    with ProjectFile.create(tmp_path / "film.subkit", project, actor="test") as file:
        yield file


def test_a_stopped_translation_goes_on_at_the_chunk_where_it_stopped(store: ProjectFile) -> None:
    Counting.stop_after = 2
    with pytest.raises(KeyboardInterrupt):
        RememberingTranslator(store, FACTS, RunOptions(), Silent()).translate(TEXTS, "en", "es")
    assert Counting.calls == [SENTENCES_AT_ONCE + 1, SENTENCES_AT_ONCE + 2], "evenly: 389 in 3"
    Counting.calls, Counting.stop_after = [], 10**9
    again = RememberingTranslator(store, FACTS, RunOptions(), Silent())
    found = again.translate(TEXTS, "en", "es")
    assert Counting.calls == [SENTENCES_AT_ONCE + 2]
    assert [one.text for (one,) in found] == [text.upper() for text in TEXTS]
    assert again.translate(TEXTS, "en", "es") == found
    assert Counting.calls == [SENTENCES_AT_ONCE + 2]


def test_another_try_of_an_engine_that_has_none_is_its_first(store: ProjectFile) -> None:
    translator = RememberingTranslator(store, FACTS, RunOptions(), Silent())
    first = translator.translate(TEXTS[:3], "en", "es")
    assert translator.retry(TEXTS[:3], "en", "es") == first


def test_what_one_title_had_is_not_translated_again_for_the_next(
    store: ProjectFile, tmp_path: Path
) -> None:
    loaded = LoadedTranslator()
    asks = (RunOptions(), Silent(), loaded)
    first = RememberingTranslator(store, FACTS, *asks).translate(TEXTS[:9], "en", "es")
    media = Media(path="/other.mkv", digest="sha256:2", duration=Fraction(60))
    other = Project(title="other", media=media)
    with ProjectFile.create(tmp_path / "other.subkit", other, actor="test") as file:
        second = RememberingTranslator(file, FACTS, *asks).translate(TEXTS[3:12], "en", "es")
        assert Counting.calls == [9, 3]
        assert second[:6] == first[3:]
        alone = RememberingTranslator(file, FACTS, RunOptions(), Silent())
        assert alone.translate(TEXTS[3:12], "en", "es") == second  # its own file knows it now
        into_another = RememberingTranslator(file, FACTS, *asks)
        into_another.translate(TEXTS[:9], "en", "ko")
    assert Counting.calls == [9, 3, 9]
    assert Counting.opened == 1


def test_a_fast_speaker_is_given_the_longer_text() -> None:
    """The time is the same for both; what can be said in it is not."""
    words = [*_syllables("slow", 0, Fraction(1, 5)), *_syllables("fast", 100, Fraction(1, 9))]
    cues = [
        Cue(
            id=name,
            span=Span(Fraction(at), Fraction(at + 1)),
            lines=("Wait here now.",),
            speaker=name,
        )
        for name, at in (("slow", 0), ("fast", 100), ("new", 200))
    ]
    track = Track(id="en", language="en", cues=tuple(cues))
    transcript = Transcript(language="en", words=tuple(words), windows=(), provenance=MADE)
    media = Media(path="/film.mkv", digest="sha256:0", duration=Fraction(300))
    project = Project(title="film", media=media, transcript=transcript, tracks=(track,))
    said = {"Wait here now.": ["Quédate aquí un momento.", "Espera aquí."]}
    options = RunOptions(translation=TranslationOptions(fit="spoken"))
    made = translate(
        TranslationJob(
            project=project,
            source=track,
            target="es",
            options=options,
            model=ScriptedTranslator(said).model,
        ),
        ScriptedTranslator(said),
    )
    assert [cue.text for cue in made.cues] == [
        "Espera aquí.",
        "Quédate aquí un momento.",
        "Quédate aquí un momento.",
    ]


def _syllables(speaker: str, start: int, each: Fraction) -> list[Word]:
    """Six seconds of one speaker in words of a syllable."""
    return [
        Word(
            text="wait",
            span=Span(start + each * n, start + each * (n + 1)),
            confidence=1.0,
            speaker=speaker,
        )
        for n in range(int(6 / each))
    ]

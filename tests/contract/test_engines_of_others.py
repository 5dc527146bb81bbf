"""What every engine keeps: recognisers, translators, voice detectors, speakers, refiners.

Each test runs on subkit's own and on a small sample; with ``--plugin`` on an author's part.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from subkit.demo import scene_file
from subkit.errors import PlanError
from subkit.interfaces import (
    Hypothesis,
    ModelFacts,
    Recording,
    SpeechWindow,
    SpokenText,
    WindowResult,
)
from subkit.media import AudioOptions, audio_blocks, probe
from subkit.model import Media, Span, SpeakerTurn, canonical, digest, from_plain, to_plain
from subkit.plugins import (
    KINDS,
    GuardedAligner,
    GuardedRecognizer,
    GuardedSpeakers,
    PluginName,
    give_object,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[[], Any]

RATE = 16000


@pytest.fixture(scope="module")
def sound() -> np.ndarray[Any, Any]:
    """The first 20 s of the scene: somebody speaks from 4.4 to 7.3 s and from 8.5 to 10.3 s."""
    media = probe(scene_file())
    blocks = []
    for block in audio_blocks(media, AudioOptions()):
        blocks.append(block)
        if sum(map(len, blocks)) >= 20 * RATE:
            break
    return np.concatenate(blocks)[: 20 * RATE]


def _windows(sound: np.ndarray[Any, Any]) -> list[SpeechWindow]:
    spans = [(4, 8), (8, 11)]
    return [
        SpeechWindow(
            index=number,
            span=Span(Fraction(start), Fraction(end)),
            samples=sound[start * RATE : end * RATE].astype(np.float32),
            digest=digest(number),
        )
        for number, (start, end) in enumerate(spans)
    ]


@pytest.mark.parametrize(
    "kind", ["recognizers", "aligners", "translators", "voice", "speakers", "refiners"]
)
def test_every_kind_of_engine_has_a_name_in_sentences(kind: str) -> None:
    assert str(PluginName(kind=kind, name="x")) == f"{KINDS[kind]} 'x'"


def test_an_aligner_gives_each_word_a_time_in_its_window_and_a_confidence(
    make_aligners: Make, sound: np.ndarray[Any, Any]
) -> None:
    aligner, windows = make_aligners(), _windows(sound)
    give_object("aligners", aligner)
    words = ("Somebody", "is", "following", "us.")
    asked = [SpokenText(window=one, words=words, language="en") for one in windows]
    guarded = GuardedAligner(PluginName(kind="aligners", name="x"), aligner, owned=True)
    found = guarded.align(asked)
    assert guarded.align([]) == []
    for one, mine in zip(windows, found, strict=True):
        assert [word.text for word in mine] == list(words)
        starts = [word.span.start for word in mine]
        assert starts == sorted(starts)
        assert all(one.span.start <= word.span.start <= word.span.end for word in mine)
        assert mine[-1].span.end <= one.span.end
    guarded.close()


def test_a_recognizer_has_what_one_has_and_knows_its_model(make_recognizers: Make) -> None:
    recognizer = make_recognizers()
    give_object("recognizers", recognizer)
    assert isinstance(recognizer.model, ModelFacts)
    assert recognizer.model.name
    assert recognizer.model.window_seconds > 0
    recognizer.close()


def test_a_recognizer_answers_each_window_in_order_with_times_in_the_media(
    make_recognizers: Make, sound: np.ndarray[Any, Any]
) -> None:
    recognizer, windows = make_recognizers(), _windows(sound)
    results = recognizer.recognize(windows)
    assert len(results) == len(windows)
    for window, result in zip(windows, results, strict=True):
        assert isinstance(result, WindowResult)
        assert result.window.language
        for word in result.words:
            assert word.text.strip()
            assert window.span.start - 1 <= word.span.start <= word.span.end <= window.span.end + 1
    assert recognizer.recognize([]) == []
    recognizer.close()


def test_a_recognizer_gives_what_can_be_kept_and_passes_the_guard(
    make_recognizers: Make, sound: np.ndarray[Any, Any]
) -> None:
    recognizer = make_recognizers()
    results = recognizer.recognize(_windows(sound))
    assert [from_plain(WindowResult, to_plain(result)) for result in results] == list(results)
    name = PluginName(kind="recognizers", name="x")
    guarded = GuardedRecognizer(name, lambda: recognizer, owned=True)
    checked = guarded.recognize(_windows(sound))
    assert [[w.text for w in r.words] for r in checked] == [
        [w.text for w in r.words] for r in results
    ]
    guarded.close()


def test_a_recognizer_gives_the_same_for_the_same_and_tells_what_it_returns(
    make_recognizers: Make, sound: np.ndarray[Any, Any]
) -> None:
    recognizer, windows = make_recognizers(), _windows(sound)
    told: dict[int, WindowResult] = {}
    first = recognizer.recognize(windows, prior="en", finished=told.__setitem__)
    again = recognizer.recognize(windows, prior="en")
    assert [[w.text for w in r.words] for r in first] == [[w.text for w in r.words] for r in again]
    for number, result in told.items():
        assert canonical(result) == canonical(first[number])
    recognizer.close()


def test_a_translator_has_what_one_has_and_answers_each_text(make_translators: Make) -> None:
    translator = make_translators()
    give_object("translators", translator)
    assert translator.model.name
    source, target = _direction(translator)
    texts = ["Where is the key?", "Please help me, Hugo."]
    for wanted in (1, 3):
        found = translator.translate(texts, source, target, alternatives=wanted)
        assert len(found) == len(texts)
        for answers in found:
            assert 1 <= len(answers) <= wanted
            assert all(isinstance(one, Hypothesis) for one in answers)
            assert all(isinstance(one.text, str) for one in answers)
            assert all(math.isfinite(one.score) for one in answers)
            scores = [one.score for one in answers]
            assert scores == sorted(scores, reverse=True)
    assert translator.translate([], source, target) == []


def test_a_translator_refuses_a_direction_before_it_translates(make_translators: Make) -> None:
    translator = make_translators()
    try:
        translator.check("xx", "tlh")
    except PlanError as error:
        assert error.message  # noqa: PT017 - a translator may know every direction


def _direction(translator: Any) -> tuple[str, str]:
    known = list(translator.model.languages) or ["en", "ko"]
    source = "en" if "en" in known else known[0]
    target = next((one for one in known if one != source), "ko")
    translator.check(source, target)
    return source, target


def _recording(sound: np.ndarray[Any, Any], *voice: tuple[float, float]) -> Recording:
    """The scene's voice on the left, and 20 dB softer on the right."""
    channels = (sound, sound * np.float32(0.1))
    return Recording(
        media=Media(path="", digest="", duration=Fraction(20)),
        voice=tuple(Span(Fraction(a), Fraction(b)) for a, b in voice),
        channels=("FL", "FR"),
        sound=lambda: iter(np.array_split(sound, 5)),
        channel=lambda number: iter(np.array_split(channels[number], 5)),
    )


def test_a_speaker_backend_gives_turns_in_order_within_the_voice(
    make_speakers: Make, sound: np.ndarray[Any, Any]
) -> None:
    backend = make_speakers()
    give_object("speakers", backend)
    guarded = GuardedSpeakers(PluginName(kind="speakers", name="x"), backend)
    for count in (None, 1, 2):
        turns = guarded.turns(_recording(sound, (4.4, 7.3), (8.5, 10.3)), count=count)
        assert turns == sorted(turns, key=lambda turn: turn.span.start)
        assert count is None or len({turn.speaker for turn in turns}) <= count
        for turn in turns:
            assert turn.method == backend.method
            assert 4 <= turn.span.start < turn.span.end <= 11
            assert from_plain(SpeakerTurn, to_plain(turn)) == turn


def test_a_speaker_backend_that_hears_nobody_tells_nobody(
    make_speakers: Make, sound: np.ndarray[Any, Any]
) -> None:
    assert list(make_speakers().turns(_recording(sound))) == []


def test_a_speaker_backend_says_the_same_again(
    make_speakers: Make, sound: np.ndarray[Any, Any]
) -> None:
    backend, recording = make_speakers(), _recording(sound, (4.4, 7.3), (8.5, 10.3))
    assert list(backend.turns(recording)) == list(backend.turns(recording))


def test_a_voice_detector_gives_the_sound_back_with_a_probability_for_each_chunk(
    make_voice: Make, sound: np.ndarray[Any, Any]
) -> None:
    voice = make_voice()
    give_object("voice", voice)
    blocks = [sound[start : start + 7001].astype(np.float32) for start in range(0, 90_000, 7001)]
    whole = np.concatenate(blocks)
    heard, probabilities = [], []
    for audio, probability in voice.probabilities(blocks):
        assert len(audio) == 512 * len(probability)
        heard.append(audio)
        probabilities.append(probability)
    together = np.concatenate(heard)
    assert len(together) - len(whole) in range(512)
    assert np.array_equal(together[: len(whole)], whole)
    assert not together[len(whole) :].any()
    values = np.concatenate(probabilities)
    assert ((values >= 0) & (values <= 1)).all()


def test_a_voice_detector_tells_a_voice_from_silence(
    make_voice: Make, sound: np.ndarray[Any, Any]
) -> None:
    spoken = sound[int(4.5 * RATE) : 7 * RATE].astype(np.float32)
    silent = np.zeros(len(spoken), np.float32)
    voice = make_voice()
    means = [
        float(np.concatenate([p for _, p in voice.probabilities([blocks])]).mean())
        for blocks in (spoken, silent)
    ]
    assert means[0] > means[1]


def test_a_refiner_gives_a_text_of_as_many_lines_or_none(make_refiners: Make) -> None:
    refiner = make_refiners()
    give_object("refiners", refiner)
    assert refiner.name
    assert refiner.lines >= 0
    for draft in ("¿Quién es?", "Hola.\nAdiós."):
        better = refiner.refine(
            "Who?", draft, "en", "es", before=["She left."], wishes=["Be kind."]
        )
        assert better is None or better.count("\n") == draft.count("\n")

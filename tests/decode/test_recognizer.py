from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from subkit.decode import SileroVoiceDetector, WindowOptions, speech_windows
from subkit.errors import EngineError
from subkit.interfaces import Recognizer
from subkit.model import canonical
from tests.decode.conftest import DATA, make_recognizer, make_window

if TYPE_CHECKING:
    from subkit.decode import WhisperRecognizer
    from subkit.interfaces import Samples, SpeechWindow, WindowResult
    from tests.decode.conftest import Clip

JFK = DATA / "jfk.opus"


def plain(text: str) -> list[str]:
    return re.sub(r"[^\w ]", "", text.casefold()).split()


def text_of(result: WindowResult) -> str:
    return " ".join(word.text for word in result.words)


def right_words(result: WindowResult, text: str) -> float:
    """Share of the spoken words that were heard."""
    heard, spoken = plain(text_of(result)), plain(text)
    return sum(word in heard for word in spoken) / len(spoken)


def dialogue(clips: dict[str, Clip], languages: str, gap: float = 1.0) -> Samples:
    parts = []
    for language in languages.split():
        parts += [np.zeros(int(gap * 16_000), np.float32), clips[language].samples]
    return np.concatenate(parts)


@pytest.fixture(scope="module")
def mixed(clips: dict[str, Clip]) -> list[SpeechWindow]:
    """Lines in three languages, one window each."""
    audio = dialogue(clips, "en es ko en ko es")
    options = WindowOptions(max_seconds=10.0, min_silence_seconds=0.8)
    return list(speech_windows([audio], SileroVoiceDetector(), options))


@pytest.fixture(scope="module")
def heard(recognizer: WhisperRecognizer, mixed: list[SpeechWindow]) -> list[WindowResult]:
    """What is heard in them, decoded together."""
    return recognizer.recognize(mixed)


def test_is_a_recogniser(recognizer: WhisperRecognizer) -> None:
    assert isinstance(recognizer, Recognizer)
    assert recognizer.model.demo


@pytest.mark.parametrize("language", ["en", "es", "ko"])
def test_words_language_and_times(
    recognizer: WhisperRecognizer, clips: dict[str, Clip], language: str
) -> None:
    clip = clips[language]
    start = Fraction(3600)
    (result,) = recognizer.recognize([make_window(clip.samples, start=start)])
    assert result.window.language == language
    assert result.window.language_confidence > 0.9
    assert {word.language for word in result.words} == {language}
    assert right_words(result, clip.text) >= 0.5
    assert text_of(result).endswith(clip.text[-1])
    assert abs(float(result.words[0].span.start - start) - clip.start) < 0.15
    assert abs(float(result.words[-1].span.end - start) - clip.end) < 0.25


@pytest.mark.parametrize("language", ["en", "es", "ko"])
def test_words_after_a_shortened_pause_keep_their_times(
    recognizer: WhisperRecognizer, clips: dict[str, Clip], language: str
) -> None:
    clip = clips[language]
    audio = dialogue(clips, f"{language} {language}", gap=1.7)
    # No room for wider margins: the demo model was never trained on a long silence before a line.
    longest = 2 * (clip.end - clip.start) + 2.4
    options = WindowOptions(max_seconds=longest, min_silence_seconds=2.9, second_opinion=False)
    (window,) = speech_windows([audio], SileroVoiceDetector(), options)
    assert len(window.parts) == 2
    (result,) = recognizer.recognize([window])
    second = 2 * 1.7 + clip.samples.size / 16_000
    words = [word for word in result.words if word.span.start > second - 0.5]
    assert len(words) == len(result.words) / 2
    for heard, at in ((result.words[: len(words)], 1.7), (words, second)):
        assert abs(float(heard[0].span.start) - at - clip.start) < 0.15
        assert abs(float(heard[-1].span.end) - at - clip.end) < 0.25


def test_words_are_in_order_and_inside(
    heard: list[WindowResult], mixed: list[SpeechWindow]
) -> None:
    for window, result in zip(mixed, heard, strict=True):
        assert result.window.span == window.span
        at = window.span.start
        for word in result.words:
            assert at <= word.span.start < word.span.end <= window.span.end
            assert word.text == word.text.strip() != ""
            assert word.confidence is not None
            assert 0 <= word.confidence <= 1
            at = word.span.end
        canonical(result)


def test_language_of_each_window(heard: list[WindowResult]) -> None:
    assert [one.window.language for one in heard] == ["en", "es", "ko", "en", "ko", "es"]


def test_a_short_window_takes_its_neighbours_language(
    recognizer: WhisperRecognizer, clips: dict[str, Clip]
) -> None:
    spanish = clips["es"].samples
    short = make_window(spanish[8000:22_000], index=1)
    windows = [make_window(clips["ko"].samples), short]
    _, result = recognizer.recognize(windows)
    assert result.window.language == "ko"
    assert not result.words or "language-unsure" in result.window.warnings
    (alone,) = recognizer.recognize([short], prior="en")
    assert alone.window.language == "en"


def test_a_given_language_is_not_questioned(clips: dict[str, Clip]) -> None:
    recognizer = make_recognizer(language="en-GB")
    (result,) = recognizer.recognize([make_window(clips["es"].samples)])
    assert result.window.language == "en"
    assert "language-unsure" not in result.window.warnings


def test_several_sentences_in_a_window(
    recognizer: WhisperRecognizer, clips: dict[str, Clip]
) -> None:
    """Word times after a pause are where the sound is, not where the last word ended."""
    audio = dialogue(clips, "en en", gap=0.7)
    (result,) = recognizer.recognize([make_window(audio)])
    length = clips["en"].samples.size / 16_000
    second = 2 * 0.7 + length + clips["en"].start
    starts = [float(word.span.start) for word in result.words]
    assert min(abs(start - second) for start in starts) < 0.15
    assert right_words(result, clips["en"].text) >= 0.5
    assert len(result.words) > len(plain(clips["en"].text))


def test_together_and_alone_are_the_same(
    heard: list[WindowResult], mixed: list[SpeechWindow]
) -> None:
    single = make_recognizer(batch_size=1)
    alone = [result for window in mixed for result in single.recognize([window])]
    for one, other in zip(heard, alone, strict=True):
        assert text_of(one) == text_of(other)
        assert one.window.score == pytest.approx(other.window.score, abs=0.02)
        for a, b in zip(one.words, other.words, strict=True):
            assert abs(a.span.start - b.span.start) <= Fraction(6, 100)


def test_the_same_window_gives_the_same_result(
    recognizer: WhisperRecognizer, mixed: list[SpeechWindow]
) -> None:
    first, second = recognizer.recognize(mixed[:2]), recognizer.recognize(mixed[:2])
    assert canonical(first) == canonical(second)


def test_a_low_score_brings_all_beams_and_no_temperature(clips: dict[str, Clip]) -> None:
    """No text reaches this log-probability; only loops are sampled."""
    window = make_window(clips["en"].samples)
    recognizer = make_recognizer(log_prob_threshold=-1e-6, temperatures=(0.0, 0.9), mode="fast")
    (tried,) = recognizer.recognize([window])
    assert (recognizer.counts.doubted, recognizer.counts.retried) == (1, 0)
    assert tried.window.temperature == 0.0
    assert "low-score" in tried.window.warnings
    (exact,) = make_recognizer(mode="exact").recognize([window])
    assert text_of(tried) == text_of(exact)


def test_nothing_to_hear(recognizer: WhisperRecognizer) -> None:
    rng = np.random.default_rng(4)
    sounds = [
        np.zeros(0),
        np.zeros(800),
        np.zeros(160_000),
        rng.standard_normal(399) * 0.1,
        rng.standard_normal(401) * 0.1,
        rng.standard_normal(800) * 0.1,
        rng.standard_normal(160_000) * 0.05,
    ]
    windows = [make_window(sound, index=i) for i, sound in enumerate(sounds)]
    results = recognizer.recognize(windows)
    assert len(results) == len(windows)
    for result in results:
        assert result.words == ()
        assert result.window.warnings == ("no-speech",)
        canonical(result)
    assert recognizer.recognize([]) == []


def test_tones_and_clicks_do_not_crash(recognizer: WhisperRecognizer) -> None:
    tone = np.sin(np.arange(80_000) * 0.1) * 0.3
    click = np.zeros(16_000)
    click[8000] = 1.0
    for result in recognizer.recognize([make_window(tone), make_window(click)]):
        assert all(word.span.end <= result.window.span.end for word in result.words)


def test_a_window_longer_than_the_model_hears_at_once(clips: dict[str, Clip]) -> None:
    # One sentence over and over is what the guard against loops is for: it is off here.
    recognizer = make_recognizer(compression_ratio_threshold=None)
    audio = dialogue(clips, "en en en en en en en en en en")
    assert audio.size > 30 * 16_000
    (result,) = recognizer.recognize([make_window(audio)])
    assert result.words[-1].span.start > 30
    starts = [word.span.start for word in result.words]
    assert starts == sorted(starts)


LONG = "the captain and the city " * 200


@pytest.mark.parametrize(
    "options",
    [
        {"initial_prompt": LONG},
        {"hotwords": LONG},
        {"hotwords": LONG, "initial_prompt": LONG},
        {"hotwords": "captain", "initial_prompt": " "},
    ],
)
def test_prompt_and_hotwords_of_any_length(clips: dict[str, Clip], options: dict[str, str]) -> None:
    window = make_window(clips["en"].samples)
    (result,) = make_recognizer(language="en", **options).recognize([window])
    assert result.window.span == window.span


def test_earlier_passes_as_condition(clips: dict[str, Clip]) -> None:
    recognizer = make_recognizer(condition_on_previous_text=True, batch_size=4)
    audio = dialogue(clips, "en en en en")
    results = recognizer.recognize([make_window(audio), make_window(clips["ko"].samples, index=1)])
    assert results[0].words
    assert results[1].window.language == "ko"


def test_human_speech_outside_the_domain_is_flagged(recognizer: WhisperRecognizer) -> None:
    """The demo model knows none of these words: it must warn, not deceive."""
    from faster_whisper import decode_audio

    options = WindowOptions(max_seconds=10.0)
    windows = list(speech_windows([decode_audio(str(JFK))], SileroVoiceDetector(), options))
    assert windows
    for result in recognizer.recognize(windows):
        assert result.window.warnings


def test_an_engine_fault_is_ours(monkeypatch: pytest.MonkeyPatch, clips: dict[str, Clip]) -> None:
    recognizer = make_recognizer()

    def fail(*_: object) -> None:
        raise RuntimeError("CUDA failed with error out of memory")

    monkeypatch.setattr(recognizer._whisper, "encode", fail)
    with pytest.raises(EngineError, match="out of memory") as caught:
        recognizer.recognize([make_window(clips["en"].samples)])
    assert "batch size" in caught.value.remedy

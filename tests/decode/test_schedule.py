"""Batches, modes and guards with the real model; only running out of memory is feigned."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from subkit.decode import (
    TitleWindows,
    WindowOptions,
    explain_mode,
    fit_windows,
    in_calls,
    windows_together,
)
from subkit.decode import schedule as schedule_module
from subkit.decode.beam_search import search
from subkit.decode.encoding import encode
from subkit.decode.modes import EXACT, FAST, choose_mode, spread
from subkit.decode.options import RecognitionOptions
from subkit.decode.taking import Take
from subkit.errors import DeviceError, EngineError, PlanError
from subkit.interfaces import Decoding, LanguageDecoding
from subkit.model import canonical
from tests.decode.conftest import make_recognizer, make_window, model_facts

if TYPE_CHECKING:
    from subkit.decode.beam_search import Decoded
    from subkit.interfaces import ModelFacts, SpeechWindow, WindowResult
    from tests.decode.conftest import Clip

PLAIN: dict[str, Any] = {"temperatures": (0.0,)}
AS_THEY_DO: dict[str, Any] = {
    "mode": EXACT,
    "padding": "zeros",
    "log_prob_threshold": None,
    "compression_ratio_threshold": None,
    **PLAIN,
}
"""Options for tokens equal to faster-whisper's: its padding, and nothing tried twice."""


@pytest.fixture(scope="module")
def windows(clips: dict[str, Clip]) -> list[SpeechWindow]:
    """Six windows of one or two sentences, some noisy, in three languages."""
    choose, noise = random.Random(7), np.random.default_rng(7)
    found = []
    for index in range(6):
        parts: list[Any] = []
        for _ in range(choose.choice([1, 1, 2])):
            parts += [
                np.zeros(choose.randrange(4000, 12_000)),
                choose.choice([*clips.values()]).samples,
            ]
        audio = np.concatenate(parts)[: 10 * 16_000] * choose.uniform(0.3, 1.0)
        found.append(make_window(audio + noise.standard_normal(audio.size) * 1e-3, index=index))
    return found


@pytest.fixture(scope="module")
def usual(windows: list[SpeechWindow]) -> list[WindowResult]:
    """What exact mode gives, all windows in one batch."""
    return make_recognizer(batch_size=8, mode=EXACT, **PLAIN).recognize(windows)


def words_of(results: list[WindowResult]) -> list[list[str]]:
    return [[word.text for word in result.words] for result in results]


def spy(monkeypatch: pytest.MonkeyPatch, beams: int = 5) -> list[Decoded]:
    """What every search with so many beams gives, in order."""
    seen: list[Decoded] = []
    real = search

    def watched(*arguments: Any) -> list[Decoded]:
        found = real(*arguments)
        if arguments[-1] == beams:
            seen.extend(found)
        return found

    monkeypatch.setattr(schedule_module, "search", watched)
    return seen


@pytest.mark.parametrize("mode", [EXACT, FAST])
def test_a_result_does_not_depend_on_the_other_windows(
    windows: list[SpeechWindow], usual: list[WindowResult], mode: str
) -> None:
    """Not by a bit: together, alone, shuffled, and with another title's windows in the batch."""
    together = make_recognizer(batch_size=8, mode=mode, **PLAIN)
    single = make_recognizer(batch_size=1, mode=mode, **PLAIN)
    results = usual if mode == EXACT else together.recognize(windows)
    wanted = [canonical(one) for one in results]
    assert wanted == [canonical(single.recognize([window])[0]) for window in windows]
    order = random.Random(3).sample(range(len(windows)), len(windows))
    shuffled = together.recognize([windows[i] for i in order])
    assert [wanted[i] for i in order] == [canonical(one) for one in shuffled]
    first, second = together.recognize_titles(
        [TitleWindows(windows=windows[:4], title="a"), TitleWindows(windows=windows[4:])]
    )
    assert wanted == [canonical(one) for one in [*first, *second]]


def test_languages_are_settled_inside_each_title(clips: dict[str, Clip]) -> None:
    short = make_window(clips["es"].samples[8000:22_000], index=1)
    korean, english = make_window(clips["ko"].samples), make_window(clips["en"].samples)
    recognizer = make_recognizer(batch_size=8)
    first, second, third = recognizer.recognize_titles(
        [
            TitleWindows(windows=[korean, short]),
            TitleWindows(windows=[english, short]),
            TitleWindows(windows=[short], prior="en"),
        ]
    )
    assert [one.window.language for one in first] == ["ko", "ko"]
    assert [one.window.language for one in second] == ["en", "en"]
    assert [one.window.language for one in third] == ["en"]


def test_encoded_once_and_told_as_they_are_done(windows: list[SpeechWindow]) -> None:
    recognizer = make_recognizer(batch_size=4, **PLAIN)
    told: list[tuple[int, int]] = []
    languages: list[str] = []
    results = recognizer.recognize_titles(
        [TitleWindows(windows=windows)],
        settled=lambda verdicts: languages.extend(one.language for one in verdicts[0]),
        finished=lambda title, index, result: told.append((title, index)),
    )[0]
    assert sorted(told) == [(0, i) for i in range(len(windows))]
    assert languages == [one.window.language for one in results]
    assert recognizer.counts.encoded == recognizer.counts.decoded


def test_settled_languages_are_kept(windows: list[SpeechWindow]) -> None:
    from subkit.decode.window_language import Verdict

    recognizer = make_recognizer(batch_size=4, **PLAIN)
    verdicts = [Verdict(language="es", probability=0.5, unsure=True)] * 2
    titles = [TitleWindows(windows=windows[:2], verdicts=verdicts)]
    found = recognizer.recognize_titles(titles)[0]
    assert [one.window.language for one in found] == ["es", "es"]


@pytest.mark.parametrize("hotwords", [None, "captain"])
def test_exact_gives_the_tokens_of_faster_whisper_batched(
    monkeypatch: pytest.MonkeyPatch, windows: list[SpeechWindow], hotwords: str | None
) -> None:
    from faster_whisper import BatchedInferencePipeline

    options = {"beam_size": 5, "hotwords": hotwords}
    recognizer = make_recognizer(
        batch_size=4, language="en", timestamps=False, **AS_THEY_DO, **options
    )
    ours = spy(monkeypatch)
    recognizer.recognize(windows)

    pipeline = BatchedInferencePipeline(recognizer._whisper)
    theirs: list[tuple[int, ...]] = []
    real = pipeline.generate_segment_batched

    def generate(*arguments: Any) -> Any:
        encoded, outputs = real(*arguments)
        theirs.extend(tuple(one["tokens"]) for one in outputs)
        return encoded, outputs

    monkeypatch.setattr(pipeline, "generate_segment_batched", generate)
    audio = np.concatenate([window.samples for window in windows])
    ends = np.cumsum([window.samples.size for window in windows]) / 16_000
    starts = [0.0, *ends[:-1]]
    clips = [{"start": float(a), "end": float(b)} for a, b in zip(starts, ends, strict=True)]
    segments, _ = pipeline.transcribe(
        audio, language="en", batch_size=4, vad_filter=False, clip_timestamps=clips, **options
    )
    list(segments)
    assert [one.tokens for one in ours] == theirs
    assert any(theirs)


def test_exact_with_timestamps_gives_the_tokens_of_faster_whisper_sequential(
    monkeypatch: pytest.MonkeyPatch, windows: list[SpeechWindow]
) -> None:
    """Its decoder is asked window by window; ours decodes them in batches."""
    from faster_whisper.audio import pad_or_trim
    from faster_whisper.tokenizer import Tokenizer
    from faster_whisper.transcribe import WhisperModel, get_suppressed_tokens

    recognizer = make_recognizer(batch_size=4, language="en", timestamps=True, **AS_THEY_DO)
    ours = spy(monkeypatch)
    recognizer.recognize(windows)
    whisper: WhisperModel = recognizer._whisper
    tokenizer = Tokenizer(whisper.hf_tokenizer, True, task="transcribe", language="en")
    options = _their_options(get_suppressed_tokens(tokenizer, [-1]))
    for window, one in zip(windows, ours, strict=False):
        features = pad_or_trim(whisper.feature_extractor(window.samples)[:, :-1])
        result, score, _, ratio = whisper.generate_with_fallback(
            whisper.encode(features), whisper.get_prompt(tokenizer, []), tokenizer, options
        )
        assert one.tokens == tuple(result.sequences_ids[0])
        assert (one.score, one.ratio) == (score, ratio)


def _their_options(suppressed: tuple[int, ...]) -> Any:
    from types import SimpleNamespace

    return SimpleNamespace(
        beam_size=5,
        patience=1,
        length_penalty=1,
        repetition_penalty=1,
        no_repeat_ngram_size=0,
        temperatures=[0.0],
        compression_ratio_threshold=None,
        log_prob_threshold=None,
        no_speech_threshold=None,
        max_initial_timestamp=30.0,
        max_new_tokens=None,
        suppress_blank=True,
        suppress_tokens=suppressed,
        best_of=5,
    )


def with_doubt(doubt: float) -> ModelFacts:
    """The embedded model, a card of which doubts every window below this score."""
    languages = (LanguageDecoding(doubt=doubt, timestamps=True),)
    return model_facts(decoding=Decoding(padding="zeros", languages=languages))


def test_what_fast_doubts_is_decoded_as_in_exact(windows: list[SpeechWindow]) -> None:
    """A score that nothing reaches: all windows are looked at again, and are those of exact."""
    doubting = make_recognizer(with_doubt(0.0), batch_size=4, mode=FAST, **PLAIN)
    exact = make_recognizer(with_doubt(0.0), batch_size=4, mode=EXACT, **PLAIN)
    assert [canonical(one) for one in doubting.recognize(windows)] == [
        canonical(one) for one in exact.recognize(windows)
    ]
    assert doubting.counts.doubted == exact.counts.doubted == exact.counts.decoded
    assert doubting.counts.encoded == exact.counts.encoded


def test_what_fast_is_sure_of_is_what_one_beam_gives(windows: list[SpeechWindow]) -> None:
    plain = {"log_prob_threshold": None, "compression_ratio_threshold": None, **PLAIN}
    sure = make_recognizer(with_doubt(-100.0), batch_size=4, mode=FAST, **plain)
    single = make_recognizer(with_doubt(0.0), batch_size=4, beam_size=1, **plain)
    assert [canonical(one) for one in sure.recognize(windows)] == [
        canonical(one) for one in single.recognize(windows)
    ]
    assert sure.counts.doubted == single.counts.doubted == 0


def test_what_is_doubtful_is_collected_over_the_whole_call(
    windows: list[SpeechWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three batches with a doubtful window or two each: one batch of the full beam."""
    one_beam = spy(monkeypatch, 1)
    plain = {"log_prob_threshold": None, "compression_ratio_threshold": None, **PLAIN}
    make_recognizer(with_doubt(-100.0), batch_size=2, mode=FAST, **plain).recognize(windows)
    scores = sorted(one.score for one in one_beam[: len(windows)])
    asked: list[int] = []
    real = search

    def watched(*arguments: Any) -> list[Decoded]:
        if arguments[-1] == 5:
            asked.append(len(arguments[2]))
        return real(*arguments)

    monkeypatch.setattr(schedule_module, "search", watched)
    doubt = (scores[1] + scores[2]) / 2
    recognizer = make_recognizer(with_doubt(doubt), batch_size=2, mode=FAST, **plain)
    recognizer.recognize(windows)
    assert asked[0] == 2
    assert sum(asked) == recognizer.counts.doubted


def test_a_mode_is_chosen_by_the_models_card() -> None:
    auto, measured = RecognitionOptions(), model_facts()
    unmeasured = model_facts(decoding=Decoding())
    assert choose_mode(unmeasured, auto) == EXACT
    assert choose_mode(measured, auto) == FAST
    assert choose_mode(measured, RecognitionOptions(mode="exact")) == EXACT
    assert choose_mode(unmeasured, RecognitionOptions(mode="fast")) == FAST
    assert make_recognizer().mode == FAST
    for wrong in (
        {"mode": "quick"},
        {"padding": "noise"},
        {"alternatives": 6},
        {"device_index": ()},
        {"replicas": -1},
    ):
        with pytest.raises(PlanError):
            RecognitionOptions(**wrong)


def test_windows_fit_the_model() -> None:
    large = model_facts(window_seconds=30.0, decoding=Decoding())
    fitted = fit_windows(WindowOptions(), large)
    assert (fitted.max_seconds, fitted.pause_seconds) == (30.0, 15.0)
    assert fitted.second_opinion
    small = fit_windows(WindowOptions(), model_facts(pause_seconds=0.6))
    assert (small.max_seconds, small.min_silence_seconds) == (10.0, 0.6)
    assert not small.second_opinion  # its card says so
    assert not fit_windows(WindowOptions(second_opinion=False), large).second_opinion
    short = WindowOptions(max_seconds=3.0, min_silence_seconds=1.0)
    assert fit_windows(short, large) == short


def test_a_call_brings_several_batches() -> None:
    assert windows_together(RecognitionOptions(replicas=1)) == 32
    many = RecognitionOptions(batch_size=16, replicas=2, device_index=(0, 1))
    assert windows_together(many) == 256


def test_each_core_has_its_replica_unless_asked_otherwise() -> None:
    shared = spread(RecognitionOptions(threads=2))
    assert (shared.replicas, shared.threads) == (2, 1)
    assert spread(RecognitionOptions(threads=64)).replicas <= 64
    assert spread(RecognitionOptions(), cuda=True).replicas == 1
    asked = RecognitionOptions(replicas=1, threads=2)
    assert spread(asked) is asked
    assert windows_together(RecognitionOptions(threads=2)) == 64


def test_calls_begin_small_and_lose_nothing() -> None:
    calls = list(in_calls(range(100), RecognitionOptions(replicas=1)))
    assert [len(call) for call in calls] == [8, 16, 32, 32, 12]
    assert [window for call in calls for window in call] == list(range(100))
    assert list(in_calls(range(0), RecognitionOptions())) == []


def test_the_mode_and_its_reason_are_told() -> None:
    def why(mode: str, decoding: Decoding) -> str:
        return explain_mode(model_facts(decoding=decoding), RecognitionOptions(mode=mode))

    measured = Decoding(languages=(LanguageDecoding(),))
    assert "fast mode, as asked" in why("fast", Decoding())
    assert "exact mode, as asked" in why("exact", measured)
    assert "fast mode: its thresholds were measured" in why("auto", measured)
    assert "exact mode: the thresholds of fast mode were not measured" in why("auto", Decoding())


def test_a_prefix_begins_the_first_window_and_no_other(
    windows: list[SpeechWindow], usual: list[WindowResult]
) -> None:
    first = [word.text for word in usual[0].words]
    given = " ".join(first[:2])
    found = make_recognizer(batch_size=4, mode=EXACT, prefix=given, **PLAIN).recognize(windows)
    assert [word.text for word in found[0].words][:2] == first[:2]
    greeted = {"prefix": "Hello there", "mode": EXACT, **PLAIN}
    other = make_recognizer(batch_size=4, **greeted).recognize(windows)
    assert [word.text for word in other[0].words][:2] == ["Hello", "there"]
    assert words_of(other[1:]) == words_of(usual[1:])
    assert words_of(found[1:]) == words_of(usual[1:])


def test_alternatives_are_kept_and_change_nothing_else(
    windows: list[SpeechWindow], usual: list[WindowResult]
) -> None:
    more = make_recognizer(batch_size=4, mode=EXACT, alternatives=4, **PLAIN).recognize(windows)
    assert words_of(usual) == words_of(more)
    assert not any(one.window.alternatives for one in usual)
    kept = [one.window for one in more if one.window.alternatives]
    assert kept
    for one in kept:
        scores = [other.score for other in one.alternatives if other.score is not None]
        texts = [other.text for other in one.alternatives]
        assert len(scores) <= 3
        assert max(scores) <= 0
        assert len(set(texts)) == len(texts)


def test_out_of_memory_halves_the_batch(
    windows: list[SpeechWindow], usual: list[WindowResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = starve(monkeypatch, 2)
    small = make_recognizer(batch_size=8, mode=EXACT, **PLAIN)
    assert [canonical(one) for one in small.recognize(windows)] == [canonical(one) for one in usual]
    assert max(asked) == 6
    assert small.counts.backed_off == 2
    tried = len(asked)
    small.recognize(windows)
    assert max(asked[tried:]) <= 2


def test_no_memory_at_all_is_an_error(
    windows: list[SpeechWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    starve(monkeypatch, 0)
    with pytest.raises(DeviceError, match="out of memory"):
        make_recognizer(batch_size=8, **PLAIN).recognize(windows)


def starve(monkeypatch: pytest.MonkeyPatch, most: int) -> list[int]:
    """Give the encoder memory for ``most`` windows; returns the batches it is asked for."""
    asked: list[int] = []

    def encode_some(model: Any, takes: Any, **options: Any) -> Any:
        asked.append(len(takes))
        if len(takes) > most:
            raise RuntimeError("CUDA failed with error out of memory")
        return encode(model, takes, **options)

    monkeypatch.setattr(schedule_module, "encode", encode_some)
    return asked


def test_encoding_one_by_one_or_together_gives_the_same_bits(
    windows: list[SpeechWindow],
) -> None:
    recognizer = make_recognizer()
    takes = [Take(window, recognizer._extract) for window in windows]
    one_by_one = np.asarray(encode(recognizer._whisper, takes))
    together = np.asarray(encode(recognizer._whisper, takes, threads=64))
    assert one_by_one.shape[0] == len(windows)
    assert np.array_equal(one_by_one, together)


def test_several_replicas_give_the_same(
    windows: list[SpeechWindow], usual: list[WindowResult]
) -> None:
    many = make_recognizer(batch_size=3, mode=EXACT, replicas=2, **PLAIN).recognize(windows)
    assert [canonical(one) for one in usual] == [canonical(one) for one in many]


def test_an_error_names_the_time(windows: list[SpeechWindow]) -> None:
    recognizer = make_recognizer(batch_size=1)

    def fail(*_: Any) -> Any:
        raise RuntimeError("it broke")

    recognizer._whisper.encode = fail
    with pytest.raises(EngineError, match=r"Decoding failed at 0\.000 to \d"):
        recognizer.recognize(windows[:1])

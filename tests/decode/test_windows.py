from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.decode import SileroVoiceDetector, WindowOptions, speech_windows
from subkit.decode.blocks import regroup
from subkit.decode.planning import WindowPlanner
from subkit.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.interfaces import Samples, SpeechWindow
    from subkit.model import Span, Unheard
    from tests.decode.conftest import Clip

CHUNK = 512
RATE = 16_000


class Scripted:
    """A detector that says what it is told."""

    def __init__(self, script: list[float]) -> None:
        self._script = np.array(script, np.float32)

    def probabilities(self, blocks: Iterable[Samples]) -> Iterator[tuple[Samples, Samples]]:
        at = 0
        for block in regroup(blocks, CHUNK * 8):
            audio = np.pad(block, (0, -block.size % CHUNK))
            count = audio.size // CHUNK
            yield audio, self._script[at : at + count]
            at += count


def spoken(
    blocks: Iterable[Samples], script: list[float], options: WindowOptions
) -> list[SpeechWindow]:
    """The windows of speech, without those for a second opinion."""
    windows = speech_windows(blocks, Scripted(script), options)
    return [window for window in windows if not window.skipped]


def noise(samples: int) -> Samples:
    rng = np.random.default_rng(5)
    return (rng.standard_normal(samples) * 0.1).astype(np.float32)


def chunked(seconds: float) -> int:
    return round(seconds * RATE / CHUNK)


def cut(audio: Samples, size: int) -> Iterator[Samples]:
    for at in range(0, audio.size, size):
        yield audio[at : at + size]


def sample_spans(windows: list[SpeechWindow]) -> list[tuple[int, int]]:
    spans = [(window.span.start * RATE, window.span.end * RATE) for window in windows]
    assert all(start.denominator == end.denominator == 1 for start, end in spans)
    return [(int(start), int(end)) for start, end in spans]


def sample_parts(window: SpeechWindow) -> list[tuple[int, int]]:
    parts = window.parts or (window.span,)
    assert all((p.start * RATE).denominator == (p.end * RATE).denominator == 1 for p in parts)
    return [(int(part.start * RATE), int(part.end * RATE)) for part in parts]


# Runs of one probability: films are made of them, single draws are not.
scripts = st.lists(
    st.tuples(st.sampled_from([0.0, 0.16, 0.2, 0.3, 0.6, 0.99]), st.integers(1, 60)), max_size=25
).map(lambda runs: [p for p, count in runs for _ in range(count)])

option_sets = st.builds(
    WindowOptions,
    max_seconds=st.sampled_from([2.0, 5.0, 10.0]),
    min_silence_seconds=st.sampled_from([0.1, 0.5, 1.0]),
    pad_seconds=st.sampled_from([0.0, 0.1, 0.4]),
    min_speech_seconds=st.just(0.0),
    second_opinion=st.booleans(),
)


@given(script=scripts, options=option_sets, short=st.integers(0, CHUNK - 1))
def test_all_speech_is_in_windows_that_fit(
    script: list[float], options: WindowOptions, short: int
) -> None:
    total = max(0, len(script) * CHUNK - short)
    audio = noise(total)
    windows = list(speech_windows(cut(audio, 3000), Scripted(script), options))
    spans = sample_spans(windows)
    heard = sample_spans([window for window in windows if not window.skipped])
    for (_, before), (after, _) in itertools.pairwise(heard):
        assert before <= after
    covered = np.zeros(total, bool)
    for window, (start, end) in zip(windows, spans, strict=True):
        assert 0 <= start < end <= total
        assert window.samples.size <= options.max_seconds * RATE
        parts = sample_parts(window)
        assert (parts[0][0], parts[-1][1]) == (start, end)
        assert all(a[1] < b[0] for a, b in itertools.pairwise(parts))
        assert np.array_equal(window.samples, np.concatenate([audio[a:b] for a, b in parts]))
        for a, b in parts:
            assert not covered[a:b].any()
            covered[a:b] = True
    for number, probability in enumerate(script):
        if probability >= options.threshold:
            assert covered[number * CHUNK : (number + 1) * CHUNK].all()
    assert [window.index for window in windows] == list(range(len(windows)))
    assert options.second_opinion or len(heard) == len(windows)


# Loud, soft (above -60 dBFS), silent (below), digital silence.
levels = st.lists(
    st.tuples(st.sampled_from([0.1, 0.004, 1e-4, 0.0]), st.integers(1, 90)), min_size=1, max_size=25
).map(lambda runs: np.array([level for level, count in runs for _ in range(count)], np.float32))


@given(
    script=scripts,
    loudness=levels,
    options=option_sets,
    burst=st.sampled_from([0.0, 0.1, 0.5]),
    short=st.integers(0, CHUNK - 1),
)
def test_every_sample_is_in_one_window_or_has_one_reason(
    script: list[float], loudness: Samples, options: WindowOptions, burst: float, short: int
) -> None:
    """However likely speech is and however loud it is: nothing is lost, nothing is heard twice."""
    options = replace(options, min_speech_seconds=burst)
    total = max(0, len(script) * CHUNK - short)
    audio = noise(total) * np.resize(np.repeat(loudness, CHUNK), total) / np.float32(0.1)
    unheard: list[Unheard] = []
    detector = Scripted(script)
    windows = list(speech_windows(cut(audio, 5000), detector, options, unheard=unheard.append))
    times = np.zeros(total, int)
    for window in windows:
        for start, end in sample_parts(window):
            times[start:end] += 1
    for one in unheard:
        first, last = one.span.start * RATE, one.span.end * RATE
        assert first.denominator == last.denominator == 1
        times[int(first) : int(last)] += 1
        assert one.reason in {"silence", "no-voice"}
    assert (times == 1).all()
    assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(unheard))
    for window in windows:
        parts = sample_parts(window)
        assert all(a < b for a, b in parts)
        assert window.samples.size == sum(b - a for a, b in parts) <= options.max_seconds * RATE
        assert not (window.skipped and window.voice)


@settings(max_examples=30)
@given(script=scripts, options=option_sets, size=st.integers(1, 20_000))
def test_windows_do_not_depend_on_the_blocks(
    script: list[float], options: WindowOptions, size: int
) -> None:
    audio = noise(len(script) * CHUNK)
    size = max(size, audio.size // 50)
    one, other = (listened(blocks, script, options) for blocks in ([audio], cut(audio, size)))
    assert one == other


def listened(
    blocks: Iterable[Samples], script: list[float], options: WindowOptions
) -> tuple[list[Any], list[Unheard], list[Span]]:
    """All that is told of a stream."""
    unheard: list[Unheard] = []
    voice: list[Span] = []
    windows = [
        (w.index, w.span, w.parts, w.voice, w.skipped, w.digest)
        for w in speech_windows(
            blocks, Scripted(script), options, voiced=voice.append, unheard=unheard.append
        )
    ]
    return windows, unheard, voice


@given(script=scripts, options=option_sets)
def test_what_must_be_kept_is_bounded(script: list[float], options: WindowOptions) -> None:
    planner = WindowPlanner(options.limits())
    # Each pause that is shortened costs up to its length, and leaves its margins and a chunk.
    gaps = options.max_seconds * RATE / (2 * options.pad_seconds * RATE + CHUNK) + 1
    most = (options.max_seconds + options.pad_seconds) * RATE
    most += (gaps + 1) * options.pause_seconds * RATE
    most += RATE  # what the margin in front may grow by
    for number, probability in enumerate(script, 1):
        planner.push(probability, 0.0)
        assert number * CHUNK - planner.needed_from <= most + 2 * CHUNK


def test_long_silence_is_dropped_and_margins_take_the_room_of_a_window() -> None:
    """On each side no more than half of the pause that ends a window."""
    script = [0.0] * 100 + [0.9] * 50 + [0.0] * 200 + [0.9] * 50 + [0.0] * 100
    options = WindowOptions(pad_seconds=0.32, min_silence_seconds=2.0)
    windows = spoken([noise(len(script) * CHUNK)], script, options)
    assert sample_spans(windows) == [
        (100 * CHUNK - RATE, 150 * CHUNK + RATE),
        (350 * CHUNK - RATE, 400 * CHUNK + RATE),
    ]


def test_a_full_window_has_its_margins_and_no_more() -> None:
    script = [0.0] * 100 + [0.9] * 155 + [0.0] * 100
    options = WindowOptions(pad_seconds=0.32, min_silence_seconds=2.0, max_seconds=5.6)
    (window,) = spoken([noise(len(script) * CHUNK)], script, options)
    assert sample_spans([window]) == [(90 * CHUNK, 265 * CHUNK)]
    roomy = replace(options, max_seconds=5.8)
    (window,) = spoken([noise(len(script) * CHUNK)], script, roomy)
    assert sample_spans([window]) == [(90 * CHUNK - 1600, 265 * CHUNK + 1600)]


def test_short_pauses_stay_inside_and_no_more_of_them_than_the_margins() -> None:
    script = [0.9] * 50 + [0.0] * 30 + [0.9] * 50 + [0.0] * 20 + [0.9] * 10
    # 150 chunks are kept: there is room for 10 more, which four margins share.
    options = WindowOptions(pad_seconds=0.32, max_seconds=5.12, min_silence_seconds=2.0)
    (window,) = spoken([noise(len(script) * CHUNK)], script, options)
    assert sample_parts(window) == [(0, 60 * CHUNK + 1280), (70 * CHUNK - 1280, 160 * CHUNK)]
    # With room for it, the pause stays as it was.
    options = replace(options, max_seconds=30.0)
    (window,) = spoken([noise(len(script) * CHUNK)], script, options)
    assert sample_parts(window) == [(0, 160 * CHUNK)]


def test_many_short_lines_with_pauses_fill_one_window() -> None:
    """Each window of exact mode costs as much as a full one, so pauses do not count."""
    script = ([0.9] * chunked(2) + [0.0] * chunked(4)) * 12
    audio = noise(len(script) * CHUNK)
    options = WindowOptions(min_silence_seconds=15.0)
    first, second = spoken(cut(audio, 7000), script, options)
    assert len(sample_parts(first)) == 10
    assert 27 * RATE < first.samples.size <= 30 * RATE
    assert len(sample_parts(second)) == 2
    assert len(spoken(cut(audio, 7000), script, WindowOptions())) == 12


def test_bursts_are_dropped() -> None:
    script = [0.0] * 80 + [0.9] * 3 + [0.0] * 80
    audio = [noise(len(script) * CHUNK)]
    assert not spoken(audio, script, WindowOptions(min_speech_seconds=0.1))
    assert spoken(audio, script, WindowOptions(min_speech_seconds=0.0))


def test_overlong_speech_is_cut_at_the_longest_pause() -> None:
    """Three pauses before the limit: the one of 0.6 s is better than later ones of 0.1 s."""
    script = [0.9] * 200 + [0.0] * 20 + [0.9] * 40 + [0.0] * 4 + [0.9] * 20 + [0.0] * 4 + [0.9] * 90
    options = WindowOptions(max_seconds=10.0)
    windows = spoken([noise(len(script) * CHUNK)], script, options)
    middle = 210 * CHUNK
    assert sample_spans(windows)[0][1] == middle
    assert sample_spans(windows)[1][0] == middle


def test_of_two_pauses_the_surer_one_is_cut() -> None:
    script = [0.9] * 200 + [0.01] * 10 + [0.9] * 20 + [0.34] * 10 + [0.9] * 170
    options = WindowOptions(max_seconds=10.0, threshold=0.5)
    windows = spoken([noise(len(script) * CHUNK)], script, options)
    assert sample_spans(windows)[0][1] == 205 * CHUNK


def test_without_a_pause_the_quietest_place_is_cut() -> None:
    script = [0.99] * chunked(15)
    audio = noise(len(script) * CHUNK)
    audio[9 * RATE - 2000 : 9 * RATE + 2000] *= 0.01
    options = WindowOptions(max_seconds=10.0)
    windows = spoken([audio], script, options)
    assert abs(sample_spans(windows)[0][1] - 9 * RATE) < 2000


def test_without_detection_everything_is_decoded() -> None:
    audio = noise(25 * RATE + 77)
    audio[8 * RATE - 3000 : 8 * RATE + 3000] *= 0.01
    options = WindowOptions(max_seconds=10.0, vad=False)
    spans = sample_spans(list(speech_windows(cut(audio, 999), None, options)))
    assert spans[0][0] == 0
    assert abs(spans[0][1] - 8 * RATE) < 3000
    assert spans[-1][1] == audio.size
    for (_, before), (after, _) in itertools.pairwise(spans):
        assert before == after


@pytest.mark.parametrize("vad", [True, False])
@pytest.mark.parametrize("blocks", [[], [np.zeros(0, np.float32)]])
def test_no_audio_gives_no_windows(vad: bool, blocks: list[Samples]) -> None:
    assert not list(speech_windows(blocks, Scripted([]), WindowOptions(vad=vad)))


def test_real_speech_is_found(clips: dict[str, Clip]) -> None:
    gap = np.zeros(4 * RATE, np.float32)
    audio = np.concatenate([part for clip in clips.values() for part in (gap, clip.samples)])
    found = speech_windows(cut(audio, 1234), SileroVoiceDetector(), WindowOptions())
    windows = [window for window in found if not window.skipped]
    assert len(windows) == len(clips)
    at = Fraction(0)
    for clip, window in zip(clips.values(), windows, strict=True):
        at += 4
        assert float(window.span.start - at) <= clip.start + 0.05
        assert float(window.span.end - at) >= clip.end - 0.2
        at += Fraction(clip.samples.size, RATE)
    assert len({window.digest for window in windows}) == len(windows)


def test_digest_is_that_of_the_samples(clips: dict[str, Clip]) -> None:
    speech = clips["es"].samples
    gap = np.zeros(5 * RATE, np.float32)
    options = WindowOptions(vad=False, max_seconds=5.0)
    audio = np.concatenate([gap, speech])
    first = list(speech_windows([audio], None, options))
    again = list(speech_windows([audio], None, options))
    assert [w.digest for w in first] == [w.digest for w in again]
    assert len({w.digest for w in first}) == len(first)


@pytest.mark.parametrize(
    "changes",
    [
        {"max_seconds": 0.5},
        {"max_seconds": 31.0},
        {"threshold": 0.0},
        {"threshold": 0.4, "neg_threshold": 0.5},
        {"min_silence_seconds": 20.0},
        {"pad_seconds": -0.1},
        {"max_seconds": float("nan")},
    ],
)
def test_options_out_of_range(changes: dict[str, float]) -> None:
    with pytest.raises(PlanError, match="must be from"):
        WindowOptions(**changes)  # type: ignore[arg-type]


def test_detection_needs_a_detector() -> None:
    with pytest.raises(PlanError, match="no detector"):
        list(speech_windows([], None, WindowOptions()))


def voiced_in(script: list[float], *, short: int = 0, vad: bool = True) -> list[tuple[int, int]]:
    found: list[Span] = []
    audio = noise(len(script) * CHUNK - short)
    options = WindowOptions(vad=vad)
    for _ in speech_windows(cut(audio, 8000), Scripted(script), options, voiced=found.append):
        pass
    assert all((s.start * RATE).denominator == (s.end * RATE).denominator == 1 for s in found)
    return [(int(s.start * RATE / CHUNK), int(s.end * RATE)) for s in found]


def test_voice_is_told_without_margins_and_parted_at_pauses() -> None:
    low, middle, high = 0.05, 0.2, 0.9
    script = [low] * 10 + [high] * 20 + [low] * 4 + [high] * 10 + [low] * 3 + [middle] + [high] * 8
    assert voiced_in([*script, *[low] * 30]) == [
        (10, 30 * CHUNK),
        (34, 44 * CHUNK),
        (48, 56 * CHUNK),
    ]
    # A pause of under 100 ms (three chunks) does not part.
    assert voiced_in([high] * 9 + [low] * 3 + [high] * 9) == [(0, 21 * CHUNK)]
    # Above the lower threshold the voice goes on.
    assert voiced_in([high] * 9 + [middle] * 30 + [high]) == [(0, 40 * CHUNK)]


def test_voice_ends_with_the_sound_and_leaves_bursts_out() -> None:
    assert voiced_in([0.9] * 20, short=100) == [(0, 20 * CHUNK - 100)]
    assert voiced_in([0.9] * 20 + [0.0] * 2, short=100) == [(0, 20 * CHUNK)]
    assert voiced_in([0.0] * 20 + [0.9] * 3 + [0.0] * 20) == []
    assert voiced_in([0.9] * 20, vad=False) == []


@given(script=scripts.filter(bool), size=st.integers(1, 3000))
def test_voice_is_in_order_and_where_it_was_heard(script: list[float], size: int) -> None:
    found: list[Span] = []
    audio = noise(len(script) * CHUNK)
    options = WindowOptions(min_speech_seconds=0.0)
    every = list(
        speech_windows(cut(audio, size * 10), Scripted(script), options, voiced=found.append)
    )
    windows = [window for window in every if not window.skipped]
    assert all(a.end < b.start for a, b in itertools.pairwise(found))
    heard = {number for number, probability in enumerate(script) if probability >= 0.25}
    told = {
        number
        for span in found
        for number in range(int(span.start * RATE) // CHUNK, int(span.end * RATE) // CHUNK)
    }
    assert heard <= told
    for span in found:  # whatever is voice was given to the recogniser
        inside = [w for w in windows if w.span.start < span.end and w.span.end > span.start]
        assert inside[0].span.start <= span.start
    # Each window has the voice in it, for those who look for words that are missing.
    for window in windows:
        overlapping = [span for span in found if span.overlaps(window.span)]
        assert [span.start for span in window.voice] == [span.start for span in overlapping]
        for mine, whole in zip(window.voice, overlapping, strict=True):
            assert mine.end == whole.end or window.span.end <= mine.end <= whole.end


def skipped_in(
    script: list[float], loudness: list[float], options: WindowOptions
) -> tuple[list[list[tuple[int, int]]], list[tuple[int, int, str]]]:
    """Windows for a second opinion as their parts, and what has a reason, both in chunks."""
    audio = (
        noise(len(script) * CHUNK)
        * np.repeat(np.array(loudness, np.float32), CHUNK)
        * np.float32(10)
    )
    unheard: list[Unheard] = []
    detector = Scripted(script)
    windows = list(speech_windows([audio], detector, options, unheard=unheard.append))
    parts = [
        [(a // CHUNK, b // CHUNK) for a, b in sample_parts(window)]
        for window in windows
        if window.skipped
    ]
    told = [
        (int(one.span.start * RATE) // CHUNK, int(one.span.end * RATE) // CHUNK, one.reason)
        for one in unheard
    ]
    return parts, told


def test_what_is_skipped_is_heard_again_or_has_its_reason() -> None:
    script = [0.0] * 40 + [0.16] * 20 + [0.0] * 40 + [0.16] * 8 + [0.0] * 60 + [0.16] * 40
    loudness = [0.1] * 100 + [1e-4] * 30 + [0.1] * 38 + [1e-4] * 40
    heard, told = skipped_in(script, loudness, WindowOptions())
    # One stretch that may be speech: no more than 0.16, but sure nowhere that it is none.
    assert heard == [[(0, 100)]]
    assert told == [(100, 130, "silence"), (130, 168, "no-voice"), (168, 208, "silence")]
    heard, told = skipped_in(script, loudness, WindowOptions(second_opinion_threshold=0.0))
    assert heard == [[(0, 100), (130, 168)]]
    assert told == [(100, 130, "silence"), (168, 208, "silence")]
    heard, told = skipped_in(script, loudness, WindowOptions(second_opinion=False))
    assert heard == []
    assert told == [
        (0, 100, "no-voice"),
        (100, 130, "silence"),
        (130, 168, "no-voice"),
        (168, 208, "silence"),
    ]


def test_a_stretch_too_short_for_a_word_is_not_heard_again() -> None:
    script = [0.16] * 9 + [0.0] * 10 + [0.16] * 10
    loudness = [0.1] * 9 + [1e-4] * 10 + [0.1] * 10
    heard, told = skipped_in(script, loudness, WindowOptions())
    assert heard == [[(19, 29)]]
    assert told == [(0, 9, "no-voice"), (9, 19, "silence")]


def test_without_detection_nothing_is_skipped() -> None:
    unheard: list[Unheard] = []
    options = WindowOptions(vad=False)
    windows = list(
        speech_windows([noise(50 * RATE)], None, options, unheard=unheard.append, voiced=print)
    )
    assert unheard == []
    assert not any(window.skipped for window in windows)

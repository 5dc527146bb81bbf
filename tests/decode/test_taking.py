"""A window on its way: divided where it failed, gone over again where words are missing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.decode import schedule as schedule_module
from subkit.decode.beam_search import Decoded, search
from subkit.decode.features import LogMel
from subkit.decode.holes import find_holes, is_believed, may_be_speech
from subkit.decode.taking import Take
from subkit.decode.window_language import Verdict
from subkit.decode.window_lines import cut_window, find_lines
from subkit.decode.words import TimedWord
from subkit.model import Span
from tests.decode.conftest import make_recognizer, make_window

if TYPE_CHECKING:
    from subkit.interfaces import Samples
    from tests.decode.conftest import Clip

RATE = 16_000


def bursts(*lengths: int) -> Samples:
    """Sound and silence in turn, in tenths of a second."""
    rng = np.random.default_rng(8)
    parts = [
        rng.standard_normal(length * RATE // 10) * (1e-5 if place % 2 else 0.1)
        for place, length in enumerate(lengths)
    ]
    return np.concatenate(parts).astype(np.float32)


def take_of(samples: Samples, voice: tuple[tuple[float, float], ...] = (), **more: Any) -> Take:
    spans = tuple(
        Span(Fraction(a).limit_denominator(100), Fraction(b).limit_denominator(100))
        for a, b in voice
    )
    return Take(make_window(samples, voice=spans, **more), LogMel(FeatureExtractor()))


def is_over(take: Take) -> bool:
    return take.done


def divides(take: Take) -> bool:
    return take.is_divisible


def word(text: str, start: float, end: float, sure: float = 0.9) -> TimedWord:
    return TimedWord(f" {text}", start, end, sure, 1)


def decoded(score: float = -0.2, text: str = "a") -> Decoded:
    return Decoded(tokens=(1, 2), score=score, no_speech=0.0, ratio=1.0, temperature=0.0, text=text)


@settings(max_examples=40)
@given(lengths=st.lists(st.integers(1, 80), min_size=1, max_size=9))
def test_halves_join_to_the_whole_and_are_not_divided_again(lengths: list[int]) -> None:
    samples = bursts(*lengths)[: 30 * RATE]
    take = take_of(samples)
    if is_over(take):
        return
    whole, frames = take.features(), take.frames
    assert frames == samples.size // 160
    if not divides(take):
        return
    take.divide()
    first = take.frames
    assert 300 <= first <= frames - 300
    assert not take.activity.any(first / 100, first / 100)
    assert not divides(take)
    assert np.array_equal(take.features()[:, :first], whole[:, :first])
    take.move_on(None)
    if is_over(take):  # nothing but silence is left
        assert not take.activity.any(first / 100, frames / 100)
        return
    assert take.frames == frames - first
    assert np.array_equal(take.features()[:, : frames - first], whole[:, first:frames])
    assert not divides(take)
    take.move_on(None)
    assert is_over(take)


def test_only_a_silence_with_room_on_both_sides_divides() -> None:
    assert take_of(bursts(40, 5, 40)).is_divisible
    assert not take_of(bursts(20, 5, 60)).is_divisible
    assert not take_of(bursts(90)).is_divisible


@pytest.mark.parametrize(
    ("resume", "over"), [(8.72, True), (8.71, True), (8.7, False), (8.5, False)]
)
def test_a_short_rest_of_a_window_is_not_decoded_again(resume: float, over: bool) -> None:
    take = take_of(bursts(90))
    assert take.frames == 900
    take.move_on(resume)
    assert is_over(take) is over
    if not over:
        assert take.frames == 900 - round(100 * resume)


def test_each_pass_moves_on_by_half_a_second_at_least() -> None:
    take = take_of(bursts(90))
    take.move_on(0.1)
    assert take.frames == 900 - 50
    take.move_on(0.6)
    assert take.frames == 900 - 50 - 60


def test_only_holes_with_room_for_a_word_are_gone_over_again() -> None:
    take = take_of(bursts(90))
    take.move_on(None)
    assert is_over(take)
    assert take.examine(lambda _: [(1.0, 1.29), (3.0, 3.3), (8.9, 12.0)]) == 1
    assert (take.frames, take.fills_hole, is_over(take)) == (30, True, False)
    assert take.examine(lambda _: [(1.0, 5.0)]) == 0, "once is enough"


def test_words_of_both_halves_have_the_times_of_the_window() -> None:
    take = take_of(bursts(40, 10, 50))
    take.divide()
    cut = take.frames / 100
    assert 4.0 < cut < 5.0
    take.add([word("one", 0.5, 1.0)])
    take.move_on(None)
    take.add([word("two", 0.5, 1.0)])
    take.move_on(None)
    assert [one.text for one in take.words] == [" one", " two"]
    assert take.words[1].start == pytest.approx(cut + 0.5)


@pytest.mark.parametrize(
    ("words", "voice", "holes"),
    [
        # A word stretched over a sentence.
        ([("one", 0.2, 0.6), ("two", 0.6, 5.0), ("three", 5.0, 5.5)], [(0, 6)], [(0.4, 5.2)]),
        # The same without voice in it: a pause.
        ([("one", 0.2, 0.6), ("two", 0.6, 5.0), ("three", 5.0, 5.5)], [(0, 1.5), (4.8, 6)], []),
        # Voice before the first word, and after the last.
        ([("one", 3.0, 3.5)], [(0.5, 3.5)], [(0.0, 3.2)]),
        ([("one", 3.0, 3.5)], [(3.0, 9.5)], [(3.3, 10.0)]),
        ([("one", 3.0, 3.5)], [(3.0, 4.5)], []),
        # No word at all, or no voice told: the window as a whole is doubted elsewhere.
        ([], [(0, 10)], []),
        ([("one", 3.0, 9.5)], [], []),
    ],
)
def test_holes_are_where_voice_has_no_words(
    words: list[Any], voice: list[tuple[float, float]], holes: list[tuple[float, float]]
) -> None:
    take = take_of(bursts(100), tuple(voice))
    take.words = [word(*one) for one in words]
    assert find_holes(take) == [pytest.approx(hole) for hole in holes]


def test_what_fills_a_hole_takes_the_place_of_the_long_word_in_order() -> None:
    take = take_of(bursts(100), ((0.0, 10.0),))
    take.add([word("first", 0.1, 0.5), word("long", 0.5, 6.0), word("last", 6.0, 9.4)])
    take.note(decoded(), accepted=True)
    take.move_on(None)
    assert take.done
    assert take.examine(lambda _: [(0.4, 6.1)]) == 1
    assert take.fills_hole
    assert not take.is_divisible
    assert take.frames == 570
    take.add([word("a", 0.3, 1.0), word("lost", 1.0, 2.0), word("line", 2.0, 3.0)])
    take.move_on(None)
    assert [one.text.strip() for one in take.words] == ["first", "a", "lost", "line", "last"]
    starts = [one.start for one in take.words]
    assert starts == sorted(starts)
    assert starts[1] == pytest.approx(0.7)
    assert take.done
    # Once is enough: what is still missing stays so.
    assert take.examine(lambda _: [(0.0, 5.0)]) == 0
    assert take.done


def test_a_hole_in_which_nothing_is_heard_leaves_the_words_as_they_were() -> None:
    take = take_of(bursts(100), ((0.0, 10.0),))
    take.add([word("long", 0.5, 6.0)])
    take.move_on(None)
    take.examine(lambda _: [(0.4, 6.1)])
    take.add([])
    take.move_on(None)
    assert [one.text for one in take.words] == [" long"]


def test_holes_at_the_edges_and_too_short_ones() -> None:
    take = take_of(bursts(100), ((0.0, 10.0),))
    take.move_on(None)
    assert take.examine(lambda _: [(-1.0, 2.0), (4.0, 4.2), (9.0, 20.0)]) == 2
    assert take.frames == 200
    take.move_on(None)
    assert take.frames == 100
    take.move_on(None)
    assert take.done


@pytest.mark.parametrize(
    ("score", "sure", "believed", "shown"),
    [
        (-0.2, 0.9, True, True),
        (-0.5, 0.6, True, True),
        (-0.51, 0.9, False, True),
        (-0.2, 0.59, False, True),
        (-0.81, 0.9, False, False),
        (-0.2, 0.49, False, False),
    ],
)
def test_where_nobody_was_heard_only_what_is_sure_is_believed(
    score: float, sure: float, believed: bool, shown: bool
) -> None:
    words = [word("one", 0, 1, sure), word("two", 1, 2, sure)]
    skipped = take_of(bursts(50), skipped=True)
    assert is_believed(skipped, decoded(score), words) is believed
    assert may_be_speech(score, words) is shown
    assert is_believed(take_of(bursts(50)), decoded(score), words)
    assert not is_believed(skipped, decoded(score), [])
    assert not may_be_speech(score, [])


def test_what_failed_is_divided_before_any_temperature(
    clips: dict[str, Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sentences that loop when decoded at once; each alone is heard."""
    gap = np.zeros(RATE, np.float32)
    english = clips["en"].samples
    window = make_window(np.concatenate([english, gap, gap, english]))
    seen: list[float] = []

    def looping(*arguments: Any) -> list[Decoded]:
        jobs = arguments[2]
        seen.extend(job.seconds for job in jobs)
        found = search(*arguments)
        return [
            replace(one, ratio=9.0) if job.seconds > 7 else one
            for one, job in zip(found, jobs, strict=True)
        ]

    def refuse(*_: Any) -> Any:
        raise AssertionError("no temperature before it was divided")

    monkeypatch.setattr(schedule_module, "search", looping)
    monkeypatch.setattr(schedule_module, "retry", refuse)
    recognizer = make_recognizer(language="en", mode="exact")
    (result,) = recognizer.recognize([window])
    counts = recognizer.counts
    assert (counts.divided, counts.retried) == (1, 0)
    assert max(seen) == pytest.approx(window.samples.size / RATE, abs=0.02)
    assert sum(sorted(set(seen))[:2]) == pytest.approx(max(seen), abs=0.02)
    (alone,) = recognizer.recognize([make_window(english)])
    half = [one.text for one in alone.words]
    assert [one.text for one in result.words] == half * 2
    starts = [float(one.span.start) for one in result.words]
    shift = english.size / RATE + 2
    assert starts[len(half)] - starts[0] == pytest.approx(shift, abs=0.2)
    assert "loop" not in result.window.warnings


def test_a_sentence_that_the_decoder_left_out_is_found(
    clips: dict[str, Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first pass stops after the first sentence; the voice after it has no words."""
    english, spanish = clips["en"], clips["en"]
    length = english.samples.size / RATE
    audio = np.concatenate([english.samples, np.zeros(RATE, np.float32), spanish.samples])
    voice = (
        Span(
            Fraction(english.start).limit_denominator(100),
            Fraction(english.end).limit_denominator(100),
        ),
        Span(
            Fraction(length + 1 + spanish.start).limit_denominator(100),
            Fraction(length + 1 + spanish.end).limit_denominator(100),
        ),
    )

    def forgetful(*arguments: Any) -> list[Decoded]:
        found = search(*arguments)
        for place, (one, job) in enumerate(zip(found, arguments[2], strict=True)):
            if job.seconds > 7:
                text = [token for token in one.tokens if token < job.tokenizer.eot]
                kept = text[: len(text) // 2]
                found[place] = Decoded(
                    tokens=tuple(kept),
                    score=-0.1,
                    no_speech=0.0,
                    ratio=1.0,
                    temperature=0.0,
                    text=job.tokenizer.decode(kept),
                )
        return found

    options = {"language": "en", "mode": "exact", "timestamps": False}
    (whole,) = make_recognizer(**options).recognize([make_window(audio)])
    monkeypatch.setattr(schedule_module, "search", forgetful)
    recognizer = make_recognizer(**options)
    (without,) = recognizer.recognize([make_window(audio)])
    assert recognizer.counts.holes == 0
    assert len(without.words) < 0.7 * len(whole.words)
    (filled,) = recognizer.recognize([make_window(audio, voice=voice)])
    assert recognizer.counts.holes == 1
    assert len(filled.words) > 0.8 * len(whole.words)
    assert float(filled.words[-1].span.start) > length + 1


def test_lines_of_a_window_become_takes_where_their_languages_differ() -> None:
    samples = np.arange(5 * RATE, dtype=np.float32) / (8 * RATE)
    parts = tuple(Span(Fraction(a), Fraction(b)) for a, b in ((0, 2), (4, 7)))
    voice = tuple(Span(Fraction(a), Fraction(b)) for a, b in ((1, 1.5), (4.5, 5.25), (5.75, 6.75)))
    window = replace(
        make_window(samples, parts=parts, voice=voice), span=Span(Fraction(0), Fraction(7))
    )
    take = Take(window, LogMel(FeatureExtractor()))
    assert [line.seconds for line in take.lines] == [2.0, 1.5, 1.5]
    take.verdict = Verdict(language="en", probability=0.8, unsure=False, lines=("ko", "en", "en"))
    first, second = take.leaves
    assert (first.language, second.language) == ("ko", "en")
    assert first.opens
    assert not second.opens
    assert first.window.span == parts[0]
    assert second.window.span == parts[1]
    np.testing.assert_array_equal(
        np.concatenate([first.window.samples, second.window.samples]), samples
    )
    assert [len(leaf.voice) for leaf in (first, second)] == [1, 2]


def test_a_window_is_cut_inside_of_its_parts() -> None:
    samples = np.arange(5 * RATE, dtype=np.float32)
    parts = tuple(Span(Fraction(a), Fraction(b)) for a, b in ((0, 2), (4, 7)))
    window = replace(make_window(samples, parts=parts), span=Span(Fraction(0), Fraction(7)))
    cut = cut_window(window, 1.0, 3.0)
    assert cut.parts == (Span(Fraction(1), Fraction(2)), Span(Fraction(4), Fraction(5)))
    np.testing.assert_array_equal(cut.samples, samples[RATE : 3 * RATE])


def test_a_short_line_stays_with_the_one_before() -> None:
    assert find_lines([(0.5, 2.0), (2.5, 3.0), (3.4, 6.0)], 6.5) == [(0.0, 2.25), (2.25, 6.5)]
    assert find_lines([(0.5, 2.0), (2.2, 6.0)], 6.5) == [(0.0, 6.5)]
    assert find_lines([], 6.5) == [(0.0, 6.5)]


def test_a_window_in_one_language_is_decoded_as_it_is() -> None:
    take = take_of(bursts(10, 5, 10))
    take.verdict = Verdict(language="en", probability=0.9, unsure=False)
    assert take.leaves == (take,)

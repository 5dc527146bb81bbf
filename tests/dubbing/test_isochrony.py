"""How well lines fit: their time, their pauses, the lips; and which of several texts is best."""

from __future__ import annotations

import pytest

from subkit.dubbing import (
    Band,
    Bands,
    FitOptions,
    Tempo,
    TimeSlot,
    calibrate,
    calibrate_speakers,
    closure_offsets,
    closure_score,
    fit_line,
    fit_pauses,
    fit_penalty,
    fit_track,
    knows_closures,
    may_pause,
    phrases,
    timed_words,
)
from subkit.model import LineKind
from tests.dubbing.lines import line, lips, pause, track


def at_pace(text: str, ratio: float = 1.0) -> float:
    """Seconds in which a text would be spoken ``ratio`` times as fast as predicted."""
    return Tempo().predict(text, "en") / ratio


@pytest.mark.parametrize(
    ("ratio", "band"),
    [(1.0, Band.GREEN), (1.09, Band.GREEN), (1.11, Band.AMBER), (0.89, Band.AMBER),
     (1.39, Band.AMBER), (1.41, Band.RED), (0.59, Band.RED)],
)  # fmt: skip
def test_the_ratio_of_predicted_to_given_time_makes_the_band(ratio: float, band: Band) -> None:
    text = "Somebody is following us to the harbour"
    fit = fit_line(line("c1", 5, 5 + at_pace(text, ratio), text), "en", Tempo())
    assert fit.ratio == pytest.approx(ratio, abs=0.002)
    assert fit.band is band
    assert fit.excess == pytest.approx(fit.seconds - fit.source_seconds)
    assert not fit.calibrated


def test_bands_can_be_a_studios_own() -> None:
    assert Bands(green=(0.5, 2)).of(1.9) is Band.GREEN


def test_a_pause_takes_its_time_away_and_makes_two_phrases() -> None:
    cue = line("c1", 0, 3, "Wait for me, I come now.", pause(13, 1, 2))
    fit = fit_line(cue, "en", Tempo())
    assert fit.source_seconds == pytest.approx(2)
    assert [one.seconds for one in fit.phrases] == [pytest.approx(1), pytest.approx(1)]
    assert (fit.pauses, fit.pauses_kept) == (1, 1)


def test_a_pause_inside_a_phrase_that_belongs_together_is_not_kept() -> None:
    cue = line("c1", 0, 3, "Wait for the man.", pause(13, 1, 2))
    assert fit_line(cue, "en", Tempo()).pauses_kept == 0
    assert may_pause("Wait for me, I come now.", 13, "en")
    assert not may_pause("Wait for the man.", 13, "en")
    assert not may_pause("Wait.", 0, "en")
    assert not may_pause("Wait.", 5, "en")


def test_the_tempo_of_a_speaker_is_measured_and_used_for_their_lines_alone() -> None:
    text = "Somebody is following us to the harbour and nobody knows"
    normal = at_pace(text)
    fast = [line(f"f{n}", 20 * n, 20 * n + normal / 1.5, text, who="fast") for n in range(4)]
    slow = [line(f"s{n}", 20 * n + 9, 20 * n + 9 + normal, text, who="slow") for n in range(4)]
    brief = line("b", 99, 99.4, "Come in", who="brief")
    tempos = calibrate_speakers([*fast, *slow, brief], "en")
    assert tempos["fast"].speed == pytest.approx(1.5, abs=0.02)
    assert tempos["slow"].speed == pytest.approx(1, abs=0.02)
    assert tempos["brief"] == tempos[None], "who says too little has the tempo of all"
    source = track(*fast, *slow, brief)
    fits = fit_track(source, source)
    assert {one.band for one in fits if one.character != "brief"} == {Band.GREEN}
    assert all(one.calibrated for one in fits)


def test_less_than_five_seconds_of_speech_give_no_tempo() -> None:
    assert calibrate([("Come in now please", 4.9)], "en") is None
    assert calibrate([("Come in now please", 5.1)], "en") is not None


def test_word_times_that_cannot_be_do_not_make_a_tempo_beyond_twice_the_usual() -> None:
    slow = calibrate([("Come", 60.0)], "en")
    assert slow is not None
    assert slow.speed == pytest.approx(0.5)


def test_sounds_and_signs_have_no_time_to_fit() -> None:
    cues = [line(kind.value, 0, 2, "Haha", kind=kind) for kind in LineKind]
    fitted = {fit.cue for fit in fit_track(track(*cues), None)}
    assert fitted == {"dialogue", "crowd", "song"}
    assert fit_track(track(line("c1", 0, 2, "…")), None) == ()


def test_phrases_cover_the_text_and_leave_out_the_pauses() -> None:
    cue = line("c1", 0, 4, "One two, three four.", pause(9, 1, 2), pause(15, 2.5, 3))
    found = phrases(cue)
    assert "".join(cue.text[one.start : one.end] for one in found) == cue.text
    assert [(float(one.span.start), float(one.span.end)) for one in found] == [
        (0, 1), (2, 2.5), (3, 4),
    ]  # fmt: skip


def test_pauses_outside_a_line_are_none() -> None:
    cue = line("c1", 1, 2, "One two", pause(0, 0.2, 0.8), pause(7, 2, 3))
    assert len(phrases(cue)) == 1


def test_words_of_an_adapted_line_get_the_share_of_their_syllables() -> None:
    cue = line("c1", 0, 3, "Go, tomorrow")
    first, second = timed_words(cue, "en")
    assert (first.offset, second.offset) == (0, 4)
    assert float(first.seconds) == pytest.approx(3 / 4)
    assert float(second.seconds) == pytest.approx(9 / 4)


def test_pauses_are_laid_where_the_language_allows_a_break() -> None:
    text = "I do not know, but the man in the house does."
    plan = fit_pauses(text, "en", [1.0, 1.6])
    assert text[: plan.offsets[0]].strip() == "I do not know,"
    assert plan.forced == 0


def test_a_text_of_one_word_cannot_pause() -> None:
    assert fit_pauses("Wait", "en", [1, 1]).forced == 1
    assert fit_pauses("Wait", "en", [1]).offsets == ()


@pytest.mark.parametrize(
    ("text", "language", "closing"),
    [
        ("My baby", "en", [0, 3, 5]),
        ("lamb", "en", [2]),
        ("phone", "en", []),
        ("happy", "en", [2]),
        ("밥 먹어", "ko", [0, 0, 2]),
        ("삶", "ko", [0]),
        ("감사", "ko", [0]),
        ("바다", "ko", [0]),
        ("まって", "ja", [0]),
        ("un vaso", "es", [3]),
        ("我妈妈", "zh", []),
    ],
)
def test_letters_tell_where_lips_close(text: str, language: str, closing: list[int]) -> None:
    assert list(closure_offsets(text, language)) == closing


def test_chinese_characters_do_not_show_the_lips() -> None:
    assert not knows_closures("zh-Hant")
    assert knows_closures("ko")


def test_closures_agree_within_a_tenth_of_a_second_one_by_one() -> None:
    assert closure_score([], []) is None
    assert closure_score([1.0, 2.0], [1.09, 1.91]) == pytest.approx(1)
    assert closure_score([1.0, 2.0], [1.11, 2.5]) == pytest.approx(0)
    assert closure_score([1.0], [0.95, 1.05]) == pytest.approx(2 / 3)


def test_lips_count_on_screen_only_and_as_advice() -> None:
    cue = line("c1", 0, 1, "My", *lips(0))
    assert fit_line(cue, "en", Tempo()).closures == pytest.approx(1)
    assert fit_line(cue, "zh", Tempo()).closures is None
    assert fit_line(line("c1", 0, 1, "My"), "en", Tempo()).closures is None


def test_of_two_texts_the_one_that_fits_the_time_loses_less() -> None:
    text = "Somebody is following us"
    slot = TimeSlot(phrases=((0.0, at_pace(text)),))
    long = f"{text} and I do not know where from, nor what they want"
    fits, spills = (fit_penalty(one, "en", slot) for one in (text, long))
    assert fits == 0
    assert spills > 0.2
    off = TimeSlot(phrases=slot.phrases, seen=False)
    assert fit_penalty(long, "en", off) < spills


def test_a_misfit_never_weighs_more_than_its_most() -> None:
    slot = TimeSlot(phrases=((0.0, 0.2),))
    weights = FitOptions(duration=10, most=0.35)
    assert fit_penalty("word " * 200, "en", slot, weights) == pytest.approx(0.35)


def test_lips_that_agree_are_worth_something_where_the_mouth_is_seen() -> None:
    text = "My man"
    slot = TimeSlot(phrases=((0.0, at_pace(text)),))
    seen = TimeSlot(phrases=slot.phrases, closures=(0.0,))
    assert fit_penalty(text, "en", seen) < fit_penalty(text, "en", slot)

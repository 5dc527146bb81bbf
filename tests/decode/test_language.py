from __future__ import annotations

import pytest

from subkit.decode.window_language import (
    Heard,
    Verdict,
    decide_languages,
    from_whisper,
    join_verdicts,
    sounds_mixed,
    to_whisper,
)


def heard(seconds: float, **probabilities: float) -> Heard:
    return Heard(seconds=seconds, probabilities=probabilities)


def languages(*windows: Heard, known: tuple[str, ...] = (), prior: str | None = None) -> list[str]:
    return [v.language for v in decide_languages(windows, known=known, prior=prior)]


def test_sure_windows_have_their_own_language() -> None:
    found = languages(heard(9, en=0.9, es=0.1), heard(9, es=0.95), heard(9, ko=0.8, en=0.2))
    assert found == ["en", "es", "ko"]


def test_doubtful_windows_follow_the_nearest_sure_one() -> None:
    windows = (
        heard(9, es=0.9),
        heard(9, pt=0.4, es=0.3),  # unsure
        heard(0.9, ko=0.99),  # too short
        heard(9, en=0.9),
    )
    verdicts = decide_languages(windows)
    assert [v.language for v in verdicts] == ["es", "es", "en", "en"]
    assert [v.unsure for v in verdicts] == [False, True, True, False]
    assert verdicts[1].probability == pytest.approx(0.3)
    assert verdicts[2].probability == 0.0


def test_a_short_window_goes_its_own_way_only_when_it_is_certain() -> None:
    long = heard(9, en=0.9)
    assert languages(long, heard(1.5, ko=0.8, en=0.2), long) == ["en", "en", "en"]
    assert languages(long, heard(1.5, ko=0.95, en=0.05), long) == ["en", "ko", "en"]


def test_a_short_window_that_sounds_like_its_neighbours_is_not_doubted() -> None:
    verdicts = decide_languages([heard(9, en=0.9), heard(0.5, en=0.8, es=0.2)])
    assert [verdict.unsure for verdict in verdicts] == [False, False]


def test_without_a_sure_window_the_prior_decides_then_the_vote() -> None:
    doubtful = (heard(1.5, ko=0.8, en=0.1), heard(9, en=0.5, ko=0.2))
    assert languages(*doubtful, prior="es") == ["es", "es"]
    assert languages(*doubtful) == ["en", "en"]


def test_only_known_languages_count() -> None:
    (verdict,) = decide_languages([heard(9, nn=0.6, en=0.3, es=0.1)], known=("en", "es"))
    assert verdict.language == "en"
    assert verdict.probability == pytest.approx(0.75)


def test_nothing_heard_is_undetermined() -> None:
    assert languages(heard(0), heard(0)) == ["und", "und"]
    assert languages(heard(0), heard(9, ko=0.9)) == ["ko", "ko"]
    assert languages() == []


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en", "en"), ("pt-BR", "pt"), ("zh-Hans", "zh"), ("jv", "jw"), ("nb", "no"), ("yue", "yue")],
)
def test_tags_and_codes(tag: str, code: str) -> None:
    assert to_whisper(tag) == code


def test_codes_become_tags() -> None:
    assert from_whisper("jw") == "jv"
    assert from_whisper("ko") == "ko"


def test_a_window_that_is_sure_of_no_language_may_be_in_several() -> None:
    assert sounds_mixed({"ko": 0.94, "en": 0.04, "de": 0.02})
    assert not sounds_mixed({"ko": 0.97, "en": 0.03})
    assert not sounds_mixed({"en": 1.0})
    assert not sounds_mixed({})


def test_languages_that_the_model_does_not_know_mix_nothing() -> None:
    assert not sounds_mixed({"ko": 0.6, "xx": 0.4}, known=("ko", "en"))


def test_lines_in_one_language_are_one_verdict() -> None:
    lines = [Verdict(language="ko", probability=p, unsure=False, heard=("ko",)) for p in (0.9, 0.6)]
    joined = join_verdicts(lines, [3.0, 1.0])
    assert (joined.language, joined.lines) == ("ko", ())
    assert joined.probability == pytest.approx(0.825)


def test_a_window_in_two_languages_has_that_of_most_of_its_time() -> None:
    korean = Verdict(language="ko", probability=0.9, unsure=False, heard=("ko", "ja"))
    english = Verdict(language="en", probability=0.8, unsure=False, heard=("en",))
    joined = join_verdicts([korean, english, korean], [1.0, 5.0, 2.0])
    assert joined.language == "en"
    assert joined.lines == ("ko", "en", "ko")
    assert joined.heard == ("en", "ko", "ja")

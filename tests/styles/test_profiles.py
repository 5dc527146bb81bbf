from fractions import Fraction
from pathlib import Path

import pytest

from subkit.errors import FormatError, InputError, PlanError
from subkit.styles import load_profile, profile_ids, profile_name, read_own_styles, source_texts

NUMBERS = {
    "max_lines", "max_cpl", "max_cps", "counting", "min_duration", "max_duration",
    "min_gap_frames", "chain", "linger", "anticipation",
}  # fmt: skip


@pytest.mark.parametrize("profile_id", profile_ids())
@pytest.mark.parametrize("language", ["en", "ko", "ja", "zh-Hant", "ar", "es-419"])
def test_every_style_is_whole_and_says_where_its_numbers_come_from(
    profile_id: str, language: str
) -> None:
    profile = load_profile(profile_id, language)
    assert profile.id == profile_id
    assert profile.language == language
    assert {source.rule for source in profile.rule_sources} >= NUMBERS
    for source in profile.rule_sources:
        assert source.confidence in set("ABCD")
        assert source.sources
        assert set(source.sources) <= set(source_texts())
    assert profile.max_lines >= 1
    assert profile.max_cpl >= 10
    assert 0 < profile.min_duration < profile.max_duration
    assert profile_name(profile_id)


def test_the_default_style_is_our_own_proposal() -> None:
    profile = load_profile("subkit", "en")
    assert (profile.max_lines, profile.max_cpl, profile.max_cps) == (2, 42, Fraction(17))
    assert profile.min_duration == Fraction(5, 6)
    assert profile.max_duration == 7
    assert profile.min_gap_frames == 2
    assert profile.linger == Fraction(1, 2)
    assert {source.confidence for source in profile.rule_sources} == {"D"}


@pytest.mark.parametrize(
    ("profile_id", "language", "cpl", "cps", "counting"),
    [
        ("subkit", "ko", 16, 12, "half-width"),
        ("subkit", "ja", 13, 4, "half-width"),
        ("subkit", "zh", 16, 9, "half-width"),
        ("subkit", "de", 42, 17, "characters"),
        ("netflix", "en", 42, 20, "characters"),
        ("netflix", "en-GB", 42, 20, "characters"),
        ("netflix", "ru", 39, 17, "characters"),
        ("netflix", "fr", 42, 17, "characters"),
        ("netflix", "zh-TW", 16, 9, "half-width"),
        ("netflix-children", "ko", 16, 9, "half-width"),
        ("netflix-sdh", "ja", 16, 7, "half-width"),
        ("netflix-sdh-children", "en", 42, 17, "characters"),
        ("netflix-template", "en", 42, 17, "characters"),
        ("ard-zdf-orf-srf", "de", 37, 15, "characters"),
        ("sdi-nl", "nl", 37, Fraction(75, 4), "characters"),
        ("amazon-prime", "ar", 42, 20, "characters"),
    ],
)
def test_numbers_for_a_language(
    profile_id: str, language: str, cpl: int, cps: Fraction, counting: str
) -> None:
    profile = load_profile(profile_id, language)
    assert (profile.max_cpl, profile.max_cps, profile.counting) == (cpl, cps, counting)


def test_characters_of_an_alphabet_are_not_applied_to_half_widths() -> None:
    profile = load_profile("bbc", "ko")
    assert profile.max_cpl == 16
    sources = {source.rule: source.confidence for source in profile.rule_sources}
    assert sources["max_cpl"] == "D"
    assert sources["linger"] == "A"


def test_an_unknown_style_names_the_nearest() -> None:
    with pytest.raises(PlanError) as caught:
        load_profile("Netflx", "en")
    assert "Netflx" in caught.value.message
    assert "netflix" in caught.value.remedy


def test_a_style_of_the_user_inherits(tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    file.write_text(
        'inherits = "netflix"\nmax_cps = 15.5\nmin_duration = "5/6"\n[languages.ko]\nmax_cpl = 14\n'
    )
    assert profile_ids(own=read_own_styles(file))[0] == "acme"
    english, korean = (load_profile("acme", tag, own=read_own_styles(file)) for tag in ("en", "ko"))
    assert (english.max_cpl, english.max_cps) == (42, Fraction(31, 2))
    assert (korean.max_cpl, korean.max_cps, korean.counting) == (14, Fraction(31, 2), "half-width")
    sources = {source.rule: source for source in korean.rule_sources}
    assert sources["max_cpl"].sources == ("acme.toml",)
    assert sources["min_gap_frames"].confidence == "A"
    assert load_profile("bbc", "en", own=read_own_styles(file)).max_cpl == 37


def test_a_file_may_hold_several_styles_that_stand_on_each_other(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text(
        '[profiles.house]\ninherits = "ted"\nmax_lines = 3\n'
        '[profiles.kids]\ninherits = "house"\nmax_cps = 11\n'
        "[profiles.subkit]\nmax_cpl = 40\n"
    )
    kids = load_profile("kids", "en", own=read_own_styles(file))
    assert (kids.max_lines, kids.max_cps, kids.min_duration) == (3, Fraction(11), Fraction(1))
    assert load_profile("subkit", "en", own=read_own_styles(file)).max_cpl == 40


def test_all_mistakes_are_named_together(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(
        "max_line = 3\nmax_lines = 0\nmax_cps = -1\ncounting = 'pixels'\nmin_duration = true\n"
        "inherits = 4\n[languages.ko]\nmaxcpl = 1\n[languages]\nja = 3\n"
    )
    with pytest.raises(InputError) as caught:
        load_profile("bad", "en", own=read_own_styles(file))
    for part in (
        "max_line (nearest: max_lines)", "max_lines = 0", "max_cps = -1", "pixels", "min_duration",
        "inherits", "languages.ko.maxcpl (nearest: max_cpl)", "languages.ja",
    ):  # fmt: skip
        assert part in caught.value.message


@pytest.mark.parametrize("text", ["max_cpl =", "max_cpl = 1\nmax_cpl = 2", "\x00"])
def test_what_is_not_toml_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(FormatError, match=r"bad\.toml"):
        load_profile("bad", "en", own=read_own_styles(file))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml"):
        load_profile("subkit", "en", own=read_own_styles(tmp_path / "none.toml"))


def test_styles_that_inherit_in_a_circle_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text('[profiles.a]\ninherits = "b"\n[profiles.b]\ninherits = "a"\n')
    with pytest.raises(InputError, match="inherits itself"):
        load_profile("a", "en", own=read_own_styles(file))


def test_impossible_durations_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("min_duration = 8\n")
    with pytest.raises(InputError, match="min_duration"):
        load_profile("a", "en", own=read_own_styles(file))


def test_an_inherited_style_must_exist(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('inherits = "netflx"\n')
    with pytest.raises(PlanError, match="netflx"):
        load_profile("a", "en", own=read_own_styles(file))

"""Language tags and the codes of model families."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.engines.codes import family_codes, family_languages, match_tag, tag_ladder

NLLB = {tag: codes[0] for tag, codes in family_codes("nllb").items()}


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "eng_Latn"),
        ("en-US", "eng_Latn"),
        ("en_gb", "eng_Latn"),
        ("es-419", "spa_Latn"),
        ("ko-KR", "kor_Hang"),
        ("KO", "kor_Hang"),
        ("zh", "zho_Hans"),
        ("zh-Hans", "zho_Hans"),
        ("zh-CN", "zho_Hans"),
        ("zh-Hant", "zho_Hant"),
        ("zh-TW", "zho_Hant"),
        ("zh-hant-hk", "zho_Hant"),
        ("pt-BR", "por_Latn"),
        ("no", "nob_Latn"),
        ("fil", "tgl_Latn"),
        ("iw", "heb_Hebr"),
        ("kor_Hang", "kor_Hang"),
    ],
)
def test_tags_find_their_code(tag: str, code: str) -> None:
    assert match_tag(tag, NLLB) == code
    assert match_tag(tag, NLLB, writes=True) == code


@pytest.mark.parametrize("tag", ["", "xx", "klingon", "-", "e n", "en;rm"])
def test_other_tags_find_nothing(tag: str) -> None:
    assert match_tag(tag, NLLB) is None


def test_a_script_the_model_does_not_write_is_not_written() -> None:
    codes = {"zh": "__zh__", "sr": "__sr__"}
    assert match_tag("zh-TW", codes) == "__zh__"
    assert match_tag("zh-TW", codes, writes=True) is None
    assert match_tag("sr-Latn", codes, writes=True) is None
    assert match_tag("sr-Cyrl", codes, writes=True) == "__sr__"


@given(st.text(max_size=20))
def test_a_ladder_goes_from_the_exact_to_the_bare(tag: str) -> None:
    ladder = tag_ladder(tag)
    assert len(set(ladder)) == len(ladder)
    lengths = [len(step.split("-")) for step in ladder]
    assert all(1 <= length <= 2 for length in lengths)


def test_families_know_many_languages() -> None:
    assert len(family_languages("nllb")) > 190
    assert len(family_languages("m2m100")) == 100
    assert len(family_languages("whisper")) == 99
    assert {"en", "es", "ko"} <= set(family_languages("m2m100"))
    assert "yue" in family_languages("whisper-v3")


def test_no_two_tags_of_nllb_share_a_code_but_macrolanguages() -> None:
    codes = [codes[0] for tag, codes in family_codes("nllb").items() if tag != "zh-Hans"]
    assert len(set(codes)) == len(codes)


def test_whisper_languages_are_those_of_faster_whisper() -> None:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    known = {"jv" if code == "jw" else code for code in _LANGUAGE_CODES}
    assert set(family_languages("whisper-v3")) == known


@pytest.mark.parametrize("family", ["nllb", "m2m100", "whisper"])
def test_every_language_of_a_family_finds_its_code_with_and_without_a_region(family: str) -> None:
    codes = {tag: found[0] for tag, found in family_codes(family).items()}
    for tag, code in codes.items():
        assert match_tag(tag, codes) == code
        assert match_tag(tag, codes, writes=True) == code
        if "-" not in tag and tag != "zh":
            assert match_tag(f"{tag}-ZZ", codes) == code, tag

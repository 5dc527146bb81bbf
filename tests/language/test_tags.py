import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.errors import PlanError
from subkit.language import language_tags, parse_language, resolve_language


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("ko", "ko"),
        ("KOR", "ko"),
        ("Korean", "ko"),
        ("korean ", "ko"),
        ("es-419", "es-419"),
        ("es_mx", "es-MX"),
        ("spa", "es"),
        ("zh-hans-tw", "zh-Hans-TW"),
        ("zh", "zh"),
        ("cmn", "zh"),
        ("chi", "zh"),
        ("iw", "he"),
        ("sh", "sr-Latn"),
        ("en-Latn-GB", "en-GB"),
        ("sr-Latn", "sr-Latn"),
        ("de-CH-1996", "de-CH-1996"),
        ("Brazilian Portuguese", "pt-BR"),
        ("en-x-private", "en-x-private"),
        ("und", "und"),
    ],
)
def test_a_tag_is_made_canonical(written: str, tag: str) -> None:
    assert parse_language(written).tag == tag


@pytest.mark.parametrize(
    ("tag", "script", "direction", "spaces"),
    [
        ("en", "Latn", "ltr", True),
        ("ko", "Kore", "ltr", True),
        ("ja", "Jpan", "ltr", False),
        ("zh", "Hans", "ltr", False),
        ("zh-TW", "Hant", "ltr", False),
        ("zh-Hant-HK", "Hant", "ltr", False),
        ("ar", "Arab", "rtl", True),
        ("he", "Hebr", "rtl", True),
        ("ur", "Arab", "rtl", True),
        ("pa-PK", "Arab", "rtl", True),
        ("th", "Thai", "ltr", False),
        ("sr", "Cyrl", "ltr", True),
    ],
)
def test_what_is_known_of_a_language(tag: str, script: str, direction: str, spaces: bool) -> None:
    language = parse_language(tag)
    assert (language.script, language.direction, language.spaces) == (script, direction, spaces)


@pytest.mark.parametrize(
    ("written", "near"),
    [("korr", "ko (Korean)"), ("Spansh", "es (Spanish)"), ("englsh-GB", "en (English)")],
)
def test_an_unknown_language_names_the_nearest(written: str, near: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_language(written)
    assert written in caught.value.message
    assert near in caught.value.remedy


@pytest.mark.parametrize("written", ["", "xx", "auto", "en-", "zh-Foo9", "e", "en--US", "en-Xxxx"])
def test_what_is_not_a_language_is_refused(written: str) -> None:
    with pytest.raises(PlanError):
        parse_language(written)
    assert resolve_language(written).tag == "und"


@given(st.text(max_size=30))
def test_any_text_parses_or_is_refused_and_parsing_twice_changes_nothing(text: str) -> None:
    try:
        language = parse_language(text)
    except PlanError:
        return
    assert parse_language(language.tag) == language


def test_every_listed_language_is_its_own_tag() -> None:
    assert len(language_tags()) > 100
    for tag in language_tags():
        assert parse_language(tag).tag == tag

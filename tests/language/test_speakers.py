"""Who says which lines of a cue."""

import pytest

from subkit.language import is_abbreviation, turns


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (["- Where is she?", "- Gone."], 2),
        (["- I have looked for her", "in every room.", "- Great."], 2),
        (["Where is she?", "- Gone."], 2),  # a dash on the second line only
        (["I thought that", "- Be quiet!"], 2),
        (["I went there", "- alone, at night - and waited."], 1),
        (["–No lo sé.", "–Ya."], 2),
        (["뭐 했어", "-아무것도"], 2),
        (["ANNA: Where is she?", "BEN: Gone."], 2),
        (["Anna: Where is she?", "Ben: Gone."], 2),
        (["I said one thing:", "Remember: be quiet."], 1),
        (["[door opens]", "Who is there?"], 1),  # a label and what follows it
        (["Who is there?", "[door opens]"], 2),
        (["♪ Row your boat", "♪ gently"], 2),
        (["I told you that the captain", "would wait."], 1),
        (["", " "], 0),
    ],
)
def test_lines_are_grouped_by_who_says_them(lines: list[str], count: int) -> None:
    groups = turns(lines)
    assert len(groups) == count
    assert [line for group in groups for line in group] == [line for line in lines if line.strip()]


@pytest.mark.parametrize(
    ("word", "language", "short"),
    [
        ("a.m.", "en", True),
        ("Jr.", "en", True),
        ("J.", "en", True),
        ("home.", "en", False),
        ("usw.", "de", True),
        ("usw.", "en", False),
        ("word", "en", False),
    ],
)
def test_abbreviations_by_language(word: str, language: str, short: bool) -> None:
    assert is_abbreviation(word, language) is short

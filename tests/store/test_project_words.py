"""The words that a project knows as right, beside it in a text file."""

from __future__ import annotations

from pathlib import Path

import pytest

from subkit.errors import InputError
from subkit.store.project_words import add_words, read_words, words_path

pytestmark = pytest.mark.fast


@pytest.fixture
def words(tmp_path: Path) -> Path:
    return words_path(tmp_path / "film.subkit")


def test_the_list_stands_beside_its_project(words: Path) -> None:
    assert words.name == "film.words.txt"
    assert read_words(words) == ()


def test_words_are_added_once_and_in_order(words: Path) -> None:
    assert add_words(words, ("Gangnam", "soju", "Gangnam")) == ("Gangnam", "soju")
    assert add_words(words, ("soju", "Jeju")) == ("Gangnam", "soju", "Jeju")
    assert words.read_text("utf-8") == "Gangnam\nsoju\nJeju\n"


def test_what_a_person_wrote_stays(words: Path) -> None:
    words.write_text("\ufeff# names\n  Kim  \n\nKim\nLee", encoding="utf-8")
    assert read_words(words) == ("Kim", "Lee")
    assert add_words(words, ("Park",)) == ("Kim", "Lee", "Park")
    assert words.read_text("utf-8") == "# names\n  Kim  \n\nKim\nLee\nPark\n"


def test_nothing_new_leaves_the_file_untouched(words: Path) -> None:
    add_words(words, ("Kim",))
    before = words.stat().st_ino
    add_words(words, ("Kim",))
    assert words.stat().st_ino == before


@pytest.mark.parametrize("word", ["", " ", "two words", " led", "trailed ", "be\x07ll", "a" * 61])
def test_what_is_not_one_word_is_refused(words: Path, word: str) -> None:
    with pytest.raises(InputError, match="is not one word"):
        add_words(words, ("fine", word))
    assert not words.exists()


@pytest.mark.parametrize("word", ["a", "가" * 60, "don't", "C#"])
def test_one_word_of_any_length_up_to_sixty(words: Path, word: str) -> None:
    assert add_words(words, (word,)) == (word,)


def test_a_remark_is_no_word(words: Path) -> None:
    with pytest.raises(InputError, match="cannot begin with '#'"):
        add_words(words, ("#name",))


def test_the_list_has_a_limit(words: Path) -> None:
    words.write_bytes(b"a\n" * 2**19)
    assert read_words(words) == ("a",)
    with pytest.raises(InputError, match="is full"):
        add_words(words, ("b",))
    words.write_bytes(b"a\n" * 2**19 + b"\n")
    with pytest.raises(InputError, match="larger than 1 MiB"):
        read_words(words)


def test_letters_that_are_not_utf8_are_named(words: Path) -> None:
    words.write_bytes(b"caf\xe9\n")
    with pytest.raises(InputError, match=r"film\.words\.txt.* cannot be read"):
        read_words(words)

"""Encodings are judged from the bytes; a byte that means nothing costs one letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.encodings import files
from subkit.errors import FormatError, PlanError
from subkit.files.encodings import codec_of, recode
from subkit.files.plain_text import Repairs, decode
from subkit.formats.srt import SrtReader
from tests.wild import WILD

SHORT = [file for file in files() if file[2] == "short"]
FRENCH = "Ça ne m'étonne guère, déjà là."


@pytest.mark.parametrize(
    ("language", "text", "data"),
    [(language, text, data) for language, _, _, text, data in SHORT],
    ids=[f"{language}-{encoding}" for language, encoding, *_ in SHORT],
)
def test_five_cues_tell_their_encoding(language: str, text: str, data: bytes) -> None:
    repairs = Repairs()
    assert decode(data, "film.srt", repairs, language) == text
    (told,) = repairs.sentences()
    assert "not UTF-8" in told


@pytest.mark.parametrize(
    ("language", "encoding", "text"),
    [
        ("fr", "cp1252", "Déjà."),
        ("ko", "cp949", "네."),
        ("ru", "koi8-r", "Нет."),
        ("pl", "cp1250", "Źle."),
    ],
)
def test_the_language_is_a_hint_where_there_is_one_word(
    language: str, encoding: str, text: str
) -> None:
    assert decode(text.encode(encoding), "film.srt", Repairs(), language) == text


@pytest.mark.parametrize("language", ["en", "und", "ru"])
def test_a_wrong_hint_does_no_harm_to_a_whole_file(language: str) -> None:
    text, data = next((file[3], file[4]) for file in files() if file[:3] == ("ko", "cp949", "long"))
    assert decode(data, "film.srt", Repairs(), language) == text


@pytest.mark.parametrize("name", ["film.fr.srt", "bom.fr.srt"])
def test_one_bad_byte_costs_one_letter_that_is_named(name: str) -> None:
    track, repairs = SrtReader().read((WILD / "F01" / name).read_bytes(), name=name, language="fr")
    assert [cue.id for cue in track.cues] == ["1", "2", "3"]
    assert track.cues[0].lines == ("À côté de l'école, déjà là.",)
    assert track.cues[2].lines == ("C’est l'été à Orléans.",)
    (repair,) = repairs
    assert "line 11 (0x92, read as '’')" in repair


def test_a_bad_byte_in_another_encoding_is_named_too() -> None:
    text = "\n".join(["어젯밤에 어디 있었어?", "왜 나한테 말하지 않았어?"] * 4)
    data = text.encode("cp949").replace("왜".encode("cp949"), b"\xff", 1)
    repairs = Repairs()
    assert decode(data, "film.srt", repairs, "ko") == text.replace("왜", "\ufffd", 1)
    assert "line 2 (0xff, not a letter)" in repairs.sentences()[1]


def test_zero_bytes_cost_only_themselves() -> None:
    repairs = Repairs()
    assert decode(b"one\0\n\ntwo, three and four\0", "film.srt", repairs) == (
        "one\n\ntwo, three and four"
    )
    assert repairs.sentences() == ["Zero bytes were left out: line 1, line 3."]


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(FormatError, match="not a text file: line 1"):
        decode(bytes(range(256)) * 8, "film.srt", Repairs())


@pytest.mark.parametrize("encoding", ["utf-16", "UTF-16LE", "cp1252", "mac-roman", "utf-8-sig"])
def test_an_encoding_can_be_named(encoding: str) -> None:
    assert recode(FRENCH.encode(encoding), encoding, Repairs()).decode() == FRENCH


@pytest.mark.parametrize("encoding", ["klingon", "hex", "", "zip", "a" * 5000, "\0"])
def test_an_unknown_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(PlanError, match="There is no encoding"):
        codec_of(encoding)


@given(st.binary(max_size=400), st.sampled_from(["und", "fr", "ko", "ja", "ru"]))
def test_any_bytes_are_text_or_refused(data: bytes, language: str) -> None:
    try:
        text = decode(data, "film.srt", Repairs(), language)
    except FormatError:
        return
    assert "\0" not in text
    assert "\r" not in text
